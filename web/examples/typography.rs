//! `cargo run -p interkpa-web --example typography`: writes the spaces and apostrophes of French typography into
//! `locales/fr/*.ftl`, where a keyboard types ordinary ones. The locale test refuses the others.
#![expect(
    clippy::disallowed_methods,
    reason = "a tool of the workshop that rewrites files"
)]
#![expect(clippy::print_stdout, reason = "it tells what it changed")]

use std::error::Error;
use std::fs;
use std::path::Path;

const NARROW: &str = "\u{202f}";
const FIXED: &str = "\u{a0}";

fn main() -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/fr"))? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        let better: String = text.split_inclusive('\n').map(line).collect();
        if better != text {
            fs::write(&path, better)?;
            println!("{}", path.display());
        }
    }
    Ok(())
}

/// One line of a file: comments, keys and placeables stay as they are.
fn line(line: &str) -> String {
    if line.starts_with('#') || line.trim().is_empty() {
        return line.to_owned();
    }
    let head = head_of(line);
    let (head, value) = line.split_at_checked(head).unwrap_or((line, ""));
    let mut better = head.to_owned();
    for (place, part) in value.split_inclusive(['{', '}']).enumerate() {
        // What stands between `{` and `}` is Fluent's, not French.
        let inside = place > 0 && part.ends_with('}');
        better.push_str(&if inside {
            part.to_owned()
        } else {
            typeset(part)
        });
    }
    better
}

/// Where the text begins: after `key =` or after `[one]`.
fn head_of(line: &str) -> usize {
    let after = |mark: &str| line.find(mark).map(|at| at + mark.len());
    if line.starts_with(char::is_whitespace) {
        after("] ").unwrap_or(0)
    } else {
        after(" = ").unwrap_or(line.len())
    }
}

fn typeset(text: &str) -> String {
    let mut text = text.replace('\'', "’").replace("...", "…");
    for mark in [";", "!", "?"] {
        text = text.replace(&format!(" {mark}"), &format!("{NARROW}{mark}"));
        text = text.replace(&format!("{FIXED}{mark}"), &format!("{NARROW}{mark}"));
    }
    text.replace(" :", &format!("{FIXED}:"))
        .replace(&format!("{NARROW}:"), &format!("{FIXED}:"))
        .replace("« ", &format!("«{FIXED}"))
        .replace(" »", &format!("{FIXED}»"))
}
