//! `Delete`: what is no more leaves a tombstone, so that a late `Create` changes nothing
//! (security.md D33).

use diesel::prelude::*;
use interkpa_federation::permission::{self, Voice};
use interkpa_federation::vocabulary::delete::Deletion;
use interkpa_federation::{Activity, Instant, Uri};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::tombstones;
use crate::features::follows;
use crate::fediverse::receive::{Effect, Refusal};
use crate::fediverse::remote;

/// Receives a `Delete`. Origins agree already: nobody deletes what another server owns.
///
/// # Errors
/// [`Refusal`] `not_owner` when a member deletes what another member of its server owns.
pub fn receive(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    voice: Voice,
    activity: &Activity,
    deletion: &Deletion,
) -> Result<Effect, Refusal> {
    if let Some(actor) = remote::held(tx, &deletion.object)? {
        permission::may_change(&actor.uri, &activity.actor, voice)?;
        remote::mark_gone(tx, &actor.uri, now)?;
        follows::actor_gone(tx, &actor.uri)?;
        bury(tx, now, activity, deletion)?;
        return Ok(Effect::Applied);
    }
    if deletion.of_actor {
        return Ok(Effect::Ignored("unknown_actor"));
    }
    let _ = app;
    bury(tx, now, activity, deletion)?;
    Ok(Effect::Applied)
}

/// Whether an object was deleted by somebody entitled to: its owner, or the hub of its owner, which
/// is any actor of that origin but another member.
pub(super) fn is_gone(
    tx: &mut Conn,
    object: &Uri,
    activity: &Activity,
) -> Result<bool, StoreError> {
    let deleted_by: Option<String> = tombstones::table
        .find(object.as_str())
        .select(tombstones::actor_uri)
        .first(tx)
        .optional()?;
    let Some(deleted_by) = deleted_by else {
        return Ok(false);
    };
    if deleted_by == activity.actor.as_str() {
        return Ok(true);
    }
    let Ok(deleted_by) = Uri::parse(&deleted_by) else {
        return Ok(false);
    };
    let hub = remote::held(tx, &deleted_by)?.is_some_and(|actor| actor.is_hub);
    Ok(hub && deleted_by.origin() == object.origin())
}

/// When one of our own things was deleted, for answering 410.
///
/// # Errors
/// See [`StoreError`].
pub fn ours(conn: &mut Conn, uri: &str) -> Result<Option<Tombstone>, StoreError> {
    let row: Option<(Option<String>, i64)> = tombstones::table
        .find(uri)
        .select((tombstones::former_kind, tombstones::deleted_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(former_kind, at)| Tombstone {
        former_kind,
        deleted_at: Instant::from_milliseconds(at),
    }))
}

/// What is left of a thing that was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The AS2 type or `ikpa:kind` it had.
    pub former_kind: Option<String>,
    /// When.
    pub deleted_at: Instant,
}

/// Leaves a tombstone for one of our own things, in the transaction that deletes it.
///
/// # Errors
/// See [`StoreError`].
pub fn leave(
    tx: &mut Conn,
    now: Instant,
    uri: &str,
    former_kind: Option<&str>,
    actor_uri: &str,
) -> Result<(), StoreError> {
    let insert = diesel::insert_into(tombstones::table)
        .values((
            tombstones::uri.eq(uri),
            tombstones::former_kind.eq(former_kind),
            tombstones::actor_uri.eq(actor_uri),
            tombstones::deleted_at.eq(now.as_milliseconds()),
        ))
        .on_conflict_do_nothing();
    Both(insert).execute(tx)?;
    Ok(())
}

fn bury(
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    deletion: &Deletion,
) -> Result<(), StoreError> {
    let kind = deletion.kind.as_deref().or(deletion.former_type.as_deref());
    leave(
        tx,
        now,
        deletion.object.as_str(),
        kind,
        activity.actor.as_str(),
    )
}
