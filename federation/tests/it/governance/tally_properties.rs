//! What holds for any ballots: no name and no order of arrival matters, who beats all others wins.

use std::collections::BTreeMap;

use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::question::{OptionId, Question, Scale};
use interkpa_federation::governance::result::{Counts, Outcome};
use interkpa_federation::governance::rule::{Base, Bound, Decision, Rule, Threshold};
use interkpa_federation::governance::tally::schulze::Schulze;
use interkpa_federation::governance::tally::{Ask, Verdict, Voice, judge};
use proptest::prelude::*;

use super::network::{fraction, no_quorum, option, options};

type Ranking = Vec<Vec<OptionId>>;
type Election = Vec<(u64, Ranking)>;

/// Six options at most: all paths between them can be listed.
const OPTIONS_MAX: u16 = 6;

/// A ranking of some of the options, with equals: each option has a place, or none.
fn ranking(number: u16) -> impl Strategy<Value = Ranking> {
    let places = proptest::collection::vec(
        proptest::option::weighted(0.85, 0..number),
        usize::from(number),
    );
    places.prop_map(|places| {
        let mut groups: BTreeMap<u16, Vec<OptionId>> = BTreeMap::new();
        for (id, place) in (1..).map(option).zip(places) {
            if let Some(place) = place {
                groups.entry(place).or_default().push(id);
            }
        }
        groups.into_values().collect()
    })
}

fn election() -> impl Strategy<Value = (u16, Election)> {
    (2..=OPTIONS_MAX).prop_flat_map(|number| {
        let ballots = proptest::collection::vec((0..5_u64, ranking(number)), 1..9);
        (Just(number), ballots)
    })
}

fn ids(number: u16) -> Vec<OptionId> {
    (1..=number).map(option).collect()
}

fn schulze(number: u16, election: &Election) -> Schulze {
    let rankings = election
        .iter()
        .map(|(count, ranking)| (*count, ranking.as_slice()));
    Schulze::of(&ids(number), rankings)
}

/// How many prefer one to the other, counted ballot by ballot.
fn prefer(election: &Election, one: OptionId, other: OptionId) -> u64 {
    let place = |ranking: &Ranking, id| {
        let found = ranking.iter().position(|group| group.contains(&id));
        found.unwrap_or(ranking.len())
    };
    election
        .iter()
        .filter(|(_, ranking)| place(ranking, one) < place(ranking, other))
        .map(|(count, _)| count)
        .sum()
}

fn defeats(election: &Election, one: OptionId, other: OptionId) -> bool {
    prefer(election, one, other) > prefer(election, other, one)
}

/// The strongest of all paths that visit no option twice, one by one.
fn strongest(election: &Election, number: u16, path: &[OptionId], goal: OptionId) -> u64 {
    let here = *path.last().unwrap();
    ids(number)
        .into_iter()
        .filter(|next| !path.contains(next) && defeats(election, here, *next))
        .map(|next| {
            let step = prefer(election, here, next);
            let longer = [path, &[next]].concat();
            if next == goal {
                step
            } else {
                step.min(strongest(election, number, &longer, goal))
            }
        })
        .max()
        .unwrap_or(0)
}

/// The smallest set whose members each defeat everyone outside.
fn smith_set(number: u16, election: &Election) -> Vec<OptionId> {
    let all = ids(number);
    let mut sets: Vec<Vec<OptionId>> = (1_u32..1 << number)
        .map(|bits| {
            all.iter()
                .copied()
                .enumerate()
                .filter(|(i, _)| bits >> i & 1 == 1)
                .map(|(_, id)| id)
                .collect()
        })
        .collect();
    sets.sort_by_key(Vec::len);
    let dominates = |set: &Vec<OptionId>| {
        let outside = all.iter().filter(|id| !set.contains(id));
        outside
            .clone()
            .all(|other| set.iter().all(|one| defeats(election, *one, *other)))
    };
    sets.into_iter().find(dominates).unwrap()
}

fn ranks(election: &Election) -> bool {
    election.iter().any(|(count, _)| *count > 0)
}

fn question(number: u16) -> Question {
    Question::Ranked(options(number))
}

