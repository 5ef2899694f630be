//! Two hubs and more: copies follow their owner, and show nothing to who is not entitled.

use interkpa_federation::Span;
use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::caller::Caller;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::json;

use super::{copy_of, get, need, offer, path_of, post, publish, titles};

async fn two(seed: u64) -> (TestNetwork, TestHub, TestHub) {
    let network = TestNetwork::new(seed);
    let bobinette = network.hub("bobinette").await;
    let chevalement = network.hub("chevalement").await;
    network.befriend(&[&bobinette, &chevalement]).await;
    (network, bobinette, chevalement)
}

#[tokio::test]
async fn a_public_offer_is_copied_with_everything_that_may_leave() {
    let (network, bobinette, chevalement) = two(30).await;
    let aicha = bobinette.member("aicha").public_actor().create().await;
    let lucien = chevalement.member("lucien").create().await;
    let made = publish(&bobinette, &aicha, offer("Cours de couture", json!({
        "description": "Deux heures **ensemble** <script>alert(1)</script>", "minutes": "2 h",
        "quantity": 4, "price": "3", "settlements": ["hours", "euros"], "when": "samedis",
        "category": "textile",
    }))).await;

    network.settle(&[&bobinette, &chevalement]).await;

    let copy = copy_of(&chevalement, &lucien, &made["uri"])
        .await
        .expect("a copy");
    let whole = get(&chevalement, &lucien, &path_of(&copy, "")).await.json();
    for member in [
        "title",
        "purpose",
        "kind",
        "category",
        "town",
        "settlements",
        "minutes",
        "price_cents",
        "available",
        "expires",
        "visibility",
    ] {
        assert_eq!(whole[member], made[member], "{member}");
    }
    assert_eq!(whole["origin"], bobinette.origin().as_str());
    assert_eq!(whole["author"]["name"], "Aicha");
    assert!(
        whole["content"]
            .as_str()
            .unwrap()
            .contains("<strong>ensemble</strong>")
    );
    assert!(whole["content"].as_str().unwrap().contains("samedis"));
    assert!(!whole["content"].as_str().unwrap().contains("<script"));
    assert!(whole["fetched"].is_string(), "a copy has an age");
    let refused = post(
        &chevalement,
        &lucien,
        &path_of(&copy, "/withdraw"),
        json!({}),
    )
    .await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "not_ours"));
}

#[tokio::test]
async fn no_name_leaves_with_the_need_of_a_member_without_a_public_actor() {
    let (network, bobinette, chevalement) = two(31).await;
    let aicha = bobinette.member("aicha").create().await;
    let lucien = chevalement.member("lucien").create().await;
    let made = publish(&bobinette, &aicha, need("Une presse à chaud", json!({}))).await;

    network.settle(&[&bobinette, &chevalement]).await;

    let copy = copy_of(&chevalement, &lucien, &made["uri"])
        .await
        .expect("a copy");
    assert_eq!(copy["author"]["uri"], bobinette.uri("/hub").as_str());
    let whole = get(&chevalement, &lucien, &path_of(&copy, "")).await;
    assert!(
        !whole.text.to_lowercase().contains("aicha"),
        "{}",
        whole.text
    );
    assert_eq!(
        made["author"]["name"], "Aicha",
        "members of the hub know who it is"
    );
}

#[tokio::test]
async fn what_stays_in_the_hub_reaches_nobody_else() {
    let (network, bobinette, chevalement) = two(32).await;
    let aicha = bobinette.member("aicha").public_actor().create().await;
    let lucien = chevalement.member("lucien").create().await;
    let made = publish(
        &bobinette,
        &aicha,
        offer("Entre nous", json!({"visibility": "hub"})),
    )
    .await;

    network.settle(&[&bobinette, &chevalement]).await;

    assert!(titles(&chevalement, &lucien, "").await.is_empty());
    let uri = bobinette.uri(&format!("/objets/{}", made["id"].as_str().unwrap()));
    assert_ne!(Caller::new().activity_json(&uri).await.status, 200);
}

