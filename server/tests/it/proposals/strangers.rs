//! What a server that is not entitled tries: read, speak for others, repeat, come late.

use diesel::prelude::*;
use interkpa_federation::{Instant, Span, Uri};
use interkpa_server::fediverse::peers::{self, Decider};
use interkpa_server::testing::caller::Caller;
use interkpa_server::testing::foreign::{Foreign, ForeignActor};
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

use super::browser::Browser;
use super::{copy_of, need, offer, publish, titles};

/// A hub, and an allowed server of another kind with its hub actor and a member.
async fn stage(seed: u64) -> (TestNetwork, TestHub, Foreign, ForeignActor, ForeignActor) {
    let network = TestNetwork::new(seed);
    let hub = network.open_hub("bobinette").await;
    let server = Foreign::start("elsewhere").await;
    let (group, lea) = (server.hub(), server.actor("lea"));
    peers::allow(
        &hub.app,
        group.uri.as_str(),
        "test",
        Decider::Operator("test"),
    )
    .await
    .unwrap();
    (network, hub, server, group, lea)
}

fn note(owner: &ForeignActor, id: &str, changes: Value) -> Value {
    let mut note = json!({
        "id": id, "type": "Note", "ikpa:kind": "offer", "ikpa:terms": "service",
        "purpose": "offer", "attributedTo": owner.uri.as_str(), "ikpa:visibility": "public",
        "to": "https://www.w3.org/ns/activitystreams#Public",
        "name": "Couture", "content": "<p><strong>Couture</strong></p><p>Deux heures</p>",
        "url": id, "published": "2026-11-25T07:00:00Z", "ikpa:settlement": ["hours"],
        "unitBased": true,
        "publishes": {
            "type": "Intent", "id": format!("{id}#primary"), "action": "deliverService",
            "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "1"},
        },
    });
    if let (Some(note), Value::Object(changes)) = (note.as_object_mut(), changes) {
        note.extend(changes);
    }
    note
}

fn activity(kind: &str, actor: &ForeignActor, number: u32, object: Value) -> Value {
    let origin = actor.uri.origin();
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", {"ikpa": "urn:interkpa:ns:"}],
        "id": format!("{origin}/activities/{number}"), "type": kind, "actor": actor.uri.as_str(),
        "to": "https://www.w3.org/ns/activitystreams#Public",
        "published": "2026-11-25T07:30:00Z", "object": object,
    })
}

async fn deliver(hub: &TestHub, actor: &ForeignActor, activity: &Value) -> (u16, String) {
    let answered = actor
        .delivery(&hub.uri("/inbox"), activity, hub.app.now())
        .send()
        .await;
    let code = if answered.status >= 400 {
        answered.code()
    } else {
        String::new()
    };
    (answered.status, code)
}

#[tokio::test]
async fn an_older_version_and_a_repetition_change_nothing() {
    let (_network, hub, server, _group, lea) = stage(40).await;
    let aicha = hub.member("aicha").create().await;
    let id = server.uri("/objets/1").as_str().to_owned();
    let newer = json!({"name": "Couture B", "updated": "2026-11-25T07:20:00Z"});
    let older = json!({"name": "Couture A", "updated": "2026-11-25T07:10:00Z"});

    let create = activity("Create", &lea, 1, note(&lea, &id, json!({})));
    assert_eq!(deliver(&hub, &lea, &create).await.0, 202);
    assert_eq!(deliver(&hub, &lea, &create).await.0, 202, "twice");
    deliver(
        &hub,
        &lea,
        &activity("Update", &lea, 2, note(&lea, &id, newer)),
    )
    .await;
    deliver(
        &hub,
        &lea,
        &activity("Update", &lea, 3, note(&lea, &id, older)),
    )
    .await;

    assert_eq!(titles(&hub, &aicha, "").await, ["Couture B"]);
}

#[tokio::test]
async fn an_update_of_something_never_seen_is_its_beginning() {
    let (_network, hub, server, _group, lea) = stage(41).await;
    let aicha = hub.member("aicha").create().await;
    let id = server.uri("/objets/1").as_str().to_owned();

    deliver(
        &hub,
        &lea,
        &activity(
            "Update",
            &lea,
            1,
            note(&lea, &id, json!({"updated": "2026-11-25T07:20:00Z"})),
        ),
    )
    .await;

    assert_eq!(titles(&hub, &aicha, "").await, ["Couture"]);
}

#[tokio::test]
async fn a_delete_before_its_create_leaves_nothing() {
    let (_network, hub, server, _group, lea) = stage(42).await;
    let aicha = hub.member("aicha").create().await;
    let id = server.uri("/objets/1").as_str().to_owned();

    let tombstone = json!({"id": id, "type": "Tombstone"});
    assert_eq!(
        deliver(&hub, &lea, &activity("Delete", &lea, 1, tombstone))
            .await
            .0,
        202
    );
    assert_eq!(
        deliver(
            &hub,
            &lea,
            &activity("Create", &lea, 2, note(&lea, &id, json!({})))
        )
        .await
        .0,
        202
    );

    assert!(titles(&hub, &aicha, "").await.is_empty());
}

