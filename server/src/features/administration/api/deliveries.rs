//! `/api/v1/deliveries`: what is on its way to other servers, and what was given up.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use interkpa_federation::Instant;
use interkpa_web::Locale;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::features::administration::trouble;
use crate::features::people::rights::Right;
use crate::fediverse::deliver::{self, Letter, LetterState, Letters};
use crate::fediverse::peers::{self, Decider};
use crate::http::error::{AppError, Kind};
use crate::http::identity::{SignedIn, Visitor};
use crate::http::json::{self, Done, IdempotencyKey, List};
use crate::http::route::{Access, Method, Route};

/// Deliveries in one answer, unless another number is asked for.
const PAGE: i64 = 50;
/// Most deliveries in one answer.
const PAGE_MAX: i64 = 200;
/// Longest cursor: an id.
const CURSOR_BYTES: usize = 36;

pub(super) fn routes() -> Vec<Route> {
    let access = Access::Right(Right::ManagePeers);
    let change = |path, handler| Route::api(Method::Post, path, access, handler);
    vec![
        Route::api(Method::Get, "/api/v1/deliveries", access, get(list)),
        change("/api/v1/deliveries/{id}/retry", post(retry)),
        change("/api/v1/deliveries/{id}/give-up", post(give_up)),
    ]
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Not accepted yet.
    #[default]
    Waiting,
    /// Given up.
    Dead,
    /// Accepted.
    Done,
}

/// Which deliveries.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Asked {
    /// `waiting`, `dead` or `done`; `waiting` when absent.
    #[serde(default)]
    #[param(inline)]
    pub state: Standing,
    /// To this server alone: its name or its address.
    pub peer: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most so many, 1 to 200; 50 when absent.
    pub limit: Option<i64>,
}

/// One activity on its way to one inbox.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeliveryJson {
    /// Its id.
    pub id: String,
    /// Origin of the receiving server.
    pub peer: String,
    /// Address of the activity.
    pub activity: String,
    /// Type of the activity and kind of its object.
    pub kind: String,
    /// `waiting`, `dead` or `done`.
    pub state: &'static str,
    /// Attempts that failed: of this delivery, or in a row of a server that does not answer.
    pub attempts: u32,
    /// HTTP status of its last refusal.
    pub last_status: Option<i32>,
    /// Stable code of its last failure.
    pub last_error: Option<String>,
    /// The same in plain words.
    pub detail: Option<String>,
    /// Not before this instant, while it waits, RFC 3339.
    pub next_attempt_at: Option<String>,
    /// When it was written, RFC 3339.
    pub created_at: String,
    /// When it was accepted or given up, RFC 3339.
    pub ended_at: Option<String>,
}

/// Deliveries in a state, in the order of publication.
#[utoipa::path(get, path = "/api/v1/deliveries", params(Asked),
    responses((status = 200, body = List<DeliveryJson>), (status = 422)))]
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let after = asked.after.filter(|text| !text.is_empty());
    if after
        .as_ref()
        .is_some_and(|text| text.len() != CURSOR_BYTES)
    {
        return Err(AppError::new(Kind::Malformed, "cursor_unknown"));
    }
    let origin = match asked.peer.as_deref() {
        Some(peer) => Some(peers::named(&app, peer)?.as_str().to_owned()),
        None => None,
    };
    let limit = asked.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let state = match asked.state {
        Standing::Waiting => LetterState::Waiting,
        Standing::Dead => LetterState::Dead,
        Standing::Done => LetterState::Done,
    };
    let which = Letters {
        origin,
        after,
        ..Letters::new(state, limit + 1)
    };
    let letters = deliver::letters(&app, which).await?;
    let List { items, next } = json::cut(letters, limit, |letter: &Letter| letter.id.clone());
    let items = items
        .into_iter()
        .map(|letter| DeliveryJson::new(letter, visitor.locale))
        .collect();
    Ok(json::ok(&List { items, next }))
}

/// Sends a delivery again at once, from its first attempt on.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/retry", params(("id" = String, Path)),
    responses((status = 200, body = TurnedJson), (status = 404)))]
pub(super) async fn retry(
    State(app): State<App>,
    member: SignedIn,
    key: IdempotencyKey,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let scope = format!("{}:deliveries:{id}:retry", member.id);
    let by = Decider::Member(member.id);
    let app_in = app.clone();
    json::once(&app, scope, key, move |tx, now| {
        deliver::retry_in(&app_in, tx, now, &id, &by).map(|()| turned(id, LetterState::Waiting))
    })
    .await
}

/// Gives a delivery up that waits; it may be sent again later.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/give-up", params(("id" = String, Path)),
    responses((status = 200, body = TurnedJson), (status = 404)))]
pub(super) async fn give_up(
    State(app): State<App>,
    member: SignedIn,
    key: IdempotencyKey,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let scope = format!("{}:deliveries:{id}:give-up", member.id);
    let by = Decider::Member(member.id);
    let app_in = app.clone();
    json::once(&app, scope, key, move |tx, now| {
        deliver::give_up_in(&app_in, tx, now, &id, &by).map(|()| turned(id, LetterState::Dead))
    })
    .await
}

/// Where a delivery stands now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TurnedJson {
    /// Its id.
    pub id: String,
    /// `waiting` or `dead`.
    pub state: &'static str,
}

fn turned(id: String, state: LetterState) -> Done<TurnedJson> {
    Done {
        status: StatusCode::OK,
        value: TurnedJson {
            id,
            state: state.as_str(),
        },
        location: None,
    }
}

impl DeliveryJson {
    fn new(letter: Letter, locale: Locale) -> Self {
        Self {
            id: letter.id,
            peer: letter.origin,
            activity: letter.activity_uri,
            kind: letter.kind,
            state: letter.state.as_str(),
            attempts: letter.attempts,
            last_status: letter.last_status,
            detail: letter
                .last_error
                .as_deref()
                .map(|code| trouble::sentence(locale, code, letter.last_status)),
            last_error: letter.last_error,
            next_attempt_at: letter.next_try_at.map(Instant::to_rfc3339),
            created_at: letter.created_at.to_rfc3339(),
            ended_at: letter.ended_at.map(Instant::to_rfc3339),
        }
    }
}
