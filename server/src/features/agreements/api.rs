//! The JSON twin of answers, agreements and hours, under `/api/v1`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::{AgreementState, Settlement};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::{
    self, AgreementError, Doer, NewResponse, Whole, deeds::Word,
};
use crate::features::agreements::model::{
    MESSAGE_CHARACTERS_MAX, MINUTES_STEP, REASON_CHARACTERS_MAX,
};
use crate::features::agreements::store::facts::{self, FactRow, Speaker};
use crate::features::agreements::store::responses::{self, Response as Answer};
use crate::features::agreements::store::{self, thread};
use crate::features::people::rights::Right;
use crate::features::proposals;
use crate::http::error::{AppError, FieldError};
use crate::http::identity::SignedIn;
use crate::http::json::{self, Body, Done, IdempotencyKey, List};
use crate::http::{Access, Method, Route};
use crate::ids::{AgreementId, MemberId, ProposalId, ResponseId};

/// The routes of this feature's part of the JSON twin.
pub(super) fn routes() -> Vec<Route> {
    let member = Access::Member;
    let (read, change) = (Method::Get, Method::Post);
    vec![
        Route::api(change, "/api/v1/proposals/{id}/responses", member, post(respond)),
        Route::api(read, "/api/v1/proposals/{id}/responses", member, get(of_proposal)),
        Route::api(read, "/api/v1/responses", member, get(own_responses)),
        Route::api(change, "/api/v1/responses/{id}/accept", member, post(accept)),
        Route::api(change, "/api/v1/responses/{id}/refuse", member, post(refuse)),
        Route::api(change, "/api/v1/responses/{id}/cancel", member, post(take_back)),
        Route::api(read, "/api/v1/agreements", member, get(own_agreements)),
        Route::api(read, "/api/v1/agreements/{id}", member, get(show)),
        Route::api(change, "/api/v1/agreements/{id}/done", member, post(say)),
        Route::api(change, "/api/v1/agreements/{id}/confirm", member, post(say)),
        Route::api(change, "/api/v1/agreements/{id}/contest", member, post(contest)),
        Route::api(change, "/api/v1/agreements/{id}/cancel", member, post(cancel)),
        Route::api(change, "/api/v1/agreements/{id}/messages", member, post(message)),
        Route::api(
            change,
            "/api/v1/agreements/{id}/settle",
            Access::Right(Right::SettleDispute),
            post(settle),
        ),
        Route::api(read, "/api/v1/hours", member, get(hours)),
    ]
}

/// An answer as programs read it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ResponseJson {
    /// Local key.
    pub id: String,
    /// Address of its activity.
    pub uri: String,
    /// Local key of the proposal.
    pub proposal: String,
    /// Name of whoever answers.
    pub name: String,
    /// Plain text.
    pub message: String,
    /// Units.
    pub quantity: i64,
    /// How it would be settled.
    pub settlement: String,
    /// « samedi 14 h »
    pub planned: String,
    /// `sent`, `accepted`, `refused`, `cancelled`, `expired`.
    pub state: String,
    /// Reason of a refusal.
    pub reason: Option<String>,
    /// Local key of the agreement it became.
    pub agreement: Option<String>,
    /// RFC 3339.
    pub created_at: String,
}

/// A party of an agreement as its other party reads it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PartyJson {
    /// `proposer` or `responder`.
    pub side: String,
    /// Name.
    pub name: String,
    /// Address of the actor that speaks for this party.
    pub actor: String,
    /// Whether it is the reader.
    pub me: bool,
    /// Telephone, when this person shares it.
    pub phone: Option<String>,
    /// E-mail, when this person shares it.
    pub email: Option<String>,
}

/// What somebody says happened.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FactJson {
    /// Address.
    pub uri: String,
    /// `proposer`, `responder` or `facilitator`.
    pub by: String,
    /// What kind of thing happened.
    pub action: String,
    /// Duration, for an agreement in hours.
    pub minutes: Option<i64>,
    /// RFC 3339.
    pub happened_at: String,
    /// A few words.
    pub note: String,
}

