//! Rows of the queue. Who serves which peer is in `claims.rs`.

mod claims;

use diesel::prelude::*;
use interkpa_federation::delivery::{PeerState, Refusals};
use interkpa_federation::signature::SignatureScheme;
use interkpa_federation::{Instant, Origin};

use crate::db::among::among;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{deliveries, delivery_peers, outbox_activities};
use crate::db::types::ROWS_MAX;

use crate::fediverse::deliver::Letters;
pub(super) use claims::{ClaimedPeer, claim, next_due, release};
pub use claims::{free_of, holders};

/// One undone delivery.
#[derive(Debug, Clone)]
pub(super) struct Due {
    pub(super) id: String,
    pub(super) inbox: String,
    pub(super) activity_id: String,
    pub(super) refusals: Refusals,
}

/// What became of deliveries of one peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// Delivered.
    Done { id: String },
    /// To be tried again, with what was learnt about its signature.
    Refused {
        id: String,
        refusals: Refusals,
        status: Option<u16>,
        code: &'static str,
    },
    /// Final.
    Dead {
        id: String,
        status: Option<u16>,
        code: &'static str,
    },
    /// Everything that waits for an inbox is final.
    InboxDead {
        inbox: String,
        status: Option<u16>,
        code: &'static str,
    },
    /// Everything that waits for the peer is final.
    AllDead {
        status: Option<u16>,
        code: &'static str,
    },
}

type StateRow = (
    i64,
    Option<i64>,
    i64,
    Option<i64>,
    Option<i32>,
    String,
    bool,
);

const STATE: (
    delivery_peers::failures,
    delivery_peers::first_failure_at,
    delivery_peers::next_try_at,
    delivery_peers::last_success_at,
    delivery_peers::last_status,
    delivery_peers::scheme,
    delivery_peers::gone,
) = (
    delivery_peers::failures,
    delivery_peers::first_failure_at,
    delivery_peers::next_try_at,
    delivery_peers::last_success_at,
    delivery_peers::last_status,
    delivery_peers::scheme,
    delivery_peers::gone,
);

fn state((failures, first, next, success, status, scheme, gone): StateRow) -> PeerState {
    PeerState {
        failures: u32::try_from(failures).unwrap_or(0),
        first_failure_at: first.map(Instant::from_milliseconds),
        next_try_at: Instant::from_milliseconds(next),
        last_success_at: success.map(Instant::from_milliseconds),
        last_status: status.and_then(|status| u16::try_from(status).ok()),
        scheme: scheme_of(&scheme),
        gone,
    }
}

fn scheme_of(text: &str) -> SignatureScheme {
    match text {
        "rfc9421" => SignatureScheme::Rfc9421,
        _ => SignatureScheme::Cavage,
    }
}

const fn scheme_text(scheme: SignatureScheme) -> &'static str {
    match scheme {
        SignatureScheme::Cavage => "cavage",
        SignatureScheme::Rfc9421 => "rfc9421",
    }
}

/// The next undone deliveries of a peer, in the order of publication.
pub(super) fn batch(conn: &mut Conn, origin: &Origin, limit: i64) -> Result<Vec<Due>, StoreError> {
    let rows: Vec<(String, String, String, i32)> = deliveries::table
        .filter(deliveries::origin.eq(origin.as_str()))
        .filter(deliveries::state.eq("waiting"))
        .order(deliveries::id)
        .limit(limit)
        .select((
            deliveries::id,
            deliveries::inbox,
            deliveries::activity_id,
            deliveries::attempts,
        ))
        .load(conn)?;
    let due = |(id, inbox, activity_id, attempts): (String, String, String, i32)| Due {
        id,
        inbox,
        activity_id,
        refusals: Refusals::from_stored(i64::from(attempts)),
    };
    Ok(rows.into_iter().map(due).collect())
}

/// Who says an activity, and its document as sent.
pub(super) fn activity(conn: &mut Conn, id: &str) -> Result<Option<(String, String)>, StoreError> {
    Ok(outbox_activities::table
        .find(id)
        .select((outbox_activities::actor_uri, outbox_activities::body))
        .first(conn)
        .optional()?)
}

/// Whether an address is an inbox that several actors of its server share.
pub(super) fn is_shared(conn: &mut Conn, inbox: &str) -> Result<bool, StoreError> {
    use crate::db::schema::remote_actors;
    let sharing = remote_actors::table
        .filter(remote_actors::shared_inbox.eq(inbox))
        .filter(remote_actors::origin.eq(origin_of(inbox)));
    Ok(diesel::select(diesel::dsl::exists(sharing)).get_result(conn)?)
}

