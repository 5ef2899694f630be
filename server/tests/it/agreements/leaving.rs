//! Somebody is no more: a member of this hub, an actor of another one, a whole hub (I-07).

use diesel::prelude::*;
use interkpa_federation::Span;
use interkpa_federation::vocabulary::terms::Settlement;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::{actor_keys, agreement_parties, members};
use interkpa_server::features::people::commands::By;
use interkpa_server::features::people::commands::leaving;
use interkpa_server::http::Kind;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::TestHub;
use serde_json::{Value, json};

use super::{PHONE_OF_BRUNO, Two, bring, items, text};

async fn leave(hub: &TestHub, member: &TestMember) {
    leaving::remove(&hub.app, By::Member(member.id.clone()), member.id.clone())
        .await
        .expect("a member leaves");
}

/// Names and telephones of the parties a hub holds.
async fn parties(hub: &TestHub) -> Vec<(String, Option<String>)> {
    hub.app
        .store
        .read(|conn| -> Result<_, StoreError> {
            Ok(agreement_parties::table
                .order((agreement_parties::agreement_id, agreement_parties::side))
                .select((agreement_parties::name, agreement_parties::phone))
                .load(conn)?)
        })
        .await
        .expect("parties are read")
}

async fn of_bruno(two: &Two, list: &str) -> Value {
    let path = format!("/api/v1/{list}");
    let answered = two.chevalement.api(&two.bruno, "GET", &path, None).await;
    items(&answered).remove(0)
}

#[tokio::test]
async fn a_member_who_leaves_ends_what_is_open_on_both_hubs() {
    let two = Two::new(300, Settlement::Hours).await;
    let (here, there) = two.agree().await;
    assert_eq!(two.bruno_reads(&there).await["state"], "concluded");

    leave(&two.bobinette, &two.aicha).await;
    two.settle().await;

    let theirs = two.bruno_reads(&there).await;
    assert_eq!(theirs["state"], "cancelled");
    let names = parties(&two.chevalement).await;
    assert!(
        names.contains(&("Ancien membre".to_owned(), None)),
        "{names:?}"
    );
    let page = two
        .chevalement
        .page(Some(&two.bruno), "/notifications")
        .await;
    assert!(page.text.contains("Annulé"), "{}", page.text);
    let gone = two.bobinette.page(Some(&two.aicha), "/moi").await;
    assert_ne!(gone.status, 200, "the session ended");
    let refused = two
        .bobinette
        .api(
            &two.aicha,
            "GET",
            &format!("/api/v1/agreements/{here}"),
            None,
        )
        .await;
    assert_eq!(refused.status, 401);
}

#[tokio::test]
async fn what_is_confirmed_stays_under_a_pseudonym_with_its_hours() {
    let two = Two::new(304, Settlement::Hours).await;
    let (here, there) = two.agree().await;
    two.bruno_does(&there, "messages", json!({ "text": "C’est Bruno." }))
        .await;
    two.bruno_does(&there, "done", json!({ "minutes": 90 }))
        .await;
    two.settle().await;
    two.aicha_does(&here, "confirm", json!({})).await;
    two.settle().await;

    leave(&two.chevalement, &two.bruno).await;
    two.settle().await;

    let ours = two.aicha_reads(&here).await;
    assert_eq!(ours["state"], "confirmed");
    let said = ours.to_string();
    assert!(!said.contains(PHONE_OF_BRUNO), "{said}");
    let names = parties(&two.bobinette).await;
    assert!(
        names.contains(&("Ancien membre".to_owned(), None)),
        "{names:?}"
    );
    let hours = two
        .bobinette
        .api(&two.aicha, "GET", "/api/v1/hours", None)
        .await;
    assert_eq!(items(&hours)[0]["minutes"], -90);
    let kept: Vec<(String, String, Option<String>)> = two
        .chevalement
        .app
        .store
        .read(|conn| -> Result<_, StoreError> {
            Ok(members::table
                .select((members::state, members::display_name, members::phone))
                .load(conn)?)
        })
        .await
        .unwrap();
    assert_eq!(
        kept,
        [("deleted".to_owned(), "Ancien membre".to_owned(), None)]
    );
}

#[tokio::test]
async fn waiting_answers_and_announcements_go_with_their_author() {
    let two = Two::new(308, Settlement::Gift).await;
    two.respond().await;
    two.settle().await;

    leave(&two.chevalement, &two.bruno).await;
    two.settle().await;
    assert_eq!(two.received().await[0]["state"], "cancelled");

    let other = Two::new(312, Settlement::Gift).await;
    other.respond().await;
    other.settle().await;
    leave(&other.bobinette, &other.aicha).await;
    other.settle().await;
    let answer = of_bruno(&other, "responses").await;
    assert_eq!(answer["state"], "expired", "{answer}");
}