/// One message of the private thread.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MessageJson {
    /// `proposer` or `responder`.
    pub by: String,
    /// Plain text.
    pub text: String,
    /// RFC 3339.
    pub created_at: String,
}

/// An agreement as its parties read it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AgreementJson {
    /// Local key.
    pub id: String,
    /// Address at the hub that owns it.
    pub uri: String,
    /// Path of its page here.
    pub url: String,
    /// Local key of the proposal.
    pub proposal: String,
    /// Title of the proposal.
    pub title: String,
    /// `concluded`, `declared_done`, `confirmed`, `contested`, `cancelled`.
    pub state: String,
    /// How it is settled.
    pub settlement: String,
    /// Units.
    pub quantity: i64,
    /// Agreed duration in all.
    pub minutes: Option<i64>,
    /// Price in all, in euro cents.
    pub price_cents: Option<i64>,
    /// « samedi 14 h »
    pub planned: String,
    /// Whether this hub owns it and decides.
    pub owned_here: bool,
    /// RFC 3339: age of the copy.
    pub as_of: String,
    /// Both parties.
    pub parties: Vec<PartyJson>,
    /// What was said, oldest first.
    pub facts: Vec<FactJson>,
    /// The private thread, oldest first.
    pub messages: Vec<MessageJson>,
    /// Reason of a disagreement, if there is or was one.
    pub dispute: Option<String>,
    /// How the disagreement was settled.
    pub resolution: Option<String>,
}

/// One line of « Mes heures ».
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HoursJson {
    /// Local key of the agreement.
    pub agreement: String,
    /// Minutes: positive when given, negative when received.
    pub minutes: i64,
    /// RFC 3339.
    pub happened_at: String,
    /// Whether the line corrects an earlier one.
    pub correction: bool,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct NewResponseJson {
    #[serde(default)]
    message: String,
    #[serde(default = "one")]
    quantity: i64,
    settlement: Option<String>,
    #[serde(default)]
    planned: String,
}

fn one() -> i64 {
    1
}

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default)]
struct WordsJson {
    reason: String,
    text: String,
    minutes: Option<i64>,
    happened_at: Option<String>,
    note: String,
    outcome: String,
}

#[derive(Debug, Deserialize)]
struct After {
    after: Option<String>,
}

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

fn bounded(field: &str, text: &str, characters_max: usize) -> Result<String, FieldError> {
    let text = text.trim();
    if text.chars().count() > characters_max {
        return Err(FieldError::new(field, "too_long"));
    }
    Ok(text.to_owned())
}

impl NewResponseJson {
    fn check(&self, offered: &[Settlement]) -> Result<NewResponse, AppError> {
        let mut errors = Vec::new();
        let mut keep = |result: Result<String, FieldError>| {
            result.unwrap_or_else(|error| {
                errors.push(error);
                String::new()
            })
        };
        let message = keep(bounded("message", &self.message, MESSAGE_CHARACTERS_MAX));
        let planned = keep(bounded("planned", &self.planned, 200));
        if self.quantity < 1 {
            errors.push(FieldError::new("quantity", "out_of_range"));
        }
        let settlement = match &self.settlement {
            Some(word) => Settlement::parse(word),
            None => offered.first().copied(),
        };
        match settlement {
            Some(settlement) if errors.is_empty() => {
                Ok(NewResponse { message, quantity: self.quantity, settlement, planned })
            }
            Some(_) => Err(AppError::invalid(errors)),
            None => {
                errors.push(FieldError::new("settlement", "unknown_choice"));
                Err(AppError::invalid(errors))
            }
        }
    }
}

