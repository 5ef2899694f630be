//! Documents: links lead somewhere, and nothing in the repository depends on the machine where it was written.

use std::path::{Component, Path};

use super::Finding;
use super::rust::lines_with;
use super::tree::{Tree, ends_with};

/// Relative links of Markdown files name a file or folder of the repository, and a heading that exists.
pub(super) fn links_resolve(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, file) in tree.files().filter(|(path, _)| ends_with(path, "md")) {
        for (line, target) in links(&file.text) {
            if is_outside(&target) {
                continue;
            }
            let (place, heading) = target.split_once('#').unwrap_or((target.as_str(), ""));
            let found = if place.is_empty() {
                Some(path.to_owned())
            } else {
                resolve(path, place)
            };
            let Some(found) = found.filter(|found| tree.holds(found)) else {
                findings.push(Finding::at(path, line, format!("{target} leads nowhere")));
                continue;
            };
            let is_document = ends_with(&found, "md");
            if is_document
                && !heading.is_empty()
                && !headings(tree.text(&found)).any(|h| h == heading)
            {
                findings.push(Finding::at(
                    path,
                    line,
                    format!("{found} has no heading #{heading}"),
                ));
            }
        }
    }
    findings
}

fn is_outside(target: &str) -> bool {
    ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| target.starts_with(scheme))
}

/// The path from the root, for a link written in a file.
fn resolve(file: &str, target: &str) -> Option<String> {
    let folder = Path::new(file).parent()?;
    let mut parts: Vec<&str> = folder.iter().filter_map(|part| part.to_str()).collect();
    for part in Path::new(target).components() {
        match part {
            Component::Normal(name) => parts.push(name.to_str()?),
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

/// Lines outside fenced code, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return None;
        }
        (!fenced).then_some((index + 1, line))
    })
}

/// The targets of `[text](target)`, `![picture](target)` and `[name]: target`.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        // What stands between backticks is quoted.
        let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let inline = plain
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        let defined = plain
            .trim_start()
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]: "));
        let targets = inline.chain(defined.map(|(_, target)| target));
        let targets = targets.filter_map(|target| target.split_whitespace().next());
        found.extend(targets.map(|target| (number, target.trim_matches(['<', '>']).to_owned())));
    }
    found
}

/// The anchors of a document, made as the usual viewers make them: lower case, dashes for spaces.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let titles = prose(text).filter(|(_, line)| line.starts_with('#'));
    titles.map(|(_, line)| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title
            .chars()
            .filter(|l| l.is_alphanumeric() || " -_".contains(*l));
        kept.map(|letter| if letter == ' ' { '-' } else { letter })
            .collect()
    })
}

/// No file names a folder of the machine where it was written, nor a word that means nothing elsewhere.
pub(super) fn no_machine_named(tree: &Tree) -> Vec<Finding> {
    // Written in two halves, so that this file does not find itself.
    let folders = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        concat!("/wo", "rk/"),
        concat!("/m", "nt/"),
    ];
    let words = [concat!("work", "place"), concat!("C", "EO")];
    let mut findings = Vec::new();
    for (path, file) in tree.files() {
        for folder in folders {
            let lines = file
                .text
                .lines()
                .enumerate()
                .filter(|(_, line)| names_folder(line, folder));
            findings.extend(lines.map(|(index, _)| {
                Finding::at(
                    path,
                    index + 1,
                    format!("{folder} is a folder of one machine"),
                )
            }));
        }
        for word in words {
            findings.extend(
                lines_with(&file.text, word).map(|line| {
                    Finding::at(path, line, format!("{word} says nothing to a reader"))
                }),
            );
        }
    }
    findings
}

/// Whether the line holds the folder as the beginning of a path, not inside another one.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| !(letter.is_alphanumeric() || "~.-_/{}*$".contains(letter)))
    })
}

/// Lock files name crates and packages with their hashes, not the server that they were fetched from.
pub(super) fn no_server_in_lock_files(tree: &Tree) -> Vec<Finding> {
    const CRATES: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let mut findings = Vec::new();
    for (path, file) in tree.files() {
        let wrong: fn(&str) -> bool = if path.ends_with("package-lock.json") {
            |line| {
                line.contains("\"resolved\":") || line.contains("://") && !line.contains("\"url\":")
            }
        } else if path.ends_with("Cargo.lock") {
            |line| line.starts_with("source = ") && line != CRATES
        } else if path.rsplit('/').next() == Some(".npmrc") {
            |line| line.contains("registry=") || line.contains("registry =")
        } else if path.ends_with(".cargo/config.toml") {
            |line| line.contains("replace-with") || line.starts_with("[source")
        } else {
            continue;
        };
        let lines = file
            .text
            .lines()
            .enumerate()
            .filter(|(_, line)| wrong(line.trim()));
        findings.extend(lines.map(|(index, _)| {
            Finding::at(
                path,
                index + 1,
                "names the server of a registry: every clone has its own",
            )
        }));
    }
    findings
}

#[cfg(test)]
mod tests;
