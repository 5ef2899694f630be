//! Rows of one's own account: password, devices, tokens, profile.

use diesel::prelude::*;
use interkpa_federation::{Instant, Span};

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::{api_tokens, member_profiles, members, sessions};
use crate::features::people::profile::{Consents, Profile};
use crate::ids::MemberId;

/// Most devices and tokens of one person that a page shows.
const SHOWN_MAX: i64 = 50;
/// How often the last use of a session or token is written down.
pub const SEEN_STEP: Span = Span::hours(1);

/// A signed-in device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// SHA-256 of the cookie, hex: names the device, opens nothing.
    pub id_hash: String,
    /// Browser and system.
    pub browser: String,
    /// When it signed in.
    pub created_at: Instant,
    /// Last use, to the hour.
    pub seen_at: Instant,
}

/// A key for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// UUIDv7.
    pub id: String,
    /// Name its owner gave.
    pub label: String,
    /// Words of `Scope`, comma-separated.
    pub scopes: String,
    /// When it was made.
    pub created_at: Instant,
    /// Last use, to the hour.
    pub used_at: Option<Instant>,
    /// When it ends.
    pub expires_at: Option<Instant>,
}

/// The living devices of a member, last used first.
pub fn devices(
    conn: &mut Conn,
    member: &MemberId,
    now: Instant,
) -> Result<Vec<DeviceRow>, StoreError> {
    let rows: Vec<(String, String, i64, i64)> = sessions::table
        .filter(sessions::member_id.eq(member.as_str()))
        .filter(sessions::expires_at.gt(now.as_milliseconds()))
        .order((sessions::seen_at.desc(), sessions::id_hash))
        .limit(SHOWN_MAX)
        .select((
            sessions::id_hash,
            sessions::browser,
            sessions::created_at,
            sessions::seen_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id_hash, browser, created_at, seen_at)| DeviceRow {
            id_hash,
            browser,
            created_at: Instant::from_milliseconds(created_at),
            seen_at: Instant::from_milliseconds(seen_at),
        })
        .collect())
}

/// Ends one session of a member; `false` when it is not theirs.
pub fn delete_device(tx: &mut Conn, member: &MemberId, id_hash: &str) -> Result<bool, StoreError> {
    let gone = diesel::delete(
        sessions::table
            .filter(sessions::member_id.eq(member.as_str()))
            .filter(sessions::id_hash.eq(id_hash)),
    )
    .execute(tx)?;
    Ok(gone == 1)
}

/// Ends every session of a member but one.
pub fn delete_sessions(
    tx: &mut Conn,
    member: &MemberId,
    but: Option<&str>,
) -> Result<usize, StoreError> {
    Ok(diesel::delete(
        sessions::table
            .filter(sessions::member_id.eq(member.as_str()))
            .filter(sessions::id_hash.ne(but.unwrap_or_default())),
    )
    .execute(tx)?)
}