async fn respond(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<NewResponseJson>,
) -> Result<Response, AppError> {
    let id = proposal_id(&id)?;
    let (inner, scope) = (app.clone(), scope(&member, "respond", id.as_str()));
    json::once(&app, scope, key, move |tx, now| -> Result<_, AppError> {
        let proposal = proposals::find(tx, &id)?.ok_or_else(AppError::not_found)?;
        let new = body.check(&proposal.details.settlements)?;
        let answer = commands::respond(&inner, tx, now, &Doer::own(member), &id, new)?;
        let location = format!("/api/v1/responses/{}", answer.id);
        let value = response_json(answer, None);
        Ok(Done { status: StatusCode::CREATED, value, location: Some(location) })
    })
    .await
}

async fn of_proposal(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = proposal_id(&id)?;
    let list = json::read(&app, move |conn| {
        let proposal = proposals::find(conn, &id)?.ok_or(StoreError::NotFound)?;
        let is_author = proposal.member_id.as_ref() == Some(&member.id);
        let mut items = Vec::new();
        for answer in responses::of_proposal(conn, &id)? {
            if is_author || answer.member.as_ref() == Some(&member.id) {
                items.push(with_agreement(conn, answer)?);
            }
        }
        Ok(List { items, next: None })
    })
    .await?;
    Ok(json::ok(&list))
}

async fn own_responses(
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

/// Cuts a page read with one row more than it shows; whether there was one more.
fn shorten<T>(page: &mut Vec<T>, rows_max: i64) -> bool {
    let rows_max = usize::try_from(rows_max).unwrap_or(usize::MAX);
    let more = page.len() > rows_max;
    page.truncate(rows_max);
    more
}

async fn accept(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
) -> Result<Response, AppError> {
    let id = response_id(&id)?;
    let (inner, scope) = (app.clone(), scope(&member, "accept", id.as_str()));
    json::once(&app, scope, key, move |tx, now| -> Result<_, AppError> {
        let doer = Doer::own(member);
        let agreement = commands::accept(&inner, tx, now, &doer, &id)?;
        let value = agreement_json(&inner, tx, &doer.by.id, &agreement)?;
        let location = format!("/api/v1/agreements/{agreement}");
        Ok(Done { status: StatusCode::CREATED, value, location: Some(location) })
    })
    .await
}

async fn refuse(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<WordsJson>,
) -> Result<Response, AppError> {
    let id = response_id(&id)?;
    let reason = reason_of(&body)?;
    let (inner, scope) = (app.clone(), scope(&member, "refuse", id.as_str()));
    json::once(&app, scope, key, move |tx, now| -> Result<_, AppError> {
        commands::refuse(&inner, tx, now, &Doer::own(member), &id, &reason)?;
        done_response(tx, &id)
    })
    .await
}

async fn take_back(
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
    Ok(Done { status: StatusCode::OK, value: with_agreement(tx, answer)?, location: None })
}

async fn own_agreements(
    State(app): State<App>,
    member: SignedIn,
    Query(query): Query<After>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(query.after.as_deref())?;
    let inner = app.clone();
    let list = json::read(&app, move |conn| {
        let mut page = store::page_of_member(conn, &member.id, after.as_ref())?;
        let more = shorten(&mut page, store::PAGE_MAX);
        let next = page
            .last()
            .filter(|_| more)
            .map(|last| json::cursor(last.created_at, last.id.as_str()));
        let mut items = Vec::new();
        for agreement in page {
            let whole = Whole::around(conn, agreement)?;
            items.push(whole_json(&inner, conn, &member.id, &whole)?);
        }
        Ok(List { items, next })
    })
    .await?;
    Ok(json::ok(&list))
}

async fn show(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = agreement_id(&id)?;
    let inner = app.clone();
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let whole = Whole::load(conn, &id)?;
            let settles = member.may(Right::SettleDispute)
                && whole.agreement.state == AgreementState::Contested;
            if whole.side_of(&member.id).is_none() && !settles {
                return Err(AppError::not_found());
            }
            Ok(whole_json(&inner, conn, &member.id, &whole)?)
        })
        .await?;
    Ok(json::ok(&found))
}

