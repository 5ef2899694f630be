//! Whose key it is: binding both ways, rotation, keys of kinds we do not use (D13–D18).

use interkpa_federation::{Span, Uri};
use interkpa_server::testing::foreign::ForeignActor;
use serde_json::json;

use super::stage::Stage;

#[tokio::test]
async fn the_key_of_one_actor_does_not_speak_for_another() {
    let stage = Stage::allowed().await;
    let as_group = stage.follow(&stage.group, 1);

    let same_server = stage
        .zoe
        .delivery(&stage.inbox(), &as_group, stage.now())
        .send()
        .await;

    assert_eq!(
        (same_server.status, same_server.code().as_str()),
        (401, "key_not_of_actor")
    );
    assert_eq!(stage.followers().await, 0);
}

#[tokio::test]
async fn a_key_on_another_server_is_refused_before_anything_is_fetched() {
    let stage = Stage::allowed().await;
    let evil = interkpa_server::testing::foreign::Foreign::start("mechant").await;
    let lying = ForeignActor {
        key_id: evil.uri("/zoe#main-key"),
        ..stage.zoe.clone()
    };
    evil.put("/zoe", &stage.zoe.document("Person"));

    let activity = stage.follow(&stage.zoe, 1);
    let answered = lying
        .delivery(&stage.inbox(), &activity, stage.now())
        .send()
        .await;

    assert_eq!(
        (answered.status, answered.code().as_str()),
        (401, "key_not_of_actor")
    );
    assert_eq!(evil.asked().len(), 0);
}

#[tokio::test]
async fn a_rotated_key_is_fetched_once_and_the_old_one_is_refused_from_then_on() {
    let stage = Stage::allowed().await;
    assert_eq!(stage.delivery(1).send().await.status, 202);
    let fetched = stage.foreign.fetches();
    let old = stage.zoe.clone();
    let new = old.rotated();
    stage.foreign.put("/zoe", &new.document("Person"));

    let activity = stage.follow(&new, 2);
    let with_new = new
        .delivery(&stage.inbox(), &activity, stage.now())
        .send()
        .await;
    let activity = stage.follow(&old, 3);
    let with_old = old
        .delivery(&stage.inbox(), &activity, stage.now())
        .send()
        .await;

    assert_eq!(with_new.status, 202);
    assert_eq!(
        (with_old.status, with_old.code().as_str()),
        (401, "sig_invalid")
    );
    assert_eq!(stage.foreign.fetches(), fetched + 1);
}

#[tokio::test]
async fn a_thousand_bad_signatures_cost_at_most_two_fetches_and_silence_nobody() {
    let stage = Stage::allowed().await;
    assert_eq!(stage.delivery(1).send().await.status, 202);
    let fetched = stage.foreign.fetches();
    let forger = stage.zoe.rotated();
    let activity = stage.follow(&stage.zoe, 2);

    let mut statuses = [0_u32; 2];
    for n in 0..1_000_i64 {
        stage
            .network
            .clock
            .advance(Span::milliseconds(60 * (n % 2)));
        let forged = forger
            .delivery(&stage.inbox(), &activity, stage.now())
            .send()
            .await;
        match forged.status {
            401 => statuses[0] += 1,
            429 => statuses[1] += 1,
            other => panic!("{other}: {}", forged.text),
        }
    }
    let honest = stage.delivery(3).send().await;

    assert!(statuses[1] > 0, "{statuses:?}");
    assert!(
        stage.foreign.fetches() <= fetched + 2,
        "{}",
        stage.foreign.fetches() - fetched
    );
    assert_eq!(honest.status, 202, "{}", honest.text);
}

#[tokio::test]
async fn keys_of_kinds_we_do_not_use_are_refused() {
    let stage = Stage::allowed().await;
    let short = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf\n9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==\n-----END PUBLIC KEY-----\n";

    for pem in [
        short,
        "garbage",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    ] {
        let mut document = stage.zoe.document("Person");
        document["publicKey"]["publicKeyPem"] = json!(pem);
        stage.foreign.put("/zoe", &document);

        let answered = stage.delivery(1).send().await;

        assert_eq!(
            (answered.status, answered.code().as_str()),
            (401, "key_unsupported"),
            "{pem}"
        );
    }
}

#[tokio::test]
async fn a_key_document_of_its_own_must_name_the_actor_and_be_named_by_it() {
    let stage = Stage::allowed().await;
    let key_id = stage.foreign.uri("/zoe/main-key");
    let zoe = ForeignActor {
        key_id: key_id.clone(),
        ..stage.zoe.clone()
    };
    let key = |owner: &Uri| {
        let document = zoe.document("Person");
        json!({
            "id": key_id.as_str(), "owner": owner.as_str(),
            "publicKeyPem": document["publicKey"]["publicKeyPem"],
        })
    };
    let deliver = async |number| {
        let activity = stage.follow(&zoe, number);
        zoe.delivery(&stage.inbox(), &activity, stage.now())
            .send()
            .await
    };

    stage.foreign.put("/zoe", &zoe.document("Person"));
    stage.foreign.put("/zoe/main-key", &key(&stage.group.uri));
    let named_by_one = deliver(1).await;
    stage.foreign.put("/zoe/main-key", &key(&zoe.uri));
    let named_by_both = deliver(2).await;

    let refused = (named_by_one.status, named_by_one.code());
    assert_eq!(refused, (401, "key_not_of_actor".to_owned()));
    assert_eq!(named_by_both.status, 202, "{}", named_by_both.text);
}

#[tokio::test]
async fn the_goodbye_of_an_actor_nobody_knew_costs_no_fetch() {
    let stage = Stage::strangers(interkpa_server::config::FederationMode::Open).await;
    let gone = ForeignActor::at(stage.foreign.uri("/parti"));
    let activity = json!({
        "id": format!("{}#delete", gone.uri), "type": "Delete",
        "actor": gone.uri.as_str(), "object": gone.uri.as_str(),
    });

    let answered = gone
        .delivery(&stage.inbox(), &activity, stage.now())
        .send()
        .await;

    assert_eq!(answered.status, 202);
    assert_eq!((stage.foreign.fetches(), stage.rows().await), (0, (0, 0)));
}
