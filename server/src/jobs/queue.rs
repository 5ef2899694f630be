//! The table of jobs. The claim is the one place with row locks of PostgreSQL.

use diesel::prelude::*;
use interkpa_federation::{Instant, Span};
use serde_json::Value;

use crate::db::among::among;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::jobs;
use crate::db::types::ROWS_MAX;
use crate::jobs::job::NewJob;

/// How long a claimed job is left alone. A runner stops an attempt well before.
pub const LEASE: Span = Span::minutes(10);
/// Longest text of an error kept, in characters.
const ERROR_LETTERS_MAX: usize = 500;

/// A job that this process may run until its lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// Its id.
    pub id: String,
    /// Name of its kind.
    pub kind: String,
    /// What it was enqueued with.
    pub payload: Value,
    /// 1 for the first attempt.
    pub attempt: u16,
}

/// A job nobody will run any more unless somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct DeadJob {
    /// Its id.
    pub id: String,
    /// Name of its kind.
    pub kind: String,
    /// JSON it was enqueued with.
    pub payload: String,
    /// How often it was tried.
    pub attempts: i32,
    /// What went wrong the last time.
    pub last_error: Option<String>,
    /// When it was enqueued, milliseconds UTC.
    pub created_at: i64,
}

/// Adds a job to what the transaction writes. `false` when its unique key is already waiting.
///
/// # Errors
/// See [`StoreError`].
pub fn enqueue(conn: &mut Conn, job: &NewJob) -> Result<bool, StoreError> {
    let row = (
        jobs::id.eq(&job.id),
        jobs::kind.eq(job.kind),
        jobs::payload.eq(job.payload.to_string()),
        jobs::run_at.eq(job.run_at.as_milliseconds()),
        jobs::unique_key.eq(&job.unique_key),
        jobs::created_at.eq(job.created_at.as_milliseconds()),
    );
    let insert = diesel::insert_into(jobs::table)
        .values(row)
        .on_conflict(jobs::unique_key)
        .do_nothing();
    Ok(Both(insert).execute(conn)? == 1)
}

#[diesel::dsl::auto_type]
fn free<'a>(kinds: &'a [&'static str], now: i64) -> _ {
    jobs::table
        .filter(jobs::state.eq("waiting"))
        .filter(jobs::kind.eq_any(kinds))
        .filter(jobs::lease_until.is_null().or(jobs::lease_until.le(now)))
}

#[diesel::dsl::auto_type]
fn due<'a>(kinds: &'a [&'static str], now: i64, limit: i64) -> _ {
    let free: free<'a> = free(kinds, now);
    free.filter(jobs::run_at.le(now))
        .select(jobs::id)
        .order((jobs::run_at, jobs::id))
        .limit(limit)
}

/// Takes up to `limit` due jobs of these kinds, oldest first, for [`LEASE`] in the name of the
/// process `owner`. Inside `Store::write`: the writing thread of SQLite or the row locks of
/// PostgreSQL keep two runners apart.
///
/// # Errors
/// See [`StoreError`].
pub fn claim(
    conn: &mut Conn,
    owner: &str,
    kinds: &[&'static str],
    now: Instant,
    limit: i64,
) -> Result<Vec<Claimed>, StoreError> {
    let at = now.as_milliseconds();
    let ids: Vec<String> = match conn {
        Conn::Sqlite(conn) => due(kinds, at, limit).load(conn)?,
        Conn::Pg(conn) => due(kinds, at, limit)
            .for_update()
            .skip_locked()
            .load(conn)?,
    };
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: Vec<(String, String, String, i32)> =
        diesel::update(jobs::table.filter(among(conn, jobs::id, &ids)))
            .set((
                jobs::lease_owner.eq(owner),
                jobs::lease_until.eq((now + LEASE).as_milliseconds()),
                jobs::attempts.eq(jobs::attempts + 1),
            ))
            .returning((jobs::id, jobs::kind, jobs::payload, jobs::attempts))
            .get_results(conn)?;
    rows.sort_by_key(|(id, ..)| ids.iter().position(|other| other == id));
    Ok(rows.into_iter().map(claimed).collect())
}

/// A payload that is no JSON reaches its handler as null, which refuses it: the job dies alone.
fn claimed((id, kind, payload, attempts): (String, String, String, i32)) -> Claimed {
    let payload = serde_json::from_str(&payload).unwrap_or(Value::Null);
    let attempt = u16::try_from(attempts).unwrap_or(u16::MAX);
    Claimed {
        id,
        kind,
        payload,
        attempt,
    }
}

/// When the next job of these kinds that nobody holds is due; in the past when one is due now.
///
/// # Errors
/// See [`StoreError`].
pub fn next_due(
    conn: &mut Conn,
    kinds: &[&'static str],
    now: Instant,
) -> Result<Option<Instant>, StoreError> {
    let next: Option<i64> = free(kinds, now.as_milliseconds())
        .select(jobs::run_at)
        .order((jobs::run_at, jobs::id))
        .first(conn)
        .optional()?;
    Ok(next.map(Instant::from_milliseconds))
}

/// The claimed job, if the claim still holds: after its lease another runner may have taken it.
#[expect(clippy::elidable_lifetime_names, reason = "auto_type wants it named")]
#[diesel::dsl::auto_type]
fn held<'a>(id: &'a str, attempt: i32) -> _ {
    jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::attempts.eq(attempt))
}

