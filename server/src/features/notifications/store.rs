//! Rows of notifications.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::schema::notifications;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::notifications::Notice;

/// Keeps a notice.
pub fn insert(tx: &mut Conn, id: &str, now: Instant, notice: &Notice<'_>) -> Result<(), StoreError> {
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
