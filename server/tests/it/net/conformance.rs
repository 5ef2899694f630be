//! Our signer and verifier beside those of the required crates, on one corpus (performance.md §3).
//!
//! On genuine requests all agree. Where ours is stricter, the corpus names the rule. Times are the
//! machine's here, because the crates read its clock.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use activitypub_federation::activity_sending::SendActivityTask;
use activitypub_federation::axum::inbox::{ActivityData, receive_activity};
use activitypub_federation::config::{Data, FederationConfig};
use activitypub_federation::traits::{Activity, Actor, Object};
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::routing::post;
use diesel::prelude::*;
use interkpa_federation::signature::{
    Claim, KeyKind, Method, Request, SignatureError, SignatureScheme, claim,
};
use interkpa_federation::{Instant, Origin, Span};
use interkpa_server::app::App;
use interkpa_server::clock::{Clock, SystemClock};
use interkpa_server::config::Config;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::remote_actors;
use interkpa_server::fediverse::address::Reach;
use interkpa_server::fediverse::client::{Client, Payload};
use interkpa_server::fediverse::crate_bridge::{
    Bridge, BridgeError, HeldActor, SecondReading, second_reading,
};
use interkpa_server::fediverse::keys::HubKeys;
use interkpa_server::fediverse::resolve::{CheckedResolver, LoopbackLookup};
use interkpa_server::fediverse::rsa::VerifyingKey;
use interkpa_server::hub::{Hub, World};
use interkpa_server::random::Random;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower::ServiceExt;
use url::Url;

use super::rig::{Act, Seen, Server, key, reply_with, settings, signer, uri};

const ACTOR: &str = "http://us.localhost:8401/actor";
const CONFIG: &str = "profile = \"loopback\"\n[hub]\nbase_url = \"http://b.localhost:8402\"\n\
                      name = \"B\"\nslug = \"bobinette\"\n";

/// A hub that holds a copy of the actor that signs, and the crate's inbox over it.
struct Receiver {
    bridge: Bridge,
    router: Router,
    folder: PathBuf,
}

impl Receiver {
    async fn new() -> Self {
        let id = Random::system().unwrap().secret_256();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("conformance-{id}"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("interkpa.toml"), CONFIG).unwrap();
        HubKeys::create(&folder, &Random::seeded(1)).unwrap();
        let config = Config::load(&folder).unwrap();
        let world = World::real(&config).unwrap();
        let app = Hub::open(&folder, config, world).unwrap().app;
        app.store.write(|tx| hold(tx, ACTOR)).await.unwrap();
        let bridge = Bridge::new(&app).await.unwrap();
        let inside = bridge.clone();
        let router = Router::new().fallback(post(async move |request: ActivityData| {
            let data = inside.data();
            match receive_activity::<Received, HeldActor, App>(request, &data).await {
                Ok(()) => StatusCode::ACCEPTED,
                Err(_refused) => StatusCode::BAD_REQUEST,
            }
        }));
        Self {
            bridge,
            router,
            folder,
        }
    }

    /// Whether the crate's inbox takes the request in.
    async fn accepts(&self, seen: &Seen) -> bool {
        let mut request = axum::http::Request::builder()
            .method(seen.method.as_str())
            .uri(seen.target.as_str());
        for (name, value) in &seen.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(seen.body.clone())).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        answer.status() == StatusCode::ACCEPTED
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn hold(tx: &mut interkpa_server::db::conn::Conn, actor: &str) -> Result<(), StoreError> {
    diesel::insert_into(remote_actors::table)
        .values((
            remote_actors::uri.eq(actor),
            remote_actors::origin.eq("http://us.localhost:8401"),
            remote_actors::kind.eq("Application"),
            remote_actors::username.eq("us"),
            remote_actors::name.eq("Us"),
            remote_actors::inbox.eq(format!("{actor}/inbox")),
            remote_actors::key_id.eq(format!("{actor}#main-key")),
            remote_actors::key_pem.eq(key().public_pem().unwrap()),
            remote_actors::document.eq("{}"),
            remote_actors::fetched_at.eq(0_i64),
        ))
        .execute(tx)?;
    Ok(())
}

/// What the crate's inbox parses; it is taken in and forgotten.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Received {
    id: Url,
    actor: Url,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

#[async_trait]
impl Activity for Received {
    type DataType = App;
    type Error = BridgeError;

