//! Which other KPAs take part.

use interkpa_server::testing::caller::Caller;
use serde_json::json;

use super::Stage;

#[tokio::test]
async fn a_kpa_is_allowed_by_its_name_once_it_said_who_it_is() {
    let stage = Stage::new().await;

    let made = stage
        .post(
            "/api/v1/peers",
            json!({"address": stage.host(), "reason": "vus à la fête"}),
        )
        .await;

    assert_eq!(made.status, 201, "{}", made.text);
    let peer = made.json();
    assert_eq!(peer["tier"], "allowed");
    assert_eq!(peer["host"], stage.host());
    assert_eq!(peer["hub"], stage.other.uri("/hub").as_str());
    assert_eq!(peer["decided_by"], stage.admin.id.as_str());
    assert!(peer["fingerprint"].is_string());
    assert_eq!(
        made.header("location"),
        format!("/api/v1/peers/{}", stage.host())
    );
    let list = stage.get("/api/v1/peers").await;
    assert_eq!(list["items"][0]["origin"], stage.other.origin().as_str());
    assert_eq!(list["next"], json!(null));
    assert_eq!(
        stage.journal(stage.other.origin().as_str()).await,
        [("peer_allow".to_owned(), Some("vus à la fête".to_owned()))]
    );
}

#[tokio::test]
async fn every_form_of_an_address_names_the_same_kpa_and_only_the_first_makes_a_row() {
    let stage = Stage::new().await;
    let host = stage.host();
    let forms = [
        host.clone(),
        format!("@hub@{host}"),
        stage.other.uri("/hub").to_string(),
        stage.other.origin().as_str().to_owned(),
    ];

    for (n, address) in forms.iter().enumerate() {
        let made = stage
            .post("/api/v1/peers", json!({"address": address}))
            .await;
        let expected = if n == 0 { 201 } else { 200 };
        assert_eq!(made.status, expected, "{address}: {}", made.text);
    }

    let list = stage.get("/api/v1/peers").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_no_kpa_is_refused_with_the_field_and_nothing_changes() {
    let mut stage = Stage::new().await;
    stage.other.go_silent();
    let own = stage.hub.origin().authority().to_owned();
    let cases = [
        ("", "address_invalid"),
        ("pas une adresse", "address_invalid"),
        (own.as_str(), "address_ours"),
    ];

    for (address, code) in cases {
        let refused = stage
            .post("/api/v1/peers", json!({"address": address}))
            .await;
        assert_eq!((refused.status, refused.code().as_str()), (422, code));
        assert_eq!(refused.json()["errors"][0]["field"], "address");
    }
    let down = stage
        .post("/api/v1/peers", json!({"address": stage.host()}))
        .await;

    assert_eq!(down.status, 422, "{}", down.text);
    assert_eq!(stage.get("/api/v1/peers").await["items"], json!([]));
    let unknown = stage
        .hub
        .api(
            &stage.admin,
            "GET",
            &format!("/api/v1/peers/{}", stage.host()),
            None,
        )
        .await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_server_of_another_kind_cannot_be_allowed_and_the_answer_says_what_to_do() {
    let stage = Stage::new().await;
    let foreign = interkpa_server::testing::foreign::Foreign::start("ailleurs").await;
    let person = foreign.actor("zoe");

    let refused = stage
        .post("/api/v1/peers", json!({"address": person.uri.as_str()}))
        .await;

    assert_eq!(
        (refused.status, refused.code().as_str()),
        (422, "not_a_hub")
    );
    let words = refused.json()["errors"][0]["detail"].to_string();
    assert!(words.contains("Seul un KPA peut être autorisé"), "{words}");
    assert!(words.contains("federation.mode"), "{words}");
}

#[tokio::test]
async fn a_kpa_is_blocked_forgotten_and_allowed_again_each_with_its_reason() {
    let stage = Stage::new().await;
    let path = |verb: &str| format!("/api/v1/peers/{}/{verb}", stage.host());

    let blocked = stage
        .post(&path("block"), json!({"reason": "insultes"}))
        .await;
    assert_eq!(
        (blocked.status, &blocked.json()["tier"]),
        (201, &json!("blocked"))
    );
    let forgotten = stage.post(&path("forget"), json!({})).await;
    assert_eq!(forgotten.json()["tier"], "guest");
    let allowed = stage
        .post(&path("allow"), json!({"reason": "excuses"}))
        .await;

    assert_eq!(
        (allowed.status, &allowed.json()["tier"]),
        (200, &json!("allowed"))
    );
    let said = stage.journal(stage.other.origin().as_str()).await;
    let expected = [
        ("peer_block", Some("insultes")),
        ("peer_forget", None),
        ("peer_allow", Some("excuses")),
    ];
    let expected =
        expected.map(|(command, reason)| (command.to_owned(), reason.map(str::to_owned)));
    assert_eq!(said, expected);
}

#[tokio::test]
async fn a_repeated_call_gets_its_first_answer_even_when_the_other_kpa_is_down_by_then() {
    let mut stage = Stage::new().await;
    let call = async |stage: &Stage| {
        let headers = [
            ("authorization", format!("Bearer {}", stage.admin.token)),
            ("content-type", "application/json".to_owned()),
            ("idempotency-key", "une-fois".to_owned()),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value));
        let body = json!({"address": stage.host()}).to_string().into_bytes();
        Caller::new()
            .send(
                "POST",
                &stage.hub.uri("/api/v1/peers"),
                &headers,
                Some(body),
            )
            .await
    };

    let first = call(&stage).await;
    stage.other.go_silent();
    let again = call(&stage).await;

    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.text, again.text);
    assert_eq!(stage.journal(stage.other.origin().as_str()).await.len(), 1);
}

#[tokio::test]
async fn a_member_without_the_right_decides_nothing() {
    let stage = Stage::new().await;
    let aicha = stage.hub.member("aicha").create().await;
    let address = json!({"address": stage.host()});

    let refused = stage
        .hub
        .api(&aicha, "POST", "/api/v1/peers", Some(address))
        .await;

    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "forbidden")
    );
    assert_eq!(stage.get("/api/v1/peers").await["items"], json!([]));
}
