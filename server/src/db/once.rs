//! A form tapped twice, an API call repeated: done once, answered the same.
//!
//! The token of the first showing (`_once`) or the header `Idempotency-Key` is stored in the
//! transaction of the effect, with the answer; a repetition finds the answer and changes nothing.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::idempotency;

/// Longest token taken in, in bytes.
pub const KEY_BYTES_MAX: usize = 100;

/// The answer that a token got before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// Where it led, for a form.
    pub location: Option<String>,
    /// JSON, for the API.
    pub body: Option<String>,
}

/// Claims a token inside the transaction of the effect.
///
/// `None`: it is new, go on. `Some`: this was done before, answer the same. `scope` keeps tokens of
/// different members and routes apart. An empty token claims nothing.
///
/// # Errors
/// Those of the store.
pub fn claim(
    tx: &mut Conn,
    scope: &str,
    token: &str,
    now: Instant,
) -> Result<Option<Answered>, StoreError> {
    if token.is_empty() || token.len() > KEY_BYTES_MAX {
        return Ok(None);
    }
    let key = format!("{scope}:{token}");
    let inserted = Both(
        diesel::insert_into(idempotency::table)
            .values((
                idempotency::key.eq(&key),
                idempotency::status.eq(0),
                idempotency::created_at.eq(now.as_milliseconds()),
            ))
            .on_conflict(idempotency::key)
            .do_nothing(),
    )
    .execute(tx)?;
    if inserted == 1 {
        return Ok(None);
    }
    let (status, location, body) = idempotency::table
        .filter(idempotency::key.eq(&key))
        .select((
            idempotency::status,
            idempotency::location,
            idempotency::body,
        ))
        .first::<(i32, Option<String>, Option<String>)>(tx)?;
    Ok(Some(Answered {
        status: u16::try_from(status).unwrap_or(0),
        location,
        body,
    }))
}

/// The answer that a token got before, without claiming it: for a change that has to ask another
/// server first, which a repetition shall not.
///
/// # Errors
/// Those of the store.
pub fn find(conn: &mut Conn, scope: &str, token: &str) -> Result<Option<Answered>, StoreError> {
    if token.is_empty() || token.len() > KEY_BYTES_MAX {
        return Ok(None);
    }
    let row: Option<(i32, Option<String>, Option<String>)> = idempotency::table
        .filter(idempotency::key.eq(format!("{scope}:{token}")))
        .select((
            idempotency::status,
            idempotency::location,
            idempotency::body,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(status, location, body)| Answered {
        status: u16::try_from(status).unwrap_or(0),
        location,
        body,
    }))
}

/// Keeps the answer beside its token, in the same transaction as [`claim`].
///
/// # Errors
/// Those of the store.
pub fn answered(
    tx: &mut Conn,
    scope: &str,
    token: &str,
    answer: &Answered,
) -> Result<(), StoreError> {
    if token.is_empty() || token.len() > KEY_BYTES_MAX {
        return Ok(());
    }
    diesel::update(idempotency::table.filter(idempotency::key.eq(format!("{scope}:{token}"))))
        .set((
            idempotency::status.eq(i32::from(answer.status)),
            idempotency::location.eq(answer.location.as_deref()),
            idempotency::body.eq(answer.body.as_deref()),
        ))
        .execute(tx)?;
    Ok(())
}

/// Forgets the oldest answers given before `before`, at most `limit`; how many they were.
///
/// # Errors
/// Those of the store.
pub fn forget(tx: &mut Conn, before: Instant, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<String> = idempotency::table
        .filter(idempotency::created_at.lt(before.as_milliseconds()))
        .order(idempotency::created_at)
        .limit(limit)
        .select(idempotency::key)
        .load(tx)?;
    Ok(diesel::delete(idempotency::table.filter(idempotency::key.eq_any(old))).execute(tx)?)
}
