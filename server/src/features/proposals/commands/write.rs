//! Publishing and editing.

use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::Visibility;
use interkpa_web::markup;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::search::Stems;
use crate::features::people;
use crate::features::proposals::commands::{
    By, Change, Done, Pictures, ProposalError, finish, keep, locked, stay, stems_of,
};
use crate::features::proposals::model::new::{self, NewProposal};
use crate::features::proposals::model::visibility::Widening;
use crate::features::proposals::model::{
    Command, Details, Proposal, Refusal, State, WIDENING_STEP,
};
use crate::features::proposals::publish;
use crate::features::proposals::store;
use crate::features::proposals::store::marks::{self, Entry};
use crate::features::proposals::store::media::Picture;
use crate::ids::{MemberId, ProposalId};

/// For whom a facilitator publishes (« saisi pour le compte de »).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnBehalf {
    /// A member of this hub, who becomes the author.
    Member(MemberId),
    /// Somebody without an account: the hub becomes the author, the name stays here.
    Named(String),
}

/// A new version of a proposal with everything that takes time to compute: made before the
/// transaction, which all other writes wait for.
#[derive(Debug, Clone)]
pub struct Prepared {
    new: NewProposal,
    content: String,
    summary: String,
    stems: Stems,
}

impl Prepared {
    /// Renders and stems the text.
    pub fn of(new: NewProposal) -> Self {
        let content = markup::member_text(&new.description);
        let plain = markup::plain_text(&content);
        Self {
            stems: stems_of(&new.title, &new.town, &new.when_text, &plain),
            summary: new::summary(&plain),
            content: content.as_str().to_owned(),
            new,
        }
    }
}

/// Publishes; answers what was written.
///
/// # Errors
/// Those of the store.
pub fn publish(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    (by, on_behalf): (&MemberId, Option<&OnBehalf>),
    prepared: Prepared,
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
    let stems = prepared.stems.clone();
    let mut proposal = build(app, now, id, (author_uri, author.clone()), prepared);
    store::insert(tx, &proposal)?;
    if let Some(on_behalf) = on_behalf {
        let entry = entry(app, tx, by, on_behalf)?;
        marks::insert_entry(tx, &proposal.id, &entry, now)?;
    }
    let pictures = Pictures {
        added: pictures,
        ..Pictures::default()
    };
    pictures.write(tx, &proposal.id)?;
    publish::send(app, tx, now, &mut proposal, Visibility::Private)?;
    keep(app, tx, now, &mut proposal, Some(&stems))?;
    let event = Event {
        actor: Actor::Member(by),
        on_behalf_of: on_behalf.map(|on_behalf| match on_behalf {
            OnBehalf::Member(member) => member.as_str(),
            OnBehalf::Named(name) => name.as_str(),
        }),
        command: "proposal_publish",
        subject_kind: "proposal",
        subject_id: proposal.id.as_str(),
        old_state: None,
        new_state: Some(proposal.state.as_str()),
        reason: None,
    };
    audit::record(tx, &app.new_id(), now, &event)?;
    Ok(proposal)
}

fn build(
    app: &App,
    now: Instant,
    id: ProposalId,
    (author_uri, member): (String, MemberId),
    prepared: Prepared,
) -> Proposal {
    let uri = app.address(&format!("/objets/{id}"));
    let new = prepared.new;
    let widening = if new.first_hub {
        Widening::step_by_step(new.audience, now, WIDENING_STEP)
    } else {
        Widening::at_once(new.audience)
    };
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
            summary: prepared.summary,
            content: prepared.content,
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
/// had it (D97). `seen` is the revision the author had before the eyes.
///
/// # Errors
/// [`Refusal::ChangedMeanwhile`] when it is another one now; others of the model; those of the store.
pub fn edit(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    (id, seen): (&ProposalId, Option<i64>),
    prepared: &Prepared,
    pictures: Pictures,
) -> Result<Done, ProposalError> {
    let mut change = Change::of(locked(tx, by, id)?, "proposal_edit");
    let proposal = &mut change.proposal;
    proposal.state = proposal.after(Command::Edit)?;
    // The lock has raised it by one.
    if seen.is_some_and(|seen| seen != proposal.rev - 1) {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let taken = proposal.details.quantity - proposal.details.available;
    if prepared.new.quantity < taken {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    change.stems = Some(&prepared.stems);
    apply(proposal, prepared, taken);
    let pictures_gone = pictures.write(tx, id)?;
    let proposal = finish(app, tx, now, by, change)?;
    Ok(Done {
        proposal,
        pictures_gone,
    })
}

fn apply(proposal: &mut Proposal, prepared: &Prepared, taken: i64) {
    let new = &prepared.new;
    let climbs =
        proposal.details.widen_to.is_some() && new.first_hub && new.audience > proposal.visibility;
    if climbs {
        proposal.details.widen_to = Some(new.audience);
    } else {
        proposal.visibility = new.audience;
        stay(proposal);
    }
    new.title.clone_into(&mut proposal.title);
    new.town.clone_into(&mut proposal.town);
    proposal.category = new.category;
    proposal.expires_at = new.expires_at;
    let details = &mut proposal.details;
    prepared.content.clone_into(&mut details.content);
    prepared.summary.clone_into(&mut details.summary);
    new.description.clone_into(&mut details.description);
    new.lang.clone_into(&mut details.lang);
    new.when_text.clone_into(&mut details.when_text);
    details.settlements.clone_from(&new.settlements);
    details.quantity = new.quantity;
    details.available = new.quantity - taken;
    details.minutes = new.minutes;
    details.price_cents = new.price_cents;
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
