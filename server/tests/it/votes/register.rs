//! The register: founded by all, changed by certified decisions, each taken over once.

use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::register::Presence;
use interkpa_federation::governance::result::Outcome;
use interkpa_federation::multikey::SecretKey;
use interkpa_federation::{Span, Trust};
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::audit_events;
use interkpa_server::features::votes::founding::{self, FoundingError};
use interkpa_server::features::votes::register::Network;
use interkpa_server::features::votes::{statements, view};
use interkpa_server::fediverse::peers;
use serde_json::json;

use diesel::prelude::*;

use super::stage::{Place, Stage};

async fn network(place: &Place) -> Network {
    let now = place.hub.app.now();
    place
        .hub
        .app
        .store
        .read(move |conn| -> Result<_, StoreError> { view::network(conn, now) })
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn founders_are_members_for_each_other() {
    let stage = Stage::founded(3).await;

    for place in &stage.places {
        for other in &stage.places {
            if place.hub.origin() != other.hub.origin() {
                let peer = peers::find(&place.hub.app, other.hub.origin())
                    .await
                    .unwrap();
                assert_eq!(peer.unwrap().trust, Trust::Member);
            }
        }
    }
}

#[tokio::test]
async fn a_genesis_is_taken_in_only_with_its_fingerprint_and_all_signatures() {
    let stage = Stage::founded(2).await;
    let (one, other) = (&stage.places[0].hub.app, &stage.places[1].hub.app);
    let recovery = SecretKey::from_seed(&[1; 32]).public();
    let cards = vec![
        founding::card(one, recovery),
        founding::card(other, recovery),
    ];
    let genesis = founding::genesis("Autre", stage.now(), cards, founding::default_rules());
    let mine = founding::sign(one, &genesis, stage.now()).unwrap();
    let theirs = founding::sign(other, &genesis, stage.now()).unwrap();
    let all = founding::join(&[theirs, mine.clone()]).unwrap();

    let half = founding::import(one, mine.clone(), mine.hash()).await;
    let wrong = founding::import(one, all.clone(), stage.genesis).await;
    let second = founding::import(one, all.clone(), all.hash()).await;

    assert!(matches!(half, Err(FoundingError::Form(_))));
    assert!(matches!(wrong, Err(FoundingError::Fingerprint { .. })));
    assert!(matches!(second, Err(FoundingError::OtherNetwork { .. })));
}

#[tokio::test]
async fn a_hub_outside_the_genesis_follows_but_has_no_voice() {
    let stage = Stage::founded(3).await;
    let outside = Place::new(&stage.network, "lavedouce").await;
    let nothing = outside
        .hub
        .api(
            &outside.spokesperson,
            "POST",
            "/api/v1/votes",
            Some(stage.poll()),
        )
        .await;
    assert_eq!(
        (nothing.status, nothing.code().as_str()),
        (409, "no_register")
    );
    let genesis = stage.places[0]
        .fetched(&format!("/gov/genesis/{}", stage.genesis))
        .await;
    let genesis = interkpa_federation::governance::object::Object::parse(genesis.text.as_bytes());
    founding::import(&outside.hub.app, genesis.unwrap(), stage.genesis)
        .await
        .unwrap();
    let poll = stage.opened().await;
    for _ in 0..3 {
        stage.network.clock.advance(Span::seconds(20));
        stage.network.settle(&[&outside.hub]).await;
    }

    let seen = outside.whole(poll).await;
    let opens = outside
        .hub
        .api(
            &outside.spokesperson,
            "POST",
            "/api/v1/votes",
            Some(stage.poll()),
        )
        .await;
    let casts = outside.prepares(poll, json!("approve")).await;

    assert_eq!(seen.electors.len(), 3);
    assert_eq!((opens.status, opens.code().as_str()), (403, "no_voice"));
    assert_eq!((casts.status, casts.code().as_str()), (403, "no_voice"));
}

#[tokio::test]
async fn a_certified_decision_is_taken_over_once_when_it_binds() {
    let stage = Stage::founded(4).await;
    let leaving = &stage.places[3];
    let mut body = stage.poll();
    body["effect"] = json!({
        "kind": "register.suspend",
        "payload": {"hubId": leaving.hub.app.keys.hub_id, "standing": "left"},
        "base": stage.genesis.to_string(),
    });
    let refused = stage.places[0]
        .hub
        .api(
            &stage.places[0].spokesperson,
            "POST",
            "/api/v1/votes",
            Some(body.clone()),
        )
        .await;
    assert_eq!(
        refused.code(),
        "rule_not_allowed",
        "no author chooses the majority"
    );
    body["rule"]["threshold"] = json!({"num": 2, "den": 3, "strict": false, "base": "expressed"});
    let poll = stage.places[0].opens(&body).await;
    stage.settle().await;
    for place in &stage.places {
        place.votes(poll, "approve").await;
    }
    stage.until_certified(poll, &[0, 1, 2, 3]).await;
    let certified = stage.places[0].whole(poll).await.certified.unwrap();
    assert_eq!(certified.result.outcome, Outcome::Adopted);
    let value = certified.value;

    stage.pass(Span::minutes(3)).await;
    stage.pass(Span::minutes(3)).await;

    for place in &stage.places[..3] {
        let known = network(place).await;
        assert_eq!(known.decisions, [value]);
        assert_eq!(known.register.electors().len(), 3);
        let peer = peers::find(&place.hub.app, leaving.hub.origin())
            .await
            .unwrap();
        assert_eq!(peer.unwrap().trust, Trust::Guest);
        let applied = place
            .hub
            .app
            .store
            .read(|conn| -> Result<i64, StoreError> {
                Ok(audit_events::table
                    .filter(audit_events::command.eq("register_apply"))
                    .count()
                    .get_result(conn)?)
            })
            .await
            .unwrap();
        assert_eq!(applied, 1, "S10");
    }
    // The next poll builds on it, and its bundle carries the decision.
    let next = stage.places[1].opens(&stage.poll()).await;
    stage.settle_some(&[0, 1, 2]).await;
    assert_eq!(stage.places[2].whole(next).await.electors.len(), 3);
    for place in &stage.places[..3] {
        place.votes(next, "approve").await;
    }
    stage.until_certified(next, &[0, 1, 2]).await;
    let report = stage.places[2].recounted(next, stage.genesis).await;
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert_eq!(report.certified.unwrap().1.electorate, 3);
}

#[tokio::test]
async fn a_hub_that_says_it_is_away_is_not_waited_for_until_it_is_back() {
    let stage = Stage::founded(4).await;
    let away = &stage.places[2].hub.app;
    let me = HubId::parse(&away.keys.hub_id).unwrap();
    let has_voice = |network: &Network| {
        let electors = network.register.electors();
        electors.iter().any(|elector| elector.hub == me)
    };

    statements::presence(away, Presence::Away).await.unwrap();
    stage.settle().await;
    assert!(!has_voice(&network(&stage.places[0]).await));
    let poll = stage.opened().await;
    assert_eq!(stage.places[1].whole(poll).await.electors.len(), 3);

    statements::presence(away, Presence::Back).await.unwrap();
    stage.settle().await;
    assert!(has_voice(&network(&stage.places[3]).await));
}
