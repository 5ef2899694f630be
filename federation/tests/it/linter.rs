//! The linter: all we emit passes, and each rule refuses a document that breaks it.

use std::collections::BTreeSet;

use interkpa_federation::linter::{
    self, Finding, Scheme, Sent, Severity, accepted, announcements_ok, common_ok, delivery_ok,
    gts_ok, lemmy_ok, lint, mastodon_jrd_ok, mastodon_ok, mobilizon_ok,
};
use interkpa_federation::proof::{self, Signer};
use interkpa_federation::{Activity, Instant};
use serde_json::{Value, json};

use crate::fixtures;
use crate::keys::{published, secret};

fn actor_of(jrd: &str) -> Value {
    fixtures::ours(if jrd == "webfinger_hub" {
        "hub_actor"
    } else {
        "instance_actor"
    })
}

#[test]
fn every_document_of_ours_passes_with_accepted_losses_only() {
    for (name, document) in fixtures::of("ours") {
        let findings = match name.as_str() {
            "nodeinfo" | "nodeinfo_links" => continue,
            "webfinger_hub" | "webfinger_instance" => mastodon_jrd_ok(&document, &actor_of(&name)),
            _ => lint(&document, &published),
        };

        assert_eq!(linter::unaccepted(findings), [], "{name}");
    }
}

#[test]
fn objects_served_alone_pass_too() {
    use interkpa_federation::Body;
    use interkpa_federation::vocabulary::{agreement::AgreementMessage, proposal};
    for name in ["offer_create", "need_create_network", "agreement_update"] {
        let activity = Activity::parse(fixtures::ours(name)).unwrap();
        let served = match &activity.body {
            Body::Proposal(message) => proposal::object(message.object()),
            Body::Agreement(AgreementMessage::Copy(agreement)) => {
                interkpa_federation::vocabulary::agreement::object(agreement)
            }
            other => panic!("{other:?}"),
        };

        assert_eq!(linter::unaccepted(lint(&served, &published)), [], "{name}");
    }
}

#[test]
fn what_our_hub_announces_is_announced_in_both_forms() {
    let both = [
        fixtures::ours("announce_id"),
        fixtures::ours("announce_activity"),
    ];

    assert_eq!(announcements_ok(&both), []);
}

#[test]
fn a_delivery_as_every_peer_reads_it_passes() {
    let sent = Sent {
        content_type: Some("application/activity+json"),
        scheme: Scheme::CavageRsa,
    };

    assert_eq!(delivery_ok(&sent), []);
}

#[test]
fn every_accepted_loss_has_a_reason_and_occurs() {
    let event = event();
    let ours = fixtures::of("ours")
        .into_iter()
        .map(|(_, document)| document);
    let occurring: BTreeSet<&str> = ours
        .chain([event, article(), member_event()])
        .flat_map(|document| lint(&document, &published))
        .filter(|finding| finding.severity == Severity::Loss)
        .map(|finding| finding.rule)
        .collect();

    for (rule, reason) in accepted::LOSSES {
        assert!(reason.len() > 20, "{rule} needs a reason");
        assert!(occurring.contains(rule), "{rule} never occurs: take it off");
    }
}

#[test]
fn a_failure_is_never_accepted_by_the_list_of_losses() {
    let failed = Finding {
        rule: "gts/04",
        severity: Severity::Fail,
        at: String::new(),
        says: "",
    };

    assert_eq!(linter::unaccepted(vec![failed.clone()]), [failed]);
}

/// A document that breaks one rule.
struct Bad {
    rule: &'static str,
    findings: Vec<Finding>,
}

fn bad(
    rule: &'static str,
    linter: impl Fn(&Value) -> Vec<Finding>,
    mut document: Value,
    break_it: impl FnOnce(&mut Value),
) -> Bad {
    let before = linter(&document);
    assert!(
        !before
            .iter()
            .any(|f| f.rule == rule && f.severity == Severity::Fail),
        "{rule} fails before it is broken: {before:?}"
    );
    break_it(&mut document);
    Bad {
        rule,
        findings: linter(&document),
    }
}

