//! `/api/v1/invitations`: whom the team invited.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use interkpa_federation::Span;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::db::once::{self, Answered};
use crate::features::people::accounts::check_name;
use crate::features::people::commands::{self, By, team};
use crate::features::people::rights::{Right, Role};
use crate::features::people::{self, InvitationRow};
use crate::http::error::{AppError, FieldError};
use crate::http::identity::SignedIn;
use crate::http::json::{self, Body, Done, IdempotencyKey, List};
use crate::http::route::{Access, Method, Route};

/// Invitations in one answer.
const PAGE: i64 = 50;
/// Longest life of an invitation, in days.
const DAYS_MAX: i64 = 7;

pub(super) fn routes() -> Vec<Route> {
    let path = "/api/v1/invitations";
    let manages = Access::Right(Right::ManageMembers);
    vec![
        Route::api(Method::Get, path, manages, get(list)),
        Route::api(
            Method::Post,
            path,
            Access::Right(Right::Invite),
            post(create),
        ),
        Route::api(
            Method::Post,
            "/api/v1/invitations/{id}/cancel",
            manages,
            post(cancel),
        ),
    ]
}

/// Which invitations.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Asked {
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// Whom to invite.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewInvitationJson {
    /// First name, or what the person is called.
    pub name: String,
    /// A role the caller may give: `user`, `cooperant`, …
    pub role: String,
    /// Days it works, 1 to 7; 7 when absent.
    pub days: Option<i64>,
}

/// One invitation; its secret is not here.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InvitationJson {
    /// Id.
    pub id: String,
    /// `join` or `recovery`.
    pub purpose: String,
    /// For whom.
    pub name: String,
    /// Name of who invited; empty for the operator.
    pub by: String,
    /// The role it gives.
    pub role: Option<&'static str>,
    /// `open`, `used`, `expired` or `cancelled`.
    pub state: &'static str,
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// Until when it works, RFC 3339.
    pub expires_at: String,
}

/// An invitation just made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InvitedJson {
    /// Id.
    pub id: String,
    /// The link to hand over; told once, `null` in the answer to a repeated call.
    pub url: Option<String>,
    /// Until when it works, RFC 3339.
    pub expires_at: String,
}

/// An invitation taken back.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CancelledJson {
    /// Id.
    pub id: String,
    /// `cancelled`.
    pub state: &'static str,
}

/// Invitations and recoveries, newest first.
#[utoipa::path(get, path = "/api/v1/invitations", params(Asked),
    responses((status = 200, body = List<InvitationJson>)))]
pub(super) async fn list(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(asked.after.as_deref())?;
    let rows = json::read(&app, move |conn| {
        people::invitations_page(conn, after, PAGE + 1)
    })
    .await?;
    let found = json::cut(rows, PAGE, |row: &InvitationRow| {
        json::cursor(row.created_at, &row.id)
    });
    let now = app.now();
    let item = |row: InvitationRow| InvitationJson {
        state: match row.state.as_str() {
            "used" => "used",
            "revoked" => "cancelled",
            _ if row.expires_at <= now => "expired",
            _ => "open",
        },
        id: row.id,
        purpose: row.purpose,
        name: row.name,
        by: row.by,
        role: row.role.map(Role::as_str),
        created_at: row.created_at.to_rfc3339(),
        expires_at: row.expires_at.to_rfc3339(),
    };
    Ok(json::ok(&List {
        items: found.items.into_iter().map(item).collect(),
        next: found.next,
    }))
}

/// Invites somebody. The secret is in this answer alone: a repeated call does not get it again.
#[utoipa::path(post, path = "/api/v1/invitations", request_body = NewInvitationJson,
    responses((status = 201, body = InvitedJson), (status = 409), (status = 422)))]
pub(super) async fn create(
    State(app): State<App>,
    member: SignedIn,
    key: IdempotencyKey,
    Body(new): Body<NewInvitationJson>,
) -> Result<Response, AppError> {
    let (name, role, days) = checked(&member, &new)?;
    let scope = format!("{}:invitations", member.id);
    let (app_in, by) = (app.clone(), By::Member(member.id));
    let (text, url) = app
        .write(move |tx| -> Result<(String, Option<String>), AppError> {
            let now = app_in.now();
            if let Some(before) = once::claim(tx, &scope, &key.0, now)? {
                return Ok((before.body.unwrap_or_default(), None));
            }
            let life = Span::days(days);
            let made = commands::invite_in(&app_in, tx, &by, name, role, life)?;
            let kept = InvitedJson {
                id: made.id.to_string(),
                url: None,
                expires_at: made.expires_at.to_rfc3339(),
            };
            // What is kept for a repetition does not hold the secret.
            let text = serde_json::to_string(&kept).map_err(AppError::internal)?;
            let answer = Answered {
                status: StatusCode::CREATED.as_u16(),
                location: None,
                body: Some(text.clone()),
            };
            once::answered(tx, &scope, &key.0, &answer)?;
            Ok((text, Some(app_in.address(&made.path))))
        })
        .await?;
    let mut body: serde_json::Value = serde_json::from_str(&text).map_err(AppError::internal)?;
    if let (Some(url), Some(members)) = (url, body.as_object_mut()) {
        members.insert("url".to_owned(), url.into());
    }
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

fn checked(member: &SignedIn, new: &NewInvitationJson) -> Result<(String, Role, i64), AppError> {
    let mut wrong = Vec::new();
    let name = check_name(&new.name).unwrap_or_else(|code| {
        wrong.push(FieldError::new("name", code));
        String::new()
    });
    let chosen = new.role.parse::<Role>().ok();
    let role = chosen.filter(|role| member.roles.invitable().contains(role));
    if role.is_none() {
        wrong.push(FieldError::new("role", "unknown_choice"));
    }
    let days = new.days.unwrap_or(DAYS_MAX);
    if !(1..=DAYS_MAX).contains(&days) {
        wrong.push(FieldError::new("days", "out_of_range"));
    }
    match role {
        Some(role) if wrong.is_empty() => Ok((name, role, days)),
        _ => Err(AppError::invalid(wrong)),
    }
}

/// Takes an open invitation or recovery back.
#[utoipa::path(post, path = "/api/v1/invitations/{id}/cancel", params(("id" = String, Path)),
    responses((status = 200, body = CancelledJson), (status = 404)))]
pub(super) async fn cancel(
    State(app): State<App>,
    member: SignedIn,
    key: IdempotencyKey,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let scope = format!("{}:invitations:{id}:cancel", member.id);
    let (app_in, by) = (app.clone(), By::Member(member.id));
    json::once(&app, scope, key, move |tx, _now| -> Result<_, AppError> {
        team::cancel_invitation_in(&app_in, tx, &by, &id)?;
        Ok(Done {
            status: StatusCode::OK,
            value: CancelledJson {
                id,
                state: "cancelled",
            },
            location: None,
        })
    })
    .await
}
