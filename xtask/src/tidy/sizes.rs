//! How long a file of Rust may be: short files are read, long ones are searched.

use super::Finding;
use super::tree::{Tree, is_test};

/// Lines that are no tests; beyond this a file becomes a folder.
const LINES_MAX: usize = 600;
/// Lines that are no tests; beyond this a file is named in the report.
const LINES_LONG: usize = 300;

/// No file is longer than the limit.
pub(super) fn are_kept(tree: &Tree) -> Vec<Finding> {
    let long = longer_than(tree, LINES_MAX);
    let finding = |(path, lines): (&str, usize)| {
        Finding::of(
            path,
            format!("{lines} lines without tests; at most {LINES_MAX}: make it a folder"),
        )
    };
    long.map(finding).collect()
}

/// The files that are on their way to the limit, longest first.
pub(super) fn long_files(tree: &Tree) -> Vec<String> {
    let mut long: Vec<(&str, usize)> = longer_than(tree, LINES_LONG).collect();
    long.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    long.iter()
        .map(|(path, lines)| format!("{path} has {lines} lines without tests"))
        .collect()
}

fn longer_than(tree: &Tree, limit: usize) -> impl Iterator<Item = (&str, usize)> {
    tree.files()
        .filter(|(path, file)| file.rust.is_some() && !is_test(path))
        .map(|(path, file)| (path, lines_before_tests(&file.text)))
        .filter(move |(_, lines)| *lines > limit)
}

/// Lines before `#[cfg(test)] mod … {`, which ends a file.
fn lines_before_tests(text: &str) -> usize {
    let mut previous = "";
    for (index, line) in text.lines().enumerate() {
        let is_tests = line
            .trim_start()
            .trim_start_matches("pub(crate) ")
            .starts_with("mod ");
        if previous == "#[cfg(test)]" && is_tests && line.ends_with('{') {
            return index - 1;
        }
        previous = line;
    }
    text.lines().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_beyond_the_limit_is_found_and_its_tests_do_not_count() {
        let long = "fn f() {}\n".repeat(601);
        let tested = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{long}}}\n");
        let tree = Tree::from(&[
            ("web/src/long.rs", &long),
            ("web/src/tested.rs", &tested),
            ("web/src/form/tests.rs", &long),
        ]);

        let found: Vec<String> = are_kept(&tree)
            .into_iter()
            .map(|found| found.place)
            .collect();
        assert_eq!(found, ["web/src/long.rs"]);
        assert_eq!(lines_before_tests(&tested), 1);
    }

    #[test]
    fn files_on_their_way_are_named_longest_first() {
        let tree = Tree::from(&[
            ("web/src/a.rs", &"\n".repeat(301)),
            ("web/src/b.rs", &"\n".repeat(400)),
            ("web/src/c.rs", &"\n".repeat(300)),
        ]);

        let long = long_files(&tree);
        assert_eq!(long.len(), 2);
        assert!(long[0].starts_with("web/src/b.rs has 400"));
    }
}
