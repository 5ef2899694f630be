//! How to reach a member after an agreement, and whether they chose to be reached so.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::{member_profiles, members};
use crate::features::people::Contact;
use crate::ids::MemberId;

/// What is stored of it.
type Row = (String, Option<String>, Option<String>, Option<bool>);

fn row(conn: &mut Conn, id: &MemberId) -> Result<Option<Row>, StoreError> {
    Ok(members::table
        .left_join(member_profiles::table)
        .filter(members::id.eq(id.as_str()))
        .filter(members::state.eq("active"))
        .select((
            members::display_name,
            members::phone,
            members::email,
            member_profiles::after_agreement.nullable(),
        ))
        .first(conn)
        .optional()?)
}

/// What an active member consented to share after an agreement; whoever never chose shares nothing.
pub fn contact(conn: &mut Conn, id: &MemberId) -> Result<Option<Contact>, StoreError> {
    Ok(row(conn, id)?.map(|(name, phone, email, shares)| {
        let shares = shares.unwrap_or(false);
        Contact {
            name,
            phone: phone.filter(|_| shares),
            email: email.filter(|_| shares),
        }
    }))
}

/// Whether an active member has something to share and never said whether to.
pub fn asks_contact(conn: &mut Conn, id: &MemberId) -> Result<bool, StoreError> {
    let said = |way: Option<String>| way.is_some_and(|way| !way.is_empty());
    Ok(row(conn, id)?
        .is_some_and(|(_, phone, email, shares)| shares.is_none() && (said(phone) || said(email))))
}

/// Writes what a member chose.
pub fn choose_contact(
    tx: &mut Conn,
    id: &MemberId,
    shares: bool,
    now: Instant,
) -> Result<(), StoreError> {
    let chosen = member_profiles::after_agreement.eq(shares);
    Both(
        diesel::insert_into(member_profiles::table)
            .values((member_profiles::member_id.eq(id.as_str()), chosen))
            .on_conflict(member_profiles::member_id)
            .do_update()
            .set(chosen),
    )
    .execute(tx)?;
    diesel::update(members::table.find(id.as_str()))
        .set(members::updated_at.eq(now.as_milliseconds()))
        .execute(tx)?;
    Ok(())
}
