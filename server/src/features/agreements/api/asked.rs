//! What programs send about answers and agreements, checked field by field.

use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::{AgreementState, Settlement};
use serde::Deserialize;

use crate::db::conn::Conn;
use crate::features::agreements::commands::deeds::Word;
use crate::features::agreements::commands::{Doer, NewResponse};
use crate::features::agreements::model::{
    MESSAGE_CHARACTERS_MAX, MINUTES_MAX, MINUTES_STEP, PLANNED_CHARACTERS_MAX,
    REASON_CHARACTERS_MAX,
};
use crate::features::people;
use crate::features::people::rights::Right;
use crate::http::error::{AppError, FieldError};
use crate::http::identity::SignedIn;

/// An answer to a proposal.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct NewResponseJson {
    #[serde(default)]
    /// Plain text.
    message: String,
    #[serde(default = "one")]
    /// Units, at least one.
    quantity: i64,
    /// How it would be settled; the first way offered when absent.
    settlement: Option<String>,
    #[serde(default)]
    /// « samedi 14 h »
    planned: String,
    /// Whether phone and e-mail go to the other person after agreements, from now on; absent leaves
    /// it as it was.
    pub(super) share_contact: Option<bool>,
    /// The member (id) for whom somebody of the team answers, with `consent`.
    pub(super) for_member: Option<String>,
    #[serde(default)]
    /// The person agreed.
    pub(super) consent: bool,
}

/// An acceptance.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub(super) struct AcceptJson {
    /// As with an answer.
    pub(super) share_contact: Option<bool>,
}

fn one() -> i64 {
    1
}

/// Words about an agreement or an answer; each call says which of them it reads.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub(super) struct WordsJson {
    /// Why: of a refusal, a contest, a cancellation, a settlement.
    reason: String,
    /// A message of the thread.
    text: String,
    /// Duration, in quarters of an hour.
    minutes: Option<i64>,
    /// RFC 3339, not in the future.
    happened_at: Option<String>,
    /// A few words about what happened.
    note: String,
    /// `confirmed` or `cancelled`, of a settlement.
    outcome: String,
    /// The party (id of a member) for whom somebody of the team says it; of what was done, a confirmation,
    /// a contest, a cancellation.
    pub(super) for_member: Option<String>,
}

/// For whom something is asked.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub(super) struct ForMember {
    /// The member (id) for whom somebody of the team acts; the caller when absent.
    pub(super) for_member: Option<String>,
}

/// Who acts: the caller, or the caller for a member of this hub (decision 0012).
///
/// # Errors
/// 403 without the right to act for others; 422 for nobody of this hub.
pub(super) fn doer(
    conn: &mut Conn,
    by: SignedIn,
    for_member: Option<&str>,
) -> Result<Doer, AppError> {
    let Some(text) = for_member else {
        return Ok(Doer::own(by));
    };
    by.require(Right::ActOnBehalf)?;
    let cards = people::active_cards(conn)?;
    let member = cards.into_iter().find(|card| card.id.as_str() == text);
    match member {
        Some(card) => Ok(Doer::acting(by, Some(card.id))?),
        None => Err(AppError::invalid(vec![FieldError::new(
            "for_member",
            "unknown_choice",
        )])),
    }
}

/// Where a list goes on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub(super) struct After {
    /// The `next` of the page before.
    pub(super) after: Option<String>,
    /// The member (id) whose list somebody of the team reads; the caller's when absent. Only where
    /// somebody acts for others: agreements.
    pub(super) for_member: Option<String>,
}

fn bounded(field: &str, text: &str, characters_max: usize) -> Result<String, FieldError> {
    let text = text.trim();
    if text.chars().count() > characters_max {
        return Err(FieldError::new(field, "too_long"));
    }
    Ok(text.to_owned())
}

