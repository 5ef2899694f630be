//! Answering a proposal, and what its author decides, on the page of the proposal.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::RefusalReason;
use interkpa_web::chrome::Notice;
use interkpa_web::form::{Form as WebForm, Problem};
use interkpa_web::markup;
use interkpa_web::views::proposals::{
    MyResponse, ProposalPage, Reader as Shown, Response as ShownResponse,
};
use interkpa_web::words;

use super::page::may_read;
use super::{person, words as typed_words};
use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::{self, Doer, NewResponse, Whole};
use crate::features::agreements::model::{
    MESSAGE_CHARACTERS_MAX, PLANNED_CHARACTERS_MAX, REASON_CHARACTERS_MAX, ResponseState,
};
use crate::features::agreements::store::responses::{self, Response as Answer};
use crate::features::agreements::{store, wire};
use crate::features::people::{self, rights::Right};
use crate::features::proposals::{self, pages::show};
use crate::http::done;
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::render;
use crate::ids::{MemberId, ProposalId, ResponseId};
use crate::{moments, typed};

/// Most units one answer may ask for.
const QUANTITY_MAX: i64 = 999;

/// Fills the answers into the page of a proposal: all of them for its author, the own one for a
/// member, none for a visitor.
///
/// # Errors
/// Those of the store.
pub async fn fill(
    app: &App,
    identity: &Identity,
    id: &ProposalId,
    page: &mut ProposalPage,
) -> Result<(), AppError> {
    let Some(member) = identity.member.clone() else {
        return Ok(());
    };
    let (app_in, l, id) = (app.clone(), identity.locale, id.clone());
    let now = app.now();
    let is_author = matches!(page.reader, Shown::Author);
    let acts_for_others = member.may(Right::ActOnBehalf);
    let (all, mine, asks_contact, is_own, members) = app
        .store
        .read(move |conn| -> Result<_, StoreError> {
            let mut all = Vec::new();
            let mut mine = None;
            for answer in responses::of_proposal(conn, &id)? {
                let agreement = agreement_path(&app_in, conn, &answer, &member)?;
                if is_author {
                    all.push(shown(&app_in, conn, l, now, answer, agreement, all.len())?);
                } else if answer.member.as_ref() == Some(&member.id)
                    && answer.state != ResponseState::Cancelled
                {
                    mine = Some(own(l, now, answer, agreement));
                }
            }
            let author = proposals::find(conn, &id)?.and_then(|proposal| proposal.member_id);
            let is_own = author.as_ref() == Some(&member.id);
            let members = if acts_for_others {
                let cards = people::active_cards(conn)?.into_iter();
                cards
                    .filter(|card| card.id != member.id && Some(&card.id) != author.as_ref())
                    .map(|card| (card.id.as_str().to_owned(), card.name))
                    .collect()
            } else {
                Vec::new()
            };
            // Nobody is asked about the own number on a page of decisions for somebody else.
            let asks = (is_own || !is_author) && people::asks_contact(conn, &member.id)?;
            Ok((all, mine, asks, is_own, members))
        })
        .await?;
    page.asks_contact = asks_contact;
    page.answer_for = members;
    if acts_for_others && is_author && !is_own {
        page.team_answer = page.team_answer.take().or_else(|| Some(WebForm::new()));
    }
    page.responses = all;
    if let (Some(mine), Shown::Member(_)) = (mine, &page.reader) {
        page.reader = Shown::Answered(mine);
    }
    Ok(())
}

/// Where the agreement of an answer is, for who may read it: the team sees the answers of those it
/// publishes for, and not what two people agreed.
fn agreement_path(
    app: &App,
    conn: &mut Conn,
    answer: &Answer,
    member: &SignedIn,
) -> Result<Option<String>, StoreError> {
    let Some(agreement) = store::of_response(conn, &answer.id)? else {
        return Ok(None);
    };
    let whole = Whole::around(conn, agreement)?;
    Ok(may_read(app, &whole, member).then(|| format!("/accords/{}", whole.agreement.id)))
}

