//! Rows of peers.

use diesel::prelude::*;
use interkpa_federation::{Instant, Origin, Trust};

use super::PeerRecord;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::peers;

type Row = (
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
    Option<i64>,
);

const COLUMNS: (
    peers::origin,
    peers::trust,
    peers::hub_actor,
    peers::name,
    peers::software,
    peers::reason,
    peers::fingerprint,
    peers::decided_by,
    peers::created_at,
    peers::heard_at,
) = (
    peers::origin,
    peers::trust,
    peers::hub_actor,
    peers::name,
    peers::software,
    peers::reason,
    peers::fingerprint,
    peers::decided_by,
    peers::created_at,
    peers::heard_at,
);

fn record(row: Row) -> Result<PeerRecord, StoreError> {
    let (origin, trust, hub_actor, name, software, reason, fingerprint, decided_by, created, heard) =
        row;
    Ok(PeerRecord {
        origin: Origin::parse(&origin)
            .map_err(|_source| StoreError::broken("a stored peer has an origin that is none"))?,
        trust: trust
            .as_deref()
            .and_then(Trust::parse)
            .unwrap_or(Trust::Guest),
        hub_actor,
        name,
        software,
        reason,
        fingerprint,
        decided_by,
        created_at: Instant::from_milliseconds(created),
        heard_at: heard.map(Instant::from_milliseconds),
    })
}

/// What we know of a server.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn find(
    conn: &mut Conn,
    origin: &Origin,
) -> Result<Option<PeerRecord>, StoreError> {
    let row: Option<Row> = peers::table
        .find(origin.as_str())
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    row.map(record).transpose()
}

/// The names of KPAs by their origin.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn names(
    conn: &mut Conn,
    origins: &[&str],
) -> Result<Vec<(String, String)>, StoreError> {
    Ok(peers::table
        .filter(peers::origin.eq_any(origins))
        .filter(peers::name.is_not_null())
        .order(peers::origin)
        .limit(500)
        .select((peers::origin, peers::name.assume_not_null()))
        .load(conn)?)
}

/// Servers in the order of their origin, after one of them.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn page(
    conn: &mut Conn,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<PeerRecord>, StoreError> {
    let mut query = peers::table
        .select(COLUMNS)
        .order(peers::origin)
        .limit(limit.clamp(1, 500))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(peers::origin.gt(after.to_owned()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(record).collect()
}

/// The KPAs among members and allowed peers, in the order of their origin, after one of them.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn hub_page(
    conn: &mut Conn,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<PeerRecord>, StoreError> {
    let mut query = peers::table
        .filter(peers::trust.eq_any(["member", "allowed"]))
        .filter(peers::hub_actor.is_not_null())
        .select(COLUMNS)
        .order(peers::origin)
        .limit(limit.clamp(1, 500))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(peers::origin.gt(after.to_owned()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(record).collect()
}

/// The words stored for an origin and for those above it, of which a block counts.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn trusts(
    conn: &mut Conn,
    origins: &[String],
) -> Result<Vec<(String, Option<String>)>, StoreError> {
    Ok(peers::table
        .filter(peers::origin.eq_any(origins))
        .order(peers::origin)
        .limit(500)
        .select((peers::origin, peers::trust))
        .load(conn)?)
}

/// The hubs that are heard, with the address of their Group.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn hubs(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    Ok(peers::table
        .filter(peers::trust.eq_any(["member", "allowed"]))
        .filter(peers::hub_actor.is_not_null())
        .order(peers::origin)
        .limit(500)
        .select(peers::hub_actor.assume_not_null())
        .load(conn)?)
}

/// What an administrator decided about a server.
#[derive(Debug)]
pub(in crate::fediverse) struct Decision<'a> {
    /// Which server.
    pub origin: &'a Origin,
    /// The tier; a guest has none of its own.
    pub trust: Trust,
    /// Why.
    pub reason: &'a str,
    /// Member id, or the name of the command.
    pub decided_by: &'a str,
}

/// Writes a decision; what is known of the server stays.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn decide(
    tx: &mut Conn,
    now: Instant,
    decision: &Decision<'_>,
) -> Result<(), StoreError> {
    let trust = (decision.trust != Trust::Guest).then(|| decision.trust.as_str());
    let insert = diesel::insert_into(peers::table)
        .values((
            peers::origin.eq(decision.origin.as_str()),
            peers::trust.eq(trust),
            peers::reason.eq(decision.reason),
            peers::decided_by.eq(decision.decided_by),
            peers::created_at.eq(now.as_milliseconds()),
            peers::updated_at.eq(now.as_milliseconds()),
        ))
        .on_conflict(peers::origin)
        .do_update()
        .set((
            peers::trust.eq(trust),
            peers::reason.eq(decision.reason),
            peers::decided_by.eq(decision.decided_by),
            peers::updated_at.eq(now.as_milliseconds()),
        ));
    Both(insert).execute(tx)?;
    Ok(())
}

/// What was learnt of a server when its hub was fetched.
#[derive(Debug)]
pub(in crate::fediverse) struct Described<'a> {
    /// Address of its Group.
    pub hub_actor: &'a str,
    /// Name of the hub.
    pub name: &'a str,
    /// Name of the software, when it says it.
    pub software: Option<&'a str>,
    /// Fingerprint of its proof key.
    pub fingerprint: Option<&'a str>,
}

/// Notes what a known server says about itself.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn describe(
    tx: &mut Conn,
    now: Instant,
    origin: &Origin,
    described: &Described<'_>,
) -> Result<(), StoreError> {
    diesel::update(peers::table.find(origin.as_str()))
        .set((
            peers::hub_actor.eq(described.hub_actor),
            peers::name.eq(described.name),
            peers::software.eq(described.software),
            peers::fingerprint.eq(described.fingerprint),
            peers::updated_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// Notes that a server made a verified request. A guest gets a row only if it has one already:
/// strangers do not make our tables grow.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn heard(
    tx: &mut Conn,
    now: Instant,
    origin: &Origin,
) -> Result<(), StoreError> {
    diesel::update(peers::table.find(origin.as_str()))
        .set(peers::heard_at.eq(now.as_milliseconds()))
        .execute(tx)?;
    Ok(())
}

/// Those of the origins that we have a row for, by origin.
pub(super) fn known(conn: &mut Conn, origins: &[&str]) -> Result<Vec<String>, StoreError> {
    Ok(peers::table
        .filter(peers::origin.eq_any(origins))
        .order(peers::origin)
        .select(peers::origin)
        .load(conn)?)
}
