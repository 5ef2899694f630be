//! Who reads what (D100, D101): unsigned, a guest, an allowed peer, a blocked server, in both modes.

use interkpa_federation::{Recipients, Uri};
use interkpa_server::config::FederationMode;
use interkpa_server::fediverse::outbox::{self, Audience, Outgoing};
use interkpa_server::testing::caller::Caller;
use serde_json::json;

use super::stage::Stage;

/// The status for nobody, and for Zoé.
async fn read(stage: &Stage, uri: &Uri) -> (u16, u16) {
    let unsigned = Caller::new().activity_json(uri).await;
    let signed = stage.zoe.get(uri, stage.now()).await;
    (unsigned.status, signed.status)
}

/// An activity of the hub, public or sent to the foreign group alone.
async fn activity(stage: &Stage, public: bool) -> Uri {
    let app = stage.hub.app.clone();
    let id = app.new_id();
    let uri = stage.hub.uri(&format!("/activites/{id}"));
    let (actors, to) = if public {
        (Vec::new(), Recipients::everybody())
    } else {
        let group = stage.group.uri.clone();
        (vec![group.to_string()], Recipients::only([group]))
    };
    let out = Outgoing {
        body: stage.announcement(&id, to, 1),
        id,
        actor_uri: stage.hub.uri("/hub").to_string(),
        kind: "Announce",
        object_uri: None,
        audience: Audience {
            public,
            actors,
            ..Audience::default()
        },
    };
    let now = app.now();
    app.clone()
        .write(move |tx| outbox::send(&app, tx, now, &out))
        .await
        .unwrap();
    uri
}

#[tokio::test]
async fn the_documents_that_hold_our_keys_are_for_everybody_even_unsigned() {
    for mode in [FederationMode::Network, FederationMode::Open] {
        let stage = Stage::strangers(mode).await;

        for path in ["/actor", "/hub"] {
            assert_eq!(
                read(&stage, &stage.hub.uri(path)).await,
                (200, 200),
                "{path}"
            );
        }
        stage.hub.block(&stage.foreign.origin).await;
        for path in ["/actor", "/hub"] {
            assert_eq!(
                read(&stage, &stage.hub.uri(path)).await,
                (200, 200),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn public_documents_follow_the_mode_and_the_tier() {
    for (mode, guest) in [
        (FederationMode::Network, (401, 403)),
        (FederationMode::Open, (200, 200)),
    ] {
        let stage = Stage::strangers(mode).await;
        let lea = stage.hub.member("lea").public_actor().create().await;
        let person = lea.actor.as_url().path().to_owned();
        let public = activity(&stage, true).await;
        let mut documents: Vec<Uri> = ["/hub/outbox", "/hub/followers", "/hub/outbox?page=first"]
            .map(|path| stage.hub.uri(path))
            .into();
        documents.extend([lea.actor.clone(), public]);
        documents.push(stage.hub.uri(&format!("{person}/outbox")));

        for document in &documents {
            assert_eq!(read(&stage, document).await, guest, "{document}");
        }
        stage.allow().await;
        for document in &documents {
            assert_eq!(read(&stage, document).await, (guest.0, 200), "{document}");
        }
        stage.hub.block(&stage.foreign.origin).await;
        for document in &documents {
            assert_eq!(read(&stage, document).await, (guest.0, 403), "{document}");
        }
    }
}

#[tokio::test]
async fn what_is_not_public_is_404_like_what_does_not_exist_but_for_whom_it_was_sent_to() {
    for (mode, nobody, guest) in [
        (FederationMode::Network, 401, 403),
        (FederationMode::Open, 404, 404),
    ] {
        let stage = Stage::strangers(mode).await;
        let before = activity(&stage, false).await;
        let unknown = stage
            .hub
            .uri("/activites/0199c0de-7000-7000-8000-000000000001");

        assert_eq!(read(&stage, &before).await, (nobody, guest));
        assert_eq!(read(&stage, &unknown).await, (nobody, guest));
        stage.allow().await;
        let sent = activity(&stage, false).await;
        assert_eq!(read(&stage, &sent).await, (nobody, 200));
        assert_eq!(read(&stage, &before).await, (nobody, 404));
        assert_eq!(read(&stage, &unknown).await, (nobody, 404));
    }
}

#[tokio::test]
async fn a_member_without_a_public_actor_does_not_exist_for_other_servers() {
    let stage = Stage::strangers(FederationMode::Open).await;
    let aicha = stage.hub.member("aicha").create().await;
    let person = format!("/members/{}", aicha.id);

    for path in [
        person.clone(),
        format!("{person}/outbox"),
        format!("{person}/followers"),
    ] {
        let answered = Caller::new().activity_json(&stage.hub.uri(&path)).await;
        let unknown = Caller::new()
            .activity_json(
                &stage
                    .hub
                    .uri("/members/0199c0de-7000-7000-8000-000000000001"),
            )
            .await;
        assert_eq!((answered.status, unknown.status), (404, 404), "{path}");
        let without_id = |text: &str| {
            let mut json: serde_json::Value = serde_json::from_str(text).unwrap();
            json["request_id"] = json!("");
            json
        };
        assert_eq!(without_id(&answered.text), without_id(&unknown.text));
    }
    let inbox = stage.hub.uri(&format!("{person}/inbox"));
    let activity = stage.follow(&stage.zoe, 1);
    assert_eq!(
        stage
            .zoe
            .delivery(&inbox, &activity, stage.now())
            .send()
            .await
            .status,
        404
    );
    let handle = format!("acct:aicha@{}", stage.hub.origin().authority());
    let finger = stage
        .hub
        .uri(&format!("/.well-known/webfinger?resource={handle}"));
    assert_eq!(
        Caller::new().send("GET", &finger, &[], None).await.status,
        404
    );
}

#[tokio::test]
async fn a_signature_that_does_not_hold_is_401_even_for_what_everybody_may_read() {
    let stage = Stage::strangers(FederationMode::Open).await;
    let forger = stage.zoe.rotated();
    let outbox = stage.hub.uri("/hub/outbox");

    assert_eq!(stage.zoe.get(&outbox, stage.now()).await.status, 200);
    let forged = forger.get(&outbox, stage.now()).await;
    let of_us = interkpa_server::testing::foreign::ForeignActor {
        key_id: stage.hub.uri("/hub#main-key"),
        ..stage.zoe.clone()
    };

    assert_eq!(
        (forged.status, forged.code().as_str()),
        (401, "sig_invalid")
    );
    assert_eq!(of_us.get(&outbox, stage.now()).await.status, 401);
}

#[tokio::test]
async fn the_number_of_followers_is_told_only_once_it_tells_nothing() {
    let stage = Stage::strangers(FederationMode::Open).await;
    let count = async || {
        let answered = Caller::new()
            .activity_json(&stage.hub.uri("/hub/followers"))
            .await
            .json();
        assert_eq!(answered.get("first"), None);
        assert_eq!(answered.get("orderedItems"), None);
        answered.get("totalItems").cloned()
    };

    for n in 0..5 {
        assert_eq!(count().await, None, "{n} followers");
        let actor = stage.foreign.actor(&format!("a{n}"));
        let activity = stage.follow(&actor, 1);
        let sent = actor
            .delivery(&stage.inbox(), &activity, stage.now())
            .send()
            .await;
        assert_eq!(sent.status, 202);
    }

    assert_eq!(count().await, Some(json!(5)));
}
