//! The last two screens: the word of a second mandated person, and the receipt.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_web::Locale;
use interkpa_web::chrome::Notice;
use interkpa_web::views::votes::{ConfirmPage, NotForYou, Receipt, Told};

use super::cast::{answered, claimed, not_open, too_late};
use super::{
    ballot, cast_by, hand, hash_of, head, href, is_castable, name, one_voice, own, received, words,
};
use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::people::rights::Right;
use crate::features::votes::commands::{self, NewBallot};
use crate::features::votes::model::{DraftState, Mandated};
use crate::features::votes::view::{self, BallotDraft, Whole};
use crate::http::form::Form;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::{AppError, Kind, render};
use crate::ids::MemberId;

/// `GET /decisions/<hash>/confirmer/<id>`: what somebody else prepared.
///
/// # Errors
/// 404 for a ballot that is unknown, was cast, or gave way to another one.
pub(super) async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path((hash, id)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let hash = hash_of(&hash)?;
    let l = visitor.locale;
    if !member.may(Right::ConfirmVote) && !member.may(Right::Vote) {
        let names = app
            .store
            .read(|conn| -> Result<_, StoreError> { super::spokespeople(conn) })
            .await?;
        let page = NotForYou {
            next: href(hash),
            why: l.t("vote-not-for-you"),
            spokespeople: names,
        };
        let status = StatusCode::FORBIDDEN;
        return Ok(render::page_with(&app, &visitor, status, &page));
    }
    let page = confirmation(&app, l, member.id, (hash, id), None).await?;
    Ok(render::page(&app, &visitor, &page))
}

/// The page for a reader; with the reason why nothing was cast.
async fn confirmation(
    app: &App,
    l: Locale,
    reader: MemberId,
    (hash, id): (ObjectHash, String),
    refused: Option<String>,
) -> Result<ConfirmPage, AppError> {
    let app_in = app.clone();
    app.store
        .read(move |conn| -> Result<_, AppError> {
            let whole = view::one(&app_in, conn, hash)?.ok_or_else(AppError::not_found)?;
            let mut drafts = whole.drafts.iter();
            let draft = drafts
                .find(|draft| draft.id == id && draft.state == DraftState::Waiting)
                .ok_or_else(AppError::not_found)?;
            let castable = is_castable(&app_in, &whole)?;
            let closed = (!castable).then(|| not_open(&app_in, l, &whole));
            Ok(ConfirmPage {
                head: head(l, &whole),
                action: format!("{}/confirmer/{id}", href(hash)),
                by: name(conn, &draft.proposed_by)?,
                told: told(l, &whole, draft)?,
                is_own: draft.proposed_by == reader,
                refused: refused.or(closed),
            })
        })
        .await
}

/// What a prepared ballot says.
fn told(l: Locale, whole: &Whole, draft: &BallotDraft) -> Result<Told, AppError> {
    let mandate: Mandated = serde_json::from_str(&draft.mandate).map_err(AppError::internal)?;
    let ballot = NewBallot {
        choice: serde_json::from_str(&draft.choice).map_err(AppError::internal)?,
        reason: draft.reason.clone(),
        mandate,
    };
    Ok(ballot::told(l, &whole.poll.question, &ballot))
}

/// `POST /decisions/<hash>/confirmer/<id>`: signs and sends the voice.
///
/// # Errors
/// 403 for who prepared it; 404 for one that is unknown; 409 for one that was cast.
pub(super) async fn confirm(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path((hash, id)): Path<(String, String)>,
    form: Form,
) -> Result<Response, AppError> {
    let hash = hash_of(&hash)?;
    let scope = format!("ballot_confirm:{}:{id}", member.id);
    if let Some(before) = claimed(&app, &scope, form.once(), &href(hash)).await? {
        return Ok(before);
    }
    match commands::confirm(&app, &hand(&member), hash, &id).await {
        Ok(_cast) => {
            let place = format!("{}/recu", href(hash));
            answered(&app, &scope, form.once(), &place).await?;
            Ok(render::done(&place, Notice::Voted))
        }
        Err(error) => {
            let l = visitor.locale;
            let why = match (error.kind, error.code) {
                (Kind::Conflict, "poll_closed") => too_late(l, &super::whole(&app, hash).await?),
                (Kind::Conflict | Kind::Busy, code) if code != "draft_not_waiting" => {
                    render::sentence(l, error.kind, code)
                }
                _ => return Err(error),
            };
            let page = confirmation(&app, l, member.id, (hash, id), Some(why)).await?;
            let status = error.kind.status();
            Ok(render::page_with(&app, &visitor, status, &page))
        }
    }
}

/// `GET /decisions/<hash>/recu`: the voice of this hub with its tracking number.
///
/// # Errors
/// 404 while this hub has no voice in the vote.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(hash): Path<String>,
) -> Result<Response, AppError> {
    let hash = hash_of(&hash)?;
    let (app_in, l) = (app.clone(), visitor.locale);
    let member = visitor.member.clone();
    let page = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let whole = view::one(&app_in, conn, hash)?.ok_or_else(AppError::not_found)?;
            receipt(&app_in, conn, l, member.as_ref(), &whole)
        })
        .await?;
    Ok(render::page(&app, &visitor, &page))
}

fn receipt(
    app: &App,
    conn: &mut Conn,
    l: Locale,
    member: Option<&SignedIn>,
    whole: &Whole,
) -> Result<Receipt, AppError> {
    let voice = own(app, whole)?
        .and_then(one_voice)
        .ok_or_else(AppError::not_found)?;
    Ok(Receipt {
        head: head(l, whole),
        told: Told {
            choice: words::voice(l, &whole.poll.question, voice),
            reason: voice.reason.clone(),
            mandate: vec![l.t(words::mandate(voice.mandate_mode))],
        },
        tracking: voice.tracking_number.clone(),
        hash: voice.ballot.to_string(),
        received: received(voice, whole),
        by: match member {
            Some(_) => cast_by(conn, l, whole, voice)?,
            None => None,
        },
        may_change: is_castable(app, whole)?
            && member.is_some_and(|member| member.may(Right::Vote)),
    })
}
