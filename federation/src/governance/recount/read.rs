//! Reading a list of ballots. Options have free names outside and ids inside.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{BALLOTS_MAX, Recount, RecountError};
use crate::governance::choice::{Choice, Word};
use crate::governance::error::Fault;
use crate::governance::fields::{self, Fields};
use crate::governance::question::{OptionId, PollOption, Question, QuestionKind, SCORE_MAX, Scale};
use crate::governance::rule::{
    Abstentions, Base, Bound, Decision, Fraction, Quorum, Rule, SCHULZE, Threshold, UNRANKED,
};

/// The list without its ballots, and the ballots as they stand.
pub(super) fn list(value: &Value) -> Result<(Recount, &[Value]), Fault> {
    let mut fields = Fields::of(value, "ballots")?;
    let of = &mut fields;
    let method = of.required_as("method", method)?;
    let names = names(of, method)?;
    let options = names.iter().filter_map(|name| option(&names, name));
    let options: Vec<PollOption> = options.collect();
    let question = match method {
        QuestionKind::Approval => Question::Approval,
        QuestionKind::Consent => Question::Consent,
        QuestionKind::Single => Question::Single(options),
        QuestionKind::Multiple => Question::Multiple {
            choices_max: choices_max(of, options.len())?,
            options,
        },
        QuestionKind::Ranked => Question::Ranked(options),
        QuestionKind::Score => Question::Score {
            scale: scale(of)?,
            options,
        },
    };
    let recount = Recount {
        rule: rule(of, method)?,
        electorate: of.optional_as("electorate", Value::as_u64)?,
        question,
        ballots: vec![],
    };
    let ballots = of.required_as("ballots", Value::as_array)?;
    if recount.electorate.is_some_and(|n| n > BALLOTS_MAX) {
        return Err(Fault::Wrong {
            field: "electorate",
        });
    }
    fields.finish()?;
    Ok((recount, ballots))
}

impl Recount {
    /// The list with its ballots, each of which answers the question.
    pub(super) fn with_ballots(mut self, ballots: &[Value]) -> Result<Self, RecountError> {
        let options = self.question.options().iter();
        let ids: Ids<'_> = options.map(|o| (o.label.as_str(), o.id)).collect();
        let kind = self.question.kind();
        let mut total = 0_u64;
        let mut read = Vec::with_capacity(ballots.len());
        for (index, ballot) in ballots.iter().enumerate() {
            let unfit = RecountError::Ballot { number: index + 1 };
            let (count, choice) = one_ballot(ballot, kind, &ids).ok_or(unfit.clone())?;
            if !choice.answers(&self.question) {
                return Err(unfit);
            }
            total = total.saturating_add(count);
            read.push((count, choice));
        }
        if total > BALLOTS_MAX {
            return Err(RecountError::TooMany);
        }
        self.ballots = read;
        Ok(self)
    }
}

fn method(value: &Value) -> Option<QuestionKind> {
    match value.as_str()? {
        SCHULZE | "schulze" => Some(QuestionKind::Ranked),
        word => QuestionKind::parse(word),
    }
}

/// The names of the options: two or more, each once, and none for approval and consent.
fn names(of: &mut Fields<'_>, method: QuestionKind) -> Result<Vec<String>, Fault> {
    const FIELD: &str = "options";
    if matches!(method, QuestionKind::Approval | QuestionKind::Consent) {
        of.optional(FIELD);
        return Ok(vec![]);
    }
    let names: Vec<String> = of.list(FIELD, |name| {
        fields::text(name).ok_or(Fault::Wrong { field: FIELD })
    })?;
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    let all_have_ids = names.iter().all(|name| option(&names, name).is_some());
    if names.len() < 2 || sorted.len() != names.len() || !all_have_ids {
        return Err(Fault::Wrong { field: FIELD });
    }
    Ok(names)
}

/// The option of a name: its id is its place, from `o1`.
fn option(names: &[String], name: &String) -> Option<PollOption> {
    let place = names.iter().position(|other| other == name)? + 1;
    Some(PollOption {
        id: OptionId::parse(&format!("o{place}"))?,
        label: name.clone(),
    })
}

/// All options unless the list says fewer.
fn choices_max(of: &mut Fields<'_>, options: usize) -> Result<u64, Fault> {
    let all = u64::try_from(options).unwrap_or(u64::MAX);
    let most = of.optional_as("maxChoices", |most| {
        most.as_u64().filter(|most| (1..=all).contains(most))
    })?;
    Ok(most.unwrap_or(all))
}

/// The widest scale unless the list gives one.
fn scale(of: &mut Fields<'_>) -> Result<Scale, Fault> {
    const FIELD: &str = "scale";
    let widest = Scale {
        min: -SCORE_MAX,
        max: SCORE_MAX,
    };
    let Some(value) = of.optional(FIELD) else {
        return Ok(widest);
    };
    let scale = Fields::whole(value, FIELD, |of| {
        Ok(Scale {
            min: of.required_as("min", Value::as_i64)?,
            max: of.required_as("max", Value::as_i64)?,
        })
    })?;
    let fits = widest.min <= scale.min && scale.min < scale.max && scale.max <= widest.max;
    fits.then_some(scale).ok_or(Fault::Wrong { field: FIELD })
}

