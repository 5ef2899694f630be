//! Rules about any text: no tab, no trailing space, no open end.

use super::Finding;
use super::tree::{File, Tree};

/// Endings of the files that we write by hand.
const OURS: [&str; 17] = [
    "rs", "toml", "sql", "md", "html", "ftl", "css", "js", "mjs", "ts", "sh", "yml", "yaml",
    "service", "txt", "svg", "conf",
];

/// Files written by other programs, kept as they came.
fn is_foreign(path: &str) -> bool {
    path.contains("/fixtures/") || path.contains("/vendor/") || path.contains("/snapshots/")
}

fn is_ours(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    OURS.contains(&ending) && !is_foreign(path)
}

/// Lines end without spaces, hold no tab and no carriage return; a file ends with one line end.
pub(super) fn is_clean(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, file) in tree.files().filter(|(path, _)| is_ours(path)) {
        for (index, line) in file.text.split('\n').enumerate() {
            let wrong = if line.contains('\r') {
                "carriage return"
            } else if line.contains('\t') {
                "tab"
            } else if line.ends_with(' ') {
                "trailing space"
            } else {
                continue;
            };
            findings.push(Finding::at(path, index + 1, wrong));
        }
        if !file.text.is_empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n")) {
            findings.push(Finding::of(path, "a file ends with one line end"));
        }
    }
    findings
}

/// What is left to do stands in an issue, and the line names it: `TODO(#12): …`.
pub(super) fn no_open_end(tree: &Tree) -> Vec<Finding> {
    // Written in two halves, so that this file does not find itself.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
    ];
    let mut findings = Vec::new();
    for (path, file) in tree.files().filter(|(path, _)| is_ours(path)) {
        for (index, line) in marks(file).lines().enumerate() {
            let is_left = line
                .split('`')
                .step_by(2)
                .any(|plain| words.iter().any(|w| plain.contains(w)));
            if is_left && !names_an_issue(line) {
                findings.push(Finding::at(
                    path,
                    index + 1,
                    "left to do without the number of an issue",
                ));
            }
        }
    }
    findings
}

/// Where such words are meant: in the comments of Rust, anywhere else. Between backticks they are quoted.
fn marks(file: &File) -> &str {
    file.rust.as_ref().map_or(&file.text, |rust| &rust.comments)
}

fn names_an_issue(line: &str) -> bool {
    line.split('#')
        .skip(1)
        .any(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_spaces_at_the_end_and_a_missing_line_end_are_found() {
        let tree = Tree::from(&[
            ("a.rs", "fn f() {}\n"),
            ("b.sql", "SELECT\t1;\nSELECT 2; \n"),
            ("c.md", "no end"),
            ("d.css", "a {}\r\n"),
            ("federation/tests/it/fixtures/e.md", "as it came \n"),
        ]);

        let found: Vec<String> = is_clean(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "b.sql:1: tab",
                "b.sql:2: trailing space",
                "c.md: a file ends with one line end",
                "d.css:1: carriage return",
            ]
        );
    }

    #[test]
    fn what_is_left_to_do_names_its_issue() {
        let word = concat!("TO", "DO");
        let tree = Tree::from(&[
            (
                "a.rs",
                &format!("// {word}: later\n// {word}(#12): later\nlet x = \"{word}\";\n"),
            ),
            ("b.sql", &format!("-- {word} later\n")),
        ]);

        let places: Vec<_> = no_open_end(&tree)
            .into_iter()
            .map(|found| (found.place, found.line))
            .collect();
        assert_eq!(places, [("a.rs".to_owned(), 1), ("b.sql".to_owned(), 1)]);
    }
}
