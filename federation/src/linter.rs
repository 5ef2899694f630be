//! The peer-rules linter: whether what we emit is what other servers read (federation.md 7).
//!
//! Pure functions over a finished document. A *fail* breaks the build; a *loss* is a known
//! degradation at one peer and must stand in [`accepted::LOSSES`] with its reason. Not here: rules
//! about documents we receive; those are the vocabulary's.

use serde_json::Value;

use crate::multikey::PublicKey;

pub mod accepted;
mod every_peer;
mod gts;
mod html;
mod keys;
mod lemmy;
mod mandatory;
mod mastodon;
mod mobilizon;
mod privacy;
mod shape;
mod together;

pub use every_peer::common_ok;
pub use gts::gts_ok;
pub use lemmy::lemmy_ok;
pub use mastodon::{mastodon_jrd_ok, mastodon_ok};
pub use mobilizon::mobilizon_ok;
pub use together::{Scheme, Sent, announcements_ok, delivery_ok};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A peer ignores or shortens something.
    Loss,
    /// A peer refuses or misreads it, or it tells what it must not.
    Fail,
}

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The rule, such as `mastodon/06`.
    pub rule: &'static str,
    /// How bad.
    pub severity: Severity,
    /// Where, as a JSON pointer.
    pub at: String,
    /// What is wrong.
    pub says: &'static str,
}

/// The published proof key behind a verification method, as the peer would find it.
pub type Keys<'a> = &'a dyn Fn(&str) -> Option<PublicKey>;

/// What a document is, by its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Somebody says something.
    Activity,
    /// Somebody.
    Actor,
    /// A list.
    Collection,
    /// Anything else.
    Object,
}

/// All rules that concern a document: everything passes `common_ok`; actors, collections and what
/// is addressed to everybody pass the four peers too (federation.md 7).
pub fn lint(document: &Value, keys: Keys<'_>) -> Vec<Finding> {
    let mut findings = common_ok(document, keys);
    if shape::is_seen_by_everybody(document) {
        for peer in [mastodon_ok, gts_ok, lemmy_ok, mobilizon_ok] {
            findings.extend(peer(document));
        }
    }
    findings
}

/// What is left once the accepted losses are taken away: must be empty.
pub fn unaccepted(findings: Vec<Finding>) -> Vec<Finding> {
    let bad = |finding: &Finding| {
        finding.severity == Severity::Fail || accepted::reason(finding.rule).is_none()
    };
    findings.into_iter().filter(bad).collect()
}

/// Findings under construction.
#[derive(Debug, Default)]
pub(crate) struct Report(Vec<Finding>);

impl Report {
    fn add(&mut self, severity: Severity, rule: &'static str, at: &str, says: &'static str) {
        self.0.push(Finding {
            rule,
            severity,
            at: at.to_owned(),
            says,
        });
    }

    pub(crate) fn fail(&mut self, rule: &'static str, at: &str, says: &'static str) {
        self.add(Severity::Fail, rule, at, says);
    }

    pub(crate) fn loss(&mut self, rule: &'static str, at: &str, says: &'static str) {
        self.add(Severity::Loss, rule, at, says);
    }

    /// A failure unless the condition holds.
    pub(crate) fn need(&mut self, holds: bool, rule: &'static str, at: &str, says: &'static str) {
        if !holds {
            self.fail(rule, at, says);
        }
    }

    pub(crate) fn done(self) -> Vec<Finding> {
        self.0
    }
}
