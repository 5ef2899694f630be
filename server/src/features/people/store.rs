//! Rows of people.

pub mod access;
pub mod account;
pub mod contact;
pub mod leaving;
pub mod roster;

use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_web::words::Audience;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::{
    api_tokens, invitations, member_profiles, member_roles, members, sessions,
};
use crate::db::types::ROWS_MAX;
use crate::features::notifications;
use crate::features::people::accounts::NewAccount;
use crate::features::people::profile::Consents;
use crate::features::people::rights::{Role, Roles};
use crate::features::people::{Card, PublicMember};
use crate::http::identity::{Credential, Scopes, SignedIn};
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

/// The member of a living session, and its last use.
pub fn session(
    conn: &mut Conn,
    id_hash: &str,
    now: Instant,
) -> Result<Option<(SignedIn, Instant)>, StoreError> {
    let found: Option<(String, String, String, String, i64)> = sessions::table
        .inner_join(members::table)
        .filter(sessions::id_hash.eq(id_hash))
        .filter(sessions::expires_at.gt(now.as_milliseconds()))
        .filter(members::state.eq("active"))
        .select((
            members::id,
            members::handle,
            members::display_name,
            sessions::csrf_secret,
            sessions::seen_at,
        ))
        .first(conn)
        .optional()?;
    let Some((id, handle, name, csrf_token, seen_at)) = found else {
        return Ok(None);
    };
    let id = MemberId::known(id);
    let roles = roles(conn, &id)?;
    let unread = notifications::unread(conn, &id)?;
    let credential = Credential::Session {
        id_hash: id_hash.to_owned(),
        csrf_token,
    };
    let signed_in = SignedIn {
        id,
        handle,
        name,
        roles,
        unread,
        credential,
    };
    Ok(Some((signed_in, Instant::from_milliseconds(seen_at))))
}

/// The member of a living bearer token, and the token's last use.
pub fn token(
    conn: &mut Conn,
    secret_hash: &str,
    now: Instant,
) -> Result<Option<(SignedIn, Option<Instant>)>, StoreError> {
    type Row = (String, String, String, String, String, Option<i64>);
    let found: Option<Row> = api_tokens::table
        .inner_join(members::table)
        .filter(api_tokens::secret_hash.eq(secret_hash))
        .filter(api_tokens::revoked_at.is_null())
        .filter(
            api_tokens::expires_at
                .is_null()
                .or(api_tokens::expires_at.gt(now.as_milliseconds())),
        )
        .filter(members::state.eq("active"))
        .select((
            members::id,
            members::handle,
            members::display_name,
            api_tokens::id,
            api_tokens::scopes,
            api_tokens::used_at,
        ))
        .first(conn)
        .optional()?;
    let Some((id, handle, name, token, scopes, used_at)) = found else {
        return Ok(None);
    };
    let id = MemberId::known(id);
    let roles = roles(conn, &id)?;
    let signed_in = SignedIn {
        id,
        handle,
        name,
        roles,
        unread: 0,
        credential: Credential::Token {
            id: token,
            scopes: Scopes::parse(&scopes),
        },
    };
    Ok(Some((signed_in, used_at.map(Instant::from_milliseconds))))
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

/// A row of `invitations` to write.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// UUIDv7.
    pub id: String,
    /// SHA-256 of the secret, hex.
    pub secret_hash: String,
    /// `join` or `recovery`.
    pub purpose: &'static str,
    /// Name typed by whoever invites.
    pub display_name: String,
    /// Whose account comes back, for a recovery.
    pub member_id: Option<MemberId>,
    /// Role given at use.
    pub role: Role,
    /// Who invites; the operator when none.
    pub created_by: Option<MemberId>,
    /// Whether a second person must agree first.
    pub needs_second: bool,
    /// When it was made.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
}

/// An invitation that may be used now.
#[derive(Debug, Clone)]
pub struct OpenInvitation {
    /// Key of the row.
    pub id: String,
    /// Name typed by whoever invited.
    pub display_name: String,
    /// Whose account comes back.
    pub member_id: Option<MemberId>,
    /// Role given at use.
    pub role: Role,
    /// Who invited.
    pub created_by: Option<MemberId>,
    /// Whether a second person agreed.
    pub approved: bool,
}

