//! Where the database is: a file for SQLite, an address for PostgreSQL.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Which engine keeps the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// One file, one writing process.
    Sqlite,
    /// A server that several processes may share.
    Postgres,
}

/// The setting `database.url`: `sqlite:/path/hub.db`, a plain path, or `postgres://user@host/name`.
///
/// Its text forms hide the address of a PostgreSQL server, which may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The database file; its folder must exist.
    Sqlite(PathBuf),
    /// A connection address as libpq reads it.
    Postgres(String),
}

/// A text that names no database this program can open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// Nothing was given.
    #[error("the address of the database is empty")]
    Empty,
    /// A database in memory cannot be shared by the writer and the readers, nor survive a restart.
    #[error("a database in memory is not supported: give the path of a file")]
    InMemory,
    /// Another scheme than `sqlite:`, `postgres:` and `postgresql:`.
    #[error("{0}: is no scheme of a database this program knows (sqlite:, postgres:)")]
    UnknownScheme(String),
}

impl DatabaseUrl {
    /// The engine this address belongs to.
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The same database, a relative path being taken from `folder` (the data folder).
    #[must_use]
    pub fn within(self, folder: &Path) -> Self {
        match self {
            Self::Sqlite(path) => Self::Sqlite(folder.join(path)),
            Self::Postgres(address) => Self::Postgres(address),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, DatabaseUrlError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite:").unwrap_or(text);
        let path = path.strip_prefix("//").unwrap_or(path);
        match path.split_once(':') {
            _ if path.is_empty() => Err(DatabaseUrlError::Empty),
            Some(("", "memory:")) => Err(DatabaseUrlError::InMemory),
            Some((scheme, _)) if !scheme.is_empty() && !scheme.contains(['/', '\\', '.']) => {
                Err(DatabaseUrlError::UnknownScheme(scheme.to_owned()))
            }
            _ => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres:(address not shown)"),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
