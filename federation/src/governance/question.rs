//! What a poll asks.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::error::Fault;
use super::fields::{self, Fields};
use super::members::Members;

words! {
    /// The kinds of question. Source: votes.md 4.4.
    pub enum QuestionKind {
        /// For or against.
        Approval = "approval",
        /// Consent, or an objection with its reason.
        Consent = "consent",
        /// One of several options.
        Single = "single",
        /// Some of several options.
        Multiple = "multiple",
        /// An order of the options.
        Ranked = "ranked",
        /// A score for each option.
        Score = "score",
    }
}

/// The id of an option, `o1` to `o999`. Ids sort by the bytes of their text: `o10` before `o2`.
/// Source: votes.md 4.2, 4.4.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OptionId(u16);

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollOption {
    /// What ballots name it by.
    pub id: OptionId,
    /// What people read.
    pub label: String,
}

/// The scores a ballot may give, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The lowest.
    pub min: i64,
    /// The highest; above the lowest.
    pub max: i64,
}

/// A question with what its kind needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// For or against.
    Approval,
    /// Consent, or an objection.
    Consent,
    /// One of these.
    Single(Vec<PollOption>),
    /// Up to so many of these.
    Multiple {
        /// The options.
        options: Vec<PollOption>,
        /// How many a ballot may name; from 1 to their number.
        choices_max: u64,
    },
    /// An order of these.
    Ranked(Vec<PollOption>),
    /// A score for each of these.
    Score {
        /// The options.
        options: Vec<PollOption>,
        /// The scores allowed.
        scale: Scale,
    },
}

/// Scores go from `-SCORE_MAX` to `SCORE_MAX`. Source: votes.md 4.4.
pub const SCORE_MAX: i64 = 1_000;

impl OptionId {
    /// Reads `o` and a number from 1 to 999 without leading zero.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('o')?;
        let plain = digits.len() <= 3
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok().map(Self)).flatten()
    }

    /// Where it stands in the order of texts: as if padded on the right, the shorter first.
    const fn place(self) -> (u16, u16) {
        match self.0 {
            0..10 => (self.0 * 100, 1),
            10..100 => (self.0 * 10, 2),
            _ => (self.0, 3),
        }
    }
}

impl Ord for OptionId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place())
    }
}

impl PartialOrd for OptionId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for OptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "o{}", self.0)
    }
}

impl fmt::Debug for OptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<OptionId> for Value {
    fn from(id: OptionId) -> Self {
        Self::String(id.to_string())
    }
}

impl Question {
    /// Its kind.
    pub const fn kind(&self) -> QuestionKind {
        match self {
            Self::Approval => QuestionKind::Approval,
            Self::Consent => QuestionKind::Consent,
            Self::Single(_) => QuestionKind::Single,
            Self::Multiple { .. } => QuestionKind::Multiple,
            Self::Ranked(_) => QuestionKind::Ranked,
            Self::Score { .. } => QuestionKind::Score,
        }
    }

    /// Its options, in the author's order; none for approval and consent.
    pub fn options(&self) -> &[PollOption] {
        match self {
            Self::Approval | Self::Consent => &[],
            Self::Single(options)
            | Self::Multiple { options, .. }
            | Self::Ranked(options)
            | Self::Score { options, .. } => options,
        }
    }

    /// Whether it has that option.
    pub fn has(&self, id: OptionId) -> bool {
        self.options().iter().any(|option| option.id == id)
    }

