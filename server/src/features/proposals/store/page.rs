//! Pages of proposals: one indexed query each, however many rows the table holds.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use interkpa_federation::vocabulary::terms::{Purpose, Settlement, Visibility};
use interkpa_web::words::Category;

use crate::db::conn::{Conn, MultiBackend};
use crate::db::error::StoreError;
use crate::db::schema::{hidden_objects, proposal_details, proposal_entries, proposals};
use crate::db::search::{Kind, Words};
use crate::features::proposals::model::State;
use crate::ids::{MemberId, ProposalId};

mod found;
mod listed;

pub use listed::Listed;
use listed::{Beside, Main, listed};

/// Entries of one page.
pub const PAGE: i64 = 20;
/// Most entries of one page that a program may ask for.
pub const PAGE_MAX: i64 = 100;
/// Name of proposals in the search index.
pub const SEARCH_KIND: Kind = Kind {
    name: "proposal",
    number: 1,
};

/// What narrows a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words that must all stand in it.
    pub words: Option<Words>,
    /// Offers or needs only.
    pub purpose: Option<Purpose>,
    /// One theme.
    pub category: Option<Category>,
    /// One way of settling.
    pub settlement: Option<Settlement>,
    /// Those of one server.
    pub origin: Option<String>,
    /// One commune, as written.
    pub town: Option<String>,
    /// Those of one actor, by its address.
    pub actor: Option<String>,
    /// Those a member of this hub published in the own name.
    pub author: Option<MemberId>,
}

/// For whom a list is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListReader {
    /// Anybody: public ones only.
    Anyone,
    /// A member: everything this hub may show its members, without what this one hid.
    Member(MemberId),
    /// A member's own, whatever their state.
    Author(MemberId),
}

/// Where a page begins: after this entry. Opaque for the reader: `<ms>.<id>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    published_at: i64,
    id: String,
}

impl Cursor {
    /// Reads a cursor; `None` for anything we did not write.
    pub fn parse(text: &str) -> Option<Self> {
        let (published_at, id) = text.split_once('.')?;
        let id = ProposalId::parse(id)?;
        Some(Self {
            published_at: published_at.parse().ok()?,
            id: id.as_str().to_owned(),
        })
    }

    /// The cursor of the page after an entry.
    pub fn after(entry: &Listed) -> Self {
        Self {
            published_at: entry.published_at.as_milliseconds(),
            id: entry.id.as_str().to_owned(),
        }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.published_at, self.id)
    }
}

/// One page, newest first, and whether there is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The entries.
    pub items: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// A page of the list: at most `limit` entries (cut to [`PAGE_MAX`]).
