//! What must not be told: rules `common/12`, `common/13`, `common/14`.

use serde_json::Value;

use super::shape::{Node, recipients, text, type_of};
use super::{Report, Role, shape};
use crate::vocabulary::recipients::PUBLIC;
use crate::vocabulary::statement::StatementKind;

/// Kinds of a Note or Event that concern its parties alone.
const PRIVATE_KINDS: &[&str] = &["booking", "pledge", "exchange"];
const PRIVATE_TYPES: &[&str] = &["Agreement", "Commitment", "EconomicEvent"];

/// Keys that hold a way to reach a person; only the contact of an agreement may carry one.
const REACHING: &[&str] = &[
    "address",
    "email",
    "ikpa:email",
    "ikpa:phone",
    "postalCode",
    "streetAddress",
    "telephone",
];

/// Words that make a street address after a house number.
const STREETS: &[&str] = &[
    "rue",
    "avenue",
    "boulevard",
    "impasse",
    "allée",
    "quai",
    "chemin",
    "square",
    "ruelle",
];

pub(super) fn check(document: &Value, nodes: &[Node<'_>], report: &mut Report) {
    parties_only(document, report);
    governance(document, nodes, report);
    for node in nodes {
        reaching(document, node, report);
        coordinates(node, report);
    }
}

fn is_private(object: &Value) -> bool {
    let kind = text(object, "ikpa:kind").unwrap_or_default();
    PRIVATE_TYPES.contains(&type_of(object))
        || PRIVATE_KINDS.contains(&kind)
        || StatementKind::parse(kind).is_some()
}

fn parties_only(document: &Value, report: &mut Report) {
    let inner = [document.get("object"), document.get("result")];
    let values = std::iter::once(document).chain(inner.into_iter().flatten());
    if !values.clone().any(is_private) {
        return;
    }
    let is_collection = |address: &str| {
        ["/followers", "/following", "/outbox", "/members"]
            .iter()
            .any(|end| address.ends_with(end))
            || address.contains("/collections/")
    };
    for value in values {
        let wide = recipients(value)
            .iter()
            .any(|address| *address == PUBLIC || is_collection(address));
        report.need(
            !wide,
            "common/12",
            "",
            "private, yet not to its parties alone",
        );
    }
}

fn governance(document: &Value, nodes: &[Node<'_>], report: &mut Report) {
    let rule = "common/13";
    let is_hub = |address: &str| address.ends_with("/hub");
    for node in nodes {
        if !type_of(node.value).starts_with("ikpa:") {
            continue;
        }
        report.need(
            node.value.get("proof").is_some(),
            rule,
            &node.at,
            "a governance object without proof",
        );
        if node.at.is_empty() {
            // Served alone under /gov, where the proof is everything.
            continue;
        }
        let carried = node.at == "/object" && type_of(document) == "Create";
        report.need(
            carried,
            rule,
            &node.at,
            "carried by something else than Create",
        );
        let hubs = recipients(document);
        report.need(
            text(document, "actor").is_some_and(is_hub) && hubs.iter().all(|to| is_hub(to)),
            rule,
            "",
            "governance travels between hub actors only",
        );
    }
}

fn reaching(document: &Value, node: &Node<'_>, report: &mut Report) {
    let rule = "common/14";
    let object = match shape::role(document) {
        Role::Activity => document.get("object").unwrap_or(document),
        _ => document,
    };
    // The named exception: a contact, to exactly one actor, after the agreement.
    let is_contact = text(object, "ikpa:kind") == Some("contact")
        && recipients(document).len() == 1
        && recipients(object).len() == 1;
    if let Some(map) = node.value.as_object() {
        let reaches = map.keys().any(|key| REACHING.contains(&key.as_str()));
        report.need(
            is_contact || !reaches,
            rule,
            &node.at,
            "a key that tells how to reach a person",
        );
    }
    let shown =
        matches!(node.key, "name" | "summary" | "content" | "value") || node.at.contains("Map/");
    if let (true, Some(words)) = (shown && !is_contact, node.value.as_str()) {
        report.need(!has_email(words), rule, &node.at, "an e-mail address");
        report.need(!has_phone(words), rule, &node.at, "a phone number");
        report.need(!has_street(words), rule, &node.at, "a street address");
    }
}

fn coordinates(node: &Node<'_>, report: &mut Report) {
    let Some(degrees) = node.value.as_f64() else {
        return;
    };
    if matches!(node.key, "latitude" | "longitude") {
        // A cell of 2 km is about 0,02°: two decimals at most.
        let hundredths = degrees * 100.0;
        let coarse = (hundredths - hundredths.round()).abs() < 1e-6;
        report.need(coarse, "common/14", &node.at, "finer than the blurred cell");
    }
}

fn has_email(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ',' | ';' | '(' | ')'))
        .any(|word| {
            // A handle begins with an @: that is no e-mail address.
            word.split_once('@').is_some_and(|(user, host)| {
                !user.is_empty() && host.contains('.') && !host.contains('@')
            })
        })
}

/// Nine digits or more that start with 0 or +, separated by at most one sign each.
fn has_phone(text: &str) -> bool {
    let mut digits = 0_usize;
    let mut started = false;
    let mut previous_is_sign = false;
    for c in text.chars() {
        if c.is_ascii_digit() {
            if !started && c != '0' {
                // A number in the middle of a price or a date.
                previous_is_sign = false;
                digits = 0;
                continue;
            }
            started = true;
            digits += 1;
            previous_is_sign = false;
            if digits >= 9 {
                return true;
            }
        } else if c == '+' {
            started = true;
            digits = 0;
        } else if started && matches!(c, ' ' | '.' | '-' | '\u{a0}') && !previous_is_sign {
            previous_is_sign = true;
        } else {
            started = false;
            digits = 0;
            previous_is_sign = false;
        }
    }
    false
}

fn has_street(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_number = |word: &String| word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit());
    let is_street = |word: &String| STREETS.contains(&word.as_str());
    words.windows(3).any(|three| match three {
        [number, street, _] if is_number(number) && is_street(street) => true,
        [number, bis, street] => {
            is_number(number) && matches!(bis.as_str(), "bis" | "ter") && is_street(street)
        }
        _ => false,
    })
}
