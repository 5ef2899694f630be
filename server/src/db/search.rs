//! Full text: one table of terms, indexed by FTS5 on SQLite and GIN on PostgreSQL, with the same
//! hits on both, newest first. A feature writes its entry in the transaction of what the entry
//! describes.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::analyser::{ANALYSER_VERSION, terms};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::{hub_facts, search_docs};

mod hits;
mod key;

pub use hits::{HITS_MAX, Hit, Words, hits};
pub use key::{Key, Kind};

/// Keys that other processes may take while one looks for a free one.
const TRIES_MAX: usize = 1_000;

/// What a text is found by. Made before the write, whose time belongs to everybody: a sentence
/// takes 20 µs, a long description a millisecond.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stems(String);

impl Stems {
    /// The terms of these texts together.
    pub fn of(texts: &[&str]) -> Self {
        Self(terms(&texts.join("\n")).join(" "))
    }
}

/// Makes the thing of that kind and id findable by `stems`, in place of what was there, and newer
/// than all that was published before `at`.
///
/// # Errors
/// See [`StoreError`].
pub fn index(
    conn: &mut Conn,
    kind: Kind,
    (ref_id, at): (&str, Instant),
    stems: &Stems,
) -> Result<(), StoreError> {
    let lowest = Key::at(kind, at);
    match held(conn, kind, ref_id)? {
        Some((key, found)) if key.published_at() == lowest.published_at() => {
            // The same words again cost nothing: most changes are not of the text.
            if found != stems.0 {
                diesel::update(search_docs::table.find(key.as_i64()))
                    .set(search_docs::stems.eq(&stems.0))
                    .execute(conn)?;
            }
            return Ok(());
        }
        Some(_) => remove(conn, kind, ref_id)?,
        None => {}
    }
    let mut key = lowest;
    for attempt in 0..TRIES_MAX {
        let entry = (
            search_docs::docid.eq(key.as_i64()),
            search_docs::kind.eq(kind.name),
            search_docs::ref_id.eq(ref_id),
            search_docs::stems.eq(&stems.0),
        );
        let insert = diesel::insert_into(search_docs::table).values(entry);
        if Both(insert.on_conflict(search_docs::docid).do_nothing()).execute(conn)? == 1 {
            return Ok(());
        }
        // Taken by another of that millisecond, or by another process since it was seen free.
        key = if attempt == 0 {
            first_free(conn, lowest)?
        } else {
            key.next()
        };
    }
    Err(StoreError::Busy)
}

/// The key after the last one of that millisecond.
fn first_free(conn: &mut Conn, lowest: Key) -> Result<Key, StoreError> {
    let above = lowest.at_next_millisecond();
    let last: Option<i64> = search_docs::table
        .filter(search_docs::docid.ge(lowest.as_i64()))
        .filter(search_docs::docid.lt(above.as_i64()))
        .order(search_docs::docid.desc())
        .select(search_docs::docid)
        .first(conn)
        .optional()?;
    Ok(last.map_or(lowest, |docid| Key::known(docid).next()))
}

/// Where an entry stands, if it is there.
///
/// # Errors
/// See [`StoreError`].
pub fn key_of(conn: &mut Conn, kind: Kind, ref_id: &str) -> Result<Option<Key>, StoreError> {
    Ok(held(conn, kind, ref_id)?.map(|(key, _)| key))
}

fn held(conn: &mut Conn, kind: Kind, ref_id: &str) -> Result<Option<(Key, String)>, StoreError> {
    let found: Option<(i64, String)> = search_docs::table
        .filter(search_docs::kind.eq(kind.name))
        .filter(search_docs::ref_id.eq(ref_id))
        .select((search_docs::docid, search_docs::stems))
        .first(conn)
        .optional()?;
    Ok(found.map(|(docid, stems)| (Key::known(docid), stems)))
}

/// Makes it findable no more. Nothing happens when it was not.
///
/// # Errors
/// See [`StoreError`].
pub fn remove(conn: &mut Conn, kind: Kind, ref_id: &str) -> Result<(), StoreError> {
    let entry = search_docs::table
        .filter(search_docs::kind.eq(kind.name))
        .filter(search_docs::ref_id.eq(ref_id));
    diesel::delete(entry).execute(conn)?;
    Ok(())
}

/// True when the entries of that kind were made by this version of the analyser; otherwise they are
/// to be made again, then [`mark_current`].
///
/// # Errors
/// See [`StoreError`].
pub fn is_current(conn: &mut Conn, kind: Kind) -> Result<bool, StoreError> {
    let found: Option<String> = hub_facts::table
        .find(version_key(kind))
        .select(hub_facts::value)
        .first(conn)
        .optional()?;
    Ok(found.is_some_and(|version| version == ANALYSER_VERSION.to_string()))
}

/// Notes that the entries of that kind were made by this version of the analyser.
///
/// # Errors
/// See [`StoreError`].
pub fn mark_current(conn: &mut Conn, kind: Kind, now: Instant) -> Result<(), StoreError> {
    let (value, updated_at) = (ANALYSER_VERSION.to_string(), now.as_milliseconds());
    let fact = (
        hub_facts::key.eq(version_key(kind)),
        hub_facts::value.eq(&value),
        hub_facts::updated_at.eq(updated_at),
    );
    let upsert = diesel::insert_into(hub_facts::table)
        .values(fact)
        .on_conflict(hub_facts::key)
        .do_update()
        .set((
            hub_facts::value.eq(&value),
            hub_facts::updated_at.eq(updated_at),
        ));
    Both(upsert).execute(conn)?;
    Ok(())
}

/// Where the version of the analyser that made the entries of a kind is kept.
fn version_key(kind: Kind) -> String {
    format!("search_analyser:{}", kind.name)
}
