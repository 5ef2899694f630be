//! Every change of a proposal of this hub, as a named command inside the caller's transaction:
//! rows, search index, audit, outgoing activities and jobs together or not at all.
//!
//! A command locks its proposal first, so two of them never work from the same reading.

use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::Visibility;
use interkpa_web::markup;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::search::{self, Stems};
use crate::features::people;
use crate::features::people::rights::Roles;
use crate::features::proposals::model::new::{self, NewProposal};
use crate::features::proposals::model::visibility::Widening;
use crate::features::proposals::model::{
    Command, Details, Proposal, Refusal, State, WIDENING_STEP,
};
use crate::features::proposals::store::marks::Entry;
use crate::features::proposals::store::media::Picture;
use crate::features::proposals::store::page::SEARCH_KIND;
use crate::features::proposals::store::{self, marks};
use crate::features::proposals::{jobs, publish};
use crate::http::error::{AppError, Kind};
use crate::ids::{MemberId, ProposalId};

/// Why a command changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// A rule refuses it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store does not answer, or there is no such proposal.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ProposalError> for AppError {
    fn from(error: ProposalError) -> Self {
        let refusal = match error {
            ProposalError::Store(error) => return error.into(),
            ProposalError::Refused(refusal) => refusal,
        };
        let kind = match refusal {
            Refusal::NotOurs | Refusal::NotAllowed | Refusal::KeptBack => Kind::Forbidden,
            Refusal::Closed | Refusal::NoLongerAvailable | Refusal::ChangedMeanwhile => {
                Kind::Conflict
            }
        };
        Self::new(kind, refusal.code())
    }
}

/// Who does it.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// A member, with the roles held now.
    Member(&'a MemberId, &'a Roles),
    /// A job, by name.
    Job(&'static str),
}

/// For whom a facilitator publishes (« saisi pour le compte de »).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnBehalf {
    /// A member of this hub, who becomes the author.
    Member(MemberId),
    /// Somebody without an account: the hub becomes the author, the name stays here.
    Named(String),
}

/// Publishes; answers what was written.
///
/// # Errors
/// Those of the store.
pub fn publish(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: &MemberId,
    on_behalf: Option<&OnBehalf>,
    new: NewProposal,
    pictures: Vec<Picture>,
) -> Result<Proposal, ProposalError> {
    let id = ProposalId::known(app.new_id());
    let author = match on_behalf {
        Some(OnBehalf::Member(member)) => member,
        _ => by,
    };
    let named = matches!(on_behalf, Some(OnBehalf::Named(_)));
    let author_uri = match people::cards(tx, &[author])?.pop() {
        Some(card) if card.public_actor && !named => app.address(&format!("/members/{author}")),
        Some(_) => app.address("/hub"),
        None => return Err(StoreError::NotFound.into()),
    };
    let widening = if new.first_hub {
        Widening::step_by_step(new.audience, now, WIDENING_STEP)
    } else {
        Widening::at_once(new.audience)
    };
    let mut proposal = build(app, now, id, (author_uri, author.clone()), new, widening);
    store::insert(tx, &proposal)?;
    if let Some(on_behalf) = on_behalf {
        let entry = entry(app, tx, by, on_behalf)?;
        marks::insert_entry(tx, &proposal.id, &entry, now)?;
    }
    for mut picture in pictures {
        picture.proposal_id = Some(proposal.id.as_str().to_owned());
        store::media::insert(tx, &picture)?;
    }
    after_change(app, tx, now, &mut proposal, Visibility::Private)?;
    let on_behalf = on_behalf.map(|on_behalf| match on_behalf {
        OnBehalf::Member(member) => member.as_str(),
        OnBehalf::Named(name) => name.as_str(),
    });
    record(
        app,
        tx,
        now,
        &Event {
            actor: Actor::Member(by),
            on_behalf_of: on_behalf,
            command: "proposal_publish",
            subject_kind: "proposal",
            subject_id: proposal.id.as_str(),
            old_state: None,
            new_state: Some(proposal.state.as_str()),
            reason: None,
        },
    )?;
    Ok(proposal)
}

fn build(
    app: &App,
    now: Instant,
    id: ProposalId,
    (author_uri, member): (String, MemberId),
    new: NewProposal,
    widening: Widening,
) -> Proposal {
    let uri = app.address(&format!("/objets/{id}"));
    let content = markup::member_text(&new.description);
    Proposal {
        origin: app.origin.as_str().to_owned(),
        author_uri,
        member_id: Some(member),
        purpose: new.purpose,
        kind: new.kind,
        title: new.title,
        category: new.category,
        town: new.town,
        state: State::Published,
        visibility: widening.now,
        expires_at: new.expires_at,
        published_at: now,
        updated_at: now,
        rev: 0,
        details: Details {
            summary: new::summary(&content),
            content: content.as_str().to_owned(),
            description: new.description,
            lang: new.lang,
            settlements: new.settlements,
            quantity: new.quantity,
            available: new.quantity,
            minutes: new.minutes,
            price_cents: new.price_cents,
            when_text: new.when_text,
            widen_to: widening.to,
            widen_at: widening.at,
            url: uri.clone(),
            document: String::new(),
            fetched_at: now,
        },
        id,
        uri,
    }
}

