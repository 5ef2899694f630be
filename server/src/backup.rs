//! Backups of a whole hub: database, keys, settings and pictures, in one folder a backup.
//!
//! A folder under `backups/` whose name is an instant is a sound backup: it was checked before it
//! got its name. PostgreSQL has its own tools; see docs/operate/backup.md. Not here: the copy of
//! the database itself, which is [`crate::db::backup`].

mod manifest;
mod restore;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use interkpa_federation::Instant;

use crate::config::{Config, FILE_NAME};
use crate::db;
use crate::db::url::{DatabaseUrl, Engine};
pub use manifest::{Kept, MANIFEST, Manifest};
pub use restore::{Restored, restore};

/// Folder of the backups in the data folder.
pub const FOLDER: &str = "backups";
/// The database in a backup.
const DATABASE: &str = "hub.db";
/// Pictures in the data folder and in a backup.
const MEDIA: &str = "media";
/// Keys in the data folder and in a backup.
const KEYS: &str = "keys";

/// A backup that was made or found.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Backup {
    /// Its folder.
    pub path: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
}

/// Path of the SQLite file of a hub.
///
/// # Errors
/// A hub on PostgreSQL, with what to do instead.
pub fn database_file(data: &Path, config: &Config) -> anyhow::Result<PathBuf> {
    let url: DatabaseUrl = config.database.url.parse()?;
    match url.within(data) {
        DatabaseUrl::Sqlite(path) => Ok(path),
        other @ DatabaseUrl::Postgres(_) => {
            debug_assert_eq!(other.engine(), Engine::Postgres);
            bail!(
                "this hub keeps its data in PostgreSQL: take its copy with pg_dump, and the folders \
                 `{KEYS}` and `{MEDIA}` and the file `{FILE_NAME}` of {} with it",
                data.display()
            )
        }
    }
}

/// Makes a backup while the hub runs, checks it, and removes the oldest beyond `keep`.
///
/// The database is copied before the pictures: every picture that the copy names was there.
///
/// # Errors
/// Says which file failed; nothing is left under a backup's name then.
pub fn make(data: &Path, config: &Config, now: Instant, keep: usize) -> anyhow::Result<Backup> {
    let database = database_file(data, config)?;
    let folder = data.join(FOLDER);
    let name = name_of(now);
    let (part, target) = (folder.join(format!(".{name}.part")), folder.join(&name));
    if target.exists() {
        bail!("{} exists already: wait a second", target.display());
    }
    make_private(&folder)?;
    remove(&part)?;
    make_private(&part)?;
    let made = fill(data, &database, &part, config, now);
    let manifest = match made {
        Ok(manifest) => manifest,
        Err(error) => {
            // The reason of the failure matters more than what is left behind.
            drop(remove(&part));
            return Err(error);
        }
    };
    fs::rename(&part, &target).with_context(|| format!("naming {}", target.display()))?;
    fs::File::open(&folder)?.sync_all()?;
    thin_out(&folder, keep)?;
    Ok(Backup {
        path: target,
        manifest,
    })
}

fn fill(
    data: &Path,
    database: &Path,
    part: &Path,
    config: &Config,
    now: Instant,
) -> anyhow::Result<Manifest> {
    db::backup::back_up(database, &part.join(DATABASE))?;
    copy(&data.join(FILE_NAME), &part.join(FILE_NAME))?;
    copy_tree(&data.join(KEYS), &part.join(KEYS), false)?;
    copy_tree(&data.join(MEDIA), &part.join(MEDIA), true)?;
    let manifest = Manifest::of(part, config, now)?;
    manifest.write(part)?;
    Ok(manifest)
}

/// The sound backups of a hub, oldest first.
///
/// # Errors
/// The folder cannot be read.
pub fn list(data: &Path) -> anyhow::Result<Vec<Backup>> {
    let folder = data.join(FOLDER);
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let named = path
            .file_name()
            .is_some_and(|name| !name.to_string_lossy().starts_with('.'));
        if named && path.join(MANIFEST).is_file() {
            let manifest = Manifest::read(&path)?;
            found.push(Backup { path, manifest });
        }
    }
    found.sort_by_key(|backup| backup.manifest.made_at);
    Ok(found)
}

/// Reads a whole backup again: every file against its sum, the database page by page.
///
/// # Errors
/// Names the first file that is damaged, missing or too much.
pub fn verify(path: &Path) -> anyhow::Result<Manifest> {
    let manifest = Manifest::read(path)?;
    manifest.check(path)?;
    db::backup::verify(&path.join(DATABASE))?;
    Ok(manifest)
}

fn thin_out(folder: &Path, keep: usize) -> anyhow::Result<()> {
    let data = folder.parent().unwrap_or(folder);
    let all = list(data)?;
    let too_many = all.len().saturating_sub(keep.max(1));
    for old in all.iter().take(too_many) {
        remove(&old.path)?;
    }
    Ok(())
}

fn name_of(now: Instant) -> String {
    let text = now.to_rfc3339();
    let second: String = text.chars().take(19).filter(|c| *c != ':').collect();
    format!("{second}Z")
}

/// A folder only its owner may enter: a backup holds keys.
fn make_private(folder: &Path) -> anyhow::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .with_context(|| format!("making {}", folder.display()))
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Copies one file with its permissions, onto the disk.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::copy(from, to)
        .and_then(|_bytes| fs::File::open(to)?.sync_all())
        .with_context(|| format!("copying {} to {}", from.display(), to.display()))
}

/// Copies the files of a folder and of its folders. `may_link`: files that never change share
/// their bytes with the copy where the disk allows it.
fn copy_tree(from: &Path, to: &Path, may_link: bool) -> anyhow::Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    make_private(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target, may_link)?;
        } else if !(may_link && fs::hard_link(entry.path(), &target).is_ok()) {
            copy(&entry.path(), &target)?;
        }
    }
    Ok(())
}
