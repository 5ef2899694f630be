//! `/api/v1/members`: accounts and their roles, for who manages members.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use interkpa_federation::Instant;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::people::commands::{By, team};
use crate::features::people::rights::{Right, Role, Roles};
use crate::features::people::{self, MemberRow};
use crate::http::error::{AppError, FieldError};
use crate::http::identity::SignedIn;
use crate::http::json::{self, Body, Done, IdempotencyKey, List};
use crate::http::route::{Access, Method, Route};
use crate::ids::MemberId;

/// Members in one answer.
const PAGE: i64 = 50;

pub(super) fn routes() -> Vec<Route> {
    let access = Access::Right(Right::ManageMembers);
    let read = |path, handler| Route::api(Method::Get, path, access, handler);
    let change = |path, handler| Route::api(Method::Post, path, access, handler);
    vec![
        read("/api/v1/members", get(list)),
        read("/api/v1/members/{id}", get(find)),
        change("/api/v1/members/{id}/roles", post(set_roles)),
        change("/api/v1/members/{id}/suspend", post(suspend)),
        change("/api/v1/members/{id}/reopen", post(reopen)),
    ]
}

/// Which members.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Asked {
    /// Part of a handle or a name.
    #[serde(default)]
    pub q: String,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// A member as the administration sees them: nothing private.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MemberJson {
    /// Id.
    pub id: String,
    /// Handle in this KPA.
    pub handle: String,
    /// Name people read.
    pub name: String,
    /// `active` or `suspended`.
    pub state: String,
    /// Roles and permissions held now.
    pub roles: Vec<&'static str>,
    /// Last use of a device, RFC 3339.
    pub seen_at: Option<String>,
}

/// The roles and permissions somebody shall hold, all of them.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewRoles {
    /// `cooperant`, `facilitator`, …; what is not named is taken away.
    pub roles: Vec<String>,
}

impl From<MemberRow> for MemberJson {
    fn from(row: MemberRow) -> Self {
        Self {
            id: row.id.to_string(),
            handle: row.handle,
            name: row.name,
            state: row.state,
            roles: row.roles.iter().map(Role::as_str).collect(),
            seen_at: row.seen_at.map(Instant::to_rfc3339),
        }
    }
}

/// Members of this KPA, in the order of their handle.
#[utoipa::path(get, path = "/api/v1/members", params(Asked),
    responses((status = 200, body = List<MemberJson>)))]
pub(super) async fn list(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let words: String = asked.q.trim().chars().take(100).collect();
    let rows = json::read(&app, move |conn| {
        people::members_page(conn, &words, asked.after.as_deref(), PAGE + 1)
    })
    .await?;
    let found = json::cut(rows, PAGE, |row: &MemberRow| row.handle.clone());
    Ok(json::ok(&List {
        items: found.items.into_iter().map(MemberJson::from).collect(),
        next: found.next,
    }))
}

/// One member.
#[utoipa::path(get, path = "/api/v1/members/{id}", params(("id" = String, Path)),
    responses((status = 200, body = MemberJson), (status = 404)))]
pub(super) async fn find(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = subject(&id)?;
    Ok(json::ok(
        &json::read(&app, move |conn| one(conn, &id)).await?,
    ))
}

fn one(conn: &mut Conn, id: &MemberId) -> Result<MemberJson, StoreError> {
    let row = people::member_row(conn, id)?.ok_or(StoreError::NotFound)?;
    Ok(row.into())
}

fn subject(id: &str) -> Result<MemberId, AppError> {
    MemberId::parse(id).ok_or_else(AppError::not_found)
}

/// Sets the roles of somebody else; the last technical administrator stays.
#[utoipa::path(post, path = "/api/v1/members/{id}/roles", params(("id" = String, Path)),
    request_body = NewRoles,
    responses((status = 200, body = MemberJson), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn set_roles(
    State(app): State<App>,
    member: SignedIn,
    key: IdempotencyKey,
    Path(id): Path<String>,
    Body(new): Body<NewRoles>,
) -> Result<Response, AppError> {
    let parsed: Result<Roles, _> = new.roles.iter().map(|word| word.parse::<Role>()).collect();
    let wanted = parsed
        .map_err(|_unknown| AppError::invalid(vec![FieldError::new("roles", "unknown_choice")]))?;
    change(app, member, key, &id, "roles", move |app, tx, by, id| {
        team::set_roles_in(app, tx, by, id, &wanted)
    })
    .await
}

/// Closes somebody's account for a time: devices and keys end at once.
#[utoipa::path(post, path = "/api/v1/members/{id}/suspend", params(("id" = String, Path)),
    responses((status = 200, body = MemberJson), (status = 404), (status = 409)))]
pub(super) async fn suspend(
    State(app): State<App>,
    member: SignedIn,
    key: IdempotencyKey,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    change(app, member, key, &id, "suspend", team::suspend_in).await
}

/// Opens a suspended account again.
#[utoipa::path(post, path = "/api/v1/members/{id}/reopen", params(("id" = String, Path)),
    responses((status = 200, body = MemberJson), (status = 404)))]
pub(super) async fn reopen(
    State(app): State<App>,
    member: SignedIn,
    key: IdempotencyKey,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    change(app, member, key, &id, "reopen", team::reopen_in).await
}

async fn change(
    app: App,
    member: SignedIn,
    key: IdempotencyKey,
    id: &str,
    verb: &str,
    change: impl FnOnce(&App, &mut Conn, &By, &MemberId) -> Result<(), AppError> + Send + 'static,
) -> Result<Response, AppError> {
    let id = subject(id)?;
    let scope = format!("{}:members:{id}:{verb}", member.id);
    let (app_in, by) = (app.clone(), By::Member(member.id));
    json::once(&app, scope, key, move |tx, _now| -> Result<_, AppError> {
        change(&app_in, tx, &by, &id)?;
        Ok(Done {
            status: StatusCode::OK,
            value: one(tx, &id)?,
            location: None,
        })
    })
    .await
}
