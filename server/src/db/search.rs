//! Full text: one table of terms, indexed by FTS5 on SQLite and GIN on PostgreSQL, with the same
//! hits on both. A feature writes its entry in the transaction of what the entry describes.

use diesel::dsl::AsExprOf;
use diesel::expression::{AsExpression, SqlLiteral, UncheckedBind};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel::upsert::excluded;
use interkpa_federation::Instant;

use crate::db::analyser::{ANALYSER_VERSION, terms};
use crate::db::conn::Conn;
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

type Sql<Before> = SqlLiteral<Bool, Before>;
type Bound<Before> = UncheckedBind<Before, AsExprOf<String, Text>>;
/// What [`matching`] gives to `filter`; `C` is the column.
pub type Matching<C> = Sql<Bound<Sql<Bound<Sql<UncheckedBind<SqlLiteral<Bool>, C>>>>>>;

/// The rows whose entry of that kind holds all the words, for any query on both engines:
/// `query.filter(search::matching(conn.engine(), proposals::id, "proposal", &words))`.
pub fn matching<C>(engine: Engine, id: C, kind: &str, words: &Words) -> Matching<C::Expression>
where
    C: AsExpression<Text>,
{
    let (before, after) = match engine {
        Engine::Sqlite => (
            " AND docid IN (SELECT rowid FROM search_fts WHERE search_fts MATCH ",
            "))",
        ),
        Engine::Postgres => (
            " AND array_to_tsvector(string_to_array(stems, ' ')) @@ CAST(",
            " AS tsquery))",
        ),
    };
    diesel::dsl::sql::<Bool>("")
        .bind::<Text, _>(id)
        .sql(" IN (SELECT ref_id FROM search_docs WHERE kind = ")
        .bind::<Text, _>(kind.to_owned())
        .sql(before)
        .bind::<Text, _>(words.query(engine))
        .sql(after)
}

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

/// Makes the thing of that kind and id findable by `stems`, in place of what was there.
///
/// # Errors
/// See [`StoreError`].
pub fn index(conn: &mut Conn, kind: &str, ref_id: &str, stems: &Stems) -> Result<(), StoreError> {
    let entry = (
        search_docs::kind.eq(kind),
        search_docs::ref_id.eq(ref_id),
        search_docs::stems.eq(&stems.0),
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
