//! Following between hubs: asked, accepted, left, and everything that must not become a following.

use interkpa_server::config::FederationMode;
use interkpa_server::features::follows;
use interkpa_server::features::people::rights::Role;
use interkpa_server::fediverse::ours::OurActor;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

use super::stage::Stage;

async fn follow(hub: &TestHub, member: &TestMember, body: Value) -> (u16, Value) {
    let answered = hub.api(member, "POST", "/api/v1/follows", Some(body)).await;
    (answered.status, answered.json())
}

async fn leave(hub: &TestHub, member: &TestMember, who: &str, actor: &str) -> u16 {
    let actor = actor.replace(':', "%3A").replace('/', "%2F");
    let path = format!("/api/v1/follows?who={who}&actor={actor}");
    hub.api(member, "DELETE", &path, None).await.status
}

async fn states(hub: &TestHub, member: &TestMember, who: &str) -> Vec<String> {
    let path = format!("/api/v1/follows?who={who}");
    let list = hub.api(member, "GET", &path, None).await.json();
    let items = list["items"].as_array().expect("a list").clone();
    items
        .iter()
        .map(|item| item["state"].as_str().unwrap_or_default().to_owned())
        .collect()
}

async fn followers(hub: &TestHub, actor: &OurActor) -> u64 {
    let uri = actor.address(&hub.app);
    hub.app
        .store
        .read(move |conn| follows::follower_count(conn, &uri))
        .await
        .unwrap()
}

async fn two_hubs() -> (TestNetwork, TestHub, TestHub) {
    let network = TestNetwork::new(1);
    let (bobinette, chevalement) = (
        network.hub("bobinette").await,
        network.hub("chevalement").await,
    );
    network.befriend(&[&bobinette, &chevalement]).await;
    (network, bobinette, chevalement)
}

#[tokio::test]
async fn a_member_without_a_public_actor_follows_by_the_hub_and_no_name_leaves() {
    let (network, bobinette, chevalement) = two_hubs().await;
    let aicha = bobinette.member("aicha").create().await;

    let address = json!({"address": chevalement.origin().as_str()});
    let (status, view) = follow(&bobinette, &aicha, address).await;
    assert_eq!((status, view["state"].as_str()), (201, Some("pending")));
    network.settle(&[&bobinette, &chevalement]).await;

    assert_eq!(states(&bobinette, &aicha, "me").await, ["accepted"]);
    assert_eq!(followers(&chevalement, &OurActor::Hub).await, 1);
    let (app, id) = (bobinette.app.clone(), aicha.id.clone());
    let feed = bobinette
        .app
        .store
        .read(move |conn| follows::feed_of(&app, conn, &id))
        .await;
    assert_eq!(feed.unwrap(), [chevalement.uri("/hub").as_str()]);
}

#[tokio::test]
async fn the_hub_leaves_when_the_last_member_it_carried_leaves_and_not_before() {
    let (network, bobinette, chevalement) = two_hubs().await;
    let hubs = [&bobinette, &chevalement];
    let (aicha, bruno) = (
        bobinette.member("aicha").create().await,
        bobinette.member("bruno").create().await,
    );
    let karima = bobinette
        .member("karima")
        .role(Role::Spokesperson)
        .create()
        .await;
    let hub = chevalement.uri("/hub").to_string();
    let address = json!({"address": hub});
    for member in [&aicha, &bruno] {
        assert_eq!(follow(&bobinette, member, address.clone()).await.0, 201);
    }
    network.settle(&hubs).await;
    assert_eq!(states(&bobinette, &bruno, "me").await, ["accepted"]);
    assert_eq!(
        states(&bobinette, &karima, "hub").await,
        Vec::<String>::new()
    );

    assert_eq!(leave(&bobinette, &aicha, "me", &hub).await, 204);
    network.settle(&hubs).await;
    assert_eq!(followers(&chevalement, &OurActor::Hub).await, 1);
    assert_eq!(leave(&bobinette, &bruno, "me", &hub).await, 204);
    network.settle(&hubs).await;

    assert_eq!(followers(&chevalement, &OurActor::Hub).await, 0);
    assert_eq!(leave(&bobinette, &bruno, "me", &hub).await, 404);
}

