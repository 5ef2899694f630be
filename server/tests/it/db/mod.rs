//! The database on the engine this run is for; what exists on SQLite only is tested in every run.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "helpers of tests may stop a test, and spawn"
)]

mod backup;
mod connections;
mod crash;
mod jobs;
mod keeping;
mod opening;
mod pages;
mod plans;
mod presence;
mod schema;
mod search;
mod values;
mod writing;

use diesel::prelude::*;
use diesel::sql_types::Text;
use interkpa_server::db::conn::Conn;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::per_backend::Both;
use interkpa_server::db::schema::{counters, deliveries, outbox_activities};

/// Adds a counter row unless it is there. True when it is new.
pub(crate) fn count_once(conn: &mut Conn, bucket: &str) -> Result<bool, StoreError> {
    let row = (
        counters::bucket.eq(bucket),
        counters::window_start.eq(0_i64),
        counters::count.eq(1_i64),
    );
    let insert = diesel::insert_into(counters::table)
        .values(row)
        .on_conflict_do_nothing();
    Ok(Both(insert).execute(conn)? == 1)
}

/// The buckets that were written, in order.
pub(crate) fn buckets(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    Ok(counters::table
        .select(counters::bucket)
        .order(counters::bucket)
        .load(conn)?)
}

/// A delivery of an activity that may not exist.
pub(crate) fn add_delivery(conn: &mut Conn, id: &str, activity: &str) -> Result<(), StoreError> {
    let row = (
        deliveries::id.eq(id),
        deliveries::origin.eq("https://hub.example"),
        deliveries::inbox.eq("https://hub.example/inbox"),
        deliveries::activity_id.eq(activity),
        deliveries::state.eq("waiting"),
        deliveries::created_at.eq(0_i64),
    );
    diesel::insert_into(deliveries::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// An activity to be delivered.
pub(crate) fn add_activity(conn: &mut Conn, id: &str) -> Result<(), StoreError> {
    let row = (
        outbox_activities::id.eq(id),
        outbox_activities::uri.eq(format!("https://own.example/activites/{id}")),
        outbox_activities::actor_uri.eq("https://own.example/hub"),
        outbox_activities::kind.eq("Create"),
        outbox_activities::public.eq(true),
        outbox_activities::body.eq("{}"),
        outbox_activities::created_at.eq(0_i64),
    );
    diesel::insert_into(outbox_activities::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The one text an expression gives.
pub(crate) fn text(conn: &mut Conn, sql: &str) -> Result<String, StoreError> {
    Ok(diesel::select(diesel::dsl::sql::<Text>(sql)).get_result(conn)?)
}
