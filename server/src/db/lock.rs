//! One serving process per data folder.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Held as long as the value lives; the system frees it when the process ends, however it ends.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

/// Why the data folder cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process serves it.
    #[error("another interkpa process is using {}", .0.display())]
    Taken(PathBuf),
    /// The lock file cannot be made.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl FolderLock {
    /// Takes the file `lock` of the data folder, without waiting.
    ///
    /// Two processes with a writer each would work on one SQLite file, but each would wait for the
    /// other's commits. Commands beside a running hub do not take it: they write rarely.
    ///
    /// # Errors
    /// [`LockError::Taken`] when another process holds it.
    pub fn acquire(folder: &Path) -> Result<Self, LockError> {
        let path = folder.join("lock");
        let opened = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let file = opened.map_err(|source| LockError::File {
            path: path.clone(),
            source,
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => Err(LockError::Taken(folder.to_owned())),
            Err(std::fs::TryLockError::Error(source)) => Err(LockError::File { path, source }),
        }
    }
}
