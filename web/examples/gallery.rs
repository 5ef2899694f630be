//! `cargo run -p interkpa-web --example gallery -- DIR`: writes every sample page to DIR, with the assets, to be
//! looked at behind any static file server (the pages name `/assets/…` from the root).
#![expect(
    clippy::disallowed_methods,
    reason = "a tool of the workshop that writes files"
)]
#![expect(clippy::print_stdout, reason = "it tells where to look")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use interkpa_web::{Locale, assets, gallery};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: gallery DIR")?);
    fs::create_dir_all(folder.join("assets"))?;
    for asset in assets::all() {
        fs::write(folder.join(asset.path.trim_start_matches('/')), asset.bytes)?;
    }
    let mut index = String::from("<!doctype html><meta charset=utf-8><title>Gallery</title><ul>");
    let mut count = 0_usize;
    for locale in Locale::ALL {
        for page in gallery::all(locale) {
            let name = format!("{}.{}.{}.html", page.view, page.sample, locale.code());
            writeln!(
                index,
                "<li><a href=\"{name}\">{name}</a> {} bytes",
                page.html.len()
            )?;
            fs::write(folder.join(&name), &page.html)?;
            count += 1;
        }
    }
    fs::write(folder.join("index.html"), index)?;
    println!("{count} pages in {}", folder.display());
    Ok(())
}
