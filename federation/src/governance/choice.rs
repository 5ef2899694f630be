//! What a ballot answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::question::{OptionId, Question, SCORE_MAX, option_ids};

words! {
    /// The answers that are one word. Source: votes.md 4.5.
    pub enum Word {
        /// For.
        Approve = "approve",
        /// Against.
        Oppose = "oppose",
        /// Consent.
        Consent = "consent",
        /// A reasoned objection.
        Object = "object",
        /// Takes part without an answer; open to every kind of question.
        Abstain = "abstain",
    }
}

/// An answer whose form is good; whether it answers a given question is [`Choice::answers`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// One word.
    Word(Word),
    /// Some options, a set.
    Options(Vec<OptionId>),
    /// An order: groups of equals, best first; no option stands twice.
    Ranking(Vec<Vec<OptionId>>),
    /// A score for each option.
    Scores(BTreeMap<OptionId, i64>),
}

impl Choice {
    /// Whether it answers that question. Source: votes.md 4.5.
    pub fn answers(&self, question: &Question) -> bool {
        match (question, self) {
            (Question::Approval, Self::Word(word)) => {
                matches!(word, Word::Approve | Word::Oppose | Word::Abstain)
            }
            (Question::Consent, Self::Word(word)) => {
                matches!(word, Word::Consent | Word::Object | Word::Abstain)
            }
            (_, Self::Word(word)) => *word == Word::Abstain,
            (Question::Single(_), Self::Options(ids)) => ids.len() == 1 && all(question, ids),
            (Question::Multiple { choices_max, .. }, Self::Options(ids)) => {
                u64::try_from(ids.len()).is_ok_and(|chosen| chosen <= *choices_max)
                    && all(question, ids)
            }
            (Question::Ranked(_), Self::Ranking(groups)) => {
                groups.iter().all(|group| all(question, group))
            }
            (Question::Score { options, scale }, Self::Scores(scores)) => {
                scores.len() == options.len()
                    && scores.iter().all(|(id, score)| {
                        question.has(*id) && (scale.min..=scale.max).contains(score)
                    })
            }
            _ => false,
        }
    }

    /// Reads a choice by its form alone, as it stands in a ballot; none for any other JSON.
    pub fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(word) => Word::parse(word).map(Self::Word),
            Value::Array(items) if items.first().is_some_and(Value::is_array) => {
                let groups: Vec<Vec<OptionId>> =
                    items.iter().map(option_ids).collect::<Option<_>>()?;
                let distinct: BTreeSet<&OptionId> = groups.iter().flatten().collect();
                let named: usize = groups.iter().map(Vec::len).sum();
                (distinct.len() == named).then_some(Self::Ranking(groups))
            }
            Value::Array(_) => option_ids(value).map(Self::Options),
            Value::Object(members) => {
                let score = |(id, score): (&String, &Value)| {
                    let score = score
                        .as_i64()
                        .filter(|score| (-SCORE_MAX..=SCORE_MAX).contains(score))?;
                    Some((OptionId::parse(id)?, score))
                };
                let scores: BTreeMap<_, _> = members.iter().map(score).collect::<Option<_>>()?;
                (!scores.is_empty()).then_some(Self::Scores(scores))
            }
            _ => None,
        }
    }

    /// As it stands in a ballot; ids of options are data and have no prefix.
    pub fn write(&self) -> Value {
        match self {
            Self::Word(word) => Value::from(word.as_str()),
            Self::Options(ids) => ids.iter().copied().map(Value::from).collect(),
            Self::Ranking(groups) => groups
                .iter()
                .map(|group| group.iter().copied().map(Value::from).collect::<Value>())
                .collect(),
            Self::Scores(scores) => scores
                .iter()
                .map(|(id, score)| (id.to_string(), Value::from(*score)))
                .collect(),
        }
    }
}

fn all(question: &Question, ids: &[OptionId]) -> bool {
    ids.iter().all(|id| question.has(*id))
}