    fn id(&self) -> &Url {
        &self.id
    }

    fn actor(&self) -> &Url {
        &self.actor
    }

    async fn verify(&self, _data: &Data<App>) -> Result<(), BridgeError> {
        Ok(())
    }

    async fn receive(self, _data: &Data<App>) -> Result<(), BridgeError> {
        Ok(())
    }
}

/// The actor that signs, in the crate's terms; its key is made for the tests.
#[derive(Debug)]
struct CrateSigner(Url);

#[async_trait]
impl Object for CrateSigner {
    type DataType = ();
    type Kind = Value;
    type Error = BridgeError;

    fn id(&self) -> &Url {
        &self.0
    }

    async fn read_from_id(_id: Url, _data: &Data<()>) -> Result<Option<Self>, BridgeError> {
        Ok(None)
    }

    async fn into_json(self, _data: &Data<()>) -> Result<Value, BridgeError> {
        Err(BridgeError::OursAlone)
    }

    async fn verify(_: &Value, _: &Url, _: &Data<()>) -> Result<(), BridgeError> {
        Err(BridgeError::OursAlone)
    }

    async fn from_json(_: Value, _: &Data<()>) -> Result<Self, BridgeError> {
        Err(BridgeError::OursAlone)
    }
}

impl Actor for CrateSigner {
    fn public_key_pem(&self) -> &'static str {
        ""
    }

    fn private_key_pem(&self) -> Option<String> {
        key().to_pkcs8_pem().ok()
    }

    fn inbox(&self) -> Url {
        self.0.clone()
    }
}

fn document(note: &str) -> String {
    serde_json::json!({
        "id": "http://us.localhost:8401/activites/1",
        "actor": ACTOR,
        "type": "Create",
        "object": {"type": "Note", "content": note},
    })
    .to_string()
}

async fn silent() -> Server {
    Server::start(|_| Act::Reply(reply_with(202, &[], ""))).await
}

/// One delivery of ours, as it stands on the wire.
async fn ours(path: &str, note: &str, scheme: SignatureScheme) -> (Seen, Origin) {
    let server = silent().await;
    let inbox = server.uri("b", path);
    let client = Client::new(
        settings(Reach::Loopback),
        Arc::new(LoopbackLookup),
        Arc::new(SystemClock::new()),
        signer(),
    )
    .unwrap();
    let payload = Payload::new(document(note));
    client
        .deliver(&inbox, &payload, &signer(), scheme)
        .await
        .unwrap();
    (server.seen().remove(0), inbox.origin())
}

/// One delivery of the crate.
async fn theirs(path: &str, note: &str, plain_date: bool) -> (Seen, Origin) {
    let server = silent().await;
    let inbox = server.uri("b", path);
    let http = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .dns_resolver(Arc::new(CheckedResolver::new(
            Reach::Loopback,
            Arc::new(LoopbackLookup),
        )))
        .build()
        .unwrap();
    let data = FederationConfig::builder()
        .domain("us.localhost:8401")
        .app_data(())
        .client(http.into())
        .http_signature_compat(plain_date)
        .debug(true)
        .build()
        .await
        .unwrap()
        .to_request_data();
    let activity: Received = serde_json::from_str(&document(note)).unwrap();
    let actor = CrateSigner(ACTOR.parse().unwrap());
    let inboxes = vec![inbox.as_url().clone()];
    let tasks = SendActivityTask::prepare(&activity, &actor, inboxes, &data)
        .await
        .unwrap();
    tasks[0].sign_and_send(&data).await.unwrap();
    (server.seen().remove(0), inbox.origin())
}

/// Guard, signature and second reading, as the inbox asks them.
fn our_verdict(seen: &Seen, own: &Origin) -> Result<(Claim, SecondReading), SignatureError> {
    let headers = headers_of(seen);
    let request = request_of(seen, &headers, own);
    let claim = claim(&request, SystemClock::new().now())?;
    let public = VerifyingKey::from_pem(&key().public_pem().unwrap()).unwrap();
    claim.verify_with(KeyKind::Rsa, |text, signature| {
        public.verify(text, signature)
    })?;
    match second_reading(&request, &claim) {
        SecondReading::Different => Err(SignatureError::Malformed { part: "signature" }),
        reading => Ok((claim, reading)),
    }
}

