use interkpa_federation::governance::verify::Verdict;
use interkpa_server::features::votes::model::PollState;
use serde_json::json;

use super::stage::Stage;

#[tokio::test]
async fn four_hubs_found_a_network_vote_and_anybody_recounts_the_result() {
    let stage = Stage::founded(4).await;

    let poll = stage.opened().await;
    for place in &stage.places {
        let whole = place.whole(poll).await;
        assert_eq!(whole.summary.state, PollState::Open);
        assert_eq!(whole.electors.len(), 4);
    }
    for (place, choice) in stage
        .places
        .iter()
        .zip(["approve", "approve", "oppose", "approve"])
    {
        place.votes(poll, choice).await;
        stage.settle().await;
    }
    stage.until_certified(poll, &[0, 1, 2, 3]).await;

    let mut results = vec![];
    for place in &stage.places {
        let certified = place.whole(poll).await.certified.unwrap();
        results.push((certified.value, certified.result.to_json().to_string()));
        let report = place.recounted(poll, stage.genesis).await;
        assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.findings);
        assert_eq!(report.certified.unwrap().0, certified.value);
    }
    results.dedup();
    assert_eq!(results.len(), 1, "one value and equal bytes everywhere");
    let shown = stage.places[3]
        .fetched(&format!("/api/v1/votes/{poll}"))
        .await
        .json();
    assert_eq!(shown["outcome"], "adopted");
    assert_eq!(shown["certified"], true);
    assert_eq!(
        shown["result"]["result"]["counts"],
        json!({"approve": 3, "oppose": 1, "abstain": 0})
    );
}
