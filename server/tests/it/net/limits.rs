//! What a slow, endless or sleeping server can cost us (security.md D45–D47), and that nobody else
//! pays for it.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use interkpa_federation::Span;
use interkpa_federation::signature::SignatureScheme;
use interkpa_server::clock::FixedClock;
use interkpa_server::fediverse::address::Reach;
use interkpa_server::fediverse::client::{
    Bounds, Client, ClientSettings, NetError, Payload, Purpose,
};
use interkpa_server::fediverse::resolve::LoopbackLookup;
use tokio::task::JoinSet;

use super::authority::Authority;
use super::rig::{
    AP, Act, Server, StubNames, client, client_at, document, honest, loopback, loopback_with, now,
    redirect, reply, reply_with, settings, signer, uri,
};

/// Deadlines for servers that never answer in full.
fn impatient(reach: Reach) -> ClientSettings {
    within(Duration::from_millis(400), reach)
}

/// Deadlines long enough for what is honest in the same test, on a busy machine.
fn patient(reach: Reach) -> ClientSettings {
    within(Duration::from_secs(3), reach)
}

fn within(longest: Duration, reach: Reach) -> ClientSettings {
    let mut settings = settings(reach);
    settings.connect_max = longest;
    settings.total_max = longest;
    settings
}

async fn get(client: &Client, server: &Server, path: &str) -> Result<(), NetError> {
    let asked = server.uri("e", path);
    client.document(&asked, Purpose::Object).await.map(|_| ())
}

