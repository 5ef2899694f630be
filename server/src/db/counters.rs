//! Counts by bucket and window: tries to sign in, refusals of strangers. Whoever counts names the
//! buckets; windows of the past are forgotten once a day (`keeping.rs`).

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::counters;

/// Most buckets read at once.
const READ_MAX: i64 = 500;

/// The count of a bucket in the window that starts then; 0 when nothing was counted.
///
/// # Errors
/// Those of the store.
pub fn get(conn: &mut Conn, bucket: &str, window: Instant) -> Result<i64, StoreError> {
    let count: Option<i64> = counters::table
        .filter(counters::bucket.eq(bucket))
        .filter(counters::window_start.eq(window.as_milliseconds()))
        .select(counters::count)
        .first(conn)
        .optional()?;
    Ok(count.unwrap_or(0))
}

/// Adds to a bucket of a window.
///
/// # Errors
/// Those of the store.
pub fn add(tx: &mut Conn, bucket: &str, window: Instant, n: i64) -> Result<(), StoreError> {
    let insert = diesel::insert_into(counters::table)
        .values((
            counters::bucket.eq(bucket),
            counters::window_start.eq(window.as_milliseconds()),
            counters::count.eq(n),
        ))
        .on_conflict((counters::bucket, counters::window_start))
        .do_update()
        .set(counters::count.eq(counters::count + n));
    Both(insert).execute(tx)?;
    Ok(())
}

/// The buckets of a window whose names begin with `prefix`, by name, up to 500.
///
/// # Errors
/// Those of the store.
pub fn beginning_with(
    conn: &mut Conn,
    prefix: &str,
    window: Instant,
) -> Result<Vec<(String, i64)>, StoreError> {
    // Up to the highest character: a range of the primary key on both engines.
    let end = format!("{prefix}\u{10ffff}");
    Ok(counters::table
        .filter(counters::bucket.ge(prefix))
        .filter(counters::bucket.lt(end))
        .filter(counters::window_start.eq(window.as_milliseconds()))
        .order((counters::bucket, counters::window_start))
        .limit(READ_MAX)
        .select((counters::bucket, counters::count))
        .load(conn)?)
}

/// Forgets the windows that start before `before`.
///
/// # Errors
/// Those of the store.
pub fn forget(tx: &mut Conn, before: Instant) -> Result<usize, StoreError> {
    let old = counters::window_start.lt(before.as_milliseconds());
    Ok(diesel::delete(counters::table.filter(old)).execute(tx)?)
}
