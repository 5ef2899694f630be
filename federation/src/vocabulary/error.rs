//! Why a document is not taken in.

use super::quantity::QuantityError;
use crate::uri::UriError;

/// A document whose shape we refuse; [`ParseError::code`] is the stable word of the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// A JSON object was expected.
    #[error("{field} is not a JSON object")]
    NotAnObject {
        /// The JSON key.
        field: &'static str,
    },
    /// A mandatory key is absent or null.
    #[error("{field} is missing")]
    Missing {
        /// The JSON key.
        field: &'static str,
    },
    /// A key holds a value of another shape than the one its meaning needs.
    #[error("{field} has the wrong shape")]
    Wrong {
        /// The JSON key.
        field: &'static str,
    },
    /// A text is longer than its documented limit.
    #[error("{field} is longer than {max} bytes")]
    TooLong {
        /// The JSON key.
        field: &'static str,
        /// The limit, in bytes of UTF-8.
        max: usize,
    },
    /// A list has more items than its documented limit.
    #[error("{field} has more than {max} items")]
    TooMany {
        /// The JSON key.
        field: &'static str,
        /// The limit, in items.
        max: usize,
    },
    /// A mandatory address is not one we take in.
    #[error("{field} is not an address: {source}")]
    Address {
        /// The JSON key.
        field: &'static str,
        /// The broken rule.
        source: UriError,
    },
    /// A mandatory date does not parse, or dates contradict each other.
    #[error("{field} is not a date we take in")]
    Date {
        /// The JSON key.
        field: &'static str,
    },
    /// A quantity is not one of ours.
    #[error("{field} is not a quantity: {source}")]
    Quantity {
        /// The JSON key.
        field: &'static str,
        /// The broken rule.
        source: QuantityError,
    },
    /// `attributedTo` is not one owner on the origin of the actor (security.md D29).
    #[error("attributedTo does not name one owner on the origin of the actor")]
    AttributedTo,
    /// Something private is addressed to everybody, or to more than it may be.
    #[error("{field} addresses more than the parties of the agreement")]
    Audience {
        /// The JSON key.
        field: &'static str,
    },
}

impl ParseError {
    /// The stable code of the answer (security.md 8.1, decision 28).
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAnObject { .. } | Self::Missing { .. } | Self::Wrong { .. } => "bad_json",
            Self::TooLong { .. } | Self::TooMany { .. } => "too_long",
            Self::Address { .. } => "address_invalid",
            Self::Date { .. } => "date_invalid",
            Self::Quantity { .. } => "quantity_invalid",
            Self::AttributedTo => "attributed_to_invalid",
            Self::Audience { .. } => "audience_invalid",
        }
    }

    /// The JSON key at fault.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::NotAnObject { field }
            | Self::Missing { field }
            | Self::Wrong { field }
            | Self::TooLong { field, .. }
            | Self::TooMany { field, .. }
            | Self::Address { field, .. }
            | Self::Date { field }
            | Self::Quantity { field, .. }
            | Self::Audience { field } => field,
            Self::AttributedTo => "attributedTo",
        }
    }
}
