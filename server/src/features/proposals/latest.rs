//! The newest announcements of one server or of one member, for the pages of a KPA and of a person.

use interkpa_web::views::parts::Card;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::proposals::model::href;
use crate::features::proposals::model::visibility::{Reader, may_see};
use crate::features::proposals::pages::list::list_reader;
use crate::features::proposals::store;
use crate::features::proposals::store::page::{self, Cursor, Filter};
use crate::features::proposals::view::Cards;
use crate::http::error::AppError;
use crate::http::identity::Identity;
use crate::ids::MemberId;

/// Announcements on one page of a KPA or of a person.
const PAGE: i64 = 12;

/// Whose announcements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// Those of one server, by its origin.
    Server(String),
    /// Those that a member of this hub published in the own name.
    Member(MemberId),
}

/// What this reader may see of them, newest first, after a cursor, and the cursor of the next page.
///
/// # Errors
/// Those of the store.
pub async fn latest(
    app: &App,
    identity: &Identity,
    of: Of,
    after: Option<&str>,
) -> Result<(Vec<Card>, Option<String>), AppError> {
    let reader = list_reader(identity);
    let after = after.and_then(Cursor::parse);
    let filter = match of {
        Of::Server(origin) => Filter {
            origin: Some(origin),
            ..Filter::default()
        },
        Of::Member(member) => Filter {
            author: Some(member),
            ..Filter::default()
        },
    };
    let (cards, next) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let found = page::page(conn, &filter, &reader, after.as_ref(), PAGE)?;
            Ok((Cards::read(conn, found.items)?, found.next))
        })
        .await?;
    let shown = cards.shown(app, identity.locale, app.now(), identity.member.is_some());
    Ok((shown, next.map(|cursor| cursor.to_string())))
}

/// Title and path of an announcement this member may see, by its address.
///
/// # Errors
/// Those of the store.
pub fn shown_to(
    conn: &mut Conn,
    member: &MemberId,
    uri: &str,
) -> Result<Option<(String, String)>, StoreError> {
    let found = store::find_by_uri(conn, uri)?;
    let seen = found.filter(|proposal| may_see(proposal, Reader::Member(member)));
    Ok(seen.map(|proposal| (proposal.title, href(&proposal.id))))
}
