//! What must not become an agreement, or move one.

use diesel::prelude::*;
use interkpa_federation::vocabulary::terms::Settlement;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::{proposal_details, proposals};
use interkpa_server::testing::foreign::Foreign;
use interkpa_server::testing::network::TestHub;
use serde_json::{Value, json};

use super::{Two, bring, hold_back, items, said, text};

fn of_kind(activities: &[Value], kind: &str) -> Value {
    let found = activities
        .iter()
        .rev()
        .find(|activity| activity["type"] == kind || activity["object"]["type"] == kind);
    found
        .unwrap_or_else(|| panic!("no {kind} in {activities:?}"))
        .clone()
}

/// The same activity under another id, so that it is no repetition.
fn renamed(activity: &Value, hub: &TestHub) -> Value {
    let mut other = activity.clone();
    other["id"] = json!(hub.app.address(&format!("/activites/{}", hub.app.new_id())));
    other
}

async fn own_answer(two: &Two) -> Value {
    let list = two
        .chevalement
        .api(&two.bruno, "GET", "/api/v1/responses", None)
        .await;
    items(&list)[0].clone()
}

async fn set_state(two: &Two, state: &'static str) {
    let id = two.proposal.clone();
    two.bobinette
        .app
        .write(move |tx| -> Result<(), StoreError> {
            diesel::update(proposals::table.find(id.as_str()))
                .set(proposals::state.eq(state))
                .execute(tx)?;
            Ok(())
        })
        .await
        .expect("a state is written");
}

async fn units_left(two: &Two) -> i64 {
    let id = two.proposal.clone();
    two.bobinette
        .app
        .store
        .read(move |conn| -> Result<i64, StoreError> {
            Ok(proposal_details::table
                .find(id.as_str())
                .select(proposal_details::available)
                .first(conn)?)
        })
        .await
        .expect("units are read")
}

#[tokio::test]
async fn an_answer_to_what_was_withdrawn_under_way_is_refused_with_the_reason() {
    let two = Two::new(40, Settlement::Gift).await;
    two.respond().await;
    set_state(&two, "withdrawn").await;

    two.settle().await;

    let answer = own_answer(&two).await;
    assert_eq!(
        (answer["state"].as_str(), answer["reason"].as_str()),
        (Some("expired"), Some("closed"))
    );
    assert!(two.agreements_of_bruno().await.is_empty());
}

#[tokio::test]
async fn of_two_answers_to_the_last_unit_one_becomes_an_agreement() {
    let two = Two::new(41, Settlement::Gift).await;
    let chloe = two.chevalement.member("chloe").create().await;
    two.respond().await;
    let path = format!("/api/v1/proposals/{}/responses", two.copy);
    let body = json!({ "message": "Moi aussi." });
    assert_eq!(
        two.chevalement
            .api(&chloe, "POST", &path, Some(body))
            .await
            .status,
        201
    );
    two.settle().await;
    let received = two.received().await;
    assert_eq!(received.len(), 2);

    let (one, other) = tokio::join!(two.accept(&received[0]), two.accept(&received[1]));

    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(units_left(&two).await, 0);
    two.settle().await;
    let of_chloe = two
        .chevalement
        .api(&chloe, "GET", "/api/v1/responses", None)
        .await;
    let mut states = [
        text(&own_answer(&two).await["state"]),
        text(&items(&of_chloe)[0]["state"]),
    ];
    states.sort();
    assert_eq!(states, ["accepted", "expired"]);
}

#[tokio::test]
async fn a_member_has_one_open_answer_to_a_proposal() {
    let two = Two::with_units(42, Settlement::Gift, 3).await;
    two.respond().await;

    let path = format!("/api/v1/proposals/{}/responses", two.copy);
    let again = json!({ "message": "Encore moi." });
    let again = two
        .chevalement
        .api(&two.bruno, "POST", &path, Some(again))
        .await;

    assert_eq!(
        (again.status, again.code()),
        (409, "decided_before".to_owned())
    );
}

