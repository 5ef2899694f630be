//! What came before what it needs: a bounded queue of texts that nobody verified yet.

use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::object::Object;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::gov_waiting;
use crate::db::types::ROWS_MAX;

/// Most objects that wait in all; the oldest of the carrier that fills it goes first.
const ALL_MAX: i64 = 4_096;
/// Most objects of one carrier that wait.
const OF_CARRIER_MAX: i64 = 512;

/// Puts an object in the queue; false when there is no room, or it waits already.
pub(in super::super) fn push(
    tx: &mut Conn,
    now: Instant,
    object: &Object,
    needs: ObjectHash,
    carrier: &str,
) -> Result<bool, StoreError> {
    let of_carrier: i64 = gov_waiting::table
        .filter(gov_waiting::carrier.eq(carrier))
        .count()
        .get_result(tx)?;
    let all: i64 = gov_waiting::table.count().get_result(tx)?;
    if of_carrier >= OF_CARRIER_MAX || all >= ALL_MAX {
        return Ok(false);
    }
    let row = (
        gov_waiting::hash.eq(object.hash().to_string()),
        gov_waiting::needs.eq(needs.to_string()),
        gov_waiting::carrier.eq(carrier),
        gov_waiting::received_at.eq(now.as_milliseconds()),
        gov_waiting::original.eq(object.original().to_string()),
    );
    let insert = diesel::insert_into(gov_waiting::table)
        .values(row)
        .on_conflict(gov_waiting::hash)
        .do_nothing();
    Ok(Both(insert).execute(tx)? == 1)
}

/// Takes out what waited for a hash, oldest first; at most 500.
pub(in super::super) fn take(
    tx: &mut Conn,
    needs: ObjectHash,
) -> Result<Vec<(Object, String)>, StoreError> {
    let rows: Vec<(String, String, String)> = gov_waiting::table
        .filter(gov_waiting::needs.eq(needs.to_string()))
        .order((gov_waiting::received_at, gov_waiting::hash))
        .limit(ROWS_MAX)
        .select((
            gov_waiting::hash,
            gov_waiting::original,
            gov_waiting::carrier,
        ))
        .load(tx)?;
    let hashes: Vec<&str> = rows.iter().map(|(hash, ..)| hash.as_str()).collect();
    diesel::delete(gov_waiting::table.filter(gov_waiting::hash.eq_any(hashes))).execute(tx)?;
    let read = |(_, text, carrier): (String, String, String)| {
        let object = Object::parse(text.as_bytes()).ok()?;
        Some((object, carrier))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// What is needed by something that waits, and who carried that; at most 500 pairs.
pub(in super::super) fn needed(conn: &mut Conn) -> Result<Vec<(ObjectHash, String)>, StoreError> {
    let rows: Vec<(String, String)> = gov_waiting::table
        .order((gov_waiting::needs, gov_waiting::carrier))
        .limit(ROWS_MAX)
        .select((gov_waiting::needs, gov_waiting::carrier))
        .distinct()
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(needs, carrier)| Some((ObjectHash::parse(&needs)?, carrier)))
        .collect())
}

/// Forgets what waited since before an instant.
pub(in super::super) fn forget_before(tx: &mut Conn, before: Instant) -> Result<usize, StoreError> {
    let old = gov_waiting::table.filter(gov_waiting::received_at.lt(before.as_milliseconds()));
    Ok(diesel::delete(old).execute(tx)?)
}
