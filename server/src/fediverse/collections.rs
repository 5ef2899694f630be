//! Outboxes, followers, and the activities themselves.
//!
//! An outbox lists what is public. Followers are nobody's business: only their number is given, and
//! only once it tells nothing about anybody (security.md D101).

mod store;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use interkpa_federation::Uri;
use interkpa_federation::collections::{Page, ordered};
use interkpa_federation::vocabulary::delete::gone;
use serde::Deserialize;

use super::actors::activity_json;
use super::documents::address;
use super::ours::OurActor;
use super::reader::Reader;
use crate::app::App;
use crate::features::{follows, people};
use crate::http::negotiate::wants_activity_json;
use crate::http::route::Method;
use crate::http::{AppError, Kind, Route};
use crate::ids::MemberId;

/// Activities on one page of an outbox.
const PAGE: i64 = 20;
/// Below it a number of people is not told.
const COUNT_TOLD_MIN: u64 = 5;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let read = |path, handler| Route::fediverse(Method::Get, path, handler);
    vec![
        read("/hub/outbox", get(hub_outbox)),
        read("/hub/followers", get(hub_followers)),
        read("/actor/outbox", get(instance_outbox)),
        read("/members/{id}/outbox", get(member_outbox)),
        read("/members/{id}/followers", get(member_followers)),
        read("/activites/{id}", get(activity)),
    ]
}

/// Which part of an outbox: the collection itself without any, its newest page with `page`.
#[derive(Debug, Deserialize)]
struct Part {
    page: Option<String>,
    /// Id of the last activity of the page before.
    before: Option<String>,
}

async fn hub_outbox(
    State(app): State<App>,
    reader: Reader,
    Query(part): Query<Part>,
) -> Result<Response, AppError> {
    outbox(&app, &reader, &OurActor::Hub, part).await
}

async fn instance_outbox(
    State(app): State<App>,
    reader: Reader,
    Query(part): Query<Part>,
) -> Result<Response, AppError> {
    outbox(&app, &reader, &OurActor::Instance, part).await
}

async fn member_outbox(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> Result<Response, AppError> {
    outbox(&app, &reader, &public_member(&app, &id).await?, part).await
}

async fn hub_followers(State(app): State<App>, reader: Reader) -> Result<Response, AppError> {
    followers(&app, &reader, &OurActor::Hub).await
}

async fn member_followers(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    followers(&app, &reader, &public_member(&app, &id).await?).await
}

async fn public_member(app: &App, id: &str) -> Result<OurActor, AppError> {
    let id = MemberId::parse(id).ok_or_else(AppError::not_found)?;
    let wanted = id.clone();
    let found = app
        .store
        .read(move |conn| people::public_member(conn, &wanted))
        .await?;
    found
        .map(|_| OurActor::Member(id))
        .ok_or_else(AppError::not_found)
}

async fn followers(app: &App, reader: &Reader, actor: &OurActor) -> Result<Response, AppError> {
    reader.may_read_public(app)?;
    let followed = actor.address(app);
    let count = app
        .store
        .read(move |conn| follows::follower_count(conn, &followed))
        .await?;
    let id = address(app, &format!("{}/followers", actor.path()))?;
    let told = (count >= COUNT_TOLD_MIN).then_some(count);
    Ok(activity_json(ordered(&id, told, None).to_string().into()))
}

async fn outbox(
    app: &App,
    reader: &Reader,
    actor: &OurActor,
    part: Part,
) -> Result<Response, AppError> {
    reader.may_read_public(app)?;
    let base = format!("{}/outbox", actor.path());
    let id = address(app, &base)?;
    if part.page.is_none() && part.before.is_none() {
        let first = address(app, &format!("{base}?page=first"))?;
        return Ok(activity_json(
            ordered(&id, None, Some(&first)).to_string().into(),
        ));
    }
    let (actor, before) = (actor.address(app), part.before);
    let own = before.as_ref().map_or_else(
        || format!("{base}?page=first"),
        |before| format!("{base}?before={before}"),
    );
    let found = app
        .store
        .read(move |conn| store::public_page(conn, &actor, before.as_deref(), PAGE + 1))
        .await?;
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = found
        .get(shown.saturating_sub(1))
        .filter(|_| found.len() > shown);
    let next = next
        .map(|(last, _)| address(app, &format!("{base}?before={last}")))
        .transpose()?;
    let page = Page {
        id: address(app, &own)?,
        part_of: id,
        next,
        items: found
            .iter()
            .take(shown)
            .map(|(_, uri)| uri.as_str().into())
            .collect(),
    };
    Ok(activity_json(page.write().to_string().into()))
}

/// One activity: a public one for whoever may read public things, another one for the servers it
/// was sent to.
async fn activity(
    State(app): State<App>,
    headers: HeaderMap,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let found = app
        .store
        .read(move |conn| store::activity(conn, &id))
        .await?;
    let public = found.as_ref().is_some_and(|found| found.public);
    if public {
        reader.may_read_public(&app)?;
    } else {
        let reader = reader.entitled(&app)?.peer.origin.clone();
        let id = found
            .as_ref()
            .map(|found| found.id.clone())
            .unwrap_or_default();
        let sent = app
            .store
            .read(move |conn| store::was_sent_to(conn, &id, &reader))
            .await?;
        if !sent {
            return Err(AppError::not_found());
        }
    }
    let found = found.ok_or_else(AppError::not_found)?;
    if found.body.is_empty() {
        let id = address(&app, &format!("/activites/{}", found.id))?;
        return Err(AppError::gone("gone", gone(&id, Some(&found.kind), None)));
    }
    if wants_activity_json(&headers) {
        return Ok(activity_json(found.body.into()));
    }
    // For a person the thing itself is the page.
    let ours = |uri: &Uri| uri.origin() == app.origin;
    let object = found
        .object
        .as_deref()
        .and_then(|text| Uri::parse(text).ok())
        .filter(ours);
    match object {
        Some(object) => Ok(Redirect::to(object.as_str()).into_response()),
        None => Err(AppError::new(Kind::NotAcceptable, "not_acceptable")),
    }
}
