//! Whose key it is (D13–D18), and who is heard at all (D21).

use interkpa_federation::Uri;
use interkpa_server::config::FederationMode;
use interkpa_server::testing::foreign::{Foreign, ForeignActor};
use serde_json::{Value, json};

use crate::forge::{activity, ec_pem, note, offer, rsa_pem};
use crate::scene::{Scene, actor_at, actor_of, group_of};
use crate::table::Table;

pub(super) async fn run(scene: &Scene, table: &mut Table) {
    others_keys(scene, table).await;
    rotation(scene, table).await;
    odd_keys(scene, table).await;
    tiers(scene, table).await;
}

async fn others_keys(scene: &Scene, table: &mut Table) {
    let must = &[(401, "key_not_of_actor")];
    let case = scene.case(
        13,
        "signed with E's key, the actor being a member of A",
        must,
    );
    let mut case = case.await;
    case.say(&scene.zoe, &scene.follow_of(&scene.lea, 1)).await;
    case.end(table).await;

    let case = scene.case(
        14,
        "a keyId on E whose document says that A's member owns it",
        must,
    );
    let mut case = case.await;
    let lying = ForeignActor {
        key_id: scene.evil.uri("/lea-key"),
        key: scene.zoe.key.clone(),
        ..scene.lea.clone()
    };
    scene.evil.put(
        "/lea-key",
        &json!({
            "id": lying.key_id.as_str(), "owner": scene.lea.uri.as_str(),
            "publicKeyPem": scene.zoe.key.public_pem().unwrap(),
        }),
    );
    case.say(&lying, &scene.follow_of(&scene.lea, 1)).await;
    let honest = scene.follow(&scene.lea, 0).await.status;
    case.holds("A's own key still counts", honest == 202);
    case.end(table).await;

    let case = scene.case(
        15,
        "a key document with another id than its keyId, or another owner",
        must,
    );
    let mut case = case.await.fetches(6);
    for (n, (id, owner)) in [("other", "zoe2"), ("key", "hub"), ("other", "hub")]
        .iter()
        .enumerate()
    {
        let path = format!("/zoe2-{n}");
        let actor = ForeignActor {
            key_id: scene.evil.uri(&format!("{path}/key")),
            ..actor_at(scene.evil.uri(&path), 1)
        };
        let mut document = actor.document("Person");
        document["publicKey"]["id"] = json!(format!("{}/{id}", actor.uri));
        scene.evil.put(&path, &document);
        scene.evil.put(&format!("{path}/key"), &json!({
            "id": format!("{}/{id}", actor.uri), "owner": scene.evil.uri(&format!("/{owner}")).as_str(),
            "publicKeyPem": actor.key.public_pem().unwrap(),
        }));
        case.say(&actor, &scene.follow_of(&actor, 1)).await;
    }
    // The document of the actor itself was genuine: it may be remembered, the key may not.
    case.rows(&["remote_actors"]).end(table).await;
}

async fn rotation(scene: &Scene, table: &mut Table) {
    let old = actor_of(&scene.evil, "tourne", 4);
    assert_eq!(scene.follow(&old, 0).await.status, 202);
    let case = scene.case(
        16,
        "a rotated key; then the old one again",
        &[(202, ""), (401, "sig_invalid")],
    );
    let mut case = case.await.fetches(1).rows(&[
        "inbox_activities",
        "outbox_activities",
        "deliveries",
        "notifications",
        "jobs",
    ]);
    let new = actor_of(&scene.evil, "tourne", 5);
    let first = case.say(&new, &scene.follow_of(&new, 1)).await.status;
    let second = case.say(&old, &scene.follow_of(&old, 2)).await.status;
    case.holds(
        "the new key from the first delivery, the old one never again",
        (first, second) == (202, 401),
    );
    case.end(table).await;

    let case = scene.case(
        17,
        "300 bad signatures in A's name",
        &[
            (401, "sig_invalid"),
            (401, "key_not_of_actor"),
            (429, "too_many_requests"),
        ],
    );
    let mut case = case.await.fetches(2);
    let forger = ForeignActor {
        key: scene.zoe.key.clone(),
        ..scene.lea.clone()
    };
    for _ in 0..300 {
        case.say(&forger, &scene.follow_of(&scene.lea, 7)).await;
    }
    let honest = scene.follow(&scene.lea, 0).await.status;
    case.holds("A itself is still heard", honest == 202);
    case.end(table).await;
}

