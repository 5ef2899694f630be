//! `Delete`: something is no more. It must work before its object is known (security.md D33).

use serde_json::Value;

use super::error::ParseError;
use super::read::{Fields, single, uri_of};
use super::write::{Envelope, Object, activity, context_plain};
use crate::trust::Trust;
use crate::{Instant, Uri};

/// Something is no more, whatever it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// What is deleted: an object, or the actor itself.
    pub object: Uri,
    /// The `ikpa:kind` it had, as the sender says.
    pub kind: Option<String>,
    /// The type it had, as the sender says.
    pub former_type: Option<String>,
    /// Whether the actor deletes itself.
    pub of_actor: bool,
}

impl Deletion {
    pub(crate) fn read(fields: Fields<'_>, actor: &Uri) -> Result<Self, ParseError> {
        let field = "object";
        let value = single(fields.get(field).ok_or(ParseError::Missing { field })?);
        let object = uri_of(value, field)?;
        let tombstone = Fields::of(value, field).ok();
        let line = |key| match tombstone {
            Some(tombstone) => tombstone.line_if_good(key),
            None => Ok(None),
        };
        Ok(Self {
            of_actor: object == *actor,
            kind: line("ikpa:kind")?,
            former_type: line("formerType")?,
            object,
        })
    }

    /// Anybody heard may delete what is its own.
    pub const fn trust_min(&self) -> Trust {
        Trust::Guest
    }
}

/// `Delete{Tombstone}` of an object.
pub fn delete(envelope: &Envelope, id: &Uri, former_type: &str, kind: Option<&str>) -> Value {
    let tombstone = tombstone(envelope, id, former_type, kind).done();
    activity(context_plain(), "Delete", envelope, tombstone).done()
}

/// `Delete` of an actor: its id alone, the form every server reads.
pub fn delete_actor(envelope: &Envelope) -> Value {
    activity(
        context_plain(),
        "Delete",
        envelope,
        envelope.actor.as_str().into(),
    )
    .done()
}

/// What stands at the address of a thing that was deleted, answered with status 410
/// (ActivityPub §6.4).
pub fn gone(id: &Uri, former_type: Option<&str>, deleted_at: Option<Instant>) -> Value {
    Object::new("Tombstone")
        .set("@context", context_plain())
        .uri("id", id)
        .opt("formerType", former_type)
        .opt_instant("deleted", deleted_at)
        .done()
}

fn tombstone(envelope: &Envelope, id: &Uri, former_type: &str, kind: Option<&str>) -> Object {
    Object::new("Tombstone")
        .uri("id", id)
        .set("formerType", former_type)
        .opt("ikpa:kind", kind)
        .instant("deleted", envelope.published)
}