fn href(id: &ResponseId) -> String {
    format!("/reponses/{id}")
}

fn prose(text: &str) -> markup::SafeHtml {
    markup::remote_html(&wire::paragraphs(text).unwrap_or_default())
}

/// The word of the page for a state; the codes are the same.
pub(super) fn state(state: ResponseState) -> words::ResponseState {
    words::ResponseState::from_code(state.as_str()).unwrap_or(words::ResponseState::Sent)
}

fn shown(
    app: &App,
    conn: &mut Conn,
    l: interkpa_web::Locale,
    now: Instant,
    answer: Answer,
    agreement: Option<String>,
    place: usize,
) -> Result<ShownResponse, StoreError> {
    Ok(ShownResponse {
        href: href(&answer.id),
        key: format!("r{}", place + 1),
        who: person(app, conn, &answer.name, &answer.responder_uri)?,
        message: prose(&answer.message),
        lang: l.code().to_owned(),
        quantity: u32::try_from(answer.quantity)
            .ok()
            .filter(|units| *units > 1),
        proposed: (!answer.planned.is_empty()).then(|| answer.planned.clone()),
        sent: moments::ago(l, answer.created_at, now),
        state: state(answer.state),
        agreement,
        decided_elsewhere: false,
    })
}

fn own(
    l: interkpa_web::Locale,
    now: Instant,
    answer: Answer,
    agreement: Option<String>,
) -> MyResponse {
    MyResponse {
        href: href(&answer.id),
        message: prose(&answer.message),
        sent: moments::ago(l, answer.created_at, now),
        state: state(answer.state),
        travel: None,
        travel_note: None,
        agreement,
        reason: answer.reason.map(|reason| in_words(l, reason)),
    }
}

/// A reason as people read it: the proposer's words stay, a word of the wire becomes a sentence.
pub(super) fn in_words(l: interkpa_web::Locale, reason: String) -> String {
    match RefusalReason::parse(&reason) {
        Some(RefusalReason::Declined) => l.t("no-declined"),
        Some(RefusalReason::NoLongerAvailable) => l.t("no-nothing-left"),
        Some(RefusalReason::Closed) => l.t("no-closed"),
        Some(_) => l.t("no-rule"),
        None => reason,
    }
}

/// `POST /objets/<id>/reponses`.
///
/// # Errors
/// 404 for who may not see it; 409 when it is closed or was answered.
pub(super) async fn respond(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let mut typed = WebForm::from_pairs(form.visible());
    // Also what refuses whoever may not see it.
    let mut page = show::view(&app, &visitor, id.clone(), None).await?;
    let for_member = answer_for(&mut typed, &page.answer_for);
    let Some(given) = given(&mut typed) else {
        if matches!(page.reader, Shown::Author) {
            page.team_answer = Some(typed);
        } else {
            page.reader = Shown::Member(typed);
        }
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(render::page_with(&app, &visitor, status, &page));
    };
    let scope = format!("respond:{}:{id}", member.id);
    let doer = Doer::acting(member, for_member)?;
    // Nobody chooses for somebody else whose number is shown.
    let choice = contact_choice(&form).filter(|_| doer.for_member.is_none());
    done::once(
        &app,
        scope,
        form.once(),
        Notice::Answered,
        move |app, tx, now| {
            let proposal =
                proposals::find_for(tx, &id, &doer.by)?.ok_or_else(AppError::not_found)?;
            let settlement = proposal.details.settlements.first().copied();
            let (message, planned, quantity) = given;
            let settlement = settlement.ok_or_else(AppError::not_found)?;
            let new = NewResponse {
                message,
                quantity,
                settlement,
                planned,
            };
            choose_contact(app, tx, now, &doer.by, choice)?;
            commands::respond(app, tx, now, &doer, &id, new)?;
            Ok(proposal.href())
        },
    )
    .await
}

