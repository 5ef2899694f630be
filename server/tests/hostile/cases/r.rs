//! R: parsing and limits (D52–D62).

mod fields;
mod sockets;

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::forge::{activity, note, offer};
use crate::raw;
use crate::scene::{BOTH, Scene};
use crate::table::Table;

/// What a remote offer or remark that is taken in writes.
pub(super) const SAID: &[&str] = &[
    "inbox_activities",
    "proposals",
    "proposal_details",
    "proposal_entries",
    "replies",
    "notifications",
    "jobs",
    "audit_events",
];

pub(crate) async fn run(table: &mut Table) {
    for mode in BOTH {
        let scene = Scene::start(mode).await;
        bytes(&scene, table).await;
        order(&scene, table).await;
        dates(&scene, table).await;
        words(&scene, table).await;
        linked_data(&scene, table).await;
        fields::run(&scene, table).await;
        sockets::run(&scene, table).await;
    }
}

/// D52, D53.
async fn bytes(scene: &Scene, table: &mut Table) {
    let zoe = &scene.zoe;
    let good = scene.follow_of(zoe, 1).to_string();
    let case = scene.case(
        52,
        "truncated, trailing bytes, BOM, UTF-16, invalid UTF-8, lone surrogate, NUL, NaN",
        &[(400, "bad_json")],
    );
    let mut case = case.await;
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let broken: Vec<Vec<u8>> = vec![
        good.as_bytes()[..good.len() - 1].to_vec(),
        good.as_bytes()[..good.len() / 2].to_vec(),
        format!("{good} x").into(),
        format!("{good}{good}").into(),
        format!("\u{feff}{good}").into(),
        utf16,
        [good.as_bytes(), b"\xff"].concat(),
        good.replacen('{', "{\"x\":\"\\ud800\",", 1).into(),
        good.replacen('{', "{\"x\":\"\\u0000\",", 1).into(),
        good.replacen('{', "{\"x\":NaN,", 1).into(),
        good.replacen('{', "{\"x\":1e999,", 1).into(),
        Vec::new(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"\"text\"".to_vec(),
        vec![0; 100],
    ];
    for body in broken {
        case.send(&scene.signed_bytes(zoe, body)).await;
    }
    case.end(table).await;

    let must = &[(400, "bad_json"), (413, "too_large")];
    let case = scene.case(
        53,
        "nesting 100, 10 000, 200 000; 400 000 elements; 60 000 keys; a 3 MiB body; keys twice",
        must,
    );
    let mut case = case.await;
    let nested = |depth: usize| format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let with = |text: &str| good.replacen('{', &format!("{{{text},"), 1);
    let keys: Vec<String> = (0..60_000).map(|n| format!("\"k{n}\":1")).collect();
    let mut bodies = vec![
        nested(100),
        nested(10_000),
        nested(200_000),
        with(&format!("\"x\":[{}]", vec!["1"; 400_000].join(","))),
        with(&keys.join(",")),
        " ".repeat(3 << 20),
        with(&format!("\"{}\":1", "k".repeat(1 << 20))),
    ];
    for key in ["id", "actor", "type", "object"] {
        bodies.push(with(&format!("\"{key}\":\"x\"")));
    }
    let began = tokio::time::Instant::now();
    for body in bodies {
        case.send(&scene.signed_bytes(zoe, body.into_bytes())).await;
    }
    case.holds("all of them within 5 s", began.elapsed().as_secs() < 5);
    case.end(table).await;
}

/// A public offer of a member here; its address and its key.
pub(crate) async fn public_offer(scene: &Scene, title: &str) -> (String, String) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let handle = format!("auteur{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let member = scene.hub.member(&handle).create().await;
    let body = json!({"purpose": "offer", "title": title, "settlements": ["gift"], "visibility": "public"});
    let made = scene
        .hub
        .api(&member, "POST", "/api/v1/proposals", Some(body))
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    (
        made["uri"].as_str().unwrap().to_owned(),
        made["id"].as_str().unwrap().to_owned(),
    )
}

/// D54: an answer before what it answers.
async fn order(scene: &Scene, table: &mut Table) {
    let (zoe, (uri, _)) = (&scene.zoe, public_offer(scene, "Une échelle").await);
    let case = scene.case(
        54,
        "a remark on a remark that is not there yet, then that one",
        &[(202, "")],
    );
    let mut case = case.await.rows(SAID);
    let before = scene.look().await.rows["replies"];
    let first = format!("{}/notes/541", zoe.uri);
    let reply = |id: &str, to: &str| {
        note(
            zoe,
            id,
            json!({"inReplyTo": to, "content": "<p>Est-elle libre ?</p>"}),
        )
    };
    let second = format!("{}/notes/542", zoe.uri);
    case.say(zoe, &activity("Create", zoe, 541, reply(&second, &first)))
        .await;
    case.say(zoe, &activity("Create", zoe, 542, reply(&first, &uri)))
        .await;
    case.say(zoe, &activity("Create", zoe, 543, reply(&second, &first)))
        .await;
    let gained = scene.look().await.rows["replies"] - before;
    case.holds("the genuine ones are taken in normally", gained >= 1);
    case.end(table).await;
}

/// D56: dates of another clock, by a peer that may publish.
async fn dates(scene: &Scene, table: &mut Table) {
    let lea = &scene.lea;
    let must = &[
        (202, ""),
        (400, "date_invalid"),
        (422, "*"),
        (400, "bad_json"),
    ];
    let case = scene.case(
        56,
        "published in −1, 1, 9999, 10000, in 25 h, without zone, leap second; updated before it",
        must,
    );
    let mut case = case.await.rows(SAID);
    let odd = [
        "-0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "10000-01-01T00:00:00Z",
        "2026-11-26T09:00:00Z",
        "2026-11-25T07:00:00",
        "2016-12-31T23:59:60Z",
        "2026-02-30T00:00:00Z",
        "",
    ];
    for (n, date) in odd.into_iter().enumerate() {
        let id = format!("{}/objets/56{n}", lea.uri);
        let number = 560 + u32::try_from(n).unwrap();
        case.say(
            lea,
            &activity(
                "Create",
                lea,
                number,
                offer(lea, &id, json!({"published": date})),
            ),
        )
        .await;
    }
    let id = format!("{}/objets/56x", lea.uri);
    let before = json!({"updated": "2020-01-01T00:00:00Z"});
    case.say(lea, &activity("Create", lea, 580, offer(lea, &id, before)))
        .await;
    let list = scene.hub.page(None, "/entraide").await;
    let feed = scene.hub.page(None, "/entraide.atom").await;
    case.holds(
        "lists and feeds are served",
        (list.status, feed.status) == (200, 200),
    );
    case.holds(
        "nothing of the far future leads the list",
        !feed.text.contains("9999-12") && !list.text.contains("9999"),
    );
    case.end(table).await;
}

/// D57: text that means something to a database.
async fn words(scene: &Scene, table: &mut Table) {
    let lea = &scene.lea;
    let case = scene.case(
        57,
        "quotes, comments, %, _, FTS operators, 64 kB words: published and searched for",
        &[(202, ""), (422, "*"), (400, "*"), (200, "")],
    );
    let mut case = case.await.rows(SAID);
    let long = "é".repeat(32_000);
    let hard = [
        "'; DROP TABLE members; --",
        "\" OR 1=1 /*",
        "100% _a_",
        "\\' \\\\",
        "NEAR( AND OR NOT \"",
        "*:^-(",
        &long,
        "\u{1f}\u{7f}",
        "${jndi:x}",
        "{{7*7}}",
    ];
    for (n, text) in hard.into_iter().enumerate() {
        let id = format!("{}/objets/57{n}", lea.uri);
        let number = 5_700 + u32::try_from(n).unwrap();
        let title: String = text.chars().take(100).collect();
        let object = offer(
            lea,
            &id,
            json!({"name": format!("Mot {title}"), "content": format!("<p>{text}</p>"), "summary": text}),
        );
        case.say(lea, &activity("Create", lea, number, object))
            .await;
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in ["/entraide?q=", "/entraide.atom?q=", "/api/v1/proposals?q="] {
            case.came(raw::get(&scene.hub, &format!("{path}{query}")).await, "");
        }
    }
    let literal = scene.hub.page(None, "/api/v1/proposals?q=DROP").await;
    case.holds(
        "kept as written",
        literal.text.contains("DROP TABLE members"),
    );
    case.end(table).await;
}

/// D59.
async fn linked_data(scene: &Scene, table: &mut Table) {
    let zoe = &scene.zoe;
    let case = scene.case(
        59,
        "@graph, @included, @reverse, @id, foreign contexts, as: names, lists of types",
        &[(202, ""), (400, "*"), (403, "guest_not_allowed")],
    );
    let mut case = case.await.rows(SAID);
    let reply = note(zoe, &format!("{}/notes/59", zoe.uri), json!({}));
    let changes: [Value; 9] = [
        json!({"@graph": [scene.follow_of(&scene.lea, 59)]}),
        json!({"@included": [{"id": scene.lea.uri.as_str(), "type": "Person"}]}),
        json!({"@reverse": {"object": {"id": scene.lea.uri.as_str(), "type": "Delete"}}}),
        json!({"@id": scene.lea.uri.as_str()}),
        json!({"@context": scene.evil.uri("/contexte").as_str()}),
        json!({"@context": {"actor": "urn:unsigned", "as": "http://x.localhost:1/"}}),
        json!({"type": ["Create", "Follow"]}),
        json!({"type": "as:Create"}),
        json!({"to": ["as:Public", "Public"], "ikpa:kind": {"@id": "x"}}),
    ];
    for (n, change) in changes.into_iter().enumerate() {
        let number = 590 + u32::try_from(n).unwrap();
        let said = crate::forge::merged(activity("Create", zoe, number, reply.clone()), change);
        case.say(zoe, &said).await;
    }
    let as_lea = scene.look().await;
    case.holds(
        "no context is fetched",
        !scene
            .evil
            .asked()
            .iter()
            .any(|asked| asked.target == "/contexte"),
    );
    case.holds(
        "nothing is believed of A",
        as_lea.rows["remote_actors"] == scene.look().await.rows["remote_actors"],
    );
    case.end(table).await;
}
