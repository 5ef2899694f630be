//! The peer-rules linter over everything a test hub says to other servers: each activity put in its
//! outbox and each document it serves (federation.md 7).
//!
//! Findings are kept by hub and end its test when the hub goes ([`end`]). Hubs that nobody watches,
//! such as one in a process of its own, are left alone.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use flate2::read::GzDecoder;
use interkpa_federation::linter::{Finding, announcements_ok, lint, mastodon_jrd_ok, unaccepted};
use interkpa_federation::multikey::PublicKey;
use interkpa_federation::{Origin, Uri};
use serde_json::Value;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::fediverse::ours::OurActor;
use crate::fediverse::{documents, member_keys, remote};

/// What one hub said so far.
#[derive(Debug, Default)]
struct Said {
    /// Activities of its outbox, in their order.
    sent: Vec<Value>,
    findings: Vec<String>,
}

static WATCHED: Mutex<BTreeMap<String, Said>> = Mutex::new(BTreeMap::new());

fn watched() -> MutexGuard<'static, BTreeMap<String, Said>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on what this hub says is looked at.
pub fn watch(hub: &Origin) {
    watched().insert(hub.as_str().to_owned(), Said::default());
}

/// What was found wrong with all that this hub said; nobody watches it any more.
pub fn end(hub: &Origin) -> Vec<String> {
    let Some(said) = watched().remove(hub.as_str()) else {
        return Vec::new();
    };
    let mut findings = said.findings;
    let together = unaccepted(announcements_ok(&said.sent));
    findings.extend(told("the outbox", &together, &Value::from(said.sent)));
    findings
}

/// Looks at an activity that is put in the outbox.
pub fn sent(app: &App, tx: &mut Conn, activity: &Value) {
    if !is_watched(app) {
        return;
    }
    let findings = findings_of(app, tx, activity);
    if let Some(said) = watched().get_mut(app.origin.as_str()) {
        said.findings.extend(told("sent", &findings, activity));
        said.sent.push(activity.clone());
    }
}

/// The service of a hub, with a look at every document it serves.
pub fn every_answer(app: &App, service: Router) -> Router {
    service.layer(from_fn_with_state(app.clone(), answer))
}

async fn answer(State(app): State<App>, request: Request, next: Next) -> Response {
    let what = format!("{} {}", request.method(), request.uri());
    let answered = next.run(request).await;
    let kind = text(answered.headers(), &CONTENT_TYPE).to_owned();
    let is_document = kind.starts_with("application/activity+json");
    let is_finger = kind.starts_with("application/jrd+json");
    if answered.status() != StatusCode::OK || !(is_document || is_finger) || !is_watched(&app) {
        return answered;
    }
    let (parts, body) = answered.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a whole answer");
    let plain = plain(&parts.headers, &bytes);
    if !plain.is_empty() {
        let document: Value = serde_json::from_slice(&plain).expect("a document of ours is JSON");
        let findings = if is_document {
            served(&app, document.clone()).await
        } else {
            fingered(&app, &document).await
        };
        if let Some(said) = watched().get_mut(app.origin.as_str()) {
            said.findings.extend(told(&what, &findings, &document));
        }
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// The bytes before compression; none in the answer to a HEAD.
fn plain(headers: &HeaderMap, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    if text(headers, &CONTENT_ENCODING) == "gzip" && !bytes.is_empty() {
        GzDecoder::new(bytes)
            .read_to_end(&mut plain)
            .expect("what we compressed");
    } else {
        plain.extend_from_slice(bytes);
    }
    plain
}

async fn served(app: &App, document: Value) -> Vec<Finding> {
    let app_in = app.clone();
    let found = app
        .store
        .read(move |conn| Ok::<_, StoreError>(findings_of(&app_in, conn, &document)))
        .await;
    // A store that a test closed or broke: the test looks at that itself.
    found.unwrap_or_default()
}

/// A WebFinger answer and the actor it leads to.
async fn fingered(app: &App, finger: &Value) -> Vec<Finding> {
    let links = finger["links"].as_array().map(Vec::as_slice);
    let href = links
        .unwrap_or_default()
        .iter()
        .find(|link| link["rel"] == "self")
        .and_then(|link| link["href"].as_str());
    let actor = href
        .and_then(|href| Uri::parse(href).ok())
        .and_then(|uri| OurActor::at(&app.origin, &uri));
    let document = match actor {
        Some(OurActor::Hub) => documents::hub(app).await.ok(),
        Some(OurActor::Instance) => documents::instance(app).await.ok(),
        Some(OurActor::Member(id)) => documents::member(app, &id).await.ok().flatten(),
        None => None,
    };
    let document = document.unwrap_or_default();
    let actor = serde_json::from_slice(&document).unwrap_or(Value::Null);
    unaccepted(mastodon_jrd_ok(finger, &actor))
}

fn findings_of(app: &App, conn: &mut Conn, document: &Value) -> Vec<Finding> {
    let conn = RefCell::new(conn);
    let keys = |method: &str| key(app, &mut conn.borrow_mut(), method);
    unaccepted(lint(document, &keys))
}

/// The published proof key behind a verification method: our own, or the one we hold of another
/// server's actor.
fn key(app: &App, conn: &mut Conn, method: &str) -> Option<PublicKey> {
    let actor = Uri::parse(method).ok()?.without_fragment();
    if actor.origin() == app.origin {
        let keys = member_keys::of_actor(app, conn, &actor).ok()?;
        return Some(keys.proof.public());
    }
    let held = remote::held(conn, &actor).ok()??;
    PublicKey::from_multibase(held.proof_key.as_deref()?).ok()
}

fn is_watched(app: &App) -> bool {
    watched().contains_key(app.origin.as_str())
}

fn told(what: &str, findings: &[Finding], document: &Value) -> Vec<String> {
    let line = |found: &Finding| {
        format!(
            "{what}: {} at {:?}: {}\n{document:#}",
            found.rule, found.at, found.says
        )
    };
    findings.iter().map(line).collect()
}

fn text<'h>(headers: &'h HeaderMap, name: &axum::http::HeaderName) -> &'h str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}