/// Removes a job that succeeded.
///
/// # Errors
/// See [`StoreError`].
pub fn finish(conn: &mut Conn, job: &Claimed) -> Result<(), StoreError> {
    diesel::delete(held(&job.id, i32::from(job.attempt))).execute(conn)?;
    Ok(())
}

/// Gives a job back, to be tried again at `run_at`.
///
/// # Errors
/// See [`StoreError`].
pub fn retry_at(
    conn: &mut Conn,
    job: &Claimed,
    run_at: Instant,
    error: &str,
) -> Result<(), StoreError> {
    diesel::update(held(&job.id, i32::from(job.attempt)))
        .set((
            jobs::run_at.eq(run_at.as_milliseconds()),
            jobs::lease_owner.eq(None::<String>),
            jobs::lease_until.eq(None::<i64>),
            jobs::last_error.eq(shortened(error)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Keeps a job as dead. Its unique key is free again: the same work may be enqueued anew.
///
/// # Errors
/// See [`StoreError`].
pub fn bury(conn: &mut Conn, job: &Claimed, error: &str) -> Result<(), StoreError> {
    diesel::update(held(&job.id, i32::from(job.attempt)))
        .set((
            jobs::state.eq("dead"),
            jobs::lease_owner.eq(None::<String>),
            jobs::lease_until.eq(None::<i64>),
            jobs::unique_key.eq(None::<String>),
            jobs::last_error.eq(shortened(error)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The processes that hold jobs, but `me`.
///
/// # Errors
/// See [`StoreError`].
pub fn holders(conn: &mut Conn, me: &str) -> Result<Vec<String>, StoreError> {
    Ok(jobs::table
        .filter(jobs::lease_owner.is_not_null())
        .filter(jobs::lease_owner.ne(me))
        .select(jobs::lease_owner.assume_not_null())
        .distinct()
        .limit(ROWS_MAX)
        .load(conn)?)
}

/// Gives back what a process held that is no more. Its attempts stay counted: a job that ends its
/// process each time is given up in the end.
///
/// # Errors
/// See [`StoreError`].
pub fn free_of(conn: &mut Conn, owner: &str) -> Result<usize, StoreError> {
    let held = jobs::table.filter(jobs::lease_owner.eq(owner));
    Ok(diesel::update(held)
        .set((
            jobs::lease_owner.eq(None::<String>),
            jobs::lease_until.eq(None::<i64>),
        ))
        .execute(conn)?)
}

fn shortened(error: &str) -> String {
    error
        .chars()
        .filter(|c| *c != '\0')
        .take(ERROR_LETTERS_MAX)
        .collect()
}

/// A page of dead jobs, the latest first; `before` is the id of the last one shown.
///
/// # Errors
/// See [`StoreError`].
pub fn dead(conn: &mut Conn, before: Option<&str>, limit: i64) -> Result<Vec<DeadJob>, StoreError> {
    let mut query = jobs::table
        .filter(jobs::state.eq("dead"))
        .select(DeadJob::as_select())
        .order(jobs::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(jobs::id.lt(before));
    }
    Ok(query.load(conn)?)
}

/// Lets a dead job be tried again from its first attempt on.
///
/// # Errors
/// [`StoreError::NotFound`] when no dead job has that id.
pub fn revive(conn: &mut Conn, id: &str, now: Instant) -> Result<(), StoreError> {
    let dead = jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::state.eq("dead"));
    let changed = diesel::update(dead)
        .set((
            jobs::state.eq("waiting"),
            jobs::attempts.eq(0),
            jobs::run_at.eq(now.as_milliseconds()),
        ))
        .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::NotFound)
    }
}
