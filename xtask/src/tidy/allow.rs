//! The files of `xtask/allow/`: one name a line, then the reason why it is allowed.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::Tree;

/// The names of one file.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    path: String,
    names: BTreeSet<String>,
    wrong: Vec<Finding>,
}

impl Allowed {
    /// Reads `xtask/allow/<list>.txt`. Empty lines and those that begin with `#` are left out.
    pub(super) fn read(tree: &Tree, list: &str) -> Self {
        let path = format!("xtask/allow/{list}.txt");
        let mut allowed = Self {
            path,
            ..Self::default()
        };
        for (index, line) in tree.text(&allowed.path).lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, reason) = line.split_once("  ").unwrap_or((line, ""));
            if reason.trim().is_empty() {
                let message = format!("{name} has no reason (two spaces, then why)");
                allowed
                    .wrong
                    .push(Finding::at(&allowed.path, index + 1, message));
            }
            if !allowed.names.insert(name.to_owned()) {
                let message = format!("{name} stands twice");
                allowed
                    .wrong
                    .push(Finding::at(&allowed.path, index + 1, message));
            }
        }
        allowed
    }

    /// Whether the name is in the list.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// What is wrong with the list itself.
    pub(super) fn wrong(&self) -> &[Finding] {
        &self.wrong
    }

    /// The names that nothing needs any more: a list is kept true.
    pub(super) fn stale(&self, needed: impl Fn(&str) -> bool) -> Vec<Finding> {
        let stale = self.names.iter().filter(|name| !needed(name));
        stale
            .map(|name| Finding::of(&self.path, format!("{name} is no longer needed: remove it")))
            .collect()
    }

    /// The names in the list.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_a_reason_and_stands_once() {
        let tree = Tree::from(&[(
            "xtask/allow/web.txt",
            "# pure crates\n\nserde  values to text\nurl\nserde  again\n",
        )]);

        let allowed = Allowed::read(&tree, "web");
        let found: Vec<String> = allowed.wrong().iter().map(ToString::to_string).collect();

        assert!(allowed.has("serde") && allowed.has("url") && !allowed.has("tokio"));
        assert_eq!(
            found,
            [
                "xtask/allow/web.txt:4: url has no reason (two spaces, then why)",
                "xtask/allow/web.txt:5: serde stands twice",
            ]
        );
    }

    #[test]
    fn a_name_that_nothing_needs_is_stale() {
        let tree = Tree::from(&[("xtask/allow/web.txt", "serde  why\nurl  why\n")]);

        assert_eq!(
            Allowed::read(&tree, "web")
                .stale(|name| name == "serde")
                .len(),
            1
        );
    }
}
