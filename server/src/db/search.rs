//! Full text: one table of terms, indexed by FTS5 on SQLite and GIN on PostgreSQL, with the same
//! hits on both. A feature writes its entry in the transaction of what the entry describes.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel::upsert::excluded;
use interkpa_federation::Instant;

use crate::db::analyser::{ANALYSER_VERSION, terms};
use crate::db::conn::{Conn, MultiBackend};
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::{hub_facts, search_docs};
use crate::db::url::Engine;

/// Words of one search that count; the rest is dropped.
const WORDS_MAX: usize = 16;
/// Where the version of the analyser that made the index is kept.
const VERSION_KEY: &str = "search_analyser";

/// What somebody looks for. It holds at least one term, each of `[a-z0-9]` only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// The terms of what was typed. `None` when nothing is left to look for (`l'`, `de la`): the
    /// page must then say so rather than show everything as a hit.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut terms = terms(typed);
        terms.truncate(WORDS_MAX);
        if terms.is_empty() {
            None
        } else {
            Some(Self(terms))
        }
    }

    /// All terms, each as a beginning of a word, in the engine's own query language.
    fn query(&self, engine: Engine) -> String {
        let (prefix, suffix, and) = match engine {
            Engine::Sqlite => ("\"", "\"*", " AND "),
            Engine::Postgres => ("'", "':*", " & "),
        };
        let quoted: Vec<String> = self
            .0
            .iter()
            .map(|term| [prefix, term.as_str(), suffix].concat())
            .collect();
        quoted.join(and)
    }
}

/// Ids found, as a sub-query.
pub type Hits = search_docs::BoxedQuery<'static, MultiBackend, Text>;

/// The ids of the entries of that kind that hold all the words, as a filter for any query:
/// `query.filter(proposals::id.eq_any(search::hits(conn.engine(), "proposal", &words)))`.
pub fn hits(engine: Engine, kind: &str, words: &Words) -> Hits {
    let (before, after) = match engine {
        Engine::Sqlite => (
            "search_docs.docid IN (SELECT rowid FROM search_fts WHERE search_fts MATCH ",
            ")",
        ),
        Engine::Postgres => (
            "array_to_tsvector(string_to_array(search_docs.stems, ' ')) @@ CAST(",
            " AS tsquery)",
        ),
    };
    let matching = diesel::dsl::sql::<Bool>(before)
        .bind::<Text, _>(words.query(engine))
        .sql(after);
    search_docs::table
        .select(search_docs::ref_id)
        .filter(search_docs::kind.eq(kind.to_owned()))
        .filter(matching)
        .into_boxed()
}

/// Makes `text` findable as the thing of that kind and id, in place of what was there.
///
/// # Errors
/// See [`StoreError`].
pub fn index(conn: &mut Conn, kind: &str, ref_id: &str, text: &str) -> Result<(), StoreError> {
    let entry = (
        search_docs::kind.eq(kind),
        search_docs::ref_id.eq(ref_id),
        search_docs::stems.eq(terms(text).join(" ")),
    );
    let upsert = diesel::insert_into(search_docs::table)
        .values(entry)
        .on_conflict((search_docs::kind, search_docs::ref_id))
        .do_update()
        .set(search_docs::stems.eq(excluded(search_docs::stems)));
    Both(upsert).execute(conn)?;
    Ok(())
}

/// Makes it findable no more. Nothing happens when it was not.
///
/// # Errors
/// See [`StoreError`].
pub fn remove(conn: &mut Conn, kind: &str, ref_id: &str) -> Result<(), StoreError> {
    let entry = search_docs::table
        .filter(search_docs::kind.eq(kind))
        .filter(search_docs::ref_id.eq(ref_id));
    diesel::delete(entry).execute(conn)?;
    Ok(())
}

/// True when the index was made by this version of the analyser; otherwise everything is to be
/// indexed again, then [`mark_current`].
///
/// # Errors
/// See [`StoreError`].
pub fn is_current(conn: &mut Conn) -> Result<bool, StoreError> {
    let found: Option<String> = hub_facts::table
        .find(VERSION_KEY)
        .select(hub_facts::value)
        .first(conn)
        .optional()?;
    Ok(found.is_some_and(|version| version == ANALYSER_VERSION.to_string()))
}

/// Notes that the whole index was made by this version of the analyser.
///
/// # Errors
/// See [`StoreError`].
pub fn mark_current(conn: &mut Conn, now: Instant) -> Result<(), StoreError> {
    let (value, updated_at) = (ANALYSER_VERSION.to_string(), now.as_milliseconds());
    let fact = (
        hub_facts::key.eq(VERSION_KEY),
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
