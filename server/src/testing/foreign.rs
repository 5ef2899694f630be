//! A server of another kind under the test's control: it serves what the test puts there, counts
//! what is asked of it, keeps what is delivered to it, and signs whatever the test wants signed.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method as HttpMethod, StatusCode, Uri as RequestUri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interkpa_federation::signature::{
    BodyDigest, Method, OutgoingRequest, SignatureScheme, cavage_headers, cavage_signing_text,
    rfc9421_base, rfc9421_headers,
};
use interkpa_federation::{Instant, Origin, Uri};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::fediverse::rsa::SigningKey;
use crate::testing::caller::{Answered, Caller};

/// What was asked of a foreign server.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers as sent.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

#[derive(Default)]
struct Stage {
    documents: HashMap<String, (u16, String, String)>,
    asked: Vec<Asked>,
    inbox_status: Option<u16>,
    inboxes: HashMap<String, u16>,
    only_rfc9421: bool,
    inbox_headers: Vec<(String, String)>,
    inbox_body: String,
}

type Shared = Arc<(Mutex<Stage>, Notify)>;

/// Longest wait for something that has to happen by itself.
const WAIT_MAX: Duration = Duration::from_secs(20);

/// A foreign server; it ends with its test.
pub struct Foreign {
    /// Scheme, host and port.
    pub origin: Origin,
    stage: Shared,
    address: SocketAddr,
    serving: Option<JoinSet<()>>,
}

/// An actor of a foreign server, with its key.
#[derive(Debug, Clone)]
pub struct ForeignActor {
    /// Address.
    pub uri: Uri,
    /// Address of its key.
    pub key_id: Uri,
    /// Its key.
    pub key: SigningKey,
}

impl Foreign {
    /// Begins to listen at `http://<name>.localhost:<free port>`; every inbox answers 202.
    pub async fn start(name: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("the address of a listener");
        let origin = Origin::parse(&format!("http://{name}.localhost:{}", address.port()))
            .expect("an origin");
        let mut foreign = Self {
            origin,
            stage: Shared::default(),
            address,
            serving: None,
        };
        foreign.serve(listener);
        foreign
    }

    /// Connections are refused from now on.
    pub fn go_silent(&mut self) {
        self.serving = None;
    }

    /// Answers again, at the same address.
    pub async fn listen_again(&mut self) {
        let listener = TcpListener::bind(self.address)
            .await
            .expect("the port is free again");
        self.serve(listener);
    }

    /// Full address of a path.
    pub fn uri(&self, path: &str) -> Uri {
        Uri::parse(&format!("{}{path}", self.origin)).expect("a path")
    }

    /// Puts a document at a path, as ActivityPub JSON.
    pub fn put(&self, path: &str, document: &Value) {
        self.put_raw(
            path,
            200,
            "application/activity+json",
            &document.to_string(),
        );
    }

    /// Puts any answer at a path.
    pub fn put_raw(&self, path: &str, status: u16, content_type: &str, body: &str) {
        let answer = (status, content_type.to_owned(), body.to_owned());
        self.stage().documents.insert(path.to_owned(), answer);
    }

    /// Every delivery is answered with this status from now on, and with these headers.
    pub fn answer_inbox(&self, status: u16, headers: &[(&str, &str)]) {
        let mut stage = self.stage();
        stage.inbox_status = Some(status);
        stage.inbox_body = String::new();
        stage.inbox_headers = headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
    }

    /// Every delivery is refused with this status and code from now on, as our hubs refuse.
    pub fn refuse_inbox(&self, status: u16, code: &str) {
        self.answer_inbox(status, &[("content-type", "application/problem+json")]);
        self.stage().inbox_body = json!({"status": status, "code": code}).to_string();
    }

    /// Deliveries to one inbox are answered with this status from now on.
    pub fn answer_inbox_at(&self, path: &str, status: u16) {
        self.stage().inboxes.insert(path.to_owned(), status);
    }

    /// Deliveries signed in draft-cavage are answered 401 from now on.
    pub fn accept_only_rfc9421(&self) {
        self.stage().only_rfc9421 = true;
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.stage().asked.clone()
    }

