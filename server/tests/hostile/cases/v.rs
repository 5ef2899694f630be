//! V: visibility and privacy (D96–D102), L: hours (D111).

mod hours;

use interkpa_federation::Uri;
use interkpa_server::config::FederationMode;
use interkpa_server::features::people::rights::Role;
use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::foreign::{Foreign, ForeignActor};
use interkpa_server::testing::members::TestMember;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::forge::activity;
use crate::scene::{BOTH, Scene, actor_of, group_of};
use crate::table::Table;

/// What members keep to themselves here, and must be found nowhere outside.
const PRIVATE: [&str; 6] = [
    "06 39 98 77 66",
    "secrete@exemple.test",
    "Besoin intime",
    "Réservé aux nôtres",
    "quai Gambetta",
    "appeler le soir",
];

pub(crate) async fn run(table: &mut Table) {
    for mode in BOTH {
        let scene = Scene::start(mode).await;
        let seeded = Seeded::write(&scene).await;
        followers_only(&scene, &seeded, table).await;
        narrowed(&scene, &seeded, table).await;
        documents(&scene, &seeded, table).await;
        reports(&scene, &seeded, table).await;
        readers(&scene, &seeded, table).await;
        crawl(&scene, table).await;
        hours::run(&scene, table).await;
    }
}

/// A member with a telephone, and an announcement of each visibility.
struct Seeded {
    member: TestMember,
    private: Value,
    hub: Value,
    followed: Value,
    public: Value,
}

impl Seeded {
    async fn write(scene: &Scene) -> Self {
        let member = scene
            .hub
            .member("discrete")
            .public_actor()
            .role(Role::Spokesperson)
            .create()
            .await;
        let browser = Browser::of(&scene.hub, &member);
        let profile = [
            ("name", "Discrète"),
            ("lang", "fr"),
            ("about", "quai Gambetta"),
            ("place", "Calais"),
            ("phone", PRIVATE[0]),
            ("email", PRIVATE[1]),
            ("contact_note", PRIVATE[5]),
            ("public_actor", "1"),
        ];
        let saved = browser.post("/moi/profil", &profile).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let make = async |title: &str, visibility: &str| {
            let body = json!({"purpose": "request", "title": title, "settlements": ["gift"], "visibility": visibility});
            let made = scene
                .hub
                .api(&member, "POST", "/api/v1/proposals", Some(body))
                .await;
            assert_eq!(made.status, 201, "{}", made.text);
            made.json()
        };
        Self {
            private: make("Besoin intime", "private").await,
            hub: make("Réservé aux nôtres", "hub").await,
            followed: make("Pour les KPA suivis", "followed").await,
            public: make("Pour tout le monde", "public").await,
            member,
        }
    }
}

fn uri(made: &Value) -> Uri {
    Uri::parse(made["uri"].as_str().unwrap()).unwrap()
}

async fn both(scene: &Scene, reader: &ForeignActor, uri: &Uri) -> [Answered; 2] {
    [
        Caller::new().activity_json(uri).await,
        reader.get(uri, scene.now()).await,
    ]
}

/// D96.
async fn followers_only(scene: &Scene, seeded: &Seeded, table: &mut Table) {
    let case = scene.case(96, "what is for followed KPAs, asked for by one that only follows us, by its neighbour, unsigned", &[(401, "*"), (403, "*"), (404, "*")]);
    let mut case = case.await;
    for reader in [&scene.zoe, &scene.group, &scene.lea, &scene.friends] {
        for answered in both(scene, reader, &uri(&seeded.followed)).await {
            case.holds("nothing of it", !answered.text.contains("KPA suivis"));
            case.answered(&answered);
        }
    }
    case.end(table).await;
}

