//! Polls as this hub follows them.

use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_federation::governance::hash::ObjectHash;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::gov_polls;
use crate::db::types::ROWS_MAX;
use crate::features::votes::model::PollState;

/// One poll as this hub follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct PollRow {
    /// Its name.
    pub hash: ObjectHash,
    /// Id of the hub that opened it.
    pub author: String,
    /// Its title.
    pub title: String,
    /// Word of its effect.
    pub effect: String,
    /// When screens open it.
    pub opens_at: Instant,
    /// When hubs seal.
    pub closes_at: Instant,
    /// When it came here.
    pub received_at: Instant,
    /// From when an adopted effect binds.
    pub effective_at: Instant,
    /// Unit of the time-outs, in milliseconds.
    pub round_ms: i64,
    /// A register object that it should have listed.
    pub stale: Option<ObjectHash>,
    /// How far it is.
    pub state: PollState,
    /// What it came to, once certified.
    pub outcome: Option<String>,
    /// Names the last step that stored something.
    pub step: String,
    /// How many objects are held for it.
    pub places: i64,
    /// When it is next compared with others; none once certified.
    pub gossip_at: Option<Instant>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = gov_polls)]
struct Row {
    hash: String,
    author: String,
    title: String,
    effect: String,
    opens_at: i64,
    closes_at: i64,
    received_at: i64,
    effective_at: i64,
    round_ms: i64,
    stale: Option<String>,
    state: String,
    outcome: Option<String>,
    step: String,
    places: i64,
    gossip_at: Option<i64>,
}

impl TryFrom<Row> for PollRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let broken = || StoreError::broken("a stored poll has a hash or a state that is none");
        let hash = |text: &str| ObjectHash::parse(text).ok_or_else(broken);
        Ok(Self {
            hash: hash(&row.hash)?,
            author: row.author,
            title: row.title,
            effect: row.effect,
            opens_at: Instant::from_milliseconds(row.opens_at),
            closes_at: Instant::from_milliseconds(row.closes_at),
            received_at: Instant::from_milliseconds(row.received_at),
            effective_at: Instant::from_milliseconds(row.effective_at),
            round_ms: row.round_ms,
            stale: row.stale.as_deref().map(hash).transpose()?,
            state: PollState::parse(&row.state).ok_or_else(broken)?,
            outcome: row.outcome,
            step: row.step,
            places: row.places,
            gossip_at: row.gossip_at.map(Instant::from_milliseconds),
        })
    }
}

/// Adds a poll.
pub(in super::super) fn insert(tx: &mut Conn, poll: &PollRow) -> Result<(), StoreError> {
    diesel::insert_into(gov_polls::table)
        .values((
            gov_polls::hash.eq(poll.hash.to_string()),
            gov_polls::author.eq(&poll.author),
            gov_polls::title.eq(&poll.title),
            gov_polls::effect.eq(&poll.effect),
            gov_polls::opens_at.eq(poll.opens_at.as_milliseconds()),
            gov_polls::closes_at.eq(poll.closes_at.as_milliseconds()),
            gov_polls::received_at.eq(poll.received_at.as_milliseconds()),
            gov_polls::effective_at.eq(poll.effective_at.as_milliseconds()),
            gov_polls::round_ms.eq(poll.round_ms),
            gov_polls::stale.eq(poll.stale.map(|hash| hash.to_string())),
            gov_polls::state.eq(poll.state.as_str()),
            gov_polls::outcome.eq(&poll.outcome),
            gov_polls::step.eq(&poll.step),
            gov_polls::places.eq(poll.places),
            gov_polls::gossip_at.eq(poll.gossip_at.map(Instant::as_milliseconds)),
        ))
        .execute(tx)?;
    Ok(())
}

/// One poll.
pub(in super::super) fn find(
    conn: &mut Conn,
    hash: ObjectHash,
) -> Result<Option<PollRow>, StoreError> {
    let row: Option<Row> = gov_polls::table
        .find(hash.to_string())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(PollRow::try_from).transpose()
}

