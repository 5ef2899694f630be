//! Which process serves which peer: claims on the rows of peers, given back or taken over.

use diesel::prelude::*;
use interkpa_federation::delivery::PeerState;
use interkpa_federation::{Instant, Origin};

use super::{STATE, StateRow, state};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{deliveries, delivery_peers};
use crate::db::types::ROWS_MAX;

/// A peer that this process serves until its lease ends.
#[derive(Debug, Clone)]
pub(in crate::fediverse::deliver) struct ClaimedPeer {
    pub(in crate::fediverse::deliver) origin: Origin,
    pub(in crate::fediverse::deliver) state: PeerState,
}

#[diesel::dsl::auto_type]
fn something_waits() -> _ {
    diesel::dsl::exists(
        deliveries::table
            .filter(deliveries::origin.eq(delivery_peers::origin))
            .filter(deliveries::state.eq("waiting")),
    )
}

/// When the next peer that nobody serves may be sent something; in the past when one may now.
pub(in crate::fediverse::deliver) fn next_due(
    conn: &mut Conn,
    now: Instant,
) -> Result<Option<Instant>, StoreError> {
    let next: Option<i64> = delivery_peers::table
        .filter(delivery_peers::gone.eq(false))
        .filter(delivery_peers::lease_until.le(now.as_milliseconds()))
        .filter(something_waits())
        .order((delivery_peers::next_try_at, delivery_peers::origin))
        .select(delivery_peers::next_try_at)
        .first(conn)
        .optional()?;
    Ok(next.map(Instant::from_milliseconds))
}

/// Takes up to `limit` peers that have something due, for a lease. A peer that another process
/// takes at the same moment is left to it.
pub(in crate::fediverse::deliver) fn claim(
    tx: &mut Conn,
    owner: &str,
    now: Instant,
    lease_until: Instant,
    limit: i64,
) -> Result<Vec<ClaimedPeer>, StoreError> {
    let at = now.as_milliseconds();
    let candidates: Vec<(String, StateRow)> = delivery_peers::table
        .filter(delivery_peers::gone.eq(false))
        .filter(delivery_peers::next_try_at.le(at))
        .filter(delivery_peers::lease_until.le(at))
        .filter(something_waits())
        .order((delivery_peers::next_try_at, delivery_peers::origin))
        .limit(limit)
        .select((delivery_peers::origin, STATE))
        .load(tx)?;
    let mut claimed = Vec::new();
    for (origin, row) in candidates {
        let free = delivery_peers::table
            .find(&origin)
            .filter(delivery_peers::lease_until.le(at));
        let taken = diesel::update(free)
            .set((
                delivery_peers::lease_owner.eq(owner),
                delivery_peers::lease_until.eq(lease_until.as_milliseconds()),
            ))
            .execute(tx)?;
        if taken == 1 {
            let origin = Origin::parse(&origin)
                .map_err(|_source| StoreError::broken("a queue has an origin that is none"))?;
            claimed.push(ClaimedPeer {
                origin,
                state: state(row),
            });
        }
    }
    Ok(claimed)
}

/// Lets another process serve the peer.
pub(in crate::fediverse::deliver) fn release(
    tx: &mut Conn,
    owner: &str,
    origin: &Origin,
) -> Result<(), StoreError> {
    let ours = delivery_peers::table
        .find(origin.as_str())
        .filter(delivery_peers::lease_owner.eq(owner));
    diesel::update(ours)
        .set((
            delivery_peers::lease_owner.eq(None::<String>),
            delivery_peers::lease_until.eq(0),
        ))
        .execute(tx)?;
    Ok(())
}

/// The processes that serve peers, but `me`.
///
/// # Errors
/// See [`StoreError`].
pub fn holders(conn: &mut Conn, me: &str) -> Result<Vec<String>, StoreError> {
    Ok(delivery_peers::table
        .filter(delivery_peers::lease_owner.is_not_null())
        .filter(delivery_peers::lease_owner.ne(me))
        .select(delivery_peers::lease_owner.assume_not_null())
        .distinct()
        .limit(ROWS_MAX)
        .load(conn)?)
}

/// Lets another process serve the peers of one that is no more.
///
/// # Errors
/// See [`StoreError`].
pub fn free_of(tx: &mut Conn, owner: &str) -> Result<usize, StoreError> {
    let held = delivery_peers::table.filter(delivery_peers::lease_owner.eq(owner));
    Ok(diesel::update(held)
        .set((
            delivery_peers::lease_owner.eq(None::<String>),
            delivery_peers::lease_until.eq(0),
        ))
        .execute(tx)?)
}