/// `done` and `confirm` are one word said by the two parties: whoever comes second confirms.
async fn say(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Option<Body<WordsJson>>,
) -> Result<Response, AppError> {
    let body = body.map(|Body(body)| body).unwrap_or_default();
    let word = word_of(&body, app.now())?;
    change(app, member, &id, "say", key, move |app, tx, now, doer, id| {
        commands::say(app, tx, now, doer, id, word).map(drop)
    })
    .await
}

async fn contest(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<WordsJson>,
) -> Result<Response, AppError> {
    let reason = needed("reason", reason_of(&body)?)?;
    change(app, member, &id, "contest", key, move |app, tx, now, doer, id| {
        commands::contest(app, tx, now, doer, id, &reason)
    })
    .await
}

async fn cancel(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    body: Option<Body<WordsJson>>,
) -> Result<Response, AppError> {
    let reason = reason_of(&body.map(|Body(body)| body).unwrap_or_default())?;
    change(app, member, &id, "cancel", key, move |app, tx, now, doer, id| {
        commands::cancel(app, tx, now, doer, id, &reason)
    })
    .await
}

async fn message(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<WordsJson>,
) -> Result<Response, AppError> {
    let text = bounded("text", &body.text, MESSAGE_CHARACTERS_MAX)
        .map_err(|error| AppError::invalid(vec![error]))?;
    let text = needed("text", text)?;
    change(app, member, &id, "message", key, move |app, tx, now, doer, id| {
        commands::message(app, tx, now, doer, id, &text)
    })
    .await
}

async fn settle(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    key: IdempotencyKey,
    Body(body): Body<WordsJson>,
) -> Result<Response, AppError> {
    let reason = needed("reason", reason_of(&body)?)?;
    let outcome = AgreementState::parse(&body.outcome)
        .filter(|state| matches!(state, AgreementState::Confirmed | AgreementState::Cancelled))
        .ok_or_else(|| AppError::invalid(vec![FieldError::new("outcome", "unknown_choice")]))?;
    let minutes = minutes_of(&body)?;
    change(app, member, &id, "settle", key, move |app, tx, now, doer, id| {
        commands::settle(app, tx, now, doer, id, outcome, minutes, &reason)
    })
    .await
}

async fn hours(
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
            .into_iter()
            .map(|line| HoursJson {
                agreement: line.agreement.as_str().to_owned(),
                minutes: if line.giver.as_ref() == Some(&member.id) {
                    line.minutes
                } else {
                    -line.minutes
                },
                happened_at: line.happened_at.to_rfc3339(),
                correction: line.corrects.is_some(),
            })
            .collect();
        Ok(List { items, next })
    })
    .await?;
    Ok(json::ok(&list))
}

/// One change of an agreement by a member, answered with the agreement as it stands then.
async fn change(
    app: App,
    member: SignedIn,
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
        let doer = Doer::own(member);
        deed(&inner, tx, now, &doer, &id)?;
        let value = agreement_json(&inner, tx, &doer.by.id, &id)?;
        Ok(Done { status: StatusCode::OK, value, location: None })
    })
    .await
}

fn reason_of(body: &WordsJson) -> Result<String, AppError> {
    bounded("reason", &body.reason, REASON_CHARACTERS_MAX)
        .map_err(|error| AppError::invalid(vec![error]))
}

fn needed(field: &str, text: String) -> Result<String, AppError> {
    if text.is_empty() {
        return Err(AppError::invalid(vec![FieldError::new(field, "required")]));
    }
    Ok(text)
}

fn minutes_of(body: &WordsJson) -> Result<Option<i64>, AppError> {
    match body.minutes {
        Some(minutes) if minutes <= 0 || minutes % MINUTES_STEP != 0 || minutes > 60_000 => {
            Err(AppError::invalid(vec![FieldError::new("minutes", "duration_step")]))
        }
        minutes => Ok(minutes),
    }
}

