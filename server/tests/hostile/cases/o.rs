//! O: origin and ownership (D22–D38).

mod changes;
mod relations;

use interkpa_federation::Uri;
use interkpa_server::testing::foreign::ForeignActor;
use serde_json::{Value, json};

use crate::forge::{activity, note};
use crate::scene::{BOTH, Scene, actor_at, actor_of};
use crate::table::Table;

pub(crate) async fn run(table: &mut Table) {
    for mode in BOTH {
        let scene = Scene::start(mode).await;
        origins(&scene, table).await;
        names(&scene, table).await;
        owners(&scene, table).await;
        changes::run(&scene, table).await;
        relations::run(&scene, table).await;
    }
}

/// What an activity of a known actor writes when it is kept and does nothing.
pub(super) const KEPT: &[&str] = &["inbox_activities", "jobs"];

async fn origins(scene: &Scene, table: &mut Table) {
    let (zoe, lea) = (&scene.zoe, &scene.lea);
    let case = scene.case(
        22,
        "an activity id on A, signed by E",
        &[(403, "origin_mismatch")],
    );
    let mut case = case.await;
    let mut said = scene.follow_of(zoe, 1);
    said["id"] = json!(format!("{}/follows/9", lea.uri));
    case.say(zoe, &said).await;
    case.end(table).await;

    let must = &[(403, "origin_mismatch")];
    let mut case = scene
        .case(23, "a Create by E of an object whose id is on A", must)
        .await;
    let object = note(zoe, &format!("{}/notes/1", lea.uri), json!({}));
    case.say(zoe, &activity("Create", zoe, 23, object)).await;
    case.end(table).await;

    let must = &[
        (400, "attributed_to_invalid"),
        (403, "origin_mismatch"),
        (403, "not_owner"),
    ];
    let case = scene.case(
        24,
        "an object on E attributed to a member of A, or to another of E",
        must,
    );
    let mut case = case.await;
    let object = note(lea, &format!("{}/notes/1", zoe.uri), json!({}));
    case.say(zoe, &activity("Create", zoe, 24, object)).await;
    let object = note(&scene.group, &format!("{}/notes/2", zoe.uri), json!({}));
    case.say(zoe, &activity("Create", zoe, 241, object)).await;
    case.end(table).await;

    let case = scene.case(
        25,
        "an actor document of E that calls itself by an address of A",
        &[(401, "key_not_of_actor")],
    );
    let mut case = case.await.fetches(4);
    let thief = actor_at(scene.evil.uri("/voleur"), 1);
    let mut document = thief.document("Person");
    document["id"] = json!(lea.uri.as_str());
    scene.evil.put("/voleur", &document);
    case.say(&thief, &scene.follow_of(&thief, 1)).await;
    let honest = scene.follow(lea, 0).await.status;
    case.holds("A's member is untouched", honest == 202);
    case.end(table).await;

    let case = scene.case(
        26,
        "activity, object or actor ids of our own, from outside",
        &[(403, "*")],
    );
    let mut case = case.await;
    let jeanne = scene.hub.member("jeanne").create().await;
    let mut said = scene.follow_of(zoe, 1);
    said["id"] = json!(scene.hub.uri("/activites/1").as_str());
    case.say(zoe, &said).await;
    let mut said = scene.follow_of(zoe, 1);
    said["actor"] = json!(scene.hub.uri("/hub").as_str());
    case.say(zoe, &said).await;
    let ours = scene.hub.uri(&format!("/objets/{}", jeanne.id.as_str()));
    case.say(
        zoe,
        &activity("Create", zoe, 26, note(zoe, ours.as_str(), json!({}))),
    )
    .await;
    case.rows(&["members", "member_roles", "api_tokens", "sessions"])
        .end(table)
        .await;
}

