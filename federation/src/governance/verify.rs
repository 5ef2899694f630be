//! The offline verifier: from a bundle to a verdict, trusting the genesis fingerprint alone.
//!
//! It recounts with the same functions as the servers, [`super::counted`] and [`super::tally`], but
//! takes nothing from them: every proof is verified, every register decision replayed. What is wrong
//! is *invalid*; what is not there is *incomplete*. Source: votes.md 4.10, 4.15.

mod judge;

use serde_json::Value;

use super::bundle::Bundle;
use super::hash::ObjectHash;
use super::members::Members;
use super::result::PollResult;
use judge::Judge;

/// The verdict, by the exit code of `interkpa verify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Certified, and the recount gives the same.
    Valid,
    /// Something that is judged is wrong.
    Invalid,
    /// Something needed is not in the bundle.
    Incomplete,
    /// Two results of one poll are certified.
    Conflicting,
}

impl Verdict {
    /// The exit code.
    pub const fn exit(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Invalid => 2,
            Self::Incomplete => 3,
            Self::Conflicting => 4,
        }
    }
}

words! {
    /// The checks, in the order in which they are told. Source: votes.md 4.15.
    pub enum Check {
        /// Each object alone: form, proof, part in its poll.
        Objects = "objects",
        /// The fingerprint on paper.
        Genesis = "genesis",
        /// Every decision behind the electorate is certified itself.
        Decisions = "decisions",
        /// The members, certifiers and delays are those of the register.
        Electorate = "electorate",
        /// The poll is there and its author signed it.
        Poll = "poll",
        /// The chain of each ballot.
        Ballots = "ballots",
        /// Enough signatures of one round on one value.
        Signatures = "signatures",
        /// Seals, lists and ballots of the value, and its result, recounted.
        Recount = "recount",
    }
}

/// Something that a check found; the words for readers are elsewhere, by these codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check.
    pub check: Check,
    /// What it makes of the bundle.
    pub verdict: Verdict,
    /// The stable code of what is wrong or absent.
    pub code: &'static str,
    /// About which object.
    pub object: ObjectHash,
}

/// The verdict on a bundle, and all that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The poll of the bundle.
    pub poll: ObjectHash,
    /// The genesis that it stands on, if it is there.
    pub genesis: Option<ObjectHash>,
    /// The certified value and its result, when the verdict is valid.
    pub certified: Option<(ObjectHash, PollResult)>,
    /// What was found against it; nothing when it is valid.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Invalid before conflicting before incomplete before valid.
    pub fn verdict(&self) -> Verdict {
        let has = |verdict| {
            self.findings
                .iter()
                .any(|finding| finding.verdict == verdict)
        };
        [Verdict::Invalid, Verdict::Conflicting, Verdict::Incomplete]
            .into_iter()
            .find(|verdict| has(*verdict))
            .unwrap_or(Verdict::Valid)
    }

    /// What a check found, in order.
    pub fn of(&self, check: Check) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(move |finding| finding.check == check)
    }

    /// The one line of `--json`.
    pub fn to_json(&self) -> Value {
        let members = Members::new()
            .with("exit", self.verdict().exit())
            .with("poll", self.poll);
        match (&self.certified, self.verdict()) {
            (Some((value, result)), Verdict::Valid) => members
                .with("valueHash", *value)
                .with("result", result.to_json())
                .into(),
            _ => members.into(),
        }
    }
}

/// Judges a bundle; against the genesis fingerprint of the paper minutes, if it is given.
pub fn verify(bundle: &Bundle, genesis: Option<ObjectHash>) -> Report {
    let mut judge = Judge::of(bundle);
    judge.objects();
    let certified = judge.poll(bundle.poll);
    let stands_on = judge.genesis_of(bundle.poll);
    if let (Some(expected), Some(found)) = (genesis, stands_on)
        && expected != found
    {
        judge.find(Check::Genesis, Verdict::Invalid, "genesis_other", found);
    }
    Report {
        poll: bundle.poll,
        genesis: stands_on,
        certified,
        findings: judge.into_findings(),
    }
}
