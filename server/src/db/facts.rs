//! Facts about this hub that outlive a restart: one row a key.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::hub_facts;

/// Address of the hub, fixed at its first start: every id it ever sent begins with it.
pub const BASE_URL: &str = "base_url";
/// Milliseconds UTC at which the hub was first opened.
pub const FOUNDED_AT: &str = "founded_at";
/// Milliseconds UTC up to which the documents taken in were emptied.
pub const INBOX_EMPTIED: &str = "inbox_emptied";
/// UUIDv7 of the life of this database: a restored backup begins a new one (decision 22).
pub const EPOCH: &str = "epoch";
/// Milliseconds UTC at which the restored backup had been made.
pub const RESTORED_FROM: &str = "restored_from";
/// Milliseconds UTC at which it was restored.
pub const RESTORED_AT: &str = "restored_at";

/// The fact, if it was ever noted.
///
/// # Errors
/// See [`StoreError`].
pub fn get(conn: &mut Conn, key: &str) -> Result<Option<String>, StoreError> {
    Ok(hub_facts::table
        .find(key)
        .select(hub_facts::value)
        .first(conn)
        .optional()?)
}

/// Notes a fact, over an older one.
///
/// # Errors
/// See [`StoreError`].
pub fn put(tx: &mut Conn, key: &str, value: &str, now: Instant) -> Result<(), StoreError> {
    let at = now.as_milliseconds();
    let fact = (
        hub_facts::key.eq(key),
        hub_facts::value.eq(value),
        hub_facts::updated_at.eq(at),
    );
    let upsert = diesel::insert_into(hub_facts::table)
        .values(fact)
        .on_conflict(hub_facts::key)
        .do_update()
        .set((hub_facts::value.eq(value), hub_facts::updated_at.eq(at)));
    Both(upsert).execute(tx)?;
    Ok(())
}

/// Notes a fact once and answers what stands: what was noted before wins.
///
/// # Errors
/// See [`StoreError`].
pub fn settle(tx: &mut Conn, key: &str, value: &str, now: Instant) -> Result<String, StoreError> {
    if let Some(found) = get(tx, key)? {
        return Ok(found);
    }
    put(tx, key, value, now)?;
    Ok(value.to_owned())
}
