//! `/.well-known/webfinger` and `/.well-known/host-meta`: from a handle to an actor (RFC 7033,
//! RFC 6415). Public in both modes: it says nothing that the handle does not.

use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use interkpa_federation::Uri;
use interkpa_federation::vocabulary::write::escape_html;
use interkpa_federation::webfinger::{self, Handle, Resource};
use serde::Deserialize;
use serde_json::{Value, json};

use super::ours::OurActor;
use crate::app::App;
use crate::features::people;
use crate::http::route::Method;
use crate::http::{AppError, Kind, Route};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::fediverse(Method::Get, "/.well-known/webfinger", get(answer)),
        Route::fediverse(Method::Get, "/.well-known/host-meta", get(host_meta)),
    ]
}

#[derive(Debug, Deserialize)]
struct Question {
    resource: Option<String>,
}

async fn answer(
    State(app): State<App>,
    Query(question): Query<Question>,
) -> Result<Response, AppError> {
    let text = question
        .resource
        .ok_or_else(|| AppError::new(Kind::Malformed, "resource_missing"))?;
    let resource =
        Resource::parse(&text, &app.origin).map_err(|_elsewhere| AppError::not_found())?;
    let actor = match resource {
        Resource::Account(user) => by_name(&app, user).await?,
        Resource::Address(uri) => by_address(&app, &uri),
    };
    let (actor, user) = named(&app, actor.ok_or_else(AppError::not_found)?).await?;
    let handle = Handle::of(&user, &app.origin).map_err(anyhow::Error::new)?;
    let uri = actor.uri(&app)?;
    let page = (actor != OurActor::Instance).then_some(&uri);
    let mut document = webfinger::write(&handle, &uri, page);
    if let Some(links) = document.get_mut("links").and_then(Value::as_array_mut) {
        links.push(json!({
            "rel": "http://ostatus.org/schema/1.0/subscribe",
            "template": format!("{}/interagir?uri={{uri}}", app.origin),
        }));
    }
    Ok(open_to_all(
        document.to_string(),
        "application/jrd+json; charset=utf-8",
    ))
}

/// The hub answers to its slug and to `hub`; a member to the handle; the instance to the host.
async fn by_name(app: &App, user: String) -> Result<Option<OurActor>, AppError> {
    if user == app.config.hub.slug || user == "hub" {
        return Ok(Some(OurActor::Hub));
    }
    if user == app.origin.host() {
        return Ok(Some(OurActor::Instance));
    }
    let found = app
        .store
        .read(move |conn| people::public_member_by_handle(conn, &user))
        .await?;
    Ok(found.map(OurActor::Member))
}

/// The root of the server stands for the server itself (FEP-d556).
fn by_address(app: &App, uri: &Uri) -> Option<OurActor> {
    if uri.as_url().path() == "/" && uri.as_url().query().is_none() {
        return Some(OurActor::Instance);
    }
    OurActor::at(&app.origin, uri)
}

/// The name before the `@`, if the actor exists.
async fn named(app: &App, actor: OurActor) -> Result<(OurActor, String), AppError> {
    let user = match &actor {
        OurActor::Hub => app.config.hub.slug.clone(),
        OurActor::Instance => app.origin.host().to_owned(),
        OurActor::Member(id) => {
            let id = id.clone();
            let member = app
                .store
                .read(move |conn| people::public_member(conn, &id))
                .await?;
            member.ok_or_else(AppError::not_found)?.handle
        }
    };
    Ok((actor, user))
}

/// Mastodon asks for it when WebFinger answers 404.
async fn host_meta(State(app): State<App>) -> Response {
    let template = format!("{}/.well-known/webfinger?resource={{uri}}", app.origin);
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
         <Link rel=\"lrdd\" template=\"{}\"/>\n</XRD>\n",
        escape_html(&template)
    );
    open_to_all(document, "application/xrd+xml; charset=utf-8")
}

/// A document that any page of the web may read (RFC 7033 §5).
pub(super) fn open_to_all(document: String, content_type: &'static str) -> Response {
    let mut response = document.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(
        HeaderName::from_static("access-control-allow-origin"),
        HeaderValue::from_static("*"),
    );
    response
}
