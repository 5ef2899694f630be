//! Counts of refusals as rows.

use diesel::prelude::*;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::{counters, peers};

/// Most codes one server is told in an hour.
const CODES_MAX: i64 = 500;

/// Those of the origins that we have a row for.
pub(super) fn known(conn: &mut Conn, origins: &[&str]) -> Result<Vec<String>, StoreError> {
    Ok(peers::table
        .filter(peers::origin.eq_any(origins))
        .order(peers::origin)
        .select(peers::origin)
        .load(conn)?)
}

/// Adds to a bucket of an hour.
pub(super) fn add(
    tx: &mut Conn,
    bucket: &str,
    window_start: i64,
    n: i64,
) -> Result<(), StoreError> {
    let insert = diesel::insert_into(counters::table)
        .values((
            counters::bucket.eq(bucket),
            counters::window_start.eq(window_start),
            counters::count.eq(n),
        ))
        .on_conflict((counters::bucket, counters::window_start))
        .do_update()
        .set(counters::count.eq(counters::count + n));
    Both(insert).execute(tx)?;
    Ok(())
}

/// The buckets of an hour from one name up to another.
pub(super) fn between(
    conn: &mut Conn,
    (from, to): (&str, &str),
    window_start: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(counters::table
        .filter(counters::bucket.ge(from))
        .filter(counters::bucket.lt(to))
        .filter(counters::window_start.eq(window_start))
        .order((counters::bucket, counters::window_start))
        .limit(CODES_MAX)
        .select((counters::bucket, counters::count))
        .load(conn)?)
}
