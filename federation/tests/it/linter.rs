//! The linter: all we emit passes, and each rule refuses a document that breaks it.

use std::collections::BTreeSet;

use interkpa_federation::linter::{
    self, Finding, Scheme, Sent, Severity, accepted, announcements_ok, common_ok, delivery_ok,
    gts_ok, lemmy_ok, lint, mastodon_jrd_ok, mastodon_ok, mobilizon_ok,
};
use interkpa_federation::vocabulary::agreement::{self, AgreementMessage};
use interkpa_federation::vocabulary::proposal;
use interkpa_federation::vocabulary::write::{CONTEXT_DATA_INTEGRITY, with_proof_context};
use interkpa_federation::{Activity, Body};
use serde_json::{Value, json};

use crate::fixtures::{self, ours};
use crate::keys::published;

const NONE: [Finding; 0] = [];

#[test]
fn every_document_of_ours_passes_with_accepted_losses_only() {
    for (name, document) in fixtures::of("ours")
        .into_iter()
        .chain(fixtures::of("linter"))
    {
        let findings = match name.as_str() {
            // NodeInfo is no ActivityPub document.
            "nodeinfo" | "nodeinfo_links" => continue,
            "webfinger_hub" => mastodon_jrd_ok(&document, &ours("hub_actor")),
            "webfinger_instance" => mastodon_jrd_ok(&document, &ours("instance_actor")),
            _ => lint(&document, &published),
        };

        assert_eq!(linter::unaccepted(findings), NONE, "{name}");
    }
}

#[test]
fn objects_served_alone_pass_too() {
    for name in ["offer_create", "need_create_network", "agreement_update"] {
        let served = match Activity::parse(ours(name)).unwrap().body {
            Body::Proposal(message) => proposal::object(message.object()),
            Body::Agreement(AgreementMessage::Copy(copy)) => agreement::object(&copy),
            other => panic!("{other:?}"),
        };

        assert_eq!(
            linter::unaccepted(lint(&served, &published)),
            NONE,
            "{name}"
        );
    }
}

/// `multikey/v1` does not define it: Fedify dropped our proof keys.
#[test]
fn a_proof_key_that_no_context_defines_is_found() {
    let mut hub = ours("hub_actor");
    let inline = hub["@context"][3].as_object_mut().unwrap();
    inline.remove("assertionMethod").unwrap();

    let found = common_ok(&hub, &published);

    let places: Vec<_> = found
        .iter()
        .map(|one| (one.rule, one.at.as_str()))
        .collect();
    assert_eq!(places, [("common/07", "/assertionMethod")]);
}

#[test]
fn a_document_that_gets_a_proof_gets_its_words_before_its_own() {
    let announced = with_proof_context(ours("announce_id"));

    let again = with_proof_context(announced.clone());

    assert_eq!(announced["@context"][1], CONTEXT_DATA_INTEGRITY);
    assert!(announced["@context"][2].is_object());
    assert_eq!(again, announced);
}

#[test]
fn what_a_hub_announces_is_announced_in_both_forms() {
    for base in ["announced", "event_announced"] {
        let sent = base_document(base);

        assert_eq!(announcements_ok(sent.as_array().unwrap()), NONE, "{base}");
    }
}

#[test]
fn a_delivery_as_every_peer_reads_it_passes() {
    let sent = Sent {
        content_type: Some("application/activity+json"),
        scheme: Scheme::CavageRsa,
    };

    assert_eq!(delivery_ok(&sent), NONE);
}

#[test]
fn every_accepted_loss_has_a_reason_and_occurs() {
    let documents = fixtures::of("ours")
        .into_iter()
        .chain(fixtures::of("linter"));
    let occurring: BTreeSet<&str> = documents
        .flat_map(|(_, document)| lint(&document, &published))
        .filter(|finding| finding.severity == Severity::Loss)
        .map(|finding| finding.rule)
        .collect();

    for (rule, reason) in accepted::LOSSES {
        assert!(reason.len() > 20, "{rule} needs a reason");
        assert!(occurring.contains(rule), "{rule} never occurs: take it off");
    }
}

