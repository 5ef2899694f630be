//! What is done with an agreement, for programs.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::AgreementState;

use crate::app::App;
use crate::db::conn::Conn;
use crate::features::agreements::api::asked::{ForMember, WordsJson, doer};
use crate::features::agreements::api::shape::{AgreementJson, agreement_json, whole_json};
use crate::features::agreements::api::{agreement_id, scope};
use crate::features::agreements::commands::{self, AgreementError, Doer, Settling, Whole};
use crate::features::people::rights::Right;
use crate::http::error::AppError;
use crate::http::identity::SignedIn;
use crate::http::json::{self, Body, Done, IdempotencyKey};
use crate::ids::AgreementId;

/// One agreement, for its parties, whoever settles its disagreement, and, with `for_member`, whoever
/// acts for a party: neither of the latter reads the thread and the numbers.
#[utoipa::path(get, path = "/api/v1/agreements/{id}", params(("id" = String, Path), ForMember), responses((status = 200, body = AgreementJson)))]
pub(super) async fn show(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<ForMember>,
) -> Result<Response, AppError> {
    let id = agreement_id(&id)?;
    let inner = app.clone();
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let whole = Whole::load(conn, &id)?;
            let doer = doer(conn, member, asked.for_member.as_deref())?;
            let member = &doer.by;
            let settles = member.may(Right::SettleDispute)
                && whole.agreement.state == AgreementState::Contested;
            if whole.side_of(doer.member()).is_none() && !settles {
                return Err(AppError::not_found());
            }
            Ok(whole_json(&inner, conn, &member.id, &whole)?)
        })
        .await?;
    Ok(json::ok(&found))
}

/// Says that it was done. `done` and `confirm` are one word said by the two parties: whoever comes
/// second confirms.
#[utoipa::path(post, path = "/api/v1/agreements/{id}/done", params(("id" = String, Path)), request_body = WordsJson,
    responses((status = 200, body = AgreementJson)))]
pub(super) async fn say(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Option<Body<WordsJson>>,
) -> Result<Response, AppError> {
    let body = body.map(|Body(body)| body).unwrap_or_default();
    let word = body.word(app.now())?;
    change(
        app,
        (member, body.for_member),
        &id,
        "say",
        key,
        move |app, tx, now, doer, id| commands::say(app, tx, now, doer, id, word).map(drop),
    )
    .await
}

/// Confirms what the other party declared.
#[utoipa::path(post, path = "/api/v1/agreements/{id}/confirm", params(("id" = String, Path)), request_body = WordsJson,
    responses((status = 200, body = AgreementJson)))]
pub(super) async fn confirm(
    app: State<App>,
    member: SignedIn,
    id: Path<String>,
    key: IdempotencyKey,
    body: Option<Body<WordsJson>>,
) -> Result<Response, AppError> {
    say(app, member, id, key, body).await
}

/// Says it was not as the other party says.
#[utoipa::path(post, path = "/api/v1/agreements/{id}/contest", params(("id" = String, Path)), request_body = WordsJson,
    responses((status = 200, body = AgreementJson)))]
pub(super) async fn contest(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<WordsJson>,
) -> Result<Response, AppError> {
    let reason = body.reason_needed()?;
    change(
        app,
        (member, body.for_member),
        &id,
        "contest",
        key,
        move |app, tx, now, doer, id| commands::contest(app, tx, now, doer, id, &reason),
    )
    .await
}

/// Calls the agreement off.
#[utoipa::path(post, path = "/api/v1/agreements/{id}/cancel", params(("id" = String, Path)), request_body = WordsJson,
    responses((status = 200, body = AgreementJson)))]
pub(super) async fn cancel(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Option<Body<WordsJson>>,
) -> Result<Response, AppError> {
    let body = body.map(|Body(body)| body).unwrap_or_default();
    let reason = body.reason()?;
    change(
        app,
        (member, body.for_member),
        &id,
        "cancel",
        key,
        move |app, tx, now, doer, id| commands::cancel(app, tx, now, doer, id, &reason),
    )
    .await
}

/// Writes to the other party.
#[utoipa::path(post, path = "/api/v1/agreements/{id}/messages", params(("id" = String, Path)), request_body = WordsJson,
    responses((status = 200, body = AgreementJson)))]
pub(super) async fn message(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<WordsJson>,
) -> Result<Response, AppError> {
    let text = body.text_needed()?;
    change(
        app,
        (member, None),
        &id,
        "message",
        key,
        move |app, tx, now, doer, id| commands::message(app, tx, now, doer, id, &text),
    )
    .await
}

/// A facilitator settles a disagreement.
#[utoipa::path(post, path = "/api/v1/agreements/{id}/settle", params(("id" = String, Path)), request_body = WordsJson,
    responses((status = 200, body = AgreementJson)))]
pub(super) async fn settle(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<WordsJson>,
) -> Result<Response, AppError> {
    let settling = Settling {
        words: body.reason_needed()?,
        outcome: body.outcome()?,
        minutes: body.minutes()?,
    };
    change(
        app,
        (member, None),
        &id,
        "settle",
        key,
        move |app, tx, now, doer, id| commands::settle(app, tx, now, doer, id, &settling),
    )
    .await
}

/// One change of an agreement by a member, or for the party named, answered with the agreement as it
/// stands then.
async fn change(
    app: App,
    (member, for_member): (SignedIn, Option<String>),
    id: &str,
    route: &str,
    key: IdempotencyKey,
    deed: impl FnOnce(&App, &mut Conn, Instant, &Doer, &AgreementId) -> Result<(), AgreementError>
    + Send
    + 'static,
) -> Result<Response, AppError> {
    let id = agreement_id(id)?;
    let (inner, scope) = (app.clone(), scope(&member, route, id.as_str()));
    json::once(&app, scope, key, move |tx, now| -> Result<_, AppError> {
        let doer = doer(tx, member, for_member.as_deref())?;
        deed(&inner, tx, now, &doer, &id)?;
        let value = agreement_json(&inner, tx, &doer.by.id, &id)?;
        Ok(Done {
            status: StatusCode::OK,
            value,
            location: None,
        })
    })
    .await
}
