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