impl NewResponseJson {
    /// Checks what a program sent.
    ///
    /// # Errors
    /// 422 with every field at fault.
    pub(super) fn check(&self, offered: &[Settlement]) -> Result<NewResponse, AppError> {
        let mut errors = Vec::new();
        let mut keep = |result: Result<String, FieldError>| {
            result.unwrap_or_else(|error| {
                errors.push(error);
                String::new()
            })
        };
        let message = keep(bounded("message", &self.message, MESSAGE_CHARACTERS_MAX));
        let planned = keep(bounded("planned", &self.planned, PLANNED_CHARACTERS_MAX));
        if self.for_member.is_some() && !self.consent {
            errors.push(FieldError::new("consent", "consent_required"));
        }
        if self.quantity < 1 {
            errors.push(FieldError::new("quantity", "out_of_range"));
        }
        let settlement = match &self.settlement {
            Some(word) => Settlement::parse(word),
            None => offered.first().copied(),
        };
        match settlement {
            Some(settlement) if errors.is_empty() => Ok(NewResponse {
                message,
                quantity: self.quantity,
                settlement,
                planned,
            }),
            Some(_) => Err(AppError::invalid(errors)),
            None => {
                errors.push(FieldError::new("settlement", "unknown_choice"));
                Err(AppError::invalid(errors))
            }
        }
    }
}

impl WordsJson {
    /// The reason, which may be empty.
    ///
    /// # Errors
    /// 422: too long.
    pub(super) fn reason(&self) -> Result<String, AppError> {
        bounded("reason", &self.reason, REASON_CHARACTERS_MAX)
            .map_err(|error| AppError::invalid(vec![error]))
    }

    /// The reason where one is needed.
    ///
    /// # Errors
    /// 422: too long, or none.
    pub(super) fn reason_needed(&self) -> Result<String, AppError> {
        needed("reason", self.reason()?)
    }

    /// The message.
    ///
    /// # Errors
    /// 422: too long, or none.
    pub(super) fn text_needed(&self) -> Result<String, AppError> {
        let text = bounded("text", &self.text, MESSAGE_CHARACTERS_MAX)
            .map_err(|error| AppError::invalid(vec![error]))?;
        needed("text", text)
    }

    /// How a disagreement ends.
    ///
    /// # Errors
    /// 422: neither `confirmed` nor `cancelled`.
    pub(super) fn outcome(&self) -> Result<AgreementState, AppError> {
        AgreementState::parse(&self.outcome)
            .filter(|state| matches!(state, AgreementState::Confirmed | AgreementState::Cancelled))
            .ok_or_else(|| AppError::invalid(vec![FieldError::new("outcome", "unknown_choice")]))
    }

    /// The duration, if any.
    ///
    /// # Errors
    /// 422: not in quarters of an hour, or out of range.
    pub(super) fn minutes(&self) -> Result<Option<i64>, AppError> {
        match self.minutes {
            Some(minutes)
                if minutes <= 0 || minutes % MINUTES_STEP != 0 || minutes > MINUTES_MAX =>
            {
                Err(AppError::invalid(vec![FieldError::new(
                    "minutes",
                    "duration_step",
                )]))
            }
            minutes => Ok(minutes),
        }
    }

    /// What a party says happened; `now` when no date is given.
    ///
    /// # Errors
    /// 422 with the field at fault.
    pub(super) fn word(&self, now: Instant) -> Result<Word, AppError> {
        let happened_at = match &self.happened_at {
            None => now,
            Some(text) => {
                let at = Instant::parse_rfc3339(text).ok().filter(|at| *at <= now);
                at.ok_or_else(|| {
                    AppError::invalid(vec![FieldError::new("happened_at", "not_a_date")])
                })?
            }
        };
        let note = bounded("note", &self.note, REASON_CHARACTERS_MAX)
            .map_err(|error| AppError::invalid(vec![error]))?;
        Ok(Word {
            minutes: self.minutes()?,
            happened_at,
            note,
        })
    }
}

fn needed(field: &str, text: String) -> Result<String, AppError> {
    if text.is_empty() {
        return Err(AppError::invalid(vec![FieldError::new(field, "required")]));
    }
    Ok(text)
}
