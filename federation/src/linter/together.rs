//! Rules about more than one document, and about the request that carries one.

use std::collections::BTreeSet;

use serde_json::Value;

use super::shape::{content, text, type_of};
use super::{Finding, Report};

/// Rules `mastodon/10`, `gts/06` and `mobilizon/10` over all that one hub sent: what it announces as
/// an activity is also announced by id, and each public event of it as an activity.
pub fn announcements_ok(sent: &[Value]) -> Vec<Finding> {
    let mut report = Report::default();
    let announces = || {
        sent.iter()
            .filter(|document| type_of(document) == "Announce")
    };
    let by_id: BTreeSet<&str> = announces().filter_map(|a| text(a, "object")).collect();
    let whole: Vec<&Value> = announces().filter_map(|a| a.get("object")).collect();
    let mut seen_whole = BTreeSet::new();
    for activity in whole.iter().filter(|inner| inner.is_object()) {
        let object = activity.get("object");
        let id = object.and_then(|object| object.as_str().or_else(|| text(object, "id")));
        let id = id.unwrap_or_default();
        seen_whole.insert(id);
        let plain = by_id.contains(id);
        report.need(
            plain,
            "mastodon/10",
            id,
            "announced as an activity but not by id",
        );
        report.need(
            plain,
            "gts/06",
            id,
            "announced as an activity but not by id",
        );
    }
    for document in sent {
        let is_event = |object: &&Value| type_of(object) == "Event";
        let event = content(document).map(|(object, _)| object).filter(is_event);
        if let Some(id) = event.and_then(|event| text(event, "id"))
            && super::shape::is_seen_by_everybody(document)
        {
            let group = seen_whole.contains(id);
            report.need(
                group,
                "mobilizon/10",
                id,
                "no announcement of the event by its group",
            );
        }
    }
    report.done()
}

/// How a request is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// draft-cavage with RSA.
    CavageRsa,
    /// RFC 9421.
    Rfc9421,
    /// Not at all.
    Unsigned,
}

/// A request that was sent to a peer, as far as rules ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent<'a> {
    /// `Content-Type`; none for a GET.
    pub content_type: Option<&'a str>,
    /// How the first attempt was signed.
    pub scheme: Scheme,
}

/// Rules `gts/05` and `lemmy/09` over one request: a content type every peer reads, and RSA cavage
/// on the first attempt.
pub fn delivery_ok(sent: &Sent<'_>) -> Vec<Finding> {
    let mut report = Report::default();
    let forms = [
        "application/activity+json",
        "application/activity+json; charset=utf-8",
        "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
    ];
    let typed = sent.content_type.is_none_or(|given| forms.contains(&given));
    report.need(
        typed,
        "gts/05",
        "Content-Type",
        "a content type that is refused",
    );
    report.need(
        sent.scheme != Scheme::Unsigned,
        "gts/05",
        "Signature",
        "an unsigned request",
    );
    report.need(
        sent.scheme == Scheme::CavageRsa,
        "lemmy/09",
        "Signature",
        "not signed with RSA cavage",
    );
    report.done()
}
