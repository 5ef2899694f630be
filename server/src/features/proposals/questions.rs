//! Questions and remarks under a proposal: from members of this hub, told to the owner's hub when
//! the proposal is a copy. Those that arrive from elsewhere are in
//! `inbox`.

use interkpa_federation::vocabulary::delete::delete;
use interkpa_federation::vocabulary::note::{NoteObject, NoteType, reply as reply_activity};
use interkpa_federation::vocabulary::terms::Visibility;
use interkpa_federation::{Envelope, Instant, Recipients, Uri};
use interkpa_web::form::{Form as WebForm, Problem};
use interkpa_web::markup;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::once::{self, Answered};
use crate::features::notifications::{self, Happening, Notice};
use crate::features::people;
use crate::features::proposals::model::new::lines;
use crate::features::proposals::model::{Proposal, State};
use crate::features::proposals::pages::seen;
use crate::features::proposals::store;
use crate::features::proposals::store::replies::{self, Reply, ReplyState};
use crate::fediverse::outbox::{self, Audience, Outgoing};
use crate::fediverse::proved::proved;
use crate::fediverse::{audience, gone};
use crate::http::error::{AppError, Kind};
use crate::http::identity::{Identity, SignedIn};
use crate::ids::{MemberId, ProposalId};

/// Longest question, in characters.
pub const QUESTION_MAX: u32 = 1_000;

/// The question as typed, in the field `question`; what is wrong is added to the form.
pub fn parse(typed: &mut WebForm) -> Option<String> {
    let text = lines(typed.value("question"));
    if text.is_empty() {
        typed.refuse("question", Problem::Required);
    } else if text.chars().count() > usize::try_from(QUESTION_MAX).unwrap_or(usize::MAX) {
        typed.refuse("question", Problem::TooLong { max: QUESTION_MAX });
    }
    typed.is_fine().then_some(text)
}

/// Keeps a member's question, tells the author, and the owner's hub when it is another one.
/// `once` makes a second tap harmless.
///
/// # Errors
/// 404 for who may not see the proposal, 409 when it is closed.
pub async fn ask(
    app: &App,
    identity: &Identity,
    member: &SignedIn,
    id: ProposalId,
    text: String,
    once: &str,
) -> Result<Reply, AppError> {
    let content = markup::member_text(&text).as_str().to_owned();
    let (app_in, identity) = (app.clone(), identity.clone());
    let (member, token) = (member.clone(), once.to_owned());
    app.write(move |tx| -> Result<Reply, AppError> {
        let (now, scope) = (app_in.now(), format!("question:{}:{id}", member.id));
        let proposal = seen(store::find(tx, &id)?, &identity)?;
        if let Some(before) = once::claim(tx, &scope, &token, now)? {
            let reply = replies::find(tx, before.body.as_deref().unwrap_or_default())?;
            return reply.ok_or_else(AppError::not_found);
        }
        if proposal.state != State::Published {
            return Err(AppError::new(Kind::Conflict, "proposal_closed"));
        }
        let reply = write(&app_in, tx, now, &proposal, &member, content)?;
        let answer = Answered {
            status: 201,
            location: None,
            body: Some(reply.id.clone()),
        };
        once::answered(tx, &scope, &token, &answer)?;
        Ok(reply)
    })
    .await
}

fn write(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &Proposal,
    member: &SignedIn,
    content: String,
) -> Result<Reply, StoreError> {
    let card = people::cards(tx, &[&member.id])?
        .pop()
        .ok_or(StoreError::NotFound)?;
    let actor = if card.public_actor {
        app.address(&format!("/members/{}", member.id))
    } else {
        app.address("/hub")
    };
    let id = app.new_id();
    let reply = Reply {
        uri: app.address(&format!("/objets/{id}")),
        id,
        proposal_id: proposal.id.as_str().to_owned(),
        author_uri: actor,
        author_name: card.name,
        member_id: Some(member.id.as_str().to_owned()),
        content,
        guest: false,
        state: ReplyState::Shown.as_str().to_owned(),
        created_at: now.as_milliseconds(),
    };
    replies::insert(tx, &reply)?;
    tell_author(app, tx, now, proposal, &reply)?;
    if !proposal.is_ours() {
        send(app, tx, now, proposal, &reply)?;
    }
    app.caches.lists.raise();
    let event = Event {
        actor: Actor::Member(&member.id),
        on_behalf_of: None,
        command: "proposal_ask",
        subject_kind: "proposal",
        subject_id: proposal.id.as_str(),
        old_state: None,
        new_state: Some(&reply.state),
        reason: None,
    };
    audit::record(tx, &app.new_id(), now, &event)?;
    Ok(reply)
}

/// Tells the author of a proposal of ours that somebody asks, unless it is the author.
///
/// # Errors
/// Those of the store.
pub fn tell_author(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &Proposal,
    reply: &Reply,
) -> Result<(), StoreError> {
    let Some(author) = &proposal.member_id else {
        return Ok(());
    };
    if reply.member_id.as_deref() == Some(author.as_str()) {
        return Ok(());
    }
    let href = proposal.href();
    let notice = Notice {
        member: author,
        happening: Happening::ReplyReceived,
        who: &reply.author_name,
        what: &proposal.title,
        href: &href,
    };
    notifications::notify(tx, &app.new_id(), now, &notice)
}

