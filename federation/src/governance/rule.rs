//! By which rule the answers decide: thresholds, quorum, objections.

use serde_json::Value;

use super::error::Fault;
use super::fields::Fields;
use super::members::Members;
use super::question::QuestionKind;

words! {
    /// What a threshold is a fraction of. Source: votes.md 4.11.
    pub enum Base {
        /// Those who approve or oppose.
        Expressed = "expressed",
        /// Those who approve, oppose or abstain.
        Participants = "participants",
        /// All who have a voice.
        Electorate = "electorate",
    }
}

/// A fraction that a number must reach, or pass when it is strict.
///
/// Whether 8 of 16 is « half » has divided committees, so strictness is written, never implied.
/// Source: votes.md 2.1, 4.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    numerator: u64,
    denominator: u64,
    bound: Bound,
}

/// Whether the fraction itself is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The fraction must be passed.
    Strict,
    /// The fraction must be reached.
    Reached,
}

/// Largest denominator. Source: votes.md 4.4.
const DENOMINATOR_MAX: u64 = 1_000;

impl Fraction {
    /// A fraction between 0 and 1; `None` for any other, and for denominators that are 0 or above
    /// 1000.
    pub const fn new(numerator: u64, denominator: u64, bound: Bound) -> Option<Self> {
        if denominator == 0 || denominator > DENOMINATOR_MAX || numerator > denominator {
            return None;
        }
        Some(Self {
            numerator,
            denominator,
            bound,
        })
    }

    /// Numerator, denominator, and whether it must be passed: for whoever tells a rule in words.
    pub const fn parts(self) -> (u64, u64, Bound) {
        (self.numerator, self.denominator, self.bound)
    }

    /// Whether `part` of `whole` is enough. Exact: nothing is divided or rounded.
    pub fn is_met(self, part: u64, whole: u64) -> bool {
        let have = u128::from(self.denominator) * u128::from(part);
        let need = u128::from(self.numerator) * u128::from(whole);
        match self.bound {
            Bound::Strict => have > need,
            Bound::Reached => have >= need,
        }
    }

    /// Whether it is « strictly more than half », the one threshold at which equal numbers are a tie.
    pub fn is_strict_half(self) -> bool {
        self.bound == Bound::Strict && 2 * self.numerator == self.denominator
    }

    /// Whether it asks for nothing at all.
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        let numerator = fields.count("ikpa:num")?;
        let denominator = fields.count("ikpa:den")?;
        let bound = fields.either("ikpa:strict", [Bound::Strict, Bound::Reached])?;
        Self::new(numerator, denominator, bound).ok_or(Fault::Wrong { field: "ikpa:num" })
    }

    fn write(self, base: Base) -> Members {
        Members::new()
            .with("ikpa:num", self.numerator)
            .with("ikpa:den", self.denominator)
            .with("ikpa:strict", self.bound == Bound::Strict)
            .with("ikpa:base", base.as_str())
    }
}

/// What approval must reach, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// How much; never 0.
    pub fraction: Fraction,
    /// Of what.
    pub base: Base,
}

/// How many must take part, of all who have a voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quorum {
    /// How much of the electorate.
    pub fraction: Fraction,
    /// Whether an abstention counts as taking part.
    pub abstentions: Abstentions,
}

/// Whether who abstains is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Abstentions {
    /// An explicit abstention counts in the quorum.
    Counted,
    /// It does not.
    LeftOut,
}

/// The rule of one poll; it has exactly the parts that its kind of question uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// How many must take part.
    pub quorum: Quorum,
    /// What decides beyond that.
    pub decision: Decision,
}

/// What decides, by kind of question. Source: votes.md 4.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Approval reaches a threshold.
    Threshold(Threshold),
    /// Consent stands while no more than so many object.
    ObjectionsMax(u64),
    /// The option with most ballots, or the highest sum, wins.
    Most,
    /// Schulze with winning votes; unranked options are last and equal.
    Schulze,
}

