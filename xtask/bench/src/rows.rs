//! What the database of a hub holds, counted by statements of our own: an answer is no row.
//!
//! The only file of the benchmark that names diesel, beside the writer of the floor.

use std::collections::HashSet;

use diesel::dsl::count_star;
use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_server::db::conn::Conn;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::{deliveries, inbox_activities, outbox_activities, proposals};

/// Rows read at a time.
const PAGE: i64 = 10_000;

/// What came of a batch of activities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Rows of activities.
    pub(crate) activities: usize,
    /// Proposals that these activities made appear.
    pub(crate) effects: usize,
    /// Answered 2xx, and no row: must be 0.
    pub(crate) lost: usize,
    /// Effects beyond one for each activity: must be 0.
    pub(crate) doubled: usize,
}

/// Counts the rows of a batch against the activities that were answered 2xx.
///
/// # Errors
/// See [`StoreError`].
pub(crate) fn stored(
    conn: &mut Conn,
    batch: &str,
    accepted: &[String],
) -> Result<Stored, StoreError> {
    let part = format!("/{batch}-");
    let ids: HashSet<String> = all(conn, Rows::Activities, &part)?.into_iter().collect();
    let objects = all(conn, Rows::Objects, &part)?;
    let distinct: HashSet<&String> = objects.iter().collect();
    let lost = accepted.iter().filter(|id| {
        let object = id.replace("/activites/", "/objets/");
        !ids.contains(*id) || !distinct.contains(&object)
    });
    Ok(Stored {
        activities: ids.len(),
        effects: objects.len(),
        lost: lost.count(),
        doubled: objects.len() - distinct.len() + objects.len().saturating_sub(ids.len()),
    })
}

/// Which addresses.
#[derive(Clone, Copy)]
enum Rows {
    Activities,
    Objects,
}

/// The addresses with that part in them.
fn all(conn: &mut Conn, rows: Rows, part: &str) -> Result<Vec<String>, StoreError> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page: Vec<String> = match rows {
            Rows::Activities => inbox_activities::table
                .filter(inbox_activities::id.gt(&after))
                .order(inbox_activities::id)
                .limit(PAGE)
                .select(inbox_activities::id)
                .load(conn)?,
            Rows::Objects => proposals::table
                .filter(proposals::uri.gt(&after))
                .order(proposals::uri)
                .limit(PAGE)
                .select(proposals::uri)
                .load(conn)?,
        };
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after.clone_from(last);
        found.extend(page.into_iter().filter(|uri| uri.contains(part)));
    }
}

/// Deliveries by state: waiting, done, dead.
///
/// # Errors
/// See [`StoreError`].
pub(crate) fn deliveries_by_state(conn: &mut Conn) -> Result<[i64; 3], StoreError> {
    let mut counts = [0; 3];
    for (count, state) in counts.iter_mut().zip(["waiting", "done", "dead"]) {
        *count = deliveries::table
            .filter(deliveries::state.eq(state))
            .select(count_star())
            .first(conn)?;
    }
    Ok(counts)
}

/// Local keys of published proposals, at most `limit`.
///
/// # Errors
/// See [`StoreError`].
pub(crate) fn some_proposals(conn: &mut Conn, limit: i64) -> Result<Vec<String>, StoreError> {
    Ok(proposals::table
        .order(proposals::id)
        .limit(limit)
        .select(proposals::id)
        .load(conn)?)
}

/// An activity as one that another hub sent some time ago, and the delivery of the last one of ours
/// as done.
///
/// # Errors
/// See [`StoreError`].
pub(crate) fn store_past(tx: &mut Conn, number: u64, at: Instant) -> Result<(), StoreError> {
    let body = "x".repeat(1_300);
    diesel::insert_into(inbox_activities::table)
        .values((
            inbox_activities::id.eq(format!("http://stub-00.localhost/activites/past-{number}")),
            inbox_activities::actor_uri.eq("http://stub-00.localhost/hub"),
            inbox_activities::kind.eq("Create:offer"),
            inbox_activities::state.eq("applied"),
            inbox_activities::body.eq(body),
            inbox_activities::received_at.eq(at.as_milliseconds()),
        ))
        .execute(tx)?;
    let last: String = outbox_activities::table
        .order(outbox_activities::id.desc())
        .limit(1)
        .select(outbox_activities::id)
        .first(tx)?;
    diesel::insert_into(deliveries::table)
        .values((
            deliveries::id.eq(&last),
            deliveries::origin.eq("http://past.localhost"),
            deliveries::inbox.eq("http://past.localhost/inbox"),
            deliveries::activity_id.eq(&last),
            deliveries::state.eq("done"),
            deliveries::created_at.eq(at.as_milliseconds()),
            deliveries::done_at.eq(at.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}
