//! Where the repository is.

use std::path::{Path, PathBuf};

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn folder() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

/// A path of the repository, from its name with slashes.
pub(crate) fn path(name: &str) -> PathBuf {
    folder().join(name)
}

/// What tests and their servers may write: never outside `target/`, but for what another user must reach.
pub(crate) fn ground() -> PathBuf {
    folder().join("target").join("test")
}
