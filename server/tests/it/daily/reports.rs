//! Reports that go to the KPA a thing comes from: handed on by the team, without a name.

use diesel::prelude::*;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::{outbox_activities, reports};
use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::network::TestHub;
use serde_json::{Value, json};

use super::{copy_of, led_to, publish, text, two};

/// Keys and states of the reports of a hub, oldest first.
async fn kept(hub: &TestHub) -> Vec<(String, String, String, Option<String>)> {
    hub.app
        .store
        .read(|conn| -> Result<_, StoreError> {
            Ok(reports::table
                .order((reports::created_at, reports::id))
                .select((
                    reports::id,
                    reports::state,
                    reports::reason,
                    reports::reporter_origin,
                ))
                .load(conn)?)
        })
        .await
        .expect("reports are read")
}

/// The flags a hub sent.
async fn flags(hub: &TestHub) -> Vec<Value> {
    let bodies: Vec<String> = hub
        .app
        .store
        .read(|conn| -> Result<_, StoreError> {
            Ok(outbox_activities::table
                .filter(outbox_activities::kind.eq("Flag"))
                .select(outbox_activities::body)
                .load(conn)?)
        })
        .await
        .expect("activities are read");
    bodies
        .iter()
        .map(|body| serde_json::from_str(body).expect("JSON"))
        .collect()
}

#[tokio::test]
async fn what_the_team_hands_on_waits_in_the_queue_of_the_owner_without_a_name() {
    let (network, here, there) = two(220).await;
    let zoe = here.member("zoe").create().await;
    let fatou = here.member("fatou").role(Role::Facilitator).create().await;
    let bruno = there.member("bruno").public_actor().create().await;
    let samir = there.member("samir").role(Role::Facilitator).create().await;
    let offer = publish(&there, &bruno, "Montres pas chères").await;
    network.settle(&[&here, &there]).await;
    let copy = copy_of(&here, &zoe, &offer["uri"]).await;
    let report = [
        ("reason", "spam"),
        ("words", "C’est Zoé qui le dit."),
        ("_once", "a"),
    ];
    led_to(
        &here
            .form(&zoe, &format!("/objets/{copy}/signaler"), &report)
            .await,
    );

    let case = format!("/moderation/{}", kept(&here).await[0].0);
    let page = here.page(Some(&fatou), &case).await;
    assert!(
        page.text.contains("Transmettre au KPA d’origine"),
        "{}",
        page.text
    );
    let decision = [
        ("decision", "forward"),
        ("reason", "De la publicité."),
        ("_once", "b"),
    ];
    led_to(
        &here
            .form(&fatou, &format!("{case}/decision"), &decision)
            .await,
    );
    network.settle(&[&here, &there]).await;

    let sent = flags(&here).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["actor"], here.uri("/actor").as_str());
    let said = sent[0].to_string();
    for name in ["Zoe", "Zoé", "Fatou", zoe.id.as_str(), fatou.id.as_str()] {
        assert!(!said.contains(name), "{name} in {said}");
    }
    assert_eq!(kept(&here).await[0].1, "forwarded");
    let theirs = kept(&there).await;
    assert_eq!(theirs.len(), 1);
    assert_eq!(theirs[0].1, "open");
    assert!(theirs[0].2.contains("De la publicité."));
    assert_eq!(theirs[0].3.as_deref(), Some(here.origin().as_str()));

    // The owner's team decides; the author reads the reason, and nobody's name.
    let case = format!("/moderation/{}", theirs[0].0);
    let page = there.page(Some(&samir), &case).await.text;
    assert!(!page.contains("Transmettre au KPA d’origine"), "it is ours");
    let decision = [
        ("decision", "hide"),
        ("reason", "Pas de vente ici."),
        ("_once", "c"),
    ];
    led_to(
        &there
            .form(&samir, &format!("{case}/decision"), &decision)
            .await,
    );
    let told = there.page(Some(&bruno), "/notifications").await.text;
    assert!(told.contains("Pas de vente ici."), "{told}");
    assert!(!told.contains("Zo"));
    network.settle(&[&here, &there]).await;
    let gone = here
        .api(&zoe, "GET", &format!("/api/v1/proposals/{copy}"), None)
        .await;
    assert_ne!(gone.json()["state"], "published", "{}", gone.text);
}

#[tokio::test]
async fn what_is_ours_is_handed_on_to_nobody() {
    let (network, here, there) = two(224).await;
    let aicha = here.member("aicha").create().await;
    let zoe = here.member("zoe").create().await;
    let fatou = here.member("fatou").role(Role::Facilitator).create().await;
    let offer = publish(&here, &aicha, "Cours de couture").await;
    let path = format!("/api/v1/proposals/{}/report", text(&offer["id"]));
    here.api(&zoe, "POST", &path, Some(json!({ "reason": "other" })))
        .await;

    let case = format!("/moderation/{}", kept(&here).await[0].0);
    let decision = [
        ("decision", "forward"),
        ("reason", "Ailleurs."),
        ("_once", "a"),
    ];
    let refused = here
        .form(&fatou, &format!("{case}/decision"), &decision)
        .await;
    network.settle(&[&here, &there]).await;

    assert_eq!(refused.status, 422);
    assert!(flags(&here).await.is_empty());
    assert_eq!(kept(&here).await[0].1, "open");
}
