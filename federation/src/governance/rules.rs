//! The rules of the network: what no author of a poll chooses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::effect::{Effect, EffectKind};
use super::error::Fault;
use super::fields::{self, Fields};
use super::hub_id::HubId;
use super::members::Members;
use super::poll::Convocation;
use super::poll::voters::{Certifiers, Member};
use super::question::QuestionKind;
use super::rule::Rule;
use crate::Span;

/// The rules that the founders signed, or the latest that the network voted. Source: votes.md 6.5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// How long before the close a poll must be in every hub's hands.
    pub min_notice: Span,
    /// How long after the close all seals are waited for.
    pub grace: Span,
    /// The unit of the time-outs of closing, in milliseconds.
    pub round_ms: u64,
    /// How long after its close a decision binds.
    pub effect_delay: Span,
    /// How long an admitted hub observes before it has a voice.
    pub observation: Span,
    /// Which question and rule decide on which effect.
    pub decide: Vec<Decide>,
    /// Who certifies when more than [`CERTIFY_ALL_MAX`] have a voice.
    pub committee: Option<Vec<HubId>>,
}

/// One way to decide on one effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decide {
    /// The effect.
    pub effect: EffectKind,
    /// The kind of question.
    pub kind: QuestionKind,
    /// The rule.
    pub rule: Rule,
    /// The convocation it holds for; none says that the poll has none.
    pub convocation: Option<Convocation>,
}

/// Up to so many electors, everybody certifies. Source: votes.md 4.14.
pub const CERTIFY_ALL_MAX: usize = 50;
/// A committee has `3k + 1` hubs, in these bounds. Source: votes.md 4.14.
const COMMITTEE: std::ops::RangeInclusive<usize> = 13..=31;

impl Rules {
    /// Who certifies a poll of these members: the committee once it is needed, else all.
    pub fn certifiers(&self, members: &[Member]) -> Certifiers {
        let Some(committee) = &self.committee else {
            return Certifiers::All;
        };
        if members.len() <= CERTIFY_ALL_MAX {
            return Certifiers::All;
        }
        let present: BTreeSet<HubId> = members.iter().map(|member| member.hub).collect();
        let chosen = committee.iter().filter(|hub| present.contains(hub));
        Certifiers::Committee(chosen.copied().collect())
    }

    /// Whether an author may ask this for that effect. Source: votes.md 6.5.
    pub fn allow(
        &self,
        effect: Option<&Effect>,
        kind: QuestionKind,
        rule: &Rule,
        convocation: Option<Convocation>,
    ) -> bool {
        let effect = effect.map_or(EffectKind::Nothing, Effect::kind);
        effect == EffectKind::Nothing
            || self.decide.iter().any(|entry| {
                entry.effect == effect
                    && entry.kind == kind
                    && entry.rule == *rule
                    && entry.convocation == convocation
            })
    }

    /// Reads the rules of a genesis, or of a poll that changes them.
    ///
    /// # Errors
    /// [`Fault`] names the first rule broken.
    pub fn read(value: &Value) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:rules", |of| {
            let rules = Self {
                min_notice: of.seconds("ikpa:minNoticeSec")?,
                grace: of.seconds("ikpa:graceSec")?,
                round_ms: of.count("ikpa:roundMs")?,
                effect_delay: of.seconds("ikpa:effectDelaySec")?,
                observation: of.seconds("ikpa:observerSec")?,
                decide: of.list("ikpa:decide", Decide::read)?,
                committee: of.optional_as("ikpa:committee", |ids| fields::set(ids, fields::hub))?,
            };
            let committee = rules.committee.as_ref().map(Vec::len);
            if committee.is_some_and(|size| !COMMITTEE.contains(&size) || size % 3 != 1) {
                return Err(Fault::Wrong {
                    field: "ikpa:committee",
                });
            }
            if rules.round_ms == 0 {
                return Err(Fault::Wrong {
                    field: "ikpa:roundMs",
                });
            }
            Ok(rules)
        })
    }

    /// As they stand in a genesis, as JSON.
    pub fn to_json(&self) -> Value {
        self.write().into()
    }

    /// As they stand in a genesis.
    pub(crate) fn write(&self) -> Members {
        let members = Members::new()
            .with("ikpa:minNoticeSec", seconds(self.min_notice))
            .with("ikpa:graceSec", seconds(self.grace))
            .with("ikpa:roundMs", self.round_ms)
            .with("ikpa:effectDelaySec", seconds(self.effect_delay))
            .with("ikpa:observerSec", seconds(self.observation))
            .with_list("ikpa:decide", self.decide.iter().map(Decide::write));
        match &self.committee {
            Some(committee) => members.with_list("ikpa:committee", committee.iter().copied()),
            None => members,
        }
    }
}

/// A span in whole seconds.
pub(crate) const fn seconds(span: Span) -> i64 {
    span.as_milliseconds() / 1_000
}

impl Decide {
    fn read(value: &Value) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:decide", |of| {
            let effect = of.required_as("ikpa:effect", |word| EffectKind::parse(word.as_str()?))?;
            let kind = of.required_as("ikpa:kind", |word| QuestionKind::parse(word.as_str()?))?;
            if effect == EffectKind::Nothing {
                return Err(Fault::Wrong {
                    field: "ikpa:effect",
                });
            }
            Ok(Self {
                effect,
                kind,
                rule: Rule::read(of.required("ikpa:rule")?, kind)?,
                convocation: of.optional_as("ikpa:convocation", Convocation::read)?,
            })
        })
    }

    fn write(&self) -> Members {
        Members::new()
            .with("ikpa:effect", self.effect.as_str())
            .with("ikpa:kind", self.kind.as_str())
            .with("ikpa:rule", self.rule.write())
            .with_some(
                "ikpa:convocation",
                self.convocation.map(Convocation::number),
            )
    }
}
