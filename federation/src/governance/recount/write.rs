//! Writing the result of a list of ballots: the same members in the same order, whatever the input.

use serde_json::{Map, Value};

use super::Recount;
use crate::governance::choice::Choice;
use crate::governance::members::Members;
use crate::governance::question::{OptionId, Question};
use crate::governance::result::Counts;
use crate::governance::tally::Verdict;
use crate::governance::tally::schulze::Schulze;

/// The result as JSON.
pub(super) fn result(recount: &Recount, electorate: u64, verdict: &Verdict) -> Value {
    let winners = verdict.winners.as_deref().unwrap_or_default();
    let members = Members::new()
        .with("method", recount.question.kind().as_str())
        .with("outcome", verdict.outcome.as_str())
        .with("electorate", electorate)
        .with("counts", counts(recount, &verdict.counts))
        .with_list("winners", sorted_names(recount, winners));
    match &recount.question {
        Question::Ranked(options) => {
            let ids: Vec<OptionId> = options.iter().map(|option| option.id).collect();
            with_order(recount, &ids, members).into()
        }
        _ => members.into(),
    }
}

/// The whole order in layers, best first, and both numbers of each pair.
fn with_order(recount: &Recount, ids: &[OptionId], members: Members) -> Members {
    let rankings = recount.ballots.iter().filter_map(|(count, choice)| {
        let Choice::Ranking(groups) = choice else {
            return None;
        };
        Some((*count, groups.as_slice()))
    });
    let schulze = Schulze::of(ids, rankings);
    let order = schulze.order();
    let layers = order.iter().map(|layer| sorted_names(recount, layer));
    members
        .with_list("order", layers)
        .with(
            "preferences",
            pairs(recount, ids, |one, other| schulze.preference(one, other)),
        )
        .with(
            "strengths",
            pairs(recount, ids, |one, other| schulze.strength(one, other)),
        )
}

/// For each option, a number against each other.
fn pairs(
    recount: &Recount,
    ids: &[OptionId],
    number: impl Fn(OptionId, OptionId) -> u64,
) -> Map<String, Value> {
    let row = |one: OptionId| -> Map<String, Value> {
        let others = ids.iter().filter(|other| **other != one);
        others
            .map(|other| (name(recount, *other), Value::from(number(one, *other))))
            .collect()
    };
    ids.iter()
        .map(|id| (name(recount, *id), Value::Object(row(*id))))
        .collect()
}

/// The numbers by name of option. « abstain » and « participants » stand apart, for an option may be
/// called so.
fn counts(recount: &Recount, counts: &Counts) -> Members {
    match counts {
        Counts::Options {
            abstain,
            participants,
            options,
        } => {
            let options = options
                .iter()
                .map(|(id, number)| (name(recount, *id), Value::from(*number)));
            Members::new()
                .with("abstain", *abstain)
                .with("participants", *participants)
                .with("options", options.collect::<Map<String, Value>>())
        }
        named => named.write(),
    }
}

fn sorted_names(recount: &Recount, ids: &[OptionId]) -> Vec<String> {
    let mut names: Vec<String> = ids.iter().map(|id| name(recount, *id)).collect();
    names.sort();
    names
}

fn name(recount: &Recount, id: OptionId) -> String {
    let option = recount.question.options().iter().find(|o| o.id == id);
    option.map_or_else(|| id.to_string(), |option| option.label.clone())
}