fn common(document: &Value) -> Vec<Finding> {
    common_ok(document, &published)
}

fn remove(value: &mut Value, key: &str) {
    value.as_object_mut().unwrap().remove(key).expect("the key");
}

fn ours(name: &str) -> Value {
    fixtures::ours(name)
}

fn event_object(author: &str) -> Value {
    let content = "<p>Atelier vélo au fablab.</p>";
    json!({
        "id": "https://chevalement.example/objets/0193a4f0-00aa-7000-8000-0000000000aa",
        "type": "Event", "name": "Atelier vélo", "summary": "Réparer son vélo ensemble.",
        "attributedTo": author, "audience": "https://chevalement.example/hub",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "content": content, "contentMap": {"fr": content},
        "url": "https://chevalement.example/objets/0193a4f0-00aa-7000-8000-0000000000aa",
        "published": "2026-11-20T08:00:00Z",
        "startTime": "2026-12-05T08:00:00Z", "endTime": "2026-12-05T11:00:00Z",
        "timezone": "Europe/Paris", "inLanguage": "fr", "ical:status": "CONFIRMED",
        "location": {"type": "Place", "name": "Valenciennes"},
        "joinMode": "free", "maximumAttendeeCapacity": 12, "remainingAttendeeCapacity": 3,
        "participantCount": 9,
    })
}

fn created(object: Value, actor: &str) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", {
            "ikpa": "urn:interkpa:ns:", "ical": "http://www.w3.org/2002/12/cal/ical#",
            "mz": "https://joinmobilizon.org/ns#", "joinMode": "mz:joinMode",
            "timezone": "mz:timezone", "inLanguage": "schema:inLanguage", "schema": "http://schema.org#",
            "maximumAttendeeCapacity": "schema:maximumAttendeeCapacity",
            "remainingAttendeeCapacity": "schema:remainingAttendeeCapacity",
            "participantCount": "mz:participantCount", "spdx": "http://spdx.org/rdf/terms#",
        }],
        "id": "https://chevalement.example/activites/0193a4f0-00ab-7000-8000-0000000000ab",
        "type": "Create", "actor": actor,
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "published": "2026-11-20T08:00:00Z",
        "object": object,
    })
}

const ALI: &str = "https://chevalement.example/members/0193a4f0-0002-7000-8000-000000000002";

fn event() -> Value {
    created(event_object("https://chevalement.example/hub"), ALI)
}

fn member_event() -> Value {
    created(event_object(ALI), ALI)
}

fn article() -> Value {
    let mut object = event_object(ALI);
    object["type"] = "Article".into();
    for key in [
        "startTime",
        "endTime",
        "timezone",
        "inLanguage",
        "ical:status",
        "location",
        "joinMode",
        "maximumAttendeeCapacity",
        "remainingAttendeeCapacity",
        "participantCount",
    ] {
        remove(&mut object, key);
    }
    created(object, ALI)
}

#[test]
fn an_event_an_article_and_a_member_event_pass() {
    for document in [event(), article(), member_event()] {
        assert_eq!(linter::unaccepted(lint(&document, &published)), []);
    }
}

/// A ballot carried by a hub, as votes.md sends it.
fn ballot() -> Value {
    let body = json!({
        "@context": ["https://www.w3.org/ns/activitystreams",
            "https://w3id.org/security/data-integrity/v1", {"ikpa": "urn:interkpa:ns:"}],
        "type": "ikpa:Ballot", "ikpa:poll": "00ff",
    });
    let key = secret(1);
    let signer = Signer {
        key: &key,
        verification_method: "https://bobinette.example/hub#ed25519-key",
        created: Instant::parse_rfc3339("2026-12-10T18:00:00Z").unwrap(),
    };
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", {"ikpa": "urn:interkpa:ns:"}],
        "id": "https://bobinette.example/activites/0193a4f0-00ac-7000-8000-0000000000ac",
        "type": "Create", "actor": "https://bobinette.example/hub",
        "to": ["https://chevalement.example/hub"], "published": "2026-12-10T18:00:00Z",
        "object": proof::sign(&body, signer).unwrap(),
    })
}

