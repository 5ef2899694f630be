//! The sources of the crate, read by the tests that check texts and templates.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests read the sources of their own crate"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder of the crate with this extension: (path from the crate, text).
pub(crate) fn below(folder: &str, extension: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join(folder), extension, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .display()
                .to_string();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn collect(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, extension, files);
        } else if path.extension().is_some_and(|known| known == extension) {
            files.push(path);
        }
    }
}
