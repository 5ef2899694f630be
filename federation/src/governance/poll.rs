//! A poll: the question, the rule, and who has a voice, all fixed when it is published.

pub mod text;
pub mod voters;

use serde_json::{Map, Value};

use super::effect::{Effect, EffectKind};
use super::error::Fault;
use super::fields::{self, Fields};
use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::members::{self, Members};
use super::numbers::Numbers;
use super::question::Question;
use super::rule::Rule;
use super::rules::seconds;
use crate::{Instant, Span};
use text::PollText;
use voters::{Certifiers, Electorate, Member};

/// A poll. Nothing of it can be edited: another text is another hash, hence another poll.
/// Source: votes.md 4.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// Who opened it; one of the members.
    pub author: HubId,
    /// Its title.
    pub title: String,
    /// The language of its texts.
    pub language: String,
    /// The text that is voted on.
    pub text: PollText,
    /// When screens open it. No count depends on it.
    pub opens_at: Instant,
    /// When each hub seals, by its own clock.
    pub closes_at: Instant,
    /// How long after the close all seals are waited for.
    pub grace: Span,
    /// How long before the close it must have been received.
    pub min_notice: Span,
    /// Who has a voice, and why.
    pub electorate: Electorate,
    /// Who certifies.
    pub certifiers: Certifiers,
    /// What is asked.
    pub question: Question,
    /// By which rule it is decided.
    pub rule: Rule,
    /// What follows from its adoption.
    pub effect: Option<Effect>,
    /// The poll that it replaces.
    pub previous: Option<ObjectHash>,
    /// Which convocation it is.
    pub convocation: Option<Convocation>,
    /// When screens show its ballots.
    pub shown: Shown,
}

/// First, second or third convocation; a later one may have a lower quorum in the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Convocation(u8);

/// When screens show the ballots; they are signed and gossiped in the open either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// As they come.
    AtOnce,
    /// After the close.
    AfterClose,
}

/// The one protocol there is.
pub const PROTOCOL: &str = "ukv-1";

impl Poll {
    /// The instant that fixes the register for this poll: no author can put it in the past without
    /// voiding the poll. Source: votes.md 4.4.
    pub fn notice_at(&self) -> Instant {
        self.closes_at - self.min_notice
    }

    /// The member with that id.
    pub fn member(&self, hub: HubId) -> Option<&Member> {
        let members = &self.electorate.members;
        let at = members
            .binary_search_by(|member| member.hub.cmp(&hub))
            .ok()?;
        members.get(at)
    }

    /// Whether that hub seals and signs in this poll.
    pub fn certifies(&self, hub: HubId) -> bool {
        match &self.certifiers {
            Certifiers::All => self.member(hub).is_some(),
            Certifiers::Committee(chosen) => chosen.binary_search(&hub).is_ok(),
        }
    }

    /// Who seals and signs, by hub id.
    pub fn certifiers(&self) -> Vec<HubId> {
        match &self.certifiers {
            Certifiers::All => self.electorate.members.iter().map(|m| m.hub).collect(),
            Certifiers::Committee(chosen) => chosen.clone(),
        }
    }

    /// The numbers of its certifiers.
    pub fn numbers(&self) -> Numbers {
        Numbers::of(match &self.certifiers {
            Certifiers::All => self.electorate.members.len(),
            Certifiers::Committee(chosen) => chosen.len(),
        })
    }

    /// Reads the members of a poll, and how they agree with each other.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        fields.required_as("ikpa:protocol", |word| {
            (word.as_str()? == PROTOCOL).then_some(())
        })?;
        let question = Question::read(fields.required("ikpa:question")?)?;
        let effect = fields.optional("ikpa:effect");
        let poll = Self {
            author: fields.hub("ikpa:hub")?,
            title: fields.text("ikpa:title")?,
            language: fields.text("ikpa:language")?,
            text: PollText::read(fields.required("ikpa:text")?)?,
            opens_at: fields.time("ikpa:opensAt")?,
            closes_at: fields.time("ikpa:closesAt")?,
            grace: fields.seconds("ikpa:graceSec")?,
            min_notice: fields.seconds("ikpa:minNoticeSec")?,
            electorate: Electorate::read(fields.required("ikpa:electorate")?)?,
            certifiers: fields.required_as("ikpa:certifiers", Certifiers::read)?,
            rule: Rule::read(fields.required("ikpa:rule")?, question.kind())?,
            effect: effect
                .map(|effect| Effect::read(effect, &question))
                .transpose()?,
            question,
            previous: fields.optional_as("ikpa:previousPoll", fields::hash)?,
            convocation: fields.optional_as("ikpa:convocation", Convocation::read)?,
            shown: fields.either(
                "ikpa:resultsHiddenUntilClose",
                [Shown::AfterClose, Shown::AtOnce],
            )?,
        };
        poll.check().map(|()| poll)
    }

    fn check(&self) -> Result<(), Fault> {
        let wrong = |field| Err(Fault::Wrong { field });
        if self.opens_at > self.notice_at() {
            return wrong("ikpa:opensAt");
        }
        if self.member(self.author).is_none() {
            return Err(Fault::NotElector);
        }
        if let Certifiers::Committee(chosen) = &self.certifiers
            && (chosen.is_empty() || chosen.iter().any(|hub| self.member(*hub).is_none()))
        {
            return wrong("ikpa:certifiers");
        }
        match &self.effect {
            Some(effect @ Effect::Change { base, .. })
                if effect.kind() != EffectKind::CharterAmend
                    && *base != self.electorate.genesis =>
            {
                wrong("ikpa:base")
            }
            _ => Ok(()),
        }
    }

    /// Its members.
    pub(crate) fn write(&self) -> Result<Map<String, Value>, Fault> {
        let certifiers = match &self.certifiers {
            Certifiers::All => Value::from("all"),
            Certifiers::Committee(chosen) => chosen.iter().copied().map(Value::from).collect(),
        };
        Ok(Members::new()
            .with("ikpa:protocol", PROTOCOL)
            .with("ikpa:hub", self.author)
            .with("ikpa:title", self.title.as_str())
            .with("ikpa:language", self.language.as_str())
            .with("ikpa:text", self.text.write())
            .with("ikpa:opensAt", members::time(self.opens_at))
            .with("ikpa:closesAt", members::time(self.closes_at))
            .with("ikpa:graceSec", seconds(self.grace))
            .with("ikpa:minNoticeSec", seconds(self.min_notice))
            .with("ikpa:electorate", self.electorate.write()?)
            .with("ikpa:certifiers", certifiers)
            .with("ikpa:question", self.question.write())
            .with("ikpa:rule", self.rule.write())
            .with_some("ikpa:effect", self.effect.as_ref().map(Effect::write))
            .with_some("ikpa:previousPoll", self.previous)
            .with_some(
                "ikpa:convocation",
                self.convocation.map(Convocation::number),
            )
            .with(
                "ikpa:resultsHiddenUntilClose",
                self.shown == Shown::AfterClose,
            )
            .into_map())
    }
}

impl Convocation {
    /// The first, second or third.
    pub fn new(number: u8) -> Option<Self> {
        (1..=3).contains(&number).then_some(Self(number))
    }

    /// Which one it is, from 1.
    pub const fn number(self) -> u8 {
        self.0
    }

    pub(crate) fn read(value: &Value) -> Option<Self> {
        Self::new(u8::try_from(value.as_u64()?).ok()?)
    }
}
