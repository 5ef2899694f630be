//! Copies of a SQLite database taken while the hub runs. PostgreSQL has its own tools (`pg_dump`).

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// Why there is no copy that can be trusted.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder cannot be written, read or renamed.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The path holds characters the database cannot be given.
    #[error("{} is not a UTF-8 path", .0.display())]
    Path(PathBuf),
    /// The database could not be read or the copy not be written or opened.
    #[error("the database could not be copied or read")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The copy is damaged: what `integrity_check` says.
    #[error("the copy is damaged: {0}")]
    Damaged(String),
    /// The copy holds rows that point to rows that do not exist.
    #[error("the copy holds {0} rows that point nowhere")]
    DanglingRows(i64),
}

impl From<diesel::result::Error> for BackupError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Engine(Box::new(error))
    }
}

/// Copies the database at `source` to `target` while it is in use, checks the copy, and only then
/// gives it its name: a file under that name is a sound copy on the disk. Replaces an older one.
///
/// # Errors
/// See [`BackupError`]; no file is left under `target`'s name unless it was there before.
pub fn back_up(source: &Path, target: &Path) -> Result<(), BackupError> {
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(at(folder))?;
    let part = target.with_extension("part");
    let copied = copy_checked(source, &part);
    if copied.is_err() {
        drop(fs::remove_file(&part)); // the reason of the failure matters more
        return copied;
    }
    fs::rename(&part, target).map_err(at(target))?;
    sync(folder)
}

/// Reads the whole copy at `path`: pages, indexes, and that every reference leads somewhere.
///
/// # Errors
/// [`BackupError::Damaged`] or [`BackupError::DanglingRows`] when it must not be restored.
pub fn verify(path: &Path) -> Result<(), BackupError> {
    if !path.is_file() {
        return Err(at(path)(io::ErrorKind::NotFound.into()));
    }
    let mut copy = open(path)?;
    copy.batch_execute("PRAGMA query_only=ON")?;
    let verdict = diesel::dsl::sql::<Text>(
        "(SELECT group_concat(integrity_check, '; ') FROM pragma_integrity_check)",
    );
    let verdict: String = match diesel::select(verdict).get_result(&mut copy) {
        Ok(verdict) => verdict,
        Err(error) => return Err(BackupError::Damaged(error.to_string())),
    };
    if verdict != "ok" {
        return Err(BackupError::Damaged(verdict));
    }
    let count = diesel::dsl::sql::<BigInt>("(SELECT count(*) FROM pragma_foreign_key_check)");
    match diesel::select(count).get_result(&mut copy)? {
        0 => Ok(()),
        rows => Err(BackupError::DanglingRows(rows)),
    }
}

fn copy_checked(source: &Path, part: &Path) -> Result<(), BackupError> {
    create_private(part)?;
    let name = part
        .to_str()
        .ok_or_else(|| BackupError::Path(part.to_owned()))?;
    let mut conn = open(source)?;
    conn.batch_execute("PRAGMA busy_timeout=5000")?;
    diesel::sql_query("VACUUM INTO $1")
        .bind::<Text, _>(name)
        .execute(&mut conn)?;
    drop(conn);
    verify(part)?;
    sync(part)
}

/// An empty file only its owner may read: a backup holds what the database holds.
fn create_private(path: &Path) -> Result<(), BackupError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(at(path))
}

fn open(path: &Path) -> Result<SqliteConnection, BackupError> {
    let name = path
        .to_str()
        .ok_or_else(|| BackupError::Path(path.to_owned()))?;
    SqliteConnection::establish(name).map_err(|error| BackupError::Engine(Box::new(error)))
}

fn sync(path: &Path) -> Result<(), BackupError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(at(path))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path, source }
}
