//! The ballot of this hub: one person prepares it, another one confirms it, then it is signed and sent.

use std::sync::Arc;
use std::time::Duration;

use interkpa_federation::governance::ballot::{Ballot, Mandate, Place};
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::choice::Choice;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::machine::Input;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::{Instant, Origin};
use serde_json::Value;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::once::{self, Answered};
use crate::features::people::rights::Right;
use crate::features::votes::model::{DraftState, Mandated, PollState, needs_second_person};
use crate::features::votes::store::drafts::BallotDraft;
use crate::features::votes::store::polls::PollRow;
use crate::features::votes::store::{drafts, objects, polls};
use crate::features::votes::{engine, exchange, jobs, register};
use crate::http::error::{AppError, Kind};
use crate::ids::MemberId;

use super::{Hand, bounded, conflict, field};

/// How many other hubs are asked for this hub's own latest ballot before it signs one.
/// Source: votes.md 4.5.
const ASKED: usize = 3;
/// How long one of them may take.
const ASKED_MAX: Duration = Duration::from_secs(4);
/// Longest reason of a ballot, in characters.
const REASON_MAX: usize = 2_000;

/// A ballot as a spokesperson writes it.
#[derive(Debug, Clone)]
pub struct NewBallot {
    /// JSON as in a ballot: a word, option ids, groups of option ids, or scores.
    pub choice: Value,
    /// Why, for everyone to read.
    pub reason: Option<String>,
    /// How the members of the hub decided.
    pub mandate: Mandated,
}

/// What became of a ballot that somebody prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Its key.
    pub id: String,
    /// Whether it was cast, or waits for a second person.
    pub state: DraftState,
    /// The ballot it became.
    pub ballot: Option<ObjectHash>,
}

/// Prepares the ballot of this hub; it is cast at once when no second person has to confirm it. A voice
/// changes by another ballot, until the close. The same `token` again, unless empty, prepares nothing: what was
/// prepared goes on from where it is.
///
/// # Errors
/// 403 without the right or the voice; 404 for an unknown poll; 409 `poll_closed`, `poll_not_open`;
/// 422 on what does not answer the question.
pub async fn prepare(
    app: &App,
    by: &Hand,
    poll: ObjectHash,
    new: NewBallot,
    token: String,
) -> Result<Prepared, AppError> {
    by.require(Right::Vote)?;
    let (app_in, by_in) = (app.clone(), by.clone());
    let id = app
        .write(move |tx| prepare_once(&app_in, tx, &by_in, poll, (&new, &token)))
        .await?;
    let asked = id.clone();
    let draft = app
        .store
        .read(move |conn| drafts::find(conn, &asked))
        .await?
        .ok_or_else(AppError::not_found)?;
    let waits_for_second = needs_second_person(app.config.votes.second_person, &by.roles);
    if draft.state != DraftState::Waiting || waits_for_second {
        return Ok(Prepared {
            id,
            state: draft.state,
            ballot: draft.ballot,
        });
    }
    cast(app, id, None).await
}

/// Prepares a ballot, or finds the one that this token prepared before.
fn prepare_once(
    app: &App,
    tx: &mut Conn,
    by: &Hand,
    poll: ObjectHash,
    (new, token): (&NewBallot, &str),
) -> Result<String, AppError> {
    let scope = format!("ballot:{}:{poll}", by.member);
    if let Some(before) = once::claim(tx, &scope, token, app.now())? {
        return before.body.ok_or_else(AppError::not_found);
    }
    let id = prepare_in(app, tx, by, poll, new)?;
    let answered = Answered {
        status: 202,
        location: None,
        body: Some(id.clone()),
    };
    once::answered(tx, &scope, token, &answered)?;
    Ok(id)
}

