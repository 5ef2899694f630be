//! `/api/v1/audit`: who did what.

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::db::audit::{self, Entry, Search};
use crate::features::people::rights::Right;
use crate::http::error::AppError;
use crate::http::json::{self, List};
use crate::http::route::{Access, Method, Route};

/// Entries in one answer.
const PAGE: i64 = 100;

pub(super) fn routes() -> Vec<Route> {
    let access = Access::Right(Right::ReadAudit);
    vec![Route::api(Method::Get, "/api/v1/audit", access, get(list))]
}

/// Which entries.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Asked {
    /// Of this actor: id of a member, address of an actor, name of a job or a command.
    pub actor: Option<String>,
    /// By this command: `peer_allow`, `role_give`, …
    pub command: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// One change of state.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EntryJson {
    /// Id.
    pub id: String,
    /// When, RFC 3339.
    pub at: String,
    /// `member`, `peer`, `system` or `operator`.
    pub actor_kind: String,
    /// Id of a member, address of an actor, name of a job or a command.
    pub actor: String,
    /// For whom, when somebody of the team acted for them.
    pub on_behalf_of: Option<String>,
    /// What was done.
    pub command: String,
    /// What kind of thing changed.
    pub subject_kind: String,
    /// Its key.
    pub subject: String,
    /// State before.
    pub old_state: Option<String>,
    /// State after.
    pub new_state: Option<String>,
    /// The reason given.
    pub reason: Option<String>,
}

impl From<Entry> for EntryJson {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            at: entry.at.to_rfc3339(),
            actor_kind: entry.actor_kind,
            actor: entry.actor,
            on_behalf_of: entry.on_behalf_of,
            command: entry.command,
            subject_kind: entry.subject_kind,
            subject: entry.subject_id,
            old_state: entry.old_state,
            new_state: entry.new_state,
            reason: entry.reason,
        }
    }
}

/// The journal, newest first.
#[utoipa::path(get, path = "/api/v1/audit", params(Asked),
    responses((status = 200, body = List<EntryJson>)))]
pub(super) async fn list(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let search = Search {
        after: json::read_cursor(asked.after.as_deref())?,
        actor: asked.actor,
        command: asked.command,
    };
    let entries = json::read(&app, move |conn| audit::page(conn, &search, PAGE + 1)).await?;
    let found = json::cut(entries, PAGE, |entry: &Entry| {
        json::cursor(entry.at, &entry.id)
    });
    Ok(json::ok(&List {
        items: found.items.into_iter().map(EntryJson::from).collect(),
        next: found.next,
    }))
}