#[tokio::test]
async fn nobody_changes_or_deletes_what_another_member_of_the_same_server_owns() {
    let (_network, hub, server, group, lea) = stage(43).await;
    let mallory = server.actor("mallory");
    let aicha = hub.member("aicha").create().await;
    let id = server.uri("/objets/1").as_str().to_owned();
    deliver(
        &hub,
        &lea,
        &activity("Create", &lea, 1, note(&lea, &id, json!({}))),
    )
    .await;

    let theirs = note(
        &lea,
        &id,
        json!({"name": "Volé", "updated": "2026-11-25T07:20:00Z"}),
    );
    let changed = deliver(&hub, &mallory, &activity("Update", &mallory, 2, theirs)).await;
    let own = note(
        &mallory,
        &id,
        json!({"name": "Volé", "updated": "2026-11-25T07:20:00Z"}),
    );
    let taken = deliver(&hub, &mallory, &activity("Update", &mallory, 3, own)).await;
    let tombstone = json!({"id": id, "type": "Tombstone"});
    let deleted = deliver(
        &hub,
        &mallory,
        &activity("Delete", &mallory, 4, tombstone.clone()),
    )
    .await;

    assert_eq!(
        (changed.0, taken.0, deleted.0),
        (403, 403, 403),
        "{changed:?} {taken:?} {deleted:?}"
    );
    assert_eq!(titles(&hub, &aicha, "").await, ["Couture"]);
    // The hub speaks for its members.
    assert_eq!(
        deliver(&hub, &group, &activity("Delete", &group, 5, tombstone))
            .await
            .0,
        202
    );
    assert!(titles(&hub, &aicha, "").await.is_empty());
}

#[tokio::test]
async fn a_guest_publishes_nothing_here() {
    let network = TestNetwork::new(44);
    let hub = network.open_hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let server = Foreign::start("guest").await;
    let lou = server.actor("lou");
    let id = server.uri("/objets/1").as_str().to_owned();

    let refused = deliver(
        &hub,
        &lou,
        &activity("Create", &lou, 1, note(&lou, &id, json!({}))),
    )
    .await;

    assert_eq!(refused, (403, "guest_not_allowed".to_owned()));
    assert!(titles(&hub, &aicha, "").await.is_empty());
}

#[tokio::test]
async fn hostile_text_is_cleaned_and_places_are_communes() {
    let (_network, hub, server, _group, lea) = stage(45).await;
    let aicha = hub.member("aicha").create().await;
    let id = server.uri("/objets/1").as_str().to_owned();
    let hostile = json!({
        "name": "Cou\u{202e}ture <b>", "location": {"type": "Place", "name": "12 rue du Port, Boulogne"},
        "content": "<p onclick=x>a</p><script>alert(1)</script><img src=https://t.example/x><a href=\"javascript:1\">b</a>",
        "published": "2040-01-01T00:00:00Z", "updated": "2040-01-01T00:00:00Z", "endTime": "2099-01-01T00:00:00Z",
        "attachment": [{"type": "Image", "mediaType": "image/png", "url": "https://t.example/track.png"}],
        "ikpa:category": "<script>",
    });

    deliver(
        &hub,
        &lea,
        &activity("Create", &lea, 1, note(&lea, &id, hostile)),
    )
    .await;

    let copy = copy_of(&hub, &aicha, &json!(id)).await.expect("a copy");
    let text = super::get(&hub, &aicha, &super::path_of(&copy, ""))
        .await
        .text;
    for bad in [
        "<script",
        "onclick",
        "javascript:",
        "<img",
        "track.png",
        "\u{202e}",
        "rue du Port",
    ] {
        assert!(!text.contains(bad), "{bad}: {text}");
    }
    assert_eq!(copy["town"], "Boulogne");
    let end = Instant::parse_rfc3339(copy["expires"].as_str().unwrap()).unwrap();
    assert!(
        end <= hub.app.now() + Span::days(366),
        "no date far ahead is believed"
    );
}

/// The addresses of the activities about an object, as its hub stored them.
async fn activities_about(hub: &TestHub, object: &Uri) -> Vec<Uri> {
    use interkpa_server::db::schema::outbox_activities as activities;
    let object = object.to_string();
    let found: Vec<String> = hub
        .app
        .store
        .read(
            move |conn| -> Result<_, interkpa_server::db::error::StoreError> {
                Ok(activities::table
                    .filter(activities::object_uri.eq(object))
                    .filter(activities::kind.ne("Delete"))
                    .order(activities::id)
                    .select(activities::uri)
                    .load(conn)?)
            },
        )
        .await
        .unwrap();
    found.iter().map(|uri| uri.parse().unwrap()).collect()
}

