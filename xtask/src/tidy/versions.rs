//! What `Cargo.lock` may not hold: versions with known faults, two SQLites, crates that we decided against.
//!
//! A list kept by hand instead of an advisory database: it works offline and in every clone. It follows RustSec
//! as of 20 August 2026; whoever updates dependencies reads the advisories since and changes the date.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Finding;

const LOCK: &str = "Cargo.lock";

/// The lowest safe version, and why.
const SAFE_FROM: [(&str, &str, &str); 11] = [
    (
        "activitypub_federation",
        "0.7.0-beta.14",
        "below, its inbox trusts a body that its digest does not match, or its address filter has gaps \
         (CVE-2026-33693)",
    ),
    ("ammonia", "4.1.4", "RUSTSEC-2026-0193, RUSTSEC-2026-0213"),
    (
        "diesel",
        "2.3.10",
        "RUSTSEC-2026-0111, 0134 to 0137, 0172: text from SQLite, bound values",
    ),
    (
        "h2",
        "0.4.16",
        "RUSTSEC-2026-0258: empty frames without bound",
    ),
    (
        "idna",
        "1.0.3",
        "RUSTSEC-2024-0421: names that mask another host",
    ),
    // No fixed version exists for its timing leak (RUSTSEC-2023-0071). It comes with activitypub_federation;
    // we sign and verify with aws-lc-rs and never decrypt, so nothing of ours runs it with a secret.
    (
        "rsa",
        "0.9.10",
        "the last one; RUSTSEC-2023-0071 has no fix, see the comment in versions.rs",
    ),
    ("rustls-webpki", "0.103.13", "RUSTSEC-2026-0104"),
    (
        "time",
        "0.3.47",
        "RUSTSEC-2026-0009: the stack is exhausted by a date",
    ),
    (
        "tracing-subscriber",
        "0.3.20",
        "RUSTSEC-2025-0055: terminal codes in logs",
    ),
    ("url", "2.5.4", "RUSTSEC-2024-0421, with idna"),
    (
        "libsqlite3-sys",
        "0.30.0",
        "SQLite older than the features that the stores use",
    ),
];

/// Crates that we decided against, whoever asks for them.
const BANNED: [(&str, &str); 3] = [
    ("native-tls", "TLS is rustls over aws-lc-rs"),
    ("openssl", "TLS is rustls over aws-lc-rs"),
    (
        "openssl-sys",
        "TLS is rustls over aws-lc-rs; libpq is built without it",
    ),
];

/// Names and versions of a lock file.
fn packages(lock: &str) -> impl Iterator<Item = (&str, &str)> {
    lock.split("[[package]]").skip(1).filter_map(|package| {
        let mut lines = package.trim_start().lines();
        let name = lines.next()?.strip_prefix("name = \"")?.strip_suffix('"')?;
        let version = lines
            .next()?
            .strip_prefix("version = \"")?
            .strip_suffix('"')?;
        Some((name, version))
    })
}

/// No crate is below its safe version.
pub(super) fn are_safe(lock: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, version) in packages(lock) {
        for (_, safe, why) in SAFE_FROM.iter().filter(|(risky, ..)| *risky == name) {
            if compare(version, safe) == Ordering::Less {
                findings.push(Finding::of(
                    LOCK,
                    format!("{name} {version} is below {safe}: {why}"),
                ));
            }
        }
    }
    findings
}

/// Two copies of SQLite in one program would not see each other's locks.
pub(super) fn one_sqlite(lock: &str) -> Vec<Finding> {
    let count = packages(lock)
        .filter(|(name, _)| *name == "libsqlite3-sys")
        .count();
    if count > 1 {
        return vec![Finding::of(
            LOCK,
            format!("libsqlite3-sys stands {count} times, one at most"),
        )];
    }
    Vec::new()
}

/// No crate that we decided against.
pub(super) fn none_banned(lock: &str) -> Vec<Finding> {
    let banned = |(name, _)| BANNED.iter().find(|(banned, _)| *banned == name);
    let found = packages(lock).filter_map(banned);
    found
        .map(|(name, why)| Finding::of(LOCK, format!("{name} is not used here: {why}")))
        .collect()
}

