//! Rows of invitations and recoveries beyond the making and using of one.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{audit_events, invitations, members};
use crate::features::people::rights::Role;
use crate::ids::MemberId;

/// A recovery that waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Key of the recovery.
    pub id: String,
    /// Whose account comes back.
    pub member: MemberId,
    /// Their name.
    pub member_name: String,
    /// Who asked.
    pub asked_by: MemberId,
    /// Their name.
    pub asked_by_name: String,
    /// The reason given.
    pub reason: String,
    /// When it was asked.
    pub created_at: Instant,
}

/// Recoveries that wait for a second person, oldest first; at most 50.
pub fn waiting(conn: &mut Conn, now: Instant) -> Result<Vec<Waiting>, StoreError> {
    type Row = (String, Option<String>, String, Option<String>, i64);
    let rows: Vec<Row> = invitations::table
        .filter(invitations::purpose.eq("recovery"))
        .filter(invitations::state.eq("open"))
        .filter(invitations::needs_second.eq(true))
        .filter(invitations::approved_by.is_null())
        .filter(invitations::expires_at.gt(now.as_milliseconds()))
        .order((invitations::created_at, invitations::id))
        .limit(50)
        .select((
            invitations::id,
            invitations::member_id,
            invitations::display_name,
            invitations::created_by,
            invitations::created_at,
        ))
        .load(conn)?;
    let mut found = Vec::with_capacity(rows.len());
    for (id, member, member_name, asked_by, created_at) in rows {
        let (Some(member), Some(asked_by)) = (member, asked_by) else {
            continue; // the operator's own need nobody
        };
        let asked_by_name = name(conn, &asked_by)?.unwrap_or_default();
        let reason = reason(conn, &id)?.unwrap_or_default();
        found.push(Waiting {
            id,
            member: MemberId::known(member),
            member_name,
            asked_by: MemberId::known(asked_by),
            asked_by_name,
            reason,
            created_at: Instant::from_milliseconds(created_at),
        });
    }
    Ok(found)
}

fn reason(conn: &mut Conn, recovery: &str) -> Result<Option<String>, StoreError> {
    let found: Option<Option<String>> = audit_events::table
        .filter(audit_events::subject_kind.eq("invitation"))
        .filter(audit_events::subject_id.eq(recovery))
        .filter(audit_events::command.eq("member_recover"))
        .select(audit_events::reason)
        .first(conn)
        .optional()?;
    Ok(found.flatten())
}

/// The name of a member.
pub fn name(conn: &mut Conn, member: &str) -> Result<Option<String>, StoreError> {
    Ok(members::table
        .filter(members::id.eq(member))
        .select(members::display_name)
        .first(conn)
        .optional()?)
}

/// Marks a recovery as approved; `false` when it no longer waits.
pub fn approve(tx: &mut Conn, id: &str, by: &MemberId) -> Result<bool, StoreError> {
    let changed = diesel::update(
        invitations::table
            .filter(invitations::id.eq(id))
            .filter(invitations::state.eq("open"))
            .filter(invitations::approved_by.is_null()),
    )
    .set(invitations::approved_by.eq(by.as_str()))
    .execute(tx)?;
    Ok(changed == 1)
}

/// Ends an open invitation or recovery without use; `false` when it is over.
pub fn revoke(tx: &mut Conn, id: &str) -> Result<bool, StoreError> {
    let changed = diesel::update(
        invitations::table
            .filter(invitations::id.eq(id))
            .filter(invitations::state.eq("open")),
    )
    .set(invitations::state.eq("revoked"))
    .execute(tx)?;
    Ok(changed == 1)
}

/// Ends every open recovery of a member.
pub fn revoke_recoveries(tx: &mut Conn, member: &MemberId) -> Result<usize, StoreError> {
    Ok(diesel::update(
        invitations::table
            .filter(invitations::member_id.eq(member.as_str()))
            .filter(invitations::purpose.eq("recovery"))
            .filter(invitations::state.eq("open")),
    )
    .set(invitations::state.eq("revoked"))
    .execute(tx)?)
}

/// Ends every open invitation that a member made.
pub fn revoke_made_by(tx: &mut Conn, member: &MemberId) -> Result<usize, StoreError> {
    Ok(diesel::update(
        invitations::table
            .filter(invitations::created_by.eq(member.as_str()))
            .filter(invitations::state.eq("open")),
    )
    .set(invitations::state.eq("revoked"))
    .execute(tx)?)
}

/// An invitation as the administration lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    /// UUIDv7.
    pub id: String,
    /// `join` or `recovery`.
    pub purpose: String,
    /// For whom.
    pub name: String,
    /// Name of who invited; empty for the operator.
    pub by: String,
    /// Role it gives.
    pub role: Option<Role>,
    /// `open`, `used` or `revoked`.
    pub state: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
}

/// Invitations, newest first, after a place of the list.
pub fn page(
    conn: &mut Conn,
    after: Option<(Instant, String)>,
    limit: i64,
) -> Result<Vec<InvitationRow>, StoreError> {
    type Row = (
        String,
        String,
        String,
        Option<String>,
        String,
        String,
        i64,
        i64,
    );
    let mut query = invitations::table
        .order((invitations::created_at.desc(), invitations::id.desc()))
        .limit(limit)
        .select((
            invitations::id,
            invitations::purpose,
            invitations::display_name,
            invitations::created_by,
            invitations::role,
            invitations::state,
            invitations::created_at,
            invitations::expires_at,
        ))
        .into_boxed();
    if let Some((at, id)) = after {
        let at = at.as_milliseconds();
        query = query.filter(
            invitations::created_at
                .lt(at)
                .or(invitations::created_at.eq(at).and(invitations::id.lt(id))),
        );
    }
    let rows: Vec<Row> = query.load(conn)?;
    let mut found = Vec::with_capacity(rows.len());
    for (id, purpose, display_name, by, role, state, created_at, expires_at) in rows {
        let by = match by {
            Some(by) => name(conn, &by)?.unwrap_or_default(),
            None => String::new(),
        };
        found.push(InvitationRow {
            id,
            purpose,
            name: display_name,
            by,
            role: role.parse().ok(),
            state,
            created_at: Instant::from_milliseconds(created_at),
            expires_at: Instant::from_milliseconds(expires_at),
        });
    }
    Ok(found)
}

/// How many invitations may still be used.
pub fn open_count(conn: &mut Conn, now: Instant) -> Result<i64, StoreError> {
    Ok(invitations::table
        .filter(invitations::state.eq("open"))
        .filter(invitations::expires_at.gt(now.as_milliseconds()))
        .count()
        .get_result(conn)?)
}
