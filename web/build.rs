//! Lists the locale files and the assets of the crate in two Rust tables.
//!
//! No bundler and no network: the files are served as they are written, under a name that carries a
//! hash of their bytes (docs/decisions/0003-assets-without-a-bundler.md).
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads the sources of its own crate and writes to OUT_DIR"
)]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-changed=locales");
    fs::write(out.join("assets.rs"), assets(&root.join("assets"))?)?;
    fs::write(out.join("locales.rs"), locales(&root.join("locales"))?)?;
    Ok(())
}

/// `ASSETS`: one line per file of `assets/`, sorted by name.
fn assets(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut table = String::from("pub(crate) static ASSETS: &[Asset] = &[\n");
    for file in files(folder)? {
        let path = file.display().to_string();
        let name = name_of(&file)?;
        let (stem, extension) = name.rsplit_once('.').ok_or("an asset needs an extension")?;
        let bytes = fs::read(&file)?;
        writeln!(
            table,
            "    Asset {{ name: {name:?}, path: \"/assets/{stem}-{hash:016x}.{extension}\", \
             content_type: {mime:?}, bytes: include_bytes!({path:?}) }},",
            hash = fnv1a(&bytes),
            mime = content_type(extension)?,
        )?;
    }
    table.push_str("];\n");
    Ok(table)
}

/// `FILES`: (language, file name without extension, text) of each file of `locales/<language>/`.
fn locales(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut table = String::from("pub(crate) static FILES: &[(&str, &str, &str)] = &[\n");
    for language in ["en", "fr"] {
        for file in files(&folder.join(language))? {
            let path = file.display().to_string();
            let name = name_of(&file)?;
            let stem = name
                .strip_suffix(".ftl")
                .ok_or("a locale file ends in .ftl")?;
            writeln!(
                table,
                "    ({language:?}, {stem:?}, include_str!({path:?})),"
            )?;
        }
    }
    table.push_str("];\n");
    Ok(table)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn name_of(file: &Path) -> Result<&str, Box<dyn Error>> {
    file.file_name()
        .and_then(|name| name.to_str())
        .ok_or_else(|| "a file name in UTF-8".into())
}

fn content_type(extension: &str) -> Result<&'static str, Box<dyn Error>> {
    Ok(match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        other => return Err(format!("no content type for .{other}").into()),
    })
}

/// FNV-1a, 64 bits: names a version of a file. Not a security measure: the bytes come from our own binary.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
