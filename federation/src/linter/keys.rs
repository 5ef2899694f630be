//! The closed list of keys and types (rules `common/03`, `common/07`).

use serde_json::Value;

use super::shape::{ACTIVITIES, CONTENTS, inline, is_collection_type, names};
use crate::actor::ActorType;
use crate::vocabulary::write::{CONTEXT_DATA_INTEGRITY, CONTEXT_MULTIKEY, CONTEXT_SECURITY};

/// Keys that ActivityStreams itself defines and that we use.
const AS2: &[&str] = &[
    "@context",
    "actor",
    "alsoKnownAs",
    "attachment",
    "attributedTo",
    "audience",
    "cc",
    "content",
    "contentMap",
    "context",
    "deleted",
    "endTime",
    "endpoints",
    "first",
    "followers",
    "following",
    "formerType",
    "generator",
    "height",
    "href",
    "icon",
    "id",
    "image",
    "inReplyTo",
    "inbox",
    "items",
    "last",
    "location",
    "mediaType",
    "movedTo",
    "name",
    "nameMap",
    "next",
    "object",
    "orderedItems",
    "outbox",
    "partOf",
    "preferredUsername",
    "prev",
    "preview",
    "published",
    "rel",
    "replies",
    "result",
    "sharedInbox",
    "size",
    "startTime",
    "summary",
    "summaryMap",
    "tag",
    "target",
    "to",
    "totalItems",
    "type",
    "updated",
    "url",
    "width",
];

/// Keys that a further context defines.
const BY_CONTEXT: &[(&str, &[&str])] = &[
    (CONTEXT_SECURITY, &["owner", "publicKey", "publicKeyPem"]),
    (
        CONTEXT_MULTIKEY,
        &["controller", "publicKeyMultibase", "Multikey"],
    ),
    (
        CONTEXT_DATA_INTEGRITY,
        &[
            "DataIntegrityProof",
            "created",
            "cryptosuite",
            "proof",
            "proofPurpose",
            "proofValue",
            "verificationMethod",
        ],
    ),
];

/// Types that stand inside others only.
const NESTED: &[&str] = &[
    "Application",
    "Commitment",
    "DataIntegrityProof",
    "EconomicResource",
    "Hashtag",
    "Image",
    "Intent",
    "Link",
    "Mention",
    "Multikey",
    "Place",
    "Plan",
    "Process",
    "PropertyValue",
];

/// Types of ActivityStreams that need no mapping.
const AS2_TYPES: &[&str] = &[
    "Application",
    "Article",
    "Document",
    "Event",
    "Image",
    "Link",
    "Mention",
    "Note",
    "Place",
    "Tombstone",
];

/// Whether a key has a meaning in the context it stands in.
pub(super) fn is_known(key: &str, context: Option<&Value>) -> bool {
    if AS2.contains(&key) || is_mapped(key, context) {
        return true;
    }
    // Every prefix that is used is mapped.
    key.split_once(':')
        .is_some_and(|(prefix, word)| !word.is_empty() && is_mapped(prefix, context))
}

/// Whether a type may be emitted at all.
pub(super) fn is_type(name: &str) -> bool {
    ACTIVITIES.contains(&name)
        || CONTENTS.contains(&name)
        || NESTED.contains(&name)
        || is_collection_type(name)
        || ActorType::parse(name).is_some()
        || name.starts_with("ikpa:")
}

/// Whether a type has a meaning in the context it stands in.
pub(super) fn is_type_known(name: &str, context: Option<&Value>) -> bool {
    ACTIVITIES.contains(&name)
        || AS2_TYPES.contains(&name)
        || is_collection_type(name)
        || ActorType::parse(name).is_some()
        || is_known(name, context)
}

fn is_mapped(term: &str, context: Option<&Value>) -> bool {
    let by_document = |(iri, terms): &(&str, &[&str])| terms.contains(&term) && names(context, iri);
    inline(context).is_some_and(|map| map.contains_key(term)) || BY_CONTEXT.iter().any(by_document)
}
