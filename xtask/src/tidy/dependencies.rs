//! What a crate asks for, it uses.

use super::allow::Allowed;
use super::packages::{Dependency, Package};
use super::rust::lines_with;
use super::tree::Tree;
use super::{Finding, Repository};

/// Every direct dependency is named in the sources of its crate, or stands in `xtask/allow/unnamed.txt` as
/// `crate/dependency`; every shared one of the workspace is asked for by a crate.
pub(super) fn are_used(repository: &Repository) -> Vec<Finding> {
    let tree = &repository.tree;
    let allowed = Allowed::read(tree, "unnamed");
    let mut findings = allowed.wrong().to_vec();
    let mut unnamed = Vec::new();
    let ours: Vec<&Package> = repository
        .packages
        .all
        .iter()
        .filter(|found| found.is_ours())
        .collect();
    for package in &ours {
        for dependency in &package.dependencies {
            if is_named(tree, package.folder(), dependency) {
                continue;
            }
            let name = format!("{}/{}", package.name, dependency.name);
            if !allowed.has(&name) {
                let message = format!("{} is not named in its sources: remove it", dependency.name);
                findings.push(Finding::of(
                    &format!("{}/Cargo.toml", package.folder()),
                    message,
                ));
            }
            unnamed.push(name);
        }
    }
    let asked = |name: &str| {
        let mut dependencies = ours.iter().flat_map(|package| &package.dependencies);
        dependencies.any(|dependency| dependency.name == name)
    };
    let shared = shared(tree.text("Cargo.toml")).filter(|name| !asked(name));
    findings.extend(shared.map(|name| {
        Finding::of(
            "Cargo.toml",
            format!("no crate asks for {name}: remove it from the workspace"),
        )
    }));
    findings.extend(allowed.stale(|name| unnamed.iter().any(|found| found == name)));
    findings
}

fn is_named(tree: &Tree, folder: &str, dependency: &Dependency) -> bool {
    let name = dependency
        .rename
        .as_ref()
        .unwrap_or(&dependency.name)
        .replace('-', "_");
    let sources: &[&str] = match dependency.kind.as_deref() {
        Some("build") => &["build.rs"],
        Some("dev") => &["src/", "tests/", "benches/", "examples/"],
        _ => &["src/"],
    };
    tree.rust()
        .filter(|(path, _)| {
            let inside = path
                .strip_prefix(folder)
                .and_then(|path| path.strip_prefix('/'));
            inside.is_some_and(|inside| sources.iter().any(|source| inside.starts_with(source)))
        })
        .any(|(_, rust)| lines_with(&rust.code, &name).next().is_some())
}

/// The names under `[workspace.dependencies]`.
fn shared(manifest: &str) -> impl Iterator<Item = &str> {
    let section = manifest
        .split_once("[workspace.dependencies]")
        .map_or("", |(_, rest)| rest);
    let section = section.split("\n[").next().unwrap_or_default();
    section.lines().filter_map(|line| {
        let (name, _) = line.split_once(" = ")?;
        (!name.starts_with('#')).then_some(name)
    })
}

/// Libraries written in C that a hub brings itself, and the feature that builds them in: a hub is one file.
const BUILT_IN: [(&str, &str); 2] = [
    ("libsqlite3-sys", "bundled"),
    ("pq-sys", "bundled_without_openssl"),
];

/// The databases are built in: no hub depends on the libpq or SQLite of its machine.
pub(super) fn databases_are_built_in(repository: &Repository) -> Vec<Finding> {
    let features = &repository.packages.features;
    let mut findings = Vec::new();
    for (name, feature) in BUILT_IN {
        if features
            .get(name)
            .is_some_and(|features| !features.contains(feature))
        {
            let message = format!(
                "{name} without its feature {feature}: the machine's library would be used"
            );
            findings.push(Finding::of("Cargo.toml", message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::packages::Packages;

    fn dependency(name: &str, kind: Option<&str>) -> Dependency {
        Dependency {
            name: name.into(),
            rename: None,
            kind: kind.map(str::to_owned),
        }
    }

    fn repository(files: &[(&str, &str)], dependencies: Vec<Dependency>) -> Repository {
        let package = Package::example_of_ours("interkpa-web", "web", dependencies);
        Repository {
            tree: Tree::from(files),
            packages: Packages {
                all: vec![package],
                ..Packages::default()
            },
        }
    }

    #[test]
    fn a_dependency_that_no_source_names_is_found() {
        let files = [(
            "web/src/lib.rs",
            "// unic_langid would be nice\nuse askama::Template;\n",
        )];
        let found = are_used(&repository(
            &files,
            vec![dependency("askama", None), dependency("unic-langid", None)],
        ));

        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("unic-langid"));
    }

    #[test]
    fn a_dependency_of_tests_may_be_used_in_tests_only() {
        let files = [("web/tests/it/main.rs", "use proptest::prelude::*;\n")];

        assert_eq!(
            are_used(&repository(
                &files,
                vec![dependency("proptest", Some("dev"))]
            )),
            []
        );
        assert_eq!(
            are_used(&repository(&files, vec![dependency("proptest", None)])).len(),
            1
        );
    }

    #[test]
    fn an_exception_has_a_reason_and_goes_when_it_is_no_longer_one() {
        let allow = (
            "xtask/allow/unnamed.txt",
            "interkpa-web/pq-sys  chooses how libpq is built\n",
        );
        let used = ("web/src/lib.rs", "use pq_sys;\n");
        let asked = vec![dependency("pq-sys", None)];

        assert_eq!(are_used(&repository(&[allow], asked.clone())), []);
        assert_eq!(are_used(&repository(&[allow, used], asked)).len(), 1);
    }

    #[test]
    fn a_database_library_of_the_machine_is_found() {
        let with = |feature: &str| Repository {
            packages: Packages {
                features: [("pq-sys".to_owned(), [feature.to_owned()].into())].into(),
                ..Packages::default()
            },
            ..Repository::default()
        };

        assert_eq!(databases_are_built_in(&with("bundled_without_openssl")), []);
        assert_eq!(databases_are_built_in(&with("default")).len(), 1);
    }

    #[test]
    fn a_shared_dependency_that_no_crate_asks_for_is_found() {
        let manifest = "[workspace.dependencies]\n# Pages\naskama = \"1\"\nuuid = { version = \"1\" }\n\n[profile.dev]\ndebug = true\n";
        let files = [
            ("Cargo.toml", manifest),
            ("web/src/lib.rs", "use askama::Template;\n"),
        ];

        let found = are_used(&repository(&files, vec![dependency("askama", None)]));

        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("asks for uuid"));
    }
}
