//! Votes, for programs: `/api/v1/votes`.

mod bodies;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use interkpa_federation::Instant;
use interkpa_federation::governance::hash::ObjectHash;
use serde::Deserialize;

use crate::app::App;
use crate::features::people::rights::Right;
use crate::features::votes::commands::{self, Hand, NewBallot, NewPoll};
use crate::features::votes::view::{self, Cursor};
use crate::http::json::{self, Body, Done, IdempotencyKey};
use crate::http::{Access, AppError, Kind, Method, Route, SignedIn};

pub use bodies::{
    BallotBody, CertifiedView, ElectorView, FaultView, OpenBody, Opened, PreparedView, VoiceView,
    VoteLine, VoteList, VoteView,
};

const PATH: &str = "/api/v1/votes";
const ONE: &str = "/api/v1/votes/{hash}";
const BALLOTS: &str = "/api/v1/votes/{hash}/ballots";
const CONFIRM: &str = "/api/v1/votes/{hash}/ballots/{id}/confirm";
const CANCEL: &str = "/api/v1/votes/{hash}/cancel";
/// Votes in one answer.
const PAGE: i64 = 50;

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    let vote = Access::Right(Right::Vote);
    vec![
        Route::api(Method::Get, PATH, Access::Anyone, get(list)),
        Route::api(Method::Post, PATH, vote, post(open)),
        Route::api(Method::Get, ONE, Access::Anyone, get(show)),
        Route::api(Method::Post, BALLOTS, vote, post(prepare)),
        Route::api(
            Method::Post,
            CONFIRM,
            Access::Right(Right::ConfirmVote),
            post(confirm),
        ),
        Route::api(Method::Post, CANCEL, vote, post(cancel)),
    ]
}

/// This part of the description of the interface.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, open, show, prepare, confirm, cancel))]
pub(super) struct Description;

/// Which votes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ListQuery {
    /// The cursor of the page before.
    pub after: Option<String>,
}

fn hand(member: &SignedIn) -> Hand {
    Hand {
        member: member.id.clone(),
        roles: member.roles.clone(),
    }
}

fn hash_of(text: &str) -> Result<ObjectHash, AppError> {
    ObjectHash::parse(text).ok_or_else(AppError::not_found)
}

fn cursor(text: &str) -> Result<Cursor, AppError> {
    let invalid = || AppError::new(Kind::Malformed, "cursor_invalid");
    let (at, hash) = text.split_once('.').ok_or_else(invalid)?;
    let at: i64 = at.parse().map_err(|_no_number| invalid())?;
    let hash = ObjectHash::parse(hash).ok_or_else(invalid)?;
    Ok((Instant::from_milliseconds(at), hash))
}

/// The votes of the network, those that close last first.
#[utoipa::path(get, path = PATH, params(ListQuery), responses((status = 200, body = VoteList)))]
async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Json<VoteList>, AppError> {
    let after = query.after.as_deref().map(cursor).transpose()?;
    let app_in = app.clone();
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            Ok(view::list(&app_in, conn, after, PAGE + 1)?)
        })
        .await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > page;
    let shown = found.get(..page.min(found.len())).unwrap_or_default();
    let next = shown.last().filter(|_| more);
    let next = next.map(|last| format!("{}.{}", last.closes_at.as_milliseconds(), last.hash));
    Ok(Json(VoteList {
        items: shown.iter().map(VoteLine::of).collect(),
        next,
    }))
}

/// Opens a vote: signed by this hub, sent to every KPA with a voice.
#[utoipa::path(post, path = PATH, request_body = OpenBody,
    responses((status = 201, body = Opened), (status = 403), (status = 409), (status = 422)))]
async fn open(
    State(app): State<App>,
    member: SignedIn,
    key: IdempotencyKey,
    Body(asked): Body<OpenBody>,
) -> Result<Response, AppError> {
    let (app_in, by, new) = (app.clone(), hand(&member), NewPoll::try_from(asked)?);
    let scope = format!("api:vote:{}", member.id);
    json::once(&app, scope, key, move |tx, _| -> Result<_, AppError> {
        let hash = commands::open_in(&app_in, tx, &by, &new)?.to_string();
        Ok(Done {
            status: StatusCode::CREATED,
            location: Some(format!("{PATH}/{hash}")),
            value: Opened { hash },
        })
    })
    .await
}

/// One vote: who has a voice and who voted, receipts, result, incidents.
#[utoipa::path(get, path = ONE, params(("hash" = String, Path, description = "hash of the poll")),
    responses((status = 200, body = VoteView), (status = 404)))]
async fn show(
    State(app): State<App>,
    Path(hash): Path<String>,
) -> Result<Json<VoteView>, AppError> {
    let hash = hash_of(&hash)?;
    let app_in = app.clone();
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(view::one(&app_in, conn, hash)?) })
        .await?;
    let whole = found.ok_or_else(AppError::not_found)?;
    Ok(Json(VoteView::of(&whole)))
}

/// Prepares the ballot of this KPA; another one, until the close, changes its voice.
#[utoipa::path(post, path = BALLOTS, request_body = BallotBody,
    params(("hash" = String, Path, description = "hash of the poll")),
    responses((status = 201, description = "cast", body = PreparedView),
        (status = 202, description = "waits for a second person", body = PreparedView),
        (status = 403), (status = 404), (status = 409), (status = 422), (status = 503)))]
async fn prepare(
    State(app): State<App>,
    member: SignedIn,
    key: IdempotencyKey,
    Path(hash): Path<String>,
    Body(asked): Body<BallotBody>,
) -> Result<(StatusCode, Json<PreparedView>), AppError> {
    let new = NewBallot {
        choice: asked.choice,
        reason: asked.reason,
        mandate: asked.mandate,
    };
    let done = commands::prepare(&app, &hand(&member), hash_of(&hash)?, new, key.0).await?;
    let status = if done.ballot.is_some() {
        StatusCode::CREATED
    } else {
        StatusCode::ACCEPTED
    };
    Ok((status, Json(PreparedView::of(&done))))
}

/// Confirms, as a second person, the ballot that somebody else prepared: it is signed and sent.
#[utoipa::path(post, path = CONFIRM,
    params(("hash" = String, Path, description = "hash of the poll"),
        ("id" = String, Path, description = "key of the prepared ballot")),
    responses((status = 200, body = PreparedView),
        (status = 403), (status = 404), (status = 409), (status = 503)))]
async fn confirm(
    State(app): State<App>,
    member: SignedIn,
    Path((hash, id)): Path<(String, String)>,
) -> Result<Json<PreparedView>, AppError> {
    let done = commands::confirm(&app, &hand(&member), hash_of(&hash)?, &id).await?;
    Ok(Json(PreparedView::of(&done)))
}

/// Takes back a vote that this KPA opened, before its close.
#[utoipa::path(post, path = CANCEL, params(("hash" = String, Path, description = "hash of the poll")),
    responses((status = 204), (status = 403), (status = 404), (status = 409)))]
async fn cancel(
    State(app): State<App>,
    member: SignedIn,
    Path(hash): Path<String>,
) -> Result<StatusCode, AppError> {
    commands::cancel(&app, &hand(&member), hash_of(&hash)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
