//! Approval and consent: answers of one word.

use super::{Ask, Verdict, Voice};
use crate::governance::choice::{Choice, Word};
use crate::governance::result::{Counts, Outcome};
use crate::governance::rule::{Base, Decision};

/// How many answered with that word.
pub(super) fn number(voices: &[Voice<'_>], word: Word) -> u64 {
    voices
        .iter()
        .filter(|voice| *voice.choice == Choice::Word(word))
        .map(|voice| voice.count)
        .sum()
}

/// Adopted when approval reaches the threshold and somebody approves. Equal numbers are a tie only
/// where one voice more would have decided: « strictly more than half ».
pub(super) fn approval(ask: Ask<'_>, voices: &[Voice<'_>]) -> Verdict {
    let approve = number(voices, Word::Approve);
    let oppose = number(voices, Word::Oppose);
    let abstain = number(voices, Word::Abstain);
    let outcome = match ask.rule.decision {
        Decision::Threshold(threshold) => {
            let base = match threshold.base {
                Base::Expressed => approve + oppose,
                Base::Participants => approve + oppose + abstain,
                Base::Electorate => ask.electorate,
            };
            if approve > 0 && threshold.fraction.is_met(approve, base) {
                Outcome::Adopted
            } else if approve > 0 && approve == oppose && threshold.fraction.is_strict_half() {
                Outcome::Tie
            } else {
                Outcome::Rejected
            }
        }
        // A poll cannot be read with another rule for approval.
        _ => Outcome::Rejected,
    };
    Verdict {
        outcome,
        counts: Counts::Approval {
            approve,
            oppose,
            abstain,
        },
        winners: None,
    }
}

/// Adopted when somebody consents and no more object than the rule lets.
pub(super) fn consent(ask: Ask<'_>, voices: &[Voice<'_>]) -> Verdict {
    let consent = number(voices, Word::Consent);
    let object = number(voices, Word::Object);
    let outcome = match ask.rule.decision {
        Decision::ObjectionsMax(most) if consent > 0 && object <= most => Outcome::Adopted,
        _ => Outcome::Rejected,
    };
    Verdict {
        outcome,
        counts: Counts::Consent {
            consent,
            object,
            abstain: number(voices, Word::Abstain),
        },
        winners: None,
    }
}