/// A slip of paper for somebody without an account carries a code that is easy to read out.
fn entry(
    app: &App,
    tx: &mut Conn,
    by: &MemberId,
    on_behalf: &OnBehalf,
) -> Result<Entry, StoreError> {
    let OnBehalf::Named(name) = on_behalf else {
        return Ok(Entry {
            entered_by: by.clone(),
            for_name: None,
            slip_code: None,
        });
    };
    let mut length = SLIP_CHARACTERS_MIN;
    let slip_code = loop {
        let code = slip_code(&app.random.bytes::<16>(), length);
        if length >= SLIP_CHARACTERS_MAX || !marks::slip_exists(tx, &code)? {
            break code;
        }
        length += 1;
    };
    Ok(Entry {
        entered_by: by.clone(),
        for_name: Some(name.clone()),
        slip_code: Some(slip_code),
    })
}

/// Characters of a slip's code that nobody takes for another one.
const SLIP_ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const SLIP_CHARACTERS_MIN: usize = 3;
const SLIP_CHARACTERS_MAX: usize = 12;

fn slip_code(random: &[u8], characters: usize) -> String {
    let pick = |byte: &u8| {
        let place = usize::from(*byte) % SLIP_ALPHABET.len();
        SLIP_ALPHABET.get(place).copied().map_or('2', char::from)
    };
    let code: String = random.iter().take(characters).map(pick).collect();
    format!("G-{code}")
}