async fn odd_keys(scene: &Scene, table: &mut Table) {
    let must = &[(401, "key_unsupported"), (401, "key_not_of_actor")];
    let case = scene.case(
        18,
        "keys of 512 and 32768 bits, exponent 1, EC, garbage, 1 MiB",
        must,
    );
    let mut case = case.await.fetches(8);
    let pems = [
        rsa_pem(512, &[1, 0, 1]),
        rsa_pem(32_768, &[1, 0, 1]),
        rsa_pem(2_048, &[1]),
        ec_pem(),
        "garbage".to_owned(),
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n".to_owned(),
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            "A".repeat(1 << 20)
        ),
    ];
    for (n, pem) in pems.iter().enumerate() {
        let path = format!("/cle{n}");
        let actor = actor_at(scene.evil.uri(&path), 1);
        let mut document = actor.document("Person");
        document["publicKey"]["publicKeyPem"] = json!(pem);
        scene.evil.put(&path, &document);
        case.say(&actor, &scene.follow_of(&actor, 1)).await;
    }
    case.end(table).await;
}

/// D21: unknown, blocked and guest servers.
async fn tiers(scene: &Scene, table: &mut Table) {
    let stranger = Foreign::start("inconnu").await;
    let nobody = actor_of(&stranger, "nul", 1);
    match scene.mode {
        FederationMode::Network => {
            let case = scene.case(
                21,
                "anything of an unknown server",
                &[(403, "peer_not_allowed")],
            );
            let mut case = case.await;
            for said in [
                scene.follow_of(&nobody, 1),
                activity(
                    "Create",
                    &nobody,
                    2,
                    note(&nobody, &format!("{}/n/1", nobody.uri), json!({})),
                ),
            ] {
                case.say(&nobody, &said).await;
            }
            case.holds("nothing asked of it", stranger.asked().is_empty());
            case.end(table).await;
        }
        FederationMode::Open => guests(scene, table, &stranger, &nobody).await,
    }
    let blocked = Foreign::start("banni").await;
    let (_hub, one) = (group_of(&blocked, 2), actor_of(&blocked, "un", 1));
    scene.allow(&blocked).await;
    assert_eq!(scene.follow(&one, 0).await.status, 202);
    scene.hub.block(&blocked.origin).await;
    blocked.forget_asked();
    let case = scene.case(
        21,
        "anything of a blocked server or of a name below it",
        &[(403, "peer_not_allowed")],
    );
    let mut case = case.await;
    case.say(&one, &scene.follow_of(&one, 1)).await;
    let port = blocked.origin.as_str().rsplit(':').next().unwrap();
    let below = actor_at(
        Uri::parse(&format!("http://sous.banni.localhost:{port}/un")).unwrap(),
        1,
    );
    case.say(&below, &scene.follow_of(&below, 1)).await;
    case.holds("nothing asked of it", blocked.asked().is_empty());
    case.end(table).await;
}

async fn guests(scene: &Scene, table: &mut Table, stranger: &Foreign, nobody: &ForeignActor) {
    let case = scene.case(
        21,
        "every kind that touches the economy, of a guest never seen",
        &[(403, "guest_not_allowed")],
    );
    let mut case = case.await;
    let id = |n: u32| format!("{}/objets/{n}", nobody.uri);
    let kinds: Vec<Value> = [
        "recognition",
        "competence",
        "directory",
        "response",
        "agreement",
        "fact",
        "message",
        "contact",
    ]
    .iter()
    .enumerate()
    .map(|(n, kind)| {
        note(
            nobody,
            &id(u32::try_from(n).unwrap()),
            json!({"ikpa:kind": kind}),
        )
    })
    .collect();
    let mut number = 10;
    for object in kinds.into_iter().chain([
        offer(nobody, &id(90), json!({})),
        json!({"type": "ikpa:Ballot", "ikpa:hub": "x"}),
        json!({"type": "ikpa:Poll"}),
    ]) {
        number += 1;
        let answered = activity("Create", nobody, number, object);
        let answered = scene.signed(nobody, &answered).send().await;
        // A shape that is no such thing at all is said to be none.
        if answered.status == 400 {
            case.came(400, "bad shape");
        } else {
            case.answered(&answered);
        }
    }
    case.holds("nothing asked of it", stranger.asked().is_empty());
    case.end(table).await;

    let case = scene.case(21, "a Follow of a guest", &[(202, "")]);
    let mut case = case.await.fetches(1).rows(&[
        "remote_actors",
        "inbox_activities",
        "outbox_activities",
        "deliveries",
        "delivery_peers",
        "follows",
        "peers",
        "notifications",
        "jobs",
        "audit_events",
    ]);
    case.say(nobody, &scene.follow_of(nobody, 1)).await;
    case.holds("its actor fetched once", stranger.fetches() == 1);
    case.end(table).await;
}