    /// Reads the question of a poll.
    ///
    /// # Errors
    /// [`Fault`] names the first rule broken.
    pub fn read(value: &Value) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:question", |fields| {
            let kind =
                fields.required_as("ikpa:kind", |kind| QuestionKind::parse(kind.as_str()?))?;
            Ok(match kind {
                QuestionKind::Approval => Self::Approval,
                QuestionKind::Consent => Self::Consent,
                QuestionKind::Single => Self::Single(read_options(fields)?),
                QuestionKind::Multiple => {
                    let options = read_options(fields)?;
                    let choices_max = fields.count("ikpa:maxChoices")?;
                    let all = u64::try_from(options.len()).unwrap_or(u64::MAX);
                    if choices_max == 0 || choices_max > all {
                        return Err(Fault::Wrong {
                            field: "ikpa:maxChoices",
                        });
                    }
                    Self::Multiple {
                        options,
                        choices_max,
                    }
                }
                QuestionKind::Ranked => Self::Ranked(read_options(fields)?),
                QuestionKind::Score => Self::Score {
                    options: read_options(fields)?,
                    scale: Scale::read(fields.required("ikpa:scale")?)?,
                },
            })
        })
    }

    /// As it stands in a poll.
    pub(crate) fn write(&self) -> Members {
        let members = Members::new().with("ikpa:kind", self.kind().as_str());
        let options = self.options().iter().map(|option| {
            Members::new()
                .with("ikpa:id", option.id)
                .with("ikpa:label", option.label.as_str())
        });
        let with_options = |members: Members| members.with_list("ikpa:options", options);
        match self {
            Self::Approval | Self::Consent => members,
            Self::Single(_) | Self::Ranked(_) => with_options(members),
            Self::Multiple { choices_max, .. } => {
                with_options(members).with("ikpa:maxChoices", *choices_max)
            }
            Self::Score { scale, .. } => with_options(members).with(
                "ikpa:scale",
                Members::new()
                    .with("ikpa:min", scale.min)
                    .with("ikpa:max", scale.max),
            ),
        }
    }
}

/// Two options or more, each id once; their order is free.
fn read_options(fields: &mut Fields<'_>) -> Result<Vec<PollOption>, Fault> {
    const FIELD: &str = "ikpa:options";
    let options = fields.list(FIELD, |option| {
        Fields::whole(option, FIELD, |of| {
            Ok(PollOption {
                id: of.required_as("ikpa:id", option_id)?,
                label: of.text("ikpa:label")?,
            })
        })
    })?;
    let ids: BTreeSet<OptionId> = options.iter().map(|option| option.id).collect();
    if options.len() < 2 || ids.len() != options.len() {
        return Err(Fault::Wrong { field: FIELD });
    }
    Ok(options)
}

/// The id of an option.
pub(crate) fn option_id(value: &Value) -> Option<OptionId> {
    OptionId::parse(value.as_str()?)
}

/// A set of ids of options, one or more.
pub(crate) fn option_ids(value: &Value) -> Option<Vec<OptionId>> {
    fields::set(value, option_id).filter(|ids| !ids.is_empty())
}

impl Scale {
    fn read(value: &Value) -> Result<Self, Fault> {
        const FIELD: &str = "ikpa:scale";
        Fields::whole(value, FIELD, |of| {
            let scale = Self {
                min: of.required_as("ikpa:min", Value::as_i64)?,
                max: of.required_as("ikpa:max", Value::as_i64)?,
            };
            let fits = -SCORE_MAX <= scale.min && scale.min < scale.max && scale.max <= SCORE_MAX;
            fits.then_some(scale).ok_or(Fault::Wrong { field: FIELD })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn option_ids_go_from_o1_to_o999() {
        let refused = [
            "", "o", "o0", "o01", "o1000", "o-1", "o+1", "O1", "1", "o1 ",
        ];

        assert!(refused.iter().all(|text| OptionId::parse(text).is_none()));
        assert_eq!(OptionId::parse("o999").unwrap().to_string(), "o999");
    }

    #[test]
    fn option_ids_sort_as_their_texts() {
        let texts: Vec<String> = (1..1_000).map(|number| format!("o{number}")).collect();
        let mut ids: Vec<OptionId> = texts.iter().filter_map(|id| OptionId::parse(id)).collect();
        let mut sorted = texts;

        ids.sort();
        sorted.sort();

        let ids: Vec<String> = ids.iter().map(OptionId::to_string).collect();
        assert_eq!(ids, sorted);
    }
}