#[tokio::test]
async fn an_answer_that_comes_too_slowly_is_given_up() {
    let server = Server::start(|seen| {
        let head = format!("HTTP/1.1 200 x\r\nContent-Type: {AP}\r\nContent-Length: 9999\r\n\r\n");
        match seen.target.as_str() {
            "/silent" => Act::Stall(Vec::new()),
            "/half-a-head" => Act::Stall(b"HTTP/1.1 200 x\r\nContent-".to_vec()),
            "/half-a-body" => Act::Stall(format!("{head}{{").into_bytes()),
            "/one-byte-at-a-time" => Act::Drip(head.into_bytes(), b" ".to_vec()),
            "/one-header-at-a-time" => Act::Drip(b"HTTP/1.1 200 x\r\n".to_vec(), b"X".to_vec()),
            _ => redirect(302, &format!("{}x", seen.target)),
        }
    })
    .await;
    let client = loopback_with(impatient(Reach::Loopback));

    for path in [
        "/silent",
        "/half-a-head",
        "/half-a-body",
        "/one-byte-at-a-time",
        "/one-header-at-a-time",
    ] {
        assert_eq!(
            get(&client, &server, path).await,
            Err(NetError::TooSlow),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_tls_handshake_that_stalls_is_given_up() {
    let silent = Server::start(|_| Act::Stall(Vec::new())).await;
    let names = StubNames::default();
    names.answer("e.example", &[silent.found()]);
    let client = client(patient(Reach::Internet), Arc::new(names));

    let refused = client
        .document(&uri("https://e.example/x"), Purpose::Object)
        .await;

    assert_eq!(refused.unwrap_err(), NetError::TooSlow);
    assert_eq!(silent.connections(), 1);
}

#[tokio::test]
async fn the_deadline_holds_for_all_redirects_together() {
    let hops = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hops);
    let server = Server::start(move |seen| match counted.fetch_add(1, Ordering::SeqCst) {
        3 => Act::Stall(Vec::new()),
        _ => redirect(302, &format!("{}x", seen.target)),
    })
    .await;
    let client = loopback_with(patient(Reach::Loopback));

    assert_eq!(get(&client, &server, "/x").await, Err(NetError::TooSlow));
    assert_eq!(hops.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn endless_and_countless_headers_are_cut() {
    let server = Server::start(|seen| match seen.target.as_str() {
        "/endless" => Act::Flood(b"HTTP/1.1 200 x\r\n".to_vec(), b"X: y\r\n".to_vec()),
        "/one-long" => Act::Flood(b"HTTP/1.1 200 x\r\nX: ".to_vec(), vec![b'y'; 4_096]),
        _ => {
            let many = vec![("X", "y"); 10_000];
            Act::Reply(reply_with(200, &many, "{}"))
        }
    })
    .await;
    let client = loopback();

    for path in ["/endless", "/one-long", "/ten-thousand"] {
        assert_eq!(
            get(&client, &server, path).await,
            Err(NetError::Broken),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_body_is_cut_at_one_mebibyte() {
    let server = Server::start(|seen| {
        let padding = |length: usize| {
            let id = format!("http://{}{}", seen.header("host"), seen.target);
            let mut body = format!(r#"{{"id":"{id}"}}"#).into_bytes();
            body.resize(length, b' ');
            Act::Reply(reply(200, AP, body))
        };
        match seen.target.as_str() {
            "/just" => padding(1 << 20),
            "/more" => padding((1 << 20) + 1),
            _ => Act::Flood(
                format!(
                    "HTTP/1.1 200 x\r\nContent-Type: {AP}\r\nContent-Length: 2147483648\r\n\r\n"
                )
                .into_bytes(),
                vec![b' '; 1 << 16],
            ),
        }
    })
    .await;
    let client = loopback();

    assert_eq!(get(&client, &server, "/just").await, Ok(()));
    assert_eq!(get(&client, &server, "/more").await, Err(NetError::TooLong));
    assert_eq!(
        get(&client, &server, "/2-gib").await,
        Err(NetError::TooLong)
    );
}

#[tokio::test]
async fn a_compressed_body_is_measured_after_decompression() {
    let gzip = |body: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    };
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 1 << 17);
    let server = Server::start(move |seen| {
        let id = format!("http://{}{}", seen.header("host"), seen.target);
        let (encoding, body) = match seen.target.as_str() {
            "/good" => ("gzip", gzip(format!(r#"{{"id":"{id}"}}"#).as_bytes())),
            "/broken" => ("gzip", b"not compressed".to_vec()),
            "/brotli" => ("br", bomb.clone()),
            _ => ("gzip", bomb.clone()),
        };
        let headers = [("Content-Type", AP), ("Content-Encoding", encoding)];
        Act::Reply(reply_with(200, &headers, body))
    })
    .await;
    let client = loopback();

    assert_eq!(get(&client, &server, "/good").await, Ok(()));
    assert_eq!(get(&client, &server, "/bomb").await, Err(NetError::TooLong));
    assert_eq!(
        get(&client, &server, "/broken").await,
        Err(NetError::Broken)
    );
    assert_eq!(get(&client, &server, "/brotli").await, Err(NetError::Json));
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.header("accept-encoding") == "gzip")
    );
}

#[tokio::test]
async fn a_sleeping_host_holds_ten_requests_and_the_others_are_served() {
    let sleeping = Server::start(|_| Act::Stall(Vec::new())).await;
    let awake = Server::start(honest).await;
    let client = loopback_with(patient(Reach::Loopback));
    let mut asking = JoinSet::new();
    for n in 0..500 {
        let (client, actor) = (client.clone(), sleeping.uri("e", &format!("/users/{n}")));
        asking.spawn(async move { client.document(&actor, Purpose::Actor).await });
    }
    let other = awake.uri("f", "/users/1");

    let mut meanwhile = client.document(&other, Purpose::Actor).await;
    let (mut busy, mut slow) = (0, 0);
    while let Some(asked) = asking.join_next().await {
        match asked.unwrap().unwrap_err() {
            NetError::Busy => busy += 1,
            NetError::TooSlow => slow += 1,
            error => panic!("{error:?}"),
        }
    }
    if meanwhile == Err(NetError::Busy) {
        meanwhile = client.document(&other, Purpose::Actor).await;
    }

    assert_eq!((busy, slow), (490, 10));
    assert_eq!(sleeping.seen().len(), 10);
    assert!(meanwhile.is_ok(), "{meanwhile:?}");
}

#[tokio::test]
async fn fetches_that_strangers_cause_take_no_place_of_deliveries() {
    let sleeping = Server::start(|seen| match seen.method.as_str() {
        "GET" => Act::Stall(Vec::new()),
        _ => Act::Reply(reply(202, "text/plain", "")),
    })
    .await;
    let mut settings = patient(Reach::Loopback);
    settings.bounds = Bounds {
        per_host_max: 1,
        in_all_max: 1,
    };
    let client = loopback_with(settings);
    let (actor, inbox) = (sleeping.uri("e", "/users/1"), sleeping.uri("e", "/inbox"));
    let payload = Payload::new("{}");
    let signer = signer();

    let (fetch, second, delivery) = tokio::join!(
        client.document(&actor, Purpose::Object),
        client.document(&actor, Purpose::Object),
        client.deliver(&inbox, &payload, &signer, SignatureScheme::Cavage)
    );

    assert_eq!(fetch.unwrap_err(), NetError::TooSlow);
    assert_eq!(second.unwrap_err(), NetError::Busy);
    assert_eq!(delivery.unwrap().status, 202);
}

#[tokio::test]
async fn a_failed_actor_is_not_asked_again_before_some_minutes() {
    let server = Server::start(|_| document("https://a.example/users/1")).await;
    let clock = FixedClock::new(now());
    let client = client_at(
        settings(Reach::Loopback),
        Arc::new(LoopbackLookup),
        clock.clone(),
    );
    let actor = server.uri("e", "/users/1");
    let ask = async || client.document(&actor, Purpose::Actor).await.unwrap_err();

    assert_eq!(ask().await, NetError::Id);
    assert_eq!(ask().await, NetError::Remembered);
    clock.advance(Span::minutes(5));
    assert_eq!(ask().await, NetError::Id);
    client.forget_failures(&actor.origin());
    assert_eq!(ask().await, NetError::Id);

    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_slow_server_is_not_asked_for_another_actor_either() {
    let server = Server::start(|_| Act::Stall(Vec::new())).await;
    let client = loopback_with(impatient(Reach::Loopback));
    let ask = async |path| {
        let actor = server.uri("e", path);
        client.document(&actor, Purpose::Key).await.unwrap_err()
    };

    assert_eq!(ask("/users/1").await, NetError::TooSlow);
    assert_eq!(ask("/users/2").await, NetError::Remembered);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn what_a_member_asks_for_is_never_answered_from_memory() {
    let server = Server::start(|_| document("https://a.example/1")).await;
    let client = loopback();

    for _ in 0..2 {
        assert_eq!(get(&client, &server, "/1").await, Err(NetError::Id));
    }
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn one_connection_serves_many_requests_over_tls_too() {
    let authority = Authority::new();
    let server = Server::start_tls(&authority, "e.example", |seen| {
        document(&format!("https://e.example{}", seen.target))
    })
    .await;
    let names = StubNames::default();
    names.answer("e.example", &[server.found()]);
    let client = super::rig::production(&authority, &names);

    for n in 0..5 {
        let asked = uri(&format!("https://e.example/{n}"));
        assert!(client.document(&asked, Purpose::Object).await.is_ok());
    }

    assert_eq!(server.seen().len(), 5);
    assert!(server.connections() < 5, "{}", server.connections());
}
