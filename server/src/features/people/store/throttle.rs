//! Failures of signing in, counted by bucket and window.

use diesel::prelude::*;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::counters;

/// Failures of a bucket in the window that starts then (milliseconds UTC).
///
/// # Errors
/// Those of the store.
pub fn count(conn: &mut Conn, bucket: &str, start: i64) -> Result<i64, StoreError> {
    let count: Option<i64> = counters::table
        .filter(counters::bucket.eq(bucket))
        .filter(counters::window_start.eq(start))
        .select(counters::count)
        .first(conn)
        .optional()?;
    Ok(count.unwrap_or(0))
}

/// Counts one failure, and forgets the windows of before.
///
/// # Errors
/// Those of the store.
pub fn add_one(tx: &mut Conn, bucket: &str, start: i64) -> Result<(), StoreError> {
    diesel::delete(
        counters::table
            .filter(counters::bucket.eq(bucket))
            .filter(counters::window_start.lt(start)),
    )
    .execute(tx)?;
    Both(
        diesel::insert_into(counters::table)
            .values((
                counters::bucket.eq(bucket),
                counters::window_start.eq(start),
                counters::count.eq(1_i64),
            ))
            .on_conflict((counters::bucket, counters::window_start))
            .do_update()
            .set(counters::count.eq(counters::count + 1)),
    )
    .execute(tx)?;
    Ok(())
}