#[test]
fn a_ballot_between_hubs_passes() {
    assert_eq!(lint(&ballot(), &published), []);
}

fn bad_common() -> Vec<Bad> {
    vec![
        bad("common/01", common, ours("follow"), |d| {
            d["@context"] = json!("https://www.w3.org/ns/activitystreams")
        }),
        bad("common/01", common, ours("follow"), |d| {
            d["@context"][1] = json!({"ikpa": "https://interkpa.example/ns#"})
        }),
        bad("common/01", common, ours("follow"), |d| {
            d["@context"]
                .as_array_mut()
                .unwrap()
                .push(json!("https://evil.example/context"));
        }),
        bad("common/01", common, ours("fact_done"), |d| {
            d["object"]["@context"][0] = json!("https://www.w3.org/2018/credentials/v1")
        }),
        bad("common/02", common, ours("offer_create"), |d| {
            d["object"]["type"] = json!(["Note", "ikpa:Offer"])
        }),
        bad("common/02", common, ours("offer_create"), |d| {
            d["object"]["publishes"]["type"] = json!(["Intent"])
        }),
        bad("common/03", common, ours("offer_create"), |d| {
            d["object"]["type"] = json!("Proposal")
        }),
        bad("common/03", common, ours("follow"), |d| {
            d["type"] = json!("Block")
        }),
        bad("common/04", common, ours("reply"), |d| {
            d["object"]["type"] = json!("Question")
        }),
        bad("common/05", common, ours("follow"), |d| {
            d["id"] = json!("http://chevalement.example/activites/1")
        }),
        bad("common/05", common, ours("follow"), |d| {
            d["id"] = json!("urn:uuid:1")
        }),
        bad("common/05", common, ours("follow"), |d| {
            d["id"] = json!("https://chevalement.example/hub#follow")
        }),
        bad("common/05", common, ours("follow"), |d| remove(d, "id")),
        bad("common/05", common, ballot(), |d| {
            d["object"]["id"] = json!("https://bobinette.example/gov/1")
        }),
        bad("common/06", common, ours("offer_create"), |d| {
            d["id"] = json!("https://criee.example/activites/1")
        }),
        bad("common/06", common, ours("offer_create"), |d| {
            d["object"]["id"] = json!("https://criee.example/objets/1")
        }),
        bad("common/06", common, ours("offer_create"), |d| {
            d["object"]["attributedTo"] = json!("https://criee.example/hub")
        }),
        bad("common/06", common, ours("response_accept"), |d| {
            d["result"]["id"] = json!("https://criee.example/objets/1")
        }),
        bad("common/07", common, ours("offer_create"), |d| {
            d["object"]["price"] = json!("12")
        }),
        bad("common/07", common, ours("offer_create"), |d| {
            d["object"]["dfc:price"] = json!("12")
        }),
        bad("common/07", common, ours("message"), |d| {
            d["object"]["purpose"] = json!("offer")
        }),
        bad("common/08", common, ours("offer_create"), |d| {
            d["object"]["summary"] = Value::Null
        }),
        bad("common/08", common, ours("offer_create"), |d| {
            d["object"]["location"]["name"] = json!("")
        }),
        bad("common/08", common, ours("offer_create"), |d| {
            d["object"]["location"] = json!({})
        }),
        bad("common/09", common, ours("message"), |d| {
            d["object"]["content"] = json!("a".repeat(1 << 20))
        }),
        bad("common/10", common, ours("offer_create"), |d| {
            remove(d, "published")
        }),
        bad("common/10", common, ours("offer_create"), |d| {
            remove(&mut d["object"], "published")
        }),
        bad("common/10", common, ours("offer_create"), |d| {
            d["object"]["published"] = json!("2026-11-22T09:00:00+01:00")
        }),
        bad("common/10", common, ours("offer_update"), |d| {
            d["object"]["updated"] = json!("2026-11-01T08:00:00Z")
        }),
        bad("common/10", common, ours("offer_create"), |d| {
            remove(&mut d["object"], "url")
        }),
        bad("common/10", common, ours("offer_create"), |d| {
            remove(&mut d["object"], "contentMap")
        }),
        bad("common/11", common, ours("offer_create"), |d| {
            d["to"] = json!(["as:Public"])
        }),
        bad("common/11", common, ours("offer_create"), |d| {
            d["object"]["to"] = json!(["Public"])
        }),
        bad("common/11", common, ours("follow"), |d| remove(d, "to")),
        bad("common/12", common, ours("response_offer"), |d| {
            d["to"] = json!(["https://www.w3.org/ns/activitystreams#Public"])
        }),
        bad("common/12", common, ours("fact_done"), |d| {
            d["cc"] = json!(["https://bobinette.example/hub/followers"])
        }),
        bad("common/12", common, ours("message"), |d| {
            d["object"]["to"] = json!(["https://www.w3.org/ns/activitystreams#Public"])
        }),
        bad("common/12", common, ours("response_accept"), |d| {
            d["cc"] = json!(["https://bobinette.example/hub/followers"])
        }),
        bad("common/13", common, ballot(), |d| {
            d["to"] = json!(["https://www.w3.org/ns/activitystreams#Public"])
        }),
        bad("common/13", common, ballot(), |d| d["actor"] = json!(ALI)),
        bad("common/13", common, ballot(), |d| {
            d["type"] = json!("Announce")
        }),
        bad("common/13", common, ballot(), |d| {
            remove(&mut d["object"], "proof")
        }),
        bad("common/14", common, ours("offer_create"), |d| {
            d["object"]["content"] = json!("<p>Appelez le 03 61 99 00 01.</p>")
        }),
        bad("common/14", common, ours("offer_create"), |d| {
            d["object"]["content"] = json!("<p>+33361990001</p>")
        }),
        bad("common/14", common, ours("offer_create"), |d| {
            d["object"]["contentMap"]["fr"] = json!("<p>lea@poste.example</p>")
        }),
        bad("common/14", common, ours("offer_create"), |d| {
            d["object"]["content"] = json!("<p>Au 12 rue des Longues-Haies</p>")
        }),
        bad("common/14", common, ours("offer_create"), |d| {
            d["object"]["content"] = json!("<p>Au 12 bis, avenue Motte</p>")
        }),
        bad("common/14", common, ours("offer_create"), |d| {
            d["object"]["location"]["ikpa:phone"] = json!("x")
        }),
        bad("common/14", common, ours("hub_actor"), |d| {
            d["location"]["latitude"] = json!(50.690_12)
        }),
        bad("common/14", common, ours("contact"), |d| {
            d["object"]["to"] = json!([ALI, "https://chevalement.example/hub"])
        }),
        bad("common/14", common, ours("contact"), |d| {
            d["object"]["ikpa:kind"] = json!("card")
        }),
        bad("common/15", common, ours("fact_done"), |d| {
            d["object"]["effortQuantity"]["hasNumericalValue"] = json!("3")
        }),
        bad("common/15", common, ours("fact_done"), |d| {
            d["object"]["effortQuantity"]["hasNumericalValue"] = json!(2.5)
        }),
        bad("common/15", common, ours("fact_done"), |d| {
            d["object"]["proof"]["cryptosuite"] = json!("eddsa-rdfc-2022")
        }),
        bad("common/15", common, ours("fact_done"), |d| {
            d["object"]["proof"]["@context"] = json!(["https://www.w3.org/ns/activitystreams"])
        }),
        bad("common/15", common, ours("fact_done"), |d| {
            d["object"]["proof"]["verificationMethod"] =
                json!("https://evil.example/hub#ed25519-key")
        }),
        bad("common/16", common, ours("offer_create"), |d| {
            remove(&mut d["object"], "publishes")
        }),
        bad("common/16", common, ours("fact_done"), |d| {
            remove(&mut d["object"], "proof")
        }),
        bad("common/16", common, ours("response_offer"), |d| {
            remove(&mut d["object"], "stipulates")
        }),
        bad("common/16", common, ours("dispute_resolution"), |d| {
            remove(&mut d["object"], "ikpa:outcome")
        }),
        bad("common/16", common, ours("hub_actor"), |d| {
            remove(d, "followers")
        }),
        bad("common/17", common, ours("offer_create"), |d| {
            d["object"]["tag"][0]["name"] = json!("offre")
        }),
        bad("common/17", common, ours("offer_create"), |d| {
            remove(&mut d["object"]["tag"][0], "href")
        }),
    ]
}