/// Changes text and terms. An expired proposal lives again with its new end.
///
/// A wider audience than now is given to it at once; a narrower one is taken away from those who
/// had it (D97).
///
/// # Errors
/// [`Refusal`] of the model; those of the store.
pub fn edit(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
    new: NewProposal,
    pictures: Vec<Picture>,
) -> Result<Proposal, ProposalError> {
    let mut proposal = locked(tx, by, id)?;
    let old = (proposal.state, proposal.visibility);
    proposal.state = proposal.after(Command::Edit)?;
    let taken = proposal.details.quantity - proposal.details.available;
    if new.quantity < taken {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let content = markup::member_text(&new.description);
    let waiting = proposal.details.widen_to.is_some();
    let details = &mut proposal.details;
    details.summary = new::summary(&content);
    content.as_str().clone_into(&mut details.content);
    details.description = new.description;
    details.lang = new.lang;
    details.settlements = new.settlements;
    details.quantity = new.quantity;
    details.available = new.quantity - taken;
    details.minutes = new.minutes;
    details.price_cents = new.price_cents;
    details.when_text = new.when_text;
    if waiting && new.first_hub && new.audience > proposal.visibility {
        details.widen_to = Some(new.audience);
    } else {
        proposal.visibility = new.audience;
        details.widen_to = None;
        details.widen_at = None;
    }
    proposal.title = new.title;
    proposal.category = new.category;
    proposal.town = new.town;
    proposal.expires_at = new.expires_at;
    if !pictures.is_empty() {
        store::media::delete_of(tx, id)?;
    }
    for mut picture in pictures {
        picture.proposal_id = Some(id.as_str().to_owned());
        store::media::insert(tx, &picture)?;
    }
    finish(app, tx, now, by, "proposal_edit", proposal, old, None)
}

/// Takes it back for good; the others forget it.
///
/// # Errors
/// [`Refusal`] of the model; those of the store.
pub fn withdraw(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
    reason: Option<&str>,
) -> Result<Proposal, ProposalError> {
    let mut proposal = locked(tx, by, id)?;
    let old = (proposal.state, proposal.visibility);
    proposal.state = proposal.after(Command::Withdraw)?;
    stay(&mut proposal);
    finish(app, tx, now, by, "proposal_withdraw", proposal, old, reason)
}

/// « Trouvé ! »: nothing more is answered, here and elsewhere.
///
/// # Errors
/// [`Refusal`] of the model; those of the store.
pub fn fulfil(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
) -> Result<Proposal, ProposalError> {
    let mut proposal = locked(tx, by, id)?;
    let old = (proposal.state, proposal.visibility);
    proposal.state = proposal.after(Command::Fulfil)?;
    stay(&mut proposal);
    finish(app, tx, now, by, "proposal_fulfil", proposal, old, None)
}

/// Keeps it back for a moment.
///
/// # Errors
/// [`Refusal`] of the model; those of the store.
pub fn suspend(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
    reason: Option<&str>,
) -> Result<Proposal, ProposalError> {
    let mut proposal = locked(tx, by, id)?;
    let old = (proposal.state, proposal.visibility);
    proposal.state = proposal.after(Command::Suspend)?;
    stay(&mut proposal);
    finish(app, tx, now, by, "proposal_suspend", proposal, old, reason)
}

/// Shows it again, unless the team keeps it back.
///
/// # Errors
/// [`Refusal::KeptBack`]; others of the model; those of the store.
pub fn resume(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
) -> Result<Proposal, ProposalError> {
    let mut proposal = locked(tx, by, id)?;
    let old = (proposal.state, proposal.visibility);
    proposal.state = proposal.after(Command::Resume)?;
    if marks::is_kept_back(tx, &proposal.uri)? {
        return Err(Refusal::KeptBack.into());
    }
    if proposal.expires_at <= now {
        return Err(Refusal::Closed.into());
    }
    finish(app, tx, now, by, "proposal_resume", proposal, old, None)
}

/// Its end has come. Nothing happens when it has not, or when it is closed already: a job may run
/// twice.
///
/// # Errors
/// Those of the store.
pub fn expire(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &ProposalId,
) -> Result<Option<Proposal>, ProposalError> {
    let Some(mut proposal) = store::lock(tx, id)? else {
        return Ok(None);
    };
    let Some(state) = proposal.state.after(Command::Expire) else {
        return Ok(None);
    };
    if proposal.expires_at > now {
        return Ok(None);
    }
    let old = (proposal.state, proposal.visibility);
    proposal.state = state;
    stay(&mut proposal);
    if !proposal.is_ours() {
        // The owner decides about a copy; here it only leaves the lists.
        store::update(tx, &proposal)?;
        index(tx, &proposal)?;
        app.caches.lists.raise();
        return Ok(Some(proposal));
    }
    let by = By::Job(jobs::EXPIRE);
    // Every hub knows its end already: nothing is sent.
    write(app, tx, now, &mut proposal)?;
    note(app, tx, now, by, "proposal_expire", &proposal, old.0, None)?;
    Ok(Some(proposal))
}

/// Shows an unmet need one step wider: when a job finds its time has come, or at once when its
/// author says so. `None` when there is no further step.
///
/// # Errors
/// [`Refusal`] of the model; those of the store.
pub fn widen(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    id: &ProposalId,
) -> Result<Option<Proposal>, ProposalError> {
    let mut proposal = locked(tx, by, id)?;
    let old = (proposal.state, proposal.visibility);
    let due = proposal.details.widen_at.is_some_and(|at| at <= now);
    let present = Widening {
        now: proposal.visibility,
        to: proposal.details.widen_to,
        at: proposal.details.widen_at,
    };
    let next = present.next(now, WIDENING_STEP);
    let (Ok(state), Some(next)) = (proposal.after(Command::Widen), next) else {
        if proposal.details.widen_at.is_some() {
            stay(&mut proposal);
            store::update(tx, &proposal)?;
        }
        return Ok(None);
    };
    if matches!(by, By::Job(_)) && !due {
        return Ok(None);
    }
    proposal.state = state;
    proposal.visibility = next.now;
    proposal.details.widen_to = next.to;
    proposal.details.widen_at = next.at;
    finish(app, tx, now, by, "proposal_widen", proposal, old, None).map(Some)
}

/// Agrees upon `units` of a proposal of this hub (I-01, I-06). The last one fulfils it.
///
/// # Errors
/// [`Refusal::Closed`] unless it is open for answers now, [`Refusal::NoLongerAvailable`] when fewer
/// units are left, [`Refusal::NotOurs`] for a copy; those of the store.
pub fn take(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &ProposalId,
    units: i64,
) -> Result<Proposal, ProposalError> {
    let mut proposal = store::lock(tx, id)?.ok_or(StoreError::NotFound)?;
    let old = (proposal.state, proposal.visibility);
    proposal.after(Command::Take)?;
    if proposal.expires_at <= now {
        return Err(Refusal::Closed.into());
    }
    if units < 1 || !store::take(tx, id, units)? {
        return Err(Refusal::NoLongerAvailable.into());
    }
    proposal.details.available -= units;
    if proposal.details.available == 0 {
        proposal.state = State::Fulfilled;
        stay(&mut proposal);
    }
    finish(
        app,
        tx,
        now,
        By::Job("agreement"),
        "proposal_take",
        proposal,
        old,
        None,
    )
}

/// Gives units of a cancelled agreement back; what was fulfilled by the last one is open again,
/// unless its end has come.
///
/// # Errors
/// [`Refusal::NotOurs`] for a copy, [`Refusal::NoLongerAvailable`] when more would be left than was
/// offered; those of the store.
pub fn give_back(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &ProposalId,
    units: i64,
) -> Result<Proposal, ProposalError> {
    let mut proposal = store::lock(tx, id)?.ok_or(StoreError::NotFound)?;
    let old = (proposal.state, proposal.visibility);
    let state = proposal.after(Command::GiveBack)?;
    if units < 1 || !store::give_back(tx, id, units)? {
        return Err(Refusal::NoLongerAvailable.into());
    }
    // « Trouvé ! » said by hand while units were left stays said.
    let by_last_unit = proposal.state == State::Fulfilled && proposal.details.available == 0;
    if proposal.state != State::Fulfilled || by_last_unit {
        proposal.state = state;
    }
    if proposal.state == State::Published && proposal.expires_at <= now {
        proposal.state = State::Expired;
    }
    proposal.details.available += units;
    finish(
        app,
        tx,
        now,
        By::Job("agreement"),
        "proposal_give_back",
        proposal,
        old,
        None,
    )
}

/// The proposal under its lock, if the doer may change it.
fn locked(tx: &mut Conn, by: By<'_>, id: &ProposalId) -> Result<Proposal, ProposalError> {
    let proposal = store::lock(tx, id)?.ok_or(StoreError::NotFound)?;
    if let By::Member(member, roles) = by {
        proposal.editable_by(member, roles)?;
    }
    Ok(proposal)
}

/// It goes no further by itself.
fn stay(proposal: &mut Proposal) {
    proposal.details.widen_to = None;
    proposal.details.widen_at = None;
}

#[expect(
    clippy::too_many_arguments,
    reason = "the end of every command, called in one line"
)]
fn finish(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    command: &'static str,
    mut proposal: Proposal,
    (old_state, old_visibility): (State, Visibility),
    reason: Option<&str>,
) -> Result<Proposal, ProposalError> {
    after_change(app, tx, now, &mut proposal, old_visibility)?;
    note(app, tx, now, by, command, &proposal, old_state, reason)?;
    Ok(proposal)
}

