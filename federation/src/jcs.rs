//! Canonical JSON bytes (RFC 8785), on which hashes and proofs stand.
//!
//! Not here: reading (`json.rs`, which refuses duplicate names and lone surrogates, the two things a
//! [`Value`] can no longer show) and the proofs themselves (`proof.rs`).

use serde_json::{Number, Value};

/// The largest integer every JSON reader keeps exactly: 2^53 − 1. Source: RFC 8785 §3.1, RFC 7493.
pub const INTEGER_MAX: u64 = 9_007_199_254_740_991;

/// Which JSON is let in before it is made canonical.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// What we sign: strings, integers, booleans, arrays, objects. No fraction, no exponent, no
    /// `-0`, no null, so that no two writers can differ. Source: federation.md 2.6, votes.md 4.2.
    Provable,
    /// What others sign: any JSON of RFC 8785.
    Any,
}

/// Why a document has no canonical bytes here.
#[derive(Debug, thiserror::Error)]
pub enum JcsError {
    /// A number with a fraction or an exponent, or `-0`, where only integers are let in.
    #[error("number at {at:?} is not an integer")]
    Float {
        /// Where, as a JSON pointer (RFC 6901).
        at: String,
    },
    /// An integer beyond ±[`INTEGER_MAX`].
    #[error("integer at {at:?} is beyond 2^53 - 1")]
    IntegerRange {
        /// Where, as a JSON pointer.
        at: String,
    },
    /// A null where none is let in.
    #[error("null at {at:?}")]
    Null {
        /// Where, as a JSON pointer.
        at: String,
    },
    /// The canonicaliser failed on a value without a canonical form.
    #[error("no canonical form")]
    NoForm(#[source] serde_json::Error),
}

/// The canonical bytes of a value, in UTF-8.
///
/// # Errors
/// [`JcsError`] names what `content` does not let in and where it stands.
pub fn canonical(value: &Value, content: Content) -> Result<Vec<u8>, JcsError> {
    check(value, content, &mut Vec::new())?;
    serde_json_canonicalizer::to_vec(value).map_err(JcsError::NoForm)
}

fn check<'v>(value: &'v Value, content: Content, path: &mut Vec<Step<'v>>) -> Result<(), JcsError> {
    match value {
        Value::Null if content == Content::Provable => Err(JcsError::Null { at: pointer(path) }),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(number) => check_number(number, content, path),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| {
            path.push(Step::Item(index));
            check(item, content, path)?;
            path.pop();
            Ok(())
        }),
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            path.push(Step::Member(name));
            check(member, content, path)?;
            path.pop();
            Ok(())
        }),
    }
}

fn check_number(number: &Number, content: Content, path: &[Step<'_>]) -> Result<(), JcsError> {
    let magnitude = number
        .as_u64()
        .or_else(|| number.as_i64().map(i64::unsigned_abs));
    match magnitude {
        Some(magnitude) if magnitude <= INTEGER_MAX => Ok(()),
        Some(_) => Err(JcsError::IntegerRange { at: pointer(path) }),
        None if content == Content::Any => Ok(()),
        None => Err(JcsError::Float { at: pointer(path) }),
    }
}

/// One step from a value to a value inside it.
enum Step<'v> {
    Item(usize),
    Member(&'v str),
}

fn pointer(path: &[Step<'_>]) -> String {
    path.iter()
        .map(|step| match step {
            Step::Item(index) => format!("/{index}"),
            Step::Member(name) => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
        })
        .collect()
}

#[cfg(test)]
mod tests;