fn bad_mastodon() -> Vec<Bad> {
    let jrd = |jrd: &Value| mastodon_jrd_ok(jrd, &fixtures::ours("hub_actor"));
    let announced = |both: &Value| announcements_ok(both.as_array().unwrap());
    let both = || json!([ours("announce_id"), ours("announce_activity")]);
    vec![
        bad("mastodon/01", mastodon_ok, ours("hub_actor"), |d| {
            remove(d, "inbox")
        }),
        bad("mastodon/02", mastodon_ok, ours("hub_actor"), |d| {
            d["preferredUsername"] = json!("la bobinette")
        }),
        bad("mastodon/02", mastodon_ok, ours("hub_actor"), |d| {
            d["preferredUsername"] = json!("Criée")
        }),
        bad("mastodon/03", jrd, ours("webfinger_hub"), |d| {
            d["subject"] = json!("acct:hub@bobinette.example")
        }),
        bad("mastodon/03", jrd, ours("webfinger_hub"), |d| {
            d["links"][0]["type"] = json!("application/json")
        }),
        bad("mastodon/03", jrd, ours("webfinger_hub"), |d| {
            d["links"][0]["href"] = json!("https://evil.example/hub")
        }),
        bad("mastodon/04", mastodon_ok, ours("hub_actor"), |d| {
            d["attachment"][0]["value"] = json!("a".repeat(2_048))
        }),
        bad("mastodon/05", mastodon_ok, ours("follow"), |d| {
            d["type"] = json!(["Follow"])
        }),
        bad("mastodon/06", mastodon_ok, ours("offer_create"), |d| {
            d["object"]["content"] = json!("<p>Sans titre</p>")
        }),
        bad("mastodon/06", mastodon_ok, ours("offer_create"), |d| {
            remove(&mut d["object"], "content")
        }),
        bad("mastodon/06", mastodon_ok, ours("offer_create"), |d| {
            d["object"]["summary"] = json!("Couture")
        }),
        bad("mastodon/07", mastodon_ok, event(), |d| {
            remove(&mut d["object"], "summary")
        }),
        bad("mastodon/08", mastodon_ok, ours("offer_create"), |d| {
            d["object"]["type"] = json!("Agreement")
        }),
        bad("mastodon/09", mastodon_ok, ours("reply"), |d| {
            d["object"]["content"] = json!("<h1>Non</h1>")
        }),
        bad("mastodon/09", mastodon_ok, ours("reply"), |d| {
            d["object"]["content"] = json!("<p><img src=\"x\"></p>")
        }),
        bad("mastodon/09", mastodon_ok, ours("reply"), |d| {
            d["object"]["content"] = json!("<a href=\"javascript:x\">x</a>")
        }),
        bad("mastodon/10", announced, both(), |d| {
            d[0]["object"] = json!("https://bobinette.example/objets/x")
        }),
        bad("mastodon/11", mastodon_ok, ours("reply"), |d| {
            d["object"]["name"] = json!("Oui")
        }),
        bad("mastodon/12", mastodon_ok, ours("hub_actor"), |d| {
            d["publicKey"]["owner"] = json!("https://evil.example/hub")
        }),
        bad("mastodon/12", mastodon_ok, ours("hub_actor"), |d| {
            d["publicKey"]["publicKeyPem"] = json!("ssh-rsa AAAA")
        }),
    ]
}