/// Writes an invitation.
pub fn insert_invitation(tx: &mut Conn, new: &NewInvitation) -> Result<(), StoreError> {
    diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(&new.id),
            invitations::secret_hash.eq(&new.secret_hash),
            invitations::purpose.eq(new.purpose),
            invitations::display_name.eq(&new.display_name),
            invitations::member_id.eq(new.member_id.as_ref().map(MemberId::as_str)),
            invitations::role.eq(new.role.as_str()),
            invitations::created_by.eq(new.created_by.as_ref().map(MemberId::as_str)),
            invitations::needs_second.eq(new.needs_second),
            invitations::state.eq("open"),
            invitations::created_at.eq(new.created_at.as_milliseconds()),
            invitations::expires_at.eq(new.expires_at.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// How many invitations of a person are open.
pub fn open_invitations(
    conn: &mut Conn,
    inviter: &MemberId,
    now: Instant,
) -> Result<i64, StoreError> {
    Ok(invitations::table
        .filter(invitations::created_by.eq(inviter.as_str()))
        .filter(invitations::state.eq("open"))
        .filter(invitations::expires_at.gt(now.as_milliseconds()))
        .count()
        .get_result(conn)?)
}

/// The invitation of a secret, if it may be used now: open, not past, approved where a second
/// person is needed, and its maker's account still active.
pub fn open_invitation(
    conn: &mut Conn,
    secret_hash: &str,
    purpose: &str,
    now: Instant,
) -> Result<Option<OpenInvitation>, StoreError> {
    type Row = (
        String,
        String,
        Option<String>,
        String,
        Option<String>,
        Option<String>,
    );
    let found: Option<Row> = invitations::table
        .filter(invitations::secret_hash.eq(secret_hash))
        .filter(invitations::purpose.eq(purpose))
        .filter(invitations::state.eq("open"))
        .filter(invitations::expires_at.gt(now.as_milliseconds()))
        .filter(
            invitations::needs_second
                .eq(false)
                .or(invitations::approved_by.is_not_null()),
        )
        .select((
            invitations::id,
            invitations::display_name,
            invitations::member_id,
            invitations::role,
            invitations::created_by,
            invitations::approved_by,
        ))
        .first(conn)
        .optional()?;
    let Some((id, display_name, member_id, role, created_by, approved_by)) = found else {
        return Ok(None);
    };
    if let Some(maker) = &created_by
        && state(conn, maker)?.as_deref() != Some("active")
    {
        return Ok(None);
    }
    let role = role.parse().map_err(StoreError::broken)?;
    Ok(Some(OpenInvitation {
        id,
        display_name,
        member_id: member_id.map(MemberId::known),
        role,
        created_by: created_by.map(MemberId::known),
        approved: approved_by.is_some(),
    }))
}

/// Marks an invitation as used; `false` when somebody else was faster.
pub fn use_invitation(tx: &mut Conn, id: &str, now: Instant) -> Result<bool, StoreError> {
    let changed = diesel::update(
        invitations::table
            .filter(invitations::id.eq(id))
            .filter(invitations::state.eq("open")),
    )
    .set((
        invitations::state.eq("used"),
        invitations::used_at.eq(now.as_milliseconds()),
    ))
    .execute(tx)?;
    Ok(changed == 1)
}

/// The state of an account.
pub fn state(conn: &mut Conn, member: &str) -> Result<Option<String>, StoreError> {
    Ok(members::table
        .filter(members::id.eq(member))
        .select(members::state)
        .first(conn)
        .optional()?)
}

/// Writes an active account.
pub fn insert_member(
    tx: &mut Conn,
    id: &MemberId,
    account: &NewAccount,
    password_hash: &str,
    now: Instant,
) -> Result<(), StoreError> {
    diesel::insert_into(members::table)
        .values((
            members::id.eq(id.as_str()),
            members::handle.eq(&account.handle),
            members::display_name.eq(&account.name),
            members::password_hash.eq(password_hash),
            members::state.eq("active"),
            members::created_at.eq(now.as_milliseconds()),
            members::updated_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// Gives a role; a role held already changes nothing.
pub fn grant_role(
    tx: &mut Conn,
    member: &MemberId,
    role: Role,
    by: Option<&MemberId>,
    now: Instant,
) -> Result<(), StoreError> {
    Both(
        diesel::insert_into(member_roles::table)
            .values((
                member_roles::member_id.eq(member.as_str()),
                member_roles::role.eq(role.as_str()),
                member_roles::granted_by.eq(by.map(MemberId::as_str)),
                member_roles::granted_at.eq(now.as_milliseconds()),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(tx)?;
    Ok(())
}

/// Key and password hash of an active account.
pub fn credentials(
    conn: &mut Conn,
    handle: &str,
) -> Result<Option<(MemberId, Option<String>)>, StoreError> {
    let found: Option<(String, Option<String>)> = members::table
        .filter(members::handle.eq(handle))
        .filter(members::state.eq("active"))
        .select((members::id, members::password_hash))
        .first(conn)
        .optional()?;
    Ok(found.map(|(id, hash)| (MemberId::known(id), hash)))
}

/// A row of `sessions` to write.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// SHA-256 of the cookie, hex.
    pub id_hash: String,
    /// Whose.
    pub member: MemberId,
    /// Token of its forms.
    pub csrf_secret: String,
    /// Family of the browser.
    pub browser: String,
    /// When it was opened; the password was given then.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
}

/// Writes a session.
pub fn insert_session(tx: &mut Conn, new: &NewSession) -> Result<(), StoreError> {
    let now = new.created_at.as_milliseconds();
    diesel::insert_into(sessions::table)
        .values((
            sessions::id_hash.eq(&new.id_hash),
            sessions::member_id.eq(new.member.as_str()),
            sessions::csrf_secret.eq(&new.csrf_secret),
            sessions::browser.eq(&new.browser),
            sessions::created_at.eq(now),
            sessions::seen_at.eq(now),
            sessions::expires_at.eq(new.expires_at.as_milliseconds()),
            sessions::confirmed_at.eq(now),
        ))
        .execute(tx)?;
    Ok(())
}

/// Ends a session.
pub fn delete_session(tx: &mut Conn, id_hash: &str) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::id_hash.eq(id_hash))).execute(tx)?;
    Ok(())
}

/// A row of `api_tokens` to write.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// UUIDv7.
    pub id: String,
    /// SHA-256 of the token, hex.
    pub secret_hash: String,
    /// Whose.
    pub member: MemberId,
    /// Name its owner gave.
    pub label: String,
    /// What it may do.
    pub scopes: Scopes,
    /// When it ends; none lasts until it is taken away.
    pub expires_at: Option<Instant>,
}

/// Writes a bearer token.
pub fn insert_token(tx: &mut Conn, new: &NewToken, now: Instant) -> Result<(), StoreError> {
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::id.eq(&new.id),
            api_tokens::secret_hash.eq(&new.secret_hash),
            api_tokens::member_id.eq(new.member.as_str()),
            api_tokens::label.eq(&new.label),
            api_tokens::scopes.eq(new.scopes.words().join(",")),
            api_tokens::expires_at.eq(new.expires_at.map(Instant::as_milliseconds)),
            api_tokens::created_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// The member, if active and opted into a public actor; of what they wrote, what everybody may read.
pub fn public_member(conn: &mut Conn, id: &MemberId) -> Result<Option<PublicMember>, StoreError> {
    type Row = (
        String,
        String,
        String,
        Option<String>,
        i64,
        i64,
        i64,
        Option<String>,
    );
    let found: Option<Row> = members::table
        .left_join(member_profiles::table)
        .filter(members::id.eq(id.as_str()))
        .filter(members::state.eq("active"))
        .filter(members::public_actor.eq(true))
        .select((
            members::handle,
            members::display_name,
            members::bio,
            members::town,
            members::created_at,
            members::updated_at,
            members::rev,
            member_profiles::consents.nullable(),
        ))
        .first(conn)
        .optional()?;
    Ok(found.map(
        |(handle, name, bio, town, created_at, updated_at, rev, consents)| {
            let consents = Consents::stored(consents.as_deref().unwrap_or_default());
            let is_public = |field: &str| consents.of(field) == Audience::Public;
            PublicMember {
                id: id.clone(),
                handle,
                name,
                bio: if is_public("about") {
                    bio
                } else {
                    String::new()
                },
                town: town.filter(|_| is_public("place")),
                created_at: Instant::from_milliseconds(created_at),
                updated_at: Instant::from_milliseconds(updated_at),
                rev,
            }
        },
    ))
}

/// The member with that handle, if active and opted into a public actor.
pub fn public_member_by_handle(
    conn: &mut Conn,
    handle: &str,
) -> Result<Option<MemberId>, StoreError> {
    let found: Option<String> = members::table
        .filter(members::handle.eq(handle))
        .filter(members::state.eq("active"))
        .filter(members::public_actor.eq(true))
        .select(members::id)
        .first(conn)
        .optional()?;
    Ok(found.map(MemberId::known))
}

/// The cards of members who opted into a public actor, by name.
pub fn public_cards(conn: &mut Conn, limit: i64) -> Result<Vec<Card>, StoreError> {
    let rows: Vec<(String, String)> = members::table
        .filter(members::state.eq("active"))
        .filter(members::public_actor.eq(true))
        .order((members::display_name, members::id))
        .limit(limit)
        .select((members::id, members::display_name))
        .load(conn)?;
    let card = |(id, name)| Card {
        id: MemberId::known(id),
        name,
        public_actor: true,
    };
    Ok(rows.into_iter().map(card).collect())
}

/// The cards of members whose account is open or about to be, by name.
pub fn active_cards(conn: &mut Conn, limit: i64) -> Result<Vec<Card>, StoreError> {
    let rows: Vec<(String, String, bool)> = members::table
        .filter(members::state.eq_any(["active", "invited"]))
        .order((members::display_name, members::id))
        .limit(limit)
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

/// Fills in what a new account says of itself.
pub fn describe(
    tx: &mut Conn,
    member: &MemberId,
    phone: &str,
    languages: &str,
    town: &str,
    public_actor: bool,
) -> Result<(), StoreError> {
    diesel::update(members::table.find(member.as_str()))
        .set((
            members::phone.eq(phone),
            members::languages.eq(languages),
            members::town.eq(town),
            members::public_actor.eq(public_actor),
        ))
        .execute(tx)?;
    Ok(())
}
