//! The listener of the operator: `/healthz`, `/readyz` and `/metrics`, for this machine alone.
//!
//! It stands on its own address (`listen.internal`), which no proxy forwards.

use std::fmt::Write as _;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use interkpa_federation::Instant;

use crate::app::App;
use crate::bounded::Room;
use crate::db::error::StoreError;
use crate::db::gauges::{Gauges, gauges};
use crate::fediverse::refusals;

/// A job or a delivery that waits longer is a queue that does not move, in milliseconds.
const LATE: i64 = 10 * 60 * 1_000;

/// The internal service of a hub.
pub fn router(app: &App) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(app.clone())
}

/// Whether the database answers and the jobs run. Deliveries may wait for a peer that is down:
/// that is not this hub's fault.
async fn ready(State(app): State<App>) -> Response {
    let now = app.now();
    match app.store.read(gauges).await {
        Ok(found) if age(found.first_job, now) > LATE => {
            (StatusCode::SERVICE_UNAVAILABLE, "jobs do not run\n").into_response()
        }
        Ok(_) => "ready\n".into_response(),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        )
            .into_response(),
    }
}

async fn metrics(State(app): State<App>) -> Response {
    let now = app.now();
    let read = app
        .store
        .read(move |conn| -> Result<_, StoreError> {
            Ok((gauges(conn)?, refusals::of_hour(conn, None, now)?))
        })
        .await;
    let Ok((found, strangers)) = read else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let mut text = of(&found, now);
    let mut refused = strangers;
    for (_origin, code, count) in app.fediverse.refusals.pending() {
        *refused.entry(code.to_owned()).or_insert(0) += count;
    }
    head(
        &mut text,
        "interkpa_inbox_refused_hour",
        "Refusals in this hour, by code",
    );
    for (code, count) in refused {
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "interkpa_inbox_refused_hour{{code=\"{code}\"}} {count}"
        );
    }
    memories(&mut text, &app);
    if let Some(bytes) = resident_bytes() {
        gauge(
            &mut text,
            "process_resident_memory_bytes",
            "Memory in use",
            bytes,
        );
    }
    let plain = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, plain)], text).into_response()
}

/// How full each memory is that strangers fill: none exceeds its bound (CVE-2026-69132).
fn memories(text: &mut String, app: &App) {
    let rooms: Vec<(&str, Room)> = app
        .fediverse
        .rooms()
        .into_iter()
        .chain([
            ("failures", app.client.failures()),
            ("lists", app.caches.lists.room()),
        ])
        .collect();
    head(
        text,
        "interkpa_memory_entries",
        "Entries of each bounded memory",
    );
    for (memory, room) in &rooms {
        let entries = room.entries;
        let _ = writeln!(
            text,
            "interkpa_memory_entries{{memory=\"{memory}\"}} {entries}"
        );
    }
    head(text, "interkpa_memory_entries_max", "Their bounds");
    for (memory, room) in &rooms {
        let bound = room.entries_max;
        let _ = writeln!(
            text,
            "interkpa_memory_entries_max{{memory=\"{memory}\"}} {bound}"
        );
    }
}

fn of(found: &Gauges, now: Instant) -> String {
    let mut text = String::new();
    head(&mut text, "interkpa_deliveries", "Deliveries by state");
    for (state, count) in [
        ("waiting", found.deliveries_waiting),
        ("done", found.deliveries_done),
        ("dead", found.deliveries_dead),
    ] {
        let _ = writeln!(text, "interkpa_deliveries{{state=\"{state}\"}} {count}");
    }
    head(&mut text, "interkpa_jobs", "Jobs by state");
    for (state, count) in [("waiting", found.jobs_waiting), ("dead", found.jobs_dead)] {
        let _ = writeln!(text, "interkpa_jobs{{state=\"{state}\"}} {count}");
    }
    gauge(
        &mut text,
        "interkpa_delivery_lag_seconds",
        "Age of the oldest delivery that waits",
        age(found.oldest_delivery, now) / 1_000,
    );
    gauge(
        &mut text,
        "interkpa_job_lag_seconds",
        "Lateness of the first job that is due",
        age(found.first_job, now) / 1_000,
    );
    text
}

fn age(since: Option<Instant>, now: Instant) -> i64 {
    since.map_or(0, |at| (now - at).as_milliseconds().max(0))
}

fn head(text: &mut String, name: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}.\n# TYPE {name} gauge");
}

fn gauge(text: &mut String, name: &str, help: &str, value: i64) {
    head(text, name, help);
    let _ = writeln!(text, "{name} {value}");
}

/// Memory of this process, from the kernel.
fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: i64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib.saturating_mul(1_024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_seconds_and_never_negative() {
        let now = Instant::from_seconds(100);
        let found = Gauges {
            oldest_delivery: Some(Instant::from_seconds(40)),
            first_job: Some(Instant::from_seconds(500)),
            ..Gauges::default()
        };

        let text = of(&found, now);

        assert!(
            text.contains("interkpa_delivery_lag_seconds 60\n"),
            "{text}"
        );
        assert!(text.contains("interkpa_job_lag_seconds 0\n"), "{text}");
    }

    #[test]
    fn the_kernel_tells_the_memory_of_this_process() {
        assert!(resident_bytes().unwrap() > 100_000);
    }
}
