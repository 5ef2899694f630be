//! Whether a response fits its proposal (FEP-0837). Stock, dates and rules of the kind are asked
//! by the hub that owns the proposal.

use super::{Intent, Quantity};
use crate::vocabulary::agreement::Commitment;
use crate::vocabulary::response::ResponseObject;
use crate::vocabulary::terms::Settlement;

/// Why a response does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum FitError {
    /// A commitment names no intent of the proposal, or one twice.
    #[error("a commitment does not satisfy an intent of the proposal")]
    Intent,
    /// Nothing is promised in return though the proposal asks for it.
    #[error("nothing is promised in return")]
    NothingInReturn,
    /// A unit differs from the one of the intent.
    #[error("a unit differs from the one of the proposal")]
    Unit,
    /// An amount is not a multiple, or not the same multiple on both sides.
    #[error("an amount does not fit the proposal")]
    Amount,
}

/// Checks a response against the intents of its proposal and returns how many units of the proposal
/// it takes: 1 unless `unit_based`.
///
/// A gift needs nothing in return; any other settlement at least one reciprocal commitment when the
/// proposal has reciprocal intents.
///
/// # Errors
/// [`FitError`] names the rule; the answer is a `Reject` with reason `quantity`.
pub fn fits(
    primary: &Intent,
    reciprocal: &[Intent],
    unit_based: bool,
    response: &ResponseObject,
) -> Result<i64, FitError> {
    let units = multiple(primary, &response.primary)?;
    if units != 1 && !unit_based {
        return Err(FitError::Amount);
    }
    let gift = response.settlement == Some(Settlement::Gift);
    if response.reciprocal.is_empty() && !reciprocal.is_empty() && !gift {
        return Err(FitError::NothingInReturn);
    }
    let mut open: Vec<&Intent> = reciprocal.iter().collect();
    for commitment in &response.reciprocal {
        let at = open
            .iter()
            .position(|intent| intent.id == commitment.satisfies)
            .ok_or(FitError::Intent)?;
        if multiple(open.swap_remove(at), commitment)? != units {
            return Err(FitError::Amount);
        }
    }
    Ok(units)
}

fn multiple(intent: &Intent, commitment: &Commitment) -> Result<i64, FitError> {
    if commitment.satisfies != intent.id {
        return Err(FitError::Intent);
    }
    if !commitment.quantity.same_unit(intent.quantity) {
        return Err(FitError::Unit);
    }
    let (asked, one) = (commitment.quantity.amount(), intent.quantity.amount());
    match (asked.checked_rem(one), asked.checked_div(one)) {
        (Some(0), Some(units)) => Ok(units),
        _ => Err(FitError::Amount),
    }
}

impl Quantity {
    /// The amount in its store unit: minutes, cents or thousandths.
    pub const fn amount(self) -> i64 {
        match self {
            Self::Time { minutes } => minutes,
            Self::Money { cents } => cents,
            Self::Count { milli, .. } => milli,
        }
    }
}