#[tokio::test]
async fn what_was_public_answers_410_with_a_tombstone_once_it_is_taken_back() {
    let (network, hub, _server, group, _lea) = stage(49).await;
    let aicha = hub.member("aicha").create().await;
    let public = publish(&hub, &aicha, offer("Pour tous", json!({}))).await;
    let inside = publish(&hub, &aicha, need("Pour le réseau", json!({}))).await;
    let uri = |made: &Value| hub.uri(&format!("/objets/{}", made["id"].as_str().unwrap()));
    let said = activities_about(&hub, &uri(&public)).await;
    let said_inside = activities_about(&hub, &uri(&inside)).await;
    for made in [&public, &inside] {
        let path = super::path_of(made, "");
        let taken_back = hub.api(&aicha, "DELETE", &path, None).await;
        assert_eq!(taken_back.status, 204);
    }
    let now = network.clock.advance(Span::seconds(1));

    for (address, former) in [(&uri(&public), "Note"), (&said[0], "Create")] {
        let unsigned = Caller::new().activity_json(address).await;
        let signed = group.get(address, now).await;
        for answer in [&unsigned, &signed] {
            let left = answer.json();
            assert_eq!(answer.status, 410, "{address}");
            assert!(
                answer
                    .header("content-type")
                    .starts_with("application/activity+json")
            );
            assert_eq!(left["type"], "Tombstone");
            assert_eq!(left["id"], address.as_str());
            assert_eq!(left["formerType"], former);
            assert!(!answer.text.contains("Pour tous"));
        }
        let person = Browser::stranger(&hub).get(address.as_url().path()).await;
        assert_eq!(person.status, 410);
        assert!(person.text.contains("retiré"), "{}", person.text);
    }
    for address in [&uri(&inside), &said_inside[0]] {
        let unsigned = Caller::new().activity_json(address).await;
        assert_eq!(unsigned.status, 404, "{address}");
    }
    let outbox = Caller::new()
        .activity_json(&hub.uri("/hub/outbox?page=1"))
        .await;
    assert!(!outbox.text.contains(said[0].as_str()), "{}", outbox.text);
}

#[tokio::test]
async fn only_who_is_entitled_reads_the_document() {
    let (network, hub, server, group, _lea) = stage(46).await;
    let aicha = hub.member("aicha").create().await;
    let public = publish(&hub, &aicha, offer("Pour tous", json!({}))).await;
    let network_only = publish(&hub, &aicha, need("Pour le réseau", json!({}))).await;
    let hub_only = publish(
        &hub,
        &aicha,
        offer("Entre nous", json!({"visibility": "hub"})),
    )
    .await;
    let uri = |made: &Value| hub.uri(&format!("/objets/{}", made["id"].as_str().unwrap()));
    let now = network.clock.advance(Span::seconds(1));
    let elsewhere = Foreign::start("guest").await;
    let guest = elsewhere.actor("lou");

    let unsigned = Caller::new().activity_json(&uri(&public)).await;
    assert_eq!(unsigned.status, 200);
    assert_eq!(
        unsigned.header("content-type"),
        "application/activity+json; charset=utf-8"
    );
    assert_eq!(unsigned.json()["name"], "Pour tous");
    assert_eq!(group.get(&uri(&network_only), now).await.status, 200);
    assert_eq!(
        Caller::new()
            .activity_json(&uri(&network_only))
            .await
            .status,
        404
    );
    assert_eq!(guest.get(&uri(&network_only), now).await.status, 404);
    assert_eq!(group.get(&uri(&hub_only), now).await.status, 404);
    let unknown = hub.uri("/objets/0199c0de-7000-7000-8000-000000000001");
    let (nothing, hidden) = (
        Caller::new().activity_json(&unknown).await,
        Caller::new().activity_json(&uri(&hub_only)).await,
    );
    assert_eq!(
        (nothing.status, nothing.code()),
        (hidden.status, hidden.code()),
        "no oracle"
    );
    drop(server);
}

#[tokio::test]
async fn a_public_offer_carries_a_proof_and_is_announced_in_both_forms() {
    let (network, hub, server, group, _lea) = stage(47).await;
    let aicha = hub.member("aicha").public_actor().create().await;
    let follow = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "type": "Follow",
        "id": format!("{}/follows/1", server.uri("/").origin()), "actor": group.uri.as_str(),
        "object": hub.uri("/hub").as_str(),
    });
    assert_eq!(deliver(&hub, &group, &follow).await.0, 202);
    publish(&hub, &aicha, offer("Cours de couture", json!({}))).await;

    network.settle(&[&hub]).await;

    let sent = server.delivered();
    let of = |kind: &str| {
        sent.iter()
            .filter(|a| a["type"] == kind)
            .cloned()
            .collect::<Vec<_>>()
    };
    let (created, announced) = (of("Create"), of("Announce"));
    assert_eq!(created.len(), 1);
    assert_eq!(created[0]["proof"]["cryptosuite"], "eddsa-jcs-2022");
    assert_eq!(created[0]["actor"], aicha.actor.as_str());
    assert_eq!(announced.len(), 2);
    assert!(announced.iter().any(|a| a["object"].is_string()));
    assert!(announced.iter().any(|a| a["object"]["type"] == "Create"));
}