fn bad_others() -> Vec<Bad> {
    let announced = |both: &Value| announcements_ok(both.as_array().unwrap());
    let both = || json!([ours("announce_id"), ours("announce_activity")]);
    let mut group_announcement = ours("announce_activity");
    group_announcement["object"] = event();
    let mut plain = ours("announce_id");
    plain["object"] = event()["object"]["id"].clone();
    let event_announced = json!([event(), group_announcement, plain]);
    vec![
        bad("gts/01", gts_ok, ours("hub_actor"), |d| {
            remove(d, "@context")
        }),
        bad("gts/02", gts_ok, ours("offer_create"), |d| {
            d["object"]["type"] = json!("Agreement")
        }),
        bad("gts/03", gts_ok, ours("offer_update"), |d| {
            d["object"]["updated"] = json!("2020-01-01T00:00:00Z")
        }),
        bad("gts/04", gts_ok, ours("offer_create"), |d| {
            d["object"]["name"] = json!("Autre")
        }),
        bad("gts/04", gts_ok, event(), |d| {
            d["object"]["summary"] = json!("<p>Deux</p>\n<p>lignes</p>")
        }),
        bad("gts/06", announced, both(), |d| {
            d[0]["object"] = json!("https://bobinette.example/objets/x")
        }),
        bad("gts/07", gts_ok, ours("hub_actor"), |d| {
            d["publicKey"]["id"] = json!("https://bobinette.example/keys/1")
        }),
        bad("gts/08", gts_ok, ours("hub_actor"), |d| {
            d["inbox"] = json!("https://bobinette.example/inbox")
        }),
        bad("lemmy/01", lemmy_ok, ours("offer_create"), |d| {
            d["type"] = json!(["Create"])
        }),
        bad("lemmy/02", lemmy_ok, ours("hub_actor"), |d| {
            remove(d, "outbox")
        }),
        bad("lemmy/02", lemmy_ok, ours("hub_actor"), |d| {
            d["type"] = json!("Person")
        }),
        bad("lemmy/02", lemmy_ok, ours("instance_actor"), |d| {
            d["type"] = json!("Group")
        }),
        bad("lemmy/03", lemmy_ok, ours("offer_create"), |d| {
            d["object"]["type"] = json!("Document")
        }),
        bad("lemmy/03", lemmy_ok, ours("announce_activity"), |d| {
            d["object"]["object"]["type"] = json!("Document")
        }),
        bad("lemmy/04", lemmy_ok, ours("offer_create"), |d| {
            remove(&mut d["object"], "audience")
        }),
        bad("lemmy/05", lemmy_ok, ours("offer_create"), |d| {
            d["object"]["attributedTo"] = json!(["a", "b"])
        }),
        bad("lemmy/06", lemmy_ok, ours("offer_create"), |d| {
            remove(&mut d["object"], "name")
        }),
        bad("lemmy/07", lemmy_ok, ours("reply"), |d| {
            d["object"]["type"] = json!("Article")
        }),
        bad("lemmy/08", lemmy_ok, ours("announce_activity"), |d| {
            d["actor"] = json!(ALI)
        }),
        bad("lemmy/08", lemmy_ok, ours("announce_activity"), |d| {
            remove(&mut d["object"], "@context")
        }),
        bad("mobilizon/01", mobilizon_ok, event(), |d| {
            d["type"] = json!(["Create"])
        }),
        bad("mobilizon/03", mobilizon_ok, event(), |d| {
            d["object"]["type"] = json!("Agreement")
        }),
        bad("mobilizon/04", mobilizon_ok, event(), |d| {
            remove(&mut d["object"], "startTime")
        }),
        bad("mobilizon/04", mobilizon_ok, event(), |d| {
            d["object"]["endTime"] = json!("2026-01-01T00:00:00Z")
        }),
        bad("mobilizon/04", mobilizon_ok, event(), |d| {
            remove(&mut d["object"], "location")
        }),
        bad("mobilizon/05", mobilizon_ok, event(), |d| {
            d["object"]["joinMode"] = json!("open")
        }),
        bad("mobilizon/05", mobilizon_ok, event(), |d| {
            d["object"]["joinMode"] = json!("external")
        }),
        bad("mobilizon/06", mobilizon_ok, event(), |d| {
            d["object"]["remainingAttendeeCapacity"] = json!(13)
        }),
        bad("mobilizon/06", mobilizon_ok, event(), |d| {
            d["object"]["participantCount"] = json!(-1)
        }),
        bad("mobilizon/07", mobilizon_ok, event(), |d| {
            d["actor"] = json!("https://chevalement.example/hub")
        }),
        bad("mobilizon/08", mobilizon_ok, event(), |d| {
            remove(&mut d["object"], "ical:status")
        }),
        bad("mobilizon/08", mobilizon_ok, event(), |d| {
            remove(&mut d["@context"][1], "ical")
        }),
        bad(
            "mobilizon/09",
            mobilizon_ok,
            json!({"type": "Join", "object": "https://m.example/1"}),
            |d| d["object"] = json!({"id": "https://m.example/1"}),
        ),
        bad("mobilizon/10", announced, event_announced, |d| {
            d.as_array_mut().unwrap().remove(1);
        }),
    ]
}