/// Crates that are there in several versions: to be looked at when dependencies are updated.
pub(super) fn several(lock: &str) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, version) in packages(lock) {
        versions.entry(name).or_default().push(version);
    }
    let several = versions
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1);
    several
        .map(|(name, versions)| format!("{name} {}", versions.join(" and ")))
        .collect()
}

/// The order of versions: numbers, then a version before its release (`1.0.0-beta.2` < `1.0.0`).
fn compare(left: &str, right: &str) -> Ordering {
    let parts = |version: &str| -> (Vec<u64>, Option<Vec<String>>) {
        let version = version.split('+').next().unwrap_or_default();
        let (numbers, early) = match version.split_once('-') {
            Some((numbers, early)) => {
                (numbers, Some(early.split('.').map(str::to_owned).collect()))
            }
            None => (version, None),
        };
        (
            numbers
                .split('.')
                .map(|number| number.parse().unwrap_or(0))
                .collect(),
            early,
        )
    };
    let ((left, left_early), (right, right_early)) = (parts(left), parts(right));
    left.cmp(&right)
        .then_with(|| match (left_early, right_early) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(left), Some(right)) => compare_early(&left, &right),
        })
}

fn compare_early(left: &[String], right: &[String]) -> Ordering {
    let both = left.iter().zip(right);
    let different = both.map(
        |(left, right)| match (left.parse::<u64>(), right.parse::<u64>()) {
            (Ok(left), Ok(right)) => left.cmp(&right),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => left.cmp(right),
        },
    );
    different
        .fold(Ordering::Equal, Ordering::then)
        .then(left.len().cmp(&right.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(packages: &[(&str, &str)]) -> String {
        let package =
            |(name, version)| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        let header = "version = 4\n\n".to_owned();
        header
            + &packages
                .iter()
                .copied()
                .map(package)
                .collect::<Vec<_>>()
                .join("\n")
    }

    #[test]
    fn a_version_with_a_known_fault_is_found() {
        let lock = lock(&[
            ("activitypub_federation", "0.7.0-beta.11"),
            ("diesel", "2.3.9"),
            ("serde", "1.0.0"),
        ]);

        let found = are_safe(&lock);

        assert_eq!(found.len(), 2);
        assert!(
            found[0]
                .message
                .contains("0.7.0-beta.11 is below 0.7.0-beta.14")
        );
    }

    #[test]
    fn safe_versions_pass() {
        let lock = lock(&[
            ("activitypub_federation", "0.7.0-beta.14"),
            ("h2", "0.4.16"),
            ("time", "0.3.53"),
        ]);

        assert_eq!(are_safe(&lock), []);
    }

    #[test]
    fn versions_are_ordered_as_cargo_orders_them() {
        for (less, more) in [
            ("0.9.9", "0.10.0"),
            ("0.7.0-beta.9", "0.7.0-beta.14"),
            ("0.7.0-beta.14", "0.7.0"),
            ("1.0.0-alpha", "1.0.0-beta"),
            ("0.6.6", "0.7.0-beta.14"),
        ] {
            assert_eq!(compare(less, more), Ordering::Less, "{less} {more}");
            assert_eq!(compare(more, less), Ordering::Greater, "{more} {less}");
        }
        assert_eq!(compare("0.38.0+3.51.0", "0.38.0"), Ordering::Equal);
    }

    #[test]
    fn a_second_sqlite_is_found() {
        assert_eq!(
            one_sqlite(&lock(&[
                ("libsqlite3-sys", "0.37.0"),
                ("libsqlite3-sys", "0.38.0")
            ]))
            .len(),
            1
        );
        assert_eq!(one_sqlite(&lock(&[("libsqlite3-sys", "0.38.0")])), []);
    }

    #[test]
    fn openssl_is_found() {
        assert_eq!(none_banned(&lock(&[("openssl-sys", "0.9.100")])).len(), 1);
        assert_eq!(none_banned(&lock(&[("openssl-probe", "0.2.0")])), []);
    }

    #[test]
    fn crates_in_several_versions_are_listed() {
        let lock = lock(&[("syn", "2.0.1"), ("serde", "1.0.0"), ("syn", "3.0.1")]);

        assert_eq!(several(&lock), ["syn 2.0.1 and 3.0.1"]);
    }
}
