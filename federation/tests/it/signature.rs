//! The guard: every row of federation.md 1.4 and security.md 3.1, 8.2 (D1–D10, D13, D19), each one
//! change away from a genuine request, for both schemes.

use base64::engine::general_purpose::STANDARD;
use interkpa_federation::multikey::SecretKey;
use interkpa_federation::signature::{
    self, Binding, BodyDigest, KeyDocument, KeyKind, Method, OutgoingRequest, Request,
    SignatureError, SignatureScheme,
};
use interkpa_federation::{Instant, Origin, Span, Uri};
use proptest::prelude::*;

use crate::mutations::Mutations;

mod cavage;
mod rfc9421;

const OWN: &str = "http://bobinette.localhost:8401";
const HOST: &str = "bobinette.localhost:8401";
const ACTOR: &str = "http://criee.localhost:8403/hub";
const KEY_ID: &str = "http://criee.localhost:8403/hub#main-key";
const BODY: &[u8] = b"{\"type\":\"Create\"}";
/// 2026-11-25T08:00:00Z.
const NOW: i64 = 1_795_593_600;

fn now() -> Instant {
    Instant::from_seconds(NOW)
}

fn http_date(offset: Span) -> String {
    (now() + offset).to_http_date()
}

fn key() -> SecretKey {
    SecretKey::from_seed(&[3; 32])
}

