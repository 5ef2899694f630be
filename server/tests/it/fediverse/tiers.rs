//! Who is heard, in both modes, and what it costs to refuse the others (D21, D32, D115, D119).

use interkpa_federation::{Origin, Span};
use interkpa_server::config::FederationMode;
use interkpa_server::fediverse::peers::{self, Decider};
use interkpa_server::fediverse::refusals;
use interkpa_server::testing::foreign::ForeignActor;
use serde_json::json;

use super::stage::Stage;

const BOTH: [FederationMode; 2] = [FederationMode::Network, FederationMode::Open];

#[tokio::test]
async fn an_unknown_server_is_refused_in_mode_network_and_nothing_is_fetched() {
    let stage = Stage::strangers(FederationMode::Network).await;

    let answered = stage.delivery(1).send().await;

    assert_eq!(
        (answered.status, answered.code().as_str()),
        (403, "peer_not_allowed")
    );
    assert_eq!(stage.foreign.asked().len(), 0);
}

#[tokio::test]
async fn a_guest_may_follow_in_mode_open() {
    let stage = Stage::strangers(FederationMode::Open).await;

    let answered = stage.delivery(1).send().await;

    assert_eq!(answered.status, 202, "{}", answered.text);
    assert_eq!(stage.followers().await, 1);
}

#[tokio::test]
async fn what_touches_the_economy_is_refused_to_guests() {
    let stage = Stage::strangers(FederationMode::Open).await;
    let say = async |kind: &str, object: serde_json::Value| {
        let activity = json!({
            "id": format!("{}/x/{kind}", stage.zoe.uri), "type": kind,
            "actor": stage.zoe.uri.as_str(), "object": object,
        });
        let answered = stage
            .zoe
            .delivery(&stage.inbox(), &activity, stage.now())
            .send()
            .await;
        (answered.status, answered.code())
    };
    let note = |kind: &str| {
        json!({
            "id": format!("{}/notes/{kind}", stage.zoe.uri), "type": "Note", "ikpa:kind": kind,
            "attributedTo": stage.zoe.uri.as_str(), "content": "<p>x</p>",
            "published": "2026-11-25T08:00:00Z",
        })
    };

    for kind in ["recognition", "competence", "directory"] {
        assert_eq!(
            say("Create", note(kind)).await,
            (403, "guest_not_allowed".to_owned()),
            "{kind}"
        );
    }
    let ballot = json!({"type": "ikpa:Ballot", "ikpa:hub": "x"});
    assert_eq!(
        say("Create", ballot).await,
        (403, "guest_not_allowed".to_owned())
    );
    assert_eq!(stage.rows().await, (0, 0));
}

#[tokio::test]
async fn a_blocked_server_and_its_subdomains_are_refused_in_both_modes() {
    for mode in BOTH {
        let stage = Stage::strangers(mode).await;
        stage.allow().await;
        assert_eq!(stage.delivery(1).send().await.status, 202);
        stage.foreign.forget_asked();

        stage.hub.block(&stage.foreign.origin).await;
        let answered = stage.delivery(2).send().await;
        let port = stage.foreign.origin.as_str().rsplit(':').next().unwrap();
        let below = Origin::parse(&format!("http://sous.ailleurs.localhost:{port}")).unwrap();
        let peer = peers::peer(&stage.hub.app, &below).await.unwrap();

        assert_eq!(
            (answered.status, answered.code().as_str()),
            (403, "peer_not_allowed")
        );
        assert!(peer.heard_at_all().is_err());
        assert_eq!(stage.foreign.asked().len(), 0);
        assert_eq!(stage.followers().await, 0, "its followers are gone");
    }
}