fn headers_of(seen: &Seen) -> Vec<(&str, &[u8])> {
    seen.headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect()
}

fn request_of<'a>(
    seen: &'a Seen,
    headers: &'a [(&'a str, &'a [u8])],
    own: &'a Origin,
) -> Request<'a> {
    Request {
        method: Method::Post,
        target: &seen.target,
        headers,
        body: &seen.body,
        own,
    }
}

const PATHS: [&str; 3] = [
    "/inbox",
    "/members/0199b1c0-0000-7000-8000-000000000001/inbox",
    "/inbox?a=b&c=%C3%A9%20d",
];

#[tokio::test]
async fn the_crate_takes_in_what_we_sign_and_so_do_we() {
    let receiver = Receiver::new().await;
    let long = "é".repeat(100_000);

    for path in PATHS {
        for note in ["", "Tour à bois, le mardi", &long] {
            let (seen, own) = ours(path, note, SignatureScheme::Cavage).await;

            assert!(receiver.accepts(&seen).await, "{seen:?}");
            let (_, reading) = our_verdict(&seen, &own).unwrap();
            assert_eq!(reading, SecondReading::Same);
        }
    }
}

#[tokio::test]
async fn we_take_in_what_the_crate_signs_in_both_its_forms() {
    let receiver = Receiver::new().await;

    for path in PATHS {
        for plain_date in [true, false] {
            let (seen, own) = theirs(path, "Tour à bois", plain_date).await;
            let (claim, reading) = our_verdict(&seen, &own).unwrap();

            assert!(receiver.accepts(&seen).await, "{seen:?}");
            assert_eq!(reading, SecondReading::Same);
            assert_eq!(claim.key_id, uri(ACTOR).with_fragment("main-key"));
            assert_eq!(seen.header("signature").contains("(created)"), !plain_date);
        }
    }
}

type Change = fn(&mut Seen);

/// Requests made from a genuine one, each with the rule by which we refuse it.
const CHANGED: [(&str, Change); 14] = [
    ("digest_mismatch", |seen| seen.body.push(b' ')),
    ("host_mismatch", |seen| {
        set(seen, "host", "c.localhost:8403");
    }),
    ("sig_invalid", |seen| seen.target.push_str("/other")),
    ("sig_invalid", |seen| seen.target.push_str("?page=2")),
    ("sig_time", |seen| {
        set(seen, "date", "Thu, 01 Jan 2015 00:00:00 GMT");
    }),
    ("sig_time", |seen| set(seen, "date", "yesterday")),
    ("sig_invalid", |seen| {
        let date = Instant::parse_http_date(seen.header("date")).unwrap();
        set(seen, "date", &(date + Span::seconds(1)).to_http_date());
    }),
    ("digest_mismatch", |seen| set(seen, "digest", "SHA-256=")),
    ("header_repeated", |seen| {
        let digest = seen.header("digest").to_owned();
        seen.headers.push(("digest".to_owned(), digest));
    }),
    ("sig_missing", |seen| {
        seen.headers.retain(|(name, _)| name != "signature");
    }),
    ("sig_headers_insufficient", |seen| {
        replace(seen, "(request-target) ", "");
    }),
    ("sig_headers_insufficient", |seen| {
        replace(seen, " host\"", "\"");
    }),
    ("sig_malformed", |seen| replace(seen, "keyId=", "keyid=")),
    ("authorization_refused", |seen| {
        let signature = format!("Signature {}", seen.header("signature"));
        seen.headers.push(("authorization".to_owned(), signature));
    }),
];

fn set(seen: &mut Seen, name: &str, value: &str) {
    seen.headers.retain(|(known, _)| known != name);
    seen.headers.push((name.to_owned(), value.to_owned()));
}

fn replace(seen: &mut Seen, from: &str, to: &str) {
    let changed = seen.header("signature").replace(from, to);
    assert_ne!(changed, seen.header("signature"));
    set(seen, "signature", &changed);
}

