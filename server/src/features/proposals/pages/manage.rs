//! What an author does with a proposal: take it back, found it, show it wider, keep it back.

use axum::extract::{Path, State};
use axum::response::Response;
use interkpa_web::chrome::Notice;
use interkpa_web::form::Form as WebForm;
use interkpa_web::views::proposals::WithdrawForm;

use crate::app::App;
use crate::db::conn::Conn;
use crate::features::proposals::commands::{self, By, ProposalError};
use crate::features::proposals::model::new::lines;
use crate::features::proposals::model::{Proposal, href};
use crate::features::proposals::pages::seen;
use crate::features::proposals::{pictures, store};
use crate::http::error::{AppError, Kind};
use crate::http::form::Form;
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::render;
use crate::ids::ProposalId;

/// Longest reason kept, in characters.
const REASON_MAX: usize = 500;

/// `GET /objets/<id>/retirer`: asks for confirmation.
///
/// # Errors
/// 404 for who may not see it, 403 for who may not change it.
pub async fn withdraw_form(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let identity = visitor.0.clone();
    let proposal = app
        .store
        .read(move |conn| mine(conn, &identity, &member, &id))
        .await?;
    let view = WithdrawForm {
        href: proposal.href(),
        title: proposal.title,
        open_responses: 0,
        form: WebForm::new(),
    };
    Ok(render::page(&app, &visitor, &view))
}

/// `POST /objets/<id>/retirer`.
///
/// # Errors
/// As [`withdraw_form`], and 409 when it is closed already.
pub async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let reason = reason(&form);
    let (app_in, identity) = (app.clone(), visitor.0.clone());
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let done = app
        .write(move |tx| -> Result<_, AppError> {
            mine(tx, &identity, &member, &id)?;
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
    pictures::forget(&app, done.pictures_gone).await;
    Ok(render::done("/moi/annonces", Notice::Withdrawn))
}

fn reason(form: &Form) -> Option<String> {
    let text: String = lines(form.text("reason"))
        .chars()
        .take(REASON_MAX)
        .collect();
    (!text.is_empty()).then_some(text)
}

/// `POST /objets/<id>/pourvu`: « Trouvé ! »
///
/// # Errors
/// 404, 403, and 409 when it is closed already.
pub async fn fulfil(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    let notice = Notice::Fulfilled;
    change(&app, visitor, member, &id, notice, |app, tx, by, id| {
        commands::fulfil(app, tx, app.now(), by, id).map(drop)
    })
    .await
}

/// `POST /objets/<id>/elargir`: one step wider, at once.
///
/// # Errors
/// As [`fulfil`].
pub async fn widen(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    change(
        &app,
        visitor,
        member,
        &id,
        Notice::Widened,
        |app, tx, by, id| commands::widen(app, tx, app.now(), by, id).map(drop),
    )
    .await
}

/// `POST /objets/<id>/prolonger`: « Encore d'actualité ? », answered by one tap.
///
/// # Errors
/// As [`fulfil`].
pub async fn prolong(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    let notice = Notice::Prolonged;
    change(&app, visitor, member, &id, notice, |app, tx, by, id| {
        commands::prolong(app, tx, app.now(), by, id).map(drop)
    })
    .await
}

/// `POST /objets/<id>/suspendre`.
///
/// # Errors
/// As [`fulfil`].
pub async fn suspend(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    change(
        &app,
        visitor,
        member,
        &id,
        Notice::Changed,
        |app, tx, by, id| commands::suspend(app, tx, app.now(), by, id, None).map(drop),
    )
    .await
}

/// `POST /objets/<id>/reprendre`.
///
/// # Errors
/// As [`fulfil`]; 403 `kept_back` when the team decided otherwise.
pub async fn resume(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    change(
        &app,
        visitor,
        member,
        &id,
        Notice::Changed,
        |app, tx, by, id| commands::resume(app, tx, app.now(), by, id).map(drop),
    )
    .await
}

async fn change(
    app: &App,
    visitor: Visitor,
    member: SignedIn,
    id: &str,
    notice: Notice,
    command: fn(&App, &mut Conn, By<'_>, &ProposalId) -> Result<(), ProposalError>,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(id).ok_or_else(AppError::not_found)?;
    let page = href(&id);
    let app_in = app.clone();
    app.write(move |tx| -> Result<_, AppError> {
        mine(tx, &visitor, &member, &id)?;
        command(&app_in, tx, By::Member(&member.id, &member.roles), &id)?;
        Ok(())
    })
    .await?;
    Ok(render::done(&page, notice))
}

/// The proposal, if this member may see it and change it.
fn mine(
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
