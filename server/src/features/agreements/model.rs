//! Where an answer and an agreement stand, and who may move them where. Pure.
//!
//! Source: product.md §4.1 (states and I-01…I-07), decisions 5, 21 and 25. Not here: quantities of
//! the proposal (`features/proposals`), rows, wire shapes.

use interkpa_federation::vocabulary::terms::{AgreementState, KindName, Purpose, Settlement};
use interkpa_federation::{Instant, Span};

/// A gift counts as confirmed this long after one party said it was done; hours and euros never
/// do (product.md §4.1).
pub const SILENT_CONFIRMATION: Span = Span::days(7);
/// Longest message of an answer or of the thread, in characters.
pub const MESSAGE_CHARACTERS_MAX: usize = 2_000;
/// Longest reason of a refusal, a contest or a cancellation, in characters.
pub const REASON_CHARACTERS_MAX: usize = 1_000;
/// Longest words about when, « samedi 14 h », in characters.
pub const PLANNED_CHARACTERS_MAX: usize = 200;
/// Longest duration said, in minutes: 1 000 h.
pub const MINUTES_MAX: i64 = 60_000;
/// Minutes are counted by this step (I-22).
pub const MINUTES_STEP: i64 = 15;

/// One of the two who agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Who published. Its hub owns the agreement.
    Proposer,
    /// Who answered.
    Responder,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Proposer => Self::Responder,
            Self::Responder => Self::Proposer,
        }
    }

    /// The word stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposer => "proposer",
            Self::Responder => "responder",
        }
    }

    /// The side a stored word means.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Proposer, Self::Responder]
            .into_iter()
            .find(|side| side.as_str() == text)
    }

    /// Who gives what was published: the proposer of an offer, whoever answers a need.
    pub const fn provider_of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Offer => Self::Proposer,
            Purpose::Request => Self::Responder,
        }
    }
}

/// Where an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResponseState {
    /// On its way, or waiting for the proposer.
    Sent,
    /// An agreement exists.
    Accepted,
    /// The proposer said no.
    Refused,
    /// The responder took it back.
    Cancelled,
    /// The proposal ended first.
    Expired,
}

impl ResponseState {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Sent,
        Self::Accepted,
        Self::Refused,
        Self::Cancelled,
        Self::Expired,
    ];

    /// The word stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// The state a stored word means.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether it may still be decided.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Sent)
    }
}

/// Something done to an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// A party says what happened; `minutes` for an agreement in hours.
    Say {
        /// Which party.
        side: Side,
        /// How long it took, for an agreement in hours.
        minutes: Option<i64>,
    },
    /// A party says it was not as the other says.
    Contest {
        /// Which party.
        side: Side,
    },
    /// A party calls it off before anything was done.
    Cancel,
    /// A facilitator of the owner's hub settles the disagreement.
    Settle {
        /// `Confirmed` or `Cancelled`.
        outcome: AgreementState,
    },
    /// Time confirms a gift nobody contested.
    Silence {
        /// The present.
        now: Instant,
    },
}

/// What the model needs to know of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: AgreementState,
    /// How it is settled.
    pub settlement: Settlement,
    /// What each side has said happened, in minutes where it is settled in hours: at most one
    /// each (the stored facts that correct nothing).
    pub said: Vec<(Side, Option<i64>)>,
    /// When the first of them was said.
    pub first_said_at: Option<Instant>,
}

/// What a command did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It stands elsewhere now.
    Moved(AgreementState),
    /// It was done before: nothing changes, and that is no error.
    SaidAlready,
}

/// Why a command changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Where it stands does not allow it.
    #[error("the agreement is not at a point where this can be done")]
    NotNow,
    /// Both parties say different durations: one corrects itself by agreeing, or contests.
    #[error("the two parties say different durations")]
    MinutesDiffer,
    /// An agreement in hours needs a duration.
    #[error("an agreement in hours needs a duration")]
    MinutesMissing,
    /// The one who declared cannot contest the own word.
    #[error("a party cannot contest its own word")]
    OwnWord,
}

