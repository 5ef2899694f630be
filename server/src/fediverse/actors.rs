//! `/hub`, `/actor`, `/members/{id}`: one address each, a document for programs, a page for people.
//!
//! The instance actor and the hub's actor hold the keys of this hub: everybody reads them, unsigned
//! and whatever the tier. Two servers that demand signatures would block each other otherwise, and
//! two hubs in mode `network` could never allow each other (federation.md 2.7, 3.2 note 2). Members
//! follow the tier table.

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use interkpa_federation::Uri;
use serde::Deserialize;

use super::documents;
use super::gone;
use super::ours::OurActor;
use super::reader::Reader;
use crate::app::App;
use crate::db::error::StoreError;
use crate::features::{follows, people};
use crate::http::negotiate::{ACTIVITY_JSON, wants_activity_json};
use crate::http::route::Method;
use crate::http::{Access, AppError, Route, Visitor};
use crate::ids::MemberId;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page("/hub", Access::Anyone, get(hub)),
        Route::fediverse(Method::Get, "/actor", get(instance)),
        Route::page("/members/{id}", Access::Anyone, get(member)),
    ]
}

/// Where a page goes on.
#[derive(Debug, Deserialize)]
struct Part {
    apres: Option<String>,
}

async fn hub(
    State(app): State<App>,
    headers: HeaderMap,
    visitor: Visitor,
    Query(part): Query<Part>,
    // Its signature counts as a sign of life of its server; nothing depends on it.
    _reader: Result<Reader, AppError>,
) -> Result<Response, AppError> {
    if wants_activity_json(&headers) {
        return Ok(activity_json(documents::hub(&app).await?));
    }
    follows::own_page(&app, &visitor, part.apres.as_deref()).await
}

async fn instance(State(app): State<App>, headers: HeaderMap) -> Result<Response, AppError> {
    if wants_activity_json(&headers) {
        return Ok(activity_json(documents::instance(&app).await?));
    }
    Ok(Redirect::to("/").into_response())
}

async fn member(
    State(app): State<App>,
    headers: HeaderMap,
    reader: Reader,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> Result<Response, AppError> {
    let id = MemberId::parse(&id).ok_or_else(AppError::not_found)?;
    if !wants_activity_json(&headers) {
        return people::member_page(&app, &visitor, &id, part.apres.as_deref()).await;
    }
    reader.may_read_public(&app)?;
    match documents::member(&app, &id).await? {
        Some(document) => Ok(activity_json(document)),
        None => Err(gone_or_unknown(&app, OurActor::Member(id).address(&app)).await?),
    }
}

/// 410 for what was deleted and was public, else 404.
///
/// # Errors
/// Those of the store.
pub async fn gone_or_unknown(app: &App, uri: String) -> Result<AppError, AppError> {
    let asked = uri.clone();
    let left = app.store.read(move |conn| gone::ours(conn, &asked)).await?;
    let uri = Uri::parse(&uri).map_err(StoreError::broken)?;
    Ok(left.map_or_else(AppError::not_found, |left| left.refusal("gone", &uri)))
}

/// A document under the type that every peer reads.
pub fn activity_json(document: Bytes) -> Response {
    let mut response = document.into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(ACTIVITY_JSON),
    );
    response
}
