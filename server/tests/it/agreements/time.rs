//! Disagreements, and what time does.

use interkpa_federation::Span;
use interkpa_federation::vocabulary::terms::Settlement;
use serde_json::json;

use super::{Two, items};

async fn hours(two: &Two) -> (i64, i64) {
    let sum = |lines: Vec<serde_json::Value>| -> i64 {
        lines
            .iter()
            .map(|line| line["minutes"].as_i64().expect("minutes"))
            .sum()
    };
    let of_aicha = two
        .bobinette
        .api(&two.aicha, "GET", "/api/v1/hours", None)
        .await;
    let of_bruno = two
        .chevalement
        .api(&two.bruno, "GET", "/api/v1/hours", None)
        .await;
    (sum(items(&of_aicha)), sum(items(&of_bruno)))
}

#[tokio::test]
async fn a_contested_duration_is_corrected_by_a_linked_entry_on_both_hubs() {
    let two = Two::new(60, Settlement::Hours).await;
    let (here, there) = two.agree().await;
    two.bruno_does(&there, "done", json!({ "minutes": 120 }))
        .await;
    two.settle().await;

    let contested = two
        .aicha_does(&here, "contest", json!({ "reason": "Une heure et demie." }))
        .await;
    assert_eq!(contested.status, 200, "{}", contested.text);
    two.settle().await;
    assert_eq!(two.bruno_reads(&there).await["state"], "contested");
    assert_eq!(hours(&two).await, (0, 0));

    let settling =
        json!({ "outcome": "confirmed", "minutes": 90, "reason": "D’un commun accord." });
    let refused = two.aicha_does(&here, "settle", settling.clone()).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let path = format!("/api/v1/agreements/{here}/settle");
    let settled = two
        .bobinette
        .api(&two.fatou, "POST", &path, Some(settling))
        .await;
    assert_eq!(settled.status, 200, "{}", settled.text);
    two.settle().await;

    assert_eq!(two.bruno_reads(&there).await["state"], "confirmed");
    assert_eq!(
        two.bruno_reads(&there).await["resolution"],
        "D’un commun accord."
    );
    assert_eq!(hours(&two).await, (-90, 90));
    two.repeat_everything_backwards().await;
    assert_eq!(hours(&two).await, (-90, 90));
}

#[tokio::test]
async fn a_gift_nobody_contests_is_confirmed_after_seven_days_and_hours_never_are() {
    for (seed, settlement, after) in [
        (61, Settlement::Gift, "confirmed"),
        (65, Settlement::Hours, "declared_done"),
    ] {
        let two = Two::new(seed, settlement).await;
        let (here, there) = two.agree().await;
        two.bruno_does(&there, "done", json!({})).await;
        two.settle().await;

        two.network
            .clock
            .advance(Span::milliseconds(7 * 86_400_000 - 1));
        two.settle().await;
        assert_eq!(two.aicha_reads(&here).await["state"], "declared_done");

        two.network.clock.advance(Span::milliseconds(1));
        two.settle().await;
        assert_eq!(two.aicha_reads(&here).await["state"], after);
        assert_eq!(two.bruno_reads(&there).await["state"], after);
    }
}

#[tokio::test]
async fn an_answer_nobody_decided_ends_with_its_proposal() {
    let two = Two::new(62, Settlement::Gift).await;
    two.respond().await;
    two.settle().await;

    two.network.clock.advance(Span::days(60));
    two.settle().await;

    assert_eq!(two.received().await[0]["state"], "expired");
    let own = two
        .chevalement
        .api(&two.bruno, "GET", "/api/v1/responses", None)
        .await;
    let state = items(&own)[0]["state"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(["expired", "refused"].contains(&state.as_str()), "{state}");
}

#[tokio::test]
async fn what_is_called_off_gives_its_units_back() {
    let two = Two::new(63, Settlement::Gift).await;
    let (here, there) = two.agree().await;

    let cancelled = two
        .bruno_does(&there, "cancel", json!({ "reason": "Malade." }))
        .await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.text);
    two.settle().await;

    assert_eq!(two.aicha_reads(&here).await["state"], "cancelled");
    assert_eq!(two.bruno_reads(&there).await["state"], "cancelled");
    let path = format!("/api/v1/proposals/{}", two.proposal);
    let open = two.bobinette.api(&two.aicha, "GET", &path, None).await;
    assert_eq!(open.json()["state"], "published", "{}", open.text);
}