impl Refusal {
    /// The stable code of the answer.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotNow => "agreement_not_now",
            Self::MinutesDiffer => "minutes_differ",
            Self::MinutesMissing => "minutes_missing",
            Self::OwnWord => "own_word",
        }
    }
}

impl Standing {
    /// Where a command leads.
    ///
    /// # Errors
    /// [`Refusal`] names the rule; nothing changes then.
    pub fn after(&self, command: Command) -> Result<Outcome, Refusal> {
        use AgreementState::{Cancelled, Concluded, Confirmed, Contested, DeclaredDone};
        match (command, self.state) {
            (Command::Say { side, minutes }, Concluded | DeclaredDone) => self.say(side, minutes),
            (Command::Say { side, .. }, Confirmed) if self.has_said(side) => {
                Ok(Outcome::SaidAlready)
            }
            (Command::Contest { side }, DeclaredDone) if self.has_said(side) => {
                Err(Refusal::OwnWord)
            }
            (Command::Contest { .. }, DeclaredDone) => Ok(Outcome::Moved(Contested)),
            (Command::Contest { .. }, Contested) | (Command::Cancel, Cancelled) => {
                Ok(Outcome::SaidAlready)
            }
            (Command::Cancel, Concluded) | (Command::Settle { outcome: Cancelled }, Contested) => {
                Ok(Outcome::Moved(Cancelled))
            }
            (Command::Settle { outcome: Confirmed }, Contested) => Ok(Outcome::Moved(Confirmed)),
            (Command::Silence { now }, DeclaredDone) if self.is_silent(now) => {
                Ok(Outcome::Moved(Confirmed))
            }
            _ => Err(Refusal::NotNow),
        }
    }

    fn say(&self, side: Side, minutes: Option<i64>) -> Result<Outcome, Refusal> {
        if self.has_said(side) {
            return Ok(Outcome::SaidAlready);
        }
        if self.settlement == Settlement::Hours && minutes.is_none() {
            return Err(Refusal::MinutesMissing);
        }
        match self.said.first() {
            None => Ok(Outcome::Moved(AgreementState::DeclaredDone)),
            Some((_, other)) if self.settlement == Settlement::Hours && *other != minutes => {
                Err(Refusal::MinutesDiffer)
            }
            Some(_) => Ok(Outcome::Moved(AgreementState::Confirmed)),
        }
    }

    /// Whether a side has said what happened.
    pub fn has_said(&self, side: Side) -> bool {
        self.said.iter().any(|(said_by, _)| *said_by == side)
    }

    fn is_silent(&self, now: Instant) -> bool {
        self.settlement == Settlement::Gift
            && self
                .first_said_at
                .is_some_and(|said| said + SILENT_CONFIRMATION <= now)
    }

    /// When silence confirms it, for a gift somebody said was done.
    pub fn silent_at(&self) -> Option<Instant> {
        (self.settlement == Settlement::Gift && self.state == AgreementState::DeclaredDone)
            .then_some(self.first_said_at? + SILENT_CONFIRMATION)
    }
}

/// What both sides promise, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deal {
    /// Kind of the proposal.
    pub kind: KindName,
    /// How it is settled.
    pub settlement: Settlement,
    /// Units.
    pub quantity: i64,
    /// Duration in all, in minutes.
    pub minutes: Option<i64>,
    /// Price in all, in euro cents.
    pub price_cents: Option<i64>,
}

impl Deal {
    /// The deal of so many units of a proposal.
    pub fn of(
        kind: KindName,
        settlement: Settlement,
        quantity: i64,
        unit_minutes: Option<i64>,
        unit_cents: Option<i64>,
    ) -> Self {
        let in_all = |unit: Option<i64>| unit.map(|unit| unit.saturating_mul(quantity));
        let priced = matches!(
            settlement,
            Settlement::Euros | Settlement::Cesu | Settlement::CaeInvoice
        );
        Self {
            kind,
            settlement,
            quantity,
            minutes: in_all(unit_minutes),
            price_cents: if priced { in_all(unit_cents) } else { None },
        }
    }
}

#[cfg(test)]
mod tests;
