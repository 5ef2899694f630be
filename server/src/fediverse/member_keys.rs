//! Keys of members who opted into a public actor: rows of `actor_keys`, parsed once.
//!
//! Made outside of any transaction ([`ActorKeys::generate`] computes for a while), stored in the
//! one that opts the member in.

use diesel::prelude::*;
use interkpa_federation::actor::ActorKeys as PublishedKeys;
use interkpa_federation::{Instant, Uri};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::actor_keys;
use crate::fediverse::keys::{ActorKeys, StoredActorKeys};
use crate::fediverse::ours::OurActor;
use crate::ids::MemberId;

/// Makes the keys of a member, away from the threads that serve requests.
///
/// # Errors
/// No key could be made.
pub async fn generate(app: &App) -> anyhow::Result<StoredActorKeys> {
    let random = app.random.clone();
    let made = tokio::task::spawn_blocking(move || ActorKeys::generate(&random)).await??;
    Ok(made.1)
}

/// Stores the keys of a member, in the transaction that makes the actor public.
///
/// # Errors
/// A conflict when the member has keys: they stay.
pub fn store(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    member: &MemberId,
    keys: &StoredActorKeys,
) -> Result<(), StoreError> {
    diesel::insert_into(actor_keys::table)
        .values((
            actor_keys::actor_uri.eq(OurActor::Member(member.clone()).address(app)),
            actor_keys::rsa_private.eq(&keys.rsa_private),
            actor_keys::rsa_public.eq(&keys.rsa_public),
            actor_keys::ed25519_seed.eq(&keys.ed25519_seed),
            actor_keys::created_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// The keys of an actor of ours: the hub's own for the hub and the instance, a row for a member.
///
/// # Errors
/// [`StoreError::NotFound`] for a member without keys.
pub fn of_actor(app: &App, conn: &mut Conn, actor: &Uri) -> Result<ActorKeys, StoreError> {
    match OurActor::at(&app.origin, actor) {
        Some(OurActor::Hub | OurActor::Instance) => Ok(app.keys.actor.clone()),
        Some(OurActor::Member(_)) => stored(conn, actor.as_str())?.ok_or(StoreError::NotFound),
        None => Err(StoreError::NotFound),
    }
}

/// The public halves of a member's keys, by the address of the actor.
///
/// # Errors
/// See [`StoreError`].
pub fn published(conn: &mut Conn, actor: &str) -> Result<Option<PublishedKeys>, StoreError> {
    Ok(stored(conn, actor)?.map(|keys| keys.published().clone()))
}

fn stored(conn: &mut Conn, actor: &str) -> Result<Option<ActorKeys>, StoreError> {
    let row: Option<(String, String, String)> = actor_keys::table
        .find(actor)
        .select((
            actor_keys::rsa_private,
            actor_keys::rsa_public,
            actor_keys::ed25519_seed,
        ))
        .first(conn)
        .optional()?;
    row.map(|(rsa_private, rsa_public, ed25519_seed)| {
        ActorKeys::from_stored(&StoredActorKeys {
            rsa_private,
            rsa_public,
            ed25519_seed,
        })
        .map_err(|source| StoreError::Broken(Box::new(source)))
    })
    .transpose()
}