#[tokio::test]
async fn the_hub_follows_for_itself_by_who_steers_it_and_goes_on_carrying_its_members() {
    let (network, bobinette, chevalement) = two_hubs().await;
    let hubs = [&bobinette, &chevalement];
    let aicha = bobinette.member("aicha").create().await;
    let karima = bobinette
        .member("karima")
        .role(Role::Spokesperson)
        .create()
        .await;
    let hub = chevalement.uri("/hub").to_string();
    let for_hub = json!({"address": hub, "who": "hub"});

    let (refused, _) = follow(&bobinette, &aicha, for_hub.clone()).await;
    assert_eq!(refused, 403);
    assert_eq!(follow(&bobinette, &karima, for_hub).await.0, 201);
    assert_eq!(
        follow(&bobinette, &aicha, json!({"address": hub})).await.0,
        201
    );
    network.settle(&hubs).await;
    assert_eq!(states(&bobinette, &karima, "hub").await, ["accepted"]);
    assert_eq!(leave(&bobinette, &karima, "hub", &hub).await, 204);
    network.settle(&hubs).await;

    assert_eq!(
        states(&bobinette, &karima, "hub").await,
        Vec::<String>::new()
    );
    assert_eq!(states(&bobinette, &aicha, "me").await, ["accepted"]);
    assert_eq!(followers(&chevalement, &OurActor::Hub).await, 1);
}

#[tokio::test]
async fn a_person_with_a_public_actor_follows_and_is_followed_in_person() {
    let (network, bobinette, chevalement) = two_hubs().await;
    let hubs = [&bobinette, &chevalement];
    let lea = bobinette.member("lea").public_actor().create().await;
    let ali = chevalement.member("ali").public_actor().create().await;
    let handle = format!("@ali@{}", chevalement.origin().authority());

    assert_eq!(
        follow(&bobinette, &lea, json!({"address": handle})).await.0,
        201
    );
    network.settle(&hubs).await;

    assert_eq!(states(&bobinette, &lea, "me").await, ["accepted"]);
    let (uri, of_ali) = (lea.actor.clone(), ali.actor.to_string());
    let follows = chevalement
        .app
        .store
        .read(move |conn| follows::is_follower(conn, &uri, &of_ali))
        .await
        .unwrap();
    assert!(follows);
    let told = chevalement.api(&ali, "GET", "/api/v1/follows", None).await;
    assert_eq!(
        told.json()["items"],
        json!([]),
        "the list of followers is nobody's"
    );
}

#[tokio::test]
async fn people_and_hub_of_one_place_follow_each_other_without_a_word_on_the_wire() {
    let network = TestNetwork::new(2);
    let hub = network.hub("bobinette").await;
    let lea = hub.member("lea").public_actor().create().await;
    let aicha = hub.member("aicha").create().await;
    let at = hub.origin().authority().to_owned();

    for address in [
        format!("@lea@{at}"),
        lea.actor.to_string(),
        hub.origin().to_string(),
    ] {
        let (status, view) = follow(&hub, &aicha, json!({"address": address})).await;
        assert_eq!(
            (status, view["state"].as_str()),
            (201, Some("accepted")),
            "{address}"
        );
    }
    let (status, _) = follow(&hub, &lea, json!({"address": lea.actor.as_str()})).await;
    assert_eq!(status, 422);
    let hidden = hub.uri(&format!("/members/{}", aicha.id)).to_string();
    assert_eq!(follow(&hub, &lea, json!({"address": hidden})).await.0, 404);
    assert_eq!(hub.deliver_all().await, Default::default());
}

#[tokio::test]
async fn what_names_nobody_is_refused_with_its_reason_and_nothing_strange_is_asked() {
    let (_network, bobinette, chevalement) = two_hubs().await;
    let aicha = bobinette.member("aicha").create().await;
    let port = chevalement
        .origin()
        .as_str()
        .rsplit(':')
        .next()
        .unwrap()
        .to_owned();
    let nobody = format!("@personne@{}", chevalement.origin().authority());

    for (address, status, code) in [
        ("", 422, "address_invalid"),
        ("pas une adresse", 422, "address_invalid"),
        ("a&resource=acct:x@y", 422, "address_invalid"),
        ("http://127.0.0.1/", 422, "address_invalid"),
        (
            &format!("http://user@chevalement.localhost:{port}/hub"),
            422,
            "address_invalid",
        ),
        (
            &format!("http://inconnu.localhost:{port}/hub"),
            403,
            "peer_not_allowed",
        ),
        (&nobody, 422, "status"),
    ] {
        let (got, problem) = follow(&bobinette, &aicha, json!({"address": address})).await;
        assert_eq!(
            (got, problem["code"].as_str()),
            (status, Some(code)),
            "{address}"
        );
    }
}

