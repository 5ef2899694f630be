//! The permission rule (federation.md 3.3): origin, tier, owner, single writer.
//!
//! What needs our register or our store is asked with what the caller found there; nothing is
//! taken from the activity itself but who sent it.

use crate::activity::{Activity, Body};
use crate::origin::{self, OriginError};
use crate::trust::{Heard, NotHeard, Peer};
use crate::vocabulary::agreement::{AgreementMessage, AgreementObject, Party};
use crate::vocabulary::fact::{Fact, FactKind};
use crate::vocabulary::follow::FollowMessage;
use crate::vocabulary::response::ResponseMessage;
use crate::{Origin, Uri};

/// What the sender is on its own server, from the actor document we hold, never from the activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Voice {
    /// The Group actor of a KPA: it speaks for itself and, where 6.2 says so, for its members.
    Hub,
    /// Anybody else: speaks for itself alone.
    Single,
}

/// Why an activity is not let through; always status 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PermissionError {
    /// Addresses contradict each other.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The tier does not suffice.
    #[error(transparent)]
    NotHeard(#[from] NotHeard),
    /// The sender is neither the owner nor entitled to speak for it.
    #[error("the sender does not own this")]
    NotOwner,
    /// The sender is not a party of the agreement.
    #[error("the sender is not a party of this agreement")]
    NotParty,
}

impl PermissionError {
    /// The stable code of the answer.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Origin(error) => error.code(),
            Self::NotHeard(error) => error.code(),
            Self::NotOwner | Self::NotParty => "not_owner",
        }
    }
}

/// Rules 1, 2 and the sender's half of 4, for an activity whose signature was verified.
///
/// What is answered, undone, changed or deleted must still be compared with the stored thing:
/// [`may_change`], [`may_undo`], [`side_of`].
///
/// # Errors
/// [`PermissionError`] with its stable code.
pub fn check(
    activity: &Activity,
    peer: &Peer,
    voice: Voice,
    ours: &Origin,
) -> Result<Heard, PermissionError> {
    origin::check(activity, ours)?;
    if peer.origin != activity.actor.origin() {
        return Err(OriginError::Mismatch { field: "actor" }.into());
    }
    let heard = peer.heard_as(activity.body.trust_min())?;
    if let Body::Follow(message) = &activity.body {
        follow_is_own(message, &activity.actor)?;
    }
    match owner(&activity.body) {
        Some(owner) if *owner != activity.actor => {
            if voice == Voice::Hub && hub_may_speak_for_members(&activity.body) {
                Ok(heard)
            } else {
                Err(PermissionError::NotOwner)
            }
        }
        _ => Ok(heard),
    }
}

/// A Follow is undone by who follows and answered by who is followed, where the pointer says so;
/// the stored Follow is still what counts (security.md D34, D35).
fn follow_is_own(message: &FollowMessage, actor: &Uri) -> Result<(), PermissionError> {
    let claimed = match message {
        FollowMessage::Asked { .. } => None,
        FollowMessage::Accepted(follow) | FollowMessage::Rejected(follow) => {
            follow.followed.as_ref()
        }
        FollowMessage::Undone(follow) => follow.follower.as_ref(),
    };
    if claimed.is_none_or(|claimed| claimed == actor) {
        Ok(())
    } else {
        Err(PermissionError::NotOwner)
    }
}

/// Whom the object of an activity says it belongs to.
fn owner(body: &Body) -> Option<&Uri> {
    match body {
        Body::Proposal(message) => Some(&message.object().attributed_to),
        Body::Note(message) => Some(&message.object().attributed_to),
        Body::Actor(actor) => Some(&actor.id),
        Body::Move(moved) => Some(&moved.object),
        Body::Response(ResponseMessage::Offered(response)) => Some(&response.responder.actor),
        Body::Response(ResponseMessage::Accepted { agreement, .. }) => {
            Some(&agreement.attributed_to)
        }
        Body::Agreement(message) => Some(match message {
            AgreementMessage::Fact(fact) => &fact.attributed_to,
            AgreementMessage::Contested(statement)
            | AgreementMessage::Cancelled(statement)
            | AgreementMessage::Said(statement) => &statement.attributed_to,
            AgreementMessage::Resolved(resolution) => &resolution.statement.attributed_to,
            AgreementMessage::Copy(agreement) => &agreement.attributed_to,
            AgreementMessage::Contact(contact) => &contact.attributed_to,
        }),
        Body::Unknown(unknown) => unknown.note.as_ref().map(|note| &note.attributed_to),
        Body::Response(_)
        | Body::Follow(_)
        | Body::Announce(_)
        | Body::Delete(_)
        | Body::Participation(_)
        | Body::Like(_)
        | Body::Flag(_)
        | Body::Answer(_)
        | Body::Undo(_)
        | Body::Governance(_) => None,
    }
}