/// The rule; what it leaves out is simple majority, no objection, no quorum.
fn rule(of: &mut Fields<'_>, method: QuestionKind) -> Result<Rule, Fault> {
    let nothing = Value::Object(serde_json::Map::new());
    let value = of.optional("rule").unwrap_or(&nothing);
    Fields::whole(value, "rule", |of| {
        let quorum = match of.optional("quorum") {
            Some(quorum) => Fields::whole(quorum, "quorum", |of| {
                of.optional_as("base", |base| {
                    (base.as_str()? == Base::Electorate.as_str()).then_some(())
                })?;
                fraction(of, "quorum", Bound::Reached)
            })?,
            None => Fraction::new(0, 1, Bound::Reached).ok_or(Fault::Wrong { field: "quorum" })?,
        };
        let counted = of.optional_as("abstainCountsInQuorum", Value::as_bool)?;
        Ok(Rule {
            quorum: Quorum {
                fraction: quorum,
                abstentions: match counted {
                    Some(false) => Abstentions::LeftOut,
                    _ => Abstentions::Counted,
                },
            },
            decision: decision(of, method)?,
        })
    })
}

fn decision(of: &mut Fields<'_>, method: QuestionKind) -> Result<Decision, Fault> {
    Ok(match method {
        QuestionKind::Approval => Decision::Threshold(match of.optional("threshold") {
            Some(value) => Fields::whole(value, "threshold", |of| {
                let base = of.optional_as("base", |base| Base::parse(base.as_str()?))?;
                let fraction = fraction(of, "threshold", Bound::Strict)?;
                if fraction.is_zero() {
                    return Err(Fault::Wrong { field: "threshold" });
                }
                Ok(Threshold {
                    fraction,
                    base: base.unwrap_or(Base::Expressed),
                })
            })?,
            None => Threshold {
                fraction: Fraction::new(1, 2, Bound::Strict)
                    .ok_or(Fault::Wrong { field: "threshold" })?,
                base: Base::Expressed,
            },
        }),
        QuestionKind::Consent => {
            Decision::ObjectionsMax(of.optional_as("maxObjections", Value::as_u64)?.unwrap_or(0))
        }
        QuestionKind::Ranked => {
            let only =
                |word: &'static str| move |value: &Value| (value.as_str()? == word).then_some(());
            of.optional_as("method", only(SCHULZE))?;
            of.optional_as("unranked", only(UNRANKED))?;
            Decision::Schulze
        }
        QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Score => Decision::Most,
    })
}

/// `num`, `den` and `strict`, which has a default here alone.
fn fraction(of: &mut Fields<'_>, field: &'static str, otherwise: Bound) -> Result<Fraction, Fault> {
    let (numerator, denominator) = (of.count("num")?, of.count("den")?);
    let bound = match of.optional_as("strict", Value::as_bool)? {
        Some(true) => Bound::Strict,
        Some(false) => Bound::Reached,
        None => otherwise,
    };
    Fraction::new(numerator, denominator, bound).ok_or(Fault::Wrong { field })
}

type Ids<'a> = BTreeMap<&'a str, OptionId>;

/// How many, and their answer.
fn one_ballot(value: &Value, kind: QuestionKind, ids: &Ids<'_>) -> Option<(u64, Choice)> {
    let ballot = Fields::whole(value, "ballots", |of| {
        let count = of.optional_as("count", Value::as_u64)?.unwrap_or(1);
        let choice = of.required_as("choice", |choice| read_choice(choice, kind, ids))?;
        Ok((count, choice))
    });
    ballot.ok().filter(|(count, _)| *count <= BALLOTS_MAX)
}

/// A word, the name of an option, a list of names, a list of groups, or scores by name.
///
/// An option may be called like a word (« abstain »): the name of an option goes first.
fn read_choice(value: &Value, kind: QuestionKind, ids: &Ids<'_>) -> Option<Choice> {
    match value {
        Value::String(text) if !ids.contains_key(text.as_str()) => {
            Word::parse(text).map(Choice::Word)
        }
        Value::Array(items) if kind == QuestionKind::Ranked => ranking(items, ids),
        Value::String(_) | Value::Array(_) => group(value, ids).map(Choice::Options),
        Value::Object(members) => {
            let score = |(name, score): (&String, &Value)| {
                Some((*ids.get(name.as_str())?, score.as_i64()?))
            };
            let scores = members.iter().map(score).collect::<Option<_>>()?;
            Some(Choice::Scores(scores))
        }
        _ => None,
    }
}

/// Groups of equals, best first; a name alone is a group. No option stands twice.
fn ranking(items: &[Value], ids: &Ids<'_>) -> Option<Choice> {
    let groups = items.iter().map(|item| group(item, ids));
    let groups: Vec<Vec<OptionId>> = groups.collect::<Option<_>>()?;
    let mut named: Vec<OptionId> = groups.iter().flatten().copied().collect();
    named.sort();
    (!named.is_empty() && fields::is_set(&named)).then_some(Choice::Ranking(groups))
}

/// Equals: one name or a list of names, none twice.
fn group(value: &Value, ids: &Ids<'_>) -> Option<Vec<OptionId>> {
    let id = |name: &Value| ids.get(name.as_str()?).copied();
    let mut group: Vec<OptionId> = match value {
        Value::Array(names) => names.iter().map(id).collect::<Option<_>>()?,
        name => vec![id(name)?],
    };
    group.sort();
    (!group.is_empty() && fields::is_set(&group)).then_some(group)
}