/// Everything that follows from a change: version, document, activities, search, jobs.
fn after_change(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &mut Proposal,
    old_visibility: Visibility,
) -> Result<(), StoreError> {
    // A version is later than the one before even within one millisecond, or copies would keep
    // the older one.
    if proposal.rev > 0 {
        let next = Instant::from_milliseconds(proposal.updated_at.as_milliseconds() + 1);
        proposal.updated_at = now.max(next);
    }
    publish::send(app, tx, now, proposal, old_visibility)?;
    write(app, tx, now, proposal)
}

fn write(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &mut Proposal,
) -> Result<(), StoreError> {
    proposal.details.fetched_at = now;
    store::update(tx, proposal)?;
    index(tx, proposal)?;
    jobs::plan(app, tx, now, proposal)?;
    app.caches.lists.raise();
    Ok(())
}

/// What is published is found by its words; nothing else is.
pub(super) fn index(tx: &mut Conn, proposal: &Proposal) -> Result<(), StoreError> {
    if proposal.state != State::Published {
        return search::remove(tx, SEARCH_KIND, proposal.id.as_str());
    }
    let content = markup::remote_html(&proposal.details.content);
    let text = format!(
        "{} {} {} {}",
        proposal.title,
        proposal.town,
        proposal.details.when_text,
        markup::plain_text(&content)
    );
    search::index(tx, SEARCH_KIND, proposal.id.as_str(), &Stems::of(&[&text]))
}

#[expect(clippy::too_many_arguments, reason = "one line of the journal")]
fn note(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    command: &'static str,
    proposal: &Proposal,
    old_state: State,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let (actor, on_behalf_of) = match by {
        By::Job(name) => (Actor::System(name), None),
        By::Member(member, _) => {
            let author = proposal
                .member_id
                .as_ref()
                .filter(|author| *author != member);
            (Actor::Member(member), author.map(MemberId::as_str))
        }
    };
    record(
        app,
        tx,
        now,
        &Event {
            actor,
            on_behalf_of,
            command,
            subject_kind: "proposal",
            subject_id: proposal.id.as_str(),
            old_state: Some(old_state.as_str()),
            new_state: Some(proposal.state.as_str()),
            reason,
        },
    )
}

fn record(app: &App, tx: &mut Conn, now: Instant, event: &Event<'_>) -> Result<(), StoreError> {
    audit::record(tx, &app.new_id(), now, event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_code_is_short_and_holds_no_character_taken_for_another() {
        let code = slip_code(&[0, 1, 2, 255, 254, 30, 31], 3);

        assert_eq!(code, "G-234");
        for byte in 0..=255_u8 {
            let code = slip_code(&[byte], 1);
            assert!(!code.ends_with(['0', 'O', '1', 'I', 'L']), "{code}");
        }
    }
}
