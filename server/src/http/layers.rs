//! What happens to every request: a name for the log, the reader's language, safe headers, and the
//! rendering of errors.

use std::any::Any;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::{error, info, warn};

use crate::app::App;
use crate::http::access;
use crate::http::error::{AppError, Kind, Problem, ProblemField};
use crate::http::identity::Identity;
use crate::http::negotiate;
use crate::http::render;

/// The content security policy of every page (web.md §3): nothing inline, nothing foreign.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Knows the reader, renders refusals, logs failures once.
pub async fn edge(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let identity = stranger(&app, &request);
    let wants_json = wants_json(request.uri().path(), request.headers());
    let wants_activity = negotiate::wants_activity_json(request.headers());
    let method = request.method().clone();
    request.extensions_mut().insert(identity.clone());
    let mut response = next.run(request).await;
    let identity = response
        .extensions_mut()
        .remove::<Identity>()
        .unwrap_or(identity);
    if let Some(refusal) = response.extensions_mut().remove::<Arc<AppError>>() {
        log(&refusal, &identity, method.as_str());
        let retry_after = response.headers().get(header::RETRY_AFTER).cloned();
        response = if wants_activity && let Some(left) = &refusal.tombstone {
            tombstone(&refusal, left)
        } else if wants_json {
            problem(&refusal, &identity)
        } else {
            render::error_page(&app, &refusal, &identity)
        };
        if let Some(value) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
    }
    if let Some(locale) = access::language_asked(&identity.path) {
        let year = Some(365 * 24 * 3600);
        let cookie = access::set_cookie(&app, access::LANGUAGE_COOKIE, locale.code(), year);
        render::add_cookie(&mut response, &cookie);
    }
    if let Ok(value) = HeaderValue::from_str(&identity.request_id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Outermost layer: headers every answer carries unless its handler set them, refusals included.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut default = |name: header::HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    default(header::CONTENT_SECURITY_POLICY, CSP);
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "same-origin");
    default(header::X_FRAME_OPTIONS, "DENY");
    default(header::CACHE_CONTROL, "private, no-store");
    default(header::VARY, "Accept, Cookie, Accept-Language");
    response
}

/// A panicking handler becomes an ordinary failure, seen and logged like any other.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&'static str>().copied())
        .unwrap_or("a handler panicked");
    AppError::internal(anyhow::anyhow!("panic: {text}")).into_response()
}

/// What is known of the reader before any credential is looked at.
fn stranger(app: &App, request: &Request) -> Identity {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let id: [u8; 6] = app.random.bytes();
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    Identity {
        member: None,
        locale: access::language(request.headers(), request.uri().query()),
        request_id: id.iter().map(|byte| format!("{byte:02X}")).collect(),
        client: client(app, peer, request.headers()),
        path: path.to_owned(),
        anonymous_csrf: access::cookie(request.headers(), access::ANONYMOUS_COOKIE)
            .unwrap_or_default()
            .to_owned(),
    }
}

/// The address of the reader: the proxy's word counts only where the proxy is trusted (D88).
fn client(app: &App, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = peer?;
    let trusted = &app.config.proxy.trusted;
    if !trusted.contains(&peer) {
        return Some(peer);
    }
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok());
    let mut hops: Vec<IpAddr> = forwarded
        .flat_map(|line| line.split(','))
        .filter_map(|hop| hop.trim().parse().ok())
        .collect();
    // The nearest hop that is not ours is the one our own proxy saw.
    while let Some(hop) = hops.pop() {
        if !trusted.contains(&hop) {
            return Some(hop);
        }
    }
    Some(peer)
}

/// Programs get problem+json: the API, inboxes, and whoever names JSON and no HTML.
fn wants_json(path: &str, headers: &HeaderMap) -> bool {
    path.starts_with("/api/")
        || path.starts_with("/.well-known/")
        || path.ends_with("/inbox")
        || negotiate::wants_json(headers)
        || negotiate::wants_activity_json(headers)
}

/// What is left of a public thing, in the type every server of the fediverse reads.
fn tombstone(refusal: &AppError, left: &serde_json::Value) -> Response {
    let kind = [(header::CONTENT_TYPE, negotiate::ACTIVITY_JSON)];
    (refusal.kind.status(), kind, left.to_string()).into_response()
}

fn problem(refusal: &AppError, identity: &Identity) -> Response {
    let sentence = |code: &str| render::field_sentence(identity.locale, code);
    let status = refusal.kind.status();
    Problem {
        r#type: format!("about:blank#{}", refusal.code),
        title: status.canonical_reason().unwrap_or("error").to_owned(),
        status: status.as_u16(),
        code: refusal.code.to_owned(),
        detail: render::sentence(identity.locale, refusal.kind, refusal.code),
        request_id: identity.request_id.clone(),
        errors: refusal
            .fields
            .iter()
            .map(|field| ProblemField {
                field: field.field.clone(),
                code: field.code.to_owned(),
                detail: if field.detail.is_empty() {
                    sentence(field.code)
                } else {
                    field.detail.clone()
                },
            })
            .collect(),
    }
    .into_response(status)
}

fn log(refusal: &AppError, identity: &Identity, method: &str) {
    let source = refusal
        .source
        .as_ref()
        .map(|source| format!("{source:#}"))
        .unwrap_or_default();
    let (code, request_id) = (refusal.code, identity.request_id.as_str());
    // The path may carry a secret of an invitation: the log keeps its first part only.
    let place = identity.path.split(['/', '?']).nth(1).unwrap_or_default();
    match refusal.kind {
        Kind::Internal => error!(code, request_id, method, place, %source, "request failed"),
        Kind::Busy => warn!(code, request_id, method, place, %source, "too busy to answer"),
        _ => info!(code, request_id, method, place, "request refused"),
    }
}
