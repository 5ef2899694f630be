//! A hub put back from a backup, in an empty folder, and what is known to be lost
//! (docs/decisions/0006).

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};
use interkpa_federation::Instant;

use super::{DATABASE, KEYS, MEDIA, copy, copy_tree, make_private, remove, verify};
use crate::clock::Clock;
use crate::config::{Config, FILE_NAME};
use crate::db;
use crate::db::lock::FolderLock;
use crate::db::restored::{self, Closed, Happened};
use crate::db::store::Store;
use crate::db::url::DatabaseUrl;
use crate::random::Random;

/// A hub that was put back.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Restored {
    /// Its address.
    pub base_url: String,
    /// Milliseconds UTC at which the backup had been made: what came later is not in it.
    pub made_at: i64,
    /// Milliseconds UTC of the restore.
    pub restored_at: i64,
    /// The new life of its database.
    pub epoch: String,
    /// What was closed for safety.
    pub closed: Closed,
    /// What the old database still knew and the backup does not; nothing when it was not given.
    pub lost: Option<Vec<Happened>>,
}

/// Puts the backup `from` into the folder `data`. `old` is the data folder of the hub that broke,
/// when its database can still be read: what was lost is then named one by one.
///
/// # Errors
/// A damaged backup, a folder that holds a hub, a hub that is still running.
pub async fn restore(
    from: &Path,
    data: &Path,
    old: Option<&Path>,
    clock: &dyn Clock,
    random: &Random,
) -> anyhow::Result<Restored> {
    let file = data.join(FILE_NAME);
    if file.exists() {
        bail!(
            "{} holds a hub: restore into an empty folder (--data) and exchange the folders after",
            data.display()
        );
    }
    let manifest = verify(from)?;
    // Held until the end: two processes with one identity would contradict each other.
    let _old_lock = old.map(FolderLock::acquire).transpose()?;
    make_private(data)?;
    let _lock = FolderLock::acquire(data)?;
    let config = Config::load(from)?;
    let DatabaseUrl::Sqlite(database) = config.database.url.parse::<DatabaseUrl>()?.within(data)
    else {
        bail!("INTERKPA_DATABASE__URL names another database than the one of the backup");
    };
    if database.exists() {
        // An absolute path in the settings: it would be the database of the hub that broke.
        bail!(
            "{} exists: move it away first, so that nothing is written over it",
            database.display()
        );
    }
    let old_rows = match old {
        Some(old) => Some(old_rows(old, data, manifest.made_at()).await?),
        None => None,
    };
    copy(&from.join(DATABASE), &database)?;
    copy_tree(&from.join(KEYS), &data.join(KEYS), false)?;
    copy_tree(&from.join(MEDIA), &data.join(MEDIA), false)?;

    let store = Store::open(&DatabaseUrl::Sqlite(database))?;
    let (now, made_at) = (clock.now(), manifest.made_at());
    let (epoch, event_id) = (random.uuid_v7(now), random.uuid_v7(now));
    let new_epoch = epoch.clone();
    let (closed, kept) = store
        .write(move |tx| -> Result<_, db::error::StoreError> {
            let kept = restored::since(tx, Instant::from_milliseconds(0).max(made_at))?;
            let closed = restored::begin_epoch(tx, now, made_at, &new_epoch, &event_id)?;
            Ok((closed, kept))
        })
        .await?;
    store.close().await;
    // Last, so that a restore that was interrupted is no hub.
    copy(&from.join(FILE_NAME), &file)?;
    let kept: BTreeSet<Happened> = kept.into_iter().collect();
    Ok(Restored {
        base_url: manifest.base_url,
        made_at: manifest.made_at,
        restored_at: now.as_milliseconds(),
        epoch,
        closed,
        lost: old_rows.map(|rows| rows.into_iter().filter(|row| !kept.contains(row)).collect()),
    })
}

/// What the broken hub knew that is younger than the backup, read from a copy: nothing is changed
/// in its folder.
async fn old_rows(old: &Path, data: &Path, since: Instant) -> anyhow::Result<Vec<Happened>> {
    let config = Config::load(old)?;
    let database = super::database_file(old, &config)?;
    let aside = data.join(".old");
    make_private(&aside)?;
    let copied = aside.join(DATABASE);
    db::backup::back_up(&database, &copied).with_context(|| {
        format!(
            "{} cannot be read: restore without --old",
            database.display()
        )
    })?;
    let store = Store::open(&DatabaseUrl::Sqlite(copied))?;
    let rows = store.read(move |conn| restored::since(conn, since)).await?;
    store.close().await;
    remove(&aside)?;
    Ok(rows)
}
