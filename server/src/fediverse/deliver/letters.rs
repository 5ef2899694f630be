//! What an administrator sees of the sending, and may do about it.

use interkpa_federation::delivery::{Circuit, Refusals, circuit};
use interkpa_federation::{Instant, Origin};

use super::store;
use crate::app::App;
use crate::db::audit::{self, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::fediverse::peers::Decider;
use crate::random::Random;

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterState {
    /// Not accepted yet.
    Waiting,
    /// Given up.
    Dead,
    /// Accepted.
    Done,
}

impl LetterState {
    /// The word stored and answered.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Dead => "dead",
            Self::Done => "done",
        }
    }
}

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id, for [`retry`] and as a cursor.
    pub id: String,
    /// Where it stands.
    pub state: LetterState,
    /// The receiving server.
    pub origin: String,
    /// The inbox.
    pub inbox: String,
    /// Address of the activity.
    pub activity_uri: String,
    /// Activity type and kind of its object.
    pub kind: String,
    /// Attempts that failed: those of this delivery, or those in a row of a server that does not
    /// answer, which are counted for everything that waits for it.
    pub attempts: u32,
    /// HTTP status of its last refusal.
    pub last_status: Option<i32>,
    /// Stable code of its last failure, or of its server's while it waits.
    pub last_error: Option<String>,
    /// Not before this instant; only while it waits, and its server is not given up.
    pub next_try_at: Option<Instant>,
    /// When it was written.
    pub created_at: Instant,
    /// When it ended.
    pub ended_at: Option<Instant>,
}

/// How sending to one server goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerQueue {
    /// The server; also a cursor.
    pub origin: String,
    /// Closed when all is well.
    pub circuit: Circuit,
    /// Deliveries that wait.
    pub waiting: i64,
    /// Since when the oldest of them waits.
    pub oldest: Option<Instant>,
    /// Dead letters.
    pub dead: i64,
    /// Since when it does not answer.
    pub failing_since: Option<Instant>,
    /// Not before this instant, when something failed.
    pub next_try_at: Instant,
    /// The last time it accepted something.
    pub last_success_at: Option<Instant>,
    /// HTTP status of the last attempt.
    pub last_status: Option<u16>,
    /// Stable code of the last failure.
    pub last_error: Option<String>,
}

/// Which deliveries to show.
#[derive(Debug, Clone)]
pub struct Letters {
    /// In which state.
    pub state: LetterState,
    /// Of this server alone.
    pub origin: Option<String>,
    /// Behind this one: the id of the last one seen.
    pub after: Option<String>,
    /// Against the order of publication.
    pub newest_first: bool,
    /// At most so many.
    pub limit: i64,
}

impl Letters {
    /// The first so many in a state, in the order of publication.
    pub fn new(state: LetterState, limit: i64) -> Self {
        Self {
            state,
            origin: None,
            after: None,
            newest_first: false,
            limit,
        }
    }
}

/// Deliveries in a state, of all servers or of one.
///
/// # Errors
/// See [`StoreError`].
pub async fn letters(app: &App, which: Letters) -> Result<Vec<Letter>, StoreError> {
    app.store
        .read(move |conn| {
            let rows = store::letters(conn, &which)?;
            let origins: Vec<&str> = rows.iter().map(|row| row.1.as_str()).collect();
            let peers = store::peers_named(conn, &origins)?;
            let letter = |row: store::LetterRow| {
                let peer = peers.iter().find(|(origin, ..)| *origin == row.1);
                letter(row, which.state, peer)
            };
            Ok(rows.into_iter().map(letter).collect())
        })
        .await
}

fn letter(row: store::LetterRow, state: LetterState, peer: Option<&store::PeerRow>) -> Letter {
    let (id, origin, inbox, activity_uri, kind, refusals, last_status, error, at, ended) = row;
    let waiting = peer.filter(|_| state == LetterState::Waiting);
    let own = Refusals::from_stored(i64::from(refusals)).count();
    let failures = waiting.map_or(0, |(_, peer, _)| peer.failures);
    Letter {
        id,
        state,
        origin,
        inbox,
        activity_uri,
        kind,
        // An answer that ended it at once is an attempt as well.
        attempts: u32::from(own)
            .max(failures)
            .max(u32::from(last_status.is_some())),
        last_status,
        last_error: error.or_else(|| waiting.and_then(|(.., error)| error.clone())),
        next_try_at: waiting
            .filter(|(_, peer, _)| !peer.gone)
            .map(|(_, peer, _)| peer.next_try_at),
        created_at: Instant::from_milliseconds(at),
        ended_at: ended.map(Instant::from_milliseconds),
    }
}

/// Dead letters of all servers, and servers that do not answer.
///
/// # Errors
/// See [`StoreError`].
pub fn troubles(conn: &mut Conn) -> Result<(i64, i64), StoreError> {
    Ok((store::count_dead(conn)?, store::count_failing(conn)?))
}

