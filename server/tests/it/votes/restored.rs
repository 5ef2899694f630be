//! A hub that comes back from last night's backup in the middle of a vote (T17): it never signs a second
//! ballot of one number, and is never shown as having voted twice.

use std::fs;

use interkpa_federation::Span;
use interkpa_server::backup;
use interkpa_server::features::people::rights::Role;
use interkpa_server::random::Random;
use serde_json::json;

use super::stage::{Place, Stage};

/// Puts a backup of the first hub back, with new people: tokens of before work no more.
async fn put_back(stage: &mut Stage, made: &backup::Backup) {
    let data = stage.places[0].hub.data().to_owned();
    let (aside, broken) = (
        data.with_extension("restored"),
        data.with_extension("broken"),
    );
    let random = Random::system().unwrap();
    backup::restore(&made.path, &aside, None, &stage.network.clock, &random)
        .await
        .unwrap();
    stage.places[0].hub.go_silent();
    fs::rename(&data, &broken).unwrap();
    fs::rename(&aside, &data).unwrap();
    stage.places[0].hub.restart().await;
    fs::remove_dir_all(&broken).unwrap();
    let hub = &stage.places[0].hub;
    let spokesperson = hub.member("rosa").role(Role::Spokesperson).create().await;
    let facilitator = hub.member("theo").role(Role::Facilitator).create().await;
    let place = &mut stage.places[0];
    place.spokesperson = spokesperson;
    place.facilitator = facilitator;
}

fn backup_of(place: &Place) -> backup::Backup {
    let data = place.hub.data().to_owned();
    fs::write(data.join("interkpa.toml"), place.hub.app.config.to_toml()).unwrap();
    backup::make(&data, &place.hub.app.config, place.hub.app.now(), 3).unwrap()
}

#[tokio::test]
async fn a_restored_hub_learns_its_own_ballot_from_the_others_and_goes_on_after_it() {
    // Backups are of SQLite, whatever engine this run is for.
    let mut stage =
        Stage::founded_with(4, |config| "hub.db".clone_into(&mut config.database.url)).await;
    let mut body = stage.poll();
    body["closes_at"] = json!((stage.now() + Span::hours(30)).to_rfc3339());
    let poll = stage.places[1].opens(&body).await;
    stage.settle().await;
    let made = backup_of(&stage.places[0]);
    stage.places[0].votes(poll, "approve").await;
    stage.settle().await;
    stage.network.clock.advance(Span::hours(8));

    put_back(&mut stage, &made).await;
    assert!(
        !stage.places[0].whole(poll).await.summary.voted,
        "it forgot"
    );
    for place in &mut stage.places[1..] {
        place.hub.go_silent();
    }
    let prepared = stage.places[0].prepares(poll, json!("oppose")).await;
    let blind = {
        let place = &stage.places[0];
        place.confirms(&place.facilitator, poll, &prepared).await
    };
    assert_eq!(
        (blind.status, blind.code().as_str()),
        (503, "own_ballots_unknown"),
        "it does not sign before an honest hub answered"
    );
    for place in &mut stage.places[1..] {
        place.hub.listen_again().await;
    }
    stage.network.clock.advance(Span::minutes(10));
    stage.places[0].votes(poll, "oppose").await;
    stage.settle().await;

    for place in &stage.places {
        let whole = place.whole(poll).await;
        assert!(whole.faults.is_empty(), "never shown as having voted twice");
        let me = &stage.places[0].hub.app.keys.hub_id;
        let own = whole.electors.iter().find(|one| one.hub.to_string() == *me);
        let seqs: Vec<u8> = own.unwrap().voices.iter().map(|voice| voice.seq).collect();
        assert_eq!(seqs, [2], "after the one it had cast");
    }
}

#[tokio::test]
async fn a_hub_restored_within_the_hour_before_a_close_signs_nothing_in_it() {
    let mut stage =
        Stage::founded_with(4, |config| "hub.db".clone_into(&mut config.database.url)).await;
    let poll = stage.opened().await;
    let made = backup_of(&stage.places[0]);
    for place in &stage.places {
        place.votes(poll, "approve").await;
    }
    stage.settle().await;

    put_back(&mut stage, &made).await;
    stage.until_certified(poll, &[0, 1, 2, 3]).await;

    let whole = stage.places[1].whole(poll).await;
    let me = &stage.places[0].hub.app.keys.hub_id;
    let own = whole.electors.iter().find(|one| one.hub.to_string() == *me);
    assert!(!own.unwrap().sealed, "it counts as absent");
    assert_eq!(whole.certified.unwrap().result.void, 0);
    assert!(whole.faults.is_empty());
}
