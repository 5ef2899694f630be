//! Keys of members who opted into a public actor: rows of `actor_keys`, parsed once.
//!
//! Made outside of any transaction ([`ActorKeys::generate`] computes for a while), stored in the
//! one that opts the member in.

mod store;

use interkpa_federation::actor::ActorKeys as PublishedKeys;
use interkpa_federation::{Instant, Uri};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
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
pub fn keep(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    member: &MemberId,
    keys: &StoredActorKeys,
) -> Result<(), StoreError> {
    let actor = OurActor::Member(member.clone()).address(app);
    store::insert(tx, &actor, keys, now)
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
    store::find(conn, actor)?
        .map(|keys| {
            ActorKeys::from_stored(&keys).map_err(|source| StoreError::Broken(Box::new(source)))
        })
        .transpose()
}

/// Takes the keys of an actor of ours away that is no more.
///
/// # Errors
/// See [`StoreError`].
pub fn forget(tx: &mut Conn, actor: &Uri) -> Result<(), StoreError> {
    store::delete(tx, actor.as_str())
}
