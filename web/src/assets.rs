//! The style sheet, the icons and the scripts, embedded in the binary.
//!
//! The server answers `/assets/<name>-<hash>.<extension>` from [`find`], compressed by itself, with
//! `cache-control: public, max-age=31536000, immutable`: a changed file has another name.

/// One embedded file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// The name in the sources, such as `app.css`.
    pub name: &'static str,
    /// The path it is served under, such as `/assets/app-1f2e….css`.
    pub path: &'static str,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The file, not compressed.
    pub bytes: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Every embedded file, sorted by name.
pub fn all() -> &'static [Asset] {
    ASSETS
}

/// The file served under `path`, if there is one.
pub fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// The hashed path of a file by its name in the sources; `/assets/<name>` (a 404) for a name that does
/// not exist, which the page test turns into a failure.
pub fn asset(name: &str) -> String {
    ASSETS
        .iter()
        .find(|asset| asset.name == name)
        .map_or_else(|| format!("/assets/{name}"), |asset| asset.path.to_owned())
}
