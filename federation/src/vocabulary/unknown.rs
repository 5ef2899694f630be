//! What we do not know: kept raw, shown as its Note if it is one, answered 202 (federation.md 6.1.7).

use serde_json::Value;

use super::note::NoteObject;
use super::write::{Envelope, activity, context_plain};
use crate::trust::Trust;

/// A well-formed activity without a meaning for us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The activity's type.
    pub activity_type: String,
    /// The object's type, when embedded.
    pub object_type: Option<String>,
    /// The object's `ikpa:kind`.
    pub kind: Option<String>,
    /// The object as a plain post, when it can be shown as one.
    pub note: Option<Box<NoteObject>>,
}

/// A governance object (`ikpa:Poll`, `ikpa:Ballot`, …) inside `Create`: its own proof says who made
/// it, the sender only carries it (federation.md 3.3.7). Its content is read by the votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Governance {
    /// The type after `ikpa:`.
    pub type_name: String,
}

impl Unknown {
    /// Kinds of our own and economic objects need an allowed peer even when this version does not
    /// know them; the rest is as open as a plain post.
    pub fn trust_min(&self) -> Trust {
        let economic = [
            "Agreement",
            "Commitment",
            "EconomicEvent",
            "Intent",
            "Proposal",
        ];
        let object = self.object_type.as_deref().unwrap_or_default();
        if self.kind.is_some() || self.activity_type == "Offer" || economic.contains(&object) {
            Trust::Allowed
        } else {
            Trust::Guest
        }
    }
}

impl Governance {
    /// A member or an allowed peer may carry them, a guest never (decision 15).
    pub const fn trust_min(&self) -> Trust {
        Trust::Allowed
    }
}

/// `Create{object}` that carries a governance object as it was signed, to hub actors alone
/// (federation.md 6.2, « governance transport »).
pub fn carry(envelope: &Envelope, original: &Value) -> Value {
    activity(context_plain(), "Create", envelope, original.clone()).done()
}
