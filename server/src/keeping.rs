//! What the hub keeps and for how long: once a day it forgets what has served.
//!
//! Kept for good: publications, answers, agreements, facts, the audit trail, and every delivery
//! (who was sent a thing must hear of its end). Everything here is bounded by time instead. A
//! sweep is a number of small transactions, so that it never holds the writer; it may run twice.

use interkpa_federation::{Instant, Span};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tracing::info;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::{counters, once};
use crate::features::{people, proposals};
use crate::fediverse::inbox;
use crate::jobs::job::{JobContext, JobError, JobKind, NewJob};
use crate::jobs::queue;

/// Answers of repeated forms and calls: longer than any browser or program repeats.
pub const ANSWERS: Span = Span::days(7);
/// Counts of refusals and of tries to sign in.
pub const COUNTS: Span = Span::days(40);
/// Documents taken in from other servers; what they changed stays.
pub const DOCUMENTS: Span = Span::days(30);
/// Ids of activities taken in, by which a repetition is known: far beyond the age up to which a
/// signature is believed and the time for which servers deliver again.
pub const ACTIVITY_IDS: Span = Span::days(400);

/// Name of the sweep; stored, never renamed.
const FORGET: &str = "hub.forget";
/// Rows of one transaction.
pub const BATCH: i64 = 500;
/// The sweep runs in the small hours of most of France.
const HOUR_UTC: Span = Span::hours(2);

/// Payload of the sweep.
#[derive(Debug, Serialize, Deserialize)]
struct Sweep {}

/// The one kind of job of this module.
pub fn jobs() -> Vec<JobKind<App>> {
    vec![JobKind::new(FORGET, |ctx: JobContext<App>, _: Sweep| {
        forget(ctx)
    })]
}

/// Plans the next sweep; planned already, nothing changes.
///
/// # Errors
/// Those of the store.
pub async fn plan(app: &App) -> Result<(), StoreError> {
    let (now, inner) = (app.now(), app.clone());
    app.write(move |tx| -> Result<(), StoreError> {
        let at = next(now);
        let job = NewJob::new(&inner.random, now, FORGET, json!(Sweep {}))
            .at(at)
            .once(format!("{FORGET}:{}", at.as_milliseconds()));
        queue::enqueue(tx, &job)?;
        Ok(())
    })
    .await
}

/// The next time of day at which the sweep runs.
fn next(now: Instant) -> Instant {
    let day = Span::days(1).as_milliseconds();
    let begun = (now - HOUR_UTC).as_milliseconds().div_euclid(day) * day;
    Instant::from_milliseconds(begun) + Span::days(1) + HOUR_UTC
}

async fn forget(ctx: JobContext<App>) -> Result<(), JobError> {
    let (app, now) = (&ctx.app, ctx.now);
    plan(app).await?;
    let sessions = app
        .write(move |tx| people::forget_sessions(tx, now))
        .await?;
    let counts = app
        .write(move |tx| counters::forget(tx, now - COUNTS))
        .await?;
    let answers = in_batches(app, move |tx| once::forget(tx, now - ANSWERS, BATCH)).await?;
    let documents = in_batches(app, move |tx| {
        inbox::empty_before(tx, now - DOCUMENTS, now, BATCH)
    })
    .await?;
    let ids = in_batches(app, move |tx| inbox::forget(tx, now - ACTIVITY_IDS, BATCH)).await?;
    let pictures = proposals::pictures::sweep(app, now).await?;
    info!(
        sessions,
        counts, answers, documents, ids, pictures, "forgot what had served"
    );
    Ok(())
}

/// Runs a step, a transaction each, until it finds less than a batch.
async fn in_batches(
    app: &App,
    step: impl Fn(&mut Conn) -> Result<usize, StoreError> + Clone + Send + 'static,
) -> Result<usize, StoreError> {
    let mut all = 0;
    loop {
        let done = app.write(step.clone()).await?;
        all += done;
        if i64::try_from(done).unwrap_or(i64::MAX) < BATCH {
            return Ok(all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn the_sweep_runs_once_a_day_at_two() {
        for (now, expected) in [
            ("2026-11-25T01:59:59Z", "2026-11-25T02:00:00Z"),
            ("2026-11-25T02:00:00Z", "2026-11-26T02:00:00Z"),
            ("2026-11-25T23:00:00Z", "2026-11-26T02:00:00Z"),
        ] {
            assert_eq!(next(at(now)), at(expected), "{now}");
        }
    }
}