fn origin_of(address: &str) -> String {
    Origin::parse(address)
        .map(|origin| origin.as_str().to_owned())
        .unwrap_or_default()
}

/// Writes the ends of deliveries.
pub(super) fn mark(
    tx: &mut Conn,
    origin: &Origin,
    now: Instant,
    marks: &[Mark],
) -> Result<(), StoreError> {
    let done: Vec<&str> = marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Done { id } => Some(id.as_str()),
            _ => None,
        })
        .collect();
    if !done.is_empty() {
        let done = among(tx, deliveries::id, &done);
        diesel::update(deliveries::table.filter(done))
            .set((
                deliveries::state.eq("done"),
                deliveries::last_status.eq(None::<i32>),
                deliveries::last_error.eq(None::<String>),
                deliveries::done_at.eq(now.as_milliseconds()),
            ))
            .execute(tx)?;
    }
    for mark in marks {
        end_one(tx, origin, now, mark)?;
    }
    Ok(())
}

fn end_one(tx: &mut Conn, origin: &Origin, now: Instant, mark: &Mark) -> Result<(), StoreError> {
    let waiting = deliveries::table
        .filter(deliveries::origin.eq(origin.as_str()))
        .filter(deliveries::state.eq("waiting"));
    let dead = |status: Option<u16>, code: &'static str| {
        (
            deliveries::state.eq("dead"),
            deliveries::last_status.eq(status.map(i32::from)),
            deliveries::last_error.eq(code),
            deliveries::done_at.eq(now.as_milliseconds()),
        )
    };
    match mark {
        Mark::Done { .. } => {}
        Mark::Refused {
            id,
            refusals,
            status,
            code,
        } => {
            diesel::update(waiting.filter(deliveries::id.eq(id)))
                .set((
                    deliveries::attempts.eq(i32::from(refusals.count())),
                    deliveries::last_status.eq(status.map(i32::from)),
                    deliveries::last_error.eq(*code),
                ))
                .execute(tx)?;
        }
        Mark::Dead { id, status, code } => {
            diesel::update(waiting.filter(deliveries::id.eq(id)))
                .set(dead(*status, code))
                .execute(tx)?;
        }
        Mark::InboxDead {
            inbox,
            status,
            code,
        } => {
            diesel::update(waiting.filter(deliveries::inbox.eq(inbox)))
                .set(dead(*status, code))
                .execute(tx)?;
        }
        Mark::AllDead { status, code } => {
            diesel::update(waiting)
                .set(dead(*status, code))
                .execute(tx)?;
        }
    }
    Ok(())
}

/// Writes the state of a peer that this process serves, unless the peer was heard meanwhile: then
/// what was decided before counts no more. Keeps the lease until `lease_until`.
pub(super) fn save(
    tx: &mut Conn,
    owner: &str,
    before: &PeerState,
    peer: &ClaimedPeer,
    code: Option<&'static str>,
    lease_until: Instant,
) -> Result<(), StoreError> {
    let ours = delivery_peers::table
        .find(peer.origin.as_str())
        .filter(delivery_peers::lease_owner.eq(owner));
    diesel::update(ours)
        .set(delivery_peers::lease_until.eq(lease_until.as_milliseconds()))
        .execute(tx)?;
    let untouched =
        ours.filter(delivery_peers::next_try_at.eq(before.next_try_at.as_milliseconds()));
    let state = &peer.state;
    diesel::update(untouched)
        .set((
            delivery_peers::failures.eq(i64::from(state.failures)),
            delivery_peers::first_failure_at
                .eq(state.first_failure_at.map(Instant::as_milliseconds)),
            delivery_peers::next_try_at.eq(state.next_try_at.as_milliseconds()),
            delivery_peers::last_success_at.eq(state.last_success_at.map(Instant::as_milliseconds)),
            delivery_peers::last_status.eq(state.last_status.map(i32::from)),
            delivery_peers::last_error.eq(code),
            delivery_peers::scheme.eq(scheme_text(state.scheme)),
            delivery_peers::gone.eq(state.gone),
        ))
        .execute(tx)?;
    Ok(())
}

