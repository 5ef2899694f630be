//! Tombstones as rows.

use diesel::prelude::*;
use interkpa_federation::Instant;

use super::Tombstone;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::tombstones;

/// Who deleted a thing, and when.
pub(super) fn deleted_by(
    conn: &mut Conn,
    uri: &str,
) -> Result<Option<(String, Instant)>, StoreError> {
    let row: Option<(String, i64)> = tombstones::table
        .find(uri)
        .select((tombstones::actor_uri, tombstones::deleted_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(actor, at)| (actor, Instant::from_milliseconds(at))))
}

/// The tombstone of an address.
pub(super) fn find(conn: &mut Conn, uri: &str) -> Result<Option<Tombstone>, StoreError> {
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

/// Leaves a tombstone; one that stands already stays.
pub(super) fn insert(
    tx: &mut Conn,
    at: Instant,
    uri: &str,
    former_kind: Option<&str>,
    actor_uri: &str,
) -> Result<(), StoreError> {
    let insert = diesel::insert_into(tombstones::table)
        .values((
            tombstones::uri.eq(uri),
            tombstones::former_kind.eq(former_kind),
            tombstones::actor_uri.eq(actor_uri),
            tombstones::deleted_at.eq(at.as_milliseconds()),
        ))
        .on_conflict_do_nothing();
    Both(insert).execute(tx)?;
    Ok(())
}

/// Takes a tombstone away.
pub(super) fn remove(tx: &mut Conn, uri: &str) -> Result<(), StoreError> {
    diesel::delete(tombstones::table.find(uri)).execute(tx)?;
    Ok(())
}

/// Takes the tombstone of the same actor away if it is older.
pub(super) fn remove_older(
    tx: &mut Conn,
    uri: &str,
    actor_uri: &str,
    at: Instant,
) -> Result<(), StoreError> {
    let older = tombstones::table
        .find(uri)
        .filter(tombstones::actor_uri.eq(actor_uri))
        .filter(tombstones::deleted_at.lt(at.as_milliseconds()));
    diesel::delete(older).execute(tx)?;
    Ok(())
}
