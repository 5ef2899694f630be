//! Small secret files: written once, read by their owner only.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};

use super::{FOLDER, KeysError};

/// Longest file read: an RSA key of 4096 bits needs about 3 300 bytes.
const FILE_BYTES_MAX: u64 = 8_192;
/// Any permission of the group or of others.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// Writes a folder of files beside its final name, then gives it that name.
pub(super) fn create(data: &Path, files: &[(&str, &str)]) -> Result<(), KeysError> {
    let folder = data.join(FOLDER);
    if folder.exists() {
        return Err(KeysError::Exists(folder));
    }
    let unfinished = data.join(format!("{FOLDER}.new"));
    match fs::remove_dir_all(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(problem(&unfinished, error));
        }
        _ => {}
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    builder.mode(0o700);
    builder
        .create(&unfinished)
        .map_err(|error| problem(&unfinished, error))?;
    for (name, text) in files {
        let path = unfinished.join(name);
        write(&path, text).map_err(|error| problem(&path, error))?;
    }
    sync_folder(&unfinished)
        .and_then(|()| fs::rename(&unfinished, &folder))
        .and_then(|()| sync_folder(data))
        .map_err(|error| problem(&folder, error))
}

/// Reads one file without its final line end.
pub(super) fn read(path: &Path) -> Result<String, KeysError> {
    check_private(path)?;
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(FILE_BYTES_MAX).read_to_string(&mut text))
        .map_err(|error| problem(path, error))?;
    text.truncate(text.trim_end().len());
    Ok(text)
}

/// The names in a folder that begin with some letters, in their order.
pub(super) fn names(folder: &Path, begin: &str) -> Result<Vec<String>, KeysError> {
    let entries = fs::read_dir(folder).map_err(|error| problem(folder, error))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.starts_with(begin))
        .collect();
    names.sort();
    Ok(names)
}

/// Refuses what the group or others have any access to.
pub(super) fn check_private(path: &Path) -> Result<(), KeysError> {
    let metadata = fs::metadata(path).map_err(|error| problem(path, error))?;
    #[cfg(unix)]
    if metadata.permissions().mode() & OTHERS != 0 {
        return Err(KeysError::Exposed(path.to_owned()));
    }
    #[cfg(not(unix))]
    let _ = metadata;
    Ok(())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path)?;
    file.write_all(text.trim_end().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Makes the names in a folder durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn problem(path: &Path, source: io::Error) -> KeysError {
    KeysError::Io {
        path: path.to_owned(),
        source,
    }
}
