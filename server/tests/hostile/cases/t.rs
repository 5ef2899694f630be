//! T: floods and loops (D115–D120), and that what strangers fill never grows past its bound.

use interkpa_federation::{Origin, Span};
use interkpa_server::bounded::Room;
use interkpa_server::config::FederationMode;
use interkpa_server::fediverse::budget::{Allowance, Purse};
use interkpa_server::testing::foreign::ForeignActor;
use serde_json::{Value, json};

use crate::forge::{activity, note};
use crate::scene::{BOTH, Scene, actor_at};
use crate::table::Table;

/// What follows and remarks write.
const SAID: &[&str] = &[
    "inbox_activities",
    "outbox_activities",
    "deliveries",
    "delivery_peers",
    "follows",
    "remote_actors",
    "notifications",
    "jobs",
    "audit_events",
    "replies",
    "tombstones",
    "peers",
];

pub(crate) async fn run(table: &mut Table) {
    for mode in BOTH {
        // The budgets of a hub as it is installed.
        let scene = Scene::with(mode, |_| {}).await;
        follows(&scene, table).await;
        loops(&scene, table).await;
        storm(&scene, table).await;
        bounds(&scene, table).await;
    }
}

/// D115.
async fn follows(scene: &Scene, table: &mut Table) {
    let must = &[(202, ""), (429, "too_many_requests")];
    let case = scene.case(
        115,
        "400 Follows of 400 new actors of E within a minute",
        must,
    );
    let mut case = case.await.rows(SAID).fetches(130);
    let mut waited = 0;
    for n in 0..400_u32 {
        let path = format!("/foule{n}");
        let actor = actor_at(scene.evil.uri(&path), 1);
        scene.evil.put(&path, &actor.document("Person"));
        let answered = case.say(&actor, &scene.follow_of(&actor, 1)).await;
        if answered.status == 429 {
            waited += 1;
            case.holds(
                "Retry-After is said",
                !answered.header("retry-after").is_empty(),
            );
        }
    }
    case.holds("most are told to wait", waited > 200);
    let honest = scene.follow(&scene.lea, 0).await.status;
    case.holds("A is served meanwhile", honest == 202);
    case.end(table).await;

    let case = scene.case(115, "Follow and Undo in turn, 60 times", must);
    let mut case = case.await.rows(SAID).fetches(2);
    let before = scene.look().await.rows;
    for n in 0..60_u32 {
        let follow = scene.follow_of(&scene.zoe, 1_000 + n);
        case.say(&scene.zoe, &follow).await;
        case.say(
            &scene.zoe,
            &activity("Undo", &scene.zoe, 115_000 + n, follow),
        )
        .await;
    }
    let after = scene.look().await.rows;
    case.holds(
        "notifications do not pile up",
        after["notifications"] - before["notifications"] <= 5,
    );
    case.end(table).await;
}

/// D116, D117, D118.
async fn loops(scene: &Scene, table: &mut Table) {
    let zoe = &scene.zoe;
    let (uri, id) = super::r::public_offer(scene, "Un diable").await;
    let must = &[(202, ""), (422, "*"), (400, "*"), (413, "*"), (429, "*")];
    let case = scene.case(
        116,
        "a remark with 5 000 mentions, 5 000 hashtags, 1 000 attachments, 10 000 recipients",
        must,
    );
    let mut case = case.await.rows(SAID).fetches(0);
    let many =
        |n: usize, value: &dyn Fn(usize) -> Value| -> Vec<Value> { (0..n).map(value).collect() };
    let mention = |n: usize| json!({"type": "Mention", "href": format!("http://x{n}.localhost:1/u"), "name": "@u"});
    let hashtag = |n: usize| json!({"type": "Hashtag", "name": format!("#h{n}")});
    let attachment =
        |n: usize| json!({"type": "Image", "url": format!("http://x{n}.localhost:1/i.png")});
    let recipient = |n: usize| json!(format!("http://x{n}.localhost:1/u"));
    for (n, change) in [
        json!({"tag": many(5_000, &mention)}),
        json!({"tag": many(5_000, &hashtag)}),
        json!({"attachment": many(1_000, &attachment)}),
        json!({"cc": many(10_000, &recipient)}),
    ]
    .into_iter()
    .enumerate()
    {
        let number = 1_160 + u32::try_from(n).unwrap();
        let object = note(
            zoe,
            &format!("{}/notes/116{n}", zoe.uri),
            crate::forge::merged(json!({"inReplyTo": uri}), change),
        );
        case.say(zoe, &activity("Create", zoe, number, object))
            .await;
    }
    scene.hub.run_due_jobs().await;
    case.end(table).await;

    let case = scene.case(
        117,
        "remarks 60 deep, in a circle, on themselves; an Announce of itself",
        must,
    );
    let mut case = case.await.rows(SAID);
    let at = |n: u32| format!("{}/notes/117{n}", zoe.uri);
    for n in 0..60 {
        let to = if n == 0 { uri.clone() } else { at(n - 1) };
        case.say(
            zoe,
            &activity(
                "Create",
                zoe,
                1_170 + n,
                note(zoe, &at(n), json!({"inReplyTo": to})),
            ),
        )
        .await;
    }
    for (n, to) in [(90, 91), (91, 90), (92, 92)] {
        case.say(
            zoe,
            &activity(
                "Create",
                zoe,
                1_170 + n,
                note(zoe, &at(n), json!({"inReplyTo": at(to)})),
            ),
        )
        .await;
    }
    let mut announce = activity("Announce", zoe, 1_179, json!(null));
    announce["object"] = announce["id"].clone();
    case.say(zoe, &announce).await;
    let began = tokio::time::Instant::now();
    let page = scene.hub.page(None, &format!("/objets/{id}")).await;
    case.holds(
        "the page is shown within 2 s",
        page.status == 200 && began.elapsed().as_secs() < 2,
    );
    case.end(table).await;

    let case = scene.case(
        118,
        "answers to our answers, as two servers would bounce them",
        must,
    );
    let mut case = case.await.rows(SAID).fetches(0);
    let before = scene.look().await.rows["outbox_activities"];
    for n in 0..20_u32 {
        for kind in ["Accept", "Reject", "Undo"] {
            let follow = scene.follow_of(zoe, 0);
            case.say(
                zoe,
                &activity(
                    kind,
                    zoe,
                    11_800 + 10 * n + u32::try_from(kind.len()).unwrap(),
                    activity("Accept", zoe, n, follow),
                ),
            )
            .await;
        }
        scene.hub.deliver_all().await;
    }
    let sent = scene.look().await.rows["outbox_activities"] - before;
    case.holds("at most 3 answers", sent <= 3);
    case.end(table).await;
}

