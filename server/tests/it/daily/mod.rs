//! What members and the team meet every day: the home page, reports, what is entered for others.

mod behalf;
mod home;
mod reports;

use interkpa_server::testing::caller::Answered;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

/// Two hubs that allow each other.
async fn two(seed: u64) -> (TestNetwork, TestHub, TestHub) {
    let network = TestNetwork::new(seed);
    let bobinette = network.hub("bobinette").await;
    let chevalement = network.hub("chevalement").await;
    network.befriend(&[&bobinette, &chevalement]).await;
    (network, bobinette, chevalement)
}

/// Publishes an offer for everybody, settled in hours; answers what was written.
async fn publish(hub: &TestHub, member: &TestMember, title: &str) -> Value {
    let body = json!({
        "purpose": "offer", "title": title, "settlements": ["hours"], "minutes": 60,
        "town": "Roubaix",
    });
    let done = hub
        .api(member, "POST", "/api/v1/proposals", Some(body))
        .await;
    assert_eq!(done.status, 201, "{}", done.text);
    done.json()
}

/// The key, at another hub, of what stands at an address.
async fn copy_of(hub: &TestHub, member: &TestMember, uri: &Value) -> String {
    let list = hub
        .api(member, "GET", "/api/v1/proposals?limit=100", None)
        .await
        .json();
    let all = list["items"].as_array().expect("a list");
    let copy = all.iter().find(|item| item["uri"] == *uri);
    text(&copy.expect("a copy")["id"])
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// Where a form led to, without the notice.
fn led_to(answered: &Answered) -> String {
    assert_eq!(answered.status, 303, "{}", answered.text);
    let location = answered.header("location");
    location.split('?').next().unwrap_or_default().to_owned()
}
