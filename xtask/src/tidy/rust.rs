//! What may not stand in Rust files, and code told apart from comments so that rules see only what they mean.

use super::Finding;
use super::tree::Tree;

/// A Rust file in two texts with the same lines: its code without strings and comments, and its comments.
#[derive(Debug, Default)]
pub(crate) struct Split {
    pub(super) code: String,
    pub(super) comments: String,
}

impl Split {
    /// Tells them apart. Strings and characters become empty ones.
    pub(super) fn of(text: &str) -> Self {
        let mut reader = Reader {
            rest: text.chars().collect(),
            at: 0,
            split: Self::default(),
        };
        while reader.step() {}
        reader.split
    }
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    split: Split,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    fn starts_with(&self, word: &str) -> bool {
        word.chars()
            .enumerate()
            .all(|(ahead, expected)| self.peek(ahead) == Some(expected))
    }

    /// Takes one part: a comment, a string, a character or one letter of code.
    fn step(&mut self) -> bool {
        let Some(letter) = self.peek(0) else {
            return false;
        };
        if self.starts_with("//") {
            while self.peek(0).is_some_and(|letter| letter != '\n') {
                self.comment();
            }
        } else if self.starts_with("/*") {
            self.block_comment();
        } else if letter == '"' {
            self.string();
        } else if let Some(hashes) = self.raw_string() {
            self.skip_raw_string(hashes);
        } else if letter == '\'' && self.is_character() {
            self.character();
        } else {
            self.code(letter);
            self.at += 1;
        }
        true
    }

    fn code(&mut self, letter: char) {
        self.split.code.push(letter);
        if letter == '\n' {
            self.split.comments.push('\n');
        }
    }

    fn comment(&mut self) {
        if let Some(letter) = self.peek(0) {
            self.split.comments.push(letter);
            if letter == '\n' {
                self.split.code.push('\n');
            }
        }
        self.at += 1;
    }

    /// Leaves a letter out of both texts, but for line ends.
    fn skip(&mut self) {
        if self.peek(0) == Some('\n') {
            self.code('\n');
        }
        self.at += 1;
    }

    fn block_comment(&mut self) {
        let mut depth = 0_u32;
        while self.peek(0).is_some() {
            if self.starts_with("/*") {
                depth += 1;
                self.comment();
            } else if self.starts_with("*/") {
                depth -= 1;
                self.comment();
            }
            self.comment();
            if depth == 0 {
                break;
            }
        }
    }

    fn string(&mut self) {
        self.code('"');
        self.skip();
        while let Some(letter) = self.peek(0) {
            if letter == '\\' {
                self.skip();
            }
            self.skip();
            if letter == '"' {
                break;
            }
        }
        self.code('"');
    }

    /// How many `#` the raw string that begins here has.
    fn raw_string(&self) -> Option<usize> {
        if self.peek(0) != Some('r') || self.follows_a_word_that_is_no_prefix() {
            return None;
        }
        let after = self.rest.iter().skip(self.at + 1);
        let hashes = after.take_while(|letter| **letter == '#').count();
        (self.peek(1 + hashes) == Some('"')).then_some(hashes)
    }

    fn follows_a_word_that_is_no_prefix(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).and_then(|at| self.rest.get(at));
        let is_word =
            |letter: Option<&char>| letter.is_some_and(|l| l.is_alphanumeric() || *l == '_');
        match before(1) {
            Some('b' | 'c') => is_word(before(2)),
            letter => is_word(letter),
        }
    }

    fn skip_raw_string(&mut self, hashes: usize) {
        let end = format!("\"{}", "#".repeat(hashes));
        self.at += hashes + 2;
        self.code('"');
        while self.peek(0).is_some() && !self.starts_with(&end) {
            self.skip();
        }
        self.at += hashes + 1;
        self.code('"');
    }

    /// `'a'` and `'\n'` are characters, `'a` is a lifetime.
    fn is_character(&self) -> bool {
        self.peek(1) == Some('\\') || self.peek(2) == Some('\'')
    }

    fn character(&mut self) {
        self.skip();
        if self.peek(0) == Some('\\') {
            self.skip();
        }
        self.skip();
        while self.peek(0).is_some_and(|letter| letter != '\'') {
            self.skip();
        }
        self.skip();
    }
}

/// Lines of `code` that hold `word` as a whole name, counted from 1.
pub(super) fn lines_with<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let lines = code
        .lines()
        .enumerate()
        .filter(|(_, line)| holds(line, word));
    lines.map(|(index, _)| index + 1)
}

