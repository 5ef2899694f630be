//! The forms of an agreement's page: said, confirmed, contested, called off, settled, written.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::{AgreementState, Settlement};
use interkpa_web::chrome::Notice;
use interkpa_web::form::{Form as WebForm, Problem};
use interkpa_web::routes as paths;

use super::page::{self, Typed};
use super::words;
use crate::app::App;
use crate::db::conn::Conn;
use crate::features::agreements::commands::{
    self, AgreementError, Doer, Settling, Whole, deeds::Word,
};
use crate::features::agreements::model::{MESSAGE_CHARACTERS_MAX, REASON_CHARACTERS_MAX};
use crate::http::done;
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::render;
use crate::ids::{AgreementId, MemberId};
use crate::typed;

/// Name of the form that ends a disagreement.
const SETTLE: &str = "settle";
/// Longest words beside a fact and a cancellation, in characters.
const NOTE_CHARACTERS_MAX: usize = 500;

fn agreement_id(text: &str) -> Result<AgreementId, AppError> {
    AgreementId::parse(text).ok_or_else(AppError::not_found)
}

/// The same page with a form as it was typed.
async fn again(
    app: &App,
    visitor: &Visitor,
    id: AgreementId,
    form: &Form,
    typed: Typed,
) -> Result<Response, AppError> {
    let page = page::view(app, visitor, id, for_member(form), Some(typed)).await?;
    Ok(render::page_with(
        app,
        visitor,
        StatusCode::UNPROCESSABLE_ENTITY,
        &page,
    ))
}

