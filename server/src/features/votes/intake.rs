//! One governance object that came, by an inbox or because this hub asked for it: what it is, whether
//! it proves itself, and where it goes.
//!
//! Whoever carried it is not asked: the proof counts, verified with the key that a poll froze or the
//! register gives. Nothing here trusts a size, a date or an order. Source: votes.md 4.2, 4.4, 4.7.

use std::sync::Arc;

use interkpa_federation::Instant;
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::ledger::Verified;
use interkpa_federation::governance::machine::Input;
use interkpa_federation::governance::object::{Kind, Object};
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::governance::receipt::{Ack, Digest};
use tracing::info;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::votes::model::{PollState, next_gossip};
use crate::features::votes::register::{self, NoRegister};
use crate::features::votes::store::polls::PollRow;
use crate::features::votes::store::{objects, polls, waiting};
use crate::features::votes::{engine, jobs};

/// Most polls of one author that are under way here: a guard of the disk, never reached by people.
const LIVE_OF_AUTHOR_MAX: i64 = 32;
/// Most receipts of one hub for one poll that are kept.
const ACKS_MAX: i64 = 200;
/// Most rotations, and most pauses, of one hub that are kept.
const STATEMENTS_OF_HUB_MAX: i64 = 64;

/// What became of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is new, and kept.
    Kept,
    /// It was known.
    Known,
    /// It waits for another one.
    Waiting(ObjectHash),
    /// It is of no use here now; the word says why.
    Ignored(&'static str),
}

