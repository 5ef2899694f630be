//! Each check of a bundle, on the poll asked for and on every decision that it stands on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Check, Finding, Verdict};
use crate::governance::body::Body;
use crate::governance::bundle::Bundle;
use crate::governance::electorate::{Certified, Decision, replay};
use crate::governance::error::ObjectError;
use crate::governance::hash::ObjectHash;
use crate::governance::hub_id::HubId;
use crate::governance::ledger::{Ledger, State, Verified};
use crate::governance::object::Object;
use crate::governance::poll::Poll;
use crate::governance::result::PollResult;
use crate::governance::rules::Rules;

/// The value that is certified for a poll, and the rules that held for it.
#[derive(Debug, Clone)]
struct Judged {
    value: ObjectHash,
    result: PollResult,
    rules: Rules,
}

/// A bundle being judged.
pub(super) struct Judge<'b> {
    bundle: &'b Bundle,
    /// Polls judged already, or being judged.
    judged: BTreeMap<ObjectHash, Option<Judged>>,
    findings: Vec<Finding>,
}

impl<'b> Judge<'b> {
    pub(super) const fn of(bundle: &'b Bundle) -> Self {
        Self {
            bundle,
            judged: BTreeMap::new(),
            findings: vec![],
        }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.findings;
        let place = |check: Check| Check::ALL.iter().position(|other| *other == check);
        findings.sort_by_key(|finding| place(finding.check));
        findings.dedup();
        findings
    }

    pub(super) fn find(
        &mut self,
        check: Check,
        verdict: Verdict,
        code: &'static str,
        object: ObjectHash,
    ) {
        self.findings.push(Finding {
            check,
            verdict,
            code,
            object,
        });
    }

    /// Every object alone, needed or not: a changed letter is wrong, not absent.
    pub(super) fn objects(&mut self) {
        for object in self.bundle.objects() {
            if let Err(error) = self.object(object) {
                self.find(
                    Check::Objects,
                    Verdict::Invalid,
                    error.code(),
                    object.hash(),
                );
            }
            if !self.follows(object) {
                self.find(
                    Check::Ballots,
                    Verdict::Invalid,
                    "chain_broken",
                    object.hash(),
                );
            }
        }
    }

    /// Proof and part, as far as the keys are in the bundle.
    fn object(&self, object: &Object) -> Result<(), ObjectError> {
        match object.body() {
            Body::Genesis(_) => object.verify_genesis().map(|_genesis| ()),
            Body::Poll(_) => object.verify_in(object),
            body => match body.poll().and_then(|poll| self.bundle.get(poll)) {
                Some(poll) => object.verify_in(poll),
                None => Ok(()),
            },
        }
    }

    /// Whether the ballot before, if it is there, is the one before.
    fn follows(&self, object: &Object) -> bool {
        let Body::Ballot(ballot) = object.body() else {
            return true;
        };
        let before = ballot.place.prev().and_then(|prev| self.bundle.get(prev));
        before.is_none_or(|before| match before.body() {
            Body::Ballot(before) => {
                before.hub == ballot.hub
                    && before.poll == ballot.poll
                    && before.place.seq() + 1 == ballot.place.seq()
            }
            _ => false,
        })
    }

    pub(super) fn genesis_of(&self, poll: ObjectHash) -> Option<ObjectHash> {
        self.asked(poll).map(|poll| poll.electorate.genesis)
    }

