//! The text files of the repository, as rules see them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::rust::Split;
use crate::{process, root};

/// Files by their path from the root, with slashes.
#[derive(Debug, Default)]
pub(crate) struct Tree(BTreeMap<String, File>);

/// A text file.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) text: String,
    /// Code and comments apart, for Rust.
    pub(crate) rust: Option<Split>,
}

impl File {
    fn new(path: &str, text: String) -> Self {
        let rust = ends_with(path, "rs").then(|| Split::of(&text));
        Self { text, rust }
    }
}

impl Tree {
    /// The files that git knows or would take, as they are now. What is no text is left out.
    pub(super) fn read() -> Result<Self> {
        let mut git = Command::new("git");
        git.current_dir(root::folder()).args([
            "-c",
            "core.quotePath=off",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
        ]);
        let mut files = BTreeMap::new();
        for path in process::captured(git)?.lines() {
            // A file removed but not yet committed, or a picture.
            // A picture is no text, but links may lead to it.
            let text = match fs::read_to_string(root::path(path)) {
                Ok(text) => text,
                Err(error) if error.kind() == std::io::ErrorKind::InvalidData => String::new(),
                Err(_) => continue,
            };
            files.insert(path.to_owned(), File::new(path, text));
        }
        Ok(Self(files))
    }

    /// A small repository for the test of a rule.
    #[cfg(test)]
    pub(super) fn from(files: &[(&str, &str)]) -> Self {
        let file =
            |(path, text): &(&str, &str)| ((*path).to_owned(), File::new(path, (*text).to_owned()));
        Self(files.iter().map(file).collect())
    }

    /// Every file, by path.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.0.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// Rust files, with code and comments apart.
    pub(super) fn rust(&self) -> impl Iterator<Item = (&str, &Split)> {
        self.files()
            .filter_map(|(path, file)| Some((path, file.rust.as_ref()?)))
    }

    /// The text of a file; empty where there is none.
    pub(super) fn text(&self, path: &str) -> &str {
        self.0.get(path).map_or("", |file| &file.text)
    }

    /// Whether this is a file, or a folder with a file in it.
    pub(super) fn holds(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.0.contains_key(path) || root_or_inside(&self.0, path)
    }
}

fn root_or_inside(files: &BTreeMap<String, File>, folder: &str) -> bool {
    let inside = format!("{folder}/");
    folder.is_empty()
        || files
            .range(inside.clone()..)
            .next()
            .is_some_and(|(path, _)| path.starts_with(&inside))
}

/// Whether the name of the file ends with a dot and this.
pub(super) fn ends_with(path: &str, ending: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == ending)
}

/// Whether the file holds tests only, by its place.
pub(super) fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/testing/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_when_a_file_is_in_it() {
        let tree = Tree::from(&[("docs/decisions/0001.md", "")]);

        assert!(tree.holds("docs/decisions") && tree.holds("docs/") && tree.holds(""));
        assert!(!tree.holds("docs/dec") && !tree.holds("doc"));
    }

    #[test]
    fn tests_are_known_by_their_place() {
        assert!(is_test("server/src/features/members/tests.rs"));
        assert!(is_test("web/tests/it/main.rs"));
        assert!(!is_test("server/src/attests.rs"));
    }
}
