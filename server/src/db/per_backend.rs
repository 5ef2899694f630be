//! The two helpers for what the multi connection cannot say by itself. Everything else is written
//! on [`Conn`] directly.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl};

use crate::db::conn::{Conn, MultiBackend};

/// Hands a statement that is valid on both engines (ON CONFLICT, UNION) to the multi connection,
/// whose derive refuses it: `Both(insert_into(..).on_conflict(..).do_nothing()).execute(conn)`.
#[derive(Debug, Clone, Copy)]
pub struct Both<T>(pub T);

impl<T: QueryFragment<Sqlite> + QueryFragment<Pg>> QueryFragment<MultiBackend> for Both<T> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}

impl<T: QueryId> QueryId for Both<T> {
    type QueryId = T::QueryId;
    const HAS_STATIC_QUERY_ID: bool = T::HAS_STATIC_QUERY_ID;
}

impl<T: Query> Query for Both<T> {
    type SqlType = T::SqlType;
}

impl<T> RunQueryDsl<Conn> for Both<T> {}

/// Evaluates one expression against whichever engine is open, for what has a form on each but none
/// on the multi connection: several rows in one insert, `as_returning`.
/// `per_backend!(conn, c => insert_into(t).values(&rows).execute(c))`.
#[macro_export]
macro_rules! per_backend {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::conn::Conn::Pg($c) => $body,
            $crate::db::conn::Conn::Sqlite($c) => $body,
        }
    };
}
