//! People of this hub: accounts, invitations, sign-in, sessions, roles, tokens.
//!
//! Who may do what is in [`rights`]; everything else asks there. A member's phone and e-mail leave
//! this feature only through [`contact`], after an agreement.

pub mod accounts;
pub mod api;
pub mod commands;
mod jobs;
pub mod pages;
pub mod password;
pub mod profile;
pub mod rights;
pub mod store;
pub mod throttle;

use interkpa_federation::{Instant, Span};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::Feature;
use crate::http::error::AppError;
use crate::http::identity::{Credential, SignedIn};
use crate::http::route::Route;
use crate::ids::MemberId;

/// This feature, for the list of all.
pub const FEATURE: Feature = Feature {
    name: "people",
    routes,
    jobs: jobs::kinds,
    describe: <api::Description as utoipa::OpenApi>::openapi,
};

/// How long a session lives without being used (web.md §3).
pub const SESSION_SPAN: Span = Span::days(90);

fn routes() -> Vec<Route> {
    pages::routes().into_iter().chain(api::routes()).collect()
}

/// The name under which somebody who left stays in what others keep (I-07).
pub const FORMER_MEMBER: &str = "Ancien membre";

/// What is stored of a secret (cookie, link, token): its SHA-256 in hex.
///
/// The secrets are 256 random bits, so a plain hash is enough: there is nothing to guess.
pub fn secret_hash(secret: &str) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(secret.as_bytes()) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// The member behind a session cookie, if the session lives and the account is active.
///
/// # Errors
/// Those of the store.
pub async fn session(
    app: &App,
    id_hash: String,
    now: Instant,
) -> Result<Option<SignedIn>, AppError> {
    let asked = id_hash.clone();
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(store::session(conn, &asked, now)?) })
        .await?;
    let Some((member, seen_at)) = found else {
        return Ok(None);
    };
    if now > seen_at + store::account::SEEN_STEP {
        let until = now + SESSION_SPAN;
        app.write(move |tx| -> Result<(), AppError> {
            Ok(store::account::touch_session(tx, &id_hash, now, until)?)
        })
        .await?;
    }
    Ok(Some(member))
}

/// The member behind a bearer token, if the token lives and the account is active.
///
/// # Errors
/// Those of the store.
pub async fn token(
    app: &App,
    secret_hash: String,
    now: Instant,
) -> Result<Option<SignedIn>, AppError> {
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(store::token(conn, &secret_hash, now)?) })
        .await?;
    let Some((member, used_at)) = found else {
        return Ok(None);
    };
    let stale = used_at.is_none_or(|at| now > at + store::account::SEEN_STEP);
    if let (true, Credential::Token { id, .. }) = (stale, &member.credential) {
        let id = id.clone();
        app.write(move |tx| -> Result<(), AppError> {
            Ok(store::account::touch_token(tx, &id, now)?)
        })
        .await?;
    }
    Ok(Some(member))
}

/// What other features show of a member to the members of this hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Local key.
    pub id: MemberId,
    /// Name people read.
    pub name: String,
    /// Whether the member is a Person that others follow; without it the hub speaks.
    pub public_actor: bool,
}

/// The cards of some members, in one query; whoever left is not among them.
///
/// # Errors
/// Those of the store.
pub fn cards(conn: &mut Conn, ids: &[&MemberId]) -> Result<Vec<Card>, StoreError> {
    store::cards(conn, ids)
}

/// A member who opted into a public actor, as the document of the actor shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicMember {
    /// Local key.
    pub id: MemberId,
    /// Name before the `@`.
    pub handle: String,
    /// Displayed name.
    pub name: String,
    /// Self-description as typed; empty unless everybody may read it.
    pub bio: String,
    /// Commune, if everybody may read it.
    pub town: Option<String>,
    /// Since when.
    pub created_at: Instant,
    /// Last change.
    pub updated_at: Instant,
    /// Raised by each change.
    pub rev: i64,
}

/// The member, if active and opted into a public actor.
///
/// # Errors
/// Those of the store.
pub fn public_member(conn: &mut Conn, id: &MemberId) -> Result<Option<PublicMember>, StoreError> {
    store::public_member(conn, id)
}

/// The member with that handle, if active and opted into a public actor.
///
/// # Errors
/// Those of the store.
pub fn public_member_by_handle(
    conn: &mut Conn,
    handle: &str,
) -> Result<Option<MemberId>, StoreError> {
    store::public_member_by_handle(conn, handle)
}

pub use pages::member::page as member_page;

/// Most people shown on the page of the KPA.
const SHOWN_MAX: i64 = 24;