    /// How often documents were fetched so far.
    pub fn fetches(&self) -> usize {
        self.stage()
            .asked
            .iter()
            .filter(|asked| asked.method == "GET")
            .count()
    }

    /// The activities delivered so far, in the order of arrival.
    pub fn delivered(&self) -> Vec<Value> {
        let stage = self.stage();
        let posts = stage.asked.iter().filter(|asked| asked.method == "POST");
        posts
            .map(|post| serde_json::from_slice(&post.body).expect("a delivery is JSON"))
            .collect()
    }

    /// Forgets what was asked.
    pub fn forget_asked(&self) {
        self.stage().asked.clear();
    }

    /// Makes an actor with a new key and serves its document at `/<name>`.
    pub fn actor(&self, name: &str) -> ForeignActor {
        let actor = ForeignActor::at(self.uri(&format!("/{name}")));
        self.put(&format!("/{name}"), &actor.document("Person"));
        actor
    }

    /// Makes the Group of a KPA at `/hub`, as our hubs have it.
    pub fn hub(&self) -> ForeignActor {
        let actor = ForeignActor::at(self.uri("/hub"));
        let mut document = actor.document("Group");
        if let Some(keys) = document.as_object_mut() {
            keys.insert("ikpa:kind".to_owned(), json!("hub"));
        }
        self.put("/hub", &document);
        actor
    }

    /// Waits until what was asked so far fulfils a condition: for hubs that run by themselves.
    pub async fn wait_until(&self, condition: impl Fn(&[Asked]) -> bool) {
        let fulfilled = async {
            loop {
                let mut changed = std::pin::pin!(self.stage.1.notified());
                changed.as_mut().enable();
                if condition(&self.stage().asked) {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(WAIT_MAX, fulfilled)
            .await
            .expect("what was expected was asked");
    }

    fn stage(&self) -> std::sync::MutexGuard<'_, Stage> {
        self.stage.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&mut self, listener: TcpListener) {
        let service = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&self.stage));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            axum::serve(listener, service)
                .await
                .expect("the listener goes on");
        });
        self.serving = Some(serving);
    }
}

