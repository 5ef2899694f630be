//! Migrations: one text for both databases, or a pair; a way back; narrow tables.
//!
//! `migrations/common/<stamp>_<name>/{up,down}.sql` runs on both. What only a dialect can say stands under the
//! same stamp and name in `migrations/sqlite/` and in `migrations/postgres/`.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Tree, ends_with};
use super::{Finding, sql};

/// More columns make Diesel's types slow to compile, and a table hard to read.
const COLUMNS_MAX: usize = 16;

/// Words that one of the databases does not know, or understands differently.
const NOT_PORTABLE: [&str; 22] = [
    "AUTOINCREMENT",
    "BIGSERIAL",
    "BLOB",
    "BYTEA",
    "COLLATE",
    "CURRENT_TIMESTAMP",
    "EXCLUDE",
    "FTS5",
    "FUNCTION",
    "IDENTITY",
    "JSON",
    "JSONB",
    "NOW",
    "RANDOM",
    "SERIAL",
    "STRICT",
    "TIMESTAMP",
    "TIMESTAMPTZ",
    "TRIGGER",
    "TSVECTOR",
    "UUID",
    "VIRTUAL",
];

/// The migrations of a folder: name, then its files.
fn folder<'a>(tree: &'a Tree, folder: &str) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let start = format!("migrations/{folder}/");
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, _) in tree.files() {
        if let Some((name, file)) = path
            .strip_prefix(&start)
            .and_then(|path| path.split_once('/'))
        {
            found.entry(name).or_default().insert(file);
        }
    }
    found
}

/// `2026-01-10-090000` of `2026-01-10-090000_hubs`.
fn stamp(name: &str) -> &str {
    name.split('_').next().unwrap_or(name)
}

/// Each has a way up and down; dialects have the same list; no stamp is used twice.
pub(super) fn are_paired(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let [common, sqlite, postgres] =
        ["common", "sqlite", "postgres"].map(|name| (name, folder(tree, name)));
    for (place, migrations) in [&common, &sqlite, &postgres] {
        for (name, files) in migrations {
            for file in ["up.sql", "down.sql"]
                .iter()
                .filter(|file| !files.contains(*file))
            {
                let message = format!("{file} is missing");
                findings.push(Finding::of(&format!("migrations/{place}/{name}"), message));
            }
            let same = migrations
                .keys()
                .filter(|other| stamp(other) == stamp(name))
                .count();
            if same > 1 {
                let message = "its stamp is used by another migration";
                findings.push(Finding::of(&format!("migrations/{place}/{name}"), message));
            }
        }
    }
    for (one, other) in [(&sqlite, &postgres), (&postgres, &sqlite)] {
        for name in one.1.keys() {
            let place = format!("migrations/{}/{name}", one.0);
            if !other.1.contains_key(name) {
                findings.push(Finding::of(
                    &place,
                    format!("has no twin in migrations/{}", other.0),
                ));
            }
            if common.1.keys().any(|shared| stamp(shared) == stamp(name)) {
                findings.push(Finding::of(
                    &place,
                    "its stamp is used in migrations/common too",
                ));
            }
        }
    }
    findings
}

/// The common text has no word that only one database knows.
pub(super) fn common_is_portable(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, file) in tree.files() {
        if !(path.starts_with("migrations/common/") && ends_with(path, "sql")) {
            continue;
        }
        for (line, word) in sql::words(&sql::bare(&file.text)) {
            if NOT_PORTABLE.contains(&word.as_str()) {
                let message = format!("{word} is not portable: a pair in sqlite/ and postgres/");
                findings.push(Finding::at(path, line, message));
            }
        }
    }
    findings
}