    fn asked(&self, hash: ObjectHash) -> Option<&'b Poll> {
        match self.bundle.get(hash)?.body() {
            Body::Poll(poll) => Some(poll),
            _ => None,
        }
    }

    /// The certified value of a poll and its result, recounted; what is against it is noted.
    pub(super) fn poll(&mut self, hash: ObjectHash) -> Option<(ObjectHash, PollResult)> {
        let judged = self.judged(hash)?;
        Some((judged.value, judged.result))
    }

    fn judged(&mut self, hash: ObjectHash) -> Option<Judged> {
        if let Some(known) = self.judged.get(&hash) {
            return known.clone();
        }
        // A poll cannot stand on its own result, for it is named by a hash of what it stands on; the
        // mark only bounds the work.
        self.judged.insert(hash, None);
        let judged = self.judge(hash);
        self.judged.insert(hash, judged.clone());
        judged
    }

    fn judge(&mut self, hash: ObjectHash) -> Option<Judged> {
        let Some(object) = self.bundle.get(hash) else {
            self.find(Check::Poll, Verdict::Incomplete, "poll_absent", hash);
            return None;
        };
        let Body::Poll(poll) = object.body() else {
            self.find(Check::Poll, Verdict::Invalid, "poll_invalid", hash);
            return None;
        };
        let rules = self.register(hash, poll);
        let (value, result) = self.certificate(object)?;
        Some(Judged {
            value,
            result,
            rules: rules?,
        })
    }

    /// Replays the register of a poll; the rules in force, when everything is there and right.
    fn register(&mut self, hash: ObjectHash, poll: &Poll) -> Option<Rules> {
        let genesis = match self.bundle.get(poll.electorate.genesis).map(|g| g.body()) {
            Some(Body::Genesis(genesis)) => Some(genesis),
            Some(_) => {
                self.find(Check::Genesis, Verdict::Invalid, "genesis_invalid", hash);
                None
            }
            None => {
                let absent = poll.electorate.genesis;
                self.find(
                    Check::Genesis,
                    Verdict::Incomplete,
                    "genesis_absent",
                    absent,
                );
                None
            }
        };
        let behind: Vec<Option<Behind<'b>>> = poll
            .electorate
            .decisions
            .iter()
            .map(|decision| self.behind(*decision))
            .collect();
        let behind: Vec<Behind<'b>> = behind.into_iter().collect::<Option<_>>()?;
        let decisions: Vec<Decision<'_>> = behind.iter().map(Behind::decision).collect();
        let register = replay(poll, genesis?, &decisions);
        let checked = register.and_then(|register| register.check(poll).map(|()| register));
        match checked {
            Ok(register) => Some(register.rules().clone()),
            Err(error) => {
                self.find(Check::Electorate, Verdict::Invalid, error.code(), hash);
                None
            }
        }
    }

    /// One listed decision, with all that it stands on itself.
    fn behind(&mut self, hash: ObjectHash) -> Option<Behind<'b>> {
        let Some(object) = self.bundle.get(hash) else {
            self.find(
                Check::Decisions,
                Verdict::Incomplete,
                "decision_absent",
                hash,
            );
            return None;
        };
        match object.body() {
            Body::KeyRotation(_) | Body::Pause(_) => Some(Behind::Statement(object)),
            Body::Value(value) => {
                let judged = self.judged(value.poll)?;
                if judged.value != hash {
                    self.find(
                        Check::Decisions,
                        Verdict::Incomplete,
                        "decision_uncertified",
                        hash,
                    );
                    return None;
                }
                Some(Behind::Certified {
                    poll_hash: value.poll,
                    poll: self.asked(value.poll)?,
                    judged,
                })
            }
            _ => {
                self.find(Check::Decisions, Verdict::Invalid, "decision_invalid", hash);
                None
            }
        }
    }

    /// The value with enough signatures of one round, recounted.
    fn certificate(&mut self, poll: &Arc<Object>) -> Option<(ObjectHash, PollResult)> {
        let hash = poll.hash();
        let Ok(mut ledger) = Ledger::of(Arc::clone(poll)) else {
            self.find(Check::Poll, Verdict::Invalid, "proof_invalid", hash);
            return None;
        };
        for object in self.bundle.objects() {
            if !matches!(object.body(), Body::Poll(_) | Body::Genesis(_))
                && let Ok(verified) = Verified::in_poll(poll, Arc::clone(object))
            {
                ledger.insert(verified);
            }
        }
        let signed = signed(&ledger);
        for value in &signed {
            let (verdict, code) = match ledger.state(*value) {
                State::Good => continue,
                State::Bad => (Verdict::Invalid, "value_invalid"),
                State::Absent => (Verdict::Incomplete, "value_absent"),
                State::Waiting => (Verdict::Incomplete, "named_absent"),
            };
            self.find(Check::Recount, verdict, code, *value);
        }
        if signed.len() > 1 {
            self.find(Check::Signatures, Verdict::Conflicting, "two_values", hash);
        }
        let Some(value) = signed.first() else {
            self.find(
                Check::Signatures,
                Verdict::Incomplete,
                "signatures_absent",
                hash,
            );
            return None;
        };
        let is_good = ledger.state(*value) == State::Good;
        let result = ledger.value(*value).filter(|_| is_good)?.result.clone();
        Some((*value, result))
    }
}

/// The values with enough signatures of one round.
fn signed(ledger: &Ledger) -> BTreeSet<ObjectHash> {
    let mut signatures: BTreeMap<(u64, ObjectHash), BTreeSet<HubId>> = BTreeMap::new();
    for object in ledger.objects() {
        if let Body::Sign(sign) = object.body()
            && let Some(value) = sign.value
        {
            let hubs = signatures.entry((sign.round, value)).or_default();
            hubs.insert(sign.hub);
        }
    }
    let enough = ledger.poll().numbers().to_sign();
    let certified = signatures
        .into_iter()
        .filter(|(_, hubs)| hubs.len() >= enough);
    certified.map(|((_, value), _)| value).collect()
}

/// A decision with what it stands on.
#[expect(
    clippy::large_enum_variant,
    reason = "one for each step of a short list"
)]
enum Behind<'b> {
    Statement(&'b Object),
    Certified {
        poll_hash: ObjectHash,
        poll: &'b Poll,
        judged: Judged,
    },
}

impl Behind<'_> {
    fn decision(&self) -> Decision<'_> {
        match self {
            Self::Statement(object) => Decision::Statement(object),
            Self::Certified {
                poll_hash,
                poll,
                judged,
            } => Decision::Certified(Certified {
                poll_hash: *poll_hash,
                poll,
                outcome: judged.result.outcome,
                rules: &judged.rules,
            }),
        }
    }
}
