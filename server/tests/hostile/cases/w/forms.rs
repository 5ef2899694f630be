//! Forms of other sites (D80), places to go next (D82), fields nobody asked for (D83), frames and caches
//! (D90), ids of others (D91).

use interkpa_server::features::people::rights::Role;
use interkpa_server::http::router::routes;
use interkpa_server::http::{Access, Method, Surface};
use interkpa_server::testing::caller::Caller;
use interkpa_server::testing::members::{MemberBuilder, TestMember};
use serde_json::json;

use super::{NOTHING, PEOPLE, filled, local};
use crate::browser::Browser;
use crate::scene::Scene;
use crate::table::Table;

pub(super) async fn run(scene: &Scene, table: &mut Table) {
    let all = Role::ALL
        .into_iter()
        .filter(|role| *role != Role::Cooperant)
        .fold(scene.hub.member("toutes"), MemberBuilder::role);
    let admin = all.create().await;
    let other = scene.hub.member("autre").create().await;
    forged(scene, table, &admin, &other).await;
    next(scene, table, &other).await;
    assigned(scene, table, &other).await;
    frames(scene, table, &admin).await;
    others(scene, table, &other).await;
}

/// D80.
async fn forged(scene: &Scene, table: &mut Table, admin: &TestMember, other: &TestMember) {
    let hub = &scene.hub;
    let must = &[
        (403, "*"),
        (405, "*"),
        (200, ""),
        (404, "*"),
        (400, "*"),
        (303, ""),
        (410, "*"),
    ];
    let case = scene.case(
        80,
        "every form without token, with another's, from another site, by GET",
        must,
    );
    let mut case = case.await;
    let mine = Browser::of(hub, admin);
    let elsewhere = Browser::of(hub, admin).with("origin", "https://evil.example");
    let null = Browser::of(hub, admin).with("origin", "null");
    let embedded = Browser::of(hub, admin).with("sec-fetch-site", "cross-site");
    let sibling = Browser::of(hub, admin).with("sec-fetch-site", "same-site");
    let stolen = [
        ("_csrf", other.csrf.as_str()),
        ("title", "Titre"),
        ("text", "Bonjour"),
    ];
    for route in routes() {
        if route.surface != Surface::Page || route.method != Method::Post {
            continue;
        }
        let path = filled(&route, NOTHING);
        for answered in [
            mine.post_bare(&path, &[("title", "Titre")]).await,
            mine.post_bare(&path, &stolen).await,
            mine.post_bare(&path, &[("_csrf", "")]).await,
            elsewhere.post(&path, &[]).await,
            null.post(&path, &[]).await,
            embedded.post(&path, &[]).await,
            sibling.post(&path, &[]).await,
        ] {
            case.holds("each of them 403", answered.status == 403);
            case.answered(&answered);
        }
        let got = mine
            .get(&format!("{path}?_csrf={}&title=x", admin.csrf))
            .await;
        // A page may live at the same address: it changes nothing.
        case.answered(&got);
    }
    let stale = mine
        .post_bare(
            "/publier",
            &[("_csrf", "x"), ("title", "Ce que j’ai écrit")],
        )
        .await;
    case.holds(
        "what was typed comes back with a stale token",
        stale.text.contains("Ce que j’ai écrit"),
    );
    case.end(table).await;
}

/// D82.
async fn next(scene: &Scene, table: &mut Table, member: &TestMember) {
    let hub = &scene.hub;
    let case = scene.case(
        82,
        "next = //evil, https:evil, \\evil, encoded, control characters",
        &[(303, ""), (422, ""), (200, "")],
    );
    let mut case = case.await;
    let signed_in = Browser::of(hub, member);
    let stranger = Browser::stranger(hub).await;
    for evil in [
        "//evil.example",
        "https:evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2f/evil.example/..",
        "/\t/evil.example",
        "%2F%2Fevil.example",
        "javascript:alert(1)",
        "/\r\nLocation: //evil.example",
        "///evil.example",
        "/.//evil.example",
        "//evil.example@bobinette",
        "http:evil",
    ] {
        let query: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();
        let answered = signed_in.get(&format!("/connexion?next={query}")).await;
        let location = answered.header("location").to_owned();
        case.holds("a path of this hub", local(hub, &location));
        case.answered(&answered);
        let page = stranger.get(&format!("/connexion?next={query}")).await;
        case.holds(
            "no form that leads away",
            !page.text.contains("value=\"//") && !page.text.contains("value=\"http"),
        );
        case.answered(&page);
    }
    case.end(table).await;
}

