//! `mobilizon_ok`: what Mobilizon parses (federation.md 4.4, 7.5).

use serde_json::Value;

use super::shape::{content, inline, role, text, type_of};
use super::{Finding, Report, Role};
use crate::Instant;

const OBJECTS: &[&str] = &["Note", "Event", "Article", "Document", "Tombstone"];
const JOIN_MODES: &[&str] = &["free", "restricted", "invite", "external"];

/// Rules `mobilizon/01` to `09`; `10` needs more than one document.
pub fn mobilizon_ok(document: &Value) -> Vec<Finding> {
    let mut report = Report::default();
    let single = document.get("type").is_some_and(Value::is_string);
    report.need(single, "mobilizon/01", "", "type is not one string");
    if role(document) == Role::Actor && !matches!(type_of(document), "Person" | "Group") {
        report.loss("mobilizon/02", "/type", "neither Person nor Group");
    }
    if matches!(type_of(document), "Join" | "Leave") {
        let id = document.get("object").is_some_and(Value::is_string);
        report.need(
            id,
            "mobilizon/09",
            "/object",
            "the event is not named by its id",
        );
    }
    if let Some((object, at)) = content(document) {
        report.need(
            OBJECTS.contains(&type_of(object)),
            "mobilizon/03",
            at,
            "a type that is not understood",
        );
        if type_of(object) == "Event" {
            event(document, object, at, &mut report);
        }
    }
    report.done()
}

fn event(document: &Value, event: &Value, at: &str, report: &mut Report) {
    let there = ["name", "content", "startTime", "timezone", "inLanguage"]
        .iter()
        .all(|key| text(event, key).is_some());
    let place = event
        .get("location")
        .is_some_and(|place| type_of(place) == "Place");
    let date = |key| text(event, key).and_then(|text| Instant::parse_rfc3339(text).ok());
    let ordered = event.get("endTime").is_none() || date("endTime") >= date("startTime");
    report.need(
        there && place && ordered,
        "mobilizon/04",
        at,
        "an event needs name, content, times, zone, place and language",
    );
    let mode = text(event, "joinMode");
    let external = event.get("externalParticipationUrl").is_some();
    report.need(
        mode.is_some_and(|mode| JOIN_MODES.contains(&mode))
            && external == (mode == Some("external")),
        "mobilizon/05",
        at,
        "joinMode and the outer address do not fit",
    );
    capacities(event, at, report);
    let author = text(event, "attributedTo").unwrap_or_default();
    if author.ends_with("/hub") {
        // The organiser speaks for the group.
        let organised = document.get("actor").is_none_or(|actor| actor != author);
        report.need(
            organised,
            "mobilizon/07",
            at,
            "an event of a group has a person as actor",
        );
    } else {
        report.loss("mobilizon/07", at, "not on the page of the group");
    }
    let context = event.get("@context").or_else(|| document.get("@context"));
    let mapped = inline(context).is_some_and(|map| map.contains_key("ical"));
    report.need(
        text(event, "ical:status").is_some() && mapped,
        "mobilizon/08",
        at,
        "no ical:status with its prefix",
    );
}

fn capacities(event: &Value, at: &str, report: &mut Report) {
    let number = |key: &str| match event.get(key) {
        None => Ok(None),
        Some(value) => value.as_u64().map(Some).ok_or(()),
    };
    let keys = [
        "maximumAttendeeCapacity",
        "remainingAttendeeCapacity",
        "participantCount",
    ];
    let whole = keys.iter().all(|key| number(key).is_ok());
    let (maximum, remaining) = (number(keys[0]), number(keys[1]));
    let fits = match (maximum, remaining) {
        (Ok(Some(maximum)), Ok(Some(remaining))) => remaining <= maximum,
        _ => true,
    };
    report.need(
        whole && fits,
        "mobilizon/06",
        at,
        "capacities are not whole or do not fit",
    );
}
