//! The row of a member who leaves: it stays for what refers to it, and says nothing any more.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{member_profiles, member_roles, members};
use crate::features::people::FORMER_MEMBER;
use crate::ids::MemberId;

/// Whether others can follow the member.
pub fn is_public(conn: &mut Conn, id: &MemberId) -> Result<bool, StoreError> {
    Ok(members::table
        .find(id.as_str())
        .select(members::public_actor)
        .first(conn)?)
}

/// Empties the row and takes away what hangs on it.
pub fn empty(tx: &mut Conn, id: &MemberId, now: Instant) -> Result<(), StoreError> {
    // A handle of its own that nobody can type and nobody gets again.
    let handle = format!("-{id}");
    diesel::update(members::table.find(id.as_str()))
        .set((
            members::handle.eq(handle),
            members::display_name.eq(FORMER_MEMBER),
            members::password_hash.eq(None::<String>),
            members::phone.eq(None::<String>),
            members::email.eq(None::<String>),
            members::bio.eq(""),
            members::languages.eq(""),
            members::town.eq(None::<String>),
            members::public_actor.eq(false),
            members::state.eq("deleted"),
            members::rev.eq(members::rev + 1),
            members::updated_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    diesel::delete(member_profiles::table.find(id.as_str())).execute(tx)?;
    diesel::delete(member_roles::table.filter(member_roles::member_id.eq(id.as_str())))
        .execute(tx)?;
    Ok(())
}
