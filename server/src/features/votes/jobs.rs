//! What time does to votes: the timers of each machine, comparisons with other hubs, receipts, and the
//! effects of decisions.
//!
//! A job is planned by the transaction that makes it due; it decides anew from the rows when it runs,
//! so a job too many does nothing.

use interkpa_federation::governance::ballot::SEQ_MAX;
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::machine::Input;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::prove::Signatory;
use interkpa_federation::governance::receipt::Ack;
use interkpa_federation::{Instant, Origin, Span};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tracing::{info, warn};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::facts;
use crate::features::votes::model::{PollState, next_gossip};
use crate::features::votes::store::polls::PollRow;
use crate::features::votes::store::{objects, polls, waiting};
use crate::features::votes::{effects, engine, exchange, intake, register, send};
use crate::jobs::job::{JobContext, JobError, JobKind, NewJob};
use crate::jobs::queue;

/// Names of the jobs; stored, never renamed.
const TICK: &str = "votes_tick";
const GOSSIP: &str = "votes_gossip";
const COMPARE: &str = "votes_compare";
const PULL: &str = "votes_pull";
const ACK: &str = "votes_ack";
const SYNC: &str = "votes_sync";
const APPLY: &str = "votes_apply";

/// So many other hubs are compared with at a time. Source: votes.md 4.7.
const PARTNERS: usize = 3;
/// How long something may wait for what it needs.
const WAIT_MAX: Span = Span::days(7);
/// A timer that is due already runs after so long, so that no loop is hot.
const SOON: Span = Span::seconds(1);
/// The fact that holds when the hub next asks others what they know, in ms UTC.
const SYNC_AT: &str = "votes_sync_at";

/// The kinds of jobs of this feature.
pub(super) fn kinds() -> Vec<JobKind<App>> {
    vec![
        JobKind::new(TICK, tick),
        JobKind::new(GOSSIP, gossip),
        JobKind::new(COMPARE, compare),
        JobKind::new(PULL, pull).attempts_max(5),
        JobKind::new(ACK, ack),
        JobKind::new(SYNC, sync),
        JobKind::new(APPLY, apply),
    ]
}

