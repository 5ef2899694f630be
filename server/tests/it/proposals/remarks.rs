//! Questions and remarks, from here, from another hub, from a stranger.

use interkpa_server::features::people::commands::{By, leaving};
use interkpa_server::features::people::rights::Role;
use interkpa_server::features::proposals::questions;
use interkpa_server::features::proposals::store::replies::ReplyState;
use interkpa_server::testing::caller::Caller;
use interkpa_server::testing::foreign::{Foreign, ForeignActor};
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

use super::{copy_of, get, offer, path_of, post, publish, told};

async fn read(
    hub: &TestHub,
    member: &interkpa_server::testing::members::TestMember,
    made: &Value,
) -> Vec<(String, String)> {
    let list = get(hub, member, &path_of(made, "/questions")).await.json();
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (text(item, "author"), text(item, "state")))
        .collect()
}

#[tokio::test]
async fn a_question_is_read_under_the_offer_and_its_author_is_told() {
    let network = TestNetwork::new(50);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let bruno = hub.member("bruno").create().await;
    let made = publish(&hub, &aicha, offer("Cours de couture", json!({}))).await;

    let asked = post(
        &hub,
        &bruno,
        &path_of(&made, "/questions"),
        json!({"question": "Pour débutants ?"}),
    )
    .await;
    let empty = post(
        &hub,
        &bruno,
        &path_of(&made, "/questions"),
        json!({"question": " "}),
    )
    .await;

    assert_eq!((asked.status, empty.status), (201, 422));
    assert_eq!(
        read(&hub, &bruno, &made).await,
        [("Bruno".to_owned(), "shown".to_owned())]
    );
    assert_eq!(told(&hub, &aicha).await, 1);
    let own = post(
        &hub,
        &aicha,
        &path_of(&made, "/questions"),
        json!({"question": "Oui."}),
    )
    .await;
    assert_eq!(own.status, 201);
    assert_eq!(
        told(&hub, &aicha).await,
        1,
        "nobody is told of their own words"
    );
    post(&hub, &aicha, &path_of(&made, "/fulfil"), json!({})).await;
    let late = post(
        &hub,
        &bruno,
        &path_of(&made, "/questions"),
        json!({"question": "Encore ?"}),
    )
    .await;
    assert_eq!(
        (late.status, late.code().as_str()),
        (409, "proposal_closed")
    );
}

#[tokio::test]
async fn a_question_about_a_copy_travels_to_its_owner() {
    let network = TestNetwork::new(51);
    let bobinette = network.hub("bobinette").await;
    let chevalement = network.hub("chevalement").await;
    let hubs = [&bobinette, &chevalement];
    network.befriend(&hubs).await;
    let aicha = bobinette.member("aicha").create().await;
    let lucien = chevalement.member("lucien").create().await;
    let made = publish(&bobinette, &aicha, offer("Cours de couture", json!({}))).await;
    network.settle(&hubs).await;
    let copy = copy_of(&chevalement, &lucien, &made["uri"])
        .await
        .expect("a copy");

    post(
        &chevalement,
        &lucien,
        &path_of(&copy, "/questions"),
        json!({"question": "À quelle heure ?"}),
    )
    .await;
    network.settle(&hubs).await;

    let at_owner = read(&bobinette, &aicha, &made).await;
    assert_eq!(at_owner.len(), 1);
    assert_eq!(at_owner[0].1, "shown");
    assert!(
        !at_owner[0].0.contains("Lucien"),
        "no name leaves without a public actor"
    );
    assert_eq!(told(&bobinette, &aicha).await, 1);
}

/// The addresses of the remarks a hub holds that still say something.
async fn remarks_of(hub: &TestHub) -> Vec<String> {
    use diesel::prelude::*;
    use interkpa_server::db::schema::replies;
    hub.app
        .store
        .read(
            |conn| -> Result<_, interkpa_server::db::error::StoreError> {
                Ok(replies::table
                    .filter(replies::content.ne(""))
                    .order(replies::id)
                    .select(replies::uri)
                    .load(conn)?)
            },
        )
        .await
        .unwrap()
}

#[tokio::test]
async fn the_remarks_of_who_leaves_go_at_the_other_hub_whoever_spoke_for_them() {
    let network = TestNetwork::new(55);
    let bobinette = network.open_hub("bobinette").await;
    let chevalement = network.open_hub("chevalement").await;
    let hubs = [&bobinette, &chevalement];
    network.befriend(&hubs).await;
    let aicha = bobinette.member("aicha").create().await;
    let discreet = chevalement.member("lucien").create().await;
    let public = chevalement.member("lou").public_actor().create().await;
    let stays = chevalement.member("samir").create().await;
    let made = publish(&bobinette, &aicha, offer("Cours de couture", json!({}))).await;
    network.settle(&hubs).await;
    let copy = copy_of(&chevalement, &stays, &made["uri"]).await.unwrap();
    for member in [&discreet, &public, &stays] {
        let path = path_of(&copy, "/questions");
        let asked = post(&chevalement, member, &path, json!({"question": "Où ?"})).await;
        assert_eq!(asked.status, 201, "{}", asked.text);
    }
    network.settle(&hubs).await;
    let said = remarks_of(&bobinette).await;
    assert_eq!(said.len(), 3);

    for member in [&discreet, &public] {
        leaving::remove(
            &chevalement.app,
            By::Member(member.id.clone()),
            member.id.clone(),
        )
        .await
        .unwrap();
    }
    network.settle(&hubs).await;

    let left = remarks_of(&bobinette).await;
    assert_eq!(left, remarks_of(&chevalement).await);
    assert_eq!(left.len(), 1, "the one of who stays");
    for uri in said.iter().filter(|uri| !left.contains(uri)) {
        let gone = Caller::new().activity_json(&uri.parse().unwrap()).await;
        assert_eq!(gone.status, 410, "{uri}: {}", gone.text);
        assert_eq!(gone.json()["type"], "Tombstone");
    }
}

