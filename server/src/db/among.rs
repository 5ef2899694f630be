//! A column against a list of values, as one text whatever their number.
//!
//! `eq_any` writes one placeholder for each value, so diesel keeps no compiled statement for it and the
//! engine compiles the query at each use: on SQLite that costs more than a short query itself. Where a
//! query runs for each page or activity, this stands in its place.

use diesel::dsl::AsExprOf;
use diesel::expression::{AsExpression, SqlLiteral, UncheckedBind};
use diesel::sql_types::{Bool, Text};

use crate::db::conn::Conn;
use crate::db::url::Engine;

type Sql<Before> = SqlLiteral<Bool, Before>;
/// What [`among`] gives to `filter`; `C` is the column.
pub type Among<C> =
    Sql<UncheckedBind<Sql<UncheckedBind<SqlLiteral<Bool>, C>>, AsExprOf<String, Text>>>;

/// The rows whose column is one of the values: `query.filter(among(conn, media::id, &ids))`. No value, no
/// row.
pub fn among<C, V>(conn: &Conn, column: C, values: &[V]) -> Among<C::Expression>
where
    C: AsExpression<Text>,
    V: AsRef<str>,
{
    let (before, after) = match conn.engine() {
        Engine::Sqlite => (" IN (SELECT value FROM json_each(", "))"),
        Engine::Postgres => (" IN (SELECT json_array_elements_text(CAST(", " AS json)))"),
    };
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    diesel::dsl::sql::<Bool>("")
        .bind::<Text, _>(column)
        .sql(before)
        .bind::<Text, _>(serde_json::json!(values).to_string())
        .sql(after)
}
