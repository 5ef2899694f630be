//! What each hub contributes, as a formula of integers.

use crate::governance::error::Fault;
use crate::governance::fields::Fields;
use crate::governance::members::Members;

words! {
    /// What a contribution is a multiple of. Source: votes.md 6.8.
    pub enum ContributionBase {
        /// The same for every hub.
        Flat = "flat",
        /// For each coopérant.
        PerCooperant = "per_cooperant",
        /// For each thousand euros of turnover.
        PerMilleTurnover = "per_mille_turnover",
    }
}

/// What each hub contributes: integers only, money in cents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// A multiple of what.
    pub base: ContributionBase,
    /// How much, in cents.
    pub amount_cents: u64,
    /// Never less, in cents.
    pub floor_cents: u64,
    /// Never more, in cents.
    pub cap_cents: u64,
    /// For which time.
    pub period: String,
}

impl Contribution {
    pub(super) fn read(of: &mut Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            base: of.required_as("ikpa:base", |word| ContributionBase::parse(word.as_str()?))?,
            amount_cents: of.count("ikpa:amount_cents")?,
            floor_cents: of.count("ikpa:floor_cents")?,
            cap_cents: of.count("ikpa:cap_cents")?,
            period: of.text("ikpa:period")?,
        })
    }

    pub(super) fn write(&self) -> Members {
        Members::new()
            .with("ikpa:base", self.base.as_str())
            .with("ikpa:amount_cents", self.amount_cents)
            .with("ikpa:floor_cents", self.floor_cents)
            .with("ikpa:cap_cents", self.cap_cents)
            .with("ikpa:period", self.period.as_str())
    }
}
