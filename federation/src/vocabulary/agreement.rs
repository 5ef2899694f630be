//! Agreements: what both sides promise, held by the proposer's hub, copied with a date elsewhere.

use serde_json::Value;

use super::fact::Fact;
use super::quantity::Quantity;
use super::statement::{Contact, Resolution, Statement};
use super::terms::{Action, AgreementState, KindName, Settlement};
use super::write::{Envelope, activity, context_economic};
use crate::trust::Trust;
use crate::{Instant, Uri};

mod wire;
pub(crate) use wire::commitments;

/// Most facts named by one copy of an agreement.
pub const FACTS_MAX: usize = 100;
/// Longest pseudonymous reference of a party, in bytes.
pub const PARTY_REF_BYTES_MAX: usize = 64;

/// What is said about an agreement that exists. All of it is private to the parties and their hubs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgreementMessage {
    /// A party says what happened, or confirms it.
    Fact(Box<Fact>),
    /// A party says it did not happen so.
    Contested(Box<Statement>),
    /// A party gives up before it happened.
    Cancelled(Box<Statement>),
    /// The owner's facilitator settles a dispute.
    Resolved(Box<Resolution>),
    /// The owner's dated copy: the state that counts.
    Copy(Box<AgreementObject>),
    /// Words between the parties.
    Said(Box<Statement>),
    /// How to reach a party.
    Contact(Box<Contact>),
}

/// An agreement as its owner shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementObject {
    /// Address, on the proposer's hub.
    pub id: Uri,
    /// The author of the proposal.
    pub attributed_to: Uri,
    /// The proposal.
    pub proposal: Uri,
    /// The `Offer` activity it answers.
    pub offer: Uri,
    /// Title of the proposal when it was concluded.
    pub title: Option<String>,
    /// Page for people.
    pub url: Uri,
    /// When it was concluded.
    pub published: Instant,
    /// When its state last changed; an older copy changes nothing.
    pub updated: Option<Instant>,
    /// Where it stands.
    pub state: AgreementState,
    /// What kind of agreement it is.
    pub kind: KindName,
    /// How it is settled.
    pub settlement: Settlement,
    /// When it should happen.
    pub planned_at: Option<Instant>,
    /// Author of the proposal.
    pub proposer: Party,
    /// Author of the response.
    pub responder: Party,
    /// What was asked for.
    pub primary: Commitment,
    /// What flows back.
    pub reciprocal: Vec<Commitment>,
    /// The facts recorded so far, at most [`FACTS_MAX`].
    pub facts: Vec<Uri>,
}

/// One side of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The public actor, or the hub for a member who did not opt in.
    pub actor: Uri,
    /// The hub that answers for this side.
    pub hub: Uri,
    /// The hub's own name for the person behind it; means nothing elsewhere.
    pub reference: Option<PartyRef>,
}

/// A stable pseudonym of a person for one hub to route by: 1 to [`PARTY_REF_BYTES_MAX`] of `a-z`,
/// `0-9` and `-`. It never holds a name and should differ for each agreement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyRef(String);

/// One promised flow (ValueFlows Commitment).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// Address: the agreement with a fragment; absent in a response.
    pub id: Option<Uri>,
    /// The intent of the proposal.
    pub satisfies: Uri,
    /// How much.
    pub quantity: Quantity,
    /// What happens; absent in a response.
    pub action: Option<Action>,
    /// From whom; absent in a response.
    pub provider: Option<Uri>,
    /// To whom; absent in a response.
    pub receiver: Option<Uri>,
}

impl AgreementMessage {
    /// Economic life is for members and allowed peers (federation.md 3.2).
    pub const fn trust_min(&self) -> Trust {
        Trust::Allowed
    }

    /// The agreement spoken about.
    pub fn agreement(&self) -> &Uri {
        match self {
            Self::Fact(fact) => &fact.agreement,
            Self::Contested(statement) | Self::Cancelled(statement) | Self::Said(statement) => {
                &statement.agreement
            }
            Self::Resolved(resolution) => &resolution.statement.agreement,
            Self::Copy(agreement) => &agreement.id,
            Self::Contact(contact) => &contact.agreement,
        }
    }
}

/// `Update{Agreement}`: the owner's dated copy; it needs `updated`.
pub fn copy(envelope: &Envelope, agreement: &AgreementObject) -> Value {
    activity(
        context_economic(),
        "Update",
        envelope,
        agreement.write().done(),
    )
    .done()
}

/// The agreement as it is served to its parties at its own address.
pub fn object(agreement: &AgreementObject) -> Value {
    agreement.write().set("@context", context_economic()).done()
}
