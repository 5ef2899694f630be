//! A page of what holds the words of a search. The index gives the newest hits first, by and by; the
//! rest of the filter is asked of those alone. So a page costs what it shows, however many hits
//! there are, and a filter that leaves few of many hits ends a page early rather than read them all.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::among::among;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::proposals;
use crate::db::search::{self, HITS_MAX, Hit, Key, Words};
use crate::features::proposals::store::page::{
    Beside, Cursor, Filter, ListReader, Main, Page, SEARCH_KIND, cut, narrowed,
};

/// Most looks into the index for one page.
const LOOKS_MAX: usize = 10;

/// A page like that of a list. It may hold fewer than `limit` entries and still have a next one.
///
/// # Errors
/// Those of the store.
pub(super) fn page(
    conn: &mut Conn,
    (filter, words): (&Filter, &Words),
    reader: &ListReader,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Page, StoreError> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut before = beginning(conn, after)?;
    let (mut rows, mut last) = (Vec::new(), None::<Hit>);
    // Most searches have no filter: a few hits more than the page, for what is hidden.
    let mut look = limit + limit / 2 + 2;
    for _ in 0..LOOKS_MAX {
        let hits = search::hits(conn, SEARCH_KIND, words, before, look)?;
        let is_last = i64::try_from(hits.len()).unwrap_or(i64::MAX) < look.min(HITS_MAX);
        let ids: Vec<&str> = hits.iter().map(|hit| hit.ref_id.as_str()).collect();
        let found: Vec<(Main, Beside)> = narrowed(filter, reader)
            .filter(among(conn, proposals::id, &ids))
            .load(conn)?;
        rows.extend(in_order(found, &hits));
        if rows.len() > wanted || is_last {
            return cut(rows, limit);
        }
        last = hits.into_iter().last().or(last);
        before = last.as_ref().map_or(before, |hit| hit.key);
        look = HITS_MAX;
    }
    let mut page = cut(rows, limit)?;
    page.next = last.map(|hit| Cursor {
        published_at: hit.key.published_at().as_milliseconds(),
        id: hit.ref_id,
    });
    Ok(page)
}

/// The key below which the page begins.
fn beginning(conn: &mut Conn, after: Option<&Cursor>) -> Result<Key, StoreError> {
    let Some(after) = after else {
        return Ok(Key::above_all(SEARCH_KIND));
    };
    let held = search::key_of(conn, SEARCH_KIND, &after.id)?;
    // One that is findable no more leaves its place in time.
    let at = Instant::from_milliseconds(after.published_at);
    Ok(held.unwrap_or(Key::at(SEARCH_KIND, at)))
}

/// The rows in the order of the hits.
fn in_order(mut rows: Vec<(Main, Beside)>, hits: &[Hit]) -> Vec<(Main, Beside)> {
    rows.sort_by_cached_key(|(main, _)| hits.iter().position(|hit| hit.ref_id == main.id));
    rows
}