#[tokio::test]
async fn a_decision_counts_at_once_and_can_be_taken_back() {
    let stage = Stage::allowed().await;
    let by = || Decider::Operator("test");
    let origin = stage.foreign.origin.as_str();
    assert_eq!(stage.delivery(1).send().await.status, 202);

    peers::forget(&stage.hub.app, origin, "", by())
        .await
        .unwrap();
    assert_eq!(stage.delivery(2).send().await.status, 403);
    peers::block(&stage.hub.app, origin, "spam", by())
        .await
        .unwrap();
    assert_eq!(stage.delivery(3).send().await.status, 403);
    stage.allow().await;
    assert_eq!(stage.delivery(4).send().await.status, 202);
}

/// The decision of another process: `interkpa peer allow` beside the running hub.
async fn allow_from_beside(stage: &Stage) {
    let app = stage.hub.app.clone();
    let met = peers::meet(&app, stage.foreign.origin.as_str())
        .await
        .unwrap();
    let by = Decider::Operator("peer");
    app.clone()
        .write(move |tx| peers::allow_in(&app, tx, app.now(), &met, "", &by))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_kpa_allowed_by_a_command_beside_the_hub_is_heard_within_a_second() {
    for mode in BOTH {
        let stage = Stage::strangers(mode).await;
        let ask = stage.follow(&stage.group, 1);
        let deliver = async |number: u32| {
            let activity = json!({
                "id": format!("{}/x/{number}", stage.group.uri), "type": "Create",
                "actor": stage.group.uri.as_str(),
                "object": {
                    "id": format!("{}/o/{number}", stage.group.uri), "type": "Note",
                    "ikpa:kind": "recognition", "attributedTo": stage.group.uri.as_str(),
                    "content": "<p>x</p>", "published": "2026-11-25T08:00:00Z",
                },
            });
            let now = stage.now();
            let sent = stage.group.delivery(&stage.inbox(), &activity, now);
            sent.send().await.status
        };
        assert_eq!(deliver(1).await, 403);
        allow_from_beside(&stage).await;
        assert_eq!(deliver(1).await, 403, "what it was a moment ago");

        stage.network.clock.advance(Span::seconds(1));

        assert_eq!(deliver(1).await, 202);
        let sent = stage.group.delivery(&stage.inbox(), &ask, stage.now());
        assert_eq!(sent.send().await.status, 202);
    }
}

#[tokio::test]
async fn an_address_that_names_many_unheard_servers_is_asked_to_wait() {
    let network = interkpa_server::testing::network::TestNetwork::new(4);
    let hub = network
        .build("bobinette")
        .settings(|config| config.federation.stranger_requests_per_minute = 5)
        .start()
        .await;
    let inbox = hub.uri("/inbox");
    let key = interkpa_server::fediverse::rsa::SigningKey::generate().unwrap();
    let deliver = async |number: u32| {
        let uri = format!("http://s{number}.ailleurs.localhost:9/hub");
        let actor = ForeignActor {
            uri: uri.parse().unwrap(),
            key_id: format!("{uri}#main-key").parse().unwrap(),
            key: key.clone(),
        };
        let activity = json!({
            "id": format!("{uri}/1"), "type": "Follow", "actor": uri,
            "object": hub.uri("/hub").as_str(),
        });
        let now = hub.app.now();
        actor.delivery(&inbox, &activity, now).send().await.status
    };

    for number in 0..5 {
        assert_eq!(deliver(number).await, 403);
    }

    assert_eq!(deliver(6).await, 429);
}

#[tokio::test]
async fn only_a_kpa_can_be_allowed_and_its_name_is_learnt() {
    let stage = Stage::strangers(FederationMode::Network).await;
    let allow = async |address: &str| {
        peers::allow(&stage.hub.app, address, "voisin", Decider::Operator("test")).await
    };

    let by_member = allow(stage.zoe.uri.as_str()).await.unwrap_err();
    assert_eq!(by_member.code(), "not_a_hub");
    let ours = allow(stage.hub.origin().as_str()).await.unwrap_err();
    assert_eq!(ours.code(), "address_ours");
    for text in [
        "",
        "a b",
        "@@",
        "http://user@ailleurs.localhost/",
        "http://127.0.0.1/",
    ] {
        assert_eq!(
            allow(text).await.unwrap_err().code(),
            "address_invalid",
            "{text}"
        );
    }
    let record = allow(stage.foreign.origin.authority()).await.unwrap();
    assert_eq!(record.name.as_deref(), Some("hub"));
    assert_eq!(record.hub_actor.as_deref(), Some(stage.group.uri.as_str()));
}

#[tokio::test]
async fn a_peer_that_sends_too_much_is_asked_to_wait_and_nobody_else_is() {
    let network = interkpa_server::testing::network::TestNetwork::new(3);
    let hub = network
        .build("bobinette")
        .settings(|config| config.federation.peer_requests_per_minute = 5)
        .start()
        .await;
    let foreign = interkpa_server::testing::foreign::Foreign::start("ailleurs").await;
    let quiet = interkpa_server::testing::foreign::Foreign::start("calme").await;
    let (group, zoe) = (foreign.hub(), foreign.actor("zoe"));
    let calm = quiet.hub();
    let stage = Stage {
        network,
        hub,
        foreign,
        group,
        zoe,
    };
    stage.allow().await;
    let origin = quiet.origin.as_str();
    peers::allow(&stage.hub.app, origin, "", Decider::Operator("test"))
        .await
        .unwrap();

    for number in 0..5 {
        assert_eq!(stage.delivery(number).send().await.status, 202);
    }
    let sixth = stage.delivery(6).send().await;
    let other = calm
        .delivery(&stage.inbox(), &stage.follow(&calm, 1), stage.now())
        .send()
        .await;

    assert_eq!(
        (sixth.status, sixth.code().as_str()),
        (429, "too_many_requests")
    );
    assert!((1..=61).contains(&sixth.header("retry-after").parse::<u32>().unwrap()));
    assert_eq!(other.status, 202);
    stage.network.clock.advance(Span::minutes(1));
    assert_eq!(stage.delivery(7).send().await.status, 202);
}

#[tokio::test]
async fn a_flood_of_new_actors_of_a_guest_is_bounded_in_fetches() {
    let stage = Stage::strangers(FederationMode::Open).await;
    let actors: Vec<ForeignActor> = (0..40)
        .map(|n| ForeignActor {
            uri: stage.foreign.uri(&format!("/a{n}")),
            key_id: stage.foreign.uri(&format!("/a{n}#main-key")),
            key: stage.zoe.key.clone(),
        })
        .collect();

    let mut waited = 0;
    for actor in &actors {
        stage
            .foreign
            .put(actor.uri.as_url().path(), &actor.document("Person"));
        let activity = stage.follow(actor, 1);
        let answered = actor
            .delivery(&stage.inbox(), &activity, stage.now())
            .send()
            .await;
        waited += u32::from(answered.status == 429);
    }

    assert!(waited > 0);
    assert!(stage.foreign.fetches() <= 20, "{}", stage.foreign.fetches());
}

#[tokio::test]
async fn refusals_are_counted_by_known_server_and_all_strangers_together() {
    let stage = Stage::strangers(FederationMode::Network).await;
    let hub = &stage.hub;
    let counted = async |origin: Option<Origin>| {
        let now = hub.app.now();
        hub.app
            .store
            .read(move |conn| refusals::of_hour(conn, origin.as_ref(), now))
            .await
            .unwrap()
    };

    stage.delivery(1).send().await;
    stage.delivery(2).send().await;
    refusals::flush(&hub.app).await.unwrap();
    assert_eq!(counted(None).await["peer_not_allowed"], 2);

    stage.hub.block(&stage.foreign.origin).await;
    stage.delivery(3).send().await;
    refusals::flush(&hub.app).await.unwrap();
    assert_eq!(
        counted(Some(stage.foreign.origin.clone())).await["peer_not_allowed"],
        1
    );
    assert_eq!(counted(None).await["peer_not_allowed"], 2);
}
