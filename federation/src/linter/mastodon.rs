//! `mastodon_ok`: what Mastodon and its kin show and refuse (federation.md 4.1, 7.2).

use serde_json::Value;

use super::shape::{content, role, text, type_of};
use super::{Finding, Report, Role, html};
use crate::Uri;
use crate::vocabulary::write::title_block;
use crate::webfinger::{self, Handle};

/// Tags that survive there.
const TAGS: &[&str] = &[
    "p",
    "span",
    "br",
    "a",
    "del",
    "pre",
    "code",
    "em",
    "strong",
    "b",
    "i",
    "u",
    "ul",
    "ol",
    "li",
    "blockquote",
];
const FIELDS_MAX: usize = 50;
const FIELD_CHARS_MAX: usize = 2_047;

/// Rules `mastodon/01`, `02`, `04` to `09`, `11` and `12`; the others need more than one document.
pub fn mastodon_ok(document: &Value) -> Vec<Finding> {
    let mut report = Report::default();
    if role(document) == Role::Actor {
        actor(document, &mut report);
    }
    if document.get("actor").is_some() {
        let single = document.get("type").is_some_and(Value::is_string);
        report.need(
            single,
            "mastodon/05",
            "",
            "the type of an activity is no string",
        );
    }
    if let Some((object, at)) = content(document) {
        displayed(object, at, &mut report);
    }
    report.done()
}

/// Rule `mastodon/03`: the WebFinger answer leads to the actor and the actor back.
pub fn mastodon_jrd_ok(jrd: &Value, actor: &Value) -> Vec<Finding> {
    let mut report = Report::default();
    let id = text(actor, "id").and_then(|id| Uri::parse(id).ok());
    let user = text(actor, "preferredUsername");
    let handle = id.zip(user).and_then(|(id, user)| {
        let handle = Handle::of(user, &id.origin()).ok()?;
        Some((id, handle))
    });
    let leads = handle.is_some_and(|(id, handle)| webfinger::read(jrd, &handle) == Ok(id));
    report.need(
        leads,
        "mastodon/03",
        "",
        "WebFinger and actor do not lead to each other",
    );
    report.done()
}

fn actor(actor: &Value, report: &mut Report) {
    let user = text(actor, "preferredUsername");
    report.need(
        text(actor, "inbox").is_some() && (user.is_some() || text(actor, "webfinger").is_some()),
        "mastodon/01",
        "",
        "no inbox or no name",
    );
    let plain = user.is_none_or(|user| {
        webfinger::is_user(user) && !user.bytes().any(|b| b.is_ascii_uppercase())
    });
    report.need(
        plain,
        "mastodon/02",
        "/preferredUsername",
        "not a user name there",
    );
    let fields = actor.get("attachment").and_then(Value::as_array);
    let fields = fields.map(Vec::as_slice).unwrap_or_default();
    let short = |field: &Value| {
        let value = text(field, "value").unwrap_or_default();
        value.chars().count() <= FIELD_CHARS_MAX
    };
    report.need(
        fields.len() <= FIELDS_MAX && fields.iter().all(short),
        "mastodon/04",
        "/attachment",
        "too many or too long profile fields",
    );
    let key = actor.get("publicKey");
    let good = key.is_some_and(|key| {
        let pem = text(key, "publicKeyPem").unwrap_or_default();
        text(key, "owner") == text(actor, "id") && pem.starts_with("-----BEGIN PUBLIC KEY-----")
    });
    report.need(
        good,
        "mastodon/12",
        "/publicKey",
        "no RSA key of its own in PEM",
    );
}

fn displayed(object: &Value, at: &str, report: &mut Report) {
    let name = text(object, "name");
    match type_of(object) {
        "Note" => note(object, name, at, report),
        "Article" | "Event" => {
            let there = ["name", "summary", "url"]
                .iter()
                .all(|key| text(object, key).is_some());
            report.need(there, "mastodon/07", at, "no name, summary or url");
            report.loss("mastodon/07", at, "the text is not shown");
        }
        "Tombstone" => {}
        "Document" => report.loss("mastodon/08", at, "a Document alone is dropped"),
        _ => report.fail("mastodon/08", at, "a type that is dropped"),
    }
    let html = text(object, "content").unwrap_or_default();
    let tags = html::tags(html);
    report.need(
        tags.iter().all(|tag| TAGS.contains(&tag.as_str())),
        "mastodon/09",
        at,
        "a tag that does not survive",
    );
    let web = |href: &&str| href.starts_with("https://") || href.starts_with("http://");
    report.need(
        html::links(html).iter().all(web),
        "mastodon/09",
        at,
        "a link that is not http",
    );
}

fn note(note: &Value, name: Option<&str>, at: &str, report: &mut Report) {
    let rule = "mastodon/06";
    let content = text(note, "content").unwrap_or_default();
    report.need(!content.is_empty(), rule, at, "a Note without text");
    report.need(
        note.get("summary").is_none(),
        rule,
        at,
        "a summary hides the Note behind a warning",
    );
    if text(note, "inReplyTo").is_some() {
        let vote = name.is_some() && note.get("ikpa:kind").is_none();
        report.need(
            !vote,
            "mastodon/11",
            at,
            "a reply with a name may count as a vote",
        );
    } else if let Some(name) = name {
        let repeated = content.starts_with(&title_block(name));
        report.need(
            repeated,
            rule,
            at,
            "the title is not the first block of the text",
        );
    }
}
