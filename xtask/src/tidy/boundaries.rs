//! A feature is asked by its functions: nobody else reads its store or its tables.

use std::collections::{BTreeMap, BTreeSet};

use super::allow::Allowed;
use super::tree::{Tree, is_test};
use super::{Finding, uses};

const FEATURES: &str = "server/src/features/";
/// A file, or the folder beside it when it has grown.
const SCHEMA: &str = "server/src/db/schema";

/// The features, by the names of their folders.
pub(super) fn features(tree: &Tree) -> BTreeSet<&str> {
    let folder = |(path, _)| -> Option<&str> {
        let (name, _) = str::strip_prefix(path, FEATURES)?.split_once('/')?;
        Some(name)
    };
    tree.files().filter_map(folder).collect()
}

/// Who owns a file of the server: its feature, else its first folder.
fn owner(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("server/src/")?;
    let inside = inside.strip_prefix("features/").unwrap_or(inside);
    Some(inside.split(['/', '.']).next().unwrap_or(inside))
}

/// Every path that a file names: those of its `use` statements, and those written out in its code.
fn named_paths(code: &str) -> Vec<(usize, String)> {
    let mut paths = uses::paths(code);
    for (index, line) in code.lines().enumerate() {
        let words = line.split(|letter: char| !(letter.is_alphanumeric() || "_:".contains(letter)));
        let written = words.filter(|word| word.contains("::"));
        paths.extend(written.map(|word| (index + 1, word.trim_end_matches(':').to_owned())));
    }
    paths.sort();
    paths.dedup();
    paths
}

/// `features::x::store` is named by `x` alone, and by the operator's commands: each of them is a
/// page of its feature in another form.
pub(super) fn stores_are_private(tree: &Tree) -> Vec<Finding> {
    let features = features(tree);
    let mut findings = Vec::new();
    let rust = tree.rust().filter(|(path, _)| path.starts_with("server/"));
    let bound = |path: &str| !path.starts_with("server/src/command/") && !is_test(path);
    for (path, rust) in rust.filter(|(path, _)| bound(path)) {
        for (line, named) in named_paths(&rust.code) {
            let segments: Vec<&str> = named.split("::").collect();
            let other = segments.windows(3).find_map(|three| match three {
                ["features" | "super", feature, "store"] if features.contains(feature) => {
                    Some(*feature)
                }
                _ => None,
            });
            if let Some(feature) = other.filter(|feature| owner(path) != Some(feature)) {
                let message =
                    format!("the store of {feature} is private: call a function of its mod.rs");
                findings.push(Finding::at(path, line, message));
            }
        }
    }
    findings.dedup();
    findings
}

/// A table of `db/schema.rs` is used by the stores of one feature, or is named in `xtask/allow/tables.txt`.
pub(super) fn tables_are_private(tree: &Tree) -> Vec<Finding> {
    let schemas = tree.files().filter(|(path, _)| path.starts_with(SCHEMA));
    let tables: BTreeSet<&str> = schemas.flat_map(|(_, file)| tables(&file.text)).collect();
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, rust) in tree.rust().filter(|(path, _)| !is_test(path)) {
        let Some(owner) = owner(path).filter(|owner| *owner != "db") else {
            continue;
        };
        for (_, named) in named_paths(&rust.code) {
            let after = named.split_once("schema::").map_or("", |(_, after)| after);
            let table = tables
                .iter()
                .find(|table| after.split("::").any(|part| part == **table));
            if let Some(table) = table {
                users.entry(table).or_default().insert(owner);
            }
        }
    }
    let allowed = Allowed::read(tree, "tables");
    let mut findings = allowed.wrong().to_vec();
    for (table, owners) in users {
        if owners.len() > 1 && !allowed.has(table) {
            let owners: Vec<&str> = owners.into_iter().collect();
            let message = format!(
                "table {table} is used by {}: it belongs to one",
                owners.join(", ")
            );
            findings.push(Finding::of(SCHEMA, message));
        }
    }
    findings
}

/// The names in `table! { name (key) { … } }`.
fn tables(schema: &str) -> BTreeSet<&str> {
    let mut lines = schema.lines().map(str::trim);
    let mut found = BTreeSet::new();
    while let Some(line) = lines.next() {
        let Some((_, after)) = line.split_once("table! {") else {
            continue;
        };
        let heading = if after.trim().is_empty() {
            lines
                .by_ref()
                .find(|line| !line.starts_with("//") && !line.starts_with('#'))
        } else {
            Some(after.trim())
        };
        found.extend(heading.and_then(|heading| heading.split([' ', '(']).next()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA_TEXT: &str = "diesel::table! {\n    /// Offers.\n    proposals (id) {\n id -> Text,\n}\n}\ndiesel::table! { members (id) { id -> Text, } }\n";

    #[test]
    fn another_features_store_is_private_in_every_spelling() {
        let bad = [
            "use crate::features::people::store;\n",
            "use crate::features::{people::{store::find, model}, proposals};\n",
            "fn f() { crate::features::people::store::find(tx) }\n",
            "use super::super::people::store::find;\n",
        ];
        for text in bad {
            let tree = Tree::from(&[
                ("server/src/features/people/store.rs", ""),
                ("server/src/features/proposals/pages.rs", text),
            ]);

            assert_eq!(stores_are_private(&tree).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_feature_uses_its_own_store() {
        let tree = Tree::from(&[
            ("server/src/features/people/store.rs", ""),
            (
                "server/src/features/people/pages.rs",
                "use super::store;\nuse crate::features::people::store::find;\n",
            ),
            (
                "server/src/features/proposals/pages.rs",
                "use super::store;\nuse crate::features::people;\n",
            ),
        ]);

        assert_eq!(stores_are_private(&tree), []);
    }

    #[test]
    fn no_part_of_the_server_beside_the_features_reaches_into_a_store() {
        let tree = Tree::from(&[
            ("server/src/features/people/store.rs", ""),
            (
                "server/src/fediverse/inbox.rs",
                "use crate::features::people::store::find;\n",
            ),
        ]);

        assert_eq!(stores_are_private(&tree).len(), 1);
    }

    #[test]
    fn the_tables_of_a_schema_are_read() {
        assert_eq!(
            tables(SCHEMA_TEXT).into_iter().collect::<Vec<_>>(),
            ["members", "proposals"]
        );
    }

    #[test]
    fn a_table_used_by_two_features_is_found_unless_allowed_with_a_reason() {
        let files = [
            ("server/src/db/schema.rs", SCHEMA_TEXT),
            (
                "server/src/features/proposals/store.rs",
                "use crate::db::schema::{members, proposals};\n",
            ),
            (
                "server/src/features/people/store.rs",
                "use crate::db::schema::members::dsl;\n",
            ),
        ];
        let found = tables_are_private(&Tree::from(&files));
        assert_eq!(found.len(), 1);
        assert!(
            found[0]
                .message
                .contains("table members is used by people, proposals")
        );

        let allowed = (
            "xtask/allow/tables.txt",
            "members  names are shown beside offers\n",
        );
        assert_eq!(
            tables_are_private(&Tree::from(&[&files[..], &[allowed]].concat())),
            []
        );
    }
}