/// A request on the wire.
#[derive(Clone)]
struct Sent {
    method: Method,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Sent {
    fn add(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    fn add_first(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(0, (name.into(), value.into()));
        self
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        for (known, old) in &mut self.headers {
            if known == name {
                *old = value.into();
            }
        }
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    fn claim(&self) -> Result<signature::Claim, SignatureError> {
        let headers: Vec<(&str, &[u8])> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
            .collect();
        let own = Origin::parse(OWN).unwrap();
        let request = Request {
            method: self.method,
            target: &self.target,
            headers: &headers,
            body: &self.body,
            own: &own,
        };
        signature::claim(&request, now())
    }

    /// As the inbox does: the claim, the key that the actor lists, the signature.
    fn judge(&self) -> Result<(), SignatureError> {
        let claim = self.claim()?;
        signature::key_may_speak_for(&claim.key_id, &Uri::parse(ACTOR).unwrap())?;
        if claim.key_id.as_str() != KEY_ID {
            return Err(SignatureError::KeyNotOfActor);
        }
        claim.verify_ed25519(&key().public())
    }

    fn code(&self) -> &'static str {
        self.judge().map_or_else(|error| error.code(), |()| "ok")
    }
}

fn digest(body: &[u8]) -> String {
    signature::digest_header(BodyDigest::of(body))
}

fn content_digest(body: &[u8]) -> String {
    signature::content_digest_header(BodyDigest::of(body))
}

/// Genuine deliveries of both schemes.
fn deliveries() -> [Sent; 2] {
    [
        cavage::Signed::delivery().send(),
        rfc9421::Signed::delivery().send(),
    ]
}

#[test]
fn genuine_requests_of_both_schemes_and_methods_pass() {
    for sent in deliveries() {
        assert_eq!(sent.code(), "ok");
    }
    assert_eq!(cavage::Signed::read().send().code(), "ok");
    assert_eq!(rfc9421::Signed::read().send().code(), "ok");
}

#[test]
fn d1_a_request_without_signature_is_refused() {
    for sent in deliveries() {
        assert_eq!(sent.without("signature").code(), "sig_missing");
    }
}

#[test]
fn d2_a_body_changed_by_one_byte_is_refused() {
    for mut sent in deliveries() {
        sent.body[3] ^= 1;

        assert_eq!(sent.code(), "digest_mismatch");
    }
}

#[test]
fn a_body_replaced_together_with_its_digest_breaks_the_signature() {
    for mut sent in deliveries() {
        sent.body = b"{}".to_vec();
        let sent = sent
            .set("digest", &digest(b"{}"))
            .set("content-digest", &content_digest(b"{}"));

        assert_eq!(sent.code(), "sig_invalid");
    }
}

#[test]
fn d3_two_digests_are_refused_in_either_order() {
    let [cavage, rfc9421] = deliveries();
    for sent in [
        cavage.clone().add("digest", &digest(b"{}")),
        cavage.add_first("digest", &digest(b"{}")),
        rfc9421
            .clone()
            .add("content-digest", &content_digest(b"{}")),
        rfc9421.add_first("content-digest", &content_digest(b"{}")),
    ] {
        assert_eq!(sent.code(), "header_repeated");
    }
}

#[test]
fn every_header_the_guard_reads_must_be_single() {
    for sent in deliveries() {
        for name in [
            "host",
            "date",
            "digest",
            "content-digest",
            "signature",
            "signature-input",
        ] {
            let doubled = sent.clone().without(name).add(name, "a").add(name, "a");
            assert_eq!(doubled.code(), "header_repeated", "{name}");
        }
        assert_eq!(sent.add(":authority", HOST).code(), "header_repeated");
    }
}

#[test]
fn a_repeated_header_is_refused_when_it_is_covered_and_ignored_when_not() {
    let sent = cavage::Signed::delivery().send();
    assert_eq!(sent.add("accept", "a").add("accept", "b").code(), "ok");

    let mut covering = cavage::Signed::delivery();
    covering.covered.push("accept");
    covering.more.push(("accept", "a"));
    let sent = covering.send();
    assert_eq!(sent.code(), "ok");
    assert_eq!(sent.add("accept", "a").code(), "header_repeated");
}

#[test]
fn the_authority_of_http_2_stands_for_the_host() {
    for sent in deliveries() {
        assert_eq!(sent.without("host").add(":authority", HOST).code(), "ok");
    }
}

#[test]
fn d6_a_delivery_signed_for_another_host_is_refused_under_both_names() {
    let mut cavage = cavage::Signed::delivery();
    cavage.host = "lavedouce.localhost:8405";
    let mut rfc9421 = rfc9421::Signed::delivery();
    rfc9421.host = "lavedouce.localhost:8405";

    for sent in [cavage.send(), rfc9421.send()] {
        assert_eq!(sent.code(), "host_mismatch");
        assert_eq!(sent.set("host", HOST).code(), "sig_invalid");
    }
}

#[test]
fn hosts_that_are_not_ours_are_refused() {
    for host in [
        "",
        "bobinette.localhost",
        "bobinette.localhost:8402",
        "bobinette.localhost.:8401",
        "x@bobinette.localhost:8401",
        "bobinette.localhost:8401/x",
        "bobinette.localhost:8401?x",
        "bobinette.localhost:8401, evil.example",
        "bobinette%2elocalhost:8401",
        "[::1]:8401",
    ] {
        for sent in deliveries() {
            assert_eq!(sent.set("host", host).code(), "host_mismatch", "{host}");
        }
    }
    for sent in deliveries() {
        assert_eq!(sent.without("host").code(), "host_mismatch");
    }
}

#[test]
fn d7_a_delivery_for_another_path_is_refused() {
    for mut sent in deliveries() {
        sent.target = "/members/1/inbox".to_owned();

        assert_eq!(sent.code(), "sig_invalid");
    }
}

#[test]
fn a_changed_query_or_method_is_refused() {
    for sent in deliveries() {
        let mut query = sent.clone();
        query.target.push_str("?admin=1");
        assert_eq!(query.code(), "sig_invalid");

        let mut method = sent;
        method.method = Method::Get;
        assert_eq!(method.code(), "sig_invalid");
    }
}

#[test]
fn a_target_that_is_no_path_is_refused() {
    for mut sent in deliveries() {
        for target in [
            "",
            "inbox",
            "*",
            "http://evil.example/",
            "/in box",
            "/in\nbox",
            "/é",
            "/a#b",
        ] {
            sent.target = target.to_owned();

            assert_eq!(sent.code(), "sig_malformed", "{target}");
        }
    }
}

#[test]
fn d13_the_key_of_another_origin_never_speaks_for_the_actor() {
    let mut cavage = cavage::Signed::delivery();
    cavage.key_id = "http://evil.localhost:9999/hub#main-key";
    let mut rfc9421 = rfc9421::Signed::delivery();
    rfc9421.key_id = "http://criee.localhost:8404/hub#main-key";

    assert_eq!(cavage.send().code(), "key_not_of_actor");
    assert_eq!(rfc9421.send().code(), "key_not_of_actor");
}

#[test]
fn a_key_of_the_same_origin_waits_for_its_document() {
    let actor = Uri::parse(ACTOR).unwrap();
    let binding = |key_id: &str| signature::key_may_speak_for(&Uri::parse(key_id).unwrap(), &actor);

    assert_eq!(binding(KEY_ID), Ok(Binding::Direct));
    assert_eq!(binding(ACTOR), Ok(Binding::Direct));
    let document = "http://criee.localhost:8403/hub/main-key";
    assert_eq!(binding(document), Ok(Binding::KeyDocument));
    assert_eq!(
        binding("http://criee.localhost:8403/members/1#main-key"),
        Ok(Binding::KeyDocument)
    );
    assert_eq!(
        binding("http://criee.localhost/hub#main-key"),
        Err(SignatureError::KeyNotOfActor)
    );
    assert_eq!(
        binding("https://criee.localhost:8403/hub#main-key"),
        Err(SignatureError::KeyNotOfActor)
    );
}

#[test]
fn d14_d15_a_key_and_its_owner_must_name_each_other() {
    let uri = |text: &str| Uri::parse(text).unwrap();
    let (key_id, actor) = (uri("http://criee.localhost:8403/hub/main-key"), uri(ACTOR));
    let other = uri("http://criee.localhost:8403/members/1");
    let bound = |id: &Uri, owner: &Uri, keys: &[Uri]| {
        let document = KeyDocument { id, owner };
        signature::key_bound_both_ways(&key_id, document, &actor, keys).is_ok()
    };
    let listed = [key_id.clone()];

    assert!(bound(&key_id, &actor, &listed));
    assert!(!bound(&key_id, &other, &listed));
    assert!(!bound(&other, &actor, &listed));
    assert!(!bound(&key_id, &actor, &[]));
    assert!(!bound(&key_id, &actor, std::slice::from_ref(&other)));
    let elsewhere = uri("http://evil.localhost:9999/key");
    let document = KeyDocument {
        id: &elsewhere,
        owner: &actor,
    };
    assert!(
        signature::key_bound_both_ways(
            &elsewhere,
            document,
            &actor,
            std::slice::from_ref(&elsewhere)
        )
        .is_err()
    );
}

#[test]
fn d19_a_signature_in_authorization_as_well_is_refused() {
    for sent in deliveries() {
        let sent = sent.add("authorization", "Signature keyId=\"x\"");

        assert_eq!(sent.code(), "authorization_refused");
    }
}

#[test]
fn signature_input_alone_decides_the_scheme() {
    let [cavage, rfc9421] = deliveries();
    let input = String::from_utf8(
        rfc9421
            .headers
            .iter()
            .find(|(name, _)| name == "signature-input")
            .unwrap()
            .1
            .clone(),
    )
    .unwrap();

    assert_eq!(cavage.claim().unwrap().scheme, SignatureScheme::Cavage);
    assert_eq!(rfc9421.claim().unwrap().scheme, SignatureScheme::Rfc9421);
    assert_eq!(
        cavage.add("signature-input", &input).code(),
        "sig_malformed"
    );
    assert_eq!(rfc9421.without("signature-input").code(), "sig_malformed");
}

#[test]
fn when_both_digests_are_there_both_must_be_right() {
    let [cavage, rfc9421] = deliveries();

    assert_eq!(
        cavage
            .clone()
            .add("content-digest", &content_digest(BODY))
            .code(),
        "ok"
    );
    assert_eq!(
        cavage.add("content-digest", &content_digest(b"x")).code(),
        "digest_mismatch"
    );
    assert_eq!(rfc9421.clone().add("digest", &digest(BODY)).code(), "ok");
    assert_eq!(
        rfc9421.add("digest", &digest(b"x")).code(),
        "digest_mismatch"
    );
}

#[test]
fn a_body_on_a_read_needs_its_digest() {
    for mut sent in [
        cavage::Signed::read().send(),
        rfc9421::Signed::read().send(),
    ] {
        sent.body = b"x".to_vec();

        assert_eq!(sent.code(), "digest_mismatch");
    }
}

#[test]
fn the_kind_of_the_key_decides_and_a_contradicting_algorithm_is_refused() {
    let mut rsa = cavage::Signed::delivery();
    rsa.algorithm = Some("rsa-sha256");
    let mut ed25519 = rfc9421::Signed::delivery();
    ed25519.more_parameters = ";alg=\"ed25519\"".into();
    let (rsa, ed25519) = (rsa.send().claim().unwrap(), ed25519.send().claim().unwrap());

    assert_eq!(
        rsa.verify_ed25519(&key().public()),
        Err(SignatureError::KeyUnsupported)
    );
    assert_eq!(rsa.verify_with(KeyKind::Rsa, |_, _| true), Ok(()));
    assert_eq!(
        rsa.verify_with(KeyKind::Rsa, |_, _| false),
        Err(SignatureError::Invalid)
    );
    assert_eq!(ed25519.verify_ed25519(&key().public()), Ok(()));
    assert_eq!(
        ed25519.verify_with(KeyKind::Rsa, |_, _| true),
        Err(SignatureError::KeyUnsupported)
    );
}

#[test]
fn another_key_does_not_verify() {
    let other = SecretKey::from_seed(&[4; 32]).public();
    for sent in deliveries() {
        assert_eq!(
            sent.claim().unwrap().verify_ed25519(&other),
            Err(SignatureError::Invalid)
        );
    }
}

#[test]
fn any_changed_byte_of_a_signed_header_is_refused() {
    for sent in deliveries() {
        for index in 0..sent.headers.len() {
            for at in 0..sent.headers[index].1.len() {
                for byte in [sent.headers[index].1[at] ^ 1, b' ', b'"', b',', 0, 0xff] {
                    let mut changed = sent.clone();
                    changed.headers[index].1[at] = byte;
                    if changed.headers == sent.headers || is_harmless(&changed) {
                        continue;
                    }
                    assert!(
                        changed.judge().is_err(),
                        "header {index} byte {at}: {byte:#x}"
                    );
                }
            }
        }
    }
}

/// A change that leaves the very claim it had: another case of a digest's label, say.
fn is_harmless(changed: &Sent) -> bool {
    let genuine = deliveries().map(|sent| sent.claim().unwrap());
    changed.claim().is_ok_and(|claim| genuine.contains(&claim))
}

#[test]
fn every_refusal_has_its_stable_code() {
    let part = "date";
    let codes = [
        SignatureError::Missing,
        SignatureError::HeaderRepeated {
            name: "date".into(),
        },
        SignatureError::Authorization,
        SignatureError::Malformed { part },
        SignatureError::Host,
        SignatureError::Insufficient { part: part.into() },
        SignatureError::Time { part, skew: None },
        SignatureError::Digest,
        SignatureError::KeyNotOfActor,
        SignatureError::KeyUnsupported,
        SignatureError::Invalid,
    ]
    .map(|error| error.code());

    assert_eq!(
        codes,
        [
            "sig_missing",
            "header_repeated",
            "authorization_refused",
            "sig_malformed",
            "host_mismatch",
            "sig_headers_insufficient",
            "sig_time",
            "digest_mismatch",
            "key_not_of_actor",
            "key_unsupported",
            "sig_invalid"
        ]
    );
}

#[test]
fn d9_the_message_about_time_names_clock_skew() {
    let error = SignatureError::Time {
        part: "date",
        skew: Some(Span::hours(2)),
    };

    assert!(error.to_string().contains("clock skew"));
}

/// One delivery of ours, signed with Ed25519 in place of the server's RSA.
fn outgoing(
    scheme: SignatureScheme,
    method: Method,
    target: &str,
    body: &[u8],
    date: Instant,
) -> (Sent, String) {
    let (target, key_id) = (Uri::parse(target).unwrap(), Uri::parse(KEY_ID).unwrap());
    let request = OutgoingRequest {
        method,
        target: &target,
        date,
        digest: (method == Method::Post).then(|| BodyDigest::of(body)),
        key_id: &key_id,
    };
    let (text, headers) = match scheme {
        SignatureScheme::Cavage => {
            let text = signature::cavage_signing_text(&request);
            let signature = key().sign(text.as_bytes());
            (text, signature::cavage_headers(&request, &signature))
        }
        SignatureScheme::Rfc9421 => {
            let text = signature::rfc9421_base(&request);
            let signature = key().sign(text.as_bytes());
            (text, signature::rfc9421_headers(&request, &signature))
        }
    };
    let url = target.as_url();
    let query = url
        .query()
        .map_or(String::new(), |query| format!("?{query}"));
    let sent = Sent {
        method,
        target: format!("{}{query}", url.path()),
        headers: headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into_bytes()))
            .collect(),
        body: body.to_vec(),
    };
    (sent, text)
}

