//! The words of a search and what is found by them. The only SQL here that differs between the engines.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use interkpa_federation::Instant;

use crate::db::analyser::terms;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::search::key::{Key, Kind};
use crate::db::url::Engine;

/// Words of one search that count; the rest is dropped.
const WORDS_MAX: usize = 16;
/// Most hits of one look into the index.
pub const HITS_MAX: i64 = 200;

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

    /// All terms in the engine's own query language, each as a beginning of a word; the rare term of
    /// one letter (a stem) as a whole, for it would be the beginning of everything.
    fn query(&self, engine: Engine) -> String {
        let (quote, beginning, and) = match engine {
            Engine::Sqlite => ("\"", "*", " AND "),
            Engine::Postgres => ("'", ":*", " & "),
        };
        let quoted: Vec<String> = self
            .0
            .iter()
            .map(|term| {
                let star = if term.len() > 1 { beginning } else { "" };
                [quote, term.as_str(), quote, star].concat()
            })
            .collect();
        quoted.join(and)
    }
}

/// One entry that holds all the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where it stands among the entries of its kind.
    pub key: Key,
    /// Id of what it describes.
    pub ref_id: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    docid: i64,
    #[diesel(sql_type = Text)]
    ref_id: String,
}

/// The entries of a kind that hold all the words, the newest first: those with a key below `before`,
/// at most `limit` (cut to [`HITS_MAX`]). It costs what it gives, not what there is.
///
/// # Errors
/// See [`StoreError`].
pub fn hits(
    conn: &mut Conn,
    kind: Kind,
    words: &Words,
    before: Key,
    limit: i64,
) -> Result<Vec<Hit>, StoreError> {
    let engine = conn.engine();
    let sql = match engine {
        Engine::Sqlite => {
            "SELECT docid, ref_id FROM search_docs WHERE docid IN \
             (SELECT rowid FROM search_fts WHERE search_fts MATCH ? AND rowid >= ? AND rowid < ? \
             ORDER BY rowid DESC LIMIT ?) ORDER BY docid DESC"
        }
        Engine::Postgres => {
            "SELECT docid, ref_id FROM search_docs \
             WHERE array_to_tsvector(string_to_array(stems, ' ')) @@ CAST($1 AS tsquery) \
             AND docid >= $2 AND docid < $3 ORDER BY docid DESC LIMIT $4"
        }
    };
    let lowest = Key::at(kind, Instant::from_milliseconds(0));
    let rows: Vec<Row> = diesel::sql_query(sql)
        .bind::<Text, _>(words.query(engine))
        .bind::<BigInt, _>(lowest.as_i64())
        .bind::<BigInt, _>(before.as_i64())
        .bind::<BigInt, _>(limit.clamp(1, HITS_MAX))
        .load(conn)?;
    let hits = rows.into_iter().map(|row| Hit {
        key: Key::known(row.docid),
        ref_id: row.ref_id,
    });
    Ok(hits.collect())
}
