//! The rules of the house that no compiler knows, over the files of the repository and its dependencies.
//!
//! Each rule is a function from a [`Repository`] to its [`Finding`]s, and has a test with a bad example.
//! What is allowed by name stands in `xtask/allow/`, one name a line with the reason.

mod allow;
mod boundaries;
mod dependencies;
mod documents;
mod features;
mod licences;
mod migrations;
mod packages;
mod places;
mod pure;
mod rust;
mod sizes;
mod sql;
mod text;
mod tree;
mod uses;
mod versions;

use std::fmt;
use std::time::Instant;

use anyhow::Result;

use crate::counts::Counts;
use crate::out;
use packages::Packages;
use tree::Tree;

/// All that the rules look at, read once.
#[derive(Debug, Default)]
pub(crate) struct Repository {
    /// The text files.
    tree: Tree,
    /// The crates of the workspace and those below them.
    packages: Packages,
}

/// Something against a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The file or crate.
    place: String,
    /// The line, counted from 1; 0 where there is none.
    line: usize,
    /// What is wrong, and what to do.
    message: String,
}

impl Finding {
    fn at(place: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            place: place.to_owned(),
            line,
            message: message.into(),
        }
    }

    fn of(place: &str, message: impl Into<String>) -> Self {
        Self::at(place, 0, message)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.place, self.message),
            line => write!(out, "{}:{line}: {}", self.place, self.message),
        }
    }
}

type Rule = fn(&Repository) -> Vec<Finding>;

/// The rules, with the words that a report shows.
const RULES: &[(&str, Rule)] = &[
    ("federation stays pure", |of| {
        pure::crate_is_pure(of, pure::FEDERATION)
    }),
    ("web stays pure", |of| pure::crate_is_pure(of, pure::WEB)),
    ("licences fit ours", licences::all_fit),
    ("no crate below its safe version", |of| {
        versions::are_safe(of.tree.text("Cargo.lock"))
    }),
    ("one SQLite", |of| {
        versions::one_sqlite(of.tree.text("Cargo.lock"))
    }),
    ("no OpenSSL", |of| {
        versions::none_banned(of.tree.text("Cargo.lock"))
    }),
    (
        "the databases are built in",
        dependencies::databases_are_built_in,
    ),
    ("every direct dependency is used", dependencies::are_used),
    ("libraries stay in their places", |of| {
        places::are_kept(&of.tree)
    }),
    ("stores are private to their feature", |of| {
        boundaries::stores_are_private(&of.tree)
    }),
    ("tables are private to their feature", |of| {
        boundaries::tables_are_private(&of.tree)
    }),
    ("features are complete", |of| {
        features::are_complete(&of.tree)
    }),
    ("files are short", |of| sizes::are_kept(&of.tree)),
    ("no forbidden attribute", |of| {
        rust::no_forbidden_attribute(&of.tree)
    }),
    ("no catch-all module", |of| {
        rust::no_catch_all_module(&of.tree)
    }),
    ("no open end without an issue", |of| {
        text::no_open_end(&of.tree)
    }),
    ("no tab, no trailing space", |of| text::is_clean(&of.tree)),
    ("migrations are paired", |of| {
        migrations::are_paired(&of.tree)
    }),
    ("common SQL is portable", |of| {
        migrations::common_is_portable(&of.tree)
    }),
    ("tables are narrow", |of| {
        migrations::tables_are_narrow(&of.tree)
    }),
    ("links resolve", |of| documents::links_resolve(&of.tree)),
    ("nothing names a machine", |of| {
        documents::no_machine_named(&of.tree)
    }),
    ("lock files name no server", |of| {
        documents::no_server_in_lock_files(&of.tree)
    }),
];

/// The command.
pub(crate) fn run() -> Result<bool> {
    let begun = Instant::now();
    let repository = Repository::read()?;
    let counts = report(&repository);
    for line in sizes::long_files(&repository.tree) {
        out::line(&format!("note: {line}"));
    }
    let duplicates = versions::several(repository.tree.text("Cargo.lock"));
    out::line(&format!(
        "note: in several versions: {}",
        duplicates.join(", ")
    ));
    out::line(&format!(
        "tidy: {} rules in {}",
        RULES.len(),
        out::duration(begun.elapsed())
    ));
    Ok(counts.failed == 0)
}

/// The rules as a suite: each is one test.
pub(crate) fn counted() -> Result<Counts> {
    Ok(report(&Repository::read()?))
}

impl Repository {
    fn read() -> Result<Self> {
        Ok(Self {
            tree: Tree::read()?,
            packages: Packages::read()?,
        })
    }
}

fn report(repository: &Repository) -> Counts {
    let mut counts = Counts::default();
    for (name, rule) in RULES {
        let mut findings = rule(repository);
        findings.sort();
        counts += Counts::one(findings.is_empty());
        if !findings.is_empty() {
            out::line(&format!("tidy: {name}: {} against it", findings.len()));
        }
        for finding in findings {
            out::line(&format!("  {finding}"));
        }
    }
    counts
}

/// What the rules find in these files alone, for the tests of what we write ourselves.
#[cfg(test)]
pub(crate) fn follows_the_rules(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository {
        tree: Tree::from(files),
        packages: Packages::default(),
    };
    let findings = RULES.iter().flat_map(|(_, rule)| rule(&repository));
    findings.map(|found| found.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_a_place_to_jump_to() {
        assert_eq!(
            Finding::at("web/src/lib.rs", 3, "wrong").to_string(),
            "web/src/lib.rs:3: wrong"
        );
        assert_eq!(Finding::of("serde", "wrong").to_string(), "serde: wrong");
    }

    #[test]
    fn each_rule_with_a_finding_is_a_failed_test() {
        let tree = Tree::from(&[("docs/a.md", "see [b](b.md)\n")]);

        let counts = report(&Repository {
            tree,
            packages: Packages::default(),
        });

        assert!(counts.failed >= 1);
        assert_eq!(
            counts.passed + counts.failed,
            u64::try_from(RULES.len()).unwrap()
        );
    }
}
