//! Which JSON governance lets in, beyond what every reader refuses. Source: votes.md 4.2.

use serde_json::{Value, json};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::error::Fault;
use super::hash::ObjectHash;
use crate::jcs::{Content, JcsError, canonical};
use crate::json::JsonLimits;

/// What one received object may cost to read, its proofs included.
pub(crate) const LIMITS: JsonLimits = JsonLimits {
    bytes_max: 1_048_576,
    depth_max: 32,
    values_max: 50_000,
    name_bytes_max: 128,
};

/// The one `@context` of governance.
pub(crate) fn context() -> Value {
    json!([
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/data-integrity/v1",
        {"ikpa": "urn:interkpa:ns:"}
    ])
}

/// Refuses texts and names that are empty or not in NFC, at every depth.
pub(crate) fn check_texts(value: &Value, at: &str) -> Result<(), Fault> {
    match value {
        Value::String(text) => check_text(text, at),
        Value::Array(items) => items.iter().try_for_each(|item| check_texts(item, at)),
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            check_text(name, name)?;
            check_texts(member, name)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn check_text(text: &str, at: &str) -> Result<(), Fault> {
    if text.is_empty() || !is_nfc(text) {
        return Err(Fault::Text { at: at.to_owned() });
    }
    Ok(())
}

/// The canonical bytes of what is signed.
pub(crate) fn canonical_bytes(value: &Value) -> Result<Vec<u8>, Fault> {
    canonical(value, Content::Provable).map_err(|refusal| match refusal {
        JcsError::Float { at } | JcsError::IntegerRange { at } | JcsError::Null { at } => {
            Fault::Content { at }
        }
        JcsError::NoForm(_) => Fault::Content { at: String::new() },
    })
}

/// SHA-256 of the canonical form of a part of an object, such as the members of an electorate.
pub(crate) fn hash_of(value: &Value) -> Result<ObjectHash, Fault> {
    canonical_bytes(value).map(|bytes| ObjectHash::of(&bytes))
}

/// A text in the one form that signed texts have: composed (NFC). Source: votes.md 4.2.
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}