fn bad_requests() -> Vec<Bad> {
    let findings = |content_type, scheme| {
        delivery_ok(&Sent {
            content_type,
            scheme,
        })
    };
    vec![
        Bad {
            rule: "gts/05",
            findings: findings(Some("application/json"), Scheme::CavageRsa),
        },
        Bad {
            rule: "gts/05",
            findings: findings(None, Scheme::Unsigned),
        },
        Bad {
            rule: "lemmy/09",
            findings: findings(Some("application/activity+json"), Scheme::Rfc9421),
        },
    ]
}

#[test]
fn each_rule_refuses_a_document_that_breaks_it() {
    let all = [bad_common(), bad_mastodon(), bad_others(), bad_requests()];
    for (number, bad) in all.iter().flatten().enumerate() {
        let fails = |f: &Finding| f.rule == bad.rule && f.severity == Severity::Fail;

        assert!(
            bad.findings.iter().any(fails),
            "{} is not found broken (case {number}): {:?}",
            bad.rule,
            bad.findings
        );
    }
}

#[test]
fn no_rule_of_the_design_is_left_without_a_bad_document() {
    let all = [bad_common(), bad_mastodon(), bad_others(), bad_requests()];
    let tested: BTreeSet<&str> = all.iter().flatten().map(|bad| bad.rule).collect();
    for (peer, rules) in [
        ("common", 17),
        ("mastodon", 12),
        ("gts", 8),
        ("lemmy", 9),
        ("mobilizon", 10),
    ] {
        for number in 1..=rules {
            let rule = format!("{peer}/{number:02}");
            // mobilizon/02 is a loss alone: the instance actor is not examined there.
            let tested = tested.contains(rule.as_str()) || rule == "mobilizon/02";

            assert!(tested, "{rule} has no bad document");
        }
    }
}
