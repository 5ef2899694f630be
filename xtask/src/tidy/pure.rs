//! The two pure crates link nothing that touches the world (docs/architecture.md, invariants 1 and 2).
//!
//! A crate is admitted to `xtask/allow/{federation,web}.txt` after its source was searched for clocks, sockets,
//! files, threads and random sources.

use std::collections::BTreeSet;

use super::allow::Allowed;
use super::{Finding, Repository};

/// The name of the crate, and of its list.
pub(super) const FEDERATION: (&str, &str) = ("interkpa-federation", "federation");
/// The name of the crate, and of its list.
pub(super) const WEB: (&str, &str) = ("interkpa-web", "web");

/// What no list may ever admit: runtimes, servers, clients, databases, randomness, and the other crates of ours.
const NEVER: [&str; 24] = [
    "activitypub_federation",
    "async-std",
    "aws-lc-rs",
    "axum",
    "chrono",
    "diesel",
    "fastrand",
    "getrandom",
    "http-signature-normalization",
    "hyper",
    "interkpa-federation",
    "interkpa-server",
    "interkpa-web",
    "jiff",
    "mio",
    "rand",
    "rand_core",
    "reqwest",
    "ring",
    "smol",
    "socket2",
    "time",
    "tokio",
    "xtask",
];

/// Everything linked into the crate stands in its list, and the list holds nothing else.
pub(super) fn crate_is_pure(repository: &Repository, pure: (&str, &str)) -> Vec<Finding> {
    let (name, list) = pure;
    let linked = repository
        .packages
        .trees
        .get(name)
        .cloned()
        .unwrap_or_default();
    findings(&Allowed::read(&repository.tree, list), name, &linked)
}

fn findings(allowed: &Allowed, name: &str, linked: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = allowed.wrong().to_vec();
    let never = |found: &str| NEVER.contains(&found);
    for found in linked {
        if never(found) {
            findings.push(Finding::of(
                name,
                format!("links {found}, which touches the world"),
            ));
        } else if !allowed.has(found) {
            let message = format!("links {found}, which is not in its list: read its source first");
            findings.push(Finding::of(name, message));
        }
    }
    let admitted = allowed.names().filter(|found| never(found));
    findings
        .extend(admitted.map(|found| Finding::of(name, format!("{found} can never be admitted"))));
    findings.extend(allowed.stale(|found| linked.contains(found)));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::Tree;

    fn found(list: &str, linked: &[&str]) -> Vec<String> {
        let tree = Tree::from(&[("xtask/allow/web.txt", list)]);
        let linked = linked.iter().map(|name| (*name).to_owned()).collect();
        let findings = findings(&Allowed::read(&tree, "web"), "interkpa-web", &linked);
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_stands_in_the_list_may_be_linked() {
        assert!(found("serde  values to text\n", &["serde"]).is_empty());
    }

    #[test]
    fn a_crate_outside_the_list_is_found() {
        assert!(found("", &["surprise"])[0].contains("links surprise"));
    }

    #[test]
    fn a_runtime_is_refused_even_when_listed() {
        let found = found("tokio  we were in a hurry\n", &["tokio"]);

        assert!(
            found.iter().any(|line| line.contains("touches the world")),
            "{found:?}"
        );
        assert!(
            found.iter().any(|line| line.contains("never be admitted")),
            "{found:?}"
        );
    }

    #[test]
    fn the_two_pure_crates_do_not_know_each_other() {
        assert!(found("", &["interkpa-federation"])[0].contains("touches the world"));
    }

    #[test]
    fn a_name_that_is_no_longer_linked_leaves_the_list() {
        assert!(found("serde  values to text\n", &[])[0].contains("no longer needed"));
    }
}
