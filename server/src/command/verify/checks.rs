//! The checks in the order of the protocol, a line each: its name, how it went, and on request what it
//! means. Source: votes.md 4.15.

use interkpa_federation::governance::bundle::BundleError;
use interkpa_federation::governance::error::Fault;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::object::Kind;
use interkpa_federation::governance::verify::{Check, Finding, Report, Verdict};
use interkpa_web::locale::Locale;

use super::Opened;
use crate::command::out;

/// The lines: what is printed as its name, and the key of what it means.
const LINES: [(&str, &str); 13] = [
    ("json", "verify-json"),
    ("objects", "verify-objects"),
    ("genesis", "verify-genesis"),
    ("decisions", "verify-decisions"),
    ("electorate", "verify-electorate"),
    ("poll", "verify-poll"),
    ("ballots", "verify-ballots"),
    ("seals", "verify-seals"),
    ("value", "verify-value"),
    ("signatures", "verify-signatures"),
    ("counted", "verify-counted"),
    ("tally", "verify-tally"),
    ("effect", "verify-effect"),
];

/// How one line went.
struct Went {
    /// The name and the key of its line.
    line: (&'static str, &'static str),
    /// Nothing when an earlier line had to hold first.
    verdict: Option<Verdict>,
    /// Stable codes, each with the object that it is about.
    because: Vec<(&'static str, Option<ObjectHash>)>,
}

/// Prints the lines, the genesis and the verdict.
pub(super) fn tell(
    opened: &Opened,
    report: Option<&Report>,
    genesis: Option<ObjectHash>,
    explain: Option<Locale>,
) {
    for went in all(opened, report) {
        tell_one(&went, explain);
    }
    if let Some(found) = report.and_then(|report| report.genesis) {
        let compared = genesis.is_some();
        let text = match (explain, compared) {
            (Some(locale), true) => locale.t("verify-genesis-compared"),
            (Some(locale), false) => locale.t("verify-genesis-to-compare"),
            (None, true) => "compared".to_owned(),
            (None, false) => "not compared".to_owned(),
        };
        out::line(format!("genesis sha256:{found} ({text})"));
    }
    if let Some((value, result)) = report.and_then(|report| report.certified.as_ref()) {
        out::line(format!("value sha256:{value}"));
        out::line(format!("result {}", result.to_json()));
    }
    let verdict = super::verdict(report);
    let (word, key) = words_of(verdict);
    let said = explain.map_or_else(|| word.to_owned(), |locale| locale.t(key));
    out::line(said);
}

/// The word and the key of a verdict.
const fn words_of(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Valid => ("valid", "verify-valid"),
        Verdict::Invalid => ("invalid", "verify-invalid"),
        Verdict::Incomplete => ("incomplete", "verify-incomplete"),
        Verdict::Conflicting => ("conflicting", "verify-conflicting"),
    }
}

fn tell_one(went: &Went, explain: Option<Locale>) {
    let (name, key) = went.line;
    let word = match went.verdict {
        None => "-",
        Some(Verdict::Valid) => "ok",
        Some(Verdict::Invalid) => "WRONG",
        Some(Verdict::Incomplete) => "ABSENT",
        Some(Verdict::Conflicting) => "TWO",
    };
    match explain {
        Some(locale) => out::line(format!("{word:<7} {name:<11} {}", locale.t(key))),
        None => out::line(format!("{word:<7} {name}")),
    }
    for (code, object) in &went.because {
        let about = object.map_or_else(String::new, |hash| format!(" {hash}"));
        let said = explain.map_or_else(
            || (*code).to_owned(),
            |locale| locale.t(&format!("error-{}", code.replace('_', "-"))),
        );
        out::line(format!("        {said}{about}"));
    }
}

