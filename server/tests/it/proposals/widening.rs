//! What time does: the end of a proposal, and an unmet need that is shown further day by day.

use interkpa_federation::Span;
use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::network::TestNetwork;
use serde_json::json;

use super::{copy_of, get, need, offer, path_of, post, publish, titles, told};

#[tokio::test]
async fn an_unmet_need_is_shown_here_first_then_to_followed_hubs_then_to_the_network() {
    let network = TestNetwork::new(20);
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
    assert_eq!(
        post(&bobinette, &karima, "/api/v1/follows", follow)
            .await
            .status,
        201
    );
    network.settle(&hubs).await;

    let made = publish(
        &bobinette,
        &karima,
        need("Réparer le vélo-cargo", json!({"first_hub": true})),
    )
    .await;
    network.settle(&hubs).await;
    assert_eq!(
        (made["visibility"].as_str(), made["widen_to"].as_str()),
        (Some("hub"), Some("network"))
    );
    assert_eq!(titles(&bobinette, &karima, "").await.len(), 1);
    assert!(titles(&chevalement, &lucien, "").await.is_empty());

    network.clock.advance(Span::hours(23));
    network.settle(&hubs).await;
    assert!(
        titles(&chevalement, &lucien, "").await.is_empty(),
        "a day is not over"
    );

    network.clock.advance(Span::minutes(61));
    network.settle(&hubs).await;
    assert_eq!(
        titles(&chevalement, &lucien, "").await,
        ["Réparer le vélo-cargo"]
    );
    assert!(titles(&criee, &farid, "").await.is_empty(), "not followed");

    network.clock.advance(Span::minutes(24 * 60 + 1));
    network.settle(&hubs).await;
    assert_eq!(titles(&criee, &farid, "").await, ["Réparer le vélo-cargo"]);
    assert_eq!(
        titles(&chevalement, &lucien, "").await.len(),
        1,
        "the first copy is still one"
    );
    let now = get(&bobinette, &karima, &path_of(&made, "")).await.json();
    assert_eq!(
        (now["visibility"].as_str(), now["widen_to"].as_str()),
        (Some("network"), None)
    );
}

#[tokio::test]
async fn a_need_that_is_met_climbs_no_further() {
    let network = TestNetwork::new(21);
    let bobinette = network.hub("bobinette").await;
    let criee = network.hub("criee").await;
    let hubs = [&bobinette, &criee];
    network.befriend(&hubs).await;
    let karima = bobinette.member("karima").create().await;
    let farid = criee.member("farid").create().await;
    let made = publish(
        &bobinette,
        &karima,
        need("Une échelle", json!({"first_hub": true})),
    )
    .await;
    post(&bobinette, &karima, &path_of(&made, "/fulfil"), json!({})).await;

    network.clock.advance(Span::days(3));
    network.settle(&hubs).await;

    assert!(titles(&criee, &farid, "").await.is_empty());
    let now = get(&bobinette, &karima, &path_of(&made, "")).await.json();
    assert_eq!(now["visibility"], "hub");
}

#[tokio::test]
async fn the_author_widens_at_once() {
    let network = TestNetwork::new(22);
    let hub = network.hub("bobinette").await;
    let karima = hub.member("karima").create().await;
    let made = publish(
        &hub,
        &karima,
        need("Une échelle", json!({"first_hub": true})),
    )
    .await;

    let wider = post(&hub, &karima, &path_of(&made, "/widen"), json!({}))
        .await
        .json();
    let widest = post(&hub, &karima, &path_of(&made, "/widen"), json!({}))
        .await
        .json();

    assert_eq!(
        (wider["visibility"].as_str(), widest["visibility"].as_str()),
        (Some("followed"), Some("network"))
    );
    assert_eq!(widest["widen_at"], json!(null));
}