/// D83.
async fn assigned(scene: &Scene, table: &mut Table, member: &TestMember) {
    let hub = &scene.hub;
    let case = scene.case(
        83,
        "role, id, hub_id, verified, balance, member_id, origin, state in forms and bodies",
        &[
            (303, ""),
            (201, ""),
            (200, ""),
            (422, "*"),
            (403, "*"),
            (400, "*"),
        ],
    );
    let mut case = case.await.rows(&[
        "proposals",
        "proposal_details",
        "proposal_entries",
        "outbox_activities",
        "deliveries",
        "delivery_peers",
        "jobs",
        "audit_events",
        "idempotency",
        "member_profiles",
        "notifications",
    ]);
    let browser = Browser::of(hub, member);
    let greedy = [
        ("role", "technical_admin"),
        ("roles", "technical_admin"),
        ("is_admin", "true"),
        ("verified", "true"),
        ("balance", "999"),
        ("id", NOTHING),
        ("member_id", NOTHING),
        ("hub_id", "x"),
        ("origin", "https://evil.example"),
        ("state", "published"),
        ("rev", "7"),
    ];
    let profile = [&greedy[..], &[("name", "Autre"), ("lang", "fr")]].concat();
    case.answered(&browser.post("/moi/profil", &profile).await);
    let publish = [
        &greedy[..],
        &[
            ("purpose", "offer"),
            ("kind", "service"),
            ("title", "Titre"),
            ("settlement", "gift"),
        ],
    ]
    .concat();
    case.answered(&browser.post("/publier", &publish).await);
    let mut body = json!({"purpose": "offer", "title": "Titre", "settlements": ["gift"], "uri": "https://evil.example/x", "author": {"id": NOTHING}, "member": NOTHING, "published_at": "1999-01-01T00:00:00Z", "is_mine": true});
    for (name, value) in greedy {
        body[name] = json!(value);
    }
    let made = hub
        .api(member, "POST", "/api/v1/proposals", Some(body))
        .await;
    let own = made.status != 201
        || made.json()["uri"]
            .as_str()
            .is_some_and(|uri| uri.starts_with(hub.origin().as_str()) && !uri.contains(NOTHING));
    case.holds(
        "what is made has an address and an author of the hub's",
        own,
    );
    case.answered(&made);
    let mut forms = 0;
    for path in [
        "/administration",
        "/administration/membres",
        "/moderation",
        "/accompagner/inviter",
    ] {
        forms += usize::from(browser.get(path).await.status == 200);
    }
    case.holds("no right is gained", forms == 0);
    case.end(table).await;
}

/// D90.
async fn frames(scene: &Scene, table: &mut Table, admin: &TestMember) {
    let hub = &scene.hub;
    let case = scene.case(
        90,
        "every page for frames, shared caches, and as ActivityPub",
        &[
            (200, "*"),
            (303, ""),
            (401, "*"),
            (403, "*"),
            (404, "*"),
            (406, "*"),
            (410, "*"),
            (400, "*"),
        ],
    );
    let mut case = case.await.rows(&["hub_facts"]);
    let browser = Browser::of(hub, admin);
    for route in routes() {
        if route.method != Method::Get
            || route.surface == Surface::Api
            || route.path.starts_with("/assets")
        {
            continue;
        }
        let path = filled(&route, NOTHING);
        let page = browser.get(&path).await;
        let policy = page.header("content-security-policy");
        case.holds(
            "frame-ancestors none everywhere",
            policy.contains("frame-ancestors 'none'") && page.header("x-frame-options") == "DENY"
                || policy.contains("sandbox"),
        );
        case.holds(
            "nosniff everywhere",
            page.header("x-content-type-options") == "nosniff",
        );
        if route.surface == Surface::Page
            && page.status == 200
            && page.header("content-type").starts_with("text/html")
        {
            case.holds(
                "a page of somebody signed in is for nobody else",
                page.header("cache-control").contains("private")
                    || page.header("cache-control").contains("no-store"),
            );
            case.holds(
                "Vary names Cookie and Accept",
                page.header("vary").contains("Cookie") && page.header("vary").contains("Accept"),
            );
        }
        case.answered(&page);
        let document = scene.lea.get(&hub.uri(&path), scene.now()).await;
        if route.surface == Surface::Fediverse {
            case.holds(
                "never HTML for a program of the fediverse",
                !document.header("content-type").starts_with("text/html"),
            );
        }
        case.answered(&document);
    }
    case.end(table).await;
}

/// D91.
async fn others(scene: &Scene, table: &mut Table, mallory: &TestMember) {
    let hub = &scene.hub;
    let owner = hub.member("owner").create().await;
    let body = json!({"purpose": "request", "title": "Un secret", "settlements": ["gift"], "visibility": "private"});
    let made = hub
        .api(&owner, "POST", "/api/v1/proposals", Some(body))
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let secret = made.json()["id"].as_str().unwrap().to_owned();
    let case = scene.case(
        91,
        "every route with an id, with one of another member's",
        &[
            (404, "*"),
            (403, "*"),
            (401, "*"),
            (405, "*"),
            (400, "*"),
            (422, "*"),
            (410, "*"),
            (303, ""),
            (200, "*"),
        ],
    );
    let mut case = case.await;
    for route in routes() {
        let by_id = route.path.contains("{id}") && route.surface != Surface::Fediverse;
        if !by_id || !matches!(route.access, Access::Anyone | Access::Member) {
            continue;
        }
        let ask = async |id: &str| {
            let path = filled(&route, id);
            let method = format!("{:?}", route.method).to_uppercase();
            match (route.surface, route.method) {
                (Surface::Api, Method::Post) => {
                    hub.api(
                        mallory,
                        "POST",
                        &path,
                        Some(json!({"text": "x", "reason": "spam", "title": "Titre"})),
                    )
                    .await
                }
                (Surface::Api, _) => hub.api(mallory, &method, &path, None).await,
                (_, Method::Post) => {
                    Browser::of(hub, mallory)
                        .post(
                            &path,
                            &[("text", "x"), ("reason", "spam"), ("title", "Titre")],
                        )
                        .await
                }
                _ => Browser::of(hub, mallory).get(&path).await,
            }
        };
        let (of_other, of_nothing) = (ask(&secret).await, ask(NOTHING).await);
        case.holds(
            &format!(
                "as for what does not exist {}",
                if of_other.status == of_nothing.status {
                    ""
                } else {
                    route.path
                }
            ),
            of_other.status == of_nothing.status,
        );
        case.holds(
            "nothing of it is shown",
            !of_other.text.contains("Un secret"),
        );
        case.answered(&of_other);
    }
    let read = Caller::new()
        .send("GET", &hub.uri(&format!("/objets/{secret}")), &[], None)
        .await;
    case.holds("nor to strangers", read.status == 404);
    case.rows(PEOPLE).end(table).await;
}
