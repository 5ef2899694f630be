//! Peers, follows and deliveries, read for their addresses.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::HUBS_MAX;
use crate::db::among::among;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{deliveries, follows, outbox_activities, peers, remote_actors};
use crate::fediverse::outbox::INBOXES_MAX;

/// Hub actors of member and allowed peers, by address.
///
/// # Errors
/// Those of the store.
pub fn network_hubs(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    Ok(peers::table
        .filter(peers::trust.eq_any(["member", "allowed"]))
        .filter(peers::hub_actor.is_not_null())
        .order(peers::hub_actor)
        .limit(HUBS_MAX)
        .select(peers::hub_actor.assume_not_null())
        .load(conn)?)
}

/// Hub actors that this hub follows as a hub, among member and allowed peers (« les KPA que nous
/// suivons », web.md §8).
///
/// # Errors
/// Those of the store.
pub fn followed_hubs(conn: &mut Conn, hub_uri: &str) -> Result<Vec<String>, StoreError> {
    Ok(follows::table
        .inner_join(peers::table.on(peers::hub_actor.assume_not_null().eq(follows::followed_uri)))
        .filter(follows::follower_uri.eq(hub_uri))
        .filter(follows::state.eq("accepted"))
        .filter(peers::trust.eq_any(["member", "allowed"]))
        .order(follows::followed_uri)
        .limit(HUBS_MAX)
        .select(follows::followed_uri)
        .load(conn)?)
}

/// The inboxes that were sent anything about an object, delivered or on the way: the only way to
/// know who must be told that it is gone.
///
/// # Errors
/// Those of the store.
pub fn reached(conn: &mut Conn, object_uri: &str) -> Result<BTreeSet<String>, StoreError> {
    let inboxes: Vec<String> = deliveries::table
        .inner_join(outbox_activities::table)
        .filter(outbox_activities::object_uri.eq(object_uri))
        .select(deliveries::inbox)
        .order(deliveries::id)
        .limit(INBOXES_MAX)
        .load(conn)?;
    Ok(inboxes.into_iter().collect())
}

/// Names of actors of other servers, by address, in one query.
///
/// # Errors
/// Those of the store.
pub fn names(conn: &mut Conn, uris: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
    if uris.is_empty() {
        return Ok(Vec::new());
    }
    Ok(remote_actors::table
        .filter(among(conn, remote_actors::uri, uris))
        .order(remote_actors::uri)
        .limit(INBOXES_MAX)
        .select((remote_actors::uri, remote_actors::name))
        .load(conn)?)
}

/// Names of the hubs behind origins, in one query; an origin without a name is left out.
///
/// # Errors
/// Those of the store.
pub fn hub_names(conn: &mut Conn, origins: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
    if origins.is_empty() {
        return Ok(Vec::new());
    }
    Ok(peers::table
        .filter(among(conn, peers::origin, origins))
        .filter(peers::name.is_not_null())
        .order(peers::origin)
        .limit(INBOXES_MAX)
        .select((peers::origin, peers::name.assume_not_null()))
        .load(conn)?)
}

/// Origin and state of every delivery about an object to member and allowed peers, by origin.
pub(super) fn deliveries_of(
    conn: &mut Conn,
    object_uri: &str,
) -> Result<Vec<(String, String)>, StoreError> {
    Ok(deliveries::table
        .inner_join(outbox_activities::table)
        .inner_join(peers::table.on(peers::origin.eq(deliveries::origin)))
        .filter(outbox_activities::object_uri.eq(object_uri))
        .filter(outbox_activities::kind.ne("Announce"))
        .filter(peers::trust.eq_any(["member", "allowed"]))
        .order((deliveries::origin, deliveries::id))
        .limit(INBOXES_MAX)
        .select((deliveries::origin, deliveries::state))
        .load(conn)?)
}
