//! What a reader does with a proposal: hide it, report it, ask about it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_web::Locale;
use interkpa_web::chrome::Notice;
use interkpa_web::form::{Form as WebForm, Problem};
use interkpa_web::markup;
use interkpa_web::views::proposals::ReportForm;

use crate::app::App;
use crate::features::proposals::model::new::lines;
use crate::features::proposals::model::{Proposal, href};
use crate::features::proposals::pages::{seen, show};
use crate::features::proposals::store::marks::{self, NewReport};
use crate::features::proposals::view::Beside;
use crate::features::proposals::{questions, store};
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::render;
use crate::ids::ProposalId;

/// Longest words of a report, in characters.
const WORDS_MAX: u32 = 1_000;

/// `POST /objets/<id>/masquer`: hides it for this member.
///
/// # Errors
/// 404 for who may not see it.
pub async fn hide(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let app_in = app.clone();
    app.write(move |tx| -> Result<_, AppError> {
        let proposal = seen(store::find(tx, &id)?, &visitor)?;
        Ok(marks::hide(tx, &member.id, &proposal.uri, app_in.now())?)
    })
    .await?;
    Ok(render::done("/entraide", Notice::Hidden))
}

/// `GET /objets/<id>/signaler`.
///
/// # Errors
/// 404 for who may not see it.
pub async fn report_form(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (proposal, hub) = reported(&app, &visitor, &id).await?;
    let view = report_view(&proposal, hub, WebForm::new());
    Ok(render::page(&app, &visitor, &view))
}

/// `POST /objets/<id>/signaler`: goes to the team of this hub; the author never learns who said so.
///
/// # Errors
/// As [`report_form`].
pub async fn report(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let (proposal, hub) = reported(&app, &visitor, &id).await?;
    let mut typed = WebForm::from_pairs(form.visible());
    let Some(reason) = reason(&mut typed, visitor.locale) else {
        let view = report_view(&proposal, hub, typed);
        return Ok(render::page_with(
            &app,
            &visitor,
            StatusCode::UNPROCESSABLE_ENTITY,
            &view,
        ));
    };
    let page = proposal.href();
    keep(&app, &member, proposal, reason).await?;
    Ok(render::done(&page, Notice::Reported))
}

/// Code of the reason, below it the reporter's words, and whether to hand it on.
pub fn reason(typed: &mut WebForm, l: Locale) -> Option<String> {
    let code = typed.value("reason").trim().to_owned();
    if !ReportForm::REASONS.contains(&code.as_str()) {
        typed.refuse("reason", Problem::ChoiceRequired);
    }
    let words = lines(typed.value("words"));
    if words.chars().count() > usize::try_from(WORDS_MAX).unwrap_or(usize::MAX) {
        typed.refuse("words", Problem::TooLong { max: WORDS_MAX });
    }
    if !typed.is_fine() {
        return None;
    }
    // The code on its own line: whoever decides reads the words below it.
    let forward = if typed.value("forward").is_empty() {
        String::new()
    } else {
        l.t("report-forward")
    };
    Some(format!("{code}\n{words}\n{forward}").trim_end().to_owned())
}

/// Keeps a report with the text as it read then. One open report a member and thing.
///
/// # Errors
/// Those of the store.
pub async fn keep(
    app: &App,
    member: &SignedIn,
    proposal: Proposal,
    reason: String,
) -> Result<(), AppError> {
    let content = markup::remote_html(&proposal.details.content);
    let report = NewReport {
        id: app.new_id(),
        uri: proposal.uri,
        title: proposal.title,
        evidence: markup::plain_text(&content),
        reporter_member: Some(member.id.as_str().to_owned()),
        reporter_origin: None,
        reason,
        state: "open",
        created_at: app.now().as_milliseconds(),
    };
    let member = member.id.clone();
    app.write(move |tx| -> Result<(), AppError> {
        if !marks::is_reported(tx, &report.uri, &member)? {
            marks::insert_report(tx, &report)?;
        }
        Ok(())
    })
    .await
}

async fn reported(
    app: &App,
    identity: &Identity,
    id: &str,
) -> Result<(Proposal, Option<String>), AppError> {
    let id = ProposalId::parse(id).ok_or_else(AppError::not_found)?;
    let identity = identity.clone();
    app.store
        .read(move |conn| -> Result<_, AppError> {
            let proposal = seen(store::find(conn, &id)?, &identity)?;
            let beside = Beside::read(conn, &[show::authorship(&proposal)])?;
            let hub = (!proposal.is_ours()).then(|| beside.hub_name(&proposal.origin));
            Ok((proposal, hub))
        })
        .await
}

fn report_view(proposal: &Proposal, hub: Option<String>, form: WebForm) -> ReportForm {
    ReportForm {
        href: proposal.href(),
        title: proposal.title.clone(),
        hub,
        form,
    }
}

/// `POST /objets/<id>/question`: a remark under the proposal, read by whoever reads it.
///
/// # Errors
/// 404 for who may not see it, 409 when it is closed.
pub async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let mut typed = WebForm::from_pairs(form.visible());
    let Some(text) = questions::parse(&mut typed) else {
        let view = show::view(&app, &visitor, id, Some(typed)).await?;
        return Ok(render::page_with(
            &app,
            &visitor,
            StatusCode::UNPROCESSABLE_ENTITY,
            &view,
        ));
    };
    let page = href(&id);
    questions::ask(&app, &visitor, &member, id, text, form.once()).await?;
    Ok(render::done(&page, Notice::Answered))
}
