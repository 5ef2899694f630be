//! What an administrator sees of the sending, and may do about it.

use interkpa_federation::delivery::{Circuit, circuit};
use interkpa_federation::{Instant, Origin};

use super::store;
use crate::app::App;
use crate::db::audit::{self, Event};
use crate::db::error::StoreError;
use crate::fediverse::peers::Decider;

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id, for [`retry`] and as a cursor.
    pub id: String,
    /// The receiving server.
    pub origin: String,
    /// The inbox.
    pub inbox: String,
    /// Address of the activity.
    pub activity_uri: String,
    /// Activity type and kind of its object.
    pub kind: String,
    /// HTTP status of its last refusal.
    pub last_status: Option<i32>,
    /// Stable code of its last failure.
    pub last_error: Option<String>,
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
    /// Not before this instant, when something failed.
    pub next_try_at: Instant,
    /// The last time it accepted something.
    pub last_success_at: Option<Instant>,
    /// HTTP status of the last attempt.
    pub last_status: Option<u16>,
    /// Stable code of the last failure.
    pub last_error: Option<String>,
}

/// Dead letters, or what still waits, in the order of publication, after one of them; of all
/// servers or of one.
///
/// # Errors
/// See [`StoreError`].
pub async fn letters(
    app: &App,
    dead: bool,
    origin: Option<String>,
    after: Option<String>,
    limit: i64,
) -> Result<Vec<Letter>, StoreError> {
    let state = if dead { "dead" } else { "waiting" };
    let rows = app
        .store
        .read(move |conn| store::letters(conn, state, origin.as_deref(), after.as_deref(), limit))
        .await?;
    let letter = |(id, origin, inbox, activity_uri, kind, last_status, last_error, at, ended): store::LetterRow| Letter {
        id,
        origin,
        inbox,
        activity_uri,
        kind,
        last_status,
        last_error,
        created_at: Instant::from_milliseconds(at),
        ended_at: ended.map(Instant::from_milliseconds),
    };
    Ok(rows.into_iter().map(letter).collect())
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
            let mut queues = Vec::with_capacity(rows.len());
            for (origin, state, last_error) in rows {
                let (waiting, oldest) = store::count(conn, &origin, "waiting")?;
                let (dead, _) = store::count(conn, &origin, "dead")?;
                queues.push(PeerQueue {
                    origin,
                    circuit: circuit(&state),
                    waiting,
                    oldest: oldest.map(Instant::from_milliseconds),
                    dead,
                    next_try_at: state.next_try_at,
                    last_success_at: state.last_success_at,
                    last_status: state.last_status,
                    last_error,
                });
            }
            Ok(queues)
        })
        .await
}

/// Sends a dead letter again, at once.
///
/// # Errors
/// [`StoreError::NotFound`] when no dead letter has that id.
pub async fn retry(app: &App, id: &str, by: Decider) -> Result<(), StoreError> {
    let (app_in, id) = (app.clone(), id.to_owned());
    app.write(move |tx| {
        let now = app_in.now();
        let origin = store::revive(tx, &id)?.ok_or(StoreError::NotFound)?;
        store::hurry(tx, &origin, now)?;
        let event = retried(&by, "delivery", &id);
        audit::record(tx, &app_in.new_id(), now, &event)
    })
    .await
}

/// Sends everything to a server again that failed, and does not wait for its next turn; how many
/// dead letters live again.
///
/// # Errors
/// See [`StoreError`].
pub async fn retry_peer(app: &App, origin: &Origin, by: Decider) -> Result<usize, StoreError> {
    let (app_in, origin) = (app.clone(), origin.clone());
    app.write(move |tx| {
        let now = app_in.now();
        let revived = store::revive_all(tx, origin.as_str())?;
        store::hurry(tx, origin.as_str(), now)?;
        let event = retried(&by, "delivery_peer", origin.as_str());
        audit::record(tx, &app_in.new_id(), now, &event)?;
        Ok(revived)
    })
    .await
}

fn retried<'a>(by: &'a Decider, subject_kind: &'static str, subject_id: &'a str) -> Event<'a> {
    Event {
        actor: by.actor(),
        on_behalf_of: None,
        command: "delivery_retry",
        subject_kind,
        subject_id,
        old_state: None,
        new_state: Some("waiting"),
        reason: None,
    }
}
