//! What leaves is signed so that our own guard would let it in, and the answer to a delivery is
//! told as it was.

use interkpa_federation::signature::{Claim, KeyKind, Method, Request, SignatureScheme, claim};
use interkpa_federation::{Instant, Origin, Span, Uri};
use interkpa_server::fediverse::client::{
    Answer, Disconnect, NetError, Payload, Purpose, RedirectRefused,
};
use interkpa_server::fediverse::rsa::VerifyingKey;

use super::rig::{Act, Seen, Server, honest, key, loopback, now, redirect, reply_with, signer};

const SCHEMES: [SignatureScheme; 2] = [SignatureScheme::Cavage, SignatureScheme::Rfc9421];

/// Reads a request as the inbox of the server `own` would.
pub(super) fn read(seen: &Seen, own: &Origin, now: Instant) -> Claim {
    let headers: Vec<(&str, &[u8])> = seen
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let request = Request {
        method: if seen.method == "POST" {
            Method::Post
        } else {
            Method::Get
        },
        target: &seen.target,
        headers: &headers,
        body: &seen.body,
        own,
    };
    claim(&request, now).unwrap()
}

fn assert_ours(claim: &Claim) {
    let public = VerifyingKey::from_pem(&key().public_pem().unwrap()).unwrap();
    assert_eq!(claim.key_id, signer().key_id);
    assert_eq!(
        claim.verify_with(KeyKind::Rsa, |text, signature| public
            .verify(text, signature)),
        Ok(())
    );
}

async fn deliver(inbox: &Uri, scheme: SignatureScheme) -> Result<Answer, NetError> {
    let payload = Payload::new(r#"{"type":"Create"}"#);
    loopback().deliver(inbox, &payload, &signer(), scheme).await
}

#[tokio::test]
async fn a_fetch_is_signed_by_the_instance_actor_on_every_hop() {
    let second = Server::start(honest).await;
    let target = second.uri("f", "/a?page=1").to_string();
    let first = Server::start(move |_| redirect(307, &target)).await;

    let asked = first.uri("e", "/a?x=y%20z");
    loopback().document(&asked, Purpose::Object).await.unwrap();

    for (server, name) in [(first, "e"), (second, "f")] {
        let seen = server.seen();
        let own = server.uri(name, "/").origin();
        let claim = read(&seen[0], &own, now());
        assert_eq!(claim.scheme, SignatureScheme::Cavage);
        assert_ours(&claim);
        assert_eq!(
            seen[0].header("user-agent"),
            format!(
                "InterKPA/{} (+http://us.localhost:8401/)",
                env!("CARGO_PKG_VERSION")
            )
        );
    }
}

#[tokio::test]
async fn a_delivery_is_signed_in_the_scheme_asked_for() {
    for scheme in SCHEMES {
        let server = Server::start(|_| Act::Reply(reply_with(202, &[], ""))).await;
        let inbox = server.uri("e", "/inbox");

        let answer = deliver(&inbox, scheme).await.unwrap();

        let seen = &server.seen()[0];
        let claim = read(seen, &inbox.origin(), now());
        assert_eq!((answer.status, claim.scheme), (202, scheme));
        assert_ours(&claim);
        assert_eq!(seen.body, br#"{"type":"Create"}"#);
        assert_eq!(seen.header("content-type"), "application/activity+json");
        assert_eq!(seen.header("host"), inbox.authority());
    }
}

#[tokio::test]
async fn every_status_of_an_inbox_is_told_with_the_wait_it_asks_for() {
    let later = now() + Span::minutes(2);
    let far = "99999999".to_owned();
    let cases = [
        (200, None, None),
        (202, None, None),
        (400, None, None),
        (401, None, None),
        (403, None, None),
        (404, None, None),
        (410, None, None),
        (422, None, None),
        (429, Some("30".to_owned()), Some(Span::seconds(30))),
        (429, Some(later.to_http_date()), Some(Span::minutes(2))),
        (
            429,
            Some((now() - Span::hours(1)).to_http_date()),
            Some(Span::seconds(0)),
        ),
        (503, Some(far), Some(Span::days(1))),
        (503, Some("soon".to_owned()), None),
        (503, Some("-5".to_owned()), None),
    ];
    for (status, retry_after, expected) in cases {
        let header = retry_after.clone();
        let server = Server::start(move |_| {
            let headers: Vec<(&str, &str)> = header
                .iter()
                .map(|value| ("Retry-After", value.as_str()))
                .collect();
            Act::Reply(reply_with(
                status,
                &headers,
                "<html>what the server says</html>",
            ))
        })
        .await;

        let answer = deliver(&server.uri("e", "/inbox"), SignatureScheme::Cavage)
            .await
            .unwrap();

        assert_eq!(
            (answer.status, answer.retry_after),
            (status, expected),
            "{retry_after:?}"
        );
        assert!(answer.body.is_empty());
    }
}

#[tokio::test]
async fn a_delivery_is_never_redirected() {
    let trap = Server::trap().await;
    let target = trap.uri("t", "/inbox").to_string();
    for status in [301, 302, 307, 308] {
        let target = target.clone();
        let server = Server::start(move |_| redirect(status, &target)).await;

        let refused = deliver(&server.uri("e", "/inbox"), SignatureScheme::Cavage).await;

        assert_eq!(refused, Err(NetError::Redirect(RedirectRefused::Delivery)));
    }
    assert_eq!(trap.connections(), 0);
}

#[tokio::test]
async fn a_delivery_that_meets_nobody_or_is_cut_says_which() {
    let cut = Server::start(|_| Act::Close(Vec::new())).await;
    let gone = Server::start(honest).await;
    let nobody = gone.uri("e", "/inbox");
    drop(gone);

    let refused = deliver(&nobody, SignatureScheme::Cavage).await;
    let broken = deliver(&cut.uri("e", "/inbox"), SignatureScheme::Cavage).await;

    assert_eq!(refused, Err(NetError::Connect(Disconnect::Refused)));
    assert_eq!(broken, Err(NetError::Broken));
    for error in [refused, broken] {
        assert!(error.unwrap_err().may_pass());
    }
}

#[tokio::test]
async fn deliveries_to_one_server_share_a_connection() {
    let server = Server::start(|_| Act::Reply(reply_with(202, &[], "thank you"))).await;
    let client = loopback();
    let payload = Payload::new("{}");

    for _ in 0..5 {
        let inbox = server.uri("e", "/inbox");
        client
            .deliver(&inbox, &payload, &signer(), SignatureScheme::Cavage)
            .await
            .unwrap();
    }

    assert_eq!(server.seen().len(), 5);
    assert!(server.connections() < 5, "{}", server.connections());
}