#[derive(Debug, Serialize, Deserialize)]
struct OfPoll {
    poll: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct PollAt {
    poll: String,
    at: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct HashFrom {
    hash: String,
    from: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct At {
    at: i64,
}

/// Plans the next tick of a machine.
pub(super) fn plan_tick(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    poll: ObjectHash,
    wake_at: Option<Instant>,
) -> Result<(), StoreError> {
    let Some(wake_at) = wake_at else {
        return Ok(());
    };
    let at = if wake_at > now { wake_at } else { now + SOON };
    let payload = json!(OfPoll {
        poll: poll.to_string()
    });
    let key = format!("{TICK}:{poll}:{}", at.as_milliseconds());
    let job = NewJob::new(&app.random, now, TICK, payload);
    queue::enqueue(tx, &job.at(at).once(key)).map(drop)
}

/// Plans the next comparison of a poll, as its row says.
pub(super) fn plan_gossip(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    row: &PollRow,
) -> Result<(), StoreError> {
    let Some(at) = row.gossip_at else {
        return Ok(());
    };
    let payload = json!(PollAt {
        poll: row.hash.to_string(),
        at: at.as_milliseconds(),
    });
    let key = format!("{GOSSIP}:{}:{}", row.hash, at.as_milliseconds());
    let job = NewJob::new(&app.random, now, GOSSIP, payload);
    queue::enqueue(tx, &job.at(at).once(key)).map(drop)
}

/// Plans a comparison with one hub, soon.
pub(super) fn plan_compare(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    poll: ObjectHash,
    from: &str,
) -> Result<(), StoreError> {
    enqueue_from(app, tx, now, COMPARE, poll, from)
}

/// Plans asking one hub for one object.
pub(super) fn plan_pull(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    hash: ObjectHash,
    from: &str,
) -> Result<(), StoreError> {
    enqueue_from(app, tx, now, PULL, hash, from)
}

fn enqueue_from(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    kind: &'static str,
    hash: ObjectHash,
    from: &str,
) -> Result<(), StoreError> {
    let payload = json!(HashFrom {
        hash: hash.to_string(),
        from: from.to_owned(),
    });
    let key = format!("{kind}:{hash}:{from}");
    let job = NewJob::new(&app.random, now, kind, payload);
    queue::enqueue(tx, &job.once(key)).map(drop)
}

/// Plans the receipts for ballots that came: at most one object a minute, for rounds of 30 minutes.
/// Source: votes.md 4.6.
pub(super) fn plan_ack(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    row: &PollRow,
) -> Result<(), StoreError> {
    if row.state != PollState::Open {
        return Ok(());
    }
    let at = now + Span::milliseconds(row.round_ms / 30).max(SOON);
    let payload = json!(OfPoll {
        poll: row.hash.to_string()
    });
    let key = format!("{ACK}:{}", row.hash);
    let job = NewJob::new(&app.random, now, ACK, payload);
    queue::enqueue(tx, &job.at(at).once(key)).map(drop)
}

/// What follows from a certificate: no more comparisons, polls that stand on it, its effect in time.
pub(super) fn after_certificate(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    row: &PollRow,
    value: ObjectHash,
) -> Result<(), StoreError> {
    polls::gossip_at(tx, row.hash, None)?;
    if register::is_register_effect(&row.effect) && row.outcome.as_deref() == Some("adopted") {
        plan_apply(app, tx, now, row.effective_at.max(now))?;
    }
    intake::drain(app, tx, now, value)
}

/// Plans taking over what binds by an instant.
pub(super) fn plan_apply(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    at: Instant,
) -> Result<(), StoreError> {
    let payload = json!(At {
        at: at.as_milliseconds()
    });
    let key = format!("{APPLY}:{}", at.as_milliseconds());
    let job = NewJob::new(&app.random, now, APPLY, payload);
    queue::enqueue(tx, &job.at(at).once(key)).map(drop)
}

/// Plans asking others what they know; called once, when the hub enters a network.
pub(super) fn plan_sync(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    at: Instant,
) -> Result<(), StoreError> {
    let ms = at.as_milliseconds();
    facts::put(tx, SYNC_AT, &ms.to_string(), now)?;
    let key = format!("{SYNC}:{ms}");
    let job = NewJob::new(&app.random, now, SYNC, json!(At { at: ms }));
    queue::enqueue(tx, &job.at(at).once(key)).map(drop)
}

fn hash_of(text: &str) -> Result<ObjectHash, JobError> {
    ObjectHash::parse(text).ok_or_else(|| JobError::GiveUp(anyhow::anyhow!("not a hash")))
}

fn origin_of(text: &str) -> Result<Origin, JobError> {
    Origin::parse(text).map_err(|error| JobError::GiveUp(error.into()))
}

async fn tick(ctx: JobContext<App>, payload: OfPoll) -> Result<(), JobError> {
    let poll = hash_of(&payload.poll)?;
    let (app, now) = (ctx.app.clone(), ctx.now);
    ctx.app
        .write(move |tx| engine::step(&app, tx, now, poll, Input::Tick).map(drop))
        .await?;
    Ok(())
}

/// Plans the next comparison, then compares with some other electors.
async fn gossip(ctx: JobContext<App>, payload: PollAt) -> Result<(), JobError> {
    let poll = hash_of(&payload.poll)?;
    let (app, now) = (ctx.app.clone(), ctx.now);
    let partners = ctx
        .app
        .write(move |tx| begin_gossip(&app, tx, now, poll, payload.at))
        .await?;
    for partner in partners {
        exchange::compare(&ctx.app, poll, &partner).await?;
    }
    Ok(())
}

/// Only the job that the row names goes on: one that runs again, or late, ends here.
fn begin_gossip(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    poll: ObjectHash,
    at: i64,
) -> Result<Vec<Origin>, StoreError> {
    let Some(mut row) = polls::lock(tx, poll)? else {
        return Ok(vec![]);
    };
    if row.gossip_at.map(Instant::as_milliseconds) != Some(at) {
        return Ok(vec![]);
    }
    row.gossip_at = Some(next_gossip(now, row.closes_at, row.round_ms));
    polls::gossip_at(tx, poll, row.gossip_at)?;
    plan_gossip(app, tx, now, &row)?;
    plan_ack(app, tx, now, &row)?;
    let Some(object) = objects::find(tx, poll)? else {
        return Ok(vec![]);
    };
    let Body::Poll(asked) = object.body() else {
        return Ok(vec![]);
    };
    let others = register::others(app, tx, now, asked)?;
    let origins = others.into_iter().map(|(_, actor)| actor.origin());
    Ok(drawn(app, origins.collect(), PARTNERS))
}

/// Some of these, drawn.
pub(super) fn drawn(app: &App, from: Vec<Origin>, many: usize) -> Vec<Origin> {
    let mut lots: Vec<([u8; 8], Origin)> = from
        .into_iter()
        .map(|origin| (app.random.bytes::<8>(), origin))
        .collect();
    lots.sort_by_key(|(lot, _)| *lot);
    lots.into_iter()
        .take(many)
        .map(|(_, origin)| origin)
        .collect()
}

async fn compare(ctx: JobContext<App>, payload: HashFrom) -> Result<(), JobError> {
    let (poll, from) = (hash_of(&payload.hash)?, origin_of(&payload.from)?);
    exchange::compare(&ctx.app, poll, &from).await?;
    Ok(())
}

async fn pull(ctx: JobContext<App>, payload: HashFrom) -> Result<(), JobError> {
    let (hash, from) = (hash_of(&payload.hash)?, origin_of(&payload.from)?);
    if exchange::pull(&ctx.app, &from, hash).await? {
        return Ok(());
    }
    Err(JobError::Retry(anyhow::anyhow!("{from} does not give it")))
}

/// Gives receipts for the ballots that are on time here.
async fn ack(ctx: JobContext<App>, payload: OfPoll) -> Result<(), JobError> {
    let poll = hash_of(&payload.poll)?;
    let (app, now) = (ctx.app.clone(), ctx.now);
    ctx.app
        .write(move |tx| give_receipts(&app, tx, now, poll))
        .await?;
    Ok(())
}

fn give_receipts(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    poll: ObjectHash,
) -> Result<(), StoreError> {
    let Some(row) = polls::lock(tx, poll)? else {
        return Ok(());
    };
    let me = register::own_id(app)?;
    let Some(object) = objects::find(tx, poll)? else {
        return Ok(());
    };
    let Body::Poll(asked) = object.body() else {
        return Ok(());
    };
    if row.state != PollState::Open || now >= row.closes_at || asked.member(me).is_none() {
        return Ok(());
    }
    let received = objects::unacknowledged(tx, poll, &app.keys.hub_id)?;
    if received.is_empty() {
        return Ok(());
    }
    let key = engine::key_for(app, me, asked);
    let signatory = Signatory {
        hub: me,
        key: &key,
        created: now,
    };
    let said = Ack {
        hub: me,
        poll,
        received,
        at: now,
    };
    // A receipt is at most 4 KiB: more ballots than fit wait for the next one.
    let mut said = said;
    said.received.truncate(usize::from(SEQ_MAX) * 2);
    let signed = Object::sign(Body::Ack(said.clone()), &[signatory])
        .map_err(|error| StoreError::Broken(Box::new(error)))?;
    objects::insert(tx, now, &signed)?;
    objects::insert_receipts(tx, &signed, &said)?;
    send::to_electors(app, tx, now, asked, &[std::sync::Arc::new(signed)])
}

/// Asks some hubs of the network for polls and statements that this one does not know.
async fn sync(ctx: JobContext<App>, payload: At) -> Result<(), JobError> {
    let (app, now) = (ctx.app.clone(), ctx.now);
    let partners = ctx
        .app
        .write(move |tx| begin_sync(&app, tx, now, payload.at))
        .await?;
    for partner in partners {
        exchange::catch_up(&ctx.app, &partner).await?;
    }
    Ok(())
}

fn begin_sync(app: &App, tx: &mut Conn, now: Instant, at: i64) -> Result<Vec<Origin>, StoreError> {
    let planned = facts::get(tx, SYNC_AT)?;
    if planned.as_deref() != Some(at.to_string().as_str()) {
        return Ok(vec![]);
    }
    let Some(network) = register::at(tx, now)? else {
        return Ok(vec![]);
    };
    waiting::forget_before(tx, now - WAIT_MAX)?;
    for (needs, carrier) in waiting::needed(tx)? {
        plan_pull(app, tx, now, needs, &carrier)?;
    }
    let round_ms = i64::try_from(network.register.rules().round_ms).unwrap_or(i64::MAX);
    let wait = Span::milliseconds(round_ms / 3).max(SOON);
    plan_sync(app, tx, now, now + wait)?;
    let others = network.homes.values().filter_map(|home| {
        let origin = interkpa_federation::Uri::parse(&home.actor).ok()?.origin();
        (origin != app.origin).then_some(origin)
    });
    Ok(drawn(app, others.collect(), PARTNERS))
}

/// Takes over what binds by now, then lets peers stand as the register says.
async fn apply(ctx: JobContext<App>, _payload: At) -> Result<(), JobError> {
    let (app, now) = (ctx.app.clone(), ctx.now);
    let taken = ctx
        .app
        .write(move |tx| effects::take_over(&app, tx, now))
        .await?;
    if taken > 0 {
        info!(taken, "decisions taken over");
    }
    let left = effects::settle_peers(&ctx.app, now).await?;
    if left > 0 {
        warn!(left, "hubs of the register do not answer yet");
        return Err(JobError::Retry(anyhow::anyhow!(
            "{left} hubs do not answer"
        )));
    }
    Ok(())
}
