//! The JSON twin of the pages: the same rules, the same refusals.

pub mod change;
pub mod pictures;
pub mod shape;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use interkpa_federation::Origin;
use interkpa_federation::vocabulary::terms::{Purpose, Settlement};
use interkpa_web::words::Category;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::app::App;
use crate::db::search::Words;
use crate::features::people;
use crate::features::people::rights::Right;
use crate::features::proposals::commands::{self, OnBehalf, Prepared};
use crate::features::proposals::model::new::NewProposal;
use crate::features::proposals::pages::{list, publish, seen, show};
use crate::features::proposals::store;
use crate::features::proposals::store::page::{self, Cursor, Filter, ListReader, PAGE};
use crate::features::proposals::view::Beside;
use crate::http::error::{AppError, Kind};
use crate::http::identity::{SignedIn, Visitor};
use crate::http::json::{self, Body, Done, IdempotencyKey, List};
use crate::http::route::{Access, Method, Route};
use crate::ids::ProposalId;

use shape::{ProposalJson, SummaryJson};

/// The entries of the authorisation table.
pub fn routes() -> Vec<Route> {
    use Access::{Anyone, Member};
    let mut all = vec![
        Route::api(Method::Get, "/api/v1/proposals", Anyone, get(index)),
        Route::api(Method::Post, "/api/v1/proposals", Member, post(create)),
        Route::api(Method::Get, "/api/v1/proposals/{id}", Anyone, get(find)),
    ];
    all.extend(change::routes());
    all.extend(pictures::routes());
    all
}

/// This part of the description of the interface.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    index,
    create,
    find,
    change::update,
    change::delete,
    change::withdraw,
    change::fulfil,
    change::suspend,
    change::resume,
    change::widen,
    change::hide,
    change::unhide,
    change::report,
    change::questions,
    change::ask,
    pictures::add,
    pictures::describe,
    pictures::delete
))]
pub struct Description;

/// What narrows the list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct Asked {
    /// Words that must all stand in it; accents and plurals do not matter.
    q: Option<String>,
    /// `own`, or the origin of a hub: `https://bobinette.example`.
    hub: Option<String>,
    /// `offer` or `request`.
    purpose: Option<String>,
    /// A theme: `textile`, `mobility`, …
    category: Option<String>,
    /// A way of settling: `hours`, `gift`, …
    settlement: Option<String>,
    /// A commune, as written.
    town: Option<String>,
    /// `true`: the caller's own, whatever their state.
    mine: Option<bool>,
    /// The `next` of the page before.
    after: Option<String>,
    /// At most so many, 1 to 100; 20 when absent.
    limit: Option<i64>,
}

/// Offers and needs the caller may see, the newest first.
///
/// # Errors
/// 400 `cursor_unknown`, 422 for an unknown word.
#[utoipa::path(get, path = "/api/v1/proposals", tag = "proposals", params(Asked),
    responses((status = 200, body = List<SummaryJson>)))]
pub async fn index(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let after = match asked.after.as_deref().filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => match Cursor::parse(text) {
            Some(cursor) => Some(cursor),
            None => return Err(AppError::new(Kind::Malformed, "cursor_unknown")),
        },
    };
    let reader = match (&visitor.member, asked.mine) {
        (Some(member), Some(true)) => ListReader::Author(member.id.clone()),
        _ => list::list_reader(&visitor),
    };
    let limit = asked.limit.unwrap_or(PAGE);
    let Some(filter) = filter(&app, &asked)? else {
        return Ok(json::ok(&List::<SummaryJson> {
            items: Vec::new(),
            next: None,
        }));
    };
    let (items, next, beside) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let page = page::page(conn, &filter, &reader, after.as_ref(), limit)?;
            let list: Vec<_> = page
                .items
                .iter()
                .map(crate::features::proposals::view::authorship)
                .collect();
            let beside = Beside::read(conn, &list)?;
            Ok((page.items, page.next, beside))
        })
        .await?;
    let in_hub = visitor.member.is_some();
    let items = items
        .iter()
        .map(|one| shape::summary(&app, one, &beside, in_hub))
        .collect();
    Ok(json::ok(&List {
        items,
        next: next.map(|cursor| cursor.to_string()),
    }))
}

