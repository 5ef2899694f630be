//! Rows of reports.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::reports;
use crate::db::types::ROWS_MAX;
use crate::ids::MemberId;

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// UUIDv7.
    pub id: String,
    /// What is reported.
    pub uri: String,
    /// Its title as it read then.
    pub title: String,
    /// Its text as it read then.
    pub evidence: String,
    /// The member who reported; never told to the author.
    pub reporter: Option<MemberId>,
    /// The server a `Flag` came from.
    pub reporter_origin: Option<String>,
    /// Code of the reason, then the words of the person after a line break.
    pub reason: String,
    /// `open`, `kept`, `hidden` or `forwarded`.
    pub state: String,
    /// Reason given to the author.
    pub decision: Option<String>,
    /// Who decided.
    pub decided_by: Option<MemberId>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was decided.
    pub decided_at: Option<Instant>,
}

type Row = (
    String,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    i64,
    Option<i64>,
);

type Columns = (
    reports::id,
    reports::uri,
    reports::title,
    reports::evidence,
    reports::reporter_member,
    reports::reporter_origin,
    reports::reason,
    reports::state,
    reports::decision,
    reports::decided_by,
    reports::created_at,
    reports::decided_at,
);

const COLUMNS: Columns = (
    reports::id,
    reports::uri,
    reports::title,
    reports::evidence,
    reports::reporter_member,
    reports::reporter_origin,
    reports::reason,
    reports::state,
    reports::decision,
    reports::decided_by,
    reports::created_at,
    reports::decided_at,
);

fn report(row: Row) -> Report {
    let (id, uri, title, evidence, reporter, origin, reason, state, decision, by, made, decided) =
        row;
    Report {
        id,
        uri,
        title,
        evidence,
        reporter: reporter.map(MemberId::known),
        reporter_origin: origin,
        reason,
        state,
        decision,
        decided_by: by.map(MemberId::known),
        created_at: Instant::from_milliseconds(made),
        decided_at: decided.map(Instant::from_milliseconds),
    }
}

/// How many wait, up to the bound.
pub fn open_count(conn: &mut Conn) -> Result<u32, StoreError> {
    let ids: Vec<String> = reports::table
        .filter(reports::state.eq("open"))
        .order(reports::created_at)
        .limit(ROWS_MAX)
        .select(reports::id)
        .load(conn)?;
    Ok(u32::try_from(ids.len()).unwrap_or(u32::MAX))
}

/// Those that wait, oldest first.
pub fn open(conn: &mut Conn, limit: i64) -> Result<Vec<Report>, StoreError> {
    let rows: Vec<Row> = reports::table
        .filter(reports::state.eq("open"))
        .order((reports::created_at, reports::id))
        .limit(limit)
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(report).collect())
}

/// Those decided, newest first.
pub fn closed(conn: &mut Conn, limit: i64) -> Result<Vec<Report>, StoreError> {
    let rows: Vec<Row> = reports::table
        .filter(reports::state.ne("open"))
        .order((reports::decided_at.desc(), reports::id.desc()))
        .limit(limit)
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(report).collect())
}

/// Those that wait, oldest first, or those decided, newest first, after a place of the list.
pub fn page(
    conn: &mut Conn,
    open: bool,
    after: Option<(Instant, String)>,
    limit: i64,
) -> Result<Vec<Report>, StoreError> {
    let mut query = reports::table
        .limit(limit.clamp(1, ROWS_MAX))
        .select(COLUMNS)
        .into_boxed();
    if open {
        query = query
            .filter(reports::state.eq("open"))
            .order((reports::created_at.asc(), reports::id.asc()));
        if let Some((at, id)) = after {
            let at = at.as_milliseconds();
            let same = reports::created_at.eq(at).and(reports::id.gt(id));
            query = query.filter(reports::created_at.gt(at).or(same));
        }
    } else {
        query = query
            .filter(reports::state.ne("open"))
            .filter(reports::decided_at.is_not_null())
            .order((reports::decided_at.desc(), reports::id.desc()));
        if let Some((at, id)) = after {
            let decided = reports::decided_at.assume_not_null();
            let at = at.as_milliseconds();
            let same = decided.eq(at).and(reports::id.lt(id));
            query = query.filter(decided.lt(at).or(same));
        }
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(report).collect())
}

/// One report.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<Report>, StoreError> {
    let row: Option<Row> = reports::table
        .filter(reports::id.eq(id))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(row.map(report))
}

/// Every report about one thing, oldest first.
pub fn about(conn: &mut Conn, uri: &str) -> Result<Vec<Report>, StoreError> {
    let rows: Vec<Row> = reports::table
        .filter(reports::uri.eq(uri))
        .order((reports::created_at, reports::id))
        .limit(ROWS_MAX)
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(report).collect())
}

/// Decides every open report about one thing; how many there were.
pub fn decide(
    tx: &mut Conn,
    uri: &str,
    state: &str,
    reason: &str,
    by: &MemberId,
    now: Instant,
) -> Result<usize, StoreError> {
    Ok(diesel::update(
        reports::table
            .filter(reports::uri.eq(uri))
            .filter(reports::state.eq("open")),
    )
    .set((
        reports::state.eq(state),
        reports::decision.eq(reason),
        reports::decided_by.eq(by.as_str()),
        reports::decided_at.eq(now.as_milliseconds()),
    ))
    .execute(tx)?)
}
