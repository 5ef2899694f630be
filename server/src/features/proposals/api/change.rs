//! Changing calls of the JSON twin.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{self, get, post};
use serde_json::{Map, Value};

use crate::app::App;
use crate::db::conn::Conn;
use crate::features::people::rights::Right;
use crate::features::proposals::api::shape::{self, ProposalJson, QuestionJson};
use crate::features::proposals::commands::{self, By, Pictures, Prepared, ProposalError};
use crate::features::proposals::model::Proposal;
use crate::features::proposals::model::new::{NewProposal, lines};
use crate::features::proposals::pages::{edit, remarks, seen, show};
use crate::features::proposals::store::{self, marks, replies};
use crate::features::proposals::view::Beside;
use crate::features::proposals::{pictures, questions as words};
use crate::http::error::{AppError, Kind};
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::json::{self, Body, IdempotencyKey, List};
use crate::http::route::{Access, Method, Route};
use crate::ids::ProposalId;

/// The entries of the authorisation table.
pub fn routes() -> Vec<Route> {
    let change = |path, handler| Route::api(Method::Post, path, Access::Member, handler);
    let remove = |path, handler| Route::api(Method::Delete, path, Access::Member, handler);
    let read = |path, handler| Route::api(Method::Get, path, Access::Anyone, handler);
    vec![
        change("/api/v1/proposals/{id}", post(update)),
        remove("/api/v1/proposals/{id}", routing::delete(delete)),
        change("/api/v1/proposals/{id}/withdraw", post(withdraw)),
        change("/api/v1/proposals/{id}/fulfil", post(fulfil)),
        change("/api/v1/proposals/{id}/suspend", post(suspend)),
        change("/api/v1/proposals/{id}/resume", post(resume)),
        change("/api/v1/proposals/{id}/widen", post(widen)),
        change("/api/v1/proposals/{id}/hide", post(hide)),
        remove("/api/v1/proposals/{id}/hide", routing::delete(unhide)),
        change("/api/v1/proposals/{id}/report", post(report)),
        read("/api/v1/proposals/{id}/questions", get(questions)),
        change("/api/v1/proposals/{id}/questions", post(ask)),
    ]
}

/// Longest reason kept, in characters.
const REASON_MAX: usize = 500;

/// Changes the members given, keeps the others.
///
/// # Errors
/// 404, 403, 409 `changed_meanwhile` when `rev` is not the present one, 422 with the fields.
#[utoipa::path(post, path = "/api/v1/proposals/{id}", tag = "proposals",
    params(("id" = String, Path)), request_body = shape::NewProposalJson,
    responses((status = 200, body = ProposalJson)))]
pub async fn update(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    Body(body): Body<Map<String, Value>>,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let (identity, reader, wanted) = (visitor.0.clone(), member.clone(), id.clone());
    let proposal = app
        .store
        .read(move |conn| mine(conn, &identity, &reader, &wanted))
        .await?;
    let mut typed = edit::filled(&proposal);
    typed.clear("rev");
    shape::lay_over(&mut typed, &body)?;
    let seen = typed.value("rev").parse().ok();
    let fixed = edit::fixed(&proposal);
    let Some(new) = NewProposal::parse(&mut typed, app.now(), Some(&fixed)) else {
        return Err(shape::refused(&typed, visitor.locale));
    };
    let (app_in, prepared) = (app.clone(), Prepared::of(new));
    let answer = app
        .write(move |tx| -> Result<_, AppError> {
            let by = By::Member(&member.id, &member.roles);
            let now = app_in.now();
            let done = commands::edit(
                &app_in,
                tx,
                now,
                by,
                (&id, seen),
                &prepared,
                Pictures::default(),
            )?;
            answer(&app_in, tx, &done.proposal)
        })
        .await?;
    Ok(json::ok(&answer))
}

