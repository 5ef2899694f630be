//! Reports, for programs: `/api/v1/reports`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use interkpa_federation::Instant;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::db::error::StoreError;
use crate::features::moderation::pages::{self, Case};
use crate::features::moderation::store::{self, Report};
use crate::features::people::rights::Right;
use crate::http::error::{AppError, FieldError};
use crate::http::identity::SignedIn;
use crate::http::json::{self, Body, Done, IdempotencyKey, List};
use crate::http::route::{Access, Method, Route};

/// Reports in one answer.
const PAGE: i64 = 50;
/// Longest reason, in characters.
const REASON_MAX: usize = 1_000;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let moderates = Access::Right(Right::Moderate);
    vec![
        Route::api(Method::Get, "/api/v1/reports", moderates, get(list)),
        Route::api(Method::Get, "/api/v1/reports/{id}", moderates, get(find)),
        Route::api(
            Method::Post,
            "/api/v1/reports/{id}/decision",
            moderates,
            post(decide),
        ),
    ]
}

/// This part of the description of the interface.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, find, decide))]
pub(super) struct Description;

/// Whether reports wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// They wait for a decision.
    #[default]
    Open,
    /// They were decided.
    Closed,
}

/// Which reports.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Asked {
    /// `open` or `closed`; `open` when absent.
    #[serde(default)]
    #[param(inline)]
    pub state: Standing,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// One report.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportJson {
    /// Its id.
    pub id: String,
    /// Address of what is reported.
    pub uri: String,
    /// Its title as it read then.
    pub title: String,
    /// Its text as it read then.
    pub content: String,
    /// Code of the reason: `spam`, `unsafe`, `hurtful`, `personal_data`, `other`.
    pub reason: String,
    /// The words of whoever reported.
    pub words: String,
    /// Id of the member who reported; never told to the author.
    pub reported_by: Option<String>,
    /// Origin of the server it came from, when another one.
    pub peer: Option<String>,
    /// `open`, `kept`, `hidden` or `forwarded`.
    pub state: String,
    /// The reason given to the author.
    pub decision: Option<String>,
    /// Id of the member who decided.
    pub decided_by: Option<String>,
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// When it was decided, RFC 3339.
    pub decided_at: Option<String>,
}

/// A decision.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewDecision {
    /// `nothing` or `hide`.
    pub decision: String,
    /// Why: the author reads it.
    pub reason: String,
}

impl From<Report> for ReportJson {
    fn from(report: Report) -> Self {
        let (reason, words) = pages::split(&report.reason);
        Self {
            id: report.id,
            uri: report.uri,
            title: report.title,
            content: report.evidence,
            reason,
            words,
            reported_by: report.reporter.map(|id| id.to_string()),
            peer: report.reporter_origin,
            state: report.state,
            decision: report.decision,
            decided_by: report.decided_by.map(|id| id.to_string()),
            created_at: report.created_at.to_rfc3339(),
            decided_at: report.decided_at.map(Instant::to_rfc3339),
        }
    }
}

/// Reports: the open ones oldest first, the decided ones newest first.
#[utoipa::path(get, path = "/api/v1/reports", params(Asked),
    responses((status = 200, body = List<ReportJson>)))]
pub(super) async fn list(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(asked.after.as_deref())?;
    let open = asked.state == Standing::Open;
    let reports = json::read(&app, move |conn| store::page(conn, open, after, PAGE + 1)).await?;
    let found = json::cut(reports, PAGE, |report: &Report| {
        let at = if open {
            report.created_at
        } else {
            report.decided_at.unwrap_or(report.created_at)
        };
        json::cursor(at, &report.id)
    });
    Ok(json::ok(&List {
        items: found.items.into_iter().map(ReportJson::from).collect(),
        next: found.next,
    }))
}

/// One report.
#[utoipa::path(get, path = "/api/v1/reports/{id}", params(("id" = String, Path)),
    responses((status = 200, body = ReportJson), (status = 404)))]
pub(super) async fn find(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let found = json::read(&app, move |conn| {
        store::find(conn, &id)?.ok_or(StoreError::NotFound)
    });
    Ok(json::ok(&ReportJson::from(found.await?)))
}

/// Decides every open report about the same thing; the author is told why.
#[utoipa::path(post, path = "/api/v1/reports/{id}/decision", params(("id" = String, Path)),
    request_body = NewDecision,
    responses((status = 200, body = ReportJson), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn decide(
    State(app): State<App>,
    member: SignedIn,
    key: IdempotencyKey,
    Path(id): Path<String>,
    Body(new): Body<NewDecision>,
) -> Result<Response, AppError> {
    let reason: String = new.reason.trim().chars().take(REASON_MAX).collect();
    let mut wrong = Vec::new();
    if reason.is_empty() {
        wrong.push(FieldError::new("reason", "required"));
    }
    let Some(state) = pages::state_of(&new.decision).filter(|_| wrong.is_empty()) else {
        if pages::state_of(&new.decision).is_none() {
            wrong.push(FieldError::new("decision", "unknown_choice"));
        }
        return Err(AppError::invalid(wrong));
    };
    let (app_in, scope) = (app.clone(), format!("{}:reports:{id}", member.id));
    json::once(&app, scope, key, move |tx, now| -> Result<_, AppError> {
        let case: Case = pages::case(tx, &id)?.ok_or_else(AppError::not_found)?;
        pages::decide_in(&app_in, tx, now, &member.id, &case, state, &reason)?;
        let report = store::find(tx, &id)?.ok_or(StoreError::NotFound)?;
        Ok(Done {
            status: StatusCode::OK,
            value: ReportJson::from(report),
            location: None,
        })
    })
    .await
}
