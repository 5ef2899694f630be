//! What waits for a member, and « À prévenir »: the people somebody has to call because they do
//! not read screens.
//!
//! Other features call [`notify`] in the transaction of what happened.

pub mod api;
pub mod pages;
pub mod store;
pub mod tell;

use interkpa_federation::Instant;
use interkpa_web::Locale;
use interkpa_web::views::home::Waiting;

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
    describe: <api::Description as utoipa::OpenApi>::openapi,
};

fn routes() -> Vec<Route> {
    pages::routes().into_iter().chain(api::routes()).collect()
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
    /// Their answer ended because the proposal did.
    ResponseEnded,
    /// Their answer ended because others took the last unit.
    NothingLeft,
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
    /// Somebody of the team entered something for them.
    EnteredForYou,
}

impl Happening {
    /// Every happening.
    pub const ALL: [Self; 17] = [
        Self::ResponseReceived,
        Self::ResponseAccepted,
        Self::ResponseRefused,
        Self::ResponseEnded,
        Self::NothingLeft,
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
        Self::EnteredForYou,
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
            Self::ResponseEnded => ("notification-response-ended", "clock"),
            Self::NothingLeft => ("notification-nothing-left", "clock"),
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
            Self::EnteredForYou => ("notification-entered-for-you", "edit"),
        }
    }

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResponseReceived => "response_received",
            Self::ResponseAccepted => "response_accepted",
            Self::ResponseRefused => "response_refused",
            Self::ResponseEnded => "response_ended",
            Self::NothingLeft => "nothing_left",
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
            Self::EnteredForYou => "entered_for_you",
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

/// A message a member has not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Who wrote.
    pub who: String,
    /// Title of the agreement.
    pub what: String,
    /// Path of its page.
    pub href: String,
}

/// The agreements in which the member has a message not read, with the date of the newest; at most
/// 10.
///
/// # Errors
/// Those of the store.
pub fn unread_messages(
    conn: &mut Conn,
    member: &MemberId,
) -> Result<Vec<(Unread, Instant)>, StoreError> {
    let mut all: Vec<(Unread, Instant)> = Vec::new();
    for row in store::unread_of_kind(conn, member, Happening::MessageReceived, 10)? {
        if all.iter().all(|(known, _)| known.href != row.href) {
            let unread = Unread {
                who: row.who,
                what: row.what,
                href: row.href,
            };
            all.push((unread, row.created_at));
        }
    }
    Ok(all)
}

/// Questions and remarks under the member's announcements that they have not read, newest first, at
/// most 5: lines of « Ce qui vous attend ».
///
/// # Errors
/// Those of the store.
pub fn unread_questions(
    conn: &mut Conn,
    member: &MemberId,
    (l, now): (Locale, Instant),
) -> Result<Vec<Waiting>, StoreError> {
    let rows = store::unread_of_kind(conn, member, Happening::ReplyReceived, 5)?;
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

/// The member looks at a page: what led to it is read. Nothing is written when nothing was unread.
///
/// # Errors
/// Those of the store.
pub async fn seen(app: &App, member: MemberId, href: String) -> Result<(), StoreError> {
    let (asked, page) = (member.clone(), href.clone());
    let unread = app
        .store
        .read(move |conn| store::is_unread_at(conn, &asked, &page))
        .await?;
    if !unread {
        return Ok(());
    }
    let now = app.now();
    app.write(move |tx| store::read_at(tx, &member, &href, now))
        .await
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