///
/// # Errors
/// Those of the store.
pub fn page(
    conn: &mut Conn,
    filter: &Filter,
    reader: &ListReader,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Page, StoreError> {
    let limit = limit.clamp(1, PAGE_MAX);
    if let Some(words) = &filter.words {
        return found::page(conn, (filter, words), reader, after, limit);
    }
    let mut query = narrowed(filter, reader);
    if let Some(after) = after {
        // A range of the index first, then the tie: an `or` over both would read from its start.
        query = query
            .filter(proposals::published_at.le(after.published_at))
            .filter(
                proposals::published_at
                    .lt(after.published_at)
                    .or(proposals::id.lt(after.id.clone())),
            );
    }
    let rows: Vec<(Main, Beside)> = query
        .order((proposals::published_at.desc(), proposals::id.desc()))
        .limit(limit + 1)
        .load(conn)?;
    cut(rows, limit)
}

/// A proposal with its details, as lists read them.
type Entries = diesel::dsl::IntoBoxed<
    'static,
    diesel::dsl::Select<
        diesel::dsl::InnerJoin<proposals::table, proposal_details::table>,
        (
            diesel::dsl::AsSelect<Main, MultiBackend>,
            diesel::dsl::AsSelect<Beside, MultiBackend>,
        ),
    >,
    MultiBackend,
>;

/// What this reader may see of what the filter leaves, its words apart: in no order yet.
fn narrowed(filter: &Filter, reader: &ListReader) -> Entries {
    let mut query = seen_by(reader);
    if let Some(purpose) = filter.purpose {
        query = query.filter(proposals::purpose.eq(purpose.as_str()));
    }
    if let Some(category) = filter.category {
        query = query.filter(proposals::category.eq(category.code()));
    }
    if let Some(settlement) = filter.settlement {
        let pattern = format!("%,{},%", settlement.as_str());
        query = query.filter(proposal_details::settlements.like(pattern));
    }
    if let Some(origin) = &filter.origin {
        query = query.filter(proposals::origin.eq(origin.clone()));
    }
    if let Some(actor) = &filter.actor {
        query = query.filter(proposals::author_uri.eq(actor.clone()));
    }
    if let Some(town) = &filter.town {
        query = query.filter(proposals::town.eq(town.clone()));
    }
    if let Some(author) = &filter.author {
        let for_somebody_else = proposal_entries::table
            .filter(proposal_entries::proposal_id.eq(proposals::id))
            .filter(proposal_entries::for_name.is_not_null());
        query = query
            .filter(proposals::member_id.eq(author.as_str().to_owned()))
            .filter(not(exists(for_somebody_else)));
    }
    query
}

/// What this reader may see.
fn seen_by(reader: &ListReader) -> Entries {
    let query: Entries = proposals::table
        .inner_join(proposal_details::table)
        .select((Main::as_select(), Beside::as_select()))
        .into_boxed::<MultiBackend>();
    match reader {
        ListReader::Anyone => query
            .filter(proposals::state.eq(State::Published.as_str()))
            .filter(proposals::visibility.eq(Visibility::Public.as_str())),
        ListReader::Member(member) => {
            let hidden = hidden_objects::table
                .filter(hidden_objects::member_id.eq(member.as_str().to_owned()))
                .filter(hidden_objects::uri.eq(proposals::uri));
            let mine = proposals::member_id
                .eq(member.as_str().to_owned())
                .assume_not_null();
            query
                .filter(proposals::state.eq(State::Published.as_str()))
                .filter(
                    proposals::visibility
                        .ne(Visibility::Private.as_str())
                        .or(mine),
                )
                .filter(not(exists(hidden)))
        }
        ListReader::Author(member) => {
            query.filter(proposals::member_id.eq(member.as_str().to_owned()))
        }
    }
}

/// The newest of several lists, merged, at most `limit`.
///
/// One look into the index for each of at most [`FOLLOWED_MAX`] lists, then a merge: the cost does
/// not depend on how much the others publish.
///
/// # Errors
/// Those of the store.
pub fn merged(
    conn: &mut Conn,
    lists: &[Filter],
    reader: &ListReader,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let mut all = Vec::new();
    for filter in lists.iter().take(FOLLOWED_MAX) {
        all.extend(page(conn, filter, reader, None, limit)?.items);
    }
    all.sort_by(|a, b| (b.published_at, &b.id).cmp(&(a.published_at, &a.id)));
    all.dedup_by(|a, b| a.id == b.id);
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(all)
}

/// Keys of the open proposals of a member of this hub, the newest first, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn open_of_member(
    conn: &mut Conn,
    member: &MemberId,
    limit: i64,
) -> Result<Vec<ProposalId>, StoreError> {
    let ids: Vec<String> = proposals::table
        .filter(proposals::member_id.eq(member.as_str()))
        .filter(proposals::state.eq_any([State::Published.as_str(), State::Suspended.as_str()]))
        .order((proposals::published_at.desc(), proposals::id.desc()))
        .limit(limit)
        .select(proposals::id)
        .load(conn)?;
    Ok(ids.into_iter().map(ProposalId::known).collect())
}

/// Actors whose news one home page looks at.
pub const FOLLOWED_MAX: usize = 20;

/// The first `limit` rows, and whether there were more.
fn cut(mut rows: Vec<(Main, Beside)>, limit: i64) -> Result<Page, StoreError> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let items: Vec<Listed> = rows.into_iter().map(listed).collect::<Result<_, _>>()?;
    let next = if more {
        items.last().map(Cursor::after)
    } else {
        None
    };
    Ok(Page { items, next })
}
