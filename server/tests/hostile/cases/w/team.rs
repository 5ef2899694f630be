//! Rights that are taken, and people who are suspended (D94, D95).

use interkpa_server::features::people::commands::{By, team};
use interkpa_server::features::people::rights::Role;
use serde_json::json;

use super::PEOPLE;
use crate::browser::Browser;
use crate::forge::{activity, offer};
use crate::scene::Scene;
use crate::table::Table;

pub(super) async fn run(scene: &Scene, table: &mut Table) {
    let hub = &scene.hub;
    let member = hub.member("simple").create().await;
    let case = scene.case(
        94,
        "a member takes a role, gives one to a friend, suspends; the last administrator steps down",
        &[(403, "*"), (404, "*"), (409, "*"), (405, "*"), (422, "*")],
    );
    let mut case = case.await;
    let browser = Browser::of(hub, &member);
    let id = member.id.as_str();
    for path in ["roles", "suspendre", "rouvrir", "role"] {
        let path = format!("/administration/membres/{id}/{path}");
        case.answered(
            &browser
                .post(
                    &path,
                    &[("role", "technical_admin"), ("technical_admin", "1")],
                )
                .await,
        );
    }
    for path in [
        "/accompagner/inviter",
        "/accompagner/redonner-acces",
        "/administration/kpa",
        "/accompagner/publier-pour",
    ] {
        case.answered(
            &browser
                .post(
                    path,
                    &[
                        ("role", "technical_admin"),
                        ("name", "x"),
                        ("address", "https://evil.example"),
                    ],
                )
                .await,
        );
    }
    case.end(table).await;

    let lea = &scene.lea;
    let uri = format!("{}/objets/94", lea.uri);
    let said = activity(
        "Create",
        lea,
        94,
        offer(lea, &uri, json!({"name": "Du KPA ami"})),
    );
    assert_eq!(scene.say(lea, &said).await.status, 202);
    let moderator = hub.member("modere").role(Role::Facilitator).create().await;
    let list = hub
        .api(&moderator, "GET", "/api/v1/proposals?limit=100", None)
        .await
        .json();
    let copy = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["uri"] == uri.as_str())
        .unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let case = scene.case(
        94,
        "the team of this KPA edits, withdraws or fulfils what another KPA owns",
        &[(403, "*"), (404, "*"), (409, "*"), (422, "*")],
    );
    let mut case = case.await;
    for action in ["withdraw", "fulfil", "widen"] {
        case.answered(
            &hub.api(
                &moderator,
                "POST",
                &format!("/api/v1/proposals/{copy}/{action}"),
                Some(json!({})),
            )
            .await,
        );
    }
    case.answered(
        &hub.api(
            &moderator,
            "POST",
            &format!("/api/v1/proposals/{copy}"),
            Some(json!({"title": "Changé"})),
        )
        .await,
    );
    case.answered(
        &hub.api(
            &moderator,
            "DELETE",
            &format!("/api/v1/proposals/{copy}"),
            None,
        )
        .await,
    );
    case.end(table).await;

    suspended(scene, table).await;
}

/// D95.
async fn suspended(scene: &Scene, table: &mut Table) {
    let hub = &scene.hub;
    let gone = hub
        .member("partie")
        .role(Role::Facilitator)
        .public_actor()
        .create()
        .await;
    let case = scene.case(
        95,
        "session, key and forms of somebody suspended a moment ago",
        &[(303, ""), (401, "*"), (403, "*"), (404, "*"), (410, "*")],
    );
    let mut case = case
        .await
        .rows(PEOPLE)
        .rows(&["jobs", "outbox_activities", "deliveries"]);
    let browser = Browser::of(hub, &gone);
    case.holds("worked before", browser.get("/moi").await.status == 200);
    team::suspend(&hub.app, By::Operator, gone.id.clone())
        .await
        .unwrap();
    for path in ["/moi", "/moderation", "/notifications", "/moi/cles"] {
        case.answered(&browser.get(path).await);
    }
    let published = browser
        .post("/moi/profil", &[("name", "Toujours là")])
        .await;
    case.holds("no form is taken", published.status != 303);
    case.answered(&published);
    case.answered(&hub.api(&gone, "GET", "/api/v1/hours", None).await);
    case.answered(
        &hub.api(
            &gone,
            "POST",
            "/api/v1/proposals",
            Some(json!({"title": "x"})),
        )
        .await,
    );
    case.end(table).await;
}