#[tokio::test]
async fn the_goodbye_of_a_public_actor_reaches_other_hubs_and_its_address_is_gone() {
    let two = Two::new(316, Settlement::Gift).await;
    let lou = two.chevalement.member("lou").public_actor().create().await;
    let path = format!("/api/v1/proposals/{}/responses", two.copy);
    let body = json!({ "message": "Je viens." });
    let sent = two.chevalement.api(&lou, "POST", &path, Some(body)).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    two.settle().await;
    let accepted = two.accept(&two.received().await[0]).await.json();
    two.settle().await;
    let theirs = two
        .chevalement
        .api(&lou, "GET", "/api/v1/agreements", None)
        .await;
    let theirs = text(&items(&theirs)[0]["id"]);
    let path = format!("/api/v1/agreements/{theirs}/done");
    two.chevalement
        .api(&lou, "POST", &path, Some(json!({})))
        .await;
    two.settle().await;
    let here = text(&accepted["id"]);
    assert_eq!(two.aicha_reads(&here).await["state"], "declared_done");

    leave(&two.chevalement, &lou).await;
    two.settle().await;

    assert_eq!(two.aicha_reads(&here).await["state"], "cancelled");
    let document = interkpa_server::testing::caller::Caller::new()
        .send(
            "GET",
            &lou.actor,
            &[("accept".to_owned(), "application/activity+json".to_owned())],
            None,
        )
        .await;
    assert!([401, 410].contains(&document.status), "{}", document.status);
    assert_eq!(
        keys(&two.chevalement).await,
        1,
        "to sign what is on its way"
    );
    two.network.clock.advance(Span::days(31));
    two.settle().await;
    assert_eq!(keys(&two.chevalement).await, 0);
}

async fn keys(hub: &TestHub) -> i64 {
    hub.app
        .store
        .read(|conn| -> Result<_, StoreError> { Ok(actor_keys::table.count().get_result(conn)?) })
        .await
        .expect("keys are counted")
}

#[tokio::test]
async fn a_hub_that_is_no_more_takes_everybody_there_with_it() {
    let two = Two::new(320, Settlement::Hours).await;
    let (here, there) = two.agree().await;
    let hub = two.chevalement.uri("/hub");
    let goodbye = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "type": "Delete",
        "id": two.chevalement.uri("/activites/goodbye").as_str(),
        "actor": hub.as_str(), "object": hub.as_str(),
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
    });

    let taken = bring(&two.chevalement, &two.bobinette, &goodbye).await;

    assert_eq!(taken.status, 202, "{}", taken.text);
    assert_eq!(two.aicha_reads(&here).await["state"], "cancelled");
    let names = parties(&two.bobinette).await;
    assert!(
        names.contains(&("Ancien membre".to_owned(), None)),
        "{names:?}"
    );

    // The other way round: the owner of the agreement is no more.
    let other = Two::new(324, Settlement::Hours).await;
    let (_, kept) = other.agree().await;
    let hub = other.bobinette.uri("/hub");
    let goodbye = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "type": "Delete",
        "id": other.bobinette.uri("/activites/goodbye").as_str(),
        "actor": hub.as_str(), "object": hub.as_str(),
    });
    let taken = bring(&other.bobinette, &other.chevalement, &goodbye).await;
    assert_eq!(taken.status, 202, "{}", taken.text);
    assert_eq!(other.bruno_reads(&kept).await["state"], "cancelled");
    drop(there);
}

#[tokio::test]
async fn the_last_who_holds_the_machine_cannot_leave_and_a_wrong_password_changes_nothing() {
    let two = Two::new(328, Settlement::Gift).await;
    let root = two
        .bobinette
        .member("root")
        .role(interkpa_server::features::people::rights::Role::TechnicalAdmin)
        .create()
        .await;

    let by = By::Member(root.id.clone());
    let refused = leaving::remove(&two.bobinette.app, by, root.id.clone()).await;
    let refusal = refused.expect_err("nobody else holds the machine");
    assert_eq!((refusal.kind, refusal.code), (Kind::Conflict, "last_admin"));

    let form = [("current", "not the password")];
    let refused = two.bobinette.form(&two.aicha, "/moi/quitter", &form).await;
    assert_eq!(refused.status, 422);
    let page = two.bobinette.page(Some(&two.aicha), "/moi/quitter").await;
    assert!(page.text.contains("Quitter ce KPA"));
}