fn prepare_in(
    app: &App,
    tx: &mut Conn,
    by: &Hand,
    poll: ObjectHash,
    new: &NewBallot,
) -> Result<String, AppError> {
    let now = app.now();
    let (row, asked) = open_poll(tx, app, now, poll)?;
    let choice = Choice::read(&new.choice).ok_or_else(|| field("choice", "choice_invalid"))?;
    if !choice.answers(&asked.question) {
        return Err(field("choice", "choice_not_of_this_poll"));
    }
    let reason = new.reason.as_deref().filter(|text| !text.trim().is_empty());
    let reason = reason
        .map(|text| bounded(text, REASON_MAX, "reason"))
        .transpose()?;
    if new.choice == "object" && reason.is_none() {
        return Err(field("reason", "objection_without_reason"));
    }
    new.mandate
        .read(now)
        .map_err(|(name, code)| field(name, code))?;
    let mandate = serde_json::to_string(&new.mandate).map_err(AppError::internal)?;
    let id = app.new_id();
    let draft = BallotDraft {
        id: id.clone(),
        poll: row.hash,
        choice: choice.write().to_string(),
        reason,
        mandate,
        state: DraftState::Waiting,
        proposed_by: by.member.clone(),
        proposed_at: now,
        confirmed_by: None,
        ballot: None,
    };
    drafts::insert(tx, &draft)?;
    let event = Event::new(
        Actor::Member(&by.member),
        "ballot_prepare",
        "ballot_draft",
        &id,
    );
    audit::record(tx, &app.new_id(), now, &event)?;
    Ok(id)
}

/// A poll that this hub may vote in now.
fn open_poll(
    tx: &mut Conn,
    app: &App,
    now: Instant,
    hash: ObjectHash,
) -> Result<(PollRow, Poll), AppError> {
    let row = polls::find(tx, hash)?.ok_or_else(AppError::not_found)?;
    let object = objects::find(tx, hash)?.ok_or_else(AppError::not_found)?;
    let Body::Poll(asked) = object.body() else {
        return Err(AppError::not_found());
    };
    if row.state != PollState::Open || now >= row.closes_at {
        return Err(conflict("poll_closed"));
    }
    if now < row.opens_at {
        return Err(conflict("poll_not_open"));
    }
    let me = register::own_id(app)?;
    let member = asked
        .member(me)
        .ok_or_else(|| AppError::new(Kind::Forbidden, "no_voice"))?;
    if member.delegate_key.is_some() {
        // Its half of the signature is made on the delegate's own device, which comes later.
        return Err(conflict("delegate_proof_needed"));
    }
    Ok((row, (**asked).clone()))
}

/// Confirms, as a second person, a ballot that somebody else prepared: it is signed and sent.
///
/// # Errors
/// 403 without the right; 403 `second_person_needed` for who prepared it; 404; 409 `draft_not_waiting`,
/// `poll_closed`; 503 `own_ballots_unknown` when a restored hub cannot ask the others yet.
pub async fn confirm(
    app: &App,
    by: &Hand,
    poll: ObjectHash,
    id: &str,
) -> Result<Prepared, AppError> {
    by.require(Right::ConfirmVote)?;
    let asked = id.to_owned();
    let draft = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(drafts::find(conn, &asked)?) })
        .await?
        .filter(|draft| draft.poll == poll)
        .ok_or_else(AppError::not_found)?;
    if draft.proposed_by == by.member {
        return Err(AppError::new(Kind::Forbidden, "second_person_needed"));
    }
    cast(app, draft.id, Some(by.member.clone())).await
}

/// Signs a prepared ballot, once the others were asked for what this hub may have cast before.
async fn cast(app: &App, id: String, confirmed_by: Option<MemberId>) -> Result<Prepared, AppError> {
    let asked = id.clone();
    let draft = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(drafts::find(conn, &asked)?) })
        .await?
        .ok_or_else(AppError::not_found)?;
    if draft.state != DraftState::Waiting {
        return Err(conflict("draft_not_waiting"));
    }
    ask_for_own(app, draft.poll).await?;
    let app_in = app.clone();
    let ballot = app
        .write(move |tx| cast_in(&app_in, tx, &draft, confirmed_by.as_ref()))
        .await?;
    Ok(Prepared {
        id,
        state: DraftState::Cast,
        ballot: Some(ballot),
    })
}

