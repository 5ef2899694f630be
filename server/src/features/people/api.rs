//! People, for programs: the caller, members, invitations.

pub mod invitations;
pub mod members;

use axum::response::Response;
use axum::routing::get;
use serde::Serialize;

use crate::app::App;
use crate::features::notifications;
use crate::features::people::rights::{Right, Role};
use crate::http::error::AppError;
use crate::http::identity::{Credential, SignedIn};
use crate::http::json;
use crate::http::route::{Access, Method, Route};
use axum::extract::State;

/// The routes of this feature's JSON twin.
pub(super) fn routes() -> Vec<Route> {
    let mut all = vec![Route::api(
        Method::Get,
        "/api/v1/me",
        Access::Member,
        get(me),
    )];
    all.extend(members::routes());
    all.extend(invitations::routes());
    all
}

/// This part of the description of the interface.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    me,
    members::list,
    members::find,
    members::set_roles,
    members::suspend,
    members::reopen,
    invitations::list,
    invitations::create,
    invitations::cancel,
))]
pub(super) struct Description;

/// Who calls, and what they may do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MeJson {
    /// Id of the member.
    pub id: String,
    /// Handle in this KPA.
    pub handle: String,
    /// `@handle@host`.
    pub address: String,
    /// Name people read.
    pub name: String,
    /// Roles held now.
    pub roles: Vec<&'static str>,
    /// What the roles let them do beyond every member.
    pub rights: Vec<&'static str>,
    /// What the key in use lets a program do.
    pub scopes: Vec<&'static str>,
    /// Notices not read yet, counted up to 100.
    pub unread: u32,
}

/// Who calls.
#[utoipa::path(get, path = "/api/v1/me", responses((status = 200, body = MeJson)))]
pub(super) async fn me(State(app): State<App>, member: SignedIn) -> Result<Response, AppError> {
    let id = member.id.clone();
    let unread = json::read(&app, move |conn| notifications::unread(conn, &id)).await?;
    let scopes = match &member.credential {
        Credential::Token { scopes, .. } => scopes.words(),
        Credential::Session { .. } => Vec::new(),
    };
    Ok(json::ok(&MeJson {
        address: format!("@{}@{}", member.handle, app.origin.authority()),
        id: member.id.to_string(),
        roles: member.roles.iter().map(Role::as_str).collect(),
        rights: Right::ALL
            .into_iter()
            .filter(|right| member.may(*right))
            .map(Right::as_str)
            .collect(),
        handle: member.handle,
        name: member.name,
        scopes,
        unread,
    }))
}
