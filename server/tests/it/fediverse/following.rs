//! Following between hubs: asked, accepted, left, and everything that must not become a following.

use interkpa_server::features::follows;
use interkpa_server::fediverse::ours::OurActor;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

async fn follow(hub: &TestHub, member: &TestMember, address: &str) -> (u16, Value) {
    let body = json!({ "address": address });
    let answered = hub.api(member, "POST", "/api/v1/follows", Some(body)).await;
    (answered.status, answered.json())
}

async fn state(hub: &TestHub, member: &TestMember) -> Vec<String> {
    let list = hub.api(member, "GET", "/api/v1/follows", None).await.json();
    let items = list["items"].as_array().expect("a list").clone();
    items
        .iter()
        .map(|item| item["state"].as_str().unwrap_or_default().to_owned())
        .collect()
}

async fn followers(hub: &TestHub) -> u64 {
    let uri = OurActor::Hub.address(&hub.app);
    hub.app
        .store
        .read(move |conn| follows::follower_count(conn, &uri))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_member_without_a_public_actor_follows_by_the_hub_and_no_name_leaves() {
    let network = TestNetwork::new(1);
    let (bobinette, chevalement) = (
        network.hub("bobinette").await,
        network.hub("chevalement").await,
    );
    network.befriend(&[&bobinette, &chevalement]).await;
    let aicha = bobinette.member("aicha").create().await;

    let (status, view) = follow(&bobinette, &aicha, chevalement.origin().as_str()).await;
    assert_eq!((status, view["state"].as_str()), (201, Some("pending")));
    network.settle(&[&bobinette, &chevalement]).await;

    assert_eq!(state(&bobinette, &aicha).await, ["accepted"]);
    assert_eq!(followers(&chevalement).await, 1);
}