async fn answer(
    State(stage): State<Shared>,
    method: HttpMethod,
    uri: RequestUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    stage.1.notify_one();
    let mut stage = stage.0.lock().unwrap_or_else(PoisonError::into_inner);
    let target = uri
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    stage.asked.push(Asked {
        method: method.to_string(),
        target,
        headers,
        body,
    });
    if method == HttpMethod::POST {
        let refused = stage.only_rfc9421
            && stage
                .asked
                .last()
                .is_some_and(|post| !post.headers.contains_key("signature-input"));
        let of_inbox = stage.inboxes.get(uri.path()).copied();
        let status = if refused {
            401
        } else {
            of_inbox.or(stage.inbox_status).unwrap_or(202)
        };
        let status = StatusCode::from_u16(status).expect("a status");
        let mut response = (status, stage.inbox_body.clone()).into_response();
        for (name, value) in &stage.inbox_headers {
            let name: axum::http::HeaderName = name.parse().expect("a header name");
            response
                .headers_mut()
                .insert(name, value.parse().expect("a header value"));
        }
        return response;
    }
    match stage.documents.get(uri.path()) {
        Some((status, content_type, body)) => (
            StatusCode::from_u16(*status).expect("a status"),
            [("content-type", content_type.clone())],
            body.clone(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl ForeignActor {
    /// An actor at an address, with a new key.
    pub fn at(uri: Uri) -> Self {
        let key_id = Uri::parse(&format!("{uri}#main-key")).expect("a key id");
        Self {
            uri,
            key_id,
            key: SigningKey::generate().expect("a key is made"),
        }
    }

    /// The same actor with a new key: what is served must be put anew.
    #[must_use]
    pub fn rotated(&self) -> Self {
        Self {
            key: SigningKey::generate().expect("a key is made"),
            ..self.clone()
        }
    }

    /// Its document.
    pub fn document(&self, kind: &str) -> Value {
        let uri = self.uri.as_str();
        let name = uri.rsplit('/').next().unwrap_or_default();
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams", {"ikpa": "urn:interkpa:ns:"}],
            "id": uri, "type": kind, "preferredUsername": name, "name": name,
            "inbox": format!("{uri}/inbox"), "outbox": format!("{uri}/outbox"),
            "publicKey": {
                "id": self.key_id.as_str(), "owner": uri,
                "publicKeyPem": self.key.public_pem().expect("a public key"),
            },
        })
    }

    /// A signed delivery, not sent yet: tests change one thing in it.
    pub fn delivery(&self, inbox: &Uri, activity: &Value, now: Instant) -> Delivery {
        self.delivery_in(SignatureScheme::Cavage, inbox, activity, now)
    }

    /// The same in a scheme of the test's choice.
    pub fn delivery_in(
        &self,
        scheme: SignatureScheme,
        inbox: &Uri,
        activity: &Value,
        now: Instant,
    ) -> Delivery {
        let body = activity.to_string().into_bytes();
        let request = OutgoingRequest {
            method: Method::Post,
            target: inbox,
            date: now,
            digest: Some(BodyDigest::of(&body)),
            key_id: &self.key_id,
        };
        let mut headers = self.signed(scheme, &request);
        headers.push((
            "content-type".to_owned(),
            "application/activity+json".to_owned(),
        ));
        Delivery {
            inbox: inbox.clone(),
            headers,
            body,
        }
    }

    /// A signed GET of an ActivityPub document.
    pub async fn get(&self, uri: &Uri, now: Instant) -> Answered {
        let request = OutgoingRequest {
            method: Method::Get,
            target: uri,
            date: now,
            digest: None,
            key_id: &self.key_id,
        };
        let mut headers = self.signed(SignatureScheme::Cavage, &request);
        headers.push(("accept".to_owned(), "application/activity+json".to_owned()));
        Caller::new().send("GET", uri, &headers, None).await
    }

    /// A draft-cavage `Signature` over the named headers and whatever parameters the test adds
    /// (`,created=1`): for signatures that no honest server makes.
    pub fn cavage_over(
        &self,
        target: &str,
        headers: &[(String, String)],
        covered: &[&str],
        parameters: &str,
    ) -> String {
        let value = |name: &str| {
            let found = headers.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let lines: Vec<String> = covered
            .iter()
            .map(|name| match *name {
                "(request-target)" => format!("(request-target): post {target}"),
                name => format!("{name}: {}", value(name)),
            })
            .collect();
        let signature = self
            .key
            .sign_pkcs1v15_sha256(lines.join("\n").as_bytes())
            .expect("the key signs");
        format!(
            "keyId=\"{}\",algorithm=\"rsa-sha256\",headers=\"{}\",signature=\"{}\"{parameters}",
            self.key_id,
            covered.join(" "),
            STANDARD.encode(signature)
        )
    }

    fn signed(
        &self,
        scheme: SignatureScheme,
        request: &OutgoingRequest<'_>,
    ) -> Vec<(String, String)> {
        let sign = |text: String| {
            self.key
                .sign_pkcs1v15_sha256(text.as_bytes())
                .expect("the key signs")
        };
        let headers = match scheme {
            SignatureScheme::Cavage => cavage_headers(request, &sign(cavage_signing_text(request))),
            SignatureScheme::Rfc9421 => rfc9421_headers(request, &sign(rfc9421_base(request))),
        };
        headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

/// A delivery that is about to be sent.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Where to.
    pub inbox: Uri,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Delivery {
    /// The value of the first header of that name.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The same with another value of a header, or without it.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<&str>) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.and(name, value)
    }

    /// The same with one more header.
    #[must_use]
    pub fn and(mut self, name: &str, value: Option<&str>) -> Self {
        self.headers
            .extend(value.map(|value| (name.to_owned(), value.to_owned())));
        self
    }

    /// The same with another body.
    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..self
        }
    }

    /// The same, sent to another address.
    #[must_use]
    pub fn to(self, inbox: &Uri) -> Self {
        Self {
            inbox: inbox.clone(),
            ..self
        }
    }

    /// Sends it.
    pub async fn send(&self) -> Answered {
        Caller::new()
            .send("POST", &self.inbox, &self.headers, Some(self.body.clone()))
            .await
    }
}