fn judged(question: &Question, decision: Decision, ballots: &[(u64, Choice)]) -> Verdict {
    let rule = Rule {
        quorum: no_quorum(),
        decision,
    };
    let voices: Vec<Voice<'_>> = ballots
        .iter()
        .map(|(count, choice)| Voice {
            count: *count,
            choice,
        })
        .collect();
    judge(
        Ask {
            question,
            rule: &rule,
            electorate: 1_000,
        },
        &voices,
    )
}

proptest! {
    #[test]
    fn strengths_are_those_of_the_strongest_of_all_paths((number, election) in election()) {
        let schulze = schulze(number, &election);
        for one in ids(number) {
            for other in ids(number) {
                if one != other {
                    prop_assert_eq!(schulze.preference(one, other), prefer(&election, one, other));
                    prop_assert_eq!(schulze.strength(one, other), strongest(&election, number, &[one], other));
                }
            }
        }
    }

    #[test]
    fn the_order_has_each_option_once_and_no_one_is_above_who_beats_it((number, election) in election()) {
        let schulze = schulze(number, &election);
        let order = schulze.order();
        let mut all: Vec<OptionId> = order.concat();
        all.sort();
        prop_assert_eq!(all, { let mut all = ids(number); all.sort(); all });
        for (place, layer) in order.iter().enumerate() {
            for above in layer {
                for below in order[place..].iter().flatten() {
                    prop_assert!(schulze.strength(*below, *above) <= schulze.strength(*above, *below));
                }
            }
        }
    }

    #[test]
    fn who_defeats_all_others_is_the_one_winner((number, election) in election()) {
        let condorcet = ids(number).into_iter().find(|one| {
            ids(number).into_iter().all(|other| other == *one || defeats(&election, *one, other))
        });
        if let Some(winner) = condorcet {
            prop_assert_eq!(schulze(number, &election).winners(), vec![winner]);
        }
    }

    #[test]
    fn winners_are_in_the_smith_set((number, election) in election()) {
        let smith = smith_set(number, &election);
        let winners = schulze(number, &election).winners();
        prop_assert_eq!(winners.is_empty(), !ranks(&election));
        prop_assert!(winners.iter().all(|winner| smith.contains(winner)));
    }

    #[test]
    fn the_order_of_ballots_and_their_grouping_do_not_matter((number, election) in election(), turn in 0..8_usize) {
        let mut turned = election.clone();
        turned.rotate_left(turn % election.len());
        let apart: Election = turned.iter()
            .flat_map(|(count, ranking)| (0..*count).map(move |_| (1, ranking.clone())))
            .collect();
        prop_assert_eq!(schulze(number, &election), schulze(number, &turned));
        prop_assert_eq!(schulze(number, &election), schulze(number, &apart));
    }

    #[test]
    fn other_names_give_the_same_winners_under_those_names((number, election) in election(), turn in 1..OPTIONS_MAX) {
        // The names turn round, so that each option gets another place in the order of texts.
        let renamed = |id: OptionId| {
            let at = ids(number).iter().position(|other| *other == id).unwrap();
            ids(number)[(at + usize::from(turn)) % usize::from(number)]
        };
        let other: Election = election.iter()
            .map(|(count, ranking)| (*count, ranking.iter().map(|group| group.iter().copied().map(renamed).collect()).collect()))
            .collect();
        let mut expected: Vec<OptionId> = schulze(number, &election).winners().into_iter().map(renamed).collect();
        expected.sort();
        prop_assert_eq!(schulze(number, &other).winners(), expected);
    }

    #[test]
    fn raising_a_winner_on_a_ballot_keeps_it_a_winner((number, election) in election(), ballot in 0..8_usize) {
        for winner in schulze(number, &election).winners() {
            let mut raised = election.clone();
            let at = ballot % election.len();
            let ranking = &mut raised[at].1;
            let place = ranking.iter().position(|group| group.contains(&winner)).unwrap_or(ranking.len());
            for group in ranking.iter_mut() {
                group.retain(|id| *id != winner);
            }
            ranking.insert(place, vec![winner]);
            ranking.retain(|group| !group.is_empty());
            prop_assert!(schulze(number, &raised).winners().contains(&winner));
        }
    }

    #[test]
    fn a_twin_neither_helps_nor_harms((number, election) in (2..OPTIONS_MAX).prop_flat_map(|number| {
        (Just(number), proptest::collection::vec((1..5_u64, ranking(number)), 1..9))
    })) {
        // The twin of the first option stands beside it on every ballot.
        let (first, twin) = (option(1), option(number + 1));
        let with_twin: Election = election.iter().map(|(count, ranking)| {
            let groups = ranking.iter().map(|group| {
                let twin = group.contains(&first).then_some(twin);
                group.iter().copied().chain(twin).collect()
            });
            (*count, groups.collect())
        }).collect();
        let mut expected = schulze(number, &election).winners();
        if expected.contains(&first) {
            expected.push(twin);
            expected.sort();
        }
        prop_assert_eq!(schulze(number + 1, &with_twin).winners(), expected);
    }

    #[test]
    fn sums_and_ballots_know_no_names_and_one_voice_more_for_the_best_decides(
        scores in proptest::collection::vec((1..4_u64, -5..=5_i64, -5..=5_i64, -5..=5_i64), 1..8),
    ) {
        let question = Question::Score { options: options(3), scale: Scale { min: -5, max: 6 } };
        let ballot = |order: [u16; 3], (count, a, b, c): (u64, i64, i64, i64)| {
            let given = order.into_iter().map(option).zip([a, b, c]);
            (count, Choice::Scores(given.collect()))
        };
        let with = |order: [u16; 3]| -> Vec<(u64, Choice)> {
            scores.iter().map(|given| ballot(order, *given)).collect()
        };
        let winners = |ballots: &[(u64, Choice)]| judged(&question, Decision::Most, ballots).winners.unwrap();
        let plain = winners(&with([1, 2, 3]));
        let turned: Vec<OptionId> = plain.iter().map(|id| {
            let at = ids(3).iter().position(|other| other == id).unwrap();
            [option(2), option(3), option(1)][at]
        }).collect();
        let mut sorted = turned;
        sorted.sort();
        prop_assert_eq!(winners(&with([2, 3, 1])), sorted);

        let mut more = with([1, 2, 3]);
        let mut best: BTreeMap<OptionId, i64> = ids(3).into_iter().map(|id| (id, 0)).collect();
        best.insert(plain[0], 1);
        more.push((1, Choice::Scores(best)));
        prop_assert_eq!(winners(&more), vec![plain[0]]);
    }

    #[test]
    fn abstentions_never_change_who_has_more(approve in 0..50_u64, oppose in 0..50_u64, abstain in 0..50_u64) {
        let decision = Decision::Threshold(Threshold {
            fraction: fraction(1, 2, Bound::Strict),
            base: Base::Expressed,
        });
        let with = |abstain| judged(&Question::Approval, decision, &[
            (approve, Choice::Word(Word::Approve)),
            (oppose, Choice::Word(Word::Oppose)),
            (abstain, Choice::Word(Word::Abstain)),
        ]);
        prop_assert_eq!(with(abstain).outcome, with(0).outcome);
        prop_assert_eq!(with(abstain).outcome == Outcome::Adopted, approve > oppose);
        prop_assert_eq!(with(abstain).counts, Counts::Approval { approve, oppose, abstain });
    }

    #[test]
    fn a_higher_threshold_never_adopts_more(
        approve in 0..50_u64, oppose in 0..50_u64, low in 1..100_u64, high in 1..100_u64,
    ) {
        let (low, high) = (low.min(high), low.max(high));
        let adopted = |percent, bound| {
            let decision = Decision::Threshold(Threshold {
                fraction: fraction(percent, 100, bound),
                base: Base::Expressed,
            });
            let ballots = [(approve, Choice::Word(Word::Approve)), (oppose, Choice::Word(Word::Oppose))];
            judged(&Question::Approval, decision, &ballots).outcome == Outcome::Adopted
        };
        for bound in [Bound::Strict, Bound::Reached] {
            prop_assert!(adopted(low, bound) || !adopted(high, bound));
        }
        prop_assert!(adopted(low, Bound::Reached) || !adopted(low, Bound::Strict));
    }
}

#[test]
fn no_ballot_adopts_nothing_and_elects_nobody() {
    let verdict = judged(&question(3), Decision::Schulze, &[]);

    assert_eq!(verdict.outcome, Outcome::Rejected);
    assert_eq!(verdict.winners, Some(vec![]));
}
