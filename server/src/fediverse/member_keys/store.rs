//! Keys of members as rows.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::actor_keys;
use crate::fediverse::keys::StoredActorKeys;

/// Keeps the keys of an actor; a conflict when it has some.
pub(super) fn insert(
    tx: &mut Conn,
    actor_uri: &str,
    keys: &StoredActorKeys,
    now: Instant,
) -> Result<(), StoreError> {
    diesel::insert_into(actor_keys::table)
        .values((
            actor_keys::actor_uri.eq(actor_uri),
            actor_keys::rsa_private.eq(&keys.rsa_private),
            actor_keys::rsa_public.eq(&keys.rsa_public),
            actor_keys::ed25519_seed.eq(&keys.ed25519_seed),
            actor_keys::created_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// The keys of an actor.
pub(super) fn find(
    conn: &mut Conn,
    actor_uri: &str,
) -> Result<Option<StoredActorKeys>, StoreError> {
    let row: Option<(String, String, String)> = actor_keys::table
        .find(actor_uri)
        .select((
            actor_keys::rsa_private,
            actor_keys::rsa_public,
            actor_keys::ed25519_seed,
        ))
        .first(conn)
        .optional()?;
    Ok(
        row.map(|(rsa_private, rsa_public, ed25519_seed)| StoredActorKeys {
            rsa_private,
            rsa_public,
            ed25519_seed,
        }),
    )
}

/// Takes the keys of an actor away.
pub(super) fn delete(tx: &mut Conn, actor_uri: &str) -> Result<(), StoreError> {
    diesel::delete(actor_keys::table.find(actor_uri)).execute(tx)?;
    Ok(())
}
