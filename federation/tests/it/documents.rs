//! Actors, WebFinger, NodeInfo and collections: what we write equals the fixtures, and is read back.

use interkpa_federation::actor::{self, ActorKeys, LocalActor, ProfileField, RemoteActor};
use interkpa_federation::collections::{self, Page, Walk};
use interkpa_federation::nodeinfo::{self, NodeInfo};
use interkpa_federation::vocabulary::proposal::{Attachment, Place};
use interkpa_federation::webfinger::{self, Handle};
use interkpa_federation::{Instant, Uri, origin};
use serde_json::Value;

use crate::fixtures;

fn uri(text: &str) -> Uri {
    Uri::parse(text).unwrap()
}

fn local(fixture: &Value) -> LocalActor {
    let read = RemoteActor::read(fixture).unwrap();
    LocalActor {
        id: read.id,
        preferred_username: read.preferred_username.unwrap(),
        name: read.name.unwrap(),
        summary_html: read.summary_html,
        icon: read.icon.map(|url| Attachment {
            url,
            media_type: Some("image/png".to_owned()),
            name: None,
        }),
        place: read.place,
        fields: read.fields,
        published: read.published.unwrap(),
        updated: read.updated,
        indexable: read.indexable,
        keys: ActorKeys {
            rsa_pem: read.public_key.unwrap().pem,
            ed25519: read.assertion_methods[0].key,
        },
    }
}

#[test]
fn our_three_actors_equal_their_fixtures() {
    let hub = fixtures::ours("hub_actor");
    let member = fixtures::ours("member_actor");
    let instance = fixtures::ours("instance_actor");

    assert_eq!(actor::hub(&local(&hub)), hub);
    assert_eq!(
        actor::member(&local(&member), &uri("https://bobinette.example/hub")),
        member
    );
    assert_eq!(actor::instance(&local(&instance)), instance);
}

#[test]
fn a_hub_is_read_with_all_it_says() {
    let hub = RemoteActor::read(&fixtures::ours("hub_actor")).unwrap();

    assert!(hub.is_hub());
    assert_eq!(hub.inbox, uri("https://bobinette.example/hub/inbox"));
    assert_eq!(
        hub.shared_inbox,
        Some(uri("https://bobinette.example/inbox"))
    );
    assert_eq!(
        hub.place,
        Some(Place {
            name: "Roubaix".to_owned(),
            insee: None
        })
    );
    assert_eq!(
        hub.fields,
        [ProfileField {
            name: "Lieu d’accueil".to_owned(),
            value_html: "Le Métier, tiers-lieu textile".to_owned()
        }]
    );
    assert!(hub.indexable && hub.discoverable);
}

#[test]
fn a_key_owned_by_somebody_else_is_no_key_of_the_actor() {
    let mut hub = fixtures::ours("hub_actor");
    hub["publicKey"]["owner"] = "https://evil.example/hub".into();

    assert_eq!(RemoteActor::read(&hub).unwrap().public_key, None);
}

#[test]
fn a_key_of_a_mebibyte_is_refused() {
    let mut hub = fixtures::ours("hub_actor");
    hub["publicKey"]["publicKeyPem"] = "A".repeat(1 << 20).into();

    assert_eq!(RemoteActor::read(&hub).unwrap_err().code(), "too_long");
}

#[test]
fn an_actor_that_changes_what_it_is_waits_for_an_admin() {
    let held = RemoteActor::read(&fixtures::ours("member_actor")).unwrap();
    let changed = |change: fn(&mut Value)| {
        let mut fresh = fixtures::ours("member_actor");
        change(&mut fresh);
        origin::refreshed(&held, &RemoteActor::read(&fresh).unwrap())
    };

    assert_eq!(changed(|fresh| fresh["name"] = "Léa B.".into()), Ok(()));
    assert_eq!(
        changed(|fresh| fresh["type"] = "Group".into()),
        Err(origin::RefreshError::TypeChanged)
    );
    assert_eq!(
        changed(|fresh| fresh["inbox"] = "https://evil.example/inbox".into()),
        Err(origin::RefreshError::InboxMoved)
    );
    assert_eq!(
        changed(|fresh| fresh["preferredUsername"] = "ali".into()),
        Err(origin::RefreshError::Renamed)
    );
    assert_eq!(
        changed(|fresh| fresh["id"] = "https://bobinette.example/members/x".into()),
        Err(origin::RefreshError::Another)
    );
}

#[test]
fn webfinger_is_written_and_believed() {
    let hub = uri("https://bobinette.example/hub");
    let handle = Handle::of("bobinette", &hub.origin()).unwrap();
    let instance = Handle::of("bobinette.example", &hub.origin()).unwrap();

    let answer = webfinger::write(&handle, &hub, Some(&hub));

    assert_eq!(answer, fixtures::ours("webfinger_hub"));
    assert_eq!(webfinger::read(&answer, &handle), Ok(hub));
    assert_eq!(
        webfinger::write(&instance, &uri("https://bobinette.example/actor"), None),
        fixtures::ours("webfinger_instance")
    );
}

#[test]
fn nodeinfo_is_written_and_read() {
    let origin = uri("https://bobinette.example/").origin();
    let info = NodeInfo {
        software: "interkpa".to_owned(),
        version: "0.1.0".to_owned(),
        repository: Some("https://inter-kpa.invalid/source".to_owned()),
        node_name: Some("La Bobinette".to_owned()),
        node_description: Some("KPA de Roubaix".to_owned()),
    };
    let links = nodeinfo::links(&origin, &uri("https://bobinette.example/actor"));

    assert_eq!(info.write("2.1"), fixtures::ours("nodeinfo"));
    assert_eq!(NodeInfo::read(&info.write("2.1")), Ok(info.clone()));
    assert_eq!(info.write("2.0")["software"].get("repository"), None);
    assert_eq!(links, fixtures::ours("nodeinfo_links"));
    assert_eq!(
        nodeinfo::choose(&links, &origin),
        Some(uri("https://bobinette.example/nodeinfo/2.1"))
    );
    assert_eq!(
        nodeinfo::choose(&links, &uri("https://evil.example/").origin()),
        None
    );
}

#[test]
fn collections_are_written_and_walked() {
    let outbox = uri("https://bobinette.example/hub/outbox");
    let first = uri("https://bobinette.example/hub/outbox?page=first");
    let fixture = fixtures::ours("outbox_page");
    let page = Page {
        id: first.clone(),
        part_of: outbox.clone(),
        next: Some(uri(fixture["next"].as_str().unwrap())),
        items: fixture["orderedItems"].as_array().unwrap().clone(),
    };
    let collection = collections::ordered(&outbox, Some(41), Some(&first));
    let mut walk = Walk::new(outbox.clone());

    assert_eq!(collection, fixtures::ours("outbox"));
    assert_eq!(page.write(), fixture);
    assert_eq!(
        collections::ordered(
            &uri("https://bobinette.example/hub/followers"),
            Some(12),
            None
        ),
        fixtures::ours("followers")
    );
    assert_eq!(walk.take(&collection).unwrap().next, Some(first));
    assert_eq!(walk.take(&page.write()).unwrap().items, page.items);
}

#[test]
fn dates_of_actors_survive() {
    let hub = RemoteActor::read(&fixtures::ours("hub_actor")).unwrap();

    assert_eq!(
        hub.published,
        Instant::parse_rfc3339("2026-11-20T08:00:00Z").ok()
    );
}