/// Why an object is not taken in.
#[derive(Debug)]
pub(super) enum NotTaken {
    /// It breaks a rule, everywhere alike; the stable code.
    Refused(&'static str),
    /// The database did not answer.
    Store(StoreError),
}

impl From<StoreError> for NotTaken {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<interkpa_federation::governance::error::ObjectError> for NotTaken {
    fn from(error: interkpa_federation::governance::error::ObjectError) -> Self {
        Self::Refused(error.code())
    }
}

/// Takes an object in, in the caller's transaction. `carrier` is the origin it came from.
///
/// # Errors
/// [`NotTaken`].
pub(super) fn take(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    object: Object,
    carrier: &str,
) -> Result<Taken, NotTaken> {
    match object.body() {
        // The trust in a genesis comes from people who met: it is brought by hand.
        Body::Genesis(_) => Ok(Taken::Ignored("genesis_by_hand")),
        Body::Poll(poll) => {
            let poll = (**poll).clone();
            take_poll(app, tx, now, (object, &poll), carrier)
        }
        Body::KeyRotation(_) | Body::Pause(_) => take_statement(tx, now, &object),
        Body::Dispute(_) => Ok(Taken::Ignored("dispute")),
        Body::SealList(_) => take_list(app, tx, now, object),
        Body::Ack(ack) => {
            let ack = ack.clone();
            take_ack(app, tx, now, (object, &ack), carrier)
        }
        Body::Digest(digest) => {
            let digest = digest.clone();
            take_digest(app, tx, now, (object, &digest), carrier)
        }
        body => match body.poll() {
            Some(poll) => take_for_machine(app, tx, now, object, poll, carrier),
            None => Ok(Taken::Ignored("of_no_poll")),
        },
    }
}

/// A poll: its author signed it, and the register gives what it says; else it is refused, everywhere
/// alike. Source: votes.md 4.4, « acceptance by a hub ».
fn take_poll(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    (object, poll): (Object, &Poll),
    carrier: &str,
) -> Result<Taken, NotTaken> {
    let hash = object.hash();
    if polls::find(tx, hash)?.is_some() {
        return Ok(Taken::Known);
    }
    object.verify_in(&object)?;
    let register = match register::of_poll(tx, poll) {
        Ok(register) => register,
        Err(NoRegister::OtherNetwork) => return Err(NotTaken::Refused("poll_of_another_network")),
        Err(NoRegister::Missing(decision)) => {
            return wait(app, tx, now, &object, decision, carrier);
        }
        Err(NoRegister::Refused(error)) => return Err(NotTaken::Refused(error.code())),
        Err(NoRegister::Store(error)) => return Err(error.into()),
    };
    register
        .check(poll)
        .map_err(|error| NotTaken::Refused(error.code()))?;
    let author = poll.author.to_string();
    if polls::count_live_of(tx, &author)? >= LIVE_OF_AUTHOR_MAX {
        return Err(NotTaken::Refused("too_many_polls"));
    }
    objects::insert(tx, now, &object)?;
    let round_ms = i64::try_from(register.rules().round_ms).unwrap_or(i64::MAX);
    let effect = poll
        .effect
        .as_ref()
        .map(interkpa_federation::governance::effect::Effect::kind);
    let row = PollRow {
        hash,
        author: author.clone(),
        title: poll.title.clone(),
        effect: effect
            .map_or(
                "none",
                interkpa_federation::governance::effect::EffectKind::as_str,
            )
            .to_owned(),
        opens_at: poll.opens_at,
        closes_at: poll.closes_at,
        received_at: now,
        effective_at: poll.closes_at + register.rules().effect_delay,
        round_ms,
        stale: register::stale(tx, poll, now)?,
        state: PollState::Open,
        outcome: None,
        step: app.new_id(),
        places: 0,
        gossip_at: Some(next_gossip(now, poll.closes_at, round_ms)),
    };
    polls::insert(tx, &row)?;
    let subject = hash.to_string();
    let event = Event {
        reason: Some(&author),
        ..Event::new(Actor::Peer(carrier), "poll_receive", "poll", &subject)
    };
    audit::record(tx, &app.new_id(), now, &event)?;
    info!(poll = %hash, %carrier, "poll received");
    jobs::plan_gossip(app, tx, now, &row)?;
    engine::step(app, tx, now, hash, Input::Tick)?;
    drain(app, tx, now, hash)?;
    Ok(Taken::Kept)
}

/// Puts an object in the queue and asks its carrier for what it needs.
fn wait(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    object: &Object,
    needs: ObjectHash,
    carrier: &str,
) -> Result<Taken, NotTaken> {
    if !waiting::push(tx, now, object, needs, carrier)? {
        return Ok(Taken::Ignored("queue_full"));
    }
    jobs::plan_pull(app, tx, now, needs, carrier)?;
    Ok(Taken::Waiting(needs))
}

/// Takes in what waited for a hash. What is refused now is dropped.
pub(super) fn drain(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    hash: ObjectHash,
) -> Result<(), StoreError> {
    for (object, carrier) in waiting::take(tx, hash)? {
        match take(app, tx, now, object, &carrier) {
            Ok(_) | Err(NotTaken::Refused(_)) => {}
            Err(NotTaken::Store(error)) => return Err(error),
        }
    }
    Ok(())
}

/// A rotation or a pause: kept when it holds with the register of now; also the second of one place,
/// which proves a fault.
fn take_statement(tx: &mut Conn, now: Instant, object: &Object) -> Result<Taken, NotTaken> {
    if objects::is_held(tx, object.hash())? {
        return Ok(Taken::Known);
    }
    match register::statement_holds(tx, now, object) {
        Ok(()) => {}
        Err(NoRegister::Store(error)) => return Err(error.into()),
        Err(NoRegister::Refused(error)) => return Err(NotTaken::Refused(error.code())),
        Err(NoRegister::OtherNetwork | NoRegister::Missing(_)) => {
            return Ok(Taken::Ignored("no_register"));
        }
    }
    let hub = object.body().hub();
    let many = hub.map(|hub| objects::count_of(tx, object.kind(), hub));
    if many.transpose()?.unwrap_or(0) >= STATEMENTS_OF_HUB_MAX {
        return Err(NotTaken::Refused("too_many_statements"));
    }
    objects::insert(tx, now, object)?;
    Ok(Taken::Kept)
}

/// A list: for each machine that wants it; of two polls that hold one, both.
fn take_list(app: &App, tx: &mut Conn, now: Instant, object: Object) -> Result<Taken, NotTaken> {
    let wanted_by = engine::wanted_by(app, tx, &object)?;
    let object = Arc::new(object);
    let mut taken = Taken::Ignored("not_wanted");
    for hash in wanted_by {
        let Some(poll) = objects::find(tx, hash)? else {
            continue;
        };
        let verified = Verified::in_poll(&poll, Arc::clone(&object))?;
        engine::step(app, tx, now, hash, Input::Received(verified))?;
        taken = Taken::Kept;
    }
    Ok(taken)
}

/// What the machine of a poll judges.
fn take_for_machine(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    object: Object,
    poll: ObjectHash,
    carrier: &str,
) -> Result<Taken, NotTaken> {
    if polls::find(tx, poll)?.is_none() {
        return wait(app, tx, now, &object, poll, carrier);
    }
    if objects::is_held_for(tx, poll, object.hash())? {
        return Ok(Taken::Known);
    }
    let asked = objects::find(tx, poll)?.ok_or(StoreError::NotFound)?;
    let verified = Verified::in_poll(&asked, Arc::new(object))?;
    let done = engine::step(app, tx, now, poll, Input::Received(verified))?;
    Ok(match done {
        Some(done) if done.kept => Taken::Kept,
        _ => Taken::Ignored("not_wanted"),
    })
}

/// A receipt: evidence for a page, never needed to count.
fn take_ack(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    (object, ack): (Object, &Ack),
    carrier: &str,
) -> Result<Taken, NotTaken> {
    let Some(asked) = objects::find(tx, ack.poll)?.filter(|found| found.kind() == Kind::Poll)
    else {
        return wait(app, tx, now, &object, ack.poll, carrier);
    };
    object.verify_in(&asked)?;
    if objects::is_held(tx, object.hash())? {
        return Ok(Taken::Known);
    }
    if objects::count_acks(tx, ack.poll, ack.hub)? >= ACKS_MAX {
        return Ok(Taken::Ignored("too_many_receipts"));
    }
    objects::insert(tx, now, &object)?;
    objects::insert_receipts(tx, &object, ack)?;
    Ok(Taken::Kept)
}

/// What another hub holds, in one hash: when it differs, this hub compares soon. It is not kept.
fn take_digest(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    (object, digest): (Object, &Digest),
    carrier: &str,
) -> Result<Taken, NotTaken> {
    let Some(row) = polls::find(tx, digest.poll)? else {
        jobs::plan_pull(app, tx, now, digest.poll, carrier)?;
        return Ok(Taken::Ignored("poll_unknown"));
    };
    let asked = objects::find(tx, digest.poll)?.ok_or(StoreError::NotFound)?;
    object.verify_in(&asked)?;
    jobs::plan_compare(app, tx, now, row.hash, carrier)?;
    Ok(Taken::Ignored("digest"))
}
