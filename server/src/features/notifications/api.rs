//! Notices, for programs: `/api/v1/notifications`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use interkpa_federation::Instant;
use interkpa_web::Locale;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::features::notifications::pages;
use crate::features::notifications::store::{self, Row};
use crate::http::error::AppError;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::json::{self, List};
use crate::http::route::{Access, Method, Route};

/// Notices in one answer.
const PAGE: i64 = 50;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let member = Access::Member;
    let path = "/api/v1/notifications";
    let read_one = "/api/v1/notifications/{id}/read";
    vec![
        Route::api(Method::Get, path, member, get(list)),
        Route::api(
            Method::Post,
            "/api/v1/notifications/read",
            member,
            post(read_all),
        ),
        Route::api(Method::Post, read_one, member, post(read)),
    ]
}

/// This part of the description of the interface.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, read_all, read))]
pub(super) struct Description;

/// Which notices.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Asked {
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// One notice.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NotificationJson {
    /// Its id.
    pub id: String,
    /// What happened: `response_received`, `message_received`, …
    pub kind: String,
    /// The same as a sentence, in the language asked for.
    pub sentence: String,
    /// Path of the page it leads to.
    pub href: String,
    /// When it happened, RFC 3339.
    pub created_at: String,
    /// When it was read, RFC 3339.
    pub read_at: Option<String>,
}

impl NotificationJson {
    fn new(row: Row, locale: Locale) -> Self {
        Self {
            sentence: pages::sentence(locale, &row).0,
            id: row.id,
            kind: row.kind,
            href: row.href,
            created_at: row.created_at.to_rfc3339(),
            read_at: row.read_at.map(Instant::to_rfc3339),
        }
    }
}

/// The caller's notices, newest first.
#[utoipa::path(get, path = "/api/v1/notifications", params(Asked),
    responses((status = 200, body = List<NotificationJson>)))]
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(asked.after.as_deref())?;
    let rows = json::read(&app, move |conn| {
        store::page(conn, &member.id, after, PAGE + 1)
    })
    .await?;
    let found = json::cut(rows, PAGE, |row: &Row| {
        json::cursor(row.created_at, &row.id)
    });
    let items = found
        .items
        .into_iter()
        .map(|row| NotificationJson::new(row, visitor.locale));
    Ok(json::ok(&List {
        items: items.collect(),
        next: found.next,
    }))
}

/// Marks all of the caller's notices as read.
#[utoipa::path(post, path = "/api/v1/notifications/read", responses((status = 204)))]
pub(super) async fn read_all(
    State(app): State<App>,
    member: SignedIn,
) -> Result<Response, AppError> {
    let now = app.now();
    app.write(move |tx| -> Result<(), AppError> {
        store::read_all(tx, &member.id, now)?;
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Marks one notice as read; one that was read stays as it is.
#[utoipa::path(post, path = "/api/v1/notifications/{id}/read", params(("id" = String, Path)),
    responses((status = 204), (status = 404)))]
pub(super) async fn read(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let now = app.now();
    app.write(move |tx| -> Result<(), AppError> {
        if store::read_one(tx, &member.id, &id, now)? {
            Ok(())
        } else {
            Err(AppError::not_found())
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