#[tokio::test]
async fn copies_follow_edits_pauses_findings_and_withdrawals() {
    let (network, bobinette, chevalement) = two(33).await;
    let hubs = [&bobinette, &chevalement];
    let aicha = bobinette.member("aicha").create().await;
    let lucien = chevalement.member("lucien").create().await;
    let made = publish(
        &bobinette,
        &aicha,
        offer("Cours de couture", json!({"quantity": 3})),
    )
    .await;
    network.settle(&hubs).await;

    post(
        &bobinette,
        &aicha,
        &path_of(&made, ""),
        json!({"title": "Couture, niveau 2"}),
    )
    .await;
    network.settle(&hubs).await;
    assert_eq!(
        titles(&chevalement, &lucien, "").await,
        ["Couture, niveau 2"]
    );
    assert_eq!(
        titles(&chevalement, &lucien, "?q=niveau").await.len(),
        1,
        "found by its new words"
    );

    post(&bobinette, &aicha, &path_of(&made, "/suspend"), json!({})).await;
    network.settle(&hubs).await;
    assert!(titles(&chevalement, &lucien, "").await.is_empty());
    post(&bobinette, &aicha, &path_of(&made, "/resume"), json!({})).await;
    network.settle(&hubs).await;
    assert_eq!(titles(&chevalement, &lucien, "").await.len(), 1);

    post(&bobinette, &aicha, &path_of(&made, "/fulfil"), json!({})).await;
    network.settle(&hubs).await;
    assert!(
        titles(&chevalement, &lucien, "").await.is_empty(),
        "« Trouvé ! » closes it everywhere"
    );

    let other = publish(&bobinette, &aicha, offer("Retouches", json!({}))).await;
    network.settle(&hubs).await;
    let copy = copy_of(&chevalement, &lucien, &other["uri"])
        .await
        .expect("a copy");
    bobinette
        .api(&aicha, "DELETE", &path_of(&other, ""), None)
        .await;
    network.settle(&hubs).await;
    assert_eq!(
        get(&chevalement, &lucien, &path_of(&copy, "")).await.status,
        404,
        "nothing is left of it"
    );
}

#[tokio::test]
async fn who_is_no_longer_entitled_forgets_it_and_who_is_again_gets_it_back() {
    let network = TestNetwork::new(34);
    let bobinette = network.hub("bobinette").await;
    let chevalement = network.hub("chevalement").await;
    let criee = network.hub("criee").await;
    let hubs = [&bobinette, &chevalement, &criee];
    network.befriend(&hubs).await;
    let karima = bobinette
        .member("karima")
        .role(Role::Spokesperson)
        .create()
        .await;
    let lucien = chevalement.member("lucien").create().await;
    let farid = criee.member("farid").create().await;
    let follow = json!({"address": chevalement.origin().as_str(), "who": "hub"});
    post(&bobinette, &karima, "/api/v1/follows", follow).await;
    network.settle(&hubs).await;
    let made = publish(&bobinette, &karima, need("Une échelle", json!({}))).await;
    network.settle(&hubs).await;
    assert_eq!(titles(&criee, &farid, "").await.len(), 1);

    let narrower = json!({"visibility": "followed"});
    post(&bobinette, &karima, &path_of(&made, ""), narrower).await;
    network.settle(&hubs).await;
    assert!(
        titles(&criee, &farid, "").await.is_empty(),
        "not followed: told that it is gone"
    );
    assert_eq!(titles(&chevalement, &lucien, "").await.len(), 1);

    post(
        &bobinette,
        &karima,
        &path_of(&made, ""),
        json!({"visibility": "hub"}),
    )
    .await;
    network.settle(&hubs).await;
    assert!(titles(&chevalement, &lucien, "").await.is_empty());

    network.clock.advance(Span::minutes(1));
    post(
        &bobinette,
        &karima,
        &path_of(&made, ""),
        json!({"visibility": "network"}),
    )
    .await;
    network.settle(&hubs).await;
    assert_eq!(titles(&criee, &farid, "").await.len(), 1);
    assert_eq!(titles(&chevalement, &lucien, "").await.len(), 1);
}

#[tokio::test]
async fn a_hub_that_was_silent_catches_up() {
    let (network, bobinette, mut chevalement) = two(35).await;
    let aicha = bobinette.member("aicha").create().await;
    let lucien = chevalement.member("lucien").create().await;
    chevalement.go_silent();
    let made = publish(&bobinette, &aicha, offer("Cours de couture", json!({}))).await;
    bobinette.deliver_all().await;
    post(
        &bobinette,
        &aicha,
        &path_of(&made, ""),
        json!({"title": "Couture"}),
    )
    .await;
    chevalement.listen_again().await;

    network.clock.advance(Span::hours(2));
    network.settle(&[&bobinette, &chevalement]).await;

    assert_eq!(titles(&chevalement, &lucien, "").await, ["Couture"]);
}

#[tokio::test]
async fn the_team_keeps_a_copy_back_whatever_its_owner_changes() {
    let (network, bobinette, chevalement) = two(36).await;
    let hubs = [&bobinette, &chevalement];
    let aicha = bobinette.member("aicha").create().await;
    let lucien = chevalement.member("lucien").create().await;
    let made = publish(&bobinette, &aicha, offer("Cours de couture", json!({}))).await;
    network.settle(&hubs).await;
    let (app, uri, by) = (
        chevalement.app.clone(),
        made["uri"].as_str().unwrap().to_owned(),
        lucien.id.clone(),
    );
    chevalement
        .app
        .write(move |tx| {
            interkpa_server::features::proposals::keep_back(&app, tx, app.now(), &by, &uri, "spam")
        })
        .await
        .unwrap();

    post(
        &bobinette,
        &aicha,
        &path_of(&made, ""),
        json!({"title": "Couture"}),
    )
    .await;
    network.settle(&hubs).await;

    assert!(titles(&chevalement, &lucien, "").await.is_empty());
    assert_eq!(
        titles(&bobinette, &aicha, "").await,
        ["Couture"],
        "its owner decides about its own"
    );
}
