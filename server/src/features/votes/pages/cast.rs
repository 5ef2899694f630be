//! The first two screens: the choice, and the summary that casts it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_web::chrome::Notice;
use interkpa_web::form::Form as WebForm;
use interkpa_web::views::votes::{BallotForm, BallotSummary, NotForYou, Stage};
use interkpa_web::{Locale, Page};

use super::{
    ballot, hand, hash_of, head, href, is_castable, one_voice, own, spokespeople, stage, whole,
    words,
};
use crate::app::App;
use crate::db::error::StoreError;
use crate::db::once::{self, Answered};
use crate::features::people::rights::Right;
use crate::features::votes::commands::{self, NewBallot, Prepared};
use crate::features::votes::model::needs_second_person;
use crate::features::votes::view::Whole;
use crate::http::form::Form;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::{AppError, Kind, render};
use crate::moments;

/// `GET /decisions/<hash>/voter`: the form, or a kind word for who does not vote.
///
/// # Errors
/// 404 for a vote that is not known here.
pub(super) async fn form(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(hash): Path<String>,
) -> Result<Response, AppError> {
    let whole = whole(&app, hash_of(&hash)?).await?;
    let l = visitor.locale;
    if let Some(refusal) = refusal(&app, l, &member, &whole).await? {
        let status = StatusCode::FORBIDDEN;
        return Ok(render::page_with(&app, &visitor, status, &refusal));
    }
    let page = ballot_form(&app, l, &whole, WebForm::new())?;
    Ok(render::page(&app, &visitor, &page))
}

/// Why this member does not vote now, and what to do instead.
async fn refusal(
    app: &App,
    l: Locale,
    member: &SignedIn,
    whole: &Whole,
) -> Result<Option<NotForYou>, AppError> {
    let next = href(whole.summary.hash);
    let because = |key: &str, spokespeople: Vec<String>| NotForYou {
        next: next.clone(),
        why: l.t(key),
        spokespeople,
    };
    if !member.may(Right::Vote) {
        let names = app
            .store
            .read(|conn| -> Result<_, StoreError> { spokespeople(conn) })
            .await?;
        let key = if names.is_empty() {
            "vote-nobody-yet"
        } else {
            "vote-not-for-you"
        };
        return Ok(Some(because(key, names)));
    }
    if own(app, whole)?.is_none() {
        return Ok(Some(because("vote-no-voice-words", vec![])));
    }
    Ok(match stage(&whole.summary, app.now()) {
        Stage::Open => None,
        Stage::Planned => Some(because("vote-not-yet-words", vec![])),
        Stage::Closing | Stage::Over | Stage::Refuted => Some(because("vote-over-words", vec![])),
    })
}

fn ballot_form(
    app: &App,
    l: Locale,
    whole: &Whole,
    form: WebForm,
) -> Result<BallotForm, StoreError> {
    let question = &whole.poll.question;
    let present = own(app, whole)?.and_then(one_voice);
    Ok(BallotForm {
        head: head(l, whole),
        asked: ballot::asked(l, question),
        present: present.map(|voice| words::voice(l, question, voice)),
        form,
    })
}

/// `POST /decisions/<hash>/voter`: the summary; with `back`, the form again. Changes nothing.
///
/// # Errors
/// 404 for a vote that is not known here.
pub(super) async fn summary(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(hash): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let whole = whole(&app, hash_of(&hash)?).await?;
    let l = visitor.locale;
    let mut typed = WebForm::from_pairs(form.visible());
    if form.has("back") {
        let page = ballot_form(&app, l, &whole, typed)?;
        return Ok(render::page(&app, &visitor, &page));
    }
    let Some(new) = ballot::read(l, &form, &mut typed, &whole.poll, app.now()) else {
        return refused(&app, &visitor, &whole, typed);
    };
    let page = ballot_summary(&app, l, &member, &whole, &form, &new);
    if !is_castable(&app, &whole)? {
        let page = BallotSummary {
            refused: Some(not_open(&app, l, &whole)),
            ..page
        };
        return Ok(shown(&app, &visitor, StatusCode::CONFLICT, &page));
    }
    Ok(render::page(&app, &visitor, &page))
}

/// The form again, with what is wrong.
fn refused(
    app: &App,
    visitor: &Visitor,
    whole: &Whole,
    typed: WebForm,
) -> Result<Response, AppError> {
    let page = ballot_form(app, visitor.locale, whole, typed)?;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(shown(app, visitor, status, &page))
}

fn shown<P: Page>(app: &App, visitor: &Visitor, status: StatusCode, page: &P) -> Response {
    render::page_with(app, visitor, status, page)
}