/// Members who opted into a public actor, by name, for the page of the KPA.
///
/// # Errors
/// Those of the store.
pub fn public_members(conn: &mut Conn) -> Result<Vec<Card>, StoreError> {
    store::public_cards(conn, SHOWN_MAX)
}

/// How to reach a member of this hub, for the team alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Local key.
    pub id: MemberId,
    /// Name people read.
    pub name: String,
    /// Telephone as dialled, which the team of the place may use to tell them something.
    pub phone: Option<String>,
    /// Whether a device of theirs is signed in.
    pub has_device: bool,
}

/// How to reach some members.
///
/// # Errors
/// Those of the store.
pub fn reach(conn: &mut Conn, ids: &[&MemberId], now: Instant) -> Result<Vec<Reach>, StoreError> {
    store::roster::reach(conn, ids, now)
}

/// Most members a facilitator may choose from in one list.
pub const CHOICES_MAX: i64 = 500;

/// The cards of members whose account is open, by name.
///
/// # Errors
/// Those of the store.
pub fn active_cards(conn: &mut Conn) -> Result<Vec<Card>, StoreError> {
    store::active_cards(conn, CHOICES_MAX)
}

pub use store::access::InvitationRow;
pub use store::roster::MemberRow;

/// Members as the administration lists them, by handle, after one of them; `words` is part of a
/// handle or a name.
///
/// # Errors
/// Those of the store.
pub fn members_page(
    conn: &mut Conn,
    words: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<MemberRow>, StoreError> {
    store::roster::page(conn, words, after, limit)
}

/// One member as the administration sees them.
///
/// # Errors
/// Those of the store.
pub fn member_row(conn: &mut Conn, id: &MemberId) -> Result<Option<MemberRow>, StoreError> {
    store::roster::find(conn, id)
}

/// The names of the members who hold a role and whose account is open; at most 50.
///
/// # Errors
/// Those of the store.
pub fn names_with(conn: &mut Conn, role: rights::Role) -> Result<Vec<String>, StoreError> {
    store::roster::names_with(conn, role)
}

/// How many members have an account that works.
///
/// # Errors
/// Those of the store.
pub fn active_count(conn: &mut Conn) -> Result<i64, StoreError> {
    store::roster::active_count(conn)
}

/// The member of a handle, whatever the state of the account.
///
/// # Errors
/// Those of the store.
pub fn id_of_handle(conn: &mut Conn, handle: &str) -> Result<Option<MemberId>, StoreError> {
    store::roster::id_of_handle(conn, handle)
}

/// Invitations and recoveries, newest first, after a place of the list.
///
/// # Errors
/// Those of the store.
pub fn invitations_page(
    conn: &mut Conn,
    after: Option<(Instant, String)>,
    limit: i64,
) -> Result<Vec<InvitationRow>, StoreError> {
    store::access::page(conn, after, limit)
}

/// How many invitations may still be used.
///
/// # Errors
/// Those of the store.
pub fn open_invitations(conn: &mut Conn, now: Instant) -> Result<i64, StoreError> {
    store::access::open_count(conn, now)
}

/// How to reach a member: for the other party of an agreement, and for nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Name people read.
    pub name: String,
    /// As typed, when the member gave one to be shared after an agreement.
    pub phone: Option<String>,
    /// Likewise.
    pub email: Option<String>,
}

/// What an active member consented to share after an agreement; a number nobody consented to is not
/// here (I-11).
///
/// # Errors
/// Those of the store.
pub fn contact(conn: &mut Conn, id: &MemberId) -> Result<Option<Contact>, StoreError> {
    store::contact::contact(conn, id)
}

/// Whether to ask a member « Montrer mon numéro à l'autre personne après l'accord ? »: there is one,
/// and the member never said (I-11, decision record 0010).
///
/// # Errors
/// Those of the store.
pub fn asks_contact(conn: &mut Conn, id: &MemberId) -> Result<bool, StoreError> {
    store::contact::asks_contact(conn, id)
}

/// Keeps what a member chose when asked, as their consent for the next agreements too; they change it
/// on their profile.
///
/// # Errors
/// Those of the store.
pub fn choose_contact(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &MemberId,
    shares: bool,
) -> Result<(), StoreError> {
    store::contact::choose_contact(tx, id, shares, now)?;
    let event = Event {
        new_state: Some(if shares { "shared" } else { "kept" }),
        ..Event::new(Actor::Member(id), "contact_choose", "member", id.as_str())
    };
    audit::record(tx, &app.new_id(), now, &event)
}

/// Takes away the sessions whose end has passed; how many they were.
///
/// # Errors
/// Those of the store.
pub fn forget_sessions(tx: &mut Conn, now: Instant) -> Result<usize, StoreError> {
    store::account::sweep_sessions(tx, now)
}

#[cfg(test)]
mod tests;
