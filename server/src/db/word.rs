//! A word of ours written into a statement, in place of a value bound to it.
//!
//! A partial index (`WHERE state = 'waiting'`) serves a query only when the planner sees that very
//! word: what is bound is not known when a prepared statement is planned.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Text;

/// A text literal: `inbox_activities::state.eq(Word::new("waiting"))`.
#[derive(Debug, Clone, Copy)]
pub struct Word(&'static str);

impl Word {
    /// A word of lower-case letters and `_`; anything else is the empty word, which matches nothing.
    pub const fn new(word: &'static str) -> Self {
        let mut bytes = word.as_bytes();
        while let [first, rest @ ..] = bytes {
            if !(first.is_ascii_lowercase() || *first == b'_') {
                return Self("");
            }
            bytes = rest;
        }
        Self(word)
    }
}

impl Expression for Word {
    type SqlType = Text;
}

impl<Source> SelectableExpression<Source> for Word {}
impl<Source> AppearsOnTable<Source> for Word {}

impl ValidGrouping<()> for Word {
    type IsAggregate = is_aggregate::Never;
}

/// Statements are kept by their text: the word is part of it.
impl QueryId for Word {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Backend> QueryFragment<DB> for Word {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("'");
        pass.push_sql(self.0);
        pass.push_sql("'");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_are_written() {
        assert_eq!(Word::new("waiting").0, "waiting");
        assert_eq!(Word::new("").0, "");
        assert_eq!(Word::new("' OR 1 --").0, "");
    }
}
