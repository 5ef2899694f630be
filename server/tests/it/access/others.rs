//! What is another member's answers like what does not exist: same status, same code (IDOR, D87).

use interkpa_server::features::people::rights::Role;
use interkpa_server::http::access::session_cookie;
use interkpa_server::http::router::routes;
use interkpa_server::http::{Access, Method, Route, Surface};
use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

use super::filled;

/// An id of nothing.
const NOTHING: &str = "0199c0de-7000-7000-8000-00000000dead";
/// Fields that the forms and bodies of the id-bearing routes take, so that a refusal is about the
/// thing and not about what was typed.
const FIELDS: &[(&str, &str)] = &[
    ("text", "Bonjour."),
    ("message", "Bonjour."),
    ("words", "Bonjour."),
    ("reason", "spam"),
    ("minutes", "60"),
    ("duration", "1 h"),
    ("title", "Titre"),
];

async fn made(hub: &TestHub, member: &TestMember, path: &str, body: Value) -> String {
    let answer = hub.api(member, "POST", path, Some(body)).await;
    assert_eq!(answer.status, 201, "{path}: {}", answer.text);
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// Things that belong to Aïcha and Bruno, and to them alone.
async fn private_things(hub: &TestHub) -> Vec<(&'static str, String)> {
    let aicha = hub.member("aicha").create().await;
    let bruno = hub.member("bruno").create().await;
    let announce = |title: &str, visibility: &str| json!({"purpose": "request", "title": title, "settlements": ["gift"], "visibility": visibility});
    let secret = made(
        hub,
        &aicha,
        "/api/v1/proposals",
        announce("Un secret", "private"),
    )
    .await;
    let shown = made(
        hub,
        &aicha,
        "/api/v1/proposals",
        announce("Un besoin", "hub"),
    )
    .await;
    let answers = format!("/api/v1/proposals/{shown}/responses");
    let response = made(hub, &bruno, &answers, json!({"message": "Je viens."})).await;
    let accept = format!("/api/v1/responses/{response}/accept");
    let agreement = made(hub, &aicha, &accept, json!({})).await;
    vec![
        ("a private announcement", secret),
        ("an answer", response),
        ("an agreement", agreement),
    ]
}

async fn ask(hub: &TestHub, member: &TestMember, route: &Route, id: &str) -> Answered {
    let path = filled(route, id);
    let method = format!("{:?}", route.method).to_uppercase();
    if route.surface == Surface::Api {
        let fields = FIELDS.iter().map(|(k, v)| ((*k).to_owned(), json!(v)));
        let body = Value::Object(fields.collect());
        let body = (route.method == Method::Post).then_some(body);
        return hub.api(member, &method, &path, body).await;
    }
    if route.method == Method::Post {
        return hub.form(member, &path, FIELDS).await;
    }
    let cookie = format!("{}={}", session_cookie(&hub.app), member.cookie);
    let headers = [
        ("accept".to_owned(), "text/html".to_owned()),
        ("cookie".to_owned(), cookie),
    ];
    Caller::new()
        .send(&method, &hub.uri(&path), &headers, None)
        .await
}

#[tokio::test]
async fn what_is_anothers_looks_like_what_does_not_exist() {
    let network = TestNetwork::new(87);
    let hub = network.open_hub("bobinette").await;
    let things = private_things(&hub).await;
    let mallory = hub
        .member("mallory")
        .role(Role::TechnicalAdmin)
        .create()
        .await;
    let (mut asked, mut wrong) = (0, Vec::new());

    for route in routes() {
        let by_id = route.path.contains("{id}") && route.surface != Surface::Fediverse;
        if !by_id || !matches!(route.access, Access::Anyone | Access::Member) {
            continue;
        }
        let nothing = ask(&hub, &mallory, &route, NOTHING).await;
        for (what, id) in &things {
            let answer = ask(&hub, &mallory, &route, id).await;
            asked += 1;
            if answer.status != nothing.status {
                wrong.push(format!(
                    "{:?} {} of {what}: {}, and {} for nothing: {:.300}",
                    route.method, route.path, answer.status, nothing.status, answer.text
                ));
            }
        }
    }

    assert!(
        wrong.is_empty(),
        "{} of {asked}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(asked > 100, "{asked}");
}
