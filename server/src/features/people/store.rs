//! Rows of people.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{api_tokens, member_roles, members, sessions};
use crate::db::types::ROWS_MAX;
use crate::features::notifications;
use crate::features::people::Card;
use crate::features::people::rights::{Role, Roles};
use crate::http::identity::{Credential, SignedIn};
use crate::ids::MemberId;

/// The roles of a member; a stored word that names no role grants nothing.
pub fn roles(conn: &mut Conn, member: &MemberId) -> Result<Roles, StoreError> {
    let words: Vec<String> = member_roles::table
        .filter(member_roles::member_id.eq(member.as_str()))
        .order(member_roles::role)
        .limit(50)
        .select(member_roles::role)
        .load(conn)?;
    Ok(words
        .iter()
        .filter_map(|word| word.parse::<Role>().ok())
        .collect())
}

/// The member of a living session.
pub fn session(
    conn: &mut Conn,
    id_hash: &str,
    now: Instant,
) -> Result<Option<SignedIn>, StoreError> {
    let found: Option<(String, String, String, String)> = sessions::table
        .inner_join(members::table)
        .filter(sessions::id_hash.eq(id_hash))
        .filter(sessions::expires_at.gt(now.as_milliseconds()))
        .filter(members::state.eq("active"))
        .select((
            members::id,
            members::handle,
            members::display_name,
            sessions::csrf_secret,
        ))
        .first(conn)
        .optional()?;
    let Some((id, handle, name, csrf_token)) = found else {
        return Ok(None);
    };
    let id = MemberId::known(id);
    let roles = roles(conn, &id)?;
    let unread = notifications::unread(conn, &id)?;
    let credential = Credential::Session {
        id_hash: id_hash.to_owned(),
        csrf_token,
    };
    Ok(Some(SignedIn {
        id,
        handle,
        name,
        roles,
        unread,
        credential,
    }))
}

/// The member of a living bearer token.
pub fn token(conn: &mut Conn, secret_hash: &str) -> Result<Option<SignedIn>, StoreError> {
    let found: Option<(String, String, String, String)> = api_tokens::table
        .inner_join(members::table)
        .filter(api_tokens::secret_hash.eq(secret_hash))
        .filter(api_tokens::revoked_at.is_null())
        .filter(members::state.eq("active"))
        .select((
            members::id,
            members::handle,
            members::display_name,
            api_tokens::id,
        ))
        .first(conn)
        .optional()?;
    let Some((id, handle, name, token)) = found else {
        return Ok(None);
    };
    let id = MemberId::known(id);
    let roles = roles(conn, &id)?;
    Ok(Some(SignedIn {
        id,
        handle,
        name,
        roles,
        unread: 0,
        credential: Credential::Token { id: token },
    }))
}

/// The cards of members who did not leave.
pub fn cards(conn: &mut Conn, ids: &[&MemberId]) -> Result<Vec<Card>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    let rows: Vec<(String, String, bool)> = members::table
        .filter(members::id.eq_any(keys))
        .filter(members::state.ne("deleted"))
        .order(members::id)
        .limit(ROWS_MAX)
        .select((members::id, members::display_name, members::public_actor))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, public_actor)| Card {
            id: MemberId::known(id),
            name,
            public_actor,
        })
        .collect())
}
