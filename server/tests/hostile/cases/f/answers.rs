//! What other servers answer when they are asked for an actor (D43–D47, D50, D51).

use std::io::Write as _;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use interkpa_federation::Span;
use interkpa_server::config::FederationMode;
use interkpa_server::testing::foreign::ForeignActor;
use serde_json::json;
use tokio::task::JoinSet;

use crate::scene::{Scene, actor_at};
use crate::script::{Act, Script, document, reply};
use crate::table::Table;

const NOBODYS: &[(u16, &str)] = &[(401, "key_not_of_actor")];
const AP: &str = "application/activity+json";
/// What one Follow of somebody new writes.
const TAKEN: &[&str] = &[
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
];

pub(super) async fn run(table: &mut Table) {
    let scene = Scene::start(FederationMode::Open).await;
    types(&scene, table).await;
    chains(&scene, table).await;
    sizes(&scene, table).await;
    slow(&scene, table).await;
    refreshed(&scene, table).await;
}

/// D43.
async fn types(scene: &Scene, table: &mut Table) {
    let mut case = scene
        .case(
            43,
            "a valid actor as HTML, text, picture, octets, JSON-LD of nothing, untyped",
            NOBODYS,
        )
        .await
        .fetches(9);
    let put = |n: usize, kind: &str| {
        let path = format!("/type{n}");
        let actor = actor_at(scene.evil.uri(&path), 1);
        scene
            .evil
            .put_raw(&path, 200, kind, &actor.document("Person").to_string());
        actor
    };
    for (n, kind) in [
        "text/html",
        "text/plain",
        "image/png",
        "application/octet-stream",
        "application/json",
        "application/ld+json",
        "x/activity+json",
        "",
    ]
    .into_iter()
    .enumerate()
    {
        let actor = put(n, kind);
        case.say(&actor, &scene.follow_of(&actor, 1)).await;
    }
    case.end(table).await;
    let mut case = scene
        .case(43, "the same under each accepted type", &[(202, "")])
        .await
        .fetches(4)
        .rows(TAKEN);
    let profile = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
    for (n, kind) in [AP, "application/activity+json; charset=utf-8", profile]
        .into_iter()
        .enumerate()
    {
        let actor = put(100 + n, kind);
        case.say(&actor, &scene.follow_of(&actor, 1)).await;
    }
    case.end(table).await;
}

/// D44, D50: redirects and ids that lead on and on.
async fn chains(scene: &Scene, table: &mut Table) {
    let server = Script::start(|host, target| {
        let number = |prefix: &str| target.strip_prefix(prefix).and_then(|n| n.parse::<u32>().ok());
        if target == "/boucle" {
            return reply(302, &[("Location", "/boucle")], b"");
        }
        if let Some(n) = number("/saut/") {
            return reply(302, &[("Location", &format!("/saut/{}", n + 1))], b"");
        }
        if let Some(n) = number("/nom/") {
            let next = json!({"id": format!("http://{host}/nom/{}", n + 1), "type": "Person"});
            return document(&next.to_string());
        }
        // Another host redirected to serves a document of the first one.
        if target == "/ailleurs" {
            let other = host.replace("e.localhost", "f.localhost");
            return reply(302, &[("Location", &format!("http://{other}/ici"))], b"");
        }
        let thief = json!({"id": format!("http://{}/ailleurs", host.replace("f.localhost", "e.localhost")), "type": "Person"});
        document(&thief.to_string())
    })
    .await;
    let mut case = scene
        .case(
            44,
            "a redirect loop, 50 hops, a relative Location, another host with the first id",
            NOBODYS,
        )
        .await;
    for path in ["/boucle", "/saut/1", "/ailleurs"] {
        let before = server.asked().len();
        let actor = actor_at(server.uri("e", path), 1);
        case.say(&actor, &scene.follow_of(&actor, 1)).await;
        case.holds(
            "at most 4 requests each",
            server.asked().len() - before <= 4,
        );
    }
    case.end(table).await;

    let mut case = scene
        .case(
            50,
            "an id that is another address of the same host, 30 deep",
            NOBODYS,
        )
        .await;
    let before = server.asked().len();
    let actor = actor_at(server.uri("e", "/nom/1"), 1);
    case.say(&actor, &scene.follow_of(&actor, 1)).await;
    case.holds("asked at most twice", server.asked().len() - before <= 2);
    case.end(table).await;
}

