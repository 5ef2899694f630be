//! `gts_ok`: what GoToSocial shows and refuses (federation.md 4.2, 7.3).

use serde_json::Value;

use super::shape::{content, role, text, type_of};
use super::{Finding, Report, Role};
use crate::vocabulary::write::title_block;
use crate::{Instant, Uri};

const OBJECTS: &[&str] = &[
    "Article",
    "Document",
    "Image",
    "Video",
    "Note",
    "Page",
    "Event",
    "Place",
    "Profile",
    "Album",
    "Tombstone",
];

/// Rules `gts/01` to `04`, `06` as a loss, `07` and `08`; `05` concerns the request.
pub fn gts_ok(document: &Value) -> Vec<Finding> {
    let mut report = Report::default();
    match role(document) {
        Role::Actor => actor(document, &mut report),
        Role::Activity
            if type_of(document) == "Announce"
                && document.get("object").is_some_and(Value::is_object) =>
        {
            report.loss(
                "gts/06",
                "/object",
                "an announced activity is not understood",
            );
        }
        _ => {}
    }
    if let Some((object, at)) = content(document) {
        report.need(
            OBJECTS.contains(&type_of(object)),
            "gts/02",
            at,
            "a type that is ignored",
        );
        let date = |key| text(object, key).and_then(|text| Instant::parse_rfc3339(text).ok());
        let ordered = object.get("updated").is_none() || date("updated") >= date("published");
        report.need(
            ordered,
            "gts/03",
            at,
            "updated before published is malformed",
        );
        label(object, at, &mut report);
    }
    report.done()
}

fn actor(actor: &Value, report: &mut Report) {
    let there = ["@context", "preferredUsername", "inbox", "publicKey"]
        .iter()
        .all(|key| actor.get(key).is_some());
    report.need(there, "gts/01", "", "a key that is needed is missing");
    let id = text(actor, "id").and_then(|id| Uri::parse(id).ok());
    let key = actor.get("publicKey");
    let key_id = key
        .and_then(|key| text(key, "id"))
        .and_then(|id| Uri::parse(id).ok());
    let owned = key.is_some_and(|key| text(key, "owner") == text(actor, "id"));
    let resolves = id.is_some() && key_id.map(|key| key.without_fragment()) == id;
    report.need(
        owned && resolves,
        "gts/07",
        "/publicKey",
        "the key id does not resolve to its owner",
    );
    let shared = actor
        .pointer("/endpoints/sharedInbox")
        .and_then(Value::as_str);
    report.need(
        text(actor, "inbox") != shared,
        "gts/08",
        "/inbox",
        "no inbox of its own beside the shared one",
    );
}

/// The label under which the text is collapsed: `summary`, else `name`.
fn label(object: &Value, at: &str, report: &mut Report) {
    let rule = "gts/04";
    let Some(label) = text(object, "summary").or_else(|| text(object, "name")) else {
        return;
    };
    // A comparison sign is plain text; what looks like a tag is not.
    let tagged = !super::html::tags(label).is_empty();
    let plain = !tagged && !label.contains(['\n', '\r']);
    report.need(plain, rule, at, "the label is not one line of plain text");
    if type_of(object) == "Note" && text(object, "inReplyTo").is_none() {
        let content = text(object, "content").unwrap_or_default();
        let repeated = content.starts_with(&title_block(label));
        report.need(
            repeated,
            rule,
            at,
            "the label is not the first line of the text",
        );
    }
    report.loss(rule, at, "collapsed behind its label");
}
