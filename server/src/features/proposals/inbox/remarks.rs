//! Remarks of other servers under our proposals, and reports about them.

use interkpa_federation::vocabulary::note::{NoteMessage, NoteObject};
use interkpa_federation::vocabulary::reaction::Flag;
use interkpa_federation::vocabulary::terms::Visibility;
use interkpa_federation::{Activity, Heard, Instant, Trust};
use interkpa_web::markup::{self, SafeHtml};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::proposals::model::visibility::{Reader, may_see};
use crate::features::proposals::model::{Proposal, State};
use crate::features::proposals::store::marks::{self, NewReport};
use crate::features::proposals::store::replies::{self, Reply, ReplyState};
use crate::features::proposals::{questions, standing_of, store};
use crate::fediverse::receive::{Effect, Refusal};
use crate::fediverse::remote;
use crate::ids::ProposalId;

/// Longest remark kept, in bytes of HTML.
const REMARK_BYTES_MAX: usize = 10_000;
/// Longest words of a report kept, in characters.
const REPORT_CHARACTERS_MAX: usize = 1_000;

/// Receives a plain Note: a remark under a proposal of ours, or nothing for this feature.
///
/// A guest's remark waits until somebody of the team looked, unless one of the same author was
/// shown before (web.md §10, journey 12).
///
/// # Errors
/// Those of the store.
pub fn receive(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    heard: &Heard,
    (activity, content): (&Activity, &SafeHtml),
    message: &NoteMessage,
) -> Result<Effect, Refusal> {
    let note = message.object();
    if let Some(held) = replies::find_by_uri(tx, note.id.as_str())? {
        return changed(app, tx, (activity, content), message, &held);
    }
    let Some(proposal) = answered(tx, note)? else {
        return Ok(Effect::Ignored("not_a_reply"));
    };
    let standing = standing_of(app, tx, heard.origin(), heard.trust())?;
    if proposal.state != State::Published || !may_see(&proposal, Reader::Peer(standing)) {
        return Ok(Effect::Ignored("not_open"));
    }
    let content = words(content);
    if content.is_empty() {
        return Ok(Effect::Ignored("empty"));
    }
    let author = activity.actor.as_str();
    let guest = heard.trust() < Trust::Allowed;
    let shown = !guest || (is_for_all(note, &proposal) && replies::is_known(tx, author)?);
    let state = if shown {
        ReplyState::Shown
    } else {
        ReplyState::Held
    };
    let reply = Reply {
        id: app.new_id(),
        uri: note.id.as_str().to_owned(),
        proposal_id: proposal.id.as_str().to_owned(),
        author_uri: author.to_owned(),
        author_name: name(tx, activity, guest)?,
        member_id: None,
        content,
        guest,
        state: state.as_str().to_owned(),
        created_at: note.sorted_at(now).as_milliseconds(),
    };
    if replies::insert(tx, &reply)? && shown {
        questions::tell_author(app, tx, now, &proposal, &reply)?;
        app.caches.lists.raise();
    }
    Ok(Effect::Applied)
}

/// Other words for a remark we hold, from its author.
fn changed(
    app: &App,
    tx: &mut Conn,
    (activity, content): (&Activity, &SafeHtml),
    message: &NoteMessage,
    held: &Reply,
) -> Result<Effect, Refusal> {
    let NoteMessage::Changed(_) = message else {
        return Ok(Effect::Ignored("known"));
    };
    if held.author_uri != activity.actor.as_str() {
        return Err(Refusal::forbidden("not_owner"));
    }
    let content = words(content);
    if content.is_empty() {
        return Ok(Effect::Ignored("empty"));
    }
    // What was looked at is not what stands there now.
    let state = if held.guest && held.state == ReplyState::Shown.as_str() {
        ReplyState::Held
    } else {
        ReplyState::parse(&held.state).unwrap_or(ReplyState::Held)
    };
    replies::change(tx, held, &content, state)?;
    app.caches.lists.raise();
    Ok(Effect::Applied)
}

/// The proposal of ours that a Note answers, directly or through a remark under it.
fn answered(tx: &mut Conn, note: &NoteObject) -> Result<Option<Proposal>, StoreError> {
    let Some(target) = &note.in_reply_to else {
        return Ok(None);
    };
    let direct = store::find_by_uri(tx, target.as_str())?;
    let found = match direct {
        Some(proposal) => Some(proposal),
        None => match replies::find_by_uri(tx, target.as_str())? {
            Some(reply) => store::find(tx, &ProposalId::known(reply.proposal_id))?,
            None => None,
        },
    };
    Ok(found.filter(Proposal::is_ours))
}

/// Whether the sender lets everybody read who reads the proposal.
fn is_for_all(note: &NoteObject, proposal: &Proposal) -> bool {
    proposal.visibility != Visibility::Public || note.to.public || note.cc.public
}

/// As much of a remark's HTML as is kept.
pub fn bounded(html: &str) -> &str {
    let mut end = html.len().min(REMARK_BYTES_MAX);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    html.get(..end).unwrap_or_default()
}

/// The HTML of a remark; empty when nobody would read anything.
fn words(content: &SafeHtml) -> String {
    if markup::plain_text(content).is_empty() {
        String::new()
    } else {
        content.as_str().to_owned()
    }
}

/// The full handle for strangers: their name alone could be anybody's (D28).
fn name(tx: &mut Conn, activity: &Activity, guest: bool) -> Result<String, StoreError> {
    let held = remote::held(tx, &activity.actor)?;
    Ok(match held {
        Some(actor) if guest || actor.name.is_empty() => actor.handle(),
        Some(actor) => actor.name,
        None => activity.actor.authority(),
    })
}

/// Receives a `Flag`: a report of another server about proposals of ours that it may see.
///
/// # Errors
/// Those of the store.
pub fn receive_flag(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    heard: &Heard,
    (flag, words): (&Flag, &SafeHtml),
) -> Result<Effect, Refusal> {
    let standing = standing_of(app, tx, heard.origin(), heard.trust())?;
    let words = markup::excerpt(&markup::plain_text(words), REPORT_CHARACTERS_MAX);
    let origin = heard.origin().as_str();
    let mut kept = false;
    for uri in &flag.objects {
        let Some(proposal) = store::find_by_uri(tx, uri.as_str())? else {
            continue;
        };
        if !proposal.is_ours() || !may_see(&proposal, Reader::Peer(standing)) {
            continue; // answered like what does not exist (D99)
        }
        if marks::is_reported_by(tx, &proposal.uri, origin)? {
            continue;
        }
        let text = markup::plain_text(&markup::remote_html(&proposal.details.content));
        marks::insert_report(
            tx,
            &NewReport {
                id: app.new_id(),
                uri: proposal.uri,
                title: proposal.title,
                evidence: text,
                reporter_member: None,
                reporter_origin: Some(origin.to_owned()),
                reason: format!("other\n{words}"),
                state: "open",
                created_at: now.as_milliseconds(),
            },
        )?;
        kept = true;
    }
    Ok(if kept {
        Effect::Applied
    } else {
        Effect::Ignored("nothing_of_ours")
    })
}
