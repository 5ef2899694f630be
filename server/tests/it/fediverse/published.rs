//! What we publish about ourselves: every document passes the rules of the peers that read it.

use interkpa_federation::linter::{lint, unaccepted};
use interkpa_federation::multikey::Multikey;
use interkpa_federation::webfinger;
use interkpa_server::config::FederationMode;
use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::{Value, json};

async fn hub() -> TestHub {
    TestNetwork::new(5)
        .build("bobinette")
        .mode(FederationMode::Open)
        .start()
        .await
}

async fn get(hub: &TestHub, path: &str) -> Answered {
    Caller::new().send("GET", &hub.uri(path), &[], None).await
}

async fn finger(hub: &TestHub, resource: &str) -> Answered {
    let mut uri = hub.uri("/.well-known/webfinger").as_url().clone();
    uri.query_pairs_mut().append_pair("resource", resource);
    let uri = interkpa_federation::Uri::from_url(uri).unwrap();
    Caller::new().send("GET", &uri, &[], None).await
}

fn assert_clean(document: &Value) {
    let findings = unaccepted(lint(document, &|_| None));
    assert!(findings.is_empty(), "{findings:#?}\n{document:#}");
}

#[tokio::test]
async fn our_actors_pass_the_rules_of_their_readers() {
    let hub = hub().await;
    let lea = hub.member("lea").public_actor().create().await;

    for uri in [hub.uri("/hub"), hub.uri("/actor"), lea.actor.clone()] {
        let answered = Caller::new().activity_json(&uri).await;
        let document = answered.json();

        assert_eq!(
            answered.header("content-type"),
            "application/activity+json; charset=utf-8"
        );
        assert!(answered.header("vary").to_lowercase().contains("accept"));
        assert_eq!(document["id"], uri.as_str());
        assert_clean(&document);
        let key = Multikey::from_json(&document["assertionMethod"][0]).unwrap();
        assert!(key.belongs_to(&uri));
    }
}

#[tokio::test]
async fn collections_pass_the_rules_of_their_readers() {
    let hub = hub().await;

    for path in [
        "/hub/outbox",
        "/hub/outbox?page=first",
        "/hub/followers",
        "/actor/outbox",
    ] {
        let document = Caller::new().activity_json(&hub.uri(path)).await.json();
        assert_eq!(document["id"], hub.uri(path).as_str());
        assert_clean(&document);
    }
}

#[tokio::test]
async fn one_address_is_a_document_for_programs_and_a_page_for_people() {
    let hub = hub().await;
    let accept = |value: &str| vec![("accept".to_owned(), value.to_owned())];
    let profile = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

    for value in [
        "application/activity+json, application/ld+json",
        profile,
        "application/ld+json",
    ] {
        let answered = Caller::new()
            .send("GET", &hub.uri("/hub"), &accept(value), None)
            .await;
        assert_eq!(answered.json()["type"], "Group", "{value}");
    }
    let page = Caller::new()
        .send("GET", &hub.uri("/hub"), &accept("text/html"), None)
        .await;
    assert!(!page.text.starts_with('{'));
}

#[tokio::test]
async fn a_handle_leads_to_its_actor_and_back() {
    let hub = hub().await;
    let lea = hub.member("lea").public_actor().create().await;
    let at = hub.origin().authority().to_owned();

    for (resource, actor, subject) in [
        (
            format!("acct:bobinette@{at}"),
            hub.uri("/hub"),
            format!("acct:bobinette@{at}"),
        ),
        (
            format!("acct:hub@{at}"),
            hub.uri("/hub"),
            format!("acct:bobinette@{at}"),
        ),
        (
            hub.uri("/hub").to_string(),
            hub.uri("/hub"),
            format!("acct:bobinette@{at}"),
        ),
        (
            format!("acct:LEA@{at}"),
            lea.actor.clone(),
            format!("acct:lea@{at}"),
        ),
        (
            lea.actor.to_string(),
            lea.actor.clone(),
            format!("acct:lea@{at}"),
        ),
        (
            hub.origin().to_string(),
            hub.uri("/actor"),
            format!("acct:bobinette.localhost@{at}"),
        ),
    ] {
        let answered = finger(&hub, &resource).await;

        assert_eq!(answered.status, 200, "{resource}");
        assert!(
            answered
                .header("content-type")
                .starts_with("application/jrd+json")
        );
        assert_eq!(answered.header("access-control-allow-origin"), "*");
        assert_eq!(answered.json()["subject"], subject.as_str());
        let handle = webfinger::Handle::parse(&subject).unwrap();
        assert_eq!(webfinger::read(&answered.json(), &handle).unwrap(), actor);
        let document = Caller::new().activity_json(&actor).await.json();
        assert_eq!(document["preferredUsername"], handle.user());
        assert_eq!(document["webfinger"], format!("{}@{at}", handle.user()));
    }
}

#[tokio::test]
async fn what_is_not_ours_has_no_handle() {
    let hub = hub().await;
    let at = hub.origin().authority().to_owned();

    for resource in [
        format!("acct:nobody@{at}"),
        "acct:bobinette@autre.localhost".to_owned(),
        "https://autre.localhost/hub".to_owned(),
        hub.uri("/objets/1").to_string(),
        hub.uri("/members/0199c0de-7000-7000-8000-000000000001")
            .to_string(),
        format!("acct:a&resource=acct:x@{at}"),
        "@@".to_owned(),
        "x".repeat(10_000),
    ] {
        assert_eq!(finger(&hub, &resource).await.status, 404, "{resource}");
    }
    assert_eq!(get(&hub, "/.well-known/webfinger").await.status, 400);
}

#[tokio::test]
async fn nodeinfo_says_what_runs_and_counts_nobody() {
    let hub = hub().await;
    let links = get(&hub, "/.well-known/nodeinfo").await.json();
    let hrefs: Vec<&str> = links["links"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["href"].as_str().unwrap())
        .collect();

    assert_eq!(
        hrefs,
        [
            hub.uri("/nodeinfo/2.1").as_str(),
            hub.uri("/nodeinfo/2.0").as_str(),
            hub.uri("/actor").as_str(),
        ]
    );
    for version in ["2.1", "2.0"] {
        let document = get(&hub, &format!("/nodeinfo/{version}")).await.json();
        assert_eq!(document["version"], version);
        assert_eq!(document["software"]["name"], "interkpa");
        assert_eq!(document["usage"], json!({"users": {}}));
        assert_eq!(document["metadata"]["nodeName"], "KPA bobinette");
    }
    let read = hub.app.client.nodeinfo(hub.origin()).await;
    assert!(read.is_err(), "a hub does not ask itself");
}

#[tokio::test]
async fn host_meta_leads_to_webfinger() {
    let hub = hub().await;

    let answered = get(&hub, "/.well-known/host-meta").await;

    assert!(
        answered
            .header("content-type")
            .starts_with("application/xrd+xml")
    );
    let template = format!("{}/.well-known/webfinger?resource={{uri}}", hub.origin());
    assert!(answered.text.contains(&template), "{}", answered.text);
}