/// How many deliveries written since an instant were accepted.
///
/// # Errors
/// See [`StoreError`].
pub fn count_done_since(conn: &mut Conn, since: Instant) -> Result<i64, StoreError> {
    store::count_done_from(conn, &Random::least_uuid_v7(since))
}

/// How sending goes, server by server in the order of their origin, after one of them.
///
/// # Errors
/// See [`StoreError`].
pub async fn queues(
    app: &App,
    after: Option<String>,
    limit: i64,
) -> Result<Vec<PeerQueue>, StoreError> {
    app.store
        .read(move |conn| {
            let rows = store::peers(conn, after.as_deref(), limit)?;
            with_counts(conn, rows)
        })
        .await
}

/// How sending to some servers goes; one to which nothing was ever sent has no entry.
///
/// # Errors
/// See [`StoreError`].
pub fn queues_of(conn: &mut Conn, origins: &[&str]) -> Result<Vec<PeerQueue>, StoreError> {
    let rows = store::peers_named(conn, origins)?;
    with_counts(conn, rows)
}

fn with_counts(conn: &mut Conn, rows: Vec<store::PeerRow>) -> Result<Vec<PeerQueue>, StoreError> {
    let origins: Vec<&str> = rows.iter().map(|(origin, ..)| origin.as_str()).collect();
    let counts = store::counts(conn, &origins)?;
    let count = |origin: &str, state: LetterState| {
        counts
            .iter()
            .find(|(of, word, ..)| of == origin && word == state.as_str())
            .map_or((0, None), |(_, _, count, oldest)| (*count, *oldest))
    };
    let queue = |(origin, state, last_error): store::PeerRow| {
        let (waiting, oldest) = count(&origin, LetterState::Waiting);
        let (dead, _) = count(&origin, LetterState::Dead);
        PeerQueue {
            circuit: circuit(&state),
            waiting,
            oldest: oldest.map(Instant::from_milliseconds),
            dead,
            failing_since: state.first_failure_at,
            next_try_at: state.next_try_at,
            last_success_at: state.last_success_at,
            last_status: state.last_status,
            last_error,
            origin,
        }
    };
    Ok(rows.iter().cloned().map(queue).collect())
}

/// Sends a delivery again, at once: a dead letter lives again, one that waits goes first thing.
///
/// # Errors
/// [`StoreError::NotFound`] when no such delivery is left to send.
pub async fn retry(app: &App, id: &str, by: Decider) -> Result<(), StoreError> {
    let (app_in, id) = (app.clone(), id.to_owned());
    app.write(move |tx| retry_in(&app_in, tx, app_in.now(), &id, &by))
        .await
}

/// The same inside a transaction of the caller.
///
/// # Errors
/// [`StoreError::NotFound`] when no such delivery is left to send.
pub fn retry_in(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &str,
    by: &Decider,
) -> Result<(), StoreError> {
    let (origin, before) = store::revive(tx, id)?.ok_or(StoreError::NotFound)?;
    store::hurry(tx, &origin, now)?;
    let event = Event {
        old_state: Some(&before),
        new_state: Some("waiting"),
        ..Event::new(by.actor(), "delivery_retry", "delivery", id)
    };
    audit::record(tx, &app.new_id(), now, &event)
}

/// Gives up a delivery that waits: it becomes a dead letter, which [`retry`] can send again.
///
/// # Errors
/// [`StoreError::NotFound`] when no delivery of that id waits.
pub fn give_up_in(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &str,
    by: &Decider,
) -> Result<(), StoreError> {
    if !store::give_up(tx, now, id)? {
        return Err(StoreError::NotFound);
    }
    let event = Event {
        old_state: Some("waiting"),
        new_state: Some("dead"),
        ..Event::new(by.actor(), "delivery_give_up", "delivery", id)
    };
    audit::record(tx, &app.new_id(), now, &event)
}

/// Sends everything to a server again that failed, and does not wait for its next turn; how many
/// dead letters live again.
///
/// # Errors
/// See [`StoreError`].
pub async fn retry_peer(app: &App, origin: &Origin, by: Decider) -> Result<usize, StoreError> {
    let (app_in, origin) = (app.clone(), origin.clone());
    app.write(move |tx| retry_peer_in(&app_in, tx, app_in.now(), &origin, &by))
        .await
}

/// The same inside a transaction of the caller.
///
/// # Errors
/// See [`StoreError`].
pub fn retry_peer_in(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    origin: &Origin,
    by: &Decider,
) -> Result<usize, StoreError> {
    app.client.forget_failures(origin);
    let revived = store::revive_all(tx, origin.as_str())?;
    store::hurry(tx, origin.as_str(), now)?;
    let event = Event {
        new_state: Some("waiting"),
        ..Event::new(
            by.actor(),
            "delivery_retry",
            "delivery_peer",
            origin.as_str(),
        )
    };
    audit::record(tx, &app.new_id(), now, &event)?;
    Ok(revived)
}