/// The one method for rankings: margins and ratio elect others on the same ballots.
pub const SCHULZE: &str = "schulze-wv";
/// The one treatment of options that a ballot does not rank.
pub const UNRANKED: &str = "last";

impl Rule {
    /// Reads the rule of a question of that kind.
    ///
    /// # Errors
    /// [`Fault`] names the first rule broken.
    pub fn read(value: &Value, kind: QuestionKind) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:rule", |fields| {
            let fraction = Fields::whole(fields.required("ikpa:quorum")?, "ikpa:quorum", |of| {
                word(of, "ikpa:base", Base::Electorate.as_str())?;
                Fraction::read(of)
            })?;
            let abstentions = fields.either(
                "ikpa:abstainCountsInQuorum",
                [Abstentions::Counted, Abstentions::LeftOut],
            )?;
            Ok(Self {
                quorum: Quorum {
                    fraction,
                    abstentions,
                },
                decision: Decision::read(fields, kind)?,
            })
        })
    }

    /// As it stands in a poll and in the rules of the network.
    pub(crate) fn write(&self) -> Members {
        let counted = self.quorum.abstentions == Abstentions::Counted;
        let members = Members::new()
            .with("ikpa:quorum", self.quorum.fraction.write(Base::Electorate))
            .with("ikpa:abstainCountsInQuorum", counted);
        match self.decision {
            Decision::Threshold(threshold) => {
                members.with("ikpa:threshold", threshold.fraction.write(threshold.base))
            }
            Decision::ObjectionsMax(most) => members.with("ikpa:maxObjections", most),
            Decision::Most => members,
            Decision::Schulze => members
                .with("ikpa:method", SCHULZE)
                .with("ikpa:unranked", UNRANKED),
        }
    }
}

impl Decision {
    fn read(fields: &mut Fields<'_>, kind: QuestionKind) -> Result<Self, Fault> {
        match kind {
            QuestionKind::Approval => {
                let value = fields.required("ikpa:threshold")?;
                let threshold = Fields::whole(value, "ikpa:threshold", |of| {
                    let base = of.required_as("ikpa:base", |base| Base::parse(base.as_str()?))?;
                    let fraction = Fraction::read(of)?;
                    Ok(Threshold { fraction, base })
                })?;
                if threshold.fraction.is_zero() {
                    return Err(Fault::Wrong {
                        field: "ikpa:threshold",
                    });
                }
                Ok(Self::Threshold(threshold))
            }
            QuestionKind::Consent => fields.count("ikpa:maxObjections").map(Self::ObjectionsMax),
            QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Score => Ok(Self::Most),
            QuestionKind::Ranked => {
                word(fields, "ikpa:method", SCHULZE)?;
                word(fields, "ikpa:unranked", UNRANKED)?;
                Ok(Self::Schulze)
            }
        }
    }
}

/// A member that can only be one word.
fn word(fields: &mut Fields<'_>, field: &'static str, word: &str) -> Result<(), Fault> {
    fields.required_as(field, |value| (value.as_str()? == word).then_some(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_of_sixteen_is_half_and_not_strictly_more() {
        let half = |bound| Fraction::new(1, 2, bound).unwrap();

        assert!(half(Bound::Reached).is_met(8, 16));
        assert!(!half(Bound::Strict).is_met(8, 16));
        assert!(half(Bound::Strict).is_met(9, 16));
    }

    #[test]
    fn a_fraction_is_between_nought_and_one_with_a_small_denominator() {
        let fraction = |num, den| Fraction::new(num, den, Bound::Reached);

        assert!(fraction(0, 1).is_some() && fraction(1_000, 1_000).is_some());
        assert_eq!(fraction(1, 0), None);
        assert_eq!(fraction(2, 1), None);
        assert_eq!(fraction(1, 1_001), None);
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let all = Fraction::new(1_000, 1_000, Bound::Reached).unwrap();

        assert!(all.is_met(u64::MAX, u64::MAX));
        assert!(!all.is_met(u64::MAX - 1, u64::MAX));
    }
}