fn word_of(body: &WordsJson, now: Instant) -> Result<Word, AppError> {
    let happened_at = match &body.happened_at {
        None => now,
        Some(text) => Instant::parse_rfc3339(text)
            .ok()
            .filter(|at| *at <= now)
            .ok_or_else(|| AppError::invalid(vec![FieldError::new("happened_at", "not_a_date")]))?,
    };
    let note = bounded("note", &body.note, REASON_CHARACTERS_MAX)
        .map_err(|error| AppError::invalid(vec![error]))?;
    Ok(Word { minutes: minutes_of(body)?, happened_at, note })
}

fn response_json(answer: Answer, agreement: Option<AgreementId>) -> ResponseJson {
    ResponseJson {
        id: answer.id.as_str().to_owned(),
        uri: answer.uri,
        proposal: answer.proposal.as_str().to_owned(),
        name: answer.name,
        message: answer.message,
        quantity: answer.quantity,
        settlement: answer.settlement.as_str().to_owned(),
        planned: answer.planned,
        state: answer.state.as_str().to_owned(),
        reason: answer.reason,
        agreement: agreement.map(|id| id.as_str().to_owned()),
        created_at: answer.created_at.to_rfc3339(),
    }
}

fn with_agreement(conn: &mut Conn, answer: Answer) -> Result<ResponseJson, StoreError> {
    let agreement = store::of_response(conn, &answer.id)?;
    Ok(response_json(answer, agreement.map(|agreement| agreement.id)))
}

fn agreement_json(
    app: &App,
    conn: &mut Conn,
    reader: &MemberId,
    id: &AgreementId,
) -> Result<AgreementJson, StoreError> {
    let whole = Whole::load(conn, id)?;
    whole_json(app, conn, reader, &whole)
}

/// The agreement for a reader: whoever settles sees no contact and no thread.
fn whole_json(
    app: &App,
    conn: &mut Conn,
    reader: &MemberId,
    whole: &Whole,
) -> Result<AgreementJson, StoreError> {
    let is_party = whole.side_of(reader).is_some();
    let agreement = &whole.agreement;
    let dispute = facts::dispute(conn, &agreement.id)?;
    let thread = if is_party { thread::of_agreement(conn, &agreement.id)? } else { Vec::new() };
    let parties = whole.parties.iter().map(|party| PartyJson {
        side: party.side.as_str().to_owned(),
        name: party.name.clone(),
        actor: party.actor_uri.clone(),
        me: party.member.as_ref() == Some(reader),
        phone: party.phone.clone().filter(|_| is_party),
        email: party.email.clone().filter(|_| is_party),
    });
    Ok(AgreementJson {
        id: agreement.id.as_str().to_owned(),
        uri: agreement.uri.clone(),
        url: app.address(&whole.href()),
        proposal: agreement.proposal.as_str().to_owned(),
        title: whole.proposal.title.clone(),
        state: agreement.state.as_str().to_owned(),
        settlement: agreement.deal.settlement.as_str().to_owned(),
        quantity: agreement.deal.quantity,
        minutes: agreement.deal.minutes,
        price_cents: agreement.deal.price_cents,
        planned: agreement.planned.clone(),
        owned_here: whole.is_ours(app),
        as_of: agreement.fetched_at.to_rfc3339(),
        parties: parties.collect(),
        facts: whole.facts.iter().map(fact_json).collect(),
        messages: thread
            .into_iter()
            .map(|message| MessageJson {
                by: message.side.as_str().to_owned(),
                text: message.text,
                created_at: message.created_at.to_rfc3339(),
            })
            .collect(),
        dispute: dispute.as_ref().map(|dispute| dispute.reason.clone()),
        resolution: dispute.and_then(|dispute| dispute.resolution),
    })
}

fn fact_json(fact: &FactRow) -> FactJson {
    FactJson {
        uri: fact.uri.clone(),
        by: match fact.by {
            Speaker::Party(side) => side.as_str().to_owned(),
            Speaker::Facilitator => "facilitator".to_owned(),
        },
        action: fact.action.as_str().to_owned(),
        minutes: fact.minutes,
        happened_at: fact.happened_at.to_rfc3339(),
        note: fact.note.clone(),
    }
}