#[test]
fn a_failure_is_never_excused_by_the_list_of_losses() {
    let failed = Finding {
        rule: "gts/04",
        severity: Severity::Fail,
        at: String::new(),
        says: "",
    };

    assert_eq!(linter::unaccepted(vec![failed.clone()]), [failed]);
}

/// The document a bad one is made from.
fn base_document(name: &str) -> Value {
    if let Some((folder, file)) = name.split_once('/') {
        return fixtures::one(folder, file);
    }
    let (by_id, whole) = (ours("announce_id"), ours("announce_activity"));
    if name == "announced" {
        return json!([by_id, whole]);
    }
    let event = fixtures::one("linter", "event");
    let (mut by_id, mut whole) = (by_id, whole);
    by_id["object"] = event["object"]["id"].clone();
    whole["object"] = event.clone();
    json!([by_id, whole, event])
}

fn findings(rule: &str, document: &Value) -> Vec<Finding> {
    let peer = rule.split_once('/').expect("peer/number").0;
    match (rule, peer) {
        ("mastodon/03", _) => mastodon_jrd_ok(document, &ours("hub_actor")),
        ("mastodon/10" | "gts/06" | "mobilizon/10", _) => {
            announcements_ok(document.as_array().expect("several documents"))
        }
        (_, "common") => common_ok(document, &published),
        (_, "mastodon") => mastodon_ok(document),
        (_, "gts") => gts_ok(document),
        (_, "lemmy") => lemmy_ok(document),
        (_, "mobilizon") => mobilizon_ok(document),
        other => panic!("no such rule: {other:?}"),
    }
}

fn fails(rule: &str, findings: &[Finding]) -> bool {
    let of_rule = |f: &Finding| f.rule == rule && f.severity == Severity::Fail;
    findings.iter().any(of_rule)
}

/// Breaks a document as one line of `broken.json` says.
fn break_it(document: &mut Value, case: &Value) {
    let (parent, key) = case["at"].as_str().unwrap().rsplit_once('/').unwrap();
    let parent = document
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("{case}"));
    if case.get("remove").is_some() {
        let removed = parent.as_object_mut().unwrap().remove(key);
        assert!(removed.is_some(), "{case}: nothing to remove");
        return;
    }
    let value = match case.get("fill").and_then(Value::as_u64) {
        Some(bytes) => "a".repeat(usize::try_from(bytes).unwrap()).into(),
        None => case["set"].clone(),
    };
    match parent {
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        object => object[key] = value,
    }
}

#[test]
fn each_rule_refuses_a_document_that_breaks_it() {
    for case in fixtures::broken() {
        let rule = case["rule"].as_str().unwrap();
        let mut document = base_document(case["base"].as_str().unwrap());
        assert!(
            !fails(rule, &findings(rule, &document)),
            "fails unbroken: {case}"
        );

        break_it(&mut document, &case);

        let found = findings(rule, &document);
        assert!(fails(rule, &found), "not found: {case}; found: {found:?}");
    }
}

#[test]
fn a_request_that_a_peer_refuses_is_found() {
    let found = |content_type, scheme| {
        delivery_ok(&Sent {
            content_type,
            scheme,
        })
    };

    assert!(fails(
        "gts/05",
        &found(Some("application/json"), Scheme::CavageRsa)
    ));
    assert!(fails("gts/05", &found(None, Scheme::Unsigned)));
    assert!(fails(
        "lemmy/09",
        &found(Some("application/activity+json"), Scheme::Rfc9421)
    ));
}

#[test]
fn no_rule_of_the_design_is_left_without_a_bad_document() {
    let broken = fixtures::broken();
    let tested: BTreeSet<&str> = broken
        .iter()
        .filter_map(|case| case["rule"].as_str())
        .collect();
    // Requests are tested above; the instance actor at Mobilizon is a loss alone.
    let elsewhere = ["gts/05", "lemmy/09", "mobilizon/02"];
    for (peer, rules) in [
        ("common", 17),
        ("mastodon", 12),
        ("gts", 8),
        ("lemmy", 9),
        ("mobilizon", 10),
    ] {
        for number in 1..=rules {
            let rule = format!("{peer}/{number:02}");

            assert!(
                tested.contains(rule.as_str()) || elsewhere.contains(&rule.as_str()),
                "{rule} has no bad document"
            );
        }
    }
}
