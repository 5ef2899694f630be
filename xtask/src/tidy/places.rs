//! Where a library or a door to the outside may be named (docs/architecture.md, invariant 3).

use super::Finding;
use super::rust::lines_with;
use super::tree::{Tree, is_test};

/// A name and the only places that may use it, beside tests.
struct Place {
    name: &'static str,
    allowed: fn(&str) -> bool,
    why: &'static str,
}

const PLACES: [Place; 9] = [
    Place {
        name: "diesel",
        allowed: is_store,
        why: "only stores (store.rs), jobs/queue.rs and db name diesel",
    },
    Place {
        name: "diesel_migrations",
        allowed: is_store,
        why: "only stores (store.rs), jobs/queue.rs and db name diesel",
    },
    Place {
        name: "activitypub_federation",
        allowed: is_fediverse,
        why: "only server/src/fediverse knows the library",
    },
    Place {
        name: "http_signature_normalization",
        allowed: is_fediverse,
        why: "only server/src/fediverse knows the library",
    },
    Place {
        name: "std::env",
        allowed: reads_settings,
        why: "only config reads the environment",
    },
    Place {
        name: "println!",
        allowed: prints,
        why: "only command/out.rs prints",
    },
    Place {
        name: "print!",
        allowed: prints,
        why: "only command/out.rs prints",
    },
    Place {
        name: "eprintln!",
        allowed: prints,
        why: "only command/out.rs prints",
    },
    Place {
        name: "eprint!",
        allowed: prints,
        why: "only command/out.rs prints",
    },
];

/// Names outside their places.
pub(super) fn are_kept(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, rust) in tree.rust().filter(|(path, _)| !is_test(path)) {
        for place in PLACES.iter().filter(|place| !(place.allowed)(path)) {
            findings.extend(
                lines_with(&rust.code, place.name).map(|line| Finding::at(path, line, place.why)),
            );
        }
    }
    findings
}

fn is_store(path: &str) -> bool {
    path == "server/src/db.rs"
        || path.starts_with("server/src/db/")
        || path.starts_with("server/src/jobs/queue")
        || path.starts_with("server/src/") && path.ends_with("/store.rs")
        || path.starts_with("server/src/") && path.contains("/store/")
        || counts_rows(path)
}

/// The benchmark believes rows, not answers.
fn counts_rows(path: &str) -> bool {
    path == "xtask/bench/src/rows.rs" || path == "xtask/bench/src/floor/receiver.rs"
}

fn is_fediverse(path: &str) -> bool {
    path == "server/src/fediverse.rs" || path.starts_with("server/src/fediverse/")
}

fn is_example(path: &str) -> bool {
    path.contains("/examples/")
}

/// Build scripts get their input from cargo by the environment, examples by their arguments.
fn reads_settings(path: &str) -> bool {
    is_example(path)
        || path == "server/src/config.rs"
        || path.starts_with("server/src/config/")
        || path.starts_with("xtask/")
        || path.ends_with("/build.rs")
}

/// Build scripts talk to cargo by printing, examples to whoever runs them.
fn prints(path: &str) -> bool {
    is_example(path)
        || path == "server/src/command/out.rs"
        || path == "xtask/src/out.rs"
        || path == "xtask/bench/src/out.rs"
        || path.ends_with("/build.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        are_kept(&Tree::from(&[(path, text)])).len()
    }

    #[test]
    fn a_page_that_names_diesel_is_found_and_a_store_may() {
        let text = "use diesel::prelude::*;\n";

        assert_eq!(found("server/src/features/proposals/pages.rs", text), 1);
        assert_eq!(found("server/src/features/proposals/store.rs", text), 0);
        assert_eq!(found("server/src/db/schema.rs", text), 0);
    }

    #[test]
    fn the_federation_library_stays_in_its_folder() {
        let text = "use activitypub_federation::config::Data;\n";

        assert_eq!(found("server/src/features/proposals/inbox.rs", text), 1);
        assert_eq!(found("server/src/fediverse/deliver.rs", text), 0);
    }

    #[test]
    fn only_the_configuration_reads_the_environment() {
        let text = "let home = std::env::var(\"HOME\");\n";

        assert_eq!(found("server/src/app.rs", text), 1);
        assert_eq!(found("federation/src/lib.rs", text), 1);
        assert_eq!(found("server/src/config.rs", text), 0);
    }

    #[test]
    fn only_one_file_prints() {
        assert_eq!(
            found("server/src/command/serve.rs", "println!(\"ready\");\n"),
            1
        );
        assert_eq!(
            found("server/src/command/out.rs", "println!(\"ready\");\n"),
            0
        );
    }

    #[test]
    fn a_comment_or_a_test_may_name_them() {
        assert_eq!(
            found("server/src/app.rs", "//! No diesel, no std::env here.\n"),
            0
        );
        assert_eq!(
            found("server/tests/it/migrations.rs", "use diesel::prelude::*;\n"),
            0
        );
    }
}