/// D27, D28: what a server and its people may be called.
async fn names(scene: &Scene, table: &mut Table) {
    let port = scene
        .evil
        .origin
        .as_str()
        .rsplit(':')
        .next()
        .unwrap()
        .to_owned();
    let must = &[(202, ""), (400, "bad_json"), (401, "*"), (403, "*")];
    let case = scene.case(
        27,
        "E's host in upper case, with a dot, user-info, escapes, as a number",
        must,
    );
    let mut case = case.await.fetches(2).rows(&[
        "inbox_activities",
        "jobs",
        "deliveries",
        "outbox_activities",
    ]);
    let path = "zoe";
    for (n, host) in [
        format!("MECHANT.localhost:{port}"),
        format!("mechant.localhost.:{port}"),
        format!("ami.localhost@mechant.localhost:{port}"),
        format!("mech%61nt.localhost:{port}"),
        format!("127.0.0.1:{port}"),
        format!("2130706433:{port}"),
        format!("[::1]:{port}"),
        format!("mechant%2elocalhost:{port}"),
        format!("mechant。localhost:{port}"),
    ]
    .into_iter()
    .enumerate()
    {
        let actor = format!("http://{host}/{path}");
        let said = json!({
            "id": format!("http://{host}/follows/{n}"), "type": "Follow", "actor": actor,
            "object": scene.hub.uri("/hub").as_str(),
        });
        case.say(&scene.zoe, &said).await;
    }
    let evil = scene.evil.origin.clone();
    let seconds = identities(scene).await.into_iter().filter(|uri| {
        let known = Uri::parse(uri).unwrap();
        known.origin() != evil && uri.contains("mechant")
    });
    case.holds("never a second identity of E", seconds.count() == 0);
    case.end(table).await;

    let must = &[(202, ""), (401, "key_not_of_actor")];
    let case = scene.case(
        28,
        "look-alike, invisible, reversed and xn-- names of an actor",
        must,
    );
    let mut case = case.await.fetches(16).rows(&[
        "remote_actors",
        "inbox_activities",
        "outbox_activities",
        "deliveries",
        "follows",
        "notifications",
        "jobs",
        "audit_events",
        "delivery_peers",
    ]);
    let odd = [
        "l\u{0435}a",
        "l\u{200d}ea",
        "\u{202e}ael",
        "ｌｅａ",
        "xn--la-9ia",
        "lea\u{0}",
        "l e a",
    ];
    for (n, name) in odd.into_iter().enumerate() {
        let path = format!("/sosie{n}");
        let actor = actor_at(scene.evil.uri(&path), 1);
        let mut document = actor.document("Person");
        document["preferredUsername"] = json!(name);
        document["name"] = json!(format!("{name} \u{2066}Léa\u{200b}"));
        scene.evil.put(&path, &document);
        case.say(&actor, &scene.follow_of(&actor, 1)).await;
    }
    let hidden = known_names(scene).await.into_iter().filter(|text| {
        let hidden = text.chars().filter(|c| interkpa_web::markup::is_hidden(*c));
        hidden.count() > 0
    });
    let hidden: Vec<String> = hidden.collect();
    case.holds(
        "no invisible character is kept in a name",
        hidden.is_empty(),
    );
    case.end(table).await;
}

/// D29: to whom an object belongs.
async fn owners(scene: &Scene, table: &mut Table) {
    let zoe = &scene.zoe;
    let case = scene.case(
        29,
        "attributedTo 1, \"1\", null, [], two actors, an object with another id",
        &[(400, "attributed_to_invalid")],
    );
    let mut case = case.await;
    let id = format!("{}/notes/29", zoe.uri);
    let wrong: [Value; 7] = [
        json!(1),
        json!("1"),
        json!(null),
        json!([]),
        json!([scene.lea.uri.as_str(), zoe.uri.as_str()]),
        json!({"id": scene.lea.uri.as_str()}),
        json!({"type": "Person"}),
    ];
    for (n, owner) in wrong.into_iter().enumerate() {
        let object = note(zoe, &id, json!({"attributedTo": owner}));
        let number = 290 + u32::try_from(n).unwrap();
        case.say(zoe, &activity("Create", zoe, number, object))
            .await;
    }
    case.end(table).await;
}

/// A second actor of A, known to the hub.
pub(super) async fn neighbour(scene: &Scene) -> ForeignActor {
    let other = actor_of(&scene.friend, "voisin", 4);
    assert_eq!(scene.follow(&other, 0).await.status, 202);
    other
}

async fn identities(scene: &Scene) -> Vec<String> {
    use diesel::prelude::*;
    use interkpa_server::db::error::StoreError;
    use interkpa_server::db::schema::remote_actors;
    let read = scene
        .hub
        .app
        .store
        .read(|conn| -> Result<Vec<String>, StoreError> {
            Ok(remote_actors::table.select(remote_actors::uri).load(conn)?)
        });
    read.await.unwrap()
}

async fn known_names(scene: &Scene) -> Vec<String> {
    use diesel::prelude::*;
    use interkpa_server::db::error::StoreError;
    use interkpa_server::db::schema::remote_actors;
    let read = scene
        .hub
        .app
        .store
        .read(|conn| -> Result<Vec<String>, StoreError> {
            Ok(remote_actors::table
                .select(remote_actors::name)
                .load(conn)?)
        });
    read.await.unwrap()
}
