//! What a backup says of itself: when it was made, of which hub, and the sum of every file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, bail};
use interkpa_federation::Instant;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::config::Config;

/// Its file in a backup.
pub const MANIFEST: &str = "manifest.json";

/// Written last into a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Milliseconds UTC just before the database was copied: everything answered before is in it.
    pub made_at: i64,
    /// The hub.
    pub base_url: String,
    /// Version of the program that made it.
    pub version: String,
    /// The files by path.
    pub files: BTreeMap<String, Kept>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Length.
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
}

impl Manifest {
    pub(super) fn of(folder: &Path, config: &Config, made_at: Instant) -> anyhow::Result<Self> {
        Ok(Self {
            made_at: made_at.as_milliseconds(),
            base_url: config.hub.base_url.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            files: sums(folder)?,
        })
    }

    /// When it was made.
    pub fn made_at(&self) -> Instant {
        Instant::from_milliseconds(self.made_at)
    }

    /// Length of all files.
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|file| file.bytes).sum()
    }

    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join(MANIFEST);
        fs::write(&path, serde_json::to_vec_pretty(self)?)
            .and_then(|()| fs::File::open(&path)?.sync_all())
            .with_context(|| format!("writing {}", path.display()))
    }

    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(MANIFEST);
        let text = fs::read(&path).with_context(|| {
            format!(
                "{} is not a backup (no {MANIFEST}): `interkpa backup list` shows those of a hub",
                folder.display()
            )
        })?;
        serde_json::from_slice(&text).with_context(|| format!("reading {}", path.display()))
    }

    pub(super) fn check(&self, folder: &Path) -> anyhow::Result<()> {
        let found = sums(folder)?;
        for (path, kept) in &self.files {
            match found.get(path) {
                None => bail!("the backup lacks {path}"),
                Some(file) if file != kept => bail!("{path} is damaged in the backup"),
                Some(_) => {}
            }
        }
        match found.keys().find(|path| !self.files.contains_key(*path)) {
            Some(path) => bail!("{path} was added to the backup since it was made"),
            None => Ok(()),
        }
    }
}

fn sums(folder: &Path) -> anyhow::Result<BTreeMap<String, Kept>> {
    let mut found = BTreeMap::new();
    gather(folder, "", &mut found)?;
    Ok(found)
}

fn gather(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Kept>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &format!("{name}/"), found)?;
        } else if name != MANIFEST {
            let kept = sum(&entry.path())
                .with_context(|| format!("reading {}", entry.path().display()))?;
            found.insert(name, kept);
        }
    }
    Ok(())
}

fn sum(path: &Path) -> io::Result<Kept> {
    let mut hash = Sha256::new();
    let bytes = io::copy(&mut fs::File::open(path)?, &mut hash)?;
    let mut sha256 = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing to a String does not fail.
        let _ = write!(sha256, "{byte:02x}");
    }
    Ok(Kept { bytes, sha256 })
}