/// The filter asked for; `None` when nothing can match.
fn filter(app: &App, asked: &Asked) -> Result<Option<Filter>, AppError> {
    let word = |field: &str| shape::unknown_word(field);
    let words = match asked.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        None => None,
        Some(q) => match Words::parse(q) {
            Some(words) => Some(words),
            None => return Ok(None),
        },
    };
    let origin = match asked.hub.as_deref() {
        None | Some("") => None,
        Some("own") => Some(app.origin.as_str().to_owned()),
        Some(other) => Some(
            Origin::parse(other)
                .map_err(|_unreadable| word("hub"))?
                .as_str()
                .to_owned(),
        ),
    };
    let parse = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
    Ok(Some(Filter {
        words,
        actor: None,
        origin,
        purpose: parse(&asked.purpose)
            .map(|text| Purpose::parse(&text).ok_or_else(|| word("purpose")))
            .transpose()?,
        category: parse(&asked.category)
            .map(|text| Category::from_code(&text).ok_or_else(|| word("category")))
            .transpose()?,
        settlement: parse(&asked.settlement)
            .map(|text| Settlement::parse(&text).ok_or_else(|| word("settlement")))
            .transpose()?,
        town: parse(&asked.town),
        author: None,
    }))
}

/// Publishes an offer or a need. `for_member` or `for_name` with `consent` publish for somebody
/// else, for who may act on behalf of others.
///
/// # Errors
/// 422 with the fields at fault.
#[utoipa::path(post, path = "/api/v1/proposals", tag = "proposals",
    request_body = shape::NewProposalJson,
    responses((status = 201, body = ProposalJson), (status = 422, body = crate::http::error::Problem)))]
pub async fn create(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    key: IdempotencyKey,
    Body(body): Body<Map<String, Value>>,
) -> Result<Response, AppError> {
    let mut typed = shape::to_form(&body)?;
    if typed.value("kind").is_empty() {
        typed.set("kind", "service");
    }
    let on_behalf = on_behalf(&app, &member, &mut typed).await?;
    let parsed = NewProposal::parse(&mut typed, app.now(), None);
    let Some(new) = parsed.filter(|_| typed.is_fine()) else {
        return Err(shape::refused(&typed, visitor.locale));
    };
    let (app_in, prepared) = (app.clone(), Prepared::of(new));
    let scope = format!("api:publish:{}", member.id);
    json::once(&app, scope, key, move |tx, now| -> Result<_, AppError> {
        let by = (&member.id, on_behalf.as_ref());
        let proposal = commands::publish_new(&app_in, tx, now, by, prepared, Vec::new())?;
        let beside = Beside::read(tx, &[show::authorship(&proposal)])?;
        Ok(Done {
            status: StatusCode::CREATED,
            location: Some(format!("/api/v1/proposals/{}", proposal.id)),
            value: shape::whole(&app_in, &proposal, &beside, true),
        })
    })
    .await
}

async fn on_behalf(
    app: &App,
    member: &SignedIn,
    typed: &mut interkpa_web::form::Form,
) -> Result<Option<OnBehalf>, AppError> {
    if typed.value("for_member").is_empty() && typed.value("for_name").is_empty() {
        return Ok(None);
    }
    member.require(Right::ActOnBehalf)?;
    let cards = app.store.read(people::active_cards).await?;
    let members: Vec<(String, String)> = cards
        .into_iter()
        .map(|card| (card.id.as_str().to_owned(), card.name))
        .collect();
    Ok(publish::on_behalf(typed, &members))
}

/// One offer or need.
///
/// # Errors
/// 404 for who may not see it, 410 once it was taken back.
#[utoipa::path(get, path = "/api/v1/proposals/{id}", tag = "proposals",
    params(("id" = String, Path)), responses((status = 200, body = ProposalJson)))]
pub async fn find(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let identity = visitor.0.clone();
    let (proposal, beside) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let proposal = seen(store::find(conn, &id)?, &identity)?;
            let beside = Beside::read(conn, &[show::authorship(&proposal)])?;
            Ok((proposal, beside))
        })
        .await?;
    Ok(json::ok(&shape::whole(
        &app,
        &proposal,
        &beside,
        visitor.member.is_some(),
    )))
}