#[tokio::test]
async fn a_proposal_ends_by_itself_here_and_elsewhere_and_lives_again_by_an_edit() {
    let network = TestNetwork::new(23);
    let bobinette = network.hub("bobinette").await;
    let criee = network.hub("criee").await;
    let hubs = [&bobinette, &criee];
    network.befriend(&hubs).await;
    let aicha = bobinette.member("aicha").create().await;
    let farid = criee.member("farid").create().await;
    let made = publish(
        &bobinette,
        &aicha,
        offer("Cours de couture", json!({"expires_days": 10})),
    )
    .await;
    network.settle(&hubs).await;
    assert!(copy_of(&criee, &farid, &made["uri"]).await.is_some());

    network.clock.advance(Span::minutes(7 * 24 * 60 + 1));
    network.settle(&hubs).await;
    assert_eq!(
        told(&bobinette, &aicha).await,
        1,
        "« Encore d'actualité ? »"
    );

    network.clock.advance(Span::hours(73));
    network.settle(&hubs).await;
    assert!(titles(&bobinette, &aicha, "").await.is_empty());
    assert!(titles(&criee, &farid, "").await.is_empty());
    let now = get(&bobinette, &aicha, &path_of(&made, "")).await.json();
    assert_eq!(now["state"], "expired");

    let again = post(
        &bobinette,
        &aicha,
        &path_of(&made, ""),
        json!({"expires_days": 15}),
    )
    .await;
    assert_eq!(
        (again.status, again.json()["state"].as_str()),
        (200, Some("published")),
        "{}",
        again.text
    );
    network.settle(&hubs).await;
    assert_eq!(titles(&criee, &farid, "").await, ["Cours de couture"]);
}

#[tokio::test]
async fn a_sweep_that_runs_twice_changes_nothing_the_second_time() {
    let network = TestNetwork::new(24);
    let hub = network.hub("bobinette").await;
    let aicha = hub.member("aicha").create().await;
    let made = publish(
        &hub,
        &aicha,
        offer("Cours de couture", json!({"expires_days": 1})),
    )
    .await;
    network.clock.advance(Span::days(2));
    hub.run_due_jobs().await;
    let first = get(&hub, &aicha, &path_of(&made, "")).await.json();

    network.clock.advance(Span::days(2));
    hub.run_due_jobs().await;

    assert_eq!(get(&hub, &aicha, &path_of(&made, "")).await.json(), first);
}

#[tokio::test]
async fn one_tap_gives_what_ends_soon_another_end_and_copies_follow() {
    let network = TestNetwork::new(27);
    let bobinette = network.hub("bobinette").await;
    let chevalement = network.hub("chevalement").await;
    let hubs = [&bobinette, &chevalement];
    network.befriend(&hubs).await;
    let karima = bobinette.member("karima").create().await;
    let lucien = chevalement.member("lucien").create().await;
    let made = publish(&bobinette, &karima, offer("Cours de vannerie", json!({}))).await;
    network.settle(&hubs).await;
    let page = format!("/objets/{}", made["id"].as_str().unwrap_or_default());
    let shown = bobinette.page(Some(&karima), &page).await.text;
    assert!(!shown.contains("/prolonger"), "it has just begun");

    network.clock.advance(Span::days(58));
    network.settle(&hubs).await;
    assert_eq!(told(&bobinette, &karima).await, 1, "asked before the end");
    let shown = bobinette.page(Some(&karima), &page).await.text;
    assert!(shown.contains("/prolonger"), "{shown}");
    let path = format!("{page}/prolonger");
    let refused = chevalement.form(&lucien, &path, &[]).await;
    assert_eq!(refused.status, 404, "another hub knows no such key");
    let done = bobinette.form(&karima, &path, &[]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    network.clock.advance(Span::days(30));
    network.settle(&hubs).await;

    let now = get(&bobinette, &karima, &path_of(&made, "")).await.json();
    assert_eq!(now["state"], "published");
    assert!(copy_of(&chevalement, &lucien, &made["uri"]).await.is_some());
}