/// D46.
async fn sizes(scene: &Scene, table: &mut Table) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..256 {
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let server = Script::start(move |_, target| match target {
        "/deux-gio" => Act::Flood(
            format!("HTTP/1.1 200 x\r\nContent-Type: {AP}\r\nContent-Length: 2147483648\r\n\r\n")
                .into_bytes(),
            vec![b' '; 1 << 16],
        ),
        "/morceaux" => Act::Flood(
            format!("HTTP/1.1 200 x\r\nContent-Type: {AP}\r\nTransfer-Encoding: chunked\r\n\r\n")
                .into_bytes(),
            [b"10000\r\n".to_vec(), vec![b' '; 1 << 16], b"\r\n".to_vec()].concat(),
        ),
        "/gzip" => reply(
            200,
            &[("Content-Type", AP), ("Content-Encoding", "gzip")],
            &bomb,
        ),
        "/brotli" => reply(
            200,
            &[("Content-Type", AP), ("Content-Encoding", "br")],
            &bomb,
        ),
        _ => Act::Flood(b"HTTP/1.1 200 x\r\n".to_vec(), b"X: y\r\n".repeat(100)),
    })
    .await;
    let mut case = scene
        .case(
            46,
            "an answer of 2 GiB, endless chunks and headers, gzip 256 MiB, brotli",
            NOBODYS,
        )
        .await;
    let before = resident_mib();
    for path in ["/deux-gio", "/morceaux", "/gzip", "/brotli", "/en-tetes"] {
        let actor = actor_at(server.uri("g", path), 1);
        case.say(&actor, &scene.follow_of(&actor, 1)).await;
    }
    case.holds(
        "memory grows by less than 64 MiB",
        resident_mib() < before + 64,
    );
    case.end(table).await;
}

/// D45, D47: servers that sleep, named 60 times at once.
async fn slow(scene: &Scene, table: &mut Table) {
    let asleep = Arc::new(
        Script::start(|_, target| match target.len() % 3 {
            0 => Act::Stall(Vec::new()),
            1 => Act::Stall(b"HTTP/1.1 200 x\r\nContent-".to_vec()),
            _ => Act::Stall(
                format!("HTTP/1.1 200 x\r\nContent-Type: {AP}\r\nContent-Length: 99\r\n\r\n{{")
                    .into_bytes(),
            ),
        })
        .await,
    );
    let must = &[(401, "key_not_of_actor"), (429, "too_many_requests")];
    let mut case = scene
        .case(
            45,
            "60 POSTs at once, each naming a new actor of a sleeping server",
            must,
        )
        .await;
    let began = tokio::time::Instant::now();
    let mut posting = JoinSet::new();
    for n in 0..60 {
        let actor = actor_at(
            asleep.uri("dort", &format!("/a{}", "x".repeat(n % 7 + n / 7))),
            1,
        );
        let actor = ForeignActor {
            key_id: actor.key_id.clone(),
            ..actor
        };
        let delivery = scene.signed(&actor, &scene.follow_of(&actor, u32::try_from(n).unwrap()));
        posting.spawn(async move { delivery.send().await });
    }
    let answers = posting.join_all().await;
    let took = began.elapsed();
    for answered in &answers {
        case.answered(answered);
    }
    case.holds(
        "at most 10 connections, the others told to wait",
        asleep.connections() <= 10,
    );
    let actor = actor_at(asleep.uri("dort", "/encore"), 1);
    let before = asleep.connections();
    scene
        .signed(&actor, &scene.follow_of(&actor, 99))
        .send()
        .await;
    case.holds(
        "a sleeping server is then left alone",
        asleep.connections() == before,
    );
    case.end(table).await;

    let mut case = scene
        .case(
            47,
            "no head, half a head, half a body, and nothing more",
            &[],
        )
        .await;
    case.tried(&format!("given up after {} s", took.as_secs()));
    case.holds("given up within 10 s", took.as_secs() <= 14);
    let honest = scene.follow(&scene.lea, 0).await.status;
    case.holds("others are served", honest == 202);
    case.end(table).await;
}

/// D51: a known actor whose server answers otherwise later.
async fn refreshed(scene: &Scene, table: &mut Table) {
    let must = &[(401, "*")];
    let mut case = scene
        .case(
            51,
            "410, 404, 403, 500, a login page in place of a known actor",
            must,
        )
        .await
        .fetches(6);
    let actor = crate::scene::actor_of(&scene.evil, "connue", 4);
    case.holds("known before", scene.follow(&actor, 0).await.status == 202);
    let forged = ForeignActor {
        key: scene.zoe.key.clone(),
        ..actor.clone()
    };
    for (n, status) in [404, 403, 500, 200, 410].into_iter().enumerate() {
        scene.network.clock.advance(Span::seconds(61));
        scene
            .evil
            .put_raw("/connue", status, "text/html", "<html>Sign in</html>");
        // A signature that does not hold makes the hub look for a new key.
        case.say(
            &forged,
            &scene.follow_of(&actor, 10 + u32::try_from(n).unwrap()),
        )
        .await;
        if status != 410 {
            let kept = scene.follow(&actor, 0).await.status;
            case.holds("the old copy is kept", kept == 202);
        }
    }
    case.rows(TAKEN).end(table).await;
}

/// Memory of this program, hub and peer together.
fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib / 1_024
}
