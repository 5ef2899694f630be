//! Rows of notifications.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::notifications;
use crate::features::notifications::{Notice, UNREAD_MAX};
use crate::ids::MemberId;

/// Keeps a notice.
pub fn insert(
    tx: &mut Conn,
    id: &str,
    now: Instant,
    notice: &Notice<'_>,
) -> Result<(), StoreError> {
    let args = serde_json::json!({ "who": notice.who, "what": notice.what }).to_string();
    diesel::insert_into(notifications::table)
        .values((
            notifications::id.eq(id),
            notifications::member_id.eq(notice.member.as_str()),
            notifications::kind.eq(notice.happening.as_str()),
            notifications::args.eq(args),
            notifications::href.eq(notice.href),
            notifications::created_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// How many are unread, up to the bound: the cost does not grow with the table.
pub fn unread(conn: &mut Conn, member: &MemberId) -> Result<u32, StoreError> {
    let ids: Vec<String> = notifications::table
        .filter(notifications::member_id.eq(member.as_str()))
        .filter(notifications::read_at.is_null())
        .select(notifications::id)
        .order(notifications::id.desc())
        .limit(UNREAD_MAX)
        .load(conn)?;
    Ok(u32::try_from(ids.len()).unwrap_or(u32::MAX))
}

/// A notice as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// UUIDv7.
    pub id: String,
    /// Whose.
    pub member: MemberId,
    /// Word of the happening.
    pub kind: String,
    /// The other person.
    pub who: String,
    /// The thing it is about.
    pub what: String,
    /// Where it leads.
    pub href: String,
    /// When it happened.
    pub created_at: Instant,
    /// When the member read it.
    pub read_at: Option<Instant>,
    /// When somebody told the member.
    pub told_at: Option<Instant>,
    /// Who did.
    pub told_by: Option<MemberId>,
}

type Stored = (
    String,
    String,
    String,
    String,
    String,
    i64,
    Option<i64>,
    Option<i64>,
    Option<String>,
);

type Columns = (
    notifications::id,
    notifications::member_id,
    notifications::kind,
    notifications::args,
    notifications::href,
    notifications::created_at,
    notifications::read_at,
    notifications::told_at,
    notifications::told_by,
);

const COLUMNS: Columns = (
    notifications::id,
    notifications::member_id,
    notifications::kind,
    notifications::args,
    notifications::href,
    notifications::created_at,
    notifications::read_at,
    notifications::told_at,
    notifications::told_by,
);

fn row(stored: Stored) -> Row {
    let (id, member, kind, args, href, created_at, read_at, told_at, told_by) = stored;
    let args: serde_json::Value = serde_json::from_str(&args).unwrap_or_default();
    let text = |key: &str| {
        let value = args.get(key).and_then(serde_json::Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    Row {
        id,
        member: MemberId::known(member),
        kind,
        who: text("who"),
        what: text("what"),
        href,
        created_at: Instant::from_milliseconds(created_at),
        read_at: read_at.map(Instant::from_milliseconds),
        told_at: told_at.map(Instant::from_milliseconds),
        told_by: told_by.map(MemberId::known),
    }
}

/// What a member has not read, newest first, at most `limit`.
pub fn unread_page(conn: &mut Conn, member: &MemberId, limit: i64) -> Result<Vec<Row>, StoreError> {
    let stored: Vec<Stored> = notifications::table
        .filter(notifications::member_id.eq(member.as_str()))
        .filter(notifications::read_at.is_null())
        .order((notifications::created_at.desc(), notifications::id.desc()))
        .limit(limit)
        .select(COLUMNS)
        .load(conn)?;
    Ok(stored.into_iter().map(row).collect())
}

/// A member's notices, newest first, after a place of the list.
pub fn page(
    conn: &mut Conn,
    member: &MemberId,
    after: Option<(Instant, String)>,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let mut query = notifications::table
        .filter(notifications::member_id.eq(member.as_str()))
        .order((notifications::created_at.desc(), notifications::id.desc()))
        .limit(limit)
        .select(COLUMNS)
        .into_boxed();
    if let Some((at, id)) = after {
        let at = at.as_milliseconds();
        query = query.filter(
            notifications::created_at
                .lt(at)
                .or(notifications::created_at
                    .eq(at)
                    .and(notifications::id.lt(id))),
        );
    }
    let rows: Vec<Stored> = query.load(conn)?;
    Ok(rows.into_iter().map(row).collect())
}

/// Marks everything of a member as read.
pub fn read_all(tx: &mut Conn, member: &MemberId, now: Instant) -> Result<usize, StoreError> {
    Ok(diesel::update(
        notifications::table
            .filter(notifications::member_id.eq(member.as_str()))
            .filter(notifications::read_at.is_null()),
    )
    .set(notifications::read_at.eq(now.as_milliseconds()))
    .execute(tx)?)
}

/// What nobody read and nobody was told, oldest first; at most 500.
pub fn untold(conn: &mut Conn) -> Result<Vec<Row>, StoreError> {
    let rows: Vec<Stored> = notifications::table
        .filter(notifications::told_at.is_null())
        .filter(notifications::read_at.is_null())
        .order((notifications::created_at, notifications::id))
        .limit(crate::db::types::ROWS_MAX)
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(row).collect())
}

/// What was told since an instant, newest first.
pub fn told(conn: &mut Conn, since: Instant, limit: i64) -> Result<Vec<Row>, StoreError> {
    let rows: Vec<Stored> = notifications::table
        .filter(notifications::told_at.gt(since.as_milliseconds()))
        .order((notifications::told_at.desc(), notifications::id.desc()))
        .limit(limit)
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(row).collect())
}

/// Marks one notice as told; `false` when it was told or read before.
pub fn mark_told(tx: &mut Conn, id: &str, by: &MemberId, now: Instant) -> Result<bool, StoreError> {
    let changed = diesel::update(
        notifications::table
            .filter(notifications::id.eq(id))
            .filter(notifications::told_at.is_null())
            .filter(notifications::read_at.is_null()),
    )
    .set((
        notifications::told_at.eq(now.as_milliseconds()),
        notifications::told_by.eq(by.as_str()),
    ))
    .execute(tx)?;
    Ok(changed == 1)
}
