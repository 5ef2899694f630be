//! Accueil of a member: what waits, the news of those who are followed, the newest of the others.

use serde_json::json;

use super::{copy_of, publish, text, two};
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::TestHub;

async fn home(hub: &TestHub, member: &TestMember) -> String {
    let page = hub.page(Some(member), "/").await;
    assert_eq!(page.status, 200);
    page.text
}

/// The part of a page under a heading.
fn under<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.split(&format!("aria-labelledby=\"{id}\"")).nth(1);
    from.unwrap_or_default()
        .split("</section>")
        .next()
        .unwrap_or_default()
}

#[tokio::test]
async fn a_member_with_nothing_to_do_reads_so() {
    let (_network, hub, _other) = two(200).await;
    let aicha = hub.member("aicha").create().await;

    let page = home(&hub, &aicha).await;

    assert!(under(&page, "waiting").contains("Rien ne vous attend."));
    assert!(page.contains("href=\"/publier\""), "what to do instead");
    assert!(under(&page, "news").is_empty());
}

#[tokio::test]
async fn what_a_followed_hub_publishes_is_on_the_home_page_within_one_delivery() {
    let (network, here, there) = two(204).await;
    let aicha = here.member("aicha").create().await;
    let noor = here.member("noor").create().await;
    let bruno = there.member("bruno").create().await;
    let follow = json!({ "address": there.origin().as_str() });
    let asked = here
        .api(&aicha, "POST", "/api/v1/follows", Some(follow))
        .await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    network.settle(&[&here, &there]).await;

    publish(&there, &bruno, "Cours de vannerie").await;
    there.deliver_all().await;

    let page = home(&here, &aicha).await;
    assert!(under(&page, "news").contains("Cours de vannerie"), "{page}");
    assert!(
        !under(&page, "latest").contains("Cours de vannerie"),
        "once"
    );
    let page = home(&here, &noor).await;
    assert!(under(&page, "news").is_empty(), "she follows nobody");
    assert!(under(&page, "latest").contains("Cours de vannerie"));
}

#[tokio::test]
async fn answers_exchanges_and_messages_wait_until_they_are_dealt_with() {
    let (network, here, there) = two(208).await;
    let aicha = here.member("aicha").create().await;
    let bruno = there.member("bruno").create().await;
    let offer = publish(&here, &aicha, "Cours de couture").await;
    network.settle(&[&here, &there]).await;
    let copy = copy_of(&there, &bruno, &offer["uri"]).await;
    let path = format!("/api/v1/proposals/{copy}/responses");
    let body = json!({ "message": "Avec plaisir." });
    assert_eq!(
        there.api(&bruno, "POST", &path, Some(body)).await.status,
        201
    );
    network.settle(&[&here, &there]).await;

    let page = home(&here, &aicha).await;
    assert!(under(&page, "waiting").contains("répond à «\u{a0}Cours de couture"));
    assert!(under(&home(&there, &bruno).await, "waiting").contains("Rien ne vous attend."));

    let path = format!("/api/v1/proposals/{}/responses", text(&offer["id"]));
    let answers = here.api(&aicha, "GET", &path, None).await.json();
    let path = format!(
        "/api/v1/responses/{}/accept",
        text(&answers["items"][0]["id"])
    );
    let agreement = text(&here.api(&aicha, "POST", &path, None).await.json()["id"]);
    network.settle(&[&here, &there]).await;
    let page = home(&here, &aicha).await;
    assert!(!under(&page, "waiting").contains("répond à"));
    assert!(under(&page, "waiting").contains("À faire avec"));

    let theirs = there
        .api(&bruno, "GET", "/api/v1/agreements", None)
        .await
        .json();
    let path = format!("/api/v1/agreements/{}", text(&theirs["items"][0]["id"]));
    let written = json!({ "text": "À quelle heure ?" });
    there
        .api(&bruno, "POST", &format!("{path}/messages"), Some(written))
        .await;
    there
        .api(
            &bruno,
            "POST",
            &format!("{path}/done"),
            Some(json!({ "minutes": 60 })),
        )
        .await;
    network.settle(&[&here, &there]).await;
    let page = home(&here, &aicha).await;
    assert!(
        under(&page, "waiting").contains("Dites si c’est fait avec"),
        "{page}"
    );
    assert!(under(&page, "waiting").contains("vous écrit"));

    // Whoever reads the exchange has read the message; the confirmation still waits.
    here.page(Some(&aicha), &format!("/accords/{agreement}"))
        .await;
    let page = home(&here, &aicha).await;
    assert!(!under(&page, "waiting").contains("vous écrit"));
    let path = format!("/api/v1/agreements/{agreement}/confirm");
    let confirmed = here.api(&aicha, "POST", &path, Some(json!({}))).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text);
    assert!(under(&home(&here, &aicha).await, "waiting").contains("Rien ne vous attend."));
}
