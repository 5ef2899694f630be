//! Answers, for programs.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::api::asked::{AcceptJson, NewResponseJson, WordsJson, doer};
use crate::features::agreements::api::shape::{
    AgreementJson, ResponseJson, agreement_json, response_json, with_agreement,
};
use crate::features::agreements::api::{proposal_id, response_id, scope};
use crate::features::agreements::commands::{self, Doer};
use crate::features::agreements::store::responses;
use crate::features::{people, proposals};
use crate::http::error::AppError;
use crate::http::identity::SignedIn;
use crate::http::json::{self, Body, Done, IdempotencyKey, List};
use crate::ids::ResponseId;

/// Answers a proposal, once for each `Idempotency-Key`; with `for_member` and `consent` for a member
/// who uses no screen.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/responses", params(("id" = String, Path)), request_body = NewResponseJson,
    responses((status = 201, body = ResponseJson)))]
pub(super) async fn respond(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<NewResponseJson>,
) -> Result<Response, AppError> {
    let id = proposal_id(&id)?;
    let (inner, scope) = (app.clone(), scope(&member, "respond", id.as_str()));
    json::once(&app, scope, key, move |tx, now| -> Result<_, AppError> {
        let proposal = proposals::find_for(tx, &id, &member)?.ok_or_else(AppError::not_found)?;
        let new = body.check(&proposal.details.settlements)?;
        let doer = doer(tx, member, body.for_member.as_deref())?;
        // Nobody chooses for somebody else whose number is shown.
        let choice = body.share_contact.filter(|_| doer.for_member.is_none());
        if let Some(shares) = choice {
            people::choose_contact(&inner, tx, now, &doer.by.id, shares)?;
        }
        let answer = commands::respond(&inner, tx, now, &doer, &id, new)?;
        let location = format!("/api/v1/responses/{}", answer.id);
        let value = response_json(answer, None);
        Ok(Done {
            status: StatusCode::CREATED,
            value,
            location: Some(location),
        })
    })
    .await
}

/// The answers to a proposal: all of them for its author and for who decides for the author, the own
/// one for anybody else.
#[utoipa::path(get, path = "/api/v1/proposals/{id}/responses", params(("id" = String, Path)),
    responses((status = 200, body = List<ResponseJson>)))]
pub(super) async fn of_proposal(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = proposal_id(&id)?;
    let list = json::read(&app, move |conn| {
        let proposal = proposals::find_for(conn, &id, &member)?.ok_or(StoreError::NotFound)?;
        let decides = proposal.editable_by(&member.id, &member.roles).is_ok();
        let mut items = Vec::new();
        for answer in responses::of_proposal(conn, &id)? {
            if decides || answer.member.as_ref() == Some(&member.id) {
                items.push(with_agreement(conn, answer)?);
            }
        }
        Ok(List { items, next: None })
    })
    .await?;
    Ok(json::ok(&list))
}

/// Accepts an answer: the agreement it became.
#[utoipa::path(post, path = "/api/v1/responses/{id}/accept", params(("id" = String, Path)), request_body = Option<AcceptJson>,
    responses((status = 201, body = AgreementJson)))]
pub(super) async fn accept(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Option<Body<AcceptJson>>,
) -> Result<Response, AppError> {
    let id = response_id(&id)?;
    let choice = body.and_then(|Body(body)| body.share_contact);
    let (inner, scope) = (app.clone(), scope(&member, "accept", id.as_str()));
    json::once(&app, scope, key, move |tx, now| -> Result<_, AppError> {
        if let Some(shares) = choice {
            people::choose_contact(&inner, tx, now, &member.id, shares)?;
        }
        let doer = Doer::own(member);
        let agreement = commands::accept(&inner, tx, now, &doer, &id)?;
        let value = agreement_json(&inner, tx, &doer.by.id, &agreement)?;
        let location = format!("/api/v1/agreements/{agreement}");
        Ok(Done {
            status: StatusCode::CREATED,
            value,
            location: Some(location),
        })
    })
    .await
}

/// Refuses an answer.
#[utoipa::path(post, path = "/api/v1/responses/{id}/refuse", params(("id" = String, Path)), request_body = WordsJson,
    responses((status = 200, body = ResponseJson)))]
pub(super) async fn refuse(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<WordsJson>,
) -> Result<Response, AppError> {
    let id = response_id(&id)?;
    let reason = body.reason()?;
    let (inner, scope) = (app.clone(), scope(&member, "refuse", id.as_str()));
    json::once(&app, scope, key, move |tx, now| -> Result<_, AppError> {
        commands::refuse(&inner, tx, now, &Doer::own(member), &id, &reason)?;
        done_response(tx, &id)
    })
    .await
}

/// Takes an own answer back.
#[utoipa::path(post, path = "/api/v1/responses/{id}/cancel", params(("id" = String, Path)), responses((status = 200, body = ResponseJson)))]
pub(super) async fn take_back(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
) -> Result<Response, AppError> {
    let id = response_id(&id)?;
    let (inner, scope) = (app.clone(), scope(&member, "cancel", id.as_str()));
    json::once(&app, scope, key, move |tx, now| -> Result<_, AppError> {
        commands::take_back(&inner, tx, now, &Doer::own(member), &id)?;
        done_response(tx, &id)
    })
    .await
}

fn done_response(tx: &mut Conn, id: &ResponseId) -> Result<Done<ResponseJson>, AppError> {
    let answer = responses::find(tx, id)?.ok_or(StoreError::NotFound)?;
    Ok(Done {
        status: StatusCode::OK,
        value: with_agreement(tx, answer)?,
        location: None,
    })
}
