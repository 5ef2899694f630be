//! From counted voices to the result, in integers and exact fractions.
//!
//! The same function serves the servers, the verifier and `interkpa tally`. No clock, no locale, no
//! order of a hash map plays a part, and a tie is said, never broken. Source: votes.md 4.11.

pub mod schulze;

mod most;
mod words;

use super::choice::{Choice, Word};
use super::poll::Poll;
use super::question::{OptionId, Question};
use super::result::{Counts, Outcome, PollResult};
use super::rule::{Abstentions, Rule};

/// So many equal answers. A poll has one for each hub; a recount may group them.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    /// How many.
    pub count: u64,
    /// The answer.
    pub choice: &'a Choice,
}

/// Which hubs reported something that may void the poll: one for each named seal. Source: votes.md
/// 4.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reports {
    /// Received it too late.
    pub late: u64,
    /// Held the author's cancellation.
    pub cancel: u64,
    /// Know of a register object that it lacks.
    pub stale: u64,
}

/// What is asked, by which rule, of how many.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The question.
    pub question: &'a Question,
    /// The rule.
    pub rule: &'a Rule,
    /// How many have a voice.
    pub electorate: u64,
}

/// What the voices say, before anything voids the poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What it comes to.
    pub outcome: Outcome,
    /// The numbers.
    pub counts: Counts,
    /// The best options; absent for approval and consent.
    pub winners: Option<Vec<OptionId>>,
}

/// The result of a poll. Counts and winners do not depend on what voids it.
///
/// `void` is the number of hubs whose voice is void.
pub fn tally(poll: &Poll, voices: &[Voice<'_>], void: u64, reports: Reports) -> PollResult {
    let electorate = u64::try_from(poll.electorate.members.len()).unwrap_or(u64::MAX);
    let verdict = judge(
        Ask {
            question: &poll.question,
            rule: &poll.rule,
            electorate,
        },
        voices,
    );
    PollResult {
        outcome: voided(poll, reports).unwrap_or(verdict.outcome),
        electorate,
        void,
        late: reports.late,
        cancel: reports.cancel,
        stale: reports.stale,
        counts: verdict.counts,
        winners: verdict.winners,
    }
}

/// What voids the poll, the first that applies. So many reports as `s` never come from cheaters alone.
fn voided(poll: &Poll, reports: Reports) -> Option<Outcome> {
    let enough = u64::try_from(poll.numbers().to_count()).unwrap_or(u64::MAX);
    [
        (reports.cancel, Outcome::Cancelled),
        (reports.stale, Outcome::VoidElectorate),
        (reports.late, Outcome::VoidNotice),
    ]
    .into_iter()
    .find(|(reports, _)| *reports >= enough)
    .map(|(_, outcome)| outcome)
}

/// What the voices say by the rule alone. Each must answer the question
/// ([`Choice::answers`]); one that does not is taken as an abstention.
pub fn judge(ask: Ask<'_>, voices: &[Voice<'_>]) -> Verdict {
    let verdict = match ask.question {
        Question::Approval => words::approval(ask, voices),
        Question::Consent => words::consent(ask, voices),
        Question::Single(_) | Question::Multiple { .. } => most::ballots(ask, voices),
        Question::Score { .. } => most::scores(ask, voices),
        Question::Ranked(_) => ranked(ask, voices),
    };
    if has_quorum(ask, &verdict.counts) {
        verdict
    } else {
        Verdict {
            outcome: Outcome::NoQuorum,
            ..verdict
        }
    }
}

/// Whether enough take part. A void voice takes no part.
fn has_quorum(ask: Ask<'_>, counts: &Counts) -> bool {
    let (participants, abstain) = match counts {
        Counts::Approval {
            approve,
            oppose,
            abstain,
        } => (approve + oppose + abstain, abstain),
        Counts::Consent {
            consent,
            object,
            abstain,
        } => (consent + object + abstain, abstain),
        Counts::Options {
            abstain,
            participants,
            ..
        } => (*participants, abstain),
    };
    let present = match ask.rule.quorum.abstentions {
        Abstentions::Counted => participants,
        Abstentions::LeftOut => participants - abstain,
    };
    ask.rule.quorum.fraction.is_met(present, ask.electorate)
}

fn ranked(ask: Ask<'_>, voices: &[Voice<'_>]) -> Verdict {
    let options: Vec<OptionId> = ask.question.options().iter().map(|o| o.id).collect();
    let rankings = voices.iter().filter_map(|voice| match voice.choice {
        Choice::Ranking(groups) => Some((voice.count, groups.as_slice())),
        _ => None,
    });
    let winners = schulze::Schulze::of(&options, rankings).winners();
    of_options(voices, [].into(), winners)
}

/// The verdict of a question with options: one best is adopted, several are a tie, none is none.
fn of_options(
    voices: &[Voice<'_>],
    options: std::collections::BTreeMap<OptionId, i64>,
    winners: Vec<OptionId>,
) -> Verdict {
    let outcome = match winners.len() {
        0 => Outcome::Rejected,
        1 => Outcome::Adopted,
        _ => Outcome::Tie,
    };
    Verdict {
        outcome,
        counts: Counts::Options {
            abstain: words::number(voices, Word::Abstain),
            participants: voices.iter().map(|voice| voice.count).sum(),
            options,
        },
        winners: Some(winners),
    }
}