/// Every line with what was found against it.
fn all(opened: &Opened, report: Option<&Report>) -> Vec<Went> {
    let bundle = match opened {
        Ok(bundle) => bundle,
        Err(error) => return not_a_bundle(error),
    };
    let findings = report.map_or(&[][..], |report| &report.findings);
    let is_certified = report.is_some_and(|report| report.certified.is_some());
    let kind = |hash| bundle.get(hash).map(|object| object.kind());
    LINES
        .into_iter()
        .map(|line| {
            let own = findings
                .iter()
                .filter(|finding| line_of(finding, kind(finding.object)) == line.0);
            let own: Vec<&Finding> = own.collect();
            let worst = own.iter().map(|finding| finding.verdict);
            let worst = worst.min_by_key(|verdict| verdict.exit());
            let waits = ["counted", "tally", "effect"].contains(&line.0) && !is_certified;
            Went {
                line,
                verdict: worst.or_else(|| (!waits).then_some(Verdict::Valid)),
                because: own
                    .iter()
                    .map(|finding| (finding.code, Some(finding.object)))
                    .collect(),
            }
        })
        .collect()
}

/// A file that is no bundle fails at its first or second line, and nothing more is looked at.
fn not_a_bundle(error: &BundleError) -> Vec<Went> {
    let is_json = !matches!(error, BundleError::Form(Fault::Json(_)));
    let failed = usize::from(is_json);
    let went = |(number, line): (usize, (&'static str, &'static str))| Went {
        line,
        verdict: match number.cmp(&failed) {
            std::cmp::Ordering::Less => Some(Verdict::Valid),
            std::cmp::Ordering::Equal => Some(Verdict::Invalid),
            std::cmp::Ordering::Greater => None,
        },
        because: if number == failed {
            vec![(error.code(), None)]
        } else {
            vec![]
        },
    };
    LINES.into_iter().enumerate().map(went).collect()
}

/// On which line a finding stands.
fn line_of(finding: &Finding, kind: Option<Kind>) -> &'static str {
    match (finding.check, finding.code) {
        (Check::Objects, _) => line_of_kind(kind),
        (Check::Genesis, _) => "genesis",
        (Check::Decisions, _) => "decisions",
        (Check::Electorate, _) => "electorate",
        (Check::Poll, _) => "poll",
        (Check::Ballots, _) => "ballots",
        (Check::Signatures, _) => "signatures",
        (Check::Recount, "named_absent") => "seals",
        (Check::Recount, "value_absent") => "value",
        (Check::Recount, _) => "tally",
    }
}

const fn line_of_kind(kind: Option<Kind>) -> &'static str {
    match kind {
        Some(Kind::Genesis) => "genesis",
        Some(Kind::KeyRotation | Kind::Pause) => "decisions",
        Some(Kind::Poll) => "poll",
        Some(Kind::Ballot) => "ballots",
        Some(Kind::Seal | Kind::SealList) => "seals",
        Some(Kind::Value) => "value",
        Some(Kind::Sign) => "signatures",
        _ => "objects",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_and_kind_stands_on_a_line_that_is_printed() {
        let object = ObjectHash::from_bytes([1; 32]);
        let printed = |line: &str| LINES.iter().any(|(name, _)| *name == line);
        for check in Check::ALL {
            let finding = Finding {
                check: *check,
                verdict: Verdict::Invalid,
                code: "value_invalid",
                object,
            };
            assert!(printed(line_of(&finding, None)), "{check:?}");
        }
        for kind in Kind::ALL {
            assert!(printed(line_of_kind(Some(*kind))), "{kind:?}");
        }
    }

    #[test]
    fn every_line_and_verdict_has_words() {
        let verdicts = [
            Verdict::Valid,
            Verdict::Invalid,
            Verdict::Incomplete,
            Verdict::Conflicting,
        ];
        for locale in Locale::ALL {
            for key in LINES.map(|(_, key)| key) {
                assert!(locale.has(key), "{key}");
            }
            for verdict in verdicts {
                assert!(locale.has(words_of(verdict).1), "{verdict:?}");
            }
        }
    }
}
