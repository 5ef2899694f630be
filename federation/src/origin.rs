//! Who may speak about what: the rules of FEP-fe34 over addresses alone.
//!
//! Not here: tiers (`trust`), owners and roles (`permission`).

use crate::activity::{Activity, Body};
use crate::actor::RemoteActor;
use crate::vocabulary::ParseError;
use crate::vocabulary::read::Fields;
use crate::{Origin, Uri};

/// Why addresses in one document contradict each other; always status 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum OriginError {
    /// Two addresses that must share an origin do not.
    #[error("{field} is on another origin than the actor")]
    Mismatch {
        /// The JSON key at fault.
        field: &'static str,
    },
    /// Something that arrived from outside claims an address of ours (security.md D26).
    #[error("{field} claims an address of this hub")]
    Ours {
        /// The JSON key at fault.
        field: &'static str,
    },
}

impl OriginError {
    /// The stable code of the answer.
    pub const fn code(self) -> &'static str {
        "origin_mismatch"
    }
}

/// Checks an activity that arrived at `ours` (federation.md 3.3.1).
///
/// `id` and `actor` share an origin that is not ours; so does the object of `Create`, `Update` and
/// `Delete`. `Announce` and the pointers of `Accept`, `Reject`, `Undo`, `Like`, `Flag` speak about
/// things of others and are checked against what is stored. Governance objects prove themselves.
///
/// # Errors
/// [`OriginError`] names the key.
pub fn check(activity: &Activity, ours: &Origin) -> Result<(), OriginError> {
    let actor = activity.actor.origin();
    if actor == *ours {
        return Err(OriginError::Ours { field: "actor" });
    }
    same(&activity.id, &actor, ours, "id")?;
    if let Some(owned) = owned_object(activity) {
        same(&owned, &actor, ours, "object")?;
    }
    Ok(())
}

fn same(uri: &Uri, actor: &Origin, ours: &Origin, field: &'static str) -> Result<(), OriginError> {
    let origin = uri.origin();
    if origin == *ours {
        return Err(OriginError::Ours { field });
    }
    if origin == *actor {
        Ok(())
    } else {
        Err(OriginError::Mismatch { field })
    }
}

/// The address of what the actor claims to own in this activity.
fn owned_object(activity: &Activity) -> Option<Uri> {
    match &activity.body {
        Body::Proposal(message) => Some(message.object().id.clone()),
        Body::Note(message) => Some(message.object().id.clone()),
        Body::Actor(actor) => Some(actor.id.clone()),
        Body::Delete(deletion) => Some(deletion.object.clone()),
        Body::Move(moved) => Some(moved.object.clone()),
        // The object of a Create or Update; an Offer's Agreement has no address yet.
        Body::Agreement(_) | Body::Unknown(_) => {
            let fields = Fields::of(activity.object()?, "object").ok()?;
            let speaks = activity.raw.get("type").and_then(serde_json::Value::as_str);
            let owns = matches!(speaks, Some("Create" | "Update"));
            owns.then(|| fields.uri("id").ok().flatten()).flatten()
        }
        Body::Response(_)
        | Body::Follow(_)
        | Body::Announce(_)
        | Body::Participation(_)
        | Body::Like(_)
        | Body::Flag(_)
        | Body::Answer(_)
        | Body::Undo(_)
        | Body::Governance(_) => None,
    }
}

/// Whether a document fetched from `from` may be believed: its `id` is on that origin, and is the
/// address it was finally served at (security.md D23, D25).
///
/// # Errors
/// [`OriginError::Mismatch`]; the caller may fetch again from the `id`, within its budget.
pub fn fetched(id: &Uri, from: &Uri) -> Result<(), OriginError> {
    if id.without_fragment() == from.without_fragment() {
        Ok(())
    } else {
        Err(OriginError::Mismatch { field: "id" })
    }
}

/// Why a fresh actor document does not replace the one we hold until an admin agrees (security.md D38).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum RefreshError {
    /// It is about another actor.
    #[error("the document is about another actor")]
    Another,
    /// Its type changed.
    #[error("the type of the actor changed")]
    TypeChanged,
    /// Its inbox moved to another origin.
    #[error("the inbox moved to another server")]
    InboxMoved,
    /// Its user name changed.
    #[error("the user name changed")]
    Renamed,
}

/// Compares a fresh actor document with the one we hold.
///
/// # Errors
/// [`RefreshError`] says what changed that may not change silently.
pub fn refreshed(held: &RemoteActor, fresh: &RemoteActor) -> Result<(), RefreshError> {
    if held.id != fresh.id {
        return Err(RefreshError::Another);
    }
    if held.actor_type != fresh.actor_type {
        return Err(RefreshError::TypeChanged);
    }
    if held.inbox.origin() != fresh.inbox.origin() {
        return Err(RefreshError::InboxMoved);
    }
    if held.preferred_username != fresh.preferred_username {
        return Err(RefreshError::Renamed);
    }
    Ok(())
}

/// Whether a document names exactly one owner of the actor's origin; for objects that are fetched.
///
/// # Errors
/// [`ParseError::AttributedTo`].
pub fn owner(object: &serde_json::Value, expected: &Origin) -> Result<Uri, ParseError> {
    let fields = Fields::of(object, "object")?;
    crate::vocabulary::read::owner(fields)?
        .filter(|owner| owner.origin() == *expected)
        .ok_or(ParseError::AttributedTo)
}
