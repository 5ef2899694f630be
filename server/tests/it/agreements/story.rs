//! The whole story, and what repetition and disorder may not change.

use interkpa_federation::vocabulary::terms::{KindName, Settlement};
use interkpa_server::db::url::Engine;
use interkpa_server::testing::database::engine;
use interkpa_server::testing::network::TestHub;
use serde_json::json;

use super::{PHONE_OF_AICHA, PHONE_OF_BRUNO, Two, bring, hold_back, items, rows, said, text};

#[tokio::test]
async fn from_a_need_to_hours_that_both_hubs_count_once() {
    let two = Two::new(20, Settlement::Hours).await;
    let (here, there) = two.agree().await;

    let written = two
        .aicha_does(&here, "messages", json!({ "text": "Merci d’avance !" }))
        .await;
    assert_eq!(written.status, 200, "{}", written.text);
    two.settle().await;
    assert_eq!(
        two.bruno_reads(&there).await["messages"][0]["text"],
        "Merci d’avance !"
    );

    let done = two
        .bruno_does(&there, "done", json!({ "minutes": 150 }))
        .await;
    assert_eq!(done.status, 200, "{}", done.text);
    two.settle().await;
    assert_eq!(two.aicha_reads(&here).await["state"], "declared_done");
    assert_eq!(two.bruno_reads(&there).await["state"], "declared_done");

    let confirmed = two.aicha_does(&here, "confirm", json!({})).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text);
    two.settle().await;
    assert_eq!(two.aicha_reads(&here).await["state"], "confirmed");
    assert_eq!(two.bruno_reads(&there).await["state"], "confirmed");

    let (of_aicha, of_bruno) = (
        two.bobinette
            .api(&two.aicha, "GET", "/api/v1/hours", None)
            .await,
        two.chevalement
            .api(&two.bruno, "GET", "/api/v1/hours", None)
            .await,
    );
    assert_eq!(items(&of_aicha)[0]["minutes"], -150);
    assert_eq!(items(&of_bruno)[0]["minutes"], 150);
}

/// The word « c'est fait » was refused by the owner's hub when the need named no duration, or was for a
/// thing: a browser showed it.
#[tokio::test]
async fn hours_are_counted_for_a_need_without_duration_and_for_a_loan() {
    for (seed, kind, minutes) in [
        (24, KindName::Service, None),
        (25, KindName::Loan, None),
        (26, KindName::Loan, Some(60)),
    ] {
        let two = Two::with(seed, Settlement::Hours, |need| {
            need.kind = kind;
            need.details.minutes = minutes;
        })
        .await;
        let (here, there) = two.agree().await;

        two.bruno_does(&there, "done", json!({ "minutes": 150 }))
            .await;
        two.settle().await;
        two.aicha_does(&here, "confirm", json!({})).await;
        two.settle().await;

        assert_eq!(
            two.aicha_reads(&here).await["state"],
            "confirmed",
            "{kind:?}"
        );
        assert_eq!(two.bruno_reads(&there).await["state"], "confirmed");
        let of_bruno = two
            .chevalement
            .api(&two.bruno, "GET", "/api/v1/hours", None)
            .await;
        assert_eq!(items(&of_bruno)[0]["minutes"], 150);
    }
}

#[tokio::test]
async fn everything_said_again_backwards_changes_nothing() {
    let two = Two::new(21, Settlement::Hours).await;
    let (here, there) = two.agree().await;
    two.bruno_does(&there, "messages", json!({ "text": "À samedi." }))
        .await;
    two.bruno_does(&there, "done", json!({ "minutes": 120 }))
        .await;
    two.settle().await;
    two.aicha_does(&here, "confirm", json!({})).await;
    two.settle().await;
    let before = (rows(&two.bobinette).await, rows(&two.chevalement).await);
    let stories = (two.aicha_reads(&here).await, two.bruno_reads(&there).await);

    two.repeat_everything_backwards().await;

    assert_eq!(
        (rows(&two.bobinette).await, rows(&two.chevalement).await),
        before
    );
    let after = (two.aicha_reads(&here).await, two.bruno_reads(&there).await);
    assert_eq!(after, stories);
}

#[tokio::test]
async fn contact_message_and_copy_wait_for_the_agreement_they_came_before() {
    let two = Two::new(22, Settlement::Gift).await;
    two.respond().await;
    two.settle().await;
    let accepted = two.accept(&two.received().await[0]).await.json();
    two.aicha_does(
        &text(&accepted["id"]),
        "messages",
        json!({ "text": "Bienvenue" }),
    )
    .await;
    hold_back(&two.bobinette).await;
    let mut activities = said(&two.bobinette).await;
    activities.retain(|activity| activity["type"] != "Follow");

    for activity in activities.iter().rev() {
        assert_eq!(
            bring(&two.bobinette, &two.chevalement, activity)
                .await
                .status,
            202
        );
    }
    two.settle().await;

    let theirs = two.agreements_of_bruno().await;
    let agreement = two.bruno_reads(&text(&theirs[0]["id"])).await;
    assert_eq!(agreement["messages"][0]["text"], "Bienvenue");
    assert_eq!(agreement["parties"][0]["phone"], PHONE_OF_AICHA);
}

#[tokio::test]
async fn no_number_is_known_elsewhere_before_both_agreed() {
    let two = Two::new(23, Settlement::Gift).await;
    two.respond().await;
    two.settle().await;

    let mut everything = String::new();
    for hub in two.hubs() {
        for activity in said(hub).await {
            everything.push_str(&activity.to_string());
        }
    }
    let received = two.received().await;
    everything.push_str(&format!("{received:?}"));
    let here = String::from_utf8_lossy(&database_bytes(&two.bobinette)).into_owned();
    // The search sees what is there: a member's own number is in the own database.
    assert!(here.is_empty() || here.contains(PHONE_OF_AICHA));
    assert_eq!(here.is_empty(), engine() == Engine::Postgres);
    everything.push_str(&here);
    assert!(!everything.contains(PHONE_OF_BRUNO));
    let theirs = String::from_utf8_lossy(&database_bytes(&two.chevalement)).into_owned();
    assert!(!theirs.contains(PHONE_OF_AICHA));

    let accepted = two.accept(&received[0]).await.json();
    assert_eq!(accepted["parties"][1]["phone"], json!(null));
    two.settle().await;

    let (here, there) = (text(&accepted["id"]), two.agreements_of_bruno().await);
    assert_eq!(
        two.aicha_reads(&here).await["parties"][1]["phone"],
        PHONE_OF_BRUNO
    );
    assert_eq!(there[0]["parties"][0]["phone"], PHONE_OF_AICHA);
}

/// Every byte of a hub's database file and its journal; nothing on an engine without files.
fn database_bytes(hub: &TestHub) -> Vec<u8> {
    let url = hub.app.config.database.url.clone();
    let parts = ["", "-wal"].map(|end| format!("{}{end}", url.trim_start_matches("sqlite:")));
    parts
        .iter()
        .flat_map(|part| std::fs::read(part).unwrap_or_default())
        .collect()
}
