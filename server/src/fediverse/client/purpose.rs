//! What a request is for, and what follows from it.

use super::content_type::{is_activity_document, is_one_of};
use super::gate::Lane;

/// What a request is for. It decides what is asked for, what is accepted and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// An actor, named by an activity or by a key.
    Actor,
    /// A key that is needed to verify a request.
    Key,
    /// An object or an activity.
    Object,
    /// A page of a collection.
    Collection,
    /// The account behind a handle (RFC 7033).
    WebFinger,
    /// What software a server runs (NodeInfo 2).
    NodeInfo,
    /// An object of the votes, or a list of them: they prove themselves.
    Governance,
    /// A picture.
    Media,
    /// An activity sent to an inbox.
    Delivery,
}

impl Purpose {
    /// All of them, for tests that must forget none.
    pub const ALL: [Self; 9] = [
        Self::Actor,
        Self::Key,
        Self::Object,
        Self::Collection,
        Self::WebFinger,
        Self::NodeInfo,
        Self::Governance,
        Self::Media,
        Self::Delivery,
    ];

    pub(super) const fn accept(self) -> &'static str {
        match self {
            Self::Actor | Self::Key | Self::Object | Self::Collection | Self::Delivery => {
                "application/activity+json, \
                 application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""
            }
            Self::WebFinger => "application/jrd+json, application/json",
            Self::NodeInfo => "application/json",
            Self::Governance => "application/activity+json, application/json",
            Self::Media => "image/webp, image/jpeg, image/png",
        }
    }

    pub(super) fn accepts(self, content_type: &str) -> bool {
        match self {
            Self::Actor | Self::Key | Self::Object | Self::Collection => {
                is_activity_document(content_type)
            }
            Self::WebFinger => {
                is_one_of(content_type, &["application/jrd+json", "application/json"])
            }
            Self::NodeInfo => is_one_of(content_type, &["application/json"]),
            Self::Governance => {
                is_activity_document(content_type) || is_one_of(content_type, &["application/json"])
            }
            Self::Media => is_one_of(content_type, &["image/webp", "image/jpeg", "image/png"]),
            Self::Delivery => true,
        }
    }

    pub(super) const fn lane(self) -> Lane {
        match self {
            Self::Delivery => Lane::Delivery,
            _ => Lane::Fetch,
        }
    }
}
