//! Why a governance object is not taken in.

use super::object::Kind;
use crate::json::JsonError;

/// A refused object; [`ObjectError::code`] is the stable word of the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {fault}", kind.map_or("object", Kind::as_str))]
pub struct ObjectError {
    /// What it says it is, once that was read.
    pub kind: Option<Kind>,
    /// The first rule broken.
    pub fault: Fault,
}

/// One broken rule. Sources: votes.md 4.2 to 4.5, 6.5.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is not one JSON document, or costs too much to read.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A null, a fraction, an exponent, `-0` or an integer beyond 2^53 − 1.
    #[error("value at {at:?} is not allowed in what is signed")]
    Content {
        /// Where, as a JSON pointer.
        at: String,
    },
    /// A text is empty or not in the normal form NFC.
    #[error("text at {at:?} is empty or not in NFC")]
    Text {
        /// The member that holds it, or the member's own name.
        at: String,
    },
    /// `@context` is not exactly the one of governance, or the whole is no JSON object.
    #[error("@context is not that of a governance object")]
    Context,
    /// `type` is none of ours.
    #[error("type is not one of governance")]
    UnknownType,
    /// A member that is needed is absent.
    #[error("{field} is missing")]
    Missing {
        /// Its name.
        field: &'static str,
    },
    /// A member without meaning here: it could change the sense in a way we would not see.
    #[error("{field} is not known here")]
    Unknown {
        /// Its name.
        field: String,
    },
    /// A member breaks its own rule: shape, range, order of a set, or agreement with another member.
    #[error("{field} is not valid")]
    Wrong {
        /// Its name.
        field: &'static str,
    },
    /// The canonical form is longer than its kind allows.
    #[error("{bytes} bytes are more than {bytes_max}")]
    TooLong {
        /// Length of the canonical form without the proof.
        bytes: usize,
        /// Length allowed.
        bytes_max: usize,
    },
    /// The proof is absent, too many, malformed, or not made by the key asked for.
    #[error("the proof is not valid")]
    Proof,
    /// The signer has no voice, or not the part that the object needs.
    #[error("the signer is no elector, or not in that part")]
    NotElector,
    /// It belongs to another poll than the one at hand.
    #[error("it belongs to another poll")]
    OtherPoll,
}

impl ObjectError {
    /// The stable code of the refusal. Source: security.md §8.1.
    pub const fn code(&self) -> &'static str {
        match (&self.fault, self.kind) {
            (Fault::Json(_), _) => "bad_json",
            (Fault::Proof, _) => "proof_invalid",
            (Fault::NotElector, _) => "not_elector",
            (_, Some(Kind::Poll)) => "poll_invalid",
            (_, Some(Kind::Ballot)) => "ballot_invalid",
            _ => "object_invalid",
        }
    }
}

impl Fault {
    /// This fault, in an object of that kind.
    pub(crate) const fn in_a(self, kind: Kind) -> ObjectError {
        ObjectError {
            kind: Some(kind),
            fault: self,
        }
    }
}
