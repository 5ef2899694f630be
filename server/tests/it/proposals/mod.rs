//! Offers and needs: rules through the JSON twin, pages without JavaScript, copies between hubs.

mod between;
mod browser;
mod life;
mod pages;
mod pictures;
mod remarks;
mod searching;
mod strangers;
mod widening;

use interkpa_server::features::notifications;
use interkpa_server::testing::caller::Answered;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::TestHub;
use serde_json::{Value, json};

/// A body that publishes an offer in hours, with some members changed.
fn offer(title: &str, changes: Value) -> Value {
    let mut body = json!({
        "purpose": "offer", "title": title, "settlements": ["hours"], "town": "Roubaix",
    });
    if let (Some(body), Value::Object(changes)) = (body.as_object_mut(), changes) {
        body.extend(changes);
    }
    body
}

/// The same for a need.
fn need(title: &str, changes: Value) -> Value {
    let mut body = offer(title, changes);
    body["purpose"] = json!("request");
    body
}

/// Publishes; answers what was written.
async fn publish(hub: &TestHub, member: &TestMember, body: Value) -> Value {
    let answered = hub
        .api(member, "POST", "/api/v1/proposals", Some(body))
        .await;
    assert_eq!(answered.status, 201, "{}", answered.text);
    answered.json()
}

async fn get(hub: &TestHub, member: &TestMember, path: &str) -> Answered {
    hub.api(member, "GET", path, None).await
}

async fn post(hub: &TestHub, member: &TestMember, path: &str, body: Value) -> Answered {
    hub.api(member, "POST", path, Some(body)).await
}

/// Titles of the list a member sees, in its order.
async fn titles(hub: &TestHub, member: &TestMember, query: &str) -> Vec<String> {
    let list = get(hub, member, &format!("/api/v1/proposals{query}")).await;
    assert_eq!(list.status, 200, "{}", list.text);
    let items = list.json()["items"].as_array().expect("a list").clone();
    items
        .iter()
        .map(|item| item["title"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// The copy of a proposal at another hub, by its address.
async fn copy_of(hub: &TestHub, member: &TestMember, uri: &Value) -> Option<Value> {
    let list = get(hub, member, "/api/v1/proposals?limit=100").await.json();
    list["items"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|item| item["uri"] == *uri)
        .cloned()
}

fn path_of(proposal: &Value, action: &str) -> String {
    format!(
        "/api/v1/proposals/{}{action}",
        proposal["id"].as_str().unwrap_or_default()
    )
}

/// How many things wait to be read by a member.
async fn told(hub: &TestHub, member: &TestMember) -> u32 {
    let id = member.id.clone();
    hub.app
        .store
        .read(move |conn| notifications::unread(conn, &id))
        .await
        .unwrap()
}
