//! Small things about values that every store needs.

use diesel::expression::{AsExpression, SqlLiteral, UncheckedBind};
use diesel::sql_types::BigInt;

/// Most rows of a page and most values of a list in one query (storage.md, rule 10).
pub const ROWS_MAX: i64 = 500;

/// A text holding U+0000: PostgreSQL cannot keep it, so no engine is given it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a text must not hold the character U+0000")]
pub struct NulInText;

/// The text itself, when both engines can keep it. Parsers of forms and activities ask it for
/// every text, so that a member reads a sentence and not the failure of an engine.
///
/// # Errors
/// [`NulInText`].
pub fn without_nul(text: &str) -> Result<&str, NulInText> {
    if text.contains('\0') {
        Err(NulInText)
    } else {
        Ok(text)
    }
}

/// The sum of a column of whole numbers, zero for no rows, a BIGINT on both engines
/// (PostgreSQL's own `sum` of BIGINT is NUMERIC).
pub fn total<C: AsExpression<BigInt>>(column: C) -> Total<C::Expression> {
    diesel::dsl::sql::<BigInt>("COALESCE(CAST(SUM(")
        .bind::<BigInt, _>(column)
        .sql(") AS BIGINT), 0)")
}

/// What [`total`] gives to `select`.
pub type Total<C> = SqlLiteral<BigInt, UncheckedBind<SqlLiteral<BigInt>, C>>;
