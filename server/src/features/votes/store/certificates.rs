//! Certified results: never deleted, never replaced (S13).

use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_federation::governance::hash::ObjectHash;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::gov_certificates;
use crate::db::types::ROWS_MAX;

/// A certified result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Certificate {
    /// The certified value, which names the decision everywhere.
    pub value: ObjectHash,
    /// Its poll.
    pub poll: ObjectHash,
    /// In which round it was signed.
    pub round: u64,
    /// The result, JSON as signed.
    pub result: String,
    /// When it was certified here.
    pub certified_at: Instant,
    /// When its effect was taken over here.
    pub applied_at: Option<Instant>,
    /// When a recount gave something else: no longer shown as certified.
    pub refuted_at: Option<Instant>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = gov_certificates)]
struct Row {
    value_hash: String,
    poll_hash: String,
    round: i64,
    result: String,
    certified_at: i64,
    applied_at: Option<i64>,
    refuted_at: Option<i64>,
}

impl TryFrom<Row> for Certificate {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let hash = |text: &str| {
            ObjectHash::parse(text)
                .ok_or_else(|| StoreError::broken("a stored certificate has a hash that is none"))
        };
        Ok(Self {
            value: hash(&row.value_hash)?,
            poll: hash(&row.poll_hash)?,
            round: u64::try_from(row.round).unwrap_or(0),
            result: row.result,
            certified_at: Instant::from_milliseconds(row.certified_at),
            applied_at: row.applied_at.map(Instant::from_milliseconds),
            refuted_at: row.refuted_at.map(Instant::from_milliseconds),
        })
    }
}

/// Adds a certificate: a second one of the same poll fails the transaction.
pub(in super::super) fn insert(tx: &mut Conn, new: &Certificate) -> Result<(), StoreError> {
    diesel::insert_into(gov_certificates::table)
        .values((
            gov_certificates::value_hash.eq(new.value.to_string()),
            gov_certificates::poll_hash.eq(new.poll.to_string()),
            gov_certificates::round.eq(i64::try_from(new.round).unwrap_or(i64::MAX)),
            gov_certificates::result.eq(&new.result),
            gov_certificates::certified_at.eq(new.certified_at.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// The certificate of a poll.
pub(in super::super) fn of_poll(
    conn: &mut Conn,
    poll: ObjectHash,
) -> Result<Option<Certificate>, StoreError> {
    let row: Option<Row> = gov_certificates::table
        .filter(gov_certificates::poll_hash.eq(poll.to_string()))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Certificate::try_from).transpose()
}

/// The certificate of a value.
pub(in super::super) fn of_value(
    conn: &mut Conn,
    value: ObjectHash,
) -> Result<Option<Certificate>, StoreError> {
    let row: Option<Row> = gov_certificates::table
        .find(value.to_string())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Certificate::try_from).transpose()
}

/// Certificates in the order of their value, after one of them.
pub(in super::super) fn page(
    conn: &mut Conn,
    after: Option<ObjectHash>,
    limit: i64,
) -> Result<Vec<Certificate>, StoreError> {
    let after = after.map(|hash| hash.to_string()).unwrap_or_default();
    let rows: Vec<Row> = gov_certificates::table
        .filter(gov_certificates::value_hash.gt(after))
        .order(gov_certificates::value_hash)
        .limit(limit.clamp(1, ROWS_MAX))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Certificate::try_from).collect()
}

/// Notes that an effect was taken over; true for the first time only (S10).
pub(in super::super) fn apply(
    tx: &mut Conn,
    value: ObjectHash,
    now: Instant,
) -> Result<bool, StoreError> {
    let fresh = gov_certificates::table
        .filter(gov_certificates::value_hash.eq(value.to_string()))
        .filter(gov_certificates::applied_at.is_null());
    let done = diesel::update(fresh)
        .set(gov_certificates::applied_at.eq(now.as_milliseconds()))
        .execute(tx)?;
    Ok(done == 1)
}

/// Notes what a recount says of a certificate: good, or refuted at an instant.
pub(in super::super) fn refute(
    tx: &mut Conn,
    value: ObjectHash,
    at: Option<Instant>,
) -> Result<(), StoreError> {
    diesel::update(gov_certificates::table.find(value.to_string()))
        .set(gov_certificates::refuted_at.eq(at.map(Instant::as_milliseconds)))
        .execute(tx)?;
    Ok(())
}