async fn change(
    app: &App,
    member: SignedIn,
    id: AgreementId,
    form: &Form,
    (name, notice): (&'static str, Notice),
    deed: impl FnOnce(&App, &mut Conn, Instant, &Doer, &AgreementId) -> Result<(), AgreementError>
    + Send
    + 'static,
) -> Result<Response, AppError> {
    let scope = format!("agreement_{name}:{}:{id}", member.id);
    let doer = Doer::acting(member, for_member(form))?;
    done::once(app, scope, form.once(), notice, move |app, tx, now| {
        deed(app, tx, now, &doer, &id)?;
        Ok(match &doer.for_member {
            Some(member) => format!("/accords/{id}?pour={member}"),
            // Whoever settled is no party, and reads the agreement only while it is contested.
            None if name == SETTLE => paths::HELP_OTHERS.to_owned(),
            None => format!("/accords/{id}"),
        })
    })
    .await
}

/// The party for whom somebody of the team fills the form in.
fn for_member(form: &Form) -> Option<MemberId> {
    MemberId::parse(form.text("for_member"))
}

/// `POST /accords/<id>/fait`.
///
/// # Errors
/// 404 for who is no party; 409 when it is not at this point.
pub(super) async fn declare(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let id = agreement_id(&id)?;
    let key = id.clone();
    let whole = app.store.read(move |conn| Whole::load(conn, &key)).await?;
    let in_hours = whole.agreement.deal.settlement == Settlement::Hours;
    let mut typed = WebForm::from_pairs(form.visible());
    let note = words(&mut typed, "words", NOTE_CHARACTERS_MAX, false);
    let minutes = if in_hours { minutes(&mut typed) } else { None };
    let happened_at = day(&mut typed, app.now());
    if !typed.is_fine() {
        return again(&app, &visitor, id, &form, Typed::Declare(typed)).await;
    }
    let word = Word {
        minutes,
        happened_at,
        note,
    };
    let what = ("declare", Notice::DeclaredDone);
    change(
        &app,
        member,
        id,
        &form,
        what,
        move |app, tx, now, doer, id| commands::say(app, tx, now, doer, id, word).map(drop),
    )
    .await
}

fn minutes(form: &mut WebForm) -> Option<i64> {
    let result = match form.value("minutes").trim() {
        "" => Err(Problem::Required),
        text => typed::minutes(text),
    };
    result
        .map_err(|problem| form.refuse("minutes", problem))
        .ok()
}

/// The day as typed, at its end, but never later than now; now when none was typed.
fn day(form: &mut WebForm, now: Instant) -> Instant {
    let text = form.value("happened_on").trim().to_owned();
    if text.is_empty() {
        return now;
    }
    // Read as seen from a year ago, so that past days are not refused as past.
    let a_year_ago = now + interkpa_federation::Span::days(-366);
    match typed::end_of_day(&text, a_year_ago, 366) {
        Ok(at) => at.min(now),
        Err(problem) => {
            form.refuse("happened_on", problem);
            now
        }
    }
}

/// `POST /accords/<id>/confirmer`: says what the other party said.
///
/// # Errors
/// As [`declare`].
pub(super) async fn confirm(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let id = agreement_id(&id)?;
    let word = Word {
        minutes: None,
        happened_at: app.now(),
        note: String::new(),
    };
    let what = ("confirm", Notice::Confirmed);
    change(
        &app,
        member,
        id,
        &form,
        what,
        move |app, tx, now, doer, id| commands::say(app, tx, now, doer, id, word).map(drop),
    )
    .await
}

/// `POST /accords/<id>/contester`.
///
/// # Errors
/// As [`declare`].
pub(super) async fn contest(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let id = agreement_id(&id)?;
    let mut typed = WebForm::from_pairs(form.visible());
    let reason = words(&mut typed, "reason", REASON_CHARACTERS_MAX, true);
    if !typed.is_fine() {
        return again(&app, &visitor, id, &form, Typed::Contest(typed)).await;
    }
    let what = ("contest", Notice::Contested);
    change(
        &app,
        member,
        id,
        &form,
        what,
        move |app, tx, now, doer, id| commands::contest(app, tx, now, doer, id, &reason),
    )
    .await
}

/// `POST /accords/<id>/annuler`.
///
/// # Errors
/// As [`declare`].
pub(super) async fn cancel(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let id = agreement_id(&id)?;
    let mut typed = WebForm::from_pairs(form.visible());
    let reason = words(&mut typed, "reason", NOTE_CHARACTERS_MAX, false);
    if !typed.is_fine() {
        return again(&app, &visitor, id, &form, Typed::Cancel(typed)).await;
    }
    let what = ("cancel", Notice::AgreementCancelled);
    change(
        &app,
        member,
        id,
        &form,
        what,
        move |app, tx, now, doer, id| commands::cancel(app, tx, now, doer, id, &reason),
    )
    .await
}

/// `POST /accords/<id>/messages`.
///
/// # Errors
/// 404 for who is no party.
pub(super) async fn write(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let id = agreement_id(&id)?;
    let mut typed = WebForm::from_pairs(form.visible());
    let text = words(&mut typed, "words", MESSAGE_CHARACTERS_MAX, true);
    if !typed.is_fine() {
        return again(&app, &visitor, id, &form, Typed::Write(typed)).await;
    }
    let what = ("write", Notice::MessageSent);
    change(
        &app,
        member,
        id,
        &form,
        what,
        move |app, tx, now, doer, id| commands::message(app, tx, now, doer, id, &text),
    )
    .await
}

/// The right duration of an agreement in hours, when it was not as said.
fn right_minutes(form: &mut WebForm) -> Option<i64> {
    let text = form.value("minutes").trim().to_owned();
    if text.is_empty() {
        return None;
    }
    typed::minutes(&text)
        .map_err(|problem| form.refuse("minutes", problem))
        .ok()
}

/// `POST /accords/<id>/regler`: a facilitator settles a disagreement.
///
/// # Errors
/// 404 without the right; 409 when nothing is contested.
pub(super) async fn settle(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let id = agreement_id(&id)?;
    let mut typed = WebForm::from_pairs(form.visible());
    let words = words(&mut typed, "reason", REASON_CHARACTERS_MAX, true);
    let outcome = AgreementState::parse(typed.value("outcome"))
        .filter(|state| matches!(state, AgreementState::Confirmed | AgreementState::Cancelled));
    if outcome.is_none() {
        typed.refuse("outcome", Problem::ChoiceRequired);
    }
    let minutes = right_minutes(&mut typed);
    let Some(outcome) = outcome.filter(|_| typed.is_fine()) else {
        return again(&app, &visitor, id, &form, Typed::Settle(typed)).await;
    };
    let settling = Settling {
        outcome,
        minutes,
        words,
    };
    let notice = if outcome == AgreementState::Confirmed {
        Notice::Confirmed
    } else {
        Notice::AgreementCancelled
    };
    change(
        &app,
        member,
        id,
        &form,
        (SETTLE, notice),
        move |app, tx, now, doer, id| commands::settle(app, tx, now, doer, id, &settling),
    )
    .await
}
