//! A proposal that ends takes its waiting answers with it, at once and on both hubs (I-06).

use interkpa_federation::Span;
use interkpa_federation::vocabulary::terms::Settlement;
use serde_json::{Value, json};

use super::{Two, items};

/// Where Bruno's answer stands, and why, at his hub.
async fn at_bruno(two: &Two) -> (String, String) {
    let list = two
        .chevalement
        .api(&two.bruno, "GET", "/api/v1/responses", None)
        .await;
    let answer = items(&list).remove(0);
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (word(&answer["state"]), word(&answer["reason"]))
}

/// What Bruno is told.
async fn told(two: &Two) -> String {
    let page = two
        .chevalement
        .page(Some(&two.bruno), "/notifications")
        .await;
    assert_eq!(page.status, 200);
    page.text
}

async fn answered(seed: u64) -> Two {
    let two = Two::new(seed, Settlement::Gift).await;
    two.respond().await;
    two.settle().await;
    two
}

async fn does(two: &Two, deed: &str, fields: &[(&str, &str)]) {
    let path = format!("/objets/{}/{deed}", two.proposal);
    let mut all = vec![("_once", "x")];
    all.extend_from_slice(fields);
    let done = two.bobinette.form(&two.aicha, &path, &all).await;
    assert_eq!(done.status, 303, "{}", done.text);
}

#[tokio::test]
async fn what_is_withdrawn_ends_its_answers_with_the_words_of_its_author() {
    let two = answered(100).await;

    does(&two, "retirer", &[("reason", "Le vélo a été volé.")]).await;

    assert_eq!(two.received().await[0]["state"], "expired", "here, at once");
    two.settle().await;
    let expected = ("expired".to_owned(), "Le vélo a été volé.".to_owned());
    assert_eq!(at_bruno(&two).await, expected);
    assert!(told(&two).await.contains("est terminée"));
}

#[tokio::test]
async fn what_is_found_ends_its_answers() {
    let two = answered(104).await;

    does(&two, "pourvu", &[]).await;
    two.settle().await;

    assert_eq!(two.received().await[0]["state"], "expired");
    assert_eq!(
        at_bruno(&two).await,
        ("expired".to_owned(), "closed".to_owned())
    );
    let shown = two
        .chevalement
        .page(Some(&two.bruno), &format!("/objets/{}", two.copy))
        .await;
    assert!(shown.text.contains("L’annonce est terminée."));
    assert!(told(&two).await.contains("est terminée"));
}

#[tokio::test]
async fn what_comes_to_its_end_ends_its_answers_on_both_hubs() {
    let two = answered(108).await;

    two.network.clock.advance(Span::days(60));
    two.settle().await;

    assert_eq!(two.received().await[0]["state"], "expired");
    assert_eq!(at_bruno(&two).await.0, "expired");
}

#[tokio::test]
async fn the_last_unit_ends_the_other_answers_and_says_so() {
    let two = answered(112).await;
    let chloe = two.bobinette.member("chloe").create().await;
    let path = format!("/api/v1/proposals/{}/responses", two.proposal);
    let body = json!({ "message": "Moi aussi." });
    let sent = two.bobinette.api(&chloe, "POST", &path, Some(body)).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let received = two.received().await;
    let of_chloe = received
        .into_iter()
        .find(|answer| answer["message"] == "Moi aussi.")
        .expect("an answer");

    assert_eq!(two.accept(&of_chloe).await.status, 201);
    two.settle().await;

    let expected = ("expired".to_owned(), "no_longer_available".to_owned());
    assert_eq!(at_bruno(&two).await, expected);
    assert!(told(&two).await.contains("Il ne reste rien de"));
}

#[tokio::test]
async fn what_is_kept_back_for_a_moment_keeps_its_answers() {
    let two = answered(116).await;

    does(&two, "suspendre", &[]).await;
    two.settle().await;

    assert_eq!(two.received().await[0]["state"], "sent");
    assert_eq!(at_bruno(&two).await.0, "sent");
}