/// One poll, held against every other step of it until the transaction ends: the writing thread of
/// SQLite does it by itself. Source: votes.md 4.9, « several server processes on one database ».
pub(in super::super) fn lock(
    tx: &mut Conn,
    hash: ObjectHash,
) -> Result<Option<PollRow>, StoreError> {
    if let Conn::Pg(conn) = tx {
        let _locked: Option<String> = gov_polls::table
            .find(hash.to_string())
            .select(gov_polls::hash)
            .for_update()
            .first(conn)
            .optional()?;
    }
    find(tx, hash)
}

/// Writes what a step changed.
pub(in super::super) fn stepped(tx: &mut Conn, poll: &PollRow) -> Result<(), StoreError> {
    diesel::update(gov_polls::table.find(poll.hash.to_string()))
        .set((
            gov_polls::state.eq(poll.state.as_str()),
            gov_polls::outcome.eq(&poll.outcome),
            gov_polls::step.eq(&poll.step),
            gov_polls::places.eq(poll.places),
        ))
        .execute(tx)?;
    Ok(())
}

/// Notes when it is next compared with others.
pub(in super::super) fn gossip_at(
    tx: &mut Conn,
    hash: ObjectHash,
    at: Option<Instant>,
) -> Result<(), StoreError> {
    diesel::update(gov_polls::table.find(hash.to_string()))
        .set(gov_polls::gossip_at.eq(at.map(Instant::as_milliseconds)))
        .execute(tx)?;
    Ok(())
}

/// Polls, those that close last first, after one of them.
pub(in super::super) fn page(
    conn: &mut Conn,
    after: Option<(Instant, ObjectHash)>,
    limit: i64,
) -> Result<Vec<PollRow>, StoreError> {
    let mut query = gov_polls::table
        .order((gov_polls::closes_at.desc(), gov_polls::hash.desc()))
        .limit(limit.clamp(1, ROWS_MAX))
        .select(Row::as_select())
        .into_boxed();
    if let Some((at, hash)) = after {
        let at = at.as_milliseconds();
        let same = gov_polls::closes_at
            .eq(at)
            .and(gov_polls::hash.lt(hash.to_string()));
        query = query.filter(gov_polls::closes_at.lt(at).or(same));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(PollRow::try_from).collect()
}

/// Polls that are not certified here, the first to close first; at most 500.
pub(in super::super) fn live(conn: &mut Conn) -> Result<Vec<PollRow>, StoreError> {
    let rows: Vec<Row> = gov_polls::table
        .filter(gov_polls::state.ne(PollState::Certified.as_str()))
        .order((gov_polls::closes_at, gov_polls::hash))
        .limit(ROWS_MAX)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(PollRow::try_from).collect()
}

/// How many polls of one author are not certified here.
pub(in super::super) fn count_live_of(conn: &mut Conn, author: &str) -> Result<i64, StoreError> {
    Ok(gov_polls::table
        .filter(gov_polls::author.eq(author))
        .filter(gov_polls::state.ne(PollState::Certified.as_str()))
        .count()
        .get_result(conn)?)
}

/// Adopted polls with an effect on the register or the rules that bind by an instant; at most 500,
/// in the order in which they apply (votes.md 6.4).
pub(in super::super) fn binding(
    conn: &mut Conn,
    effects: &[&str],
    by: Instant,
) -> Result<Vec<PollRow>, StoreError> {
    let rows: Vec<Row> = gov_polls::table
        .filter(gov_polls::effect.eq_any(effects))
        .filter(gov_polls::outcome.eq("adopted"))
        .filter(gov_polls::effective_at.le(by.as_milliseconds()))
        .order((gov_polls::closes_at, gov_polls::hash))
        .limit(ROWS_MAX)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(PollRow::try_from).collect()
}
