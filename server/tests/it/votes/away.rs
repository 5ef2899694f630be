//! Hubs that are down while others vote: nobody waits for one of four, and it loses nothing.

use interkpa_federation::Span;
use interkpa_federation::governance::verify::Verdict;
use interkpa_server::features::votes::model::PollState;

use super::stage::Stage;

#[tokio::test]
async fn a_hub_that_was_down_gets_the_certificate_from_any_one_hub() {
    let mut stage = Stage::founded(4).await;
    let poll = stage.opened().await;
    stage.places[3].hub.go_silent();
    for place in &stage.places[..3] {
        place.votes(poll, "approve").await;
    }
    stage.settle_some(&[0, 1, 2]).await;
    stage.until_certified(poll, &[0, 1, 2]).await;
    // Two of the others go: one is enough.
    stage.places[0].hub.go_silent();
    stage.places[1].hub.go_silent();

    stage.places[3].hub.listen_again().await;
    for _ in 0..12 {
        stage.network.clock.advance(Span::seconds(20));
        stage.settle_some(&[2, 3]).await;
    }

    let late = stage.places[3].whole(poll).await;
    let certified = late.certified.expect("the certificate was pulled");
    let other = stage.places[2].whole(poll).await.certified.unwrap();
    assert_eq!(certified.value, other.value);
    assert_eq!(late.summary.state, PollState::Certified);
    let report = stage.places[3].recounted(poll, stage.genesis).await;
    assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.findings);
}

#[tokio::test]
async fn a_hub_that_missed_the_poll_itself_learns_of_it_from_the_others() {
    let mut stage = Stage::founded(4).await;
    stage.places[3].hub.go_silent();
    let poll = stage.places[0].opens(&stage.poll()).await;
    stage.settle_some(&[0, 1, 2]).await;
    // Its author is gone for good; deliveries to the fourth hub die with it.
    stage.places[0].hub.go_silent();

    stage.places[3].hub.listen_again().await;
    for _ in 0..6 {
        stage.network.clock.advance(Span::seconds(20));
        stage.settle_some(&[1, 2, 3]).await;
    }

    let whole = stage.places[3].whole(poll).await;
    assert_eq!(whole.summary.state, PollState::Open);
    stage.places[3].votes(poll, "oppose").await;
}

#[tokio::test]
async fn half_of_the_hubs_certify_nothing_and_the_page_says_how_far_it_is() {
    let mut stage = Stage::founded(4).await;
    let poll = stage.opened().await;
    stage.places[2].hub.go_silent();
    stage.places[3].hub.go_silent();
    stage.places[0].votes(poll, "approve").await;
    stage.settle_some(&[0, 1]).await;

    for _ in 0..20 {
        stage.network.clock.advance(Span::minutes(10));
        stage.settle_some(&[0, 1]).await;
    }

    let whole = stage.places[0].whole(poll).await;
    assert_eq!(whole.summary.state, PollState::Closing);
    assert!(whole.certified.is_none());
    assert!(whole.signatures < whole.numbers.to_sign());
    let bundle = stage.places[0]
        .fetched(&format!("/gov/polls/{poll}/bundle.json"))
        .await;
    assert_eq!(
        (bundle.status, bundle.code().as_str()),
        (404, "not_certified")
    );
}

#[tokio::test]
async fn a_restart_in_the_middle_of_the_closing_loses_nothing() {
    let mut stage = Stage::founded(4).await;
    let poll = stage.opened().await;
    for place in &stage.places {
        place.votes(poll, "approve").await;
    }
    stage.settle().await;
    let closes_at = stage.places[0].whole(poll).await.poll.closes_at;
    stage.network.clock.set(closes_at);
    // Each seals, and its machine is lost before anything was delivered.
    for place in &mut stage.places {
        place.hub.run_due_jobs().await;
        place.hub.restart().await;
    }

    stage.until_certified(poll, &[0, 1, 2, 3]).await;

    let report = stage.places[1].recounted(poll, stage.genesis).await;
    assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.findings);
}