/// D119, D120.
async fn storm(scene: &Scene, table: &mut Table) {
    let case = scene.case(
        120,
        "500 Deletes of actors never seen, with keys that are gone",
        &[(202, ""), (401, "*"), (429, "*"), (403, "*")],
    );
    let mut case = case.await.fetches(if scene.guest() { 0 } else { 120 });
    let key = scene.zoe.key.clone();
    let deliveries: Vec<_> = (0..500_u32)
        .map(|n| {
            let actor = ForeignActor {
                key: key.clone(),
                ..actor_at(scene.evil.uri(&format!("/parti{n}")), 1)
            };
            let said = activity("Delete", &actor, 1, json!(actor.uri.as_str()));
            scene.signed(&actor, &said)
        })
        .collect();
    for delivery in &deliveries {
        case.send(delivery).await;
    }
    case.end(table).await;

    if scene.mode == FederationMode::Open {
        let case = scene.case(
            119,
            "400 servers follow, each with an inbox on a host of its own",
            &[(202, ""), (429, "*")],
        );
        let mut case = case.await.rows(SAID).fetches(310);
        let port = scene
            .evil
            .origin
            .as_str()
            .rsplit(':')
            .next()
            .unwrap()
            .to_owned();
        let mut fetched = 0;
        for n in 0..400_u32 {
            let uri = interkpa_federation::Uri::parse(&format!(
                "http://h{n}.mechant.localhost:{port}/f{n}"
            ))
            .unwrap();
            let actor = actor_at(uri, 1);
            scene.evil.put(&format!("/f{n}"), &actor.document("Person"));
            let answered = case.say(&actor, &scene.follow_of(&actor, 1)).await;
            fetched += u32::from(answered.status == 202);
        }
        case.holds(
            "no more than the budget of one address lets in",
            fetched <= 300,
        );
        case.end(table).await;
    }
}

/// What a stranger names is remembered within bounds, whatever is named (CVE-2026-69132).
async fn bounds(scene: &Scene, table: &mut Table) {
    let mut case = scene
        .case(
            119,
            "50 000 servers, actors, addresses and codes named to each memory of the hub",
            &[],
        )
        .await;
    let app = &scene.hub.app;
    let now = scene.now();
    for n in 0..50_000_u32 {
        let origin = Origin::parse(&format!("https://h{n}.example")).unwrap();
        let uri = interkpa_federation::Uri::parse(&format!("https://h{n}.example/a")).unwrap();
        let minute = Allowance::per_minute(5);
        for purse in [
            Purse::Peer(origin.clone()),
            Purse::Fetch(origin.clone()),
            Purse::Refetch(uri),
        ] {
            let _ = app.fediverse.budgets.spend(&purse, minute, now);
        }
        app.fediverse.heard.is_news(&origin, now);
        app.fediverse
            .refusals
            .count(Some(&origin), "peer_not_allowed");
        app.fediverse.tiers.keep(
            &origin,
            interkpa_federation::Trust::Guest,
            now,
            app.fediverse.tiers.generation(),
        );
        let _ = app.fediverse.keys.parsed(origin.as_str(), 1, "garbage");
        let version = app.caches.lists.version();
        if n % 10 == 0 {
            app.caches
                .lists
                .put(format!("/entraide?q={n}"), version, now, "x".repeat(100));
        }
    }
    case.tried("50 000 names each");
    let rooms = app.fediverse.rooms().into_iter().chain([
        ("failures", app.client.failures()),
        ("lists", app.caches.lists.room()),
    ]);
    let over: Vec<(&str, Room)> = rooms
        .filter(|(_, room)| room.entries > room.entries_max)
        .collect();
    case.holds(&format!("each within its bound {over:?}"), over.is_empty());
    scene.network.clock.advance(Span::minutes(2));
    let honest = scene.follow(&scene.lea, 0).await.status;
    case.holds("A is served afterwards", honest == 202);
    case.end(table).await;
}
