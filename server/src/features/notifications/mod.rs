//! What waits for a member, and « À prévenir »: the people somebody has to call because they do
//! not read screens.
//!
//! Other features call [`notify`] in the transaction of what happened.

pub mod pages;
pub mod store;
pub mod tell;

use interkpa_federation::Instant;
use interkpa_web::Locale;
use interkpa_web::views::home::Waiting;
use utoipa::openapi::OpenApi;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::Feature;
use crate::http::Route;
use crate::ids::MemberId;
use crate::jobs::job::JobKind;
use crate::moments;

/// This feature, for the list of all.
pub const FEATURE: Feature = Feature {
    name: "notifications",
    routes,
    jobs,
    describe: OpenApi::default,
};

fn routes() -> Vec<Route> {
    pages::routes()
}

fn jobs() -> Vec<JobKind<App>> {
    Vec::new()
}

/// Something that happened to a member's things. The word is the key of its sentence
/// (`notification-<word>`), never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// Somebody answers a proposal of theirs.
    ResponseReceived,
    /// Their answer was accepted.
    ResponseAccepted,
    /// Their answer was refused.
    ResponseRefused,
    /// The other party wrote in the thread of an agreement.
    MessageReceived,
    /// The other party says it was done.
    DoneDeclared,
    /// Both say it was done.
    Confirmed,
    /// The other party says it was not as said.
    Contested,
    /// The agreement was cancelled.
    Cancelled,
    /// A facilitator settled the disagreement.
    Settled,
    /// A remark or question under a proposal of theirs.
    ReplyReceived,
    /// Their proposal ends soon, or ended.
    ProposalExpired,
    /// Their account was given back by a facilitator: who and when.
    AccountRecovered,
    /// Their publication was hidden, with the reason.
    PublicationHidden,
    /// Somebody follows them.
    Followed,
}

impl Happening {
    /// Every happening.
    pub const ALL: [Self; 14] = [
        Self::ResponseReceived,
        Self::ResponseAccepted,
        Self::ResponseRefused,
        Self::MessageReceived,
        Self::DoneDeclared,
        Self::Confirmed,
        Self::Contested,
        Self::Cancelled,
        Self::Settled,
        Self::ReplyReceived,
        Self::ProposalExpired,
        Self::AccountRecovered,
        Self::PublicationHidden,
        Self::Followed,
    ];

    /// The happening of a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// Key of its sentence and icon beside it.
    pub fn shown(self) -> (&'static str, &'static str) {
        match self {
            Self::ResponseReceived => ("notification-response-received", "hand"),
            Self::ResponseAccepted => ("notification-response-accepted", "check"),
            Self::ResponseRefused => ("notification-response-refused", "close"),
            Self::MessageReceived => ("notification-message-received", "send"),
            Self::DoneDeclared => ("notification-done-declared", "check"),
            Self::Confirmed => ("notification-confirmed", "check"),
            Self::Contested => ("notification-contested", "warn"),
            Self::Cancelled => ("notification-cancelled", "close"),
            Self::Settled => ("notification-settled", "shield"),
            Self::ReplyReceived => ("notification-reply-received", "help"),
            Self::ProposalExpired => ("notification-proposal-expired", "clock"),
            Self::AccountRecovered => ("notification-account-recovered", "key"),
            Self::PublicationHidden => ("notification-publication-hidden", "eye"),
            Self::Followed => ("notification-followed", "network"),
        }
    }

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResponseReceived => "response_received",
            Self::ResponseAccepted => "response_accepted",
            Self::ResponseRefused => "response_refused",
            Self::MessageReceived => "message_received",
            Self::DoneDeclared => "done_declared",
            Self::Confirmed => "confirmed",
            Self::Contested => "contested",
            Self::Cancelled => "cancelled",
            Self::Settled => "settled",
            Self::ReplyReceived => "reply_received",
            Self::ProposalExpired => "proposal_expired",
            Self::AccountRecovered => "account_recovered",
            Self::PublicationHidden => "publication_hidden",
            Self::Followed => "followed",
        }
    }
}

/// One thing to tell one member.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// Whom.
    pub member: &'a MemberId,
    /// What happened.
    pub happening: Happening,
    /// Name of the other person, as the member may see it.
    pub who: &'a str,
    /// Title of the thing it is about.
    pub what: &'a str,
    /// Path of the page it leads to.
    pub href: &'a str,
}

/// Keeps a notice. `id` is a fresh UUIDv7.
///
/// # Errors
/// Those of the store.
pub fn notify(
    tx: &mut Conn,
    id: &str,
    now: Instant,
    notice: &Notice<'_>,
) -> Result<(), StoreError> {
    store::insert(tx, id, now, notice)
}

/// How many notices the member has not read, counted up to [`UNREAD_MAX`].
///
/// # Errors
/// Those of the store.
pub fn unread(conn: &mut Conn, member: &MemberId) -> Result<u32, StoreError> {
    store::unread(conn, member)
}

/// What the member has not read, newest first, at most `limit`: the lines of « Ce qui vous attend ».
///
/// # Errors
/// Those of the store.
pub fn waiting(
    conn: &mut Conn,
    member: &MemberId,
    (l, now): (Locale, Instant),
    limit: i64,
) -> Result<Vec<Waiting>, StoreError> {
    let rows = store::unread_page(conn, member, limit)?;
    let lines = rows.into_iter().map(|row| {
        let (sentence, icon) = pages::sentence(l, &row);
        Waiting {
            href: row.href,
            icon,
            sentence,
            since: moments::ago(l, row.created_at, now),
        }
    });
    Ok(lines.collect())
}

/// How many things wait to be told to people who do not look at the site.
///
/// # Errors
/// Those of the store.
pub fn to_tell(conn: &mut Conn, now: Instant) -> Result<u32, StoreError> {
    Ok(u32::try_from(tell::due(conn, now)?.len()).unwrap_or(u32::MAX))
}

/// Where counting the unread stops: beyond it the badge reads `99+`.
pub const UNREAD_MAX: i64 = 100;

#[cfg(test)]
mod tests;