/// The state of a peer as its row says now.
pub(super) fn peer_state(conn: &mut Conn, origin: &Origin) -> Result<PeerState, StoreError> {
    Ok(state(
        delivery_peers::table
            .find(origin.as_str())
            .select(STATE)
            .first(conn)?,
    ))
}

/// Reopens delivery to a peer that was heard, by the rule of the circuit; `false` when it was open.
pub(in crate::fediverse) fn reopen(
    tx: &mut Conn,
    now: Instant,
    origin: &Origin,
) -> Result<bool, StoreError> {
    let row: Option<StateRow> = delivery_peers::table
        .find(origin.as_str())
        .filter(
            delivery_peers::failures
                .gt(0)
                .or(delivery_peers::gone.eq(true)),
        )
        .select(STATE)
        .first(tx)
        .optional()?;
    let Some(shut) = row.map(state) else {
        return Ok(false);
    };
    let open = interkpa_federation::delivery::heard(&shut, now);
    diesel::update(delivery_peers::table.find(origin.as_str()))
        .set((
            delivery_peers::failures.eq(i64::from(open.failures)),
            delivery_peers::first_failure_at
                .eq(open.first_failure_at.map(Instant::as_milliseconds)),
            delivery_peers::next_try_at.eq(open.next_try_at.as_milliseconds()),
            delivery_peers::gone.eq(open.gone),
        ))
        .execute(tx)?;
    Ok(true)
}

/// Whether a server takes what is sent to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// It does.
    None,
    /// It does not, since then.
    Since(Instant),
    /// Nothing was sent to it yet.
    Unknown,
}

/// Whether a server takes what is sent to it, as its row says.
///
/// # Errors
/// See [`StoreError`].
pub fn silent_since(conn: &mut Conn, origin: &Origin) -> Result<Silence, StoreError> {
    let row: Option<StateRow> = delivery_peers::table
        .find(origin.as_str())
        .select(STATE)
        .first(conn)
        .optional()?;
    Ok(match row.map(state) {
        Some(PeerState {
            first_failure_at: Some(at),
            ..
        }) => Silence::Since(at),
        Some(PeerState {
            last_success_at: Some(_),
            ..
        }) => Silence::None,
        _ => Silence::Unknown,
    })
}

/// What an administrator sees of one delivery.
pub(super) type LetterRow = (
    String,
    String,
    String,
    String,
    String,
    i32,
    Option<i32>,
    Option<String>,
    i64,
    Option<i64>,
);

/// How sending to one server goes, and the code of its last failure.
pub(super) type PeerRow = (String, PeerState, Option<String>);

/// Deliveries in a state, after one of them; of all peers or of one.
pub(super) fn letters(conn: &mut Conn, which: &Letters) -> Result<Vec<LetterRow>, StoreError> {
    let mut query = deliveries::table
        .inner_join(outbox_activities::table)
        .filter(deliveries::state.eq(which.state.as_str()))
        .limit(which.limit.clamp(1, ROWS_MAX))
        .select((
            deliveries::id,
            deliveries::origin,
            deliveries::inbox,
            outbox_activities::uri,
            outbox_activities::kind,
            deliveries::attempts,
            deliveries::last_status,
            deliveries::last_error,
            deliveries::created_at,
            deliveries::done_at,
        ))
        .into_boxed();
    if let Some(origin) = which.origin.clone() {
        query = query.filter(deliveries::origin.eq(origin));
    }
    query = match (which.after.clone(), which.newest_first) {
        (Some(after), false) => query.filter(deliveries::id.gt(after)),
        (Some(after), true) => query.filter(deliveries::id.lt(after)),
        (None, _) => query,
    };
    query = if which.newest_first {
        query.order(deliveries::id.desc())
    } else {
        query.order(deliveries::id.asc())
    };
    Ok(query.load(conn)?)
}

/// How many deliveries were given up.
pub(super) fn count_dead(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(deliveries::table
        .filter(deliveries::state.eq("dead"))
        .count()
        .get_result(conn)?)
}

/// How many servers did not answer the last time.
pub(super) fn count_failing(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(delivery_peers::table
        .filter(delivery_peers::failures.gt(0))
        .count()
        .get_result(conn)?)
}

/// How many deliveries with this id or a later one were accepted.
pub(super) fn count_done_from(conn: &mut Conn, first_id: &str) -> Result<i64, StoreError> {
    Ok(deliveries::table
        .filter(deliveries::state.eq("done"))
        .filter(deliveries::id.ge(first_id))
        .count()
        .get_result(conn)?)
}