/// Takes it back, without a reason.
///
/// # Errors
/// 404, 403, 409 when it is closed already.
#[utoipa::path(delete, path = "/api/v1/proposals/{id}", tag = "proposals",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn delete(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    take_back(&app, visitor, member, &id, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Takes it back; `reason` is told to who answered.
///
/// # Errors
/// As [`delete`].
#[utoipa::path(post, path = "/api/v1/proposals/{id}/withdraw", tag = "proposals",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    Body(body): Body<Map<String, Value>>,
) -> Result<Response, AppError> {
    let reason: String = lines(
        body.get("reason")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    )
    .chars()
    .take(REASON_MAX)
    .collect();
    let reason = (!reason.is_empty()).then_some(reason);
    take_back(&app, visitor, member, &id, reason).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn take_back(
    app: &App,
    visitor: Visitor,
    member: SignedIn,
    id: &str,
    reason: Option<String>,
) -> Result<(), AppError> {
    let id = ProposalId::parse(id).ok_or_else(AppError::not_found)?;
    let app_in = app.clone();
    let done = app
        .write(move |tx| -> Result<_, AppError> {
            mine(tx, &visitor, &member, &id)?;
            let by = By::Member(&member.id, &member.roles);
            Ok(commands::withdraw(
                &app_in,
                tx,
                app_in.now(),
                by,
                &id,
                reason.as_deref(),
            )?)
        })
        .await?;
    pictures::forget(app, done.pictures_gone).await;
    Ok(())
}

/// « Trouvé ! »
///
/// # Errors
/// 404, 403, 409 when it is closed already.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/fulfil", tag = "proposals",
    params(("id" = String, Path)), responses((status = 200, body = ProposalJson)))]
pub async fn fulfil(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    change(&app, visitor, member, &id, |app, tx, by, id| {
        commands::fulfil(app, tx, app.now(), by, id).map(drop)
    })
    .await
}

/// Keeps it back for a moment.
///
/// # Errors
/// As [`fulfil`].
#[utoipa::path(post, path = "/api/v1/proposals/{id}/suspend", tag = "proposals",
    params(("id" = String, Path)), responses((status = 200, body = ProposalJson)))]
pub async fn suspend(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    change(&app, visitor, member, &id, |app, tx, by, id| {
        commands::suspend(app, tx, app.now(), by, id, None).map(drop)
    })
    .await
}

/// Shows it again.
///
/// # Errors
/// As [`fulfil`]; 403 `kept_back` when the team decided otherwise.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/resume", tag = "proposals",
    params(("id" = String, Path)), responses((status = 200, body = ProposalJson)))]
pub async fn resume(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    change(&app, visitor, member, &id, |app, tx, by, id| {
        commands::resume(app, tx, app.now(), by, id).map(drop)
    })
    .await
}

/// Shows an unmet need one step wider, at once.
///
/// # Errors
/// As [`fulfil`].
#[utoipa::path(post, path = "/api/v1/proposals/{id}/widen", tag = "proposals",
    params(("id" = String, Path)), responses((status = 200, body = ProposalJson)))]
pub async fn widen(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    change(&app, visitor, member, &id, |app, tx, by, id| {
        commands::widen(app, tx, app.now(), by, id).map(drop)
    })
    .await
}

