//! What an adopted poll changes, in a form that a machine applies.

pub mod contribution;
pub mod hubs;

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::Fault;
use super::fields::{self, Fields};
use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::members::Members;
use super::question::{OptionId, Question};
use super::rules::Rules;
use contribution::Contribution;
use hubs::{Admission, NewKeys};

words! {
    /// The kinds of effect. Source: votes.md 4.4.
    pub enum EffectKind {
        /// A new version of the charter.
        CharterAmend = "charter.amend",
        /// A new hub in the register.
        RegisterAdmit = "register.admit",
        /// Another standing of a hub.
        RegisterSuspend = "register.suspend",
        /// Another key of a hub, decided by the network.
        RegisterKey = "register.key",
        /// What each hub contributes.
        FundContribution = "fund.contribution",
        /// Other rules of the network.
        RuleChange = "rule.change",
        /// Nothing that a machine applies.
        Nothing = "none",
    }
}

/// The effect of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Nothing that a machine applies.
    Nothing,
    /// A change, on a known base.
    Change {
        /// What changes.
        payload: Box<Payload>,
        /// What it builds on: the version of the charter for an amendment, else the genesis.
        base: ObjectHash,
    },
}

/// What changes. Source: votes.md 6.5, 6.8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// The amendment, or one for each option but the one that is the present text.
    CharterAmend(Amendments),
    /// The new hub.
    Admit(Box<Admission>),
    /// The hub and its new standing.
    Suspend {
        /// Whose.
        hub: HubId,
        /// Which.
        standing: Standing,
    },
    /// The hub and its new keys.
    Keys(Box<NewKeys>),
    /// The formula.
    Contribution(Contribution),
    /// The rules, whole.
    Rules(Box<Rules>),
}

/// Which text is adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amendments {
    /// This one.
    One(ObjectHash),
    /// The one of the option that wins; the option left out is the present text.
    Competing(BTreeMap<OptionId, ObjectHash>),
}

words! {
    /// How a hub stands in the register, as far as a vote can set it. Source: votes.md 6.5.
    pub enum Standing {
        /// It has a voice.
        Member = "member",
        /// Put to sleep.
        Paused = "paused",
        /// Gone, or excluded.
        Left = "left",
    }
}

impl Effect {
    /// Its kind.
    pub const fn kind(&self) -> EffectKind {
        match self {
            Self::Nothing => EffectKind::Nothing,
            Self::Change { payload, .. } => payload.kind(),
        }
    }

    /// Reads the effect of a poll that asks `question`.
    ///
    /// # Errors
    /// [`Fault`] names the first rule broken.
    pub fn read(value: &Value, question: &Question) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:effect", |fields| {
            let kind = fields.required_as("ikpa:kind", |kind| EffectKind::parse(kind.as_str()?))?;
            if kind == EffectKind::Nothing {
                return Ok(Self::Nothing);
            }
            let payload = fields.required("ikpa:payload")?;
            Ok(Self::Change {
                payload: Box::new(Fields::whole(payload, "ikpa:payload", |of| {
                    Payload::read(of, kind, question)
                })?),
                base: fields.hash("ikpa:base")?,
            })
        })
    }

    /// As it stands in a poll.
    pub(crate) fn write(&self) -> Members {
        let members = Members::new().with("ikpa:kind", self.kind().as_str());
        match self {
            Self::Nothing => members,
            Self::Change { payload, base } => members
                .with("ikpa:payload", payload.write())
                .with("ikpa:base", *base),
        }
    }
}

impl Payload {
    const fn kind(&self) -> EffectKind {
        match self {
            Self::CharterAmend(_) => EffectKind::CharterAmend,
            Self::Admit(_) => EffectKind::RegisterAdmit,
            Self::Suspend { .. } => EffectKind::RegisterSuspend,
            Self::Keys(_) => EffectKind::RegisterKey,
            Self::Contribution(_) => EffectKind::FundContribution,
            Self::Rules(_) => EffectKind::RuleChange,
        }
    }

    fn read(of: &mut Fields<'_>, kind: EffectKind, question: &Question) -> Result<Self, Fault> {
        Ok(match kind {
            EffectKind::CharterAmend => Self::CharterAmend(Amendments::read(of, question)?),
            EffectKind::RegisterAdmit => Self::Admit(Box::new(Admission::read(of)?)),
            EffectKind::RegisterSuspend => Self::Suspend {
                hub: of.hub("ikpa:hubId")?,
                standing: of
                    .required_as("ikpa:standing", |word| Standing::parse(word.as_str()?))?,
            },
            EffectKind::RegisterKey => Self::Keys(Box::new(NewKeys::read(of)?)),
            EffectKind::FundContribution => Self::Contribution(Contribution::read(of)?),
            EffectKind::RuleChange => {
                Self::Rules(Box::new(Rules::read(of.required("ikpa:rules")?)?))
            }
            EffectKind::Nothing => return Err(Fault::Wrong { field: "ikpa:kind" }),
        })
    }

    fn write(&self) -> Members {
        match self {
            Self::CharterAmend(Amendments::One(hash)) => {
                Members::new().with("ikpa:amendment", *hash)
            }
            Self::CharterAmend(Amendments::Competing(texts)) => {
                let texts = texts
                    .iter()
                    .map(|(id, hash)| (id.to_string(), Value::from(*hash)));
                Members::new().with("ikpa:amendments", texts.collect::<Value>())
            }
            Self::Admit(admission) => admission.write(),
            Self::Suspend { hub, standing } => Members::new()
                .with("ikpa:hubId", *hub)
                .with("ikpa:standing", standing.as_str()),
            Self::Keys(keys) => keys.write(),
            Self::Contribution(contribution) => contribution.write(),
            Self::Rules(rules) => Members::new().with("ikpa:rules", rules.write()),
        }
    }
}

impl Amendments {
    /// Several texts compete in a ranking alone, and one of its options is the present text.
    fn read(of: &mut Fields<'_>, question: &Question) -> Result<Self, Fault> {
        const FIELD: &str = "ikpa:amendments";
        let Question::Ranked(options) = question else {
            return of.hash("ikpa:amendment").map(Self::One);
        };
        let texts = of.required_as(FIELD, |value| {
            let text = |(id, hash): (&String, &Value)| {
                let id = OptionId::parse(id).filter(|id| question.has(*id))?;
                Some((id, fields::hash(hash)?))
            };
            value
                .as_object()?
                .iter()
                .map(text)
                .collect::<Option<BTreeMap<_, _>>>()
        })?;
        if texts.len() + 1 != options.len() {
            return Err(Fault::Wrong { field: FIELD });
        }
        Ok(Self::Competing(texts))
    }
}
