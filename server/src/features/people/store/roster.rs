//! Rows of members as the team sees them: lists, roles, states.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{member_roles, members, sessions};
use crate::features::people::Reach;
use crate::features::people::rights::{Role, Roles};
use crate::features::people::store::roles;
use crate::ids::MemberId;

/// A member as the team sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Local key.
    pub id: MemberId,
    /// Name people read.
    pub name: String,
    /// Handle in this hub.
    pub handle: String,
    /// `invited`, `active`, `suspended` or `deleted`.
    pub state: String,
    /// Roles held now.
    pub roles: Roles,
    /// Last use of a session.
    pub seen_at: Option<Instant>,
}

/// Members whose account is not deleted, by handle after one of them. `words` is part of a handle
/// or a name, lower case.
pub fn page(
    conn: &mut Conn,
    words: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<MemberRow>, StoreError> {
    let mut query = members::table
        .filter(members::state.ne("deleted"))
        .order(members::handle)
        .limit(limit)
        .select((
            members::id,
            members::display_name,
            members::handle,
            members::state,
        ))
        .into_boxed();
    if !words.is_empty() {
        let escaped = words
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let pattern = format!("%{escaped}%");
        let named = members::display_name.like(pattern.clone()).escape('\\');
        query = query.filter(members::handle.like(pattern).escape('\\').or(named));
    }
    if let Some(after) = after {
        query = query.filter(members::handle.gt(after.to_owned()));
    }
    let rows: Vec<Named> = query.load(conn)?;
    rows.into_iter().map(|row| member_row(conn, row)).collect()
}

/// Key, name, handle, state.
type Named = (String, String, String, String);

fn member_row(conn: &mut Conn, row: Named) -> Result<MemberRow, StoreError> {
    let (id, name, handle, state) = row;
    let id = MemberId::known(id);
    let seen: Option<i64> = sessions::table
        .filter(sessions::member_id.eq(id.as_str()))
        .select(diesel::dsl::max(sessions::seen_at))
        .first(conn)?;
    Ok(MemberRow {
        roles: roles(conn, &id)?,
        id,
        name,
        handle,
        state,
        seen_at: seen.map(Instant::from_milliseconds),
    })
}

/// One member whose account is not deleted.
pub fn find(conn: &mut Conn, id: &MemberId) -> Result<Option<MemberRow>, StoreError> {
    let row: Option<Named> = members::table
        .find(id.as_str())
        .filter(members::state.ne("deleted"))
        .select((
            members::id,
            members::display_name,
            members::handle,
            members::state,
        ))
        .first(conn)
        .optional()?;
    row.map(|row| member_row(conn, row)).transpose()
}

/// The member of a handle, whatever the state of the account.
pub fn id_of_handle(conn: &mut Conn, handle: &str) -> Result<Option<MemberId>, StoreError> {
    let id: Option<String> = members::table
        .filter(members::handle.eq(handle))
        .select(members::id)
        .first(conn)
        .optional()?;
    Ok(id.map(MemberId::known))
}

/// How many members have an account that works.
pub fn active_count(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(members::table
        .filter(members::state.eq("active"))
        .count()
        .get_result(conn)?)
}

/// Takes a role away; `false` when it was not held.
pub fn take_role(tx: &mut Conn, member: &MemberId, role: Role) -> Result<bool, StoreError> {
    let gone = diesel::delete(
        member_roles::table
            .filter(member_roles::member_id.eq(member.as_str()))
            .filter(member_roles::role.eq(role.as_str())),
    )
    .execute(tx)?;
    Ok(gone == 1)
}

/// The names of active members who hold a role, in their order, at most 50.
pub fn names_with(conn: &mut Conn, role: Role) -> Result<Vec<String>, StoreError> {
    Ok(member_roles::table
        .inner_join(members::table)
        .filter(member_roles::role.eq(role.as_str()))
        .filter(members::state.eq("active"))
        .order((members::display_name, members::id))
        .limit(50)
        .select(members::display_name)
        .load(conn)?)
}

/// How many active members but this one hold a role.
pub fn others_with(tx: &mut Conn, member: &MemberId, role: Role) -> Result<i64, StoreError> {
    Ok(member_roles::table
        .inner_join(members::table)
        .filter(member_roles::role.eq(role.as_str()))
        .filter(member_roles::member_id.ne(member.as_str()))
        .filter(members::state.eq("active"))
        .count()
        .get_result(tx)?)
}

/// Moves an account from one state to another; `false` when it was not in the first.
pub fn move_state(
    tx: &mut Conn,
    member: &MemberId,
    from: &str,
    to: &str,
    now: Instant,
) -> Result<bool, StoreError> {
    let changed = diesel::update(
        members::table
            .filter(members::id.eq(member.as_str()))
            .filter(members::state.eq(from)),
    )
    .set((
        members::state.eq(to),
        members::updated_at.eq(now.as_milliseconds()),
    ))
    .execute(tx)?;
    Ok(changed == 1)
}

/// Active members by handle, as a recovery chooses among them: key and name. At most 500.
pub fn names(conn: &mut Conn) -> Result<Vec<(MemberId, String, String)>, StoreError> {
    let rows: Vec<(String, String, String)> = members::table
        .filter(members::state.eq("active"))
        .order(members::handle)
        .limit(crate::db::types::ROWS_MAX)
        .select((members::id, members::display_name, members::handle))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, handle)| (MemberId::known(id), name, handle))
        .collect())
}

/// How to reach some active members.
pub fn reach(conn: &mut Conn, ids: &[&MemberId], now: Instant) -> Result<Vec<Reach>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    let rows: Vec<(String, String, Option<String>)> = members::table
        .filter(members::id.eq_any(&keys))
        .filter(members::state.eq("active"))
        .limit(crate::db::types::ROWS_MAX)
        .select((members::id, members::display_name, members::phone))
        .load(conn)?;
    let with_device: Vec<String> = sessions::table
        .filter(sessions::member_id.eq_any(&keys))
        .filter(sessions::expires_at.gt(now.as_milliseconds()))
        .select(sessions::member_id)
        .distinct()
        .limit(crate::db::types::ROWS_MAX)
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, phone)| Reach {
            has_device: with_device.contains(&id),
            id: MemberId::known(id),
            name,
            phone,
        })
        .collect())
}