fn reply(author: &ForeignActor, to: &Value, number: u32, html: &str) -> Value {
    let origin = author.uri.origin();
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "type": "Create",
        "id": format!("{origin}/activities/{number}"), "actor": author.uri.as_str(),
        "to": "https://www.w3.org/ns/activitystreams#Public",
        "object": {
            "id": format!("{origin}/notes/{number}"), "type": "Note", "attributedTo": author.uri.as_str(),
            "inReplyTo": to, "content": html, "published": "2026-11-25T07:50:00Z",
            "to": "https://www.w3.org/ns/activitystreams#Public",
        },
    })
}

async fn deliver(hub: &TestHub, actor: &ForeignActor, activity: &Value) -> u16 {
    actor
        .delivery(&hub.uri("/inbox"), activity, hub.app.now())
        .send()
        .await
        .status
}

#[tokio::test]
async fn the_first_words_of_a_stranger_wait_for_the_team_and_the_next_do_not() {
    let network = TestNetwork::new(52);
    let hub = network.open_hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let bruno = hub.member("bruno").create().await;
    let karima = hub.member("karima").role(Role::Facilitator).create().await;
    let made = publish(&hub, &aicha, offer("Cours de couture", json!({}))).await;
    let elsewhere = Foreign::start("guest").await;
    let lou = elsewhere.actor("lou");

    let first = reply(
        &lou,
        &made["uri"],
        1,
        "<p>Accès en fauteuil ?</p><script>1</script>",
    );
    assert_eq!(deliver(&hub, &lou, &first).await, 202);
    assert_eq!(deliver(&hub, &lou, &first).await, 202, "twice");
    assert!(read(&hub, &bruno, &made).await.is_empty());
    assert_eq!(read(&hub, &karima, &made).await.len(), 1);
    assert_eq!(told(&hub, &aicha).await, 0, "not before somebody looked");

    let (app, by) = (hub.app.clone(), karima.id.clone());
    hub.app
        .write(
            move |tx| -> Result<(), interkpa_server::db::error::StoreError> {
                let held = questions::held(tx, None, 10)?;
                questions::decide(&app, tx, app.now(), &by, &held[0].id, ReplyState::Shown)
            },
        )
        .await
        .unwrap();
    assert_eq!(read(&hub, &bruno, &made).await.len(), 1);
    assert_eq!(told(&hub, &aicha).await, 1);
    deliver(&hub, &lou, &reply(&lou, &made["uri"], 2, "<p>Merci</p>")).await;
    let shown = read(&hub, &bruno, &made).await;
    assert_eq!(shown.len(), 2);
    assert!(shown[0].0.starts_with("@lou@"), "{shown:?}");

    let gone = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "type": "Delete",
        "id": format!("{}/activities/9", lou.uri.origin()), "actor": lou.uri.as_str(),
        "object": format!("{}/notes/2", lou.uri.origin()),
    });
    assert_eq!(deliver(&hub, &lou, &gone).await, 202);
    assert_eq!(
        read(&hub, &bruno, &made).await.len(),
        1,
        "its author takes it back"
    );
}

#[tokio::test]
async fn a_stranger_answers_nothing_that_is_not_shown_to_strangers() {
    let network = TestNetwork::new(53);
    let hub = network.open_hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let made = publish(
        &hub,
        &aicha,
        offer("Entre KPA", json!({"visibility": "network"})),
    )
    .await;
    let elsewhere = Foreign::start("guest").await;
    let lou = elsewhere.actor("lou");

    deliver(
        &hub,
        &lou,
        &reply(&lou, &made["uri"], 1, "<p>Je vois tout</p>"),
    )
    .await;

    assert!(read(&hub, &aicha, &made).await.is_empty());
}

#[tokio::test]
async fn a_report_reaches_the_team_once_and_never_the_author() {
    let network = TestNetwork::new(54);
    let hub = network.open_hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let bruno = hub.member("bruno").create().await;
    let made = publish(&hub, &aicha, offer("Cours de couture", json!({}))).await;
    let body = json!({"reason": "unsafe", "words": "Machine sans capot"});

    for _ in 0..2 {
        assert_eq!(
            post(&hub, &bruno, &path_of(&made, "/report"), body.clone())
                .await
                .status,
            204
        );
    }
    let bad = post(
        &hub,
        &bruno,
        &path_of(&made, "/report"),
        json!({"reason": "because"}),
    )
    .await;
    assert_eq!(bad.status, 422);
    assert_eq!(told(&hub, &aicha).await, 0);
    let open = hub
        .app
        .store
        .read(interkpa_server::features::moderation::open_count)
        .await
        .unwrap();
    assert_eq!(open, 1);

    let elsewhere = Foreign::start("guest").await;
    let lou = elsewhere.actor("lou");
    let flag = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "type": "Flag",
        "id": format!("{}/flags/1", lou.uri.origin()), "actor": lou.uri.as_str(),
        "object": [made["uri"], "https://nowhere.example/x"], "content": "spam",
    });
    assert_eq!(deliver(&hub, &lou, &flag).await, 202);
    let open = hub
        .app
        .store
        .read(interkpa_server::features::moderation::open_count)
        .await
        .unwrap();
    assert_eq!(open, 2);
}
