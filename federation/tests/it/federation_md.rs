//! FEDERATION.md says what the fixtures say, and leaves none out.

use std::collections::BTreeSet;

use interkpa_federation::json::JsonLimits;
use interkpa_federation::vocabulary::quantity::{CENTS_MAX, MILLI_MAX, MINUTES_MAX, Unit};
use interkpa_federation::vocabulary::read::{HTML_BYTES_MAX, ITEMS_MAX, LINE_BYTES_MAX};
use interkpa_federation::vocabulary::recipients::RECIPIENTS_MAX;
use interkpa_federation::vocabulary::terms::{AgreementState, KindName, RefusalReason, Settlement};
use interkpa_federation::{actor, collections, uri};
use serde_json::Value;

use crate::fixtures;

fn document() -> String {
    fixtures::file("../FEDERATION.md")
}

/// The name above each JSON block, and the block.
fn blocks(document: &str) -> Vec<(String, Value)> {
    let mut parts = document.split("```json\n");
    let mut before = parts.next().unwrap();
    let mut found = Vec::new();
    for part in parts {
        let comment = before.trim_end().lines().last().unwrap();
        let name = comment
            .strip_prefix("<!-- ")
            .and_then(|name| name.strip_suffix(" -->"));
        let name = name.unwrap_or_else(|| panic!("a block without name after {comment:?}"));
        let (json, after) = part.split_once("\n```").expect("a closed block");
        let json = serde_json::from_str(json).unwrap_or_else(|e| panic!("{name}: {e}"));
        found.push((name.to_owned(), json));
        before = after;
    }
    found
}

#[test]
fn each_json_block_equals_its_fixture() {
    for (name, block) in blocks(&document()) {
        let (folder, file) = name.split_once('/').expect("folder/name");

        assert_eq!(block, fixtures::one(folder, file), "{name}");
    }
}

#[test]
fn every_fixture_of_ours_stands_in_the_document_once() {
    let mut shown: Vec<String> = blocks(&document())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    shown.sort();
    let ours: Vec<String> = fixtures::of("ours")
        .into_iter()
        .map(|(name, _)| format!("ours/{name}"))
        .collect();

    assert_eq!(shown, ours);
}

#[test]
fn every_key_of_ours_in_a_fixture_is_explained() {
    let document = document();
    let keys: BTreeSet<String> = fixtures::of("ours")
        .iter()
        .flat_map(|(_, value)| own_keys(value))
        .collect();

    assert!(keys.contains("ikpa:kind"));
    for key in keys {
        assert!(
            document.contains(&format!("`{key}`")),
            "{key} is not explained"
        );
    }
}

fn own_keys(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, inner)| {
                let own = key.starts_with("ikpa:").then(|| key.clone());
                own.into_iter().chain(own_keys(inner))
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(own_keys).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn limits_and_words_are_those_of_the_code() {
    let document = document();
    let limits = JsonLimits::DOCUMENT;
    let lines = [
        format!(
            "| document | {} bytes, {} levels, {} values |",
            limits.bytes_max, limits.depth_max, limits.values_max
        ),
        format!("| address | {} bytes |", uri::URI_BYTES_MAX),
        format!("| title, name, other lines | {LINE_BYTES_MAX} bytes |"),
        format!("| content, summary | {HTML_BYTES_MAX} bytes |"),
        format!("| recipients in `to`, `cc` | {RECIPIENTS_MAX} |"),
        format!("| tags, attachments, profile fields | {ITEMS_MAX}, the rest is left out |"),
        format!("| public key | {} bytes |", actor::KEY_BYTES_MAX),
        format!("| time | {MINUTES_MAX} minutes |"),
        format!("| money | {CENTS_MAX} cents |"),
        format!("| other quantities | {MILLI_MAX} thousandths |"),
        format!(
            "| collection | {} pages, {} items |",
            collections::PAGES_MAX,
            collections::ITEMS_MAX
        ),
    ];
    for line in lines {
        assert!(document.contains(&line), "{line}");
    }
    let kinds = KindName::ALL.iter().map(|word| word.as_str());
    let words = kinds
        .chain(Settlement::ALL.iter().map(|word| word.as_str()))
        .chain(AgreementState::ALL.iter().map(|word| word.as_str()))
        .chain(RefusalReason::ALL.iter().map(|word| word.as_str()))
        .chain(Unit::ALL.iter().map(|word| word.as_str()));
    for word in words {
        assert!(
            document.contains(&format!("`{word}`")),
            "{word} is not named"
        );
    }
}