/// D97.
async fn narrowed(scene: &Scene, seeded: &Seeded, table: &mut Table) {
    let must = &[
        (200, ""),
        (202, ""),
        (401, "*"),
        (403, "*"),
        (404, "*"),
        (410, "*"),
        (409, "*"),
    ];
    let case = scene.case(
        97,
        "an announcement shown to fewer, then an Announce of it to everybody",
        must,
    );
    let mut case = case.await.rows(&[
        "outbox_activities",
        "deliveries",
        "delivery_peers",
        "jobs",
        "inbox_activities",
        "tombstones",
        "audit_events",
        "notifications",
    ]);
    scene.hub.deliver_all().await;
    let id = seeded.public["id"].as_str().unwrap();
    case.answered(
        &scene
            .hub
            .api(
                &seeded.member,
                "POST",
                &format!("/api/v1/proposals/{id}"),
                Some(json!({"visibility": "hub"})),
            )
            .await,
    );
    let said = activity(
        "Announce",
        &scene.zoe,
        97,
        json!(uri(&seeded.public).as_str()),
    );
    case.say(&scene.zoe, &said).await;
    scene.hub.deliver_all().await;
    let deleted = [&scene.evil, &scene.friend].into_iter().any(|server| {
        server
            .delivered()
            .iter()
            .any(|said| said["type"] == "Delete" && said.to_string().contains(id))
    });
    case.holds("those no longer entitled are told", deleted);
    for reader in [&scene.zoe, &scene.lea] {
        for answered in both(scene, reader, &uri(&seeded.public)).await {
            case.holds(
                "and read it no more",
                answered.status != 200
                    || !answered.text.contains("Pour tout le monde")
                    || answered.text.contains("Tombstone"),
            );
            case.answered(&answered);
        }
    }
    case.end(table).await;
}

/// D98.
async fn documents(scene: &Scene, seeded: &Seeded, table: &mut Table) {
    let case = scene.case(98, "the documents of a member as a stranger, another hub, a member: telephone, e-mail, address", &[(200, "*"), (401, "*"), (403, "*"), (404, "*")]);
    let mut case = case.await.rows(&["hub_facts"]);
    let actor = seeded.member.actor.clone();
    let outbox = Uri::parse(&format!("{actor}/outbox")).unwrap();
    for document in [
        &actor,
        &outbox,
        &scene.hub.uri("/hub"),
        &scene.hub.uri("/hub/outbox"),
        &scene.hub.uri("/hub/outbox?page=first"),
    ] {
        for reader in [&scene.zoe, &scene.lea] {
            for answered in both(scene, reader, document).await {
                case.holds(
                    "none of it in any document",
                    leaked(&answered.text).is_empty(),
                );
                case.answered(&answered);
            }
        }
        let page = scene.hub.page(None, document.as_url().path()).await;
        case.holds("none of it on a public page", leaked(&page.text).is_empty());
        case.answered(&page);
    }
    case.end(table).await;
}

fn leaked(text: &str) -> Vec<&'static str> {
    PRIVATE
        .into_iter()
        .filter(|secret| text.contains(secret))
        .collect()
}

/// D99.
async fn reports(scene: &Scene, seeded: &Seeded, table: &mut Table) {
    let case = scene.case(
        99,
        "a Flag on what the reporter cannot see, and on nothing",
        &[(202, ""), (404, "*"), (403, "*")],
    );
    let mut case = case.await.rows(&["inbox_activities", "jobs"]);
    let nothing = scene
        .hub
        .uri("/objets/0199c0de-7000-7000-8000-00000000dead");
    for (n, object) in [uri(&seeded.private), uri(&seeded.hub), nothing]
        .iter()
        .enumerate()
    {
        let mut said = activity(
            "Flag",
            &scene.zoe,
            990 + u32::try_from(n).unwrap(),
            json!([object.as_str()]),
        );
        said["content"] = json!("spam");
        let answered = case.say(&scene.zoe, &said).await;
        case.holds(
            "no content in the answer",
            leaked(&answered.text).is_empty(),
        );
    }
    case.end(table).await;
}