/// For whom somebody of the team answers: one of the choices, and never without consent.
fn answer_for(form: &mut WebForm, choices: &[(String, String)]) -> Option<MemberId> {
    let member = form.value("for_member").trim().to_owned();
    if member.is_empty() {
        return None;
    }
    if !choices.iter().any(|(id, _)| *id == member) {
        form.refuse("for_member", Problem::UnknownChoice);
        return None;
    }
    if form.value("consent").is_empty() {
        form.refuse("consent", Problem::ConsentRequired);
    }
    Some(MemberId::known(member))
}

/// What the reader chose about the own number, when the form asked.
fn contact_choice(form: &Form) -> Option<bool> {
    let asked = !form.text("share_asked").is_empty();
    asked.then(|| !form.text("share_contact").is_empty())
}

/// Keeps the choice of whoever never chose; an older one is changed on the profile alone.
fn choose_contact(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    member: &SignedIn,
    choice: Option<bool>,
) -> Result<(), StoreError> {
    match choice {
        Some(shares) if people::asks_contact(tx, &member.id)? => {
            people::choose_contact(app, tx, now, &member.id, shares)
        }
        _ => Ok(()),
    }
}

fn given(form: &mut WebForm) -> Option<(String, String, i64)> {
    let message = typed_words(form, "message", MESSAGE_CHARACTERS_MAX, true);
    let planned = day(&typed_words(
        form,
        "proposed",
        PLANNED_CHARACTERS_MAX,
        false,
    ));
    let quantity = match form.value("quantity").trim() {
        "" => 1,
        text => typed::whole(text, 1, QUANTITY_MAX).unwrap_or_else(|problem| {
            form.refuse("quantity", problem);
            1
        }),
    };
    form.is_fine().then_some((message, planned, quantity))
}

/// A day as browsers send it, as people here write it; other words stay as they are.
fn day(text: &str) -> String {
    match *text.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
            format!("{day}/{month}/{year}")
        }
        _ => text.to_owned(),
    }
}

/// `POST /reponses/<id>/accepter`: leads to the agreement.
///
/// # Errors
/// 404 for an answer to somebody else's proposal; 409 when it is decided or nothing is left.
pub(super) async fn accept(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let id = ResponseId::parse(&id).ok_or_else(AppError::not_found)?;
    let scope = format!("accept:{}:{id}", member.id);
    let choice = contact_choice(&form);
    done::once(
        &app,
        scope,
        form.once(),
        Notice::Accepted,
        move |app, tx, now| {
            choose_contact(app, tx, now, &member, choice)?;
            let agreement = commands::accept(app, tx, now, &Doer::own(member), &id)?;
            Ok(format!("/accords/{agreement}"))
        },
    )
    .await
}

/// `POST /reponses/<id>/refuser`, field `reason`.
///
/// # Errors
/// As [`accept`].
pub(super) async fn refuse(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let id = ResponseId::parse(&id).ok_or_else(AppError::not_found)?;
    let reason: String = form
        .text("reason")
        .chars()
        .take(REASON_CHARACTERS_MAX)
        .collect();
    let scope = format!("refuse:{}:{id}", member.id);
    done::once(
        &app,
        scope,
        form.once(),
        Notice::Refused,
        move |app, tx, now| {
            commands::refuse(app, tx, now, &Doer::own(member), &id, &reason)?;
            page_of(tx, &id)
        },
    )
    .await
}

/// `POST /reponses/<id>/annuler`: takes an own answer back.
///
/// # Errors
/// 404 for somebody else's answer; 409 when it is decided.
pub(super) async fn take_back(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let id = ResponseId::parse(&id).ok_or_else(AppError::not_found)?;
    let scope = format!("take_back:{}:{id}", member.id);
    done::once(
        &app,
        scope,
        form.once(),
        Notice::AnswerCancelled,
        move |app, tx, now| {
            commands::take_back(app, tx, now, &Doer::own(member), &id)?;
            page_of(tx, &id)
        },
    )
    .await
}

/// Path of the proposal that an answer is for.
fn page_of(conn: &mut Conn, id: &ResponseId) -> Result<String, AppError> {
    let answer = responses::find(conn, id)?.ok_or_else(AppError::not_found)?;
    Ok(format!("/objets/{}", answer.proposal))
}
