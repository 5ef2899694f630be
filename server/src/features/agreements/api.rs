//! The JSON twin of answers, agreements and hours, under `/api/v1`: what programs send is in
//! `asked`, what they read in `shape`.

mod answers;
mod asked;
mod deeds;
mod lists;
mod shape;

use axum::routing::{get, post};

use crate::features::people::rights::Right;
use crate::http::error::AppError;
use crate::http::identity::SignedIn;
use crate::http::{Access, Method, Route};
use crate::ids::{AgreementId, ProposalId, ResponseId};

/// The routes of this feature's part of the JSON twin.
#[expect(clippy::too_many_lines, reason = "the table of routes")]
pub(super) fn routes() -> Vec<Route> {
    let member = Access::Member;
    let (read, change) = (Method::Get, Method::Post);
    vec![
        Route::api(
            change,
            "/api/v1/proposals/{id}/responses",
            member,
            post(answers::respond),
        ),
        Route::api(
            read,
            "/api/v1/proposals/{id}/responses",
            member,
            get(answers::of_proposal),
        ),
        Route::api(read, "/api/v1/responses", member, get(lists::own_responses)),
        Route::api(
            change,
            "/api/v1/responses/{id}/accept",
            member,
            post(answers::accept),
        ),
        Route::api(
            change,
            "/api/v1/responses/{id}/refuse",
            member,
            post(answers::refuse),
        ),
        Route::api(
            change,
            "/api/v1/responses/{id}/cancel",
            member,
            post(answers::take_back),
        ),
        Route::api(
            read,
            "/api/v1/agreements",
            member,
            get(lists::own_agreements),
        ),
        Route::api(read, "/api/v1/agreements/{id}", member, get(deeds::show)),
        Route::api(
            change,
            "/api/v1/agreements/{id}/done",
            member,
            post(deeds::say),
        ),
        Route::api(
            change,
            "/api/v1/agreements/{id}/confirm",
            member,
            post(deeds::confirm),
        ),
        Route::api(
            change,
            "/api/v1/agreements/{id}/contest",
            member,
            post(deeds::contest),
        ),
        Route::api(
            change,
            "/api/v1/agreements/{id}/cancel",
            member,
            post(deeds::cancel),
        ),
        Route::api(
            change,
            "/api/v1/agreements/{id}/messages",
            member,
            post(deeds::message),
        ),
        Route::api(
            change,
            "/api/v1/agreements/{id}/settle",
            Access::Right(Right::SettleDispute),
            post(deeds::settle),
        ),
        Route::api(read, "/api/v1/hours", member, get(lists::hours)),
        Route::api(read, "/api/v1/waiting", member, get(lists::waiting)),
    ]
}

/// This part of the description of the interface.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    answers::respond,
    answers::of_proposal,
    answers::accept,
    answers::refuse,
    answers::take_back,
    lists::own_responses,
    lists::own_agreements,
    lists::hours,
    lists::waiting,
    deeds::show,
    deeds::say,
    deeds::confirm,
    deeds::contest,
    deeds::cancel,
    deeds::message,
    deeds::settle
))]
pub(super) struct Description;

fn scope(member: &SignedIn, route: &str, id: &str) -> String {
    format!("api:{}:{route}:{id}", member.id)
}

fn proposal_id(text: &str) -> Result<ProposalId, AppError> {
    ProposalId::parse(text).ok_or_else(AppError::not_found)
}

fn response_id(text: &str) -> Result<ResponseId, AppError> {
    ResponseId::parse(text).ok_or_else(AppError::not_found)
}

fn agreement_id(text: &str) -> Result<AgreementId, AppError> {
    AgreementId::parse(text).ok_or_else(AppError::not_found)
}
