//! Answers to a proposal: FEP-0837 `Offer{Agreement}`, then `Accept{result}` or `Reject{content}`.

use serde_json::Value;

use super::agreement::{AgreementObject, Commitment, Party, commitments};
use super::error::ParseError;
use super::read::{Fields, owner_or};
use super::terms::{RefusalReason, Settlement};
use super::write::{Envelope, Object, activity, context_economic, context_plain};
use crate::trust::Trust;
use crate::{Instant, Uri};

/// The `ikpa:kind` our `Reject` of a response carries, since its `object` is only an id (FEP-0837).
pub const KIND: &str = "response";

/// What is said about a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponseMessage {
    /// `Offer`: somebody answers a proposal.
    Offered(Box<ResponseObject>),
    /// `Undo`: the answer is taken back before it was decided.
    TakenBack {
        /// The `Offer` activity.
        offer: Uri,
    },
    /// `Accept`: the proposer's hub concludes the agreement (I-03).
    Accepted {
        /// The `Offer` activity; only a pointer, the stored one counts (federation.md 3.3.5).
        offer: Uri,
        /// The agreement, with its address.
        agreement: Box<AgreementObject>,
    },
    /// `Reject`: the proposer's hub refuses.
    Refused(Refusal),
}

/// A refused response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The `Offer` activity.
    pub offer: Uri,
    /// Why, for the software.
    pub reason: Option<RefusalReason>,
    /// Why, for people; HTML.
    pub message_html: Option<String>,
}

/// An answer to a proposal; its address is the one of its `Offer` activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseObject {
    /// Who answers.
    pub responder: Party,
    /// The proposal.
    pub proposal: Uri,
    /// What is taken of the primary intent.
    pub primary: Commitment,
    /// What is given of the reciprocal intents.
    pub reciprocal: Vec<Commitment>,
    /// The way of compensating chosen among those of the proposal.
    pub settlement: Option<Settlement>,
    /// When it should happen.
    pub planned_at: Option<Instant>,
    /// Words for the author; HTML.
    pub message_html: Option<String>,
}

impl ResponseMessage {
    /// Economic life is for members and allowed peers (federation.md 3.2).
    pub const fn trust_min(&self) -> Trust {
        Trust::Allowed
    }
}

impl ResponseObject {
    /// Reads an `Offer` activity whose object is an Agreement.
    ///
    /// # Errors
    /// [`ParseError`] names the key.
    pub(crate) fn read(offer: Fields<'_>, actor: &Uri) -> Result<Self, ParseError> {
        let object = offer
            .get("object")
            .ok_or(ParseError::Missing { field: "object" })?;
        let fields = Fields::of(object, "object")?;
        let owner = owner_or(fields, actor)?;
        let (primary, reciprocal) = commitments(fields)?;
        let proposal = primary.satisfies.without_fragment();
        if fields
            .uri("context")?
            .is_some_and(|context| context != proposal)
        {
            return Err(ParseError::Wrong { field: "context" });
        }
        if reciprocal
            .iter()
            .any(|c| c.satisfies.without_fragment() != proposal)
        {
            return Err(ParseError::Wrong {
                field: "stipulatesReciprocal",
            });
        }
        let responder = match Party::read(fields, "ikpa:responder")? {
            Some(party) if party.actor != owner => {
                return Err(ParseError::Wrong {
                    field: "ikpa:responder",
                });
            }
            Some(party) => party,
            None => Party {
                hub: actor.clone(),
                actor: owner,
                reference: None,
            },
        };
        Ok(Self {
            responder,
            proposal,
            primary,
            reciprocal,
            settlement: fields.word("ikpa:settlement", Settlement::parse)?,
            planned_at: fields.instant("ikpa:plannedAt")?,
            message_html: offer.html("content")?,
        })
    }
}

impl Refusal {
    pub(crate) fn read(reject: Fields<'_>) -> Result<Self, ParseError> {
        Ok(Self {
            offer: reject.uri_needed("object")?,
            // A reason we do not know yet is a plain refusal.
            reason: reject
                .line_if_good("ikpa:reason")?
                .map(|word| RefusalReason::parse(&word).unwrap_or(RefusalReason::Declined)),
            message_html: reject.html("content")?,
        })
    }
}

/// `Offer{Agreement}`: answers a proposal.
pub fn offer(envelope: &Envelope, response: &ResponseObject) -> Value {
    let agreement = Object::new("Agreement")
        .uri("attributedTo", &response.responder.actor)
        .set("ikpa:responder", response.responder.write())
        .uri("context", &response.proposal)
        .opt(
            "ikpa:settlement",
            response.settlement.map(Settlement::as_str),
        )
        .opt_instant("ikpa:plannedAt", response.planned_at)
        .set("stipulates", response.primary.write())
        .one_or_list(
            "stipulatesReciprocal",
            response.reciprocal.iter().map(Commitment::write).collect(),
        );
    activity(context_economic(), "Offer", envelope, agreement.done())
        .opt("content", response.message_html.as_deref())
        .done()
}

/// `Undo{Offer}`: takes an answer back.
pub fn take_back(envelope: &Envelope, offer: &Uri) -> Value {
    let pointer = Object::new("Offer")
        .uri("id", offer)
        .uri("actor", &envelope.actor)
        .done();
    activity(context_plain(), "Undo", envelope, pointer).done()
}

/// `Accept{object: offer id, result: Agreement}`.
pub fn accept(envelope: &Envelope, offer: &Uri, agreement: &AgreementObject) -> Value {
    activity(
        context_economic(),
        "Accept",
        envelope,
        offer.as_str().into(),
    )
    .set("result", agreement.write().done())
    .done()
}

/// `Reject{object: offer id, content}`.
pub fn reject(envelope: &Envelope, refusal: &Refusal) -> Value {
    activity(
        context_plain(),
        "Reject",
        envelope,
        refusal.offer.as_str().into(),
    )
    .set("ikpa:kind", KIND)
    .opt("ikpa:reason", refusal.reason.map(RefusalReason::as_str))
    .opt("content", refusal.message_html.as_deref())
    .done()
}
