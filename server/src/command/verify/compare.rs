//! `interkpa verify --compare A B`: the same poll, the same result, and if not, who signed both.
//! Source: votes.md 4.12, S11.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use interkpa_federation::governance::accuse::{Proven, accusations};
use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::ledger::Verified;
use interkpa_federation::governance::verify::{Report, Verdict, verify};
use interkpa_web::locale::Locale;

use super::{Opened, ended, open};
use crate::command::{Ended, out};

/// What two bundles say together.
enum Compared {
    /// One result.
    Same(ObjectHash),
    /// Two results of one poll.
    Two([ObjectHash; 2]),
    /// One of them proves nothing by itself.
    Unproved(Verdict),
}

pub(super) fn run(
    paths: [&PathBuf; 2],
    genesis: Option<ObjectHash>,
    explain: Option<Locale>,
) -> anyhow::Result<Ended> {
    let [one, other] = paths.map(|path| open(path));
    let opened = [one?, other?];
    let reports = opened.each_ref().map(|opened: &Opened| {
        let bundle = opened.as_ref().ok();
        bundle.map(|bundle| verify(bundle, genesis))
    });
    for (path, report) in paths.iter().zip(&reports) {
        tell_one(path, report.as_ref());
    }
    let [Ok(one), Ok(other)] = &opened else {
        return Ok(Ended::Invalid);
    };
    anyhow::ensure!(
        one.poll == other.poll,
        "two polls: sha256:{} and sha256:{}",
        one.poll,
        other.poll
    );
    let say =
        |word: &str, key: &str| explain.map_or_else(|| word.to_owned(), |locale| locale.t(key));
    Ok(match together(&reports) {
        Compared::Same(value) => {
            out::line(format!("{} sha256:{value}", say("same", "verify-same")));
            Ended::Well
        }
        Compared::Two(values) => {
            out::line(say("two values", "verify-two-values"));
            for value in values {
                out::line(format!("  sha256:{value}"));
            }
            accuse([one, other], explain);
            Ended::Conflicting
        }
        Compared::Unproved(verdict) => {
            out::line(say("not comparable", "verify-not-comparable"));
            ended(verdict)
        }
    })
}

fn tell_one(path: &Path, report: Option<&Report>) {
    let exit = super::verdict(report).exit();
    let value = report.and_then(|report| report.certified.as_ref());
    let value = value.map_or_else(String::new, |(value, _)| format!(" sha256:{value}"));
    out::line(format!("{}: {exit}{value}", path.display()));
}

/// One that conflicts in itself conflicts with anything.
fn together(reports: &[Option<Report>; 2]) -> Compared {
    let values = reports.each_ref().map(|report| {
        let certified = report.as_ref()?.certified.as_ref();
        certified.map(|(value, _)| *value)
    });
    let worst = reports.iter().map(|report| super::verdict(report.as_ref()));
    let worst = worst
        .filter(|verdict| !matches!(verdict, Verdict::Valid | Verdict::Conflicting))
        .min_by_key(|verdict| verdict.exit());
    let conflicts =
        |report: &Option<Report>| super::verdict(report.as_ref()) == Verdict::Conflicting;
    match (worst, values) {
        (Some(verdict), _) => Compared::Unproved(verdict),
        (None, [Some(one), Some(other)]) if one == other && !reports.iter().any(conflicts) => {
            Compared::Same(one)
        }
        (None, [Some(one), Some(other)]) => Compared::Two([one, other]),
        (None, _) => Compared::Unproved(Verdict::Incomplete),
    }
}

/// The hubs proved at fault by what both bundles hold, a line each.
fn accuse(bundles: [&Bundle; 2], explain: Option<Locale>) {
    let Some(poll) = bundles[0].get(bundles[0].poll) else {
        return;
    };
    let objects = bundles.iter().flat_map(|bundle| bundle.objects());
    let verified: Vec<Verified> = objects
        .filter_map(|object| Verified::in_poll(poll, Arc::clone(object)).ok())
        .collect();
    for accusation in accusations(&verified) {
        let (word, key) = match accusation.fault {
            Proven::Twice(_) => ("signed_two", "verify-signed-two"),
            Proven::Forgot => ("left_lock", "verify-left-lock"),
            Proven::BrokeReceipt => ("broke_receipt", "verify-broke-receipt"),
        };
        let said = explain.map_or_else(|| word.to_owned(), |locale| locale.t(key));
        let [one, other] = accusation.objects;
        out::line(format!("{} {said} {one} {other}", accusation.hub));
    }
}
