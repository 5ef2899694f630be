//! What is on its way to other KPAs.

use serde_json::json;

use super::Stage;

#[tokio::test]
async fn what_waits_for_a_silent_kpa_is_shown_with_its_reason_and_its_next_attempt() {
    let mut stage = Stage::new().await;

    let line = stage.undelivered().await;

    assert_eq!(line["peer"], stage.other.origin().as_str());
    assert_eq!(line["state"], "waiting");
    assert_eq!(line["kind"], "Follow");
    assert_eq!(line["attempts"], 1);
    assert_eq!(line["last_error"], "unreachable");
    assert_eq!(line["detail"], "Nous n’arrivons pas à joindre ce site.");
    assert!(line["next_attempt_at"].as_str().is_some());
    assert!(
        line["activity"]
            .as_str()
            .unwrap()
            .starts_with(stage.hub.origin().as_str())
    );
    let peer = stage.get(&format!("/api/v1/peers/{}", stage.host())).await;
    assert_eq!(peer["sending"]["circuit"], "failing");
    assert_eq!(peer["sending"]["waiting"], 1);
}

#[tokio::test]
async fn a_retry_sends_at_once_what_would_have_waited() {
    let mut stage = Stage::new().await;
    let line = stage.undelivered().await;
    stage.other.listen_again().await;
    let id = line["id"].as_str().unwrap();
    stage.hub.deliver_all().await;
    assert_eq!(
        stage.get("/api/v1/deliveries?state=done").await["items"],
        json!([])
    );

    let retried = stage
        .post(&format!("/api/v1/deliveries/{id}/retry"), json!({}))
        .await;
    stage.hub.deliver_all().await;

    assert_eq!(retried.status, 200, "{}", retried.text);
    let done = stage.get("/api/v1/deliveries?state=done").await;
    assert_eq!(done["items"][0]["id"], id);
    assert_eq!(
        stage.journal(id).await,
        [("delivery_retry".to_owned(), None)]
    );
    let over = stage
        .post(&format!("/api/v1/deliveries/{id}/retry"), json!({}))
        .await;
    assert_eq!(over.status, 404, "what arrived is not sent again");
}

#[tokio::test]
async fn what_is_given_up_stays_dead_until_its_server_is_retried() {
    let mut stage = Stage::new().await;
    let line = stage.undelivered().await;
    let id = line["id"].as_str().unwrap();

    let given_up = stage
        .post(&format!("/api/v1/deliveries/{id}/give-up"), json!({}))
        .await;
    assert_eq!(given_up.status, 200, "{}", given_up.text);
    let dead = stage.get("/api/v1/deliveries?state=dead").await;
    assert_eq!(dead["items"][0]["last_error"], "given_up_here");
    stage.other.listen_again().await;
    let retried = stage
        .post(&format!("/api/v1/peers/{}/retry", stage.host()), json!({}))
        .await;
    stage.hub.deliver_all().await;

    assert_eq!(retried.json()["revived"], 1);
    assert_eq!(
        stage.get("/api/v1/deliveries?state=dead").await["items"],
        json!([])
    );
    let done = format!("/api/v1/deliveries?state=done&peer={}", stage.host());
    assert_eq!(stage.get(&done).await["items"][0]["id"], id);
}

#[tokio::test]
async fn deliveries_come_page_by_page_and_an_unknown_cursor_is_refused() {
    let mut stage = Stage::new().await;
    stage.undelivered().await;
    let bruno = stage.hub.member("bruno").public_actor().create().await;
    let address = json!({"address": stage.other.uri("/hub").as_str()});
    let followed = stage
        .hub
        .api(&bruno, "POST", "/api/v1/follows", Some(address))
        .await;
    assert_eq!(followed.status, 201, "{}", followed.text);

    let first = stage.get("/api/v1/deliveries?limit=1").await;
    let cursor = first["next"].as_str().unwrap();
    let second = stage
        .get(&format!("/api/v1/deliveries?limit=1&after={cursor}"))
        .await;

    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
    assert_eq!(second["next"], json!(null));
    let refused = stage
        .hub
        .api(&stage.admin, "GET", "/api/v1/deliveries?after=x", None)
        .await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "cursor_unknown")
    );
}

#[tokio::test]
async fn nothing_is_retried_to_a_server_nothing_was_sent_to() {
    let stage = Stage::new().await;

    let refused = stage
        .post("/api/v1/peers/ailleurs.localhost:1/retry", json!({}))
        .await;

    assert_eq!(refused.status, 404, "{}", refused.text);
}