#[tokio::test]
async fn a_third_hub_accepts_nothing_in_the_place_of_the_proposers() {
    let two = Two::new(43, Settlement::Gift).await;
    let soliere = two.network.hub("soliere").await;
    two.network.befriend(&[&two.chevalement, &soliere]).await;
    two.respond().await;
    two.settle().await;
    two.accept(&two.received().await[0]).await;
    hold_back(&two.bobinette).await;
    let genuine = of_kind(&said(&two.bobinette).await, "Accept");

    // The whole activity as if everything in it but the answer were the third hub's.
    let (ours, theirs) = (two.bobinette.origin().as_str(), soliere.origin().as_str());
    let mut forged: Value =
        serde_json::from_str(&genuine.to_string().replace(ours, theirs)).unwrap();
    forged["id"] = json!(
        soliere
            .app
            .address(&format!("/activites/{}", soliere.app.new_id()))
    );
    let refused = bring(&soliere, &two.chevalement, &forged).await;

    assert_eq!(
        (refused.status, refused.code()),
        (403, "not_owner".to_owned())
    );
    assert_eq!(own_answer(&two).await["state"], "sent");
    assert!(two.agreements_of_bruno().await.is_empty());
}

#[tokio::test]
async fn a_fact_that_was_changed_after_its_proof_is_refused() {
    let two = Two::new(44, Settlement::Hours).await;
    let (here, there) = two.agree().await;
    two.bruno_does(&there, "done", json!({ "minutes": 90 }))
        .await;
    hold_back(&two.chevalement).await;
    let genuine = of_kind(&said(&two.chevalement).await, "EconomicEvent");

    let mut forged = renamed(&genuine, &two.chevalement);
    forged["object"]["effortQuantity"]["hasNumericalValue"] = json!("600");
    let refused = bring(&two.chevalement, &two.bobinette, &forged).await;
    assert_eq!(
        (refused.status, refused.code()),
        (403, "proof_invalid".to_owned())
    );
    assert_eq!(two.aicha_reads(&here).await["state"], "concluded");

    let mut bare = renamed(&genuine, &two.chevalement);
    bare["object"].as_object_mut().unwrap().remove("proof");
    let refused = bring(&two.chevalement, &two.bobinette, &bare).await;
    assert_eq!(
        (refused.status, refused.code()),
        (403, "proof_invalid".to_owned())
    );
    assert_eq!(two.aicha_reads(&here).await["state"], "concluded");

    assert_eq!(
        bring(&two.chevalement, &two.bobinette, &genuine)
            .await
            .status,
        202
    );
    assert_eq!(two.aicha_reads(&here).await["state"], "declared_done");
}

#[tokio::test]
async fn somebody_elses_agreement_does_not_exist() {
    let two = Two::new(45, Settlement::Gift).await;
    let (here, _) = two.agree().await;
    let zoe = two.bobinette.member("zoe").create().await;

    let path = format!("/api/v1/agreements/{here}");
    assert_eq!(
        two.bobinette.api(&zoe, "GET", &path, None).await.status,
        404
    );
    for deed in ["done", "confirm", "cancel"] {
        let path = format!("{path}/{deed}");
        let refused = two
            .bobinette
            .api(&zoe, "POST", &path, Some(json!({})))
            .await;
        assert_eq!(refused.status, 404, "{deed}: {}", refused.text);
    }
}

#[tokio::test]
async fn a_server_that_is_only_a_guest_answers_nothing() {
    let two = Two::new(46, Settlement::Gift).await;
    two.respond().await;
    let offer = of_kind(&said(&two.chevalement).await, "Offer");
    let open = two.network.open_hub("ouvert").await;
    let guest = Foreign::start("invite").await;
    let actor = guest.hub();

    let (from, to) = (two.chevalement.origin().as_str(), guest.origin.as_str());
    let offer: Value = serde_json::from_str(&offer.to_string().replace(from, to)).unwrap();
    let answered = actor
        .delivery(&open.uri("/hub/inbox"), &offer, open.app.now())
        .send()
        .await;

    assert_eq!(
        (answered.status, answered.code()),
        (403, "guest_not_allowed".to_owned())
    );
}
