//! Numbers about the whole database, for the operator's eyes: no row of a person among them.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{deliveries, jobs};

/// How the work that waits stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gauges {
    /// Deliveries not yet done.
    pub deliveries_waiting: i64,
    /// Deliveries given up.
    pub deliveries_dead: i64,
    /// Deliveries done and still kept.
    pub deliveries_done: i64,
    /// When the oldest waiting delivery was written.
    pub oldest_delivery: Option<Instant>,
    /// Jobs not yet done.
    pub jobs_waiting: i64,
    /// Jobs given up.
    pub jobs_dead: i64,
    /// When the first waiting job was due.
    pub first_job: Option<Instant>,
}

/// Counts what waits.
///
/// # Errors
/// See [`StoreError`].
pub fn gauges(conn: &mut Conn) -> Result<Gauges, StoreError> {
    let mut deliveries_in = |state: &str| -> Result<i64, StoreError> {
        Ok(deliveries::table
            .filter(deliveries::state.eq(state))
            .count()
            .get_result(conn)?)
    };
    let (deliveries_waiting, deliveries_dead, deliveries_done) = (
        deliveries_in("waiting")?,
        deliveries_in("dead")?,
        deliveries_in("done")?,
    );
    let mut jobs_in = |state: &str| -> Result<i64, StoreError> {
        Ok(jobs::table
            .filter(jobs::state.eq(state))
            .count()
            .get_result(conn)?)
    };
    let (jobs_waiting, jobs_dead) = (jobs_in("waiting")?, jobs_in("dead")?);
    // The ids are UUIDv7: the first by id is the oldest, and the index answers.
    let oldest: Option<i64> = deliveries::table
        .filter(deliveries::state.eq("waiting"))
        .order(deliveries::id)
        .select(deliveries::created_at)
        .first(conn)
        .optional()?;
    let first: Option<i64> = jobs::table
        .filter(jobs::state.eq("waiting"))
        .order(jobs::run_at)
        .select(jobs::run_at)
        .first(conn)
        .optional()?;
    Ok(Gauges {
        deliveries_waiting,
        deliveries_dead,
        deliveries_done,
        oldest_delivery: oldest.map(Instant::from_milliseconds),
        jobs_waiting,
        jobs_dead,
        first_job: first.map(Instant::from_milliseconds),
    })
}
