//! Where the client connects, and where it never does (security.md D39–D41).

use std::net::SocketAddr;
use std::sync::Arc;

use interkpa_federation::signature::SignatureScheme;
use interkpa_server::fediverse::address::{Reach, UriRefused};
use interkpa_server::fediverse::client::{
    Client, Disconnect, NetError, Payload, Purpose, RedirectRefused, Request,
};
use interkpa_server::fediverse::resolve::{Found, ResolveError};
use interkpa_server::testing::addresses::NOT_PUBLIC;

use super::authority::Authority;
use super::rig::{
    AP, Act, Server, StubNames, client, document, honest, loopback, loopback_with, production,
    redirect, reply_with, settings, signer, uri,
};

async fn ask(client: &Client, purpose: Purpose, address: &str) -> Result<u16, NetError> {
    let payload = Payload::new("{}");
    client
        .exchange(Request {
            uri: &uri(address),
            purpose,
            payload: (purpose == Purpose::Delivery).then_some(&payload),
            signer: &signer(),
            scheme: SignatureScheme::Cavage,
        })
        .await
        .map(|answer| answer.status)
}

#[tokio::test]
async fn no_kind_of_request_ever_connects_to_an_address_that_is_not_public() {
    let trap = Server::trap().await;
    for ip in NOT_PUBLIC {
        let names = StubNames::default();
        names.answer(
            "e.example",
            &[Found {
                address: ip.parse().unwrap(),
                connect: SocketAddr::from(([127, 0, 0, 1], trap.port)),
            }],
        );
        let client = client(settings(Reach::Internet), Arc::new(names));

        for purpose in Purpose::ALL {
            let refusal = ask(&client, purpose, "https://e.example/x").await;
            assert!(
                matches!(refusal, Err(NetError::Resolve(ResolveError::NotPublic(_)))),
                "{ip} for {purpose:?}: {refusal:?}"
            );
        }
    }

    assert_eq!(trap.connections(), 0);
}

#[tokio::test]
async fn the_trap_would_be_reached_if_the_address_were_public() {
    let trap = Server::trap().await;
    let names = StubNames::default();
    names.answer("e.example", &[trap.found()]);
    let client = client(settings(Reach::Internet), Arc::new(names));

    let answer = ask(&client, Purpose::Object, "https://e.example/x").await;

    assert!(matches!(answer, Err(NetError::Connect(_))), "{answer:?}");
    assert_eq!(trap.connections(), 1);
}

#[tokio::test]
async fn a_name_with_one_bad_address_or_a_second_answer_that_is_bad_is_refused() {
    let authority = Authority::new();
    let server = Server::start_tls(&authority, "e.example", |_| {
        Act::Close(reply_with(
            200,
            &[("Content-Type", AP), ("Connection", "close")],
            r#"{"id":"https://e.example/x"}"#,
        ))
    })
    .await;
    let trap = Server::trap().await;
    let to_trap = Found::plain(SocketAddr::from(([127, 0, 0, 1], trap.port)));
    let names = StubNames::default();
    names
        .answer("e.example", &[server.found()])
        .answer("e.example", &[to_trap])
        .answer("mixed.example", &[server.found(), to_trap]);
    let client = production(&authority, &names);

    let first = client
        .document(&uri("https://e.example/x"), Purpose::Object)
        .await;
    let second = client
        .document(&uri("https://e.example/x"), Purpose::Object)
        .await;
    let mixed = client
        .document(&uri("https://mixed.example/x"), Purpose::Object)
        .await;

    assert!(first.is_ok(), "{first:?}");
    for refused in [second, mixed] {
        assert!(
            matches!(refused, Err(NetError::Resolve(ResolveError::NotPublic(_)))),
            "{refused:?}"
        );
    }
    assert_eq!((server.connections(), trap.connections()), (1, 0));
}

#[tokio::test]
async fn a_redirect_leads_nowhere_that_a_first_request_may_not_go() {
    let authority = Authority::new();
    let trap = Server::trap().await;
    let names = StubNames::default();
    names.answer(
        "inside.example",
        &[Found::plain(SocketAddr::from(([127, 0, 0, 1], trap.port)))],
    );
    let targets: Vec<String> = vec![
        "https://inside.example/".to_owned(),
        "//inside.example/".to_owned(),
        format!("http://127.0.0.1:{}/", trap.port),
        format!("https://127.0.0.1:{}/", trap.port),
        format!("https://a.localhost:{}/", trap.port),
        format!("https://2130706433:{}/", trap.port),
        format!("https://[::1]:{}/", trap.port),
        "https://us.example/hub".to_owned(),
        "http://public.example/".to_owned(),
        "https://public.example:8443/".to_owned(),
        "https://user@public.example/".to_owned(),
        "https://public.example./".to_owned(),
        "file:///etc/passwd".to_owned(),
        "data:application/activity+json,{}".to_owned(),
        "ftp://public.example/".to_owned(),
        "gopher://public.example/".to_owned(),
        "javascript:1".to_owned(),
        String::new(),
    ];
    let count = targets.len();
    let server = Server::start_tls(&authority, "e.example", move |seen| {
        let (status, at) = seen.target[1..].split_once('/').unwrap();
        redirect(
            status.parse().unwrap(),
            &targets[at.parse::<usize>().unwrap()],
        )
    })
    .await;
    names.answer("e.example", &[server.found()]);
    let client = production(&authority, &names);

    for status in [301, 302, 303, 307, 308] {
        for at in 0..count {
            let asked = format!("https://e.example/{status}/{at}");
            let refused = client.document(&uri(&asked), Purpose::Object).await;

            assert!(
                matches!(
                    refused,
                    Err(NetError::Redirect(_)
                        | NetError::Uri(_)
                        | NetError::Own
                        | NetError::Resolve(ResolveError::NotPublic(_)))
                ),
                "{asked}: {refused:?}"
            );
        }
    }

    assert_eq!(server.seen().len(), 5 * count);
    assert_eq!(trap.connections(), 0);
}

