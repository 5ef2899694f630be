//! A member's own answers, agreements and hours, page by page, for programs.

use axum::extract::{Query, State};
use axum::response::Response;

use crate::app::App;
use crate::db::error::StoreError;
use crate::features::agreements::api::asked::{After, ForMember, doer};
use crate::features::agreements::api::shape::{
    AgreementJson, HoursJson, ResponseJson, WaitingJson, hours_json, waiting_json, whole_json,
    with_agreement,
};
use crate::features::agreements::commands::Whole;
use crate::features::agreements::store::facts;
use crate::features::agreements::store::{self, responses, shorten};
use crate::features::agreements::waiting::steps;
use crate::http::error::AppError;
use crate::http::identity::SignedIn;
use crate::http::json::{self, List};

/// The answers the member gave, newest first.
#[utoipa::path(get, path = "/api/v1/responses", params(After),
    responses((status = 200, body = List<ResponseJson>)))]
pub(super) async fn own_responses(
    State(app): State<App>,
    member: SignedIn,
    Query(query): Query<After>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(query.after.as_deref())?;
    let list = json::read(&app, move |conn| {
        let mut page = responses::page_of_member(conn, &member.id, after.as_ref())?;
        let more = shorten(&mut page, responses::PAGE_MAX);
        let next = page
            .last()
            .filter(|_| more)
            .map(|last| json::cursor(last.created_at, last.id.as_str()));
        let items = page
            .into_iter()
            .map(|answer| with_agreement(conn, answer))
            .collect::<Result<_, StoreError>>()?;
        Ok(List { items, next })
    })
    .await?;
    Ok(json::ok(&list))
}

/// The agreements of the member, newest first; with `for_member` those of somebody for whom the
/// caller acts, without threads and numbers.
#[utoipa::path(get, path = "/api/v1/agreements", params(After),
    responses((status = 200, body = List<AgreementJson>)))]
pub(super) async fn own_agreements(
    State(app): State<App>,
    member: SignedIn,
    Query(query): Query<After>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(query.after.as_deref())?;
    let inner = app.clone();
    let read = app.store.read(move |conn| -> Result<_, AppError> {
        let doer = doer(conn, member, query.for_member.as_deref())?;
        let mut page = store::page_of_member(conn, doer.member(), after.as_ref())?;
        let more = shorten(&mut page, store::PAGE_MAX);
        let next = page
            .last()
            .filter(|_| more)
            .map(|last| json::cursor(last.created_at, last.id.as_str()));
        let mut items = Vec::new();
        for agreement in page {
            let whole = Whole::around(conn, agreement)?;
            items.push(whole_json(&inner, conn, &doer.by.id, &whole)?);
        }
        Ok(List { items, next })
    });
    Ok(json::ok(&read.await?))
}

/// What waits for the member: answers to decide, exchanges to confirm or to do, most urgent first;
/// with `for_member` what waits for somebody for whom the caller acts.
#[utoipa::path(get, path = "/api/v1/waiting", params(ForMember),
    responses((status = 200, body = List<WaitingJson>)))]
pub(super) async fn waiting(
    State(app): State<App>,
    member: SignedIn,
    Query(asked): Query<ForMember>,
) -> Result<Response, AppError> {
    let inner = app.clone();
    let read = app.store.read(move |conn| -> Result<_, AppError> {
        let doer = doer(conn, member, asked.for_member.as_deref())?;
        let steps = steps(&inner, conn, doer.member())?;
        Ok(steps.into_iter().map(waiting_json).collect())
    });
    let items: Vec<WaitingJson> = read.await?;
    Ok(json::ok(&List { items, next: None }))
}

/// « Mes heures », newest first.
#[utoipa::path(get, path = "/api/v1/hours", params(After),
    responses((status = 200, body = List<HoursJson>)))]
pub(super) async fn hours(
    State(app): State<App>,
    member: SignedIn,
    Query(query): Query<After>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(query.after.as_deref())?;
    let list = json::read(&app, move |conn| {
        let mut page = facts::hours_of_member(conn, &member.id, after.as_ref())?;
        let more = shorten(&mut page, facts::HOURS_PAGE_MAX);
        let next = page
            .last()
            .filter(|_| more)
            .map(|last| json::cursor(last.happened_at, &last.id));
        let items: Vec<HoursJson> = page
            .iter()
            .map(|line| hours_json(line, &member.id))
            .collect();
        Ok(List { items, next })
    })
    .await?;
    Ok(json::ok(&list))
}
