//! Below HTTP: lengths that lie, bodies that never end, heads that never end (D60); methods and types
//! (D61).

use std::time::Duration;

use interkpa_server::http::listener::Patience;
use interkpa_server::testing::caller::Caller;
use interkpa_server::testing::network::TestHub;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::raw::{self, inbox_head};
use crate::scene::Scene;
use crate::table::Table;

pub(super) async fn run(scene: &Scene, table: &mut Table) {
    lengths(scene, table).await;
    slow(scene, table).await;
    crowd(scene, table).await;
    methods(scene, table).await;
}

async fn lengths(scene: &Scene, table: &mut Table) {
    let hub = &scene.hub;
    let must = "400, 401, 408, 413, 415, 431 or cut";
    let case = scene.case(60, "Content-Length twice, negative, with chunks, too small; bad chunks; 1 MiB of head; smuggling", &[]);
    let mut case = case.await;
    let chunks = |bytes: &[u8]| {
        [
            inbox_head(hub, "Transfer-Encoding: chunked\r\n"),
            bytes.to_vec(),
        ]
        .concat()
    };
    let requests: Vec<Vec<u8>> = vec![
        inbox_head(hub, "Content-Length: 1\r\nContent-Length: 2\r\n"),
        inbox_head(hub, "Content-Length: -1\r\n"),
        inbox_head(hub, "Content-Length: 99999999999999999999\r\n"),
        [
            inbox_head(hub, "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
            b"0\r\n\r\nGET /administration HTTP/1.1\r\n\r\n".to_vec(),
        ]
        .concat(),
        inbox_head(hub, "Transfer-Encoding: gzip, x\r\n"),
        chunks(b"zz\r\nabc\r\n"),
        chunks(b"ffffffffffffffffff\r\nabc\r\n"),
        inbox_head(hub, &format!("X: {}\r\n", "y".repeat(1 << 20))),
        inbox_head(hub, &"X: y\r\n".repeat(10_000)),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc".repeat(20),
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nBad Header: x\r\n\r\n".to_vec(),
    ];
    let mut fine = true;
    for request in requests {
        let status = raw::send(hub, &[&request]).await;
        fine &= status == 0 || (400..500).contains(&status) || status == 200;
        case.came(status, if status == 0 { "cut" } else { "" });
    }
    case.holds(must, fine);
    let began = Instant::now();
    let chunk = [b"10000\r\n".to_vec(), vec![b' '; 1 << 16], b"\r\n".to_vec()].concat();
    let parts: Vec<&[u8]> = std::iter::repeat_n(chunk.as_slice(), 64).collect();
    let head = inbox_head(hub, "Transfer-Encoding: chunked\r\nSignature: x\r\n");
    let status = raw::send(hub, &[&[head.as_slice()], parts.as_slice()].concat()).await;
    case.came(status, "chunks without end");
    case.holds(
        "chunks without end are 413 at 1 MiB",
        matches!(status, 413 | 0) && began.elapsed().as_secs() < 20,
    );
    case.end(table).await;
}

/// A hub that waits less, so that the test does.
async fn impatient(scene: &Scene) -> TestHub {
    let patience = Patience {
        connections_max: 8,
        head_max: Duration::from_millis(400),
        answer_max: Duration::from_millis(800),
        idle_max: Duration::from_millis(1_200),
    };
    scene
        .network
        .build("presse")
        .patience(patience)
        .start()
        .await
}

async fn slow(scene: &Scene, table: &mut Table) {
    let hub = impatient(scene).await;
    let mut case = scene
        .case(
            60,
            "half a head, a head byte by byte, Expect and silence, half a body, nothing at all",
            &[],
        )
        .await;
    let began = Instant::now();
    let half = inbox_head(&hub, "Content-Length: 1000\r\nSignature: x\r\n");
    let (start, _) = half.split_at(half.len() / 2);
    let expect = inbox_head(
        &hub,
        "Content-Length: 1000\r\nExpect: 100-continue\r\nSignature: x\r\n",
    );
    let body = [half.as_slice(), b"{"].concat();
    let (half_head, awaited, half_body) = ([start], [expect.as_slice()], [body.as_slice()]);
    let silences = tokio::join!(
        raw::send(&hub, &half_head),
        byte_by_byte(&hub, &half),
        raw::send(&hub, &awaited),
        raw::send(&hub, &half_body),
        raw::send(&hub, &[]),
    );
    for status in [silences.0, silences.1, silences.2, silences.3, silences.4] {
        case.came(status, if status == 0 { "cut" } else { "" });
        case.holds(
            "cut or refused, nothing waits for ever",
            matches!(status, 0 | 100 | 400..500),
        );
    }
    case.holds("in time", began.elapsed().as_secs() < 20);
    let answered = Caller::new()
        .send("GET", &hub.uri("/connexion"), &[], None)
        .await;
    case.holds("others are served", answered.status == 200);
    case.end(table).await;
}

/// Sends a head one byte at a time until the hub has had enough.
async fn byte_by_byte(hub: &TestHub, bytes: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(hub.socket()).await.unwrap();
    let mut pace = tokio::time::interval(Duration::from_millis(50));
    for byte in bytes {
        pace.tick().await;
        if stream.write_all(&[*byte]).await.is_err() {
            return 0;
        }
    }
    raw::answer(&mut stream).await
}

async fn crowd(scene: &Scene, table: &mut Table) {
    let hub = impatient(scene).await;
    let mut case = scene
        .case(
            60,
            "40 connections that say nothing on a hub with 8 places",
            &[],
        )
        .await;
    let mut crowd = Vec::new();
    for _ in 0..40 {
        crowd.push(TcpStream::connect(hub.socket()).await.unwrap());
        case.tried("connected");
    }
    let answered = Caller::new()
        .send("GET", &hub.uri("/connexion"), &[], None)
        .await;
    case.holds("a reader is served all the same", answered.status == 200);
    drop(crowd);
    case.end(table).await;
}

/// D61.
async fn methods(scene: &Scene, table: &mut Table) {
    let must = &[(405, "*"), (415, "content_type"), (400, "*"), (404, "*")];
    let mut case = scene
        .case(
            61,
            "TRACE, PUT, PATCH, DELETE, GET, OPTIONS, CONNECT on the inbox; other types of content",
            must,
        )
        .await;
    for method in ["TRACE", "PUT", "PATCH", "DELETE", "GET", "OPTIONS", "BREW"] {
        case.answered(&Caller::new().send(method, &scene.inbox(), &[], None).await);
    }
    for kind in [
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=x",
        "application/activity+json2",
        "\u{e9}",
        "",
    ] {
        let delivery = scene.signed(&scene.zoe, &scene.follow_of(&scene.zoe, 1));
        case.send(&delivery.with("content-type", Some(kind))).await;
    }
    case.end(table).await;
}
