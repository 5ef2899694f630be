//! Following an actor, and being followed.

use serde_json::Value;

use super::write::{Envelope, Object, activity, context_plain};
use crate::Uri;
use crate::trust::Trust;

/// What is said about following.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowMessage {
    /// `Follow`.
    Asked {
        /// The actor to be followed.
        object: Uri,
    },
    /// `Accept{Follow}`; counts only for a Follow that was sent (security.md D35).
    Accepted(FollowPointer),
    /// `Reject{Follow}`; also ends a following that was accepted.
    Rejected(FollowPointer),
    /// `Undo{Follow}`.
    Undone(FollowPointer),
}

/// What an answer says about the Follow it names. Only a pointer: the stored Follow is what counts
/// (federation.md 3.3.5). Some servers leave out the id, then follower and followed identify it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowPointer {
    /// The Follow activity.
    pub id: Option<Uri>,
    /// Who follows.
    pub follower: Option<Uri>,
    /// Who is followed.
    pub followed: Option<Uri>,
}

impl FollowMessage {
    /// Public actors may be followed by everybody who is heard.
    pub const fn trust_min(&self) -> Trust {
        Trust::Guest
    }
}

/// `Follow`.
pub fn ask(envelope: &Envelope, followed: &Uri) -> Value {
    activity(
        context_plain(),
        "Follow",
        envelope,
        followed.as_str().into(),
    )
    .done()
}

/// `Accept{Follow}`.
pub fn accept(envelope: &Envelope, follow: &FollowPointer) -> Value {
    about("Accept", envelope, follow)
}

/// `Reject{Follow}`.
pub fn reject(envelope: &Envelope, follow: &FollowPointer) -> Value {
    about("Reject", envelope, follow)
}

/// `Undo{Follow}`.
pub fn undo(envelope: &Envelope, follow: &FollowPointer) -> Value {
    about("Undo", envelope, follow)
}

fn about(type_name: &str, envelope: &Envelope, follow: &FollowPointer) -> Value {
    let pointer = Object::new("Follow")
        .opt_uri("id", follow.id.as_ref())
        .opt_uri("actor", follow.follower.as_ref())
        .opt_uri("object", follow.followed.as_ref())
        .done();
    activity(context_plain(), type_name, envelope, pointer).done()
}