/// The rows of 6.2 where the hub may act on what its member owns: it moderates proposals, decides
/// as holder of the agreement, and renews the actor documents it serves. Facts, contests, messages
/// and contacts are a party's own words.
const fn hub_may_speak_for_members(body: &Body) -> bool {
    matches!(
        body,
        Body::Proposal(_)
            | Body::Actor(_)
            | Body::Response(ResponseMessage::Accepted { .. })
            | Body::Agreement(AgreementMessage::Copy(_) | AgreementMessage::Resolved(_))
    )
}

/// Whether `actor` may change, delete or decide on a stored thing of `owner`: the owner itself, or
/// the hub of the same origin (rules 1, 4; security.md D30, D33).
///
/// # Errors
/// [`PermissionError::NotOwner`].
pub fn may_change(owner: &Uri, actor: &Uri, voice: Voice) -> Result<(), PermissionError> {
    let own = owner == actor;
    let as_hub = voice == Voice::Hub && owner.origin() == actor.origin();
    if own || as_hub {
        Ok(())
    } else {
        Err(PermissionError::NotOwner)
    }
}

/// Whether `actor` may undo a stored activity of `author`: only the author itself (security.md D34).
///
/// # Errors
/// [`PermissionError::NotOwner`].
pub fn may_undo(author: &Uri, actor: &Uri) -> Result<(), PermissionError> {
    if author == actor {
        Ok(())
    } else {
        Err(PermissionError::NotOwner)
    }
}

/// The two sides of an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The author of the proposal; its hub holds the agreement.
    Proposer,
    /// The author of the response.
    Responder,
}

/// On which side of an agreement an actor stands: a party, or the hub of a party.
///
/// # Errors
/// [`PermissionError::NotParty`].
pub fn side_of(agreement: &AgreementObject, actor: &Uri) -> Result<Side, PermissionError> {
    let is = |party: &Party| party.actor == *actor || party.hub == *actor;
    if is(&agreement.proposer) {
        Ok(Side::Proposer)
    } else if is(&agreement.responder) {
        Ok(Side::Responder)
    } else {
        Err(PermissionError::NotParty)
    }
}

/// Whether a fact speaks about a commitment of the agreement as it was agreed: same parties, same
/// unit; a counter-entry turns the direction around and comes from the holder's side only.
///
/// # Errors
/// [`PermissionError::NotParty`].
pub fn fact_fits(agreement: &AgreementObject, fact: &Fact) -> Result<Side, PermissionError> {
    let side = side_of(agreement, &fact.attributed_to)?;
    let mut commitments = std::iter::once(&agreement.primary).chain(&agreement.reciprocal);
    let commitment = commitments
        .find(|commitment| commitment.id.as_ref() == Some(&fact.fulfills))
        .ok_or(PermissionError::NotParty)?;
    let flows = |from: &Option<Uri>, to: &Option<Uri>| {
        from.as_ref() == Some(&fact.provider) && to.as_ref() == Some(&fact.receiver)
    };
    let direction = if fact.kind == FactKind::CounterEntry {
        side == Side::Proposer && flows(&commitment.receiver, &commitment.provider)
    } else {
        flows(&commitment.provider, &commitment.receiver)
    };
    if direction && fact.agreement == agreement.id && fact.quantity.same_unit(commitment.quantity) {
        Ok(side)
    } else {
        Err(PermissionError::NotParty)
    }
}