#[tokio::test]
async fn only_a_redirect_status_redirects() {
    let trap = Server::trap().await;
    let target = format!("http://trap.localhost:{}/", trap.port);
    let server = Server::start(move |seen| match seen.target.as_str() {
        "/location" => Act::Reply(reply_with(
            200,
            &[("Content-Type", AP), ("Location", &target)],
            "{}",
        )),
        "/created" => redirect(201, &target),
        "/refresh" => Act::Reply(reply_with(
            200,
            &[("Content-Type", "text/html"), ("Refresh", "0; url=/")],
            format!(r#"<meta http-equiv="refresh" content="0; url={target}">"#),
        )),
        _ => Act::Reply(reply_with(
            302,
            &[("Location", &target), ("Location", "/other")],
            "",
        )),
    })
    .await;
    let client = loopback();
    let get = async |path| {
        let asked = server.uri("e", path);
        client.document(&asked, Purpose::Object).await.unwrap_err()
    };

    assert_eq!(get("/location").await, NetError::Id);
    assert_eq!(get("/created").await, NetError::Status(201));
    assert_eq!(get("/refresh").await, NetError::ContentType);
    assert_eq!(
        get("/two").await,
        NetError::Redirect(RedirectRefused::Target)
    );
    assert_eq!(trap.connections(), 0);
}

#[tokio::test]
async fn the_production_profile_asks_only_https_on_the_standard_port() {
    let names = StubNames::default();
    let trap = Server::trap().await;
    for name in ["e.example", "a.localhost"] {
        names.answer(name, &[trap.found()]);
    }
    let client = client(settings(Reach::Internet), Arc::new(names));

    for (address, refusal) in [
        ("http://e.example/x", UriRefused::Scheme),
        ("https://e.example:8443/x", UriRefused::Port),
        ("https://a.localhost/x", UriRefused::Name),
        ("https://intranet/x", UriRefused::Name),
    ] {
        for purpose in Purpose::ALL {
            let refused = ask(&client, purpose, address).await;
            assert_eq!(refused, Err(NetError::Uri(refusal)), "{address}");
        }
    }
    assert_eq!(trap.connections(), 0);
}

#[tokio::test]
async fn the_loopback_profile_asks_nothing_outside_this_machine() {
    let client = loopback();

    for address in [
        "http://e.example/",
        "https://interkpa.invalid/",
        "http://localhost:1/",
    ] {
        let refused = ask(&client, Purpose::Object, address).await;
        assert_eq!(refused, Err(NetError::Uri(UriRefused::Name)), "{address}");
    }
}

#[tokio::test]
async fn a_hub_never_asks_itself() {
    let ours = ask(&loopback(), Purpose::Actor, "http://us.localhost:8401/hub").await;
    let neighbour = ask(&loopback(), Purpose::Actor, "http://us.localhost:1/hub").await;

    assert_eq!(ours, Err(NetError::Own));
    assert_eq!(neighbour, Err(NetError::Connect(Disconnect::Refused)));
}

#[tokio::test]
async fn only_a_look_from_outside_reaches_the_own_hub() {
    let server = Server::start(honest).await;
    let mut settings = settings(Reach::Loopback);
    settings.own = server.uri("us", "/").origin();
    let client = loopback_with(settings);
    let hub = server.uri("us", "/hub").to_string();

    let inside = ask(&client, Purpose::Object, &hub).await;
    let outside = ask(&client.outside(), Purpose::Object, &hub).await;

    assert_eq!((inside, outside), (Err(NetError::Own), Ok(200)));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_or_not_of_that_name_is_refused() {
    let authority = Authority::new();
    let server =
        Server::start_tls(&authority, "e.example", |_| document("https://e.example/x")).await;
    let names = StubNames::default();
    names
        .answer("e.example", &[server.found()])
        .answer("other.example", &[server.found()]);
    let believing = production(&authority, &names);
    let stranger = client(settings(Reach::Internet), Arc::new(names));

    let good = ask(&believing, Purpose::Object, "https://e.example/x").await;
    let other_name = ask(&believing, Purpose::Object, "https://other.example/x").await;
    let unknown = ask(&stranger, Purpose::Object, "https://e.example/x").await;

    assert_eq!(good, Ok(200));
    assert_eq!(other_name, Err(NetError::Connect(Disconnect::Tls)));
    assert_eq!(unknown, Err(NetError::Connect(Disconnect::Tls)));
}

#[tokio::test]
async fn a_name_without_address_says_so() {
    let client = client(settings(Reach::Internet), Arc::new(StubNames::default()));

    let refused = ask(&client, Purpose::Object, "https://nowhere.example/").await;

    assert_eq!(refused, Err(NetError::Resolve(ResolveError::NoAddress)));
    assert!(refused.unwrap_err().may_pass());
}
