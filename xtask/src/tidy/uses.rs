//! The paths that `use` statements bring in, with their braces opened.

/// Each path of each `use` in the code, with the line where its statement begins: `use a::{b, c::d};`
/// gives `a::b` and `a::c::d`.
pub(super) fn paths(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = code;
    while let Some(at) = next_use(rest) {
        let (before, from) = rest.split_at(at);
        line += before.matches('\n').count();
        let statement = from.split(';').next().unwrap_or_default();
        let tree: String = statement
            .split_whitespace()
            .skip(1)
            .collect::<Vec<_>>()
            .join(" ");
        let mut opened = Vec::new();
        open("", &tree, &mut opened);
        found.extend(opened.into_iter().map(|path| (line, path)));
        line += statement.matches('\n').count();
        rest = from.strip_prefix(statement).unwrap_or_default();
    }
    found
}

/// Where the word `use` begins a statement.
fn next_use(code: &str) -> Option<usize> {
    let starts = |at: usize| {
        code.get(..at)
            .and_then(|before| before.chars().next_back())
            .is_none_or(char::is_whitespace)
    };
    code.match_indices("use ")
        .map(|(at, _)| at)
        .find(|at| starts(*at))
}

fn open(prefix: &str, tree: &str, found: &mut Vec<String>) {
    for branch in split_at_commas(tree) {
        let branch = branch.trim();
        match branch.split_once('{') {
            Some((head, inside)) => {
                let inside = inside.trim_end().strip_suffix('}').unwrap_or(inside);
                open(&format!("{prefix}{}", head.trim()), inside, found);
            }
            None if branch.is_empty() => {}
            None => {
                let name = branch.split(" as ").next().unwrap_or_default().trim();
                let path = format!("{prefix}{name}");
                found.push(
                    path.strip_suffix("::self")
                        .map(str::to_owned)
                        .unwrap_or(path),
                );
            }
        }
    }
}

/// The parts between commas that stand in no braces.
fn split_at_commas(tree: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    tree.split(move |letter| {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_opened() {
        let code = "fn f() {}\npub use crate::{\n  db,\n  features::{a::store, b::{self, model as m}},\n};\nuse x::y;\n";

        assert_eq!(
            paths(code),
            [
                (2, "crate::db".to_owned()),
                (2, "crate::features::a::store".to_owned()),
                (2, "crate::features::b".to_owned()),
                (2, "crate::features::b::model".to_owned()),
                (6, "x::y".to_owned()),
            ]
        );
    }

    #[test]
    fn a_word_that_ends_in_use_is_no_statement() {
        assert!(paths("let reuse = because_of_use ;").is_empty());
    }
}