#[tokio::test]
async fn a_changed_request_is_refused_by_the_rule_it_breaks() {
    let (genuine, own) = ours("/inbox", "a", SignatureScheme::Cavage).await;

    for (code, change) in CHANGED {
        let mut seen = genuine.clone();
        change(&mut seen);

        let refused = our_verdict(&seen, &own).unwrap_err();

        assert_eq!(refused.code(), code, "{seen:?}");
    }
}

#[tokio::test]
async fn whatever_we_take_in_the_crate_takes_in() {
    let receiver = Receiver::new().await;
    let random = Random::seeded(11);
    let mut taken_in = 0;
    for plain_date in [true, false] {
        let (genuine, own) = theirs("/inbox", "a", plain_date).await;
        for _ in 0..150 {
            let mut seen = genuine.clone();
            alter(&mut seen, random.bytes());
            if our_verdict(&seen, &own).is_ok() {
                taken_in += 1;
                assert!(receiver.accepts(&seen).await, "{seen:?}");
            }
        }
    }
    assert!(taken_in > 0, "some changes touch nothing that is signed");
}

/// Changes one character of one header, or leaves one out, or doubles one.
fn alter(seen: &mut Seen, bytes: [u8; 4]) {
    let [which, where_, what, how] = bytes.map(usize::from);
    let at = which % seen.headers.len();
    match how % 8 {
        0 => drop(seen.headers.remove(at)),
        1 => {
            let copy = seen.headers[at].clone();
            seen.headers.push(copy);
        }
        _ => {
            let value = &mut seen.headers[at].1;
            let place = where_ % value.len();
            let character = char::from(b' ' + u8::try_from(what % 95).unwrap());
            value.replace_range(place..=place, &character.to_string());
        }
    }
}

#[tokio::test]
async fn the_second_reading_notices_a_text_or_a_key_that_is_not_the_one_claimed() {
    let (seen, own) = ours("/inbox", "a", SignatureScheme::Cavage).await;
    let (good, _) = our_verdict(&seen, &own).unwrap();
    let headers = headers_of(&seen);
    let request = request_of(&seen, &headers, &own);
    let read = |change: fn(&mut Claim)| {
        let mut claim = good.clone();
        change(&mut claim);
        second_reading(&request, &claim)
    };

    let spaced = seen.header("signature").replace(',', ", ");
    let mut spaced_headers = headers.clone();
    spaced_headers.retain(|(name, _)| *name != "signature");
    spaced_headers.push(("signature", spaced.as_bytes()));
    let spaced_request = request_of(&seen, &spaced_headers, &own);

    assert_eq!(read(|_| ()), SecondReading::Same);
    assert_eq!(second_reading(&spaced_request, &good), SecondReading::None);
    assert_eq!(
        read(|claim| claim.signed_text.push(b'x')),
        SecondReading::Different
    );
    assert_eq!(
        read(|claim| claim.signature.push(1)),
        SecondReading::Different
    );
    assert_eq!(
        read(|claim| claim.key_id = claim.key_id.with_fragment("other")),
        SecondReading::Different
    );
    assert_eq!(
        read(|claim| claim.scheme = SignatureScheme::Rfc9421),
        SecondReading::None
    );
}

#[tokio::test]
async fn the_crate_finds_the_actors_we_hold_and_can_fetch_none() {
    let receiver = Receiver::new().await;
    let server = Server::trap().await;

    let held = receiver.bridge.held(&uri(ACTOR)).await.unwrap();
    let unknown = receiver.bridge.held(&server.uri("e", "/users/1")).await;
    let fetched = activitypub_federation::fetch::fetch_object_http::<App, Value>(
        server.uri("e", "/users/1").as_url(),
        &receiver.bridge.data(),
    )
    .await;

    assert_eq!(held.id().as_str(), ACTOR);
    assert_eq!(held.public_key_pem(), key().public_pem().unwrap());
    assert_eq!(held.private_key_pem(), None);
    assert!(matches!(unknown, Err(BridgeError::Crate(_))));
    assert!(fetched.is_err());
    assert_eq!(server.connections(), 0);
}