/// Writes that a session is in use, and moves its end.
pub fn touch_session(
    tx: &mut Conn,
    id_hash: &str,
    now: Instant,
    expires_at: Instant,
) -> Result<(), StoreError> {
    diesel::update(sessions::table.filter(sessions::id_hash.eq(id_hash)))
        .set((
            sessions::seen_at.eq(now.as_milliseconds()),
            sessions::expires_at.eq(expires_at.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// Takes away sessions whose end has passed.
pub fn sweep_sessions(tx: &mut Conn, now: Instant) -> Result<usize, StoreError> {
    let over = sessions::expires_at.le(now.as_milliseconds());
    Ok(diesel::delete(sessions::table.filter(over)).execute(tx)?)
}

/// The tokens of a member that work, newest first.
pub fn tokens(
    conn: &mut Conn,
    member: &MemberId,
    now: Instant,
) -> Result<Vec<TokenRow>, StoreError> {
    type Row = (String, String, String, i64, Option<i64>, Option<i64>);
    let rows: Vec<Row> = api_tokens::table
        .filter(api_tokens::member_id.eq(member.as_str()))
        .filter(api_tokens::revoked_at.is_null())
        .filter(
            api_tokens::expires_at
                .is_null()
                .or(api_tokens::expires_at.gt(now.as_milliseconds())),
        )
        .order(api_tokens::id.desc())
        .limit(SHOWN_MAX)
        .select((
            api_tokens::id,
            api_tokens::label,
            api_tokens::scopes,
            api_tokens::created_at,
            api_tokens::used_at,
            api_tokens::expires_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(id, label, scopes, created_at, used_at, expires_at)| TokenRow {
                id,
                label,
                scopes,
                created_at: Instant::from_milliseconds(created_at),
                used_at: used_at.map(Instant::from_milliseconds),
                expires_at: expires_at.map(Instant::from_milliseconds),
            },
        )
        .collect())
}

/// Writes that a token is in use.
pub fn touch_token(tx: &mut Conn, id: &str, now: Instant) -> Result<(), StoreError> {
    diesel::update(api_tokens::table.filter(api_tokens::id.eq(id)))
        .set(api_tokens::used_at.eq(now.as_milliseconds()))
        .execute(tx)?;
    Ok(())
}

/// Ends one token of a member; `false` when it is not theirs or ended before.
pub fn revoke_token(
    tx: &mut Conn,
    member: &MemberId,
    id: &str,
    now: Instant,
) -> Result<bool, StoreError> {
    let changed = diesel::update(
        api_tokens::table
            .filter(api_tokens::member_id.eq(member.as_str()))
            .filter(api_tokens::id.eq(id))
            .filter(api_tokens::revoked_at.is_null()),
    )
    .set(api_tokens::revoked_at.eq(now.as_milliseconds()))
    .execute(tx)?;
    Ok(changed == 1)
}

/// Ends every token of a member.
pub fn revoke_tokens(tx: &mut Conn, member: &MemberId, now: Instant) -> Result<usize, StoreError> {
    Ok(diesel::update(
        api_tokens::table
            .filter(api_tokens::member_id.eq(member.as_str()))
            .filter(api_tokens::revoked_at.is_null()),
    )
    .set(api_tokens::revoked_at.eq(now.as_milliseconds()))
    .execute(tx)?)
}

/// The stored hash of a member's password.
pub fn password_hash(conn: &mut Conn, member: &MemberId) -> Result<Option<String>, StoreError> {
    Ok(members::table
        .filter(members::id.eq(member.as_str()))
        .select(members::password_hash)
        .first(conn)?)
}

/// Stores the hash of a new password.
pub fn set_password(
    tx: &mut Conn,
    member: &MemberId,
    hash: &str,
    now: Instant,
) -> Result<(), StoreError> {
    diesel::update(members::table.filter(members::id.eq(member.as_str())))
        .set((
            members::password_hash.eq(hash),
            members::updated_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// The profile of a member.
pub fn profile(conn: &mut Conn, member: &MemberId) -> Result<Profile, StoreError> {
    type Row = (
        String,
        String,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
        String,
        bool,
    );
    let (name, about, languages, place, phone, email, locale, public_actor): Row = members::table
        .filter(members::id.eq(member.as_str()))
        .filter(members::state.ne("deleted"))
        .select((
            members::display_name,
            members::bio,
            members::languages,
            members::town,
            members::phone,
            members::email,
            members::locale,
            members::public_actor,
        ))
        .first(conn)?;
    let more: Option<(String, String, bool, String)> = member_profiles::table
        .filter(member_profiles::member_id.eq(member.as_str()))
        .select((
            member_profiles::skills,
            member_profiles::contact_note,
            member_profiles::after_agreement,
            member_profiles::consents,
        ))
        .first(conn)
        .optional()?;
    let (skills, contact_note, after_agreement, consents) =
        more.unwrap_or_else(|| (String::new(), String::new(), false, String::new()));
    Ok(Profile {
        name,
        about,
        skills,
        languages,
        place: place.unwrap_or_default(),
        phone: phone.unwrap_or_default(),
        email: email.unwrap_or_default(),
        contact_note,
        after_agreement,
        locale,
        public_actor,
        consents: Consents::stored(&consents),
    })
}

/// Writes the profile of a member.
pub fn save_profile(
    tx: &mut Conn,
    member: &MemberId,
    profile: &Profile,
    now: Instant,
) -> Result<(), StoreError> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    diesel::update(members::table.filter(members::id.eq(member.as_str())))
        .set((
            members::display_name.eq(&profile.name),
            members::bio.eq(&profile.about),
            members::languages.eq(&profile.languages),
            members::town.eq(some(&profile.place)),
            members::phone.eq(some(&profile.phone)),
            members::email.eq(some(&profile.email)),
            members::locale.eq(&profile.locale),
            members::public_actor.eq(profile.public_actor),
            members::rev.eq(members::rev + 1),
            members::updated_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    let values = (
        member_profiles::skills.eq(&profile.skills),
        member_profiles::contact_note.eq(&profile.contact_note),
        member_profiles::after_agreement.eq(profile.after_agreement),
        member_profiles::consents.eq(profile.consents.to_stored()),
    );
    Both(
        diesel::insert_into(member_profiles::table)
            .values((
                member_profiles::member_id.eq(member.as_str()),
                values.clone(),
            ))
            .on_conflict(member_profiles::member_id)
            .do_update()
            .set(values),
    )
    .execute(tx)?;
    Ok(())
}
