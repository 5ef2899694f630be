//! A member opens an account that other sites can follow, and closes it.

use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::caller::Caller;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::json;

async fn save(hub: &TestHub, member: &TestMember, public: bool) {
    let mut fields = vec![("name", "Aïcha"), ("lang", "fr")];
    if public {
        fields.push(("public_actor", "1"));
    }
    let saved = hub.form(member, "/moi/profil", &fields).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
}

#[tokio::test]
async fn a_public_account_has_keys_once_opened_and_says_goodbye_when_closed() {
    let network = TestNetwork::new(41);
    let (hub, other) = (
        network.open_hub("bobinette").await,
        network.open_hub("chevalement").await,
    );
    network.befriend(&[&hub, &other]).await;
    let aicha = hub.member("aicha").create().await;
    let admin = hub
        .member("nadia")
        .role(Role::TechnicalAdmin)
        .create()
        .await;
    let bruno = other.member("bruno").create().await;
    let address = hub.uri(&format!("/members/{}", aicha.id));
    let caller = Caller::new();
    assert_eq!(caller.activity_json(&address).await.status, 404);

    save(&hub, &aicha, true).await;
    let opened = caller.activity_json(&address).await;
    assert_eq!(opened.status, 200, "{}", opened.text);
    assert_eq!(opened.json()["type"], "Person");
    let key = opened.json()["publicKey"]["publicKeyPem"].clone();
    assert!(key.as_str().unwrap().contains("PUBLIC KEY"));
    let followed = other
        .api(
            &bruno,
            "POST",
            "/api/v1/follows",
            Some(json!({"address": address.as_str()})),
        )
        .await;
    assert_eq!(followed.status, 201, "{}", followed.text);
    network.settle(&[&hub, &other]).await;
    save(&hub, &aicha, false).await;
    network.settle(&[&hub, &other]).await;

    assert_eq!(caller.activity_json(&address).await.status, 410);
    let left = other.api(&bruno, "GET", "/api/v1/follows", None).await;
    assert_eq!(left.json()["items"], json!([]), "nobody follows who left");
    let said = format!("/api/v1/audit?actor={}", aicha.id);
    let said = hub.api(&admin, "GET", &said, None).await.json();
    let commands: Vec<&str> = said["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["command"].as_str())
        .collect();
    assert!(commands.contains(&"public_actor_open") && commands.contains(&"public_actor_close"));
    save(&hub, &aicha, true).await;
    let again = caller.activity_json(&address).await;
    assert_eq!(again.json()["publicKey"]["publicKeyPem"], key);
}

#[tokio::test]
async fn a_hub_that_hears_no_guests_offers_no_public_account() {
    let network = TestNetwork::new(42);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;

    save(&hub, &aicha, true).await;

    let shown = hub.page(Some(&aicha), "/moi/profil").await;
    assert!(!shown.text.contains("name=\"public_actor\""));
}