/// No table has more columns than the limit, after all migrations of each database.
pub(super) fn tables_are_narrow(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for dialect in ["sqlite", "postgres"] {
        let mut widths: BTreeMap<String, usize> = BTreeMap::new();
        for (path, file) in tree.files() {
            let folder = path
                .strip_prefix("migrations/")
                .and_then(|path| path.split('/').next());
            let runs = folder.is_some_and(|folder| folder == dialect || folder == "common");
            if runs && path.ends_with("/up.sql") {
                for (table, columns) in sql::columns(&sql::bare(&file.text)) {
                    *widths.entry(table).or_default() += columns;
                }
            }
        }
        for (table, width) in widths.into_iter().filter(|(_, width)| *width > COLUMNS_MAX) {
            let table = table.to_lowercase();
            let message =
                format!("table {table} has {width} columns on {dialect}, at most {COLUMNS_MAX}");
            findings.push(Finding::of("migrations", message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 6] = [
        (
            "migrations/common/2026-01-10-090000_hubs/up.sql",
            "CREATE TABLE hubs (id TEXT PRIMARY KEY);\n",
        ),
        (
            "migrations/common/2026-01-10-090000_hubs/down.sql",
            "DROP TABLE hubs;\n",
        ),
        (
            "migrations/sqlite/2026-01-10-090500_search/up.sql",
            "SELECT 1;\n",
        ),
        (
            "migrations/sqlite/2026-01-10-090500_search/down.sql",
            "SELECT 1;\n",
        ),
        (
            "migrations/postgres/2026-01-10-090500_search/up.sql",
            "SELECT 1;\n",
        ),
        (
            "migrations/postgres/2026-01-10-090500_search/down.sql",
            "SELECT 1;\n",
        ),
    ];

    fn with(path: &str, text: &str) -> Tree {
        let mut files = GOOD.to_vec();
        files.push((path, text));
        Tree::from(&files)
    }

    #[test]
    fn pairs_with_a_way_back_pass() {
        assert_eq!(are_paired(&Tree::from(&GOOD)), []);
    }

    #[test]
    fn a_missing_way_back_or_twin_is_found() {
        for missing in 1..GOOD.len() {
            let mut files = GOOD.to_vec();
            let (path, _) = files.remove(missing);

            assert_eq!(are_paired(&Tree::from(&files)).len(), 1, "without {path}");
        }
        assert_eq!(are_paired(&Tree::from(&GOOD[..4])).len(), 1);
    }

    #[test]
    fn a_stamp_used_twice_is_found() {
        let twice = with(
            "migrations/common/2026-01-10-090500_more/up.sql",
            "SELECT 1;\n",
        );

        let found = are_paired(&twice);

        assert!(
            found
                .iter()
                .any(|found| found.message.contains("in migrations/common too")),
            "{found:?}"
        );
    }

    #[test]
    fn a_word_of_one_database_is_found_in_common_and_may_stand_in_a_dialect_or_a_comment() {
        let bad = with(
            "migrations/common/2026-02-01-090000_plans/up.sql",
            "-- no BLOB\nSELECT 1;\nCREATE TABLE p (b blob);\n",
        );
        let found = common_is_portable(&bad);
        assert_eq!((found.len(), found[0].line), (1, 3));

        let dialect = with(
            "migrations/sqlite/2026-02-01-090000_plans/up.sql",
            "CREATE TABLE p (b BLOB);\n",
        );
        assert_eq!(common_is_portable(&dialect), []);
    }

    #[test]
    fn a_wide_table_is_found_even_when_it_grew() {
        let columns = |from: usize, to: usize| {
            (from..to)
                .map(|number| format!("c{number} TEXT"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let create = format!("CREATE TABLE wide ({});\n", columns(0, 16));
        assert_eq!(
            tables_are_narrow(&with(
                "migrations/common/2026-03-01-000000_w/up.sql",
                &create
            )),
            []
        );

        let grow = format!("{create}ALTER TABLE wide ADD COLUMN more TEXT;\n");
        let found = tables_are_narrow(&with("migrations/common/2026-03-01-000000_w/up.sql", &grow));
        assert_eq!(found.len(), 2);
        assert!(found[0].message.contains("wide has 17 columns"));
    }
}