proptest! {
    #[test]
    fn what_we_sign_is_what_a_peer_rebuilds(
        path in "(/[a-zA-Z0-9._~%é-]{0,8}){1,4}",
        query in proptest::option::of("[a-z0-9=&%+é,;]{0,12}"),
        body: Vec<u8>,
        seconds in -3_600_i64..=3_600,
        post: bool,
        cavage: bool,
    ) {
        let query = query.map_or(String::new(), |query| format!("?{query}"));
        let method = if post { Method::Post } else { Method::Get };
        let scheme = if cavage { SignatureScheme::Cavage } else { SignatureScheme::Rfc9421 };
        let body = if post { body } else { Vec::new() };
        let date = now() + Span::seconds(seconds);
        let (sent, text) = outgoing(scheme, method, &format!("{OWN}{path}{query}"), &body, date);

        let claim = sent.claim().unwrap();

        prop_assert_eq!(String::from_utf8(claim.signed_text.clone()).unwrap(), text);
        prop_assert_eq!(claim.key_id.as_str(), KEY_ID);
        prop_assert_eq!(
            claim.verify_with(KeyKind::Rsa, |text, signature| {
                key().public().verifies(text, signature.try_into().unwrap())
            }),
            Ok(())
        );
    }

    #[test]
    fn any_headers_are_read_or_refused_without_panic(
        headers in proptest::collection::vec(
            ("host|date|digest|content-digest|signature|signature-input|accept", any::<Vec<u8>>()),
            0..8,
        ),
        target: String,
        post: bool,
    ) {
        let method = if post { Method::Post } else { Method::Get };
        let sent = Sent { method, target, headers, body: Vec::new() };

        prop_assert!(sent.judge().is_err());
    }

    #[test]
    fn any_signature_header_is_read_or_refused_without_panic(
        text in "[a-zA-Z0-9()@=\", ;:?*\\\\+/-]{0,200}",
    ) {
        interkpa_federation::fuzz::signature_header(text.as_bytes());
        interkpa_federation::fuzz::signature_headers(text.as_bytes());
    }
}

#[test]
fn thousands_of_mutations_of_genuine_headers_are_read_without_panic() {
    let mut mutations = Mutations::new(&[
        b"\"",
        b",",
        b"=",
        b"(",
        b";",
        b":",
        b"\\",
        b"created=9223372036854775807",
        b"expires=18446744073709551615",
        b"\xff\0",
    ]);
    for sent in deliveries() {
        let block: Vec<u8> = sent
            .headers
            .iter()
            .flat_map(|(name, value)| [name.as_bytes(), b":", value, b"\n"].concat())
            .collect();
        let seeds = sent
            .headers
            .into_iter()
            .map(|(_, value)| value)
            .chain([block]);
        for seed in seeds {
            for _ in 0..2_000 {
                let changed = mutations.of(&seed);
                interkpa_federation::fuzz::signature_header(&changed);
                interkpa_federation::fuzz::signature_headers(&changed);
            }
        }
    }
}
