//! Changing, announcing and deleting what is another's (D30–D33).

use interkpa_server::testing::caller::Caller;
use interkpa_server::testing::foreign::Foreign;
use serde_json::json;

use super::{KEPT, neighbour};
use crate::forge::{PUBLIC, activity, note, offer};
use crate::scene::{Scene, actor_of, group_of};
use crate::table::Table;

/// Codes of what may be answered to somebody who owns nothing here; guests are not heard at all.
const NOT_YOURS: &[(u16, &str)] = &[
    (403, "not_owner"),
    (403, "origin_mismatch"),
    (403, "guest_not_allowed"),
    (400, "attributed_to_invalid"),
];

pub(super) async fn run(scene: &Scene, table: &mut Table) {
    let (zoe, lea) = (&scene.zoe, &scene.lea);
    let id = format!("{}/objets/30", lea.uri);
    let create = activity(
        "Create",
        lea,
        30,
        offer(lea, &id, json!({"name": "Couture de Léa"})),
    );
    let created = scene.say(lea, &create).await;
    assert_eq!(created.status, 202, "{}", created.text);
    let voisin = neighbour(scene).await;

    let case = scene.case(
        30,
        "an Update of A's offer by E, and by another member of A",
        NOT_YOURS,
    );
    let mut case = case.await;
    let newer = json!({"name": "Volée", "updated": "2026-11-25T07:50:00Z"});
    let by_zoe = merged_owner(zoe.uri.as_str(), &newer);
    case.say(
        zoe,
        &activity("Update", zoe, 301, offer(lea, &id, newer.clone())),
    )
    .await;
    case.say(zoe, &activity("Update", zoe, 302, offer(lea, &id, by_zoe)))
        .await;
    case.say(
        &voisin,
        &activity("Update", &voisin, 303, offer(lea, &id, newer.clone())),
    )
    .await;
    let own = merged_owner(voisin.uri.as_str(), &newer);
    case.say(
        &voisin,
        &activity("Update", &voisin, 304, offer(&voisin, &id, own)),
    )
    .await;
    let list = Caller::new()
        .send("GET", &scene.hub.uri("/api/v1/proposals"), &[], None)
        .await;
    case.holds(
        "the offer is unchanged",
        list.text.contains("Couture de Léa") && !list.text.contains("Volée"),
    );
    case.end(table).await;

    announces(scene, table).await;
    deletes(scene, table, &id).await;
}

fn merged_owner(owner: &str, changes: &serde_json::Value) -> serde_json::Value {
    let mut changed = changes.clone();
    changed["attributedTo"] = json!(owner);
    changed
}

/// D31, D32.
async fn announces(scene: &Scene, table: &mut Table) {
    let jeanne = scene.hub.member("marthe").create().await;
    let body = json!({"purpose": "offer", "title": "Réservé au KPA", "settlements": ["gift"], "visibility": "hub"});
    let made = scene
        .hub
        .api(&jeanne, "POST", "/api/v1/proposals", Some(body))
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    let (uri, id) = (made["uri"].as_str().unwrap(), made["id"].as_str().unwrap());
    let must = &[(202, ""), (403, "*"), (404, "*"), (401, "*"), (303, "")];
    let case = scene.case(
        31,
        "an Announce to everybody by E of what is for this KPA alone",
        must,
    );
    let mut case = case.await.rows(KEPT);
    let said = activity("Announce", &scene.zoe, 31, json!(uri));
    case.say(&scene.zoe, &said).await;
    let path = scene.hub.uri(&format!("/objets/{id}"));
    let unknown = scene
        .hub
        .uri("/objets/0199c0de-7000-7000-8000-00000000dead");
    let mut same = true;
    for accept in ["text/html", "application/activity+json"] {
        let headers = [("accept".to_owned(), accept.to_owned())];
        let answered = Caller::new().send("GET", &path, &headers, None).await;
        let nothing = Caller::new().send("GET", &unknown, &headers, None).await;
        same &= answered.status == nothing.status && !answered.text.contains("Réservé au KPA");
        case.answered(&answered);
    }
    case.holds("outsiders see what they see of an unknown id", same);
    case.end(table).await;

    let banned = Foreign::start("exclu").await;
    let (_hub, ana) = (group_of(&banned, 2), actor_of(&banned, "ana", 1));
    banned.put(
        "/ana/notes/1",
        &note(&ana, &format!("{}/notes/1", ana.uri), json!({})),
    );
    scene.hub.block(&banned.origin).await;
    let case = scene.case(
        32,
        "an Announce by A of an object of a blocked hub",
        &[(202, ""), (403, "*")],
    );
    let mut case = case.await.rows(KEPT);
    let object = json!(format!("{}/notes/1", ana.uri));
    case.say(
        &scene.lea,
        &activity("Announce", &scene.lea, 32, object.clone()),
    )
    .await;
    case.say(
        &scene.friends,
        &activity("Announce", &scene.friends, 32, object),
    )
    .await;
    scene.hub.run_due_jobs().await;
    case.holds(
        "nothing asked of the blocked hub",
        banned.asked().is_empty(),
    );
    case.end(table).await;
}

/// D33.
async fn deletes(scene: &Scene, table: &mut Table, of_lea: &str) {
    let (zoe, lea) = (&scene.zoe, &scene.lea);
    let case = scene.case(
        33,
        "a Delete by E of A's offer, and of a whole actor of A",
        NOT_YOURS,
    );
    let mut case = case.await;
    case.say(zoe, &activity("Delete", zoe, 331, json!(of_lea)))
        .await;
    case.say(
        zoe,
        &activity(
            "Delete",
            zoe,
            332,
            json!({"id": of_lea, "type": "Tombstone"}),
        ),
    )
    .await;
    for by in [zoe, &scene.group] {
        case.say(by, &activity("Delete", by, 333, json!(lea.uri.as_str())))
            .await;
    }
    case.end(table).await;

    let must = &[(202, ""), (403, "guest_not_allowed")];
    let case = scene.case(
        33,
        "a Delete before the Create it takes back, then that Create",
        must,
    );
    let mut case = case.await.rows(&["inbox_activities", "jobs", "tombstones"]);
    let id = format!("{}/objets/33", zoe.uri);
    case.say(zoe, &activity("Delete", zoe, 334, json!(id)))
        .await;
    case.say(
        zoe,
        &activity("Create", zoe, 335, offer(zoe, &id, json!({"to": PUBLIC}))),
    )
    .await;
    case.end(table).await;
}
