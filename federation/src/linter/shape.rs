//! Looking at documents: roles, the content object, every node with the context it stands in.

use serde_json::{Map, Value};

use super::Role;
use crate::actor::ActorType;
use crate::vocabulary::recipients::PUBLIC;

/// Activity types of federation.md 6.2.
pub(super) const ACTIVITIES: &[&str] = &[
    "Accept", "Announce", "Create", "Delete", "Flag", "Follow", "Ignore", "Join", "Leave", "Like",
    "Move", "Offer", "Reject", "Undo", "Update",
];

/// Types of content objects: what stands on its own or inside `Create` and `Update`.
pub(super) const CONTENTS: &[&str] = &[
    "Agreement",
    "Article",
    "Document",
    "EconomicEvent",
    "Event",
    "Note",
    "Tombstone",
];

const COLLECTIONS: &[&str] = &[
    "Collection",
    "CollectionPage",
    "OrderedCollection",
    "OrderedCollectionPage",
];

pub(super) fn is_collection_type(name: &str) -> bool {
    COLLECTIONS.contains(&name)
}

/// A text below a key.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

pub(super) fn type_of(value: &Value) -> &str {
    text(value, "type").unwrap_or_default()
}

/// The role of a document by its type.
pub(super) fn role(document: &Value) -> Role {
    let name = type_of(document);
    if ACTIVITIES.contains(&name) {
        Role::Activity
    } else if ActorType::parse(name).is_some() {
        Role::Actor
    } else if is_collection_type(name) {
        Role::Collection
    } else {
        Role::Object
    }
}

/// The content object of a document and its JSON pointer: itself, or what it creates or changes.
pub(super) fn content(document: &Value) -> Option<(&Value, &'static str)> {
    match role(document) {
        Role::Object => Some((document, "")),
        Role::Activity if matches!(type_of(document), "Create" | "Update") => document
            .get("object")
            .filter(|object| object.is_object() && role(object) == Role::Object)
            .map(|object| (object, "/object")),
        _ => None,
    }
}

/// Objects with an address of their own, wherever they stand.
pub(super) fn addressed(document: &Value) -> Vec<(&Value, &'static str)> {
    let mut found: Vec<_> = content(document).into_iter().collect();
    if let Some(result) = document.get("result") {
        found.push((result, "/result"));
    }
    found.retain(|(value, _)| {
        let name = type_of(value);
        name != "Tombstone" && !name.starts_with("ikpa:")
    });
    found
}

/// Addresses of `to`, `cc` and `audience`.
pub(super) fn recipients(value: &Value) -> Vec<&str> {
    let keys = ["to", "cc", "audience"];
    keys.iter()
        .filter_map(|key| value.get(key))
        .flat_map(|value| match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        })
        .filter_map(Value::as_str)
        .collect()
}

/// Whether other servers see a document: actors, collections, and what is addressed to everybody.
pub(super) fn is_seen_by_everybody(document: &Value) -> bool {
    match role(document) {
        Role::Actor | Role::Collection => true,
        Role::Activity | Role::Object => recipients(document).contains(&PUBLIC),
    }
}

/// A value, where it stands, and the `@context` it stands in.
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    pub(super) key: &'a str,
    pub(super) at: String,
    pub(super) context: Option<&'a Value>,
}

/// Every value of a document but those of `@context`, outermost first.
pub(super) fn nodes(document: &Value) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    collect(document, "", "", None, &mut found);
    found
}

fn collect<'a>(
    value: &'a Value,
    key: &'a str,
    at: &str,
    context: Option<&'a Value>,
    found: &mut Vec<Node<'a>>,
) {
    let context = value.get("@context").or(context);
    found.push(Node {
        value,
        key,
        at: at.to_owned(),
        context,
    });
    match value {
        Value::Object(map) => {
            for (name, inner) in map.iter().filter(|(name, _)| *name != "@context") {
                collect(inner, name, &format!("{at}/{name}"), context, found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                collect(inner, key, &format!("{at}/{index}"), context, found);
            }
        }
        _ => {}
    }
}

/// The inline object of a context.
pub(super) fn inline(context: Option<&Value>) -> Option<&Map<String, Value>> {
    context?.as_array()?.iter().find_map(Value::as_object)
}

/// Whether a context names this document.
pub(super) fn names(context: Option<&Value>, iri: &str) -> bool {
    let items = context.and_then(Value::as_array);
    items.is_some_and(|items| items.iter().any(|item| item == iri))
}