fn ballot_summary(
    app: &App,
    l: Locale,
    member: &SignedIn,
    whole: &Whole,
    form: &Form,
    new: &NewBallot,
) -> BallotSummary {
    let fields = form
        .visible()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    BallotSummary {
        head: head(l, whole),
        told: ballot::told(l, &whole.poll.question, new),
        fields: fields.collect(),
        second_person: needs_second_person(app.config.votes.second_person, &member.roles),
        refused: None,
        may_retry: false,
    }
}

/// Why nothing can be cast now: before the opening, or after the close with its hour.
pub(super) fn not_open(app: &App, l: Locale, whole: &Whole) -> String {
    let now = app.now();
    if now < whole.poll.opens_at {
        return l.t("vote-not-yet-words");
    }
    if now < whole.poll.closes_at {
        return l.t("vote-no-voice-words");
    }
    too_late(l, whole)
}

/// « Le vote a fermé à 18 h 00. Votre choix n'a pas été compté. »
pub(super) fn too_late(l: Locale, whole: &Whole) -> String {
    let closed = moments::moment(whole.poll.closes_at).civil;
    l.t1("ballot-too-late-at", "time", l.time(closed))
}

/// `POST /decisions/<hash>/deposer`: signs and sends the voice, or leaves it for a second person.
/// A second tap leads to the same place.
///
/// # Errors
/// 404 for a vote that is not known here.
pub(super) async fn cast(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(hash): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let hash = hash_of(&hash)?;
    let scope = format!("ballot:{}:{hash}", member.id);
    if let Some(before) = claimed(&app, &scope, form.once(), &href(hash)).await? {
        return Ok(before);
    }
    let whole = whole(&app, hash).await?;
    let l = visitor.locale;
    let mut typed = WebForm::from_pairs(form.visible());
    let Some(new) = ballot::read(l, &form, &mut typed, &whole.poll, app.now()) else {
        return refused(&app, &visitor, &whole, typed);
    };
    let page = ballot_summary(&app, l, &member, &whole, &form, &new);
    match commands::prepare(&app, &hand(&member), hash, new, String::new()).await {
        Ok(prepared) => {
            let (place, notice) = led_to(hash, &prepared);
            answered(&app, &scope, form.once(), &place).await?;
            Ok(render::done(&place, notice))
        }
        Err(error) => {
            let status = error.kind.status();
            let page = not_cast(page, l, &whole, &error).ok_or(error)?;
            Ok(shown(&app, &visitor, status, &page))
        }
    }
}

/// Where a prepared ballot leads.
fn led_to(hash: ObjectHash, prepared: &Prepared) -> (String, Notice) {
    if prepared.ballot.is_some() {
        (format!("{}/recu", href(hash)), Notice::Voted)
    } else {
        (href(hash), Notice::BallotWaiting)
    }
}

/// The summary with the reason why it was not cast; none for an error that has its own page.
fn not_cast(
    page: BallotSummary,
    l: Locale,
    whole: &Whole,
    error: &AppError,
) -> Option<BallotSummary> {
    let refused = match (error.kind, error.code) {
        (Kind::Conflict, "poll_closed") => too_late(l, whole),
        (Kind::Conflict | Kind::Busy | Kind::Forbidden | Kind::Invalid, code) => {
            let code = error.fields.first().map_or(code, |field| field.code);
            render::sentence(l, error.kind, code)
        }
        _ => return None,
    };
    Some(BallotSummary {
        refused: Some(refused),
        may_retry: error.kind == Kind::Busy || error.code == "ballot_not_next",
        ..page
    })
}

/// Claims the token of a form before an act that asks other hubs on its way: the same showing acts once
/// at most. The answer of the first tap, if there is one; else the page that tells how things stand.
pub(super) async fn claimed(
    app: &App,
    scope: &str,
    token: &str,
    otherwise: &str,
) -> Result<Option<Response>, AppError> {
    let (app_in, scope, token) = (app.clone(), scope.to_owned(), token.to_owned());
    let before = app
        .write(move |tx| -> Result<_, AppError> {
            Ok(once::claim(tx, &scope, &token, app_in.now())?)
        })
        .await?;
    Ok(before.map(|before| match before.location {
        Some(place) => render::done(&place, Notice::AlreadyDone),
        None => Redirect::to(otherwise).into_response(),
    }))
}

/// Keeps where the first tap led.
pub(super) async fn answered(
    app: &App,
    scope: &str,
    token: &str,
    place: &str,
) -> Result<(), AppError> {
    let (scope, token) = (scope.to_owned(), token.to_owned());
    let answer = Answered {
        status: 303,
        location: Some(place.to_owned()),
        body: None,
    };
    app.write(move |tx| -> Result<(), AppError> {
        Ok(once::answered(tx, &scope, &token, &answer)?)
    })
    .await
}