fn holds(line: &str, word: &str) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(|l| l.is_alphanumeric() || l == '_');
    // A sign at the edge of the word, as in `#[allow(`, may touch anything.
    let joins =
        |inside: Option<char>, outside: Option<char>| is_letter(inside) && is_letter(outside);
    line.match_indices(word).any(|(at, _)| {
        let (before, rest) = line.split_at(at);
        let after = rest.strip_prefix(word).unwrap_or_default();
        let joins_left = joins(word.chars().next(), before.chars().next_back());
        let joins_right = joins(word.chars().next_back(), after.chars().next());
        !joins_left && !joins_right
    })
}

/// `#[allow]` hides a lint for ever (`#[expect]` tells when it is no longer needed), an ignored test is no
/// test, and a test that should panic does not say where.
pub(super) fn no_forbidden_attribute(tree: &Tree) -> Vec<Finding> {
    const FORBIDDEN: [(&str, &str); 5] = [
        ("#[allow(", "use #[expect(…, reason = \"…\")]"),
        ("#![allow(", "use #![expect(…, reason = \"…\")]"),
        ("#[ignore", "a test runs or is removed"),
        ("#[should_panic", "return the error and look at it"),
        ("#[cfg_attr(test, allow", "use #[expect(…, reason = \"…\")]"),
    ];
    let mut findings = Vec::new();
    for (path, rust) in tree.rust() {
        for (attribute, instead) in FORBIDDEN {
            findings.extend(lines_with(&rust.code, attribute).map(|line| {
                Finding::at(
                    path,
                    line,
                    format!("`{attribute}` is not used here: {instead}"),
                )
            }));
        }
    }
    findings
}

/// A module named after nothing holds everything.
pub(super) fn no_catch_all_module(tree: &Tree) -> Vec<Finding> {
    const NAMES: [&str; 7] = [
        "utils", "util", "helpers", "helper", "common", "misc", "shared",
    ];
    let mut findings = Vec::new();
    for (path, rust) in tree.rust() {
        for name in NAMES {
            findings.extend(lines_with(&rust.code, &format!("mod {name}")).map(|line| {
                Finding::at(
                    path,
                    line,
                    format!("a module is named after what it holds, not `{name}`"),
                )
            }));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        Split::of(text).code
    }

    #[test]
    fn comments_and_strings_are_no_code() {
        assert_eq!(code("a // b\nc"), "a \nc");
        assert_eq!(code("a /* b /* c */ d */ e"), "a  e");
        assert_eq!(code(r#"say("b \" c", d)"#), r#"say("", d)"#);
        assert_eq!(code("r#\"a \" b\"# c"), "\"\" c");
        assert_eq!(code("br\"\\\" c"), "b\"\" c");
    }

    #[test]
    fn characters_are_no_strings_and_lifetimes_no_characters() {
        assert_eq!(code("'\"' a"), " a");
        assert_eq!(code("'\\'' b"), " b");
        assert_eq!(code("'\\u{e9}' b"), " b");
        assert_eq!(code("fn f<'a>(x: &'a str) {}"), "fn f<'a>(x: &'a str) {}");
    }

    #[test]
    fn lines_stay_where_they_are() {
        let text = "a\n\"x\ny\"\n/* c\n d */\nb";
        let split = Split::of(text);

        assert_eq!(split.code.lines().count(), text.lines().count());
        assert_eq!(split.comments.lines().nth(4), Some(" d */"));
        assert_eq!(lines_with(&split.code, "b").collect::<Vec<_>>(), [6]);
    }

    #[test]
    fn a_word_is_a_whole_name() {
        assert_eq!(
            lines_with("use diesel::x;\ndiesels\nmy_diesel", "diesel").collect::<Vec<_>>(),
            [1]
        );
    }

    #[test]
    fn forbidden_attributes_are_found_and_their_names_in_comments_are_not() {
        let tree = Tree::from(&[(
            "web/src/lib.rs",
            "#[allow(dead_code)]\nfn f() {}\n// #[ignore]\n#[ignore = \"slow\"]\n",
        )]);

        let lines: Vec<usize> = no_forbidden_attribute(&tree)
            .iter()
            .map(|found| found.line)
            .collect();
        assert_eq!(lines, [1, 4]);
    }

    #[test]
    fn a_catch_all_module_is_found() {
        let tree = Tree::from(&[("web/src/lib.rs", "mod common_charter;\npub mod utils;\n")]);

        assert_eq!(no_catch_all_module(&tree).len(), 1);
    }
}
