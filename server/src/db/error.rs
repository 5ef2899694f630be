//! What can go wrong in the database, in the words a feature needs. Nothing here knows HTTP.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

use crate::db::backup::BackupError;
use crate::db::url::DatabaseUrl;

/// Why a store function did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row asked for does not exist.
    #[error("no such row")]
    NotFound,
    /// A constraint refuses the change; its name is the same on both engines.
    ///
    /// A unique key is named by its columns, `offers(id)` or `follows(follower_uri, followed_uri)`; a check by
    /// the name it was given; a foreign key is `foreign key`; a missing value is `not null`.
    #[error("{0} refuses it")]
    Conflict(String),
    /// Too much is going on, or the database is being closed: the same request may succeed later.
    /// Nothing was written.
    #[error("the database is busy")]
    Busy,
    /// Everything else: a damaged file, a full disk, a lost server, a wrong query.
    #[error("the database failed")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// A [`StoreError::Broken`] with a reason in words.
    pub fn broken(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Broken(reason.into())
    }

    /// True when the constraint of that name refused the change.
    pub fn is_conflict_of(&self, constraint: &str) -> bool {
        matches!(self, Self::Conflict(name) if name == constraint)
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::DatabaseError(kind, info) => from_database(kind, info),
            other => Self::Broken(Box::new(other)),
        }
    }
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or the server does not answer.
    #[error("the database {url} cannot be opened")]
    Unreachable {
        /// The database, without secrets.
        url: DatabaseUrl,
        /// What the engine said.
        source: StoreError,
    },
    /// The tables were made by a newer version of this program.
    #[error(
        "the database was changed by a newer version of interkpa (it holds the migrations {}): \
         start that version or a newer one, or restore a backup",
        unknown.join(", ")
    )]
    NewerSchema {
        /// Migrations this program does not know.
        unknown: Vec<String>,
    },
    /// Text would not be compared byte by byte, or is not kept in UTF-8.
    #[error(
        "the PostgreSQL database {found}, where both engines must agree: create it anew with \
         CREATE DATABASE interkpa ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0"
    )]
    Collation {
        /// What is wrong with it.
        found: String,
    },
    /// The copy to be made before changing an existing database failed: nothing was changed.
    #[error("no backup could be made before changing the tables")]
    Backup(#[source] BackupError),
    /// A migration failed: nothing was changed.
    #[error("the tables cannot be brought up to date")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Rows would point nowhere after the migrations: nothing was changed.
    #[error("after the migrations {0} rows would point to rows that do not exist")]
    DanglingRows(i64),
    /// The writing thread could not be started.
    #[error("the writing thread cannot be started")]
    Thread(#[source] std::io::Error),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Migration(Box::new(error))
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        Self::Migration(Box::new(error))
    }
}

/// An error and all its causes on one line, for logs.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

fn from_database(
    kind: DatabaseErrorKind,
    info: Box<dyn DatabaseErrorInformation + Send + Sync>,
) -> StoreError {
    match kind {
        DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ExclusionViolation => {
            StoreError::Conflict(unique_name(&*info))
        }
        DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => {
            StoreError::Conflict("foreign key".to_owned())
        }
        DatabaseErrorKind::NotNullViolation => StoreError::Conflict("not null".to_owned()),
        DatabaseErrorKind::CheckViolation => StoreError::Conflict(check_name(&*info)),
        DatabaseErrorKind::SerializationFailure => StoreError::Busy,
        DatabaseErrorKind::Unknown if is_busy(info.message()) => StoreError::Busy,
        DatabaseErrorKind::Unknown if info.message().starts_with(CHECK_FAILED) => {
            StoreError::Conflict(check_name(&*info)) // raised by a trigger on SQLite
        }
        _ => StoreError::Broken(Box::new(Error::DatabaseError(kind, info))),
    }
}

const UNIQUE_FAILED: &str = "UNIQUE constraint failed: ";
const CHECK_FAILED: &str = "CHECK constraint failed: ";

/// `table(column, column)` from SQLite's `… failed: table.column, table.column`, or from
/// PostgreSQL's table name and detail `Key (column, column)=(…)…`, whatever its language.
fn unique_name(info: &dyn DatabaseErrorInformation) -> String {
    if let Some(columns) = info.message().strip_prefix(UNIQUE_FAILED) {
        let Some((table, _)) = columns.split_once('.') else {
            return columns.to_owned();
        };
        let names: Vec<&str> = columns
            .split(", ")
            .map(|column| column.split_once('.').map_or(column, |(_, name)| name))
            .collect();
        return format!("{table}({})", names.join(", "));
    }
    let columns = info
        .details()
        .and_then(|detail| detail.split_once('('))
        .and_then(|(_, rest)| rest.split_once(")=("))
        .map(|(columns, _)| columns);
    match (info.table_name(), columns) {
        (Some(table), Some(columns)) => format!("{table}({columns})"),
        _ => info.constraint_name().unwrap_or("unique").to_owned(),
    }
}

fn check_name(info: &dyn DatabaseErrorInformation) -> String {
    let name = info
        .constraint_name()
        .or_else(|| info.message().strip_prefix(CHECK_FAILED));
    name.unwrap_or("check").to_owned()
}

/// Diesel gives no code for a locked SQLite file nor for a deadlock on PostgreSQL; the word
/// "deadlock" stands in PostgreSQL's message in every language it speaks with our alphabet.
fn is_busy(message: &str) -> bool {
    message.contains("is locked") || is_deadlock(message)
}

fn is_deadlock(message: &str) -> bool {
    message.to_ascii_lowercase().contains("deadlock")
}

/// True when PostgreSQL gave up this transaction because of another one, so that running it again
/// may succeed: SQLSTATE 40001 and 40P01.
pub(super) fn is_worth_retrying(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        Error::DatabaseError(DatabaseErrorKind::Unknown, info) => is_deadlock(info.message()),
        _ => false,
    }
}