#[tokio::test]
async fn an_acceptance_nobody_asked_for_or_by_somebody_else_makes_no_following() {
    let stage = Stage::allowed().await;
    let aicha = stage.hub.member("aicha").create().await;
    let address = json!({"address": stage.group.uri.as_str()});
    assert_eq!(follow(&stage.hub, &aicha, address).await.0, 201);
    stage.hub.deliver_all().await;
    let asked = stage.foreign.delivered().remove(0);
    let answer = |by: &str, kind: &str, of: &Value, number: u32| {
        json!({
            "id": format!("{by}/answers/{number}"), "type": kind, "actor": by, "object": of,
        })
    };
    let group = stage.group.uri.as_str();

    let invented = json!({"id": stage.hub.uri("/activites/x").as_str(), "type": "Follow",
        "actor": stage.hub.uri("/hub").as_str(), "object": group});
    let unasked = answer(group, "Accept", &invented, 1);
    assert_eq!(
        stage
            .group
            .delivery(&stage.inbox(), &unasked, stage.now())
            .send()
            .await
            .status,
        202
    );
    let by_zoe = answer(stage.zoe.uri.as_str(), "Accept", &asked, 2);
    let answered = stage
        .zoe
        .delivery(&stage.inbox(), &by_zoe, stage.now())
        .send()
        .await;
    assert_eq!(
        (answered.status, answered.code().as_str()),
        (403, "not_owner")
    );
    assert_eq!(states(&stage.hub, &aicha, "me").await, ["pending"]);

    let by_id = answer(group, "Accept", &asked["id"], 3);
    assert_eq!(
        stage
            .group
            .delivery(&stage.inbox(), &by_id, stage.now())
            .send()
            .await
            .status,
        202
    );
    assert_eq!(states(&stage.hub, &aicha, "me").await, ["accepted"]);
    let refused = answer(group, "Reject", &asked, 4);
    assert_eq!(
        stage
            .group
            .delivery(&stage.inbox(), &refused, stage.now())
            .send()
            .await
            .status,
        202
    );
    assert_eq!(states(&stage.hub, &aicha, "me").await, ["refused"]);
}

#[tokio::test]
async fn a_follower_leaves_by_its_own_word_only_and_in_any_order_of_arrival() {
    let stage = Stage::strangers(FederationMode::Open).await;
    let undo = |number: u32, follow: &Value| {
        json!({
            "id": format!("{}/undos/{number}", stage.zoe.uri), "type": "Undo",
            "actor": stage.zoe.uri.as_str(), "object": follow,
        })
    };
    let say = async |activity: Value| {
        stage
            .zoe
            .delivery(&stage.inbox(), &activity, stage.now())
            .send()
            .await
    };
    let first = stage.follow(&stage.zoe, 1);

    assert_eq!(say(first.clone()).await.status, 202);
    let other = stage.foreign.actor("yann");
    let mut forged = undo(1, &first);
    forged["actor"] = json!(other.uri.as_str());
    let forged = other
        .delivery(&stage.inbox(), &forged, stage.now())
        .send()
        .await;
    assert_eq!((forged.status, forged.code().as_str()), (403, "not_owner"));
    assert_eq!(stage.followers().await, 1);
    assert_eq!(say(undo(2, &first)).await.status, 202);
    assert_eq!(stage.followers().await, 0);

    let late = stage.follow(&stage.zoe, 3);
    assert_eq!(say(undo(3, &late)).await.status, 202);
    assert_eq!(say(late.clone()).await.status, 202);
    assert_eq!(
        stage.followers().await,
        0,
        "what was undone before it came is not done"
    );
    assert_eq!(say(stage.follow(&stage.zoe, 4)).await.status, 202);
    assert_eq!(stage.followers().await, 1);
}
