//! What must not be told: rules `common/12`, `common/13`, `common/14`.

use serde_json::Value;

use super::shape::{Node, recipients, text, type_of};
use super::{Report, Role, shape};
use crate::governance::object::Kind;
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
        let kind = Kind::parse(type_of(node.value));
        let is_signed = kind.is_none_or(Kind::is_signed);
        report.need(
            !is_signed || node.value.get("proof").is_some(),
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

/// Whether a text holds a phone number: digits with at most one sign between two of them, that make
/// `0x xx xx xx xx`, `+` and 9 to 15 digits, or `00`, a country and 11 to 15 digits in all. A SIRET
/// or a sum is none.
fn has_phone(text: &str) -> bool {
    let mut run = String::new();
    let mut sign_before = false;
    // A last space ends the last run.
    for c in text.chars().chain("  ".chars()) {
        let goes_on =
            matches!(c, ' ' | '.' | '-' | '(' | ')' | '\u{a0}' | '\u{202f}') && !sign_before;
        if c.is_ascii_digit() {
            run.push(c);
            sign_before = false;
        } else if goes_on && !run.is_empty() {
            sign_before = true;
        } else {
            if is_phone(&run) {
                return true;
            }
            run.clear();
            sign_before = false;
            if c == '+' {
                run.push(c);
            }
        }
    }
    false
}

fn is_phone(run: &str) -> bool {
    if let Some(abroad) = run.strip_prefix('+') {
        return (9..=15).contains(&abroad.len());
    }
    match run.strip_prefix('0') {
        Some(rest) if rest.starts_with('0') => {
            !rest.starts_with("00") && (11..=15).contains(&run.len())
        }
        Some(_) => run.len() == 10,
        None => false,
    }
}

fn has_street(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    // Three digits at most: four are a year.
    let is_number = |word: &String| word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit());
    let is_street = |word: &String| STREETS.contains(&word.as_str());
    words.windows(3).any(|three| match three {
        [number, street, _] if is_number(number) && is_street(street) => true,
        [number, bis, street] => {
            is_number(number) && matches!(bis.as_str(), "bis" | "ter") && is_street(street)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_are_found_and_other_numbers_are_not() {
        for text in [
            "Appelez le 03 61 99 00 01.",
            "0361990001",
            "03.61.99.00.01",
            "+33 3 61 99 00 01",
            "(+33)361990001",
            "0033 361990001",
        ] {
            assert!(has_phone(text), "{text}");
        }
        for text in [
            "SIRET 00000001800010",
            "12,00 € ou 1 h 30",
            "2 kg, 4 places, 8 séances",
            "du 05/12/2026 au 12/12/2026",
            "ROME B1803, W000000001",
            "59100 Roubaix",
        ] {
            assert!(!has_phone(text), "{text}");
        }
    }

    #[test]
    fn addresses_are_found_and_other_words_are_not() {
        for text in [
            "au 12 rue des Longues-Haies",
            "3 bis, avenue Motte",
            "12, Quai de la Gare",
        ] {
            assert!(has_street(text), "{text}");
        }
        for text in [
            "4 places, 3 cours de couture",
            "dans la rue",
            "en 2026 rue ouverte",
        ] {
            assert!(!has_street(text), "{text}");
        }
        assert!(has_email("écrire à <a href=\"#\">lea@poste.example</a>"));
        assert!(!has_email("@lea@bobinette.example et l’atelier @ Roubaix"));
    }
}
