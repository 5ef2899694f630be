//! Single and multiple choice, and scores: the largest number wins.

use std::collections::BTreeMap;

use super::{Ask, Verdict, Voice, of_options};
use crate::governance::choice::Choice;
use crate::governance::question::OptionId;

/// Most ballots.
pub(super) fn ballots(ask: Ask<'_>, voices: &[Voice<'_>]) -> Verdict {
    verdict(ask, voices, |voice, sums| match voice.choice {
        Choice::Options(ids) => {
            for id in ids {
                add(sums, *id, signed(voice.count));
            }
            true
        }
        _ => false,
    })
}

/// Highest sum.
pub(super) fn scores(ask: Ask<'_>, voices: &[Voice<'_>]) -> Verdict {
    verdict(ask, voices, |voice, sums| match voice.choice {
        Choice::Scores(scores) => {
            for (id, score) in scores {
                add(sums, *id, score.saturating_mul(signed(voice.count)));
            }
            true
        }
        _ => false,
    })
}

type Sums = BTreeMap<OptionId, i64>;

/// Adds up what each voice gives, which says whether it chose at all; the best win if any did.
fn verdict(
    ask: Ask<'_>,
    voices: &[Voice<'_>],
    give: impl Fn(&Voice<'_>, &mut Sums) -> bool,
) -> Verdict {
    let mut sums: Sums = ask.question.options().iter().map(|o| (o.id, 0)).collect();
    let mut chosen = false;
    for voice in voices {
        chosen |= give(voice, &mut sums) && voice.count > 0;
    }
    let best = sums.values().max().copied().filter(|_| chosen);
    let winners = sums
        .iter()
        .filter(|(_, sum)| Some(**sum) == best)
        .map(|(id, _)| *id);
    let winners = winners.collect();
    of_options(voices, sums, winners)
}

fn add(sums: &mut Sums, id: OptionId, more: i64) {
    if let Some(sum) = sums.get_mut(&id) {
        *sum = sum.saturating_add(more);
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