async fn change(
    app: &App,
    visitor: Visitor,
    member: SignedIn,
    id: &str,
    command: fn(&App, &mut Conn, By<'_>, &ProposalId) -> Result<(), ProposalError>,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(id).ok_or_else(AppError::not_found)?;
    let app_in = app.clone();
    let answer = app
        .write(move |tx| -> Result<_, AppError> {
            mine(tx, &visitor, &member, &id)?;
            command(&app_in, tx, By::Member(&member.id, &member.roles), &id)?;
            let proposal = store::find(tx, &id)?.ok_or_else(AppError::not_found)?;
            answer(&app_in, tx, &proposal)
        })
        .await?;
    Ok(json::ok(&answer))
}

pub(super) fn answer(
    app: &App,
    tx: &mut Conn,
    proposal: &Proposal,
) -> Result<ProposalJson, AppError> {
    let beside = Beside::read(tx, &[show::authorship(proposal)])?;
    Ok(shape::whole(app, proposal, &beside, true))
}

/// The proposal, if this member may see it and change it.
pub(super) fn mine(
    conn: &mut Conn,
    identity: &Identity,
    member: &SignedIn,
    id: &ProposalId,
) -> Result<Proposal, AppError> {
    let proposal = seen(store::find(conn, id)?, identity)?;
    proposal
        .editable_by(&member.id, &member.roles)
        .map_err(|refusal| AppError::new(Kind::Forbidden, refusal.code()))?;
    Ok(proposal)
}

/// Hides it from the caller's lists.
///
/// # Errors
/// 404 for who may not see it.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/hide", tag = "proposals",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn hide(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let now = app.now();
    app.write(move |tx| -> Result<_, AppError> {
        let proposal = seen(store::find(tx, &id)?, &visitor)?;
        Ok(marks::hide(tx, &member.id, &proposal.uri, now)?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Shows it in the caller's lists again.
///
/// # Errors
/// 404 for who may not see it.
#[utoipa::path(delete, path = "/api/v1/proposals/{id}/hide", tag = "proposals",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn unhide(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    app.write(move |tx| -> Result<_, AppError> {
        let proposal = seen(store::find(tx, &id)?, &visitor)?;
        Ok(marks::unhide(tx, &member.id, &proposal.uri)?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Reports it to the team: `reason` (`spam`, `unsafe`, `hurtful`, `personal_data`, `other`),
/// `words`, `forward`.
///
/// # Errors
/// 404 for who may not see it, 422 with the fields.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/report", tag = "proposals",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn report(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    Body(body): Body<Map<String, Value>>,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let mut typed = shape::to_form(&body)?;
    let Some(reason) = remarks::reason(&mut typed, visitor.locale) else {
        return Err(shape::refused(&typed, visitor.locale));
    };
    let proposal = app
        .store
        .read(move |conn| -> Result<_, AppError> { seen(store::find(conn, &id)?, &visitor) })
        .await?;
    remarks::keep(&app, &member, proposal, reason).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Questions and remarks under it, the oldest first; at most 100.
///
/// # Errors
/// 404 for who may not see it.
#[utoipa::path(get, path = "/api/v1/proposals/{id}/questions", tag = "proposals",
    params(("id" = String, Path)), responses((status = 200, body = List<QuestionJson>)))]
pub async fn questions(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let identity = visitor.0.clone();
    let replies = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let proposal = seen(store::find(conn, &id)?, &identity)?;
            let moderates = identity
                .member
                .as_ref()
                .is_some_and(|m| m.may(Right::Moderate));
            let with_held = moderates || show::manages(&proposal, &identity);
            Ok(replies::under(conn, &id, with_held)?)
        })
        .await?;
    let in_hub = visitor.member.is_some();
    let items: Vec<QuestionJson> = replies
        .iter()
        .map(|reply| shape::question(&app, reply, in_hub))
        .collect();
    Ok(json::ok(&List { items, next: None }))
}

/// Asks a question: `question`, at most 1 000 characters.
///
/// # Errors
/// 404 for who may not see it, 409 when it is closed, 422 with the field.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/questions", tag = "proposals",
    params(("id" = String, Path)), responses((status = 201, body = QuestionJson)))]
pub async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<Map<String, Value>>,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let mut typed = shape::to_form(&body)?;
    let Some(text) = words::parse(&mut typed) else {
        return Err(shape::refused(&typed, visitor.locale));
    };
    let reply = words::ask(&app, &visitor, &member, id, text, &key.0).await?;
    let mut response = json::ok(&shape::question(&app, &reply, true));
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}