/// Queues of peers in the order of their origin, after one of them.
pub(super) fn peers(
    conn: &mut Conn,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<PeerRow>, StoreError> {
    let mut query = delivery_peers::table
        .order(delivery_peers::origin)
        .limit(limit.clamp(1, ROWS_MAX))
        .select((delivery_peers::origin, STATE, delivery_peers::last_error))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(delivery_peers::origin.gt(after.to_owned()));
    }
    let rows: Vec<(String, StateRow, Option<String>)> = query.load(conn)?;
    Ok(rows.into_iter().map(peer_row).collect())
}

/// The queues of the peers named.
pub(super) fn peers_named(conn: &mut Conn, origins: &[&str]) -> Result<Vec<PeerRow>, StoreError> {
    let rows: Vec<(String, StateRow, Option<String>)> = delivery_peers::table
        .filter(delivery_peers::origin.eq_any(origins))
        .order(delivery_peers::origin)
        .limit(ROWS_MAX)
        .select((delivery_peers::origin, STATE, delivery_peers::last_error))
        .load(conn)?;
    Ok(rows.into_iter().map(peer_row).collect())
}

fn peer_row((origin, row, error): (String, StateRow, Option<String>)) -> PeerRow {
    (origin, state(row), error)
}

/// Origin, state, how many, and since when the oldest.
pub(super) type CountRow = (String, String, i64, Option<i64>);

/// How many deliveries of some peers are waiting and dead.
pub(super) fn counts(conn: &mut Conn, origins: &[&str]) -> Result<Vec<CountRow>, StoreError> {
    Ok(deliveries::table
        .filter(deliveries::origin.eq_any(origins))
        .filter(deliveries::state.eq_any(["waiting", "dead"]))
        .group_by((deliveries::origin, deliveries::state))
        .order((deliveries::origin, deliveries::state))
        .limit(2 * ROWS_MAX)
        .select((
            deliveries::origin,
            deliveries::state,
            diesel::dsl::count_star(),
            diesel::dsl::min(deliveries::created_at),
        ))
        .load(conn)?)
}

/// Makes a dead delivery wait again, from its first attempt on; its origin and the state it was
/// in, if it waits now.
pub(super) fn revive(tx: &mut Conn, id: &str) -> Result<Option<(String, String)>, StoreError> {
    let found: Option<(String, String)> = deliveries::table
        .find(id)
        .filter(deliveries::state.ne("done"))
        .select((deliveries::origin, deliveries::state))
        .first(tx)
        .optional()?;
    let dead = deliveries::table
        .find(id)
        .filter(deliveries::state.eq("dead"));
    diesel::update(dead)
        .set((
            deliveries::state.eq("waiting"),
            deliveries::attempts.eq(0),
            deliveries::done_at.eq(None::<i64>),
        ))
        .execute(tx)?;
    Ok(found)
}

/// Gives up a delivery that waits; whether one did.
pub(super) fn give_up(tx: &mut Conn, now: Instant, id: &str) -> Result<bool, StoreError> {
    let waiting = deliveries::table
        .find(id)
        .filter(deliveries::state.eq("waiting"));
    let ended = diesel::update(waiting)
        .set((
            deliveries::state.eq("dead"),
            deliveries::last_error.eq("given_up_here"),
            deliveries::done_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(ended == 1)
}

/// Makes every dead delivery of a peer wait again; how many.
pub(super) fn revive_all(tx: &mut Conn, origin: &str) -> Result<usize, StoreError> {
    let dead = deliveries::table
        .filter(deliveries::origin.eq(origin))
        .filter(deliveries::state.eq("dead"));
    Ok(diesel::update(dead)
        .set((
            deliveries::state.eq("waiting"),
            deliveries::attempts.eq(0),
            deliveries::done_at.eq(None::<i64>),
        ))
        .execute(tx)?)
}

/// Sends to a peer at once, whatever it said before: an administrator asks.
pub(super) fn hurry(tx: &mut Conn, origin: &str, now: Instant) -> Result<(), StoreError> {
    diesel::update(delivery_peers::table.find(origin))
        .set((
            delivery_peers::failures.eq(0),
            delivery_peers::first_failure_at.eq(None::<i64>),
            delivery_peers::next_try_at.eq(now.as_milliseconds()),
            delivery_peers::gone.eq(false),
        ))
        .execute(tx)?;
    Ok(())
}
