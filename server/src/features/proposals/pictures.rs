//! Pictures of proposals: taken in, made anew, kept as files, served.
//!
//! What a member sends is never kept: its type is read from its bytes, its size in pixels from its
//! header before anything is decoded (security.md D71–D74), and what is stored is a picture drawn
//! from the pixels, so no place, camera or hidden file travels with it. Not here: rows
//! ([`store::media`](crate::features::proposals::store::media)) and pictures of other hubs, which
//! are not shown: fetching them would tell their server who reads.

pub mod draw;
pub mod serve;
mod sweep;

use std::path::{Path, PathBuf};

use axum::body::Bytes;
use interkpa_web::form::Problem;
use interkpa_web::views::parts::Photo;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::features::proposals::store::media::{self, Picture};
use crate::http::error::AppError;
use crate::ids::{MediaId, MemberId};

use draw::{Drawn, NotDrawn};

pub use sweep::{UNNAMED, sweep};

/// Pictures drawn at once in one process: one takes up to 100 MB while it is decoded.
static DRAWING: Semaphore = Semaphore::const_new(1);

/// Folder of the pictures in the data folder.
pub const FOLDER: &str = "media";

/// Extension of a file that is being written.
const PART: &str = "part";

/// Path of a picture at its full size.
pub fn href(id: &str) -> String {
    format!("/media/{id}")
}

/// Path of its small copy for lists.
pub fn small_href(id: &str) -> String {
    format!("/media/{id}/petite")
}

/// Why a picture was not taken in.
#[derive(Debug)]
pub enum NotTaken {
    /// The member reads why.
    Refused(Problem),
    /// The machine failed.
    Failed(AppError),
}

/// Draws and keeps a picture; answers the row to write in the transaction of its proposal.
///
/// The files stand before the row does: whoever does not write the row calls [`forget`]. `beside`
/// are those taken in for the same transaction, which count in the member's room.
///
/// # Errors
/// [`NotTaken`].
pub async fn take_in(
    app: &App,
    member: &MemberId,
    bytes: Bytes,
    alt: &str,
    beside: &[Picture],
) -> Result<Picture, NotTaken> {
    let limit = app.config.media.picture_bytes_max;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > limit {
        return Err(NotTaken::Refused(Problem::FileTooBig { size, limit }));
    }
    let (owner, room) = (member.clone(), app.config.media.member_bytes_max);
    let used = app
        .store
        .read(move |conn| media::bytes_of(conn, &owner))
        .await
        .map_err(|error| NotTaken::Failed(error.into()))?;
    let used = beside
        .iter()
        .fold(used, |sum, picture| sum.saturating_add(picture.bytes));
    if u64::try_from(used).unwrap_or(u64::MAX).saturating_add(size) > room {
        return Err(NotTaken::Refused(Problem::PhotoQuota));
    }
    let drawn = draw_apart(bytes).await?;
    let picture = row(app, member, &drawn, alt);
    let folder = app.data.join(FOLDER);
    let id = picture.id.clone();
    let written = tokio::task::spawn_blocking(move || write(&folder, &id, &drawn)).await;
    match written {
        Ok(Ok(())) => Ok(picture),
        Ok(Err(error)) => Err(NotTaken::Failed(AppError::internal(error))),
        Err(error) => Err(NotTaken::Failed(AppError::internal(error))),
    }
}

/// Away from the threads that serve requests, one at a time.
async fn draw_apart(bytes: Bytes) -> Result<Drawn, NotTaken> {
    let turn = DRAWING.acquire().await;
    let drawn = tokio::task::spawn_blocking(move || draw::draw(&bytes)).await;
    drop(turn);
    match drawn {
        Ok(Ok(drawn)) => Ok(drawn),
        Ok(Err(NotDrawn)) => Err(NotTaken::Refused(Problem::NotAPicture)),
        Err(error) => Err(NotTaken::Failed(AppError::internal(error))),
    }
}

fn row(app: &App, member: &MemberId, drawn: &Drawn, alt: &str) -> Picture {
    let bytes = drawn.large.len().saturating_add(drawn.small.len());
    let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    Picture {
        id: app.new_id(),
        member_id: member.as_str().to_owned(),
        proposal_id: None,
        media_type: draw::MEDIA_TYPE.to_owned(),
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        width: side(drawn.width),
        height: side(drawn.height),
        alt: alt.to_owned(),
        sha256: base16(&Sha256::digest(&drawn.large)),
        created_at: app.now().as_milliseconds(),
    }
}

/// Hexadecimal digits, lower case.
fn base16(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// Takes the files of pictures away whose rows are gone or were never written. What is not there
/// any more is fine.
pub async fn forget(app: &App, ids: Vec<MediaId>) {
    let folder = app.data.join(FOLDER);
    let removed = tokio::task::spawn_blocking(move || {
        for id in ids {
            for path in [
                large_path(&folder, id.as_str()),
                small_path(&folder, id.as_str()),
            ] {
                drop(std::fs::remove_file(path.with_extension(PART)));
                drop(std::fs::remove_file(path));
            }
        }
    });
    drop(removed.await);
}

/// A picture as pages show it: the small copy, leading to the large one.
pub fn photo(picture: &Picture) -> Photo {
    let side = |pixels: i32| u32::try_from(pixels).unwrap_or(1);
    let (width, height) = draw::small_size(side(picture.width), side(picture.height));
    Photo {
        src: small_href(&picture.id),
        full: href(&picture.id),
        alt: picture.alt.clone(),
        width,
        height,
    }
}

/// A picture on its own page: the large copy.
pub fn large_photo(picture: &Picture) -> Photo {
    let side = |pixels: i32| u32::try_from(pixels).unwrap_or(1);
    Photo {
        src: href(&picture.id),
        full: href(&picture.id),
        alt: picture.alt.clone(),
        width: side(picture.width),
        height: side(picture.height),
    }
}

fn large_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.jpg"))
}

fn small_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.small.jpg"))
}

/// Both files whole or none under their names: written apart, then renamed.
fn write(folder: &Path, id: &str, drawn: &Drawn) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (path, bytes) in [
        (large_path(folder, id), &drawn.large),
        (small_path(folder, id), &drawn.small),
    ] {
        let part = path.with_extension(PART);
        std::fs::write(&part, bytes)?;
        std::fs::rename(&part, &path)?;
    }
    Ok(())
}
