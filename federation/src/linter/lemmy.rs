//! `lemmy_ok`: what Lemmy parses and shows (federation.md 4.3, 7.4).

use serde_json::Value;

use super::shape::{content, role, text, type_of};
use super::{Finding, Report, Role};

const OBJECTS: &[&str] = &["Page", "Article", "Note", "Video", "Event", "Tombstone"];

/// Rules `lemmy/01` to `08`; `09` concerns the request.
pub fn lemmy_ok(document: &Value) -> Vec<Finding> {
    let mut report = Report::default();
    let single = document.get("type").is_some_and(Value::is_string);
    report.need(single, "lemmy/01", "", "type is not one string");
    match role(document) {
        Role::Actor => actor(document, &mut report),
        Role::Activity if type_of(document) == "Announce" => announced(document, &mut report),
        _ => {}
    }
    if let Some((object, at)) = content(document) {
        posted(object, at, &mut report);
    }
    report.done()
}

fn actor(actor: &Value, report: &mut Report) {
    let rule = "lemmy/02";
    let there = ["preferredUsername", "inbox", "outbox", "publicKey"]
        .iter()
        .all(|key| actor.get(key).is_some());
    report.need(there, rule, "", "a mandatory key is missing");
    let id = text(actor, "id").unwrap_or_default();
    let fits = match type_of(actor) {
        "Group" => text(actor, "ikpa:kind") == Some("hub"),
        "Application" => id.ends_with("/actor"),
        other => other == "Person" && !id.ends_with("/hub"),
    };
    report.need(
        fits,
        rule,
        "/type",
        "a hub is a Group, the instance an Application",
    );
}

fn announced(announce: &Value, report: &mut Report) {
    let Some(inner) = announce.get("object").filter(|inner| inner.is_object()) else {
        return;
    };
    let rule = "lemmy/08";
    report.need(
        text(announce, "actor").is_some_and(|actor| actor.ends_with("/hub")),
        rule,
        "/actor",
        "not announced by the Group",
    );
    let whole = inner.get("@context").is_some()
        && role(inner) == Role::Activity
        && text(inner, "id").is_some();
    report.need(whole, rule, "/object", "not an activity, verbatim");
    if let Some((object, _)) = content(inner) {
        report.need(
            OBJECTS.contains(&type_of(object)),
            "lemmy/03",
            "/object/object",
            "a type that is a parse error in a community",
        );
    }
}

fn posted(object: &Value, at: &str, report: &mut Report) {
    let name = type_of(object);
    if name == "Tombstone" {
        return;
    }
    report.need(
        OBJECTS.contains(&name),
        "lemmy/03",
        at,
        "a type that is a parse error",
    );
    let reply = text(object, "inReplyTo").is_some();
    if reply {
        report.need(name == "Note", "lemmy/07", at, "a comment is a Note");
    } else {
        report.need(
            text(object, "name").is_some(),
            "lemmy/06",
            at,
            "a post without name",
        );
        let group = text(object, "audience");
        report.need(
            group.is_some_and(|group| group.ends_with("/hub")),
            "lemmy/04",
            at,
            "no audience of a hub",
        );
    }
    match text(object, "attributedTo") {
        None => report.fail("lemmy/05", at, "not attributed to one id"),
        Some(author) if author.ends_with("/hub") => {
            report.loss("lemmy/05", at, "a Group as author is not shown");
        }
        Some(_) => {}
    }
}
