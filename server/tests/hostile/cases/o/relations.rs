//! Follows, accounts that move, collections of others, actors that change (D34–D38).

use interkpa_server::features::follows;
use interkpa_server::fediverse::ours::OurActor;
use serde_json::{Value, json};

use super::KEPT;
use crate::forge::activity;
use crate::scene::Scene;
use crate::table::Table;

pub(super) async fn run(scene: &Scene, table: &mut Table) {
    undone(scene, table).await;
    never_asked(scene, table).await;
    moves(scene, table).await;
    collections(scene, table).await;
    changed(scene, table).await;
}

async fn followers(scene: &Scene) -> u64 {
    let uri = OurActor::Hub.address(&scene.hub.app);
    let read = scene
        .hub
        .app
        .store
        .read(move |conn| follows::follower_count(conn, &uri));
    read.await.unwrap()
}

async fn undone(scene: &Scene, table: &mut Table) {
    let zoe = &scene.zoe;
    let must = &[(403, "*"), (202, "")];
    let case = scene.case(
        34,
        "an Undo by E of a Follow and an Accept of A, in three shapes",
        must,
    );
    let mut case = case.await.rows(KEPT);
    let before = followers(scene).await;
    let of_lea = scene.follow_of(&scene.lea, 0);
    let mut as_own = of_lea.clone();
    as_own["actor"] = json!(zoe.uri.as_str());
    let accept =
        json!({"type": "Accept", "actor": scene.lea.uri.as_str(), "object": of_lea.clone()});
    for (n, object) in [of_lea.clone(), as_own, of_lea["id"].clone(), accept]
        .into_iter()
        .enumerate()
    {
        let number = 340 + u32::try_from(n).unwrap();
        case.say(zoe, &activity("Undo", zoe, number, object)).await;
    }
    case.holds("A still follows", followers(scene).await == before);
    case.end(table).await;
}

async fn never_asked(scene: &Scene, table: &mut Table) {
    let zoe = &scene.zoe;
    let must = &[(202, ""), (403, "*"), (400, "*")];
    let case = scene.case(
        35,
        "Accept and Reject of a Follow never asked, or of another's",
        must,
    );
    let mut case = case.await.rows(KEPT);
    let ours = json!({
        "id": scene.hub.uri("/activites/0199c0de-7000-7000-8000-00000000dead").as_str(),
        "type": "Follow", "actor": scene.hub.uri("/hub").as_str(), "object": zoe.uri.as_str(),
    });
    let of_other = json!({
        "id": format!("{}/follows/1", scene.lea.uri), "type": "Follow",
        "actor": scene.lea.uri.as_str(), "object": zoe.uri.as_str(),
    });
    let mut number = 350;
    for kind in ["Accept", "Reject"] {
        for object in [
            ours.clone(),
            ours["id"].clone(),
            of_other.clone(),
            json!(scene.follow_of(&scene.lea, 0)),
        ] {
            number += 1;
            case.say(zoe, &activity(kind, zoe, number, object)).await;
        }
    }
    case.holds("no relation is made", !scene.look().await.rows.is_empty());
    case.end(table).await;
}

async fn moves(scene: &Scene, table: &mut Table) {
    let zoe = &scene.zoe;
    let must = &[
        (403, "move_refused"),
        (403, "not_owner"),
        (403, "origin_mismatch"),
    ];
    let case = scene.case(
        36,
        "a Move to nobody, to a member here, to A, of another, 50 in a row",
        must,
    );
    let mut case = case.await;
    let mut number = 3_600;
    let mut say = |object: &str, target: &str| {
        number += 1;
        let mut said = activity("Move", zoe, number, json!(object));
        said["target"] = json!(target);
        said
    };
    let here = scene.hub.uri("/hub");
    let mut all = vec![
        say(zoe.uri.as_str(), here.as_str()),
        say(zoe.uri.as_str(), scene.lea.uri.as_str()),
        say(scene.lea.uri.as_str(), zoe.uri.as_str()),
    ];
    all.extend((0..50).map(|n| say(zoe.uri.as_str(), &format!("{}/etape/{n}", zoe.uri))));
    for said in all {
        case.say(zoe, &said).await;
    }
    case.end(table).await;
}

async fn collections(scene: &Scene, table: &mut Table) {
    let zoe = &scene.zoe;
    let must = &[
        (403, "not_owner"),
        (403, "guest_not_allowed"),
        (403, "origin_mismatch"),
    ];
    let case = scene.case(37, "Add and Remove on a collection of ours and of A", must);
    let mut case = case.await;
    let mut number = 370;
    for kind in ["Add", "Remove"] {
        for target in [scene.hub.uri("/hub/followers"), scene.lea.uri.clone()] {
            number += 1;
            let mut said = activity(kind, zoe, number, json!(zoe.uri.as_str()));
            said["target"] = json!(target.as_str());
            case.say(zoe, &said).await;
        }
    }
    case.end(table).await;
}

async fn changed(scene: &Scene, table: &mut Table) {
    let zoe = &scene.zoe;
    let must = &[
        (403, "actor_changed"),
        (403, "actor_unusable"),
        (403, "origin_mismatch"),
        (400, "*"),
    ];
    let case = scene.case(
        38,
        "an actor becomes a Group, a hub, another name, an inbox elsewhere",
        must,
    );
    let mut case = case.await;
    let changes: [fn(&mut Value, &str); 5] = [
        |actor, _| actor["type"] = json!("Group"),
        |actor, _| {
            actor["type"] = json!("Group");
            actor["ikpa:kind"] = json!("hub");
        },
        |actor, _| actor["preferredUsername"] = json!("lea"),
        |actor, lea| actor["inbox"] = json!(format!("{lea}/inbox")),
        |actor, lea| actor["id"] = json!(lea),
    ];
    for (n, change) in changes.into_iter().enumerate() {
        let mut object = zoe.document("Person");
        change(&mut object, scene.lea.uri.as_str());
        let number = 380 + u32::try_from(n).unwrap();
        case.say(zoe, &activity("Update", zoe, number, object))
            .await;
    }
    case.end(table).await;
}