/// Asks other electors for this hub's own ballots. A hub that was restored since the poll opened must
/// have been answered by so many that an honest one is among them; any other does not wait for who is
/// away. Source: votes.md 4.5, T17.
async fn ask_for_own(app: &App, poll: ObjectHash) -> Result<(), AppError> {
    let app_in = app.clone();
    let (others, needed) = app
        .store
        .read(move |conn| -> Result<_, AppError> { whom_to_ask(&app_in, conn, poll) })
        .await?;
    let many = if needed > 0 { others.len() } else { ASKED };
    let mut answered = 0;
    for from in jobs::drawn(app, others, many) {
        let asked = exchange::of_signer(app, poll, &from, &app.keys.hub_id);
        if let Ok(Ok(Some(_))) = tokio::time::timeout(ASKED_MAX, asked).await {
            answered += 1;
        }
        if needed > 0 && answered >= needed.max(ASKED) {
            break;
        }
    }
    if answered < needed {
        return Err(AppError::new(Kind::Busy, "own_ballots_unknown"));
    }
    Ok(())
}

/// The other electors, and how many of them must answer.
fn whom_to_ask(
    app: &App,
    conn: &mut Conn,
    poll: ObjectHash,
) -> Result<(Vec<Origin>, usize), AppError> {
    let row = polls::find(conn, poll)?.ok_or_else(AppError::not_found)?;
    let object = objects::find(conn, poll)?.ok_or_else(AppError::not_found)?;
    let Body::Poll(asked) = object.body() else {
        return Err(AppError::not_found());
    };
    let others = register::others(app, conn, app.now(), asked)?;
    let restored = engine::restored_at(conn)?.is_some_and(|at| at >= row.opens_at);
    let needed = if restored {
        asked.numbers().to_count().min(others.len())
    } else {
        0
    };
    let origins = others.into_iter().map(|(_, actor)| actor.origin());
    Ok((origins.collect(), needed))
}

fn cast_in(
    app: &App,
    tx: &mut Conn,
    draft: &BallotDraft,
    confirmed_by: Option<&MemberId>,
) -> Result<ObjectHash, AppError> {
    let now = app.now();
    let row = polls::lock(tx, draft.poll)?.ok_or_else(AppError::not_found)?;
    open_poll(tx, app, now, draft.poll)?;
    let place = engine::look(app, tx, &row)?
        .next_place()
        .ok_or_else(|| conflict("too_many_ballots"))?;
    let ballot = ballot_of(app, now, draft, place)?;
    let input = Input::Cast(Box::new(ballot));
    let done = engine::step(app, tx, now, draft.poll, input)?.ok_or_else(AppError::not_found)?;
    if let Some(refusal) = done.refused {
        return Err(conflict(refusal.code()));
    }
    let is_ballot = |object: &&Arc<Object>| matches!(object.body(), Body::Ballot(_));
    let hash = done
        .emitted
        .iter()
        .find(is_ballot)
        .map(|object| object.hash())
        .ok_or_else(|| conflict("ballot_not_next"))?;
    if !drafts::cast(tx, &draft.id, confirmed_by, now, hash)? {
        return Err(conflict("draft_not_waiting"));
    }
    let subject = hash.to_string();
    let by = confirmed_by.unwrap_or(&draft.proposed_by);
    let event = Event {
        on_behalf_of: Some(draft.proposed_by.as_str()).filter(|_| confirmed_by.is_some()),
        ..Event::new(Actor::Member(by), "ballot_cast", "ballot", &subject)
    };
    audit::record(tx, &app.new_id(), now, &event)?;
    Ok(hash)
}

fn ballot_of(
    app: &App,
    now: Instant,
    draft: &BallotDraft,
    place: Place,
) -> Result<Ballot, AppError> {
    let broken = || StoreError::broken("a stored draft cannot be read");
    let choice: Value = serde_json::from_str(&draft.choice).map_err(AppError::internal)?;
    let mandate: Mandated = serde_json::from_str(&draft.mandate).map_err(AppError::internal)?;
    let mandate: Mandate = mandate.read(now).map_err(|_read_before| broken())?;
    Ok(Ballot {
        hub: register::own_id(app)?,
        poll: draft.poll,
        place,
        resolves: None,
        choice: Choice::read(&choice).ok_or_else(broken)?,
        reason: draft.reason.clone(),
        mandate,
        delegate_proof: None,
    })
}