/// `Create{Note, inReplyTo}` to the author and the author's server; to nobody else.
fn send(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &Proposal,
    reply: &Reply,
) -> Result<(), StoreError> {
    let id = app.new_id();
    let Some(note) = note(proposal, reply) else {
        return Ok(());
    };
    let envelope = Envelope {
        id: uri(&app.address(&format!("/activites/{id}")))?,
        actor: note.attributed_to.clone(),
        to: note.to.clone(),
        cc: note.cc.clone(),
        published: now,
    };
    let mut body = reply_activity(&envelope, &note);
    if proposal.visibility == Visibility::Public {
        body = proved(app, tx, now, &envelope.actor, body)?;
    }
    let out = Outgoing {
        id,
        actor_uri: reply.author_uri.clone(),
        kind: "Create",
        object_uri: Some(reply.uri.clone()),
        body,
        audience: Audience {
            actors: vec![proposal.author_uri.clone()],
            ..Audience::default()
        },
    };
    outbox::send(app, tx, now, &out)
}

/// Takes the remarks of a member who is no more back wherever they were told: a `Delete` of each by
/// whoever said it, and 410 at its address (decision 0011). Their rows are emptied by the caller.
///
/// # Errors
/// Those of the store.
pub fn take_back_all(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    member: &MemberId,
    limit: i64,
) -> Result<(), StoreError> {
    for reply in replies::of_member(tx, member, limit)? {
        let proposal = ProposalId::known(reply.proposal_id.clone());
        if let Some(proposal) = store::find(tx, &proposal)? {
            take_back(app, tx, now, &proposal, &reply)?;
        }
    }
    Ok(())
}

fn take_back(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &Proposal,
    reply: &Reply,
) -> Result<(), StoreError> {
    let inboxes = audience::reached(tx, &reply.uri)?;
    let Some(note) = note(proposal, reply) else {
        return Ok(());
    };
    if !inboxes.is_empty() {
        let id = app.new_id();
        let envelope = Envelope {
            id: outbox::activity_uri(app, &id)?,
            actor: note.attributed_to.clone(),
            to: note.to.clone(),
            cc: note.cc.clone(),
            published: now,
        };
        let mut body = delete(&envelope, &note.id, NoteType::Note.as_str(), None);
        if proposal.visibility == Visibility::Public {
            body = proved(app, tx, now, &envelope.actor, body)?;
        }
        let out = Outgoing {
            id: id.clone(),
            actor_uri: reply.author_uri.clone(),
            kind: "Delete",
            object_uri: Some(reply.uri.clone()),
            body,
            audience: Audience::default(),
        };
        outbox::send(app, tx, now, &out)?;
        for inbox in inboxes {
            outbox::deliver_to(app, tx, now, &id, &inbox)?;
        }
    }
    outbox::retract(tx, &reply.uri)?;
    gone::leave(
        tx,
        now,
        &reply.uri,
        Some(NoteType::Note.as_str()),
        &reply.author_uri,
    )
}

/// A remark of ours in the words of the wire; `None` if one of its addresses is no address.
pub fn note(proposal: &Proposal, reply: &Reply) -> Option<NoteObject> {
    let author = Uri::parse(&proposal.author_uri).ok()?;
    let public = proposal.visibility == Visibility::Public;
    let to = if public {
        Recipients::everybody()
    } else {
        Recipients::only([author.clone()])
    };
    let cc = if public {
        Recipients::only([author])
    } else {
        Recipients::NOBODY
    };
    let id = Uri::parse(&reply.uri).ok()?;
    Some(NoteObject {
        note_type: NoteType::Note,
        attributed_to: Uri::parse(&reply.author_uri).ok()?,
        in_reply_to: Uri::parse(&proposal.uri).ok(),
        context: None,
        audience: None,
        to,
        cc,
        name: None,
        summary_html: None,
        content_html: Some(reply.content.clone()),
        language: None,
        url: Some(id.clone()),
        published: Some(Instant::from_milliseconds(reply.created_at)),
        updated: None,
        starts_at: None,
        ends_at: None,
        place: None,
        sensitive: false,
        hashtags: Vec::new(),
        mentions: Vec::new(),
        attachments: Vec::new(),
        id,
    })
}

/// Remarks that wait for somebody of the team, the oldest first, after one of them.
///
/// # Errors
/// Those of the store.
pub fn held(
    conn: &mut Conn,
    after: Option<(i64, &str)>,
    limit: i64,
) -> Result<Vec<Reply>, StoreError> {
    replies::held(conn, after, limit)
}

/// The team shows or puts away a remark. The author of the proposal hears of it when it is shown.
///
/// # Errors
/// [`StoreError::NotFound`]; those of the store.
pub fn decide(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: &MemberId,
    id: &str,
    state: ReplyState,
) -> Result<(), StoreError> {
    let before = replies::set_state(tx, id, state)?;
    if state == ReplyState::Shown && before == ReplyState::Held.as_str() {
        let reply = replies::find(tx, id)?.ok_or(StoreError::NotFound)?;
        let proposal = ProposalId::known(reply.proposal_id.clone());
        if let Some(proposal) = store::find(tx, &proposal)? {
            tell_author(app, tx, now, &proposal, &reply)?;
        }
    }
    app.caches.lists.raise();
    let event = Event {
        old_state: Some(&before),
        new_state: Some(state.as_str()),
        ..Event::new(Actor::Member(by), "reply_decide", "reply", id)
    };
    audit::record(tx, &app.new_id(), now, &event)
}

fn uri(text: &str) -> Result<Uri, StoreError> {
    Uri::parse(text).map_err(StoreError::broken)
}