/// D100, D101.
async fn readers(scene: &Scene, seeded: &Seeded, table: &mut Table) {
    let banned = Foreign::start("banni").await;
    let (_hub, ana) = (group_of(&banned, 2), actor_of(&banned, "ana", 1));
    scene.hub.block(&banned.origin).await;
    let open = scene.mode == FederationMode::Open;
    let case = scene.case(
        100,
        "every document unsigned, by a blocked hub, a peer, a guest",
        &[(200, ""), (401, "*"), (403, "*"), (404, "*")],
    );
    let mut case = case.await;
    for path in ["/hub/outbox", "/hub/followers", "/hub/outbox?page=first"] {
        let document = scene.hub.uri(path);
        let [unsigned, blocked] = both(scene, &ana, &document).await;
        let peer = scene.lea.get(&document, scene.now()).await;
        let stated = (unsigned.status, blocked.status, peer.status)
            == (if open { 200 } else { 401 }, 403, 200);
        case.holds("public documents as the mode says", stated);
        for answered in [&unsigned, &blocked, &peer] {
            case.answered(answered);
        }
    }
    for made in [&seeded.private, &seeded.hub, &seeded.followed] {
        let unknown = scene
            .hub
            .uri("/objets/0199c0de-7000-7000-8000-00000000dead");
        for reader in [&scene.zoe, &scene.lea, &ana] {
            let (secret, nothing) = (
                both(scene, reader, &uri(made)).await,
                both(scene, reader, &unknown).await,
            );
            for (secret, nothing) in secret.iter().zip(&nothing) {
                case.holds(
                    "what is not public answers like an unknown id",
                    secret.status == nothing.status
                        && secret.text.len().abs_diff(nothing.text.len()) < 20,
                );
                case.answered(secret);
            }
        }
    }
    for path in ["/actor", "/hub"] {
        let [unsigned, blocked] = both(scene, &ana, &scene.hub.uri(path)).await;
        case.holds(
            "keys are for everybody",
            (unsigned.status, blocked.status) == (200, 200),
        );
        case.answered(&unsigned);
    }
    case.holds(
        "nothing fetched for the blocked hub",
        banned.asked().is_empty(),
    );
    case.end(table).await;

    let case = scene.case(
        101,
        "followers, following, members and totals, by a stranger and a peer",
        &[(200, "*"), (401, "*"), (404, "*"), (403, "*")],
    );
    let mut case = case.await;
    let person = seeded.member.actor.as_url().path().to_owned();
    for path in [
        "/hub/followers".to_owned(),
        "/hub/following".to_owned(),
        format!("{person}/followers"),
        format!("{person}/following"),
        "/hub/members".to_owned(),
        "/hub/liked".to_owned(),
    ] {
        for answered in both(scene, &scene.lea, &scene.hub.uri(&path)).await {
            let listed = answered.text.contains(scene.zoe.uri.as_str())
                || answered.text.contains("orderedItems\":[\"");
            case.holds("nobody is listed", !listed);
            case.answered(&answered);
        }
    }
    case.end(table).await;
}

/// D102.
async fn crawl(scene: &Scene, table: &mut Table) {
    let case = scene.case(
        102,
        "lists, feeds, searches, error pages, discovery as a stranger: no private word",
        &[
            (200, "*"),
            (404, "*"),
            (303, ""),
            (401, "*"),
            (400, "*"),
            (406, "*"),
        ],
    );
    let mut case = case.await;
    for path in [
        "/",
        "/entraide",
        "/entraide?q=intime",
        "/entraide?q=nôtres",
        "/entraide.atom",
        "/entraide.atom?q=intime",
        "/hub.atom",
        "/kpa",
        "/hub",
        "/api/v1/proposals",
        "/api/v1/proposals?q=intime",
        "/objets/x",
        "/nulle-part",
        "/.well-known/nodeinfo",
        "/.well-known/webfinger?resource=acct:discrete@x",
        "/robots.txt",
        "/sitemap.xml",
        "/members/x",
        "/api/openapi.json",
    ] {
        let answered = scene.hub.page(None, path).await;
        // What was searched for stands in its own field, and nowhere as a result.
        let results = answered.text.replace("value=\"intime\"", "");
        case.holds("no private word", leaked(&results).is_empty());
        case.answered(&answered);
    }
    case.end(table).await;
}
