//! Files that no row names: what a machine that lost its power between a file and its row left, or
//! between the end of a row and that of its files.

use std::collections::BTreeSet;
use std::path::Path;

use interkpa_federation::{Instant, Span};

use super::{FOLDER, forget};
use crate::app::App;
use crate::db::error::StoreError;
use crate::features::proposals::store::media;
use crate::ids::MediaId;
use crate::random::Random;

/// A file without a row is kept so long: its row may be about to be written.
pub const UNNAMED: Span = Span::days(1);
/// Keys looked up at a time.
const BATCH: usize = 500;

/// Takes away the files made before `now` − [`UNNAMED`] that no row names; answers of how many
/// pictures. When a file was made stands in its key: the clock of the disk does not matter.
///
/// # Errors
/// Those of the store; a folder that cannot be read has nothing to take away.
pub async fn sweep(app: &App, now: Instant) -> Result<usize, StoreError> {
    let folder = app.data.join(FOLDER);
    let before = Random::least_uuid_v7(now - UNNAMED);
    let listed = tokio::task::spawn_blocking(move || keys(&folder, &before)).await;
    let listed = listed.map_err(StoreError::broken)?;
    let mut swept = 0;
    for some in listed.chunks(BATCH) {
        let asked = some.to_vec();
        let known = app
            .store
            .read(move |conn| media::known(conn, &asked))
            .await?;
        let known: BTreeSet<String> = known.into_iter().collect();
        let unnamed: Vec<MediaId> = some
            .iter()
            .filter(|key| !known.contains(*key))
            .cloned()
            .map(MediaId::known)
            .collect();
        swept += unnamed.len();
        forget(app, unnamed).await;
    }
    Ok(swept)
}

/// The keys of the pictures that have a file in the folder and were made before one of them. What
/// has another name is not ours, and stays.
fn keys(folder: &Path, before: &str) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let found: BTreeSet<String> = files
        .flatten()
        .filter_map(|file| {
            let name = file.file_name();
            let (key, _kind) = name.to_str()?.split_once('.')?;
            let key = MediaId::parse(key)?;
            (key.as_str() < before).then(|| key.as_str().to_owned())
        })
        .collect();
    found.into_iter().collect()
}
