//! `/accompagner`: what the team does for people — invite, give access back, approve.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::Span;
use interkpa_web::chrome::Notice;
use interkpa_web::form::Problem;
use interkpa_web::routes;
use interkpa_web::views::facilitation::{
    Approval, HelpOthers, InvitationSheet, InviteForm, RecoverForm,
};
use interkpa_web::words::Role as RoleWord;

use crate::app::App;
use crate::features::notifications;
use crate::features::people::accounts::check_name;
use crate::features::people::commands::{self, By, Invited, recovery};
use crate::features::people::rights::{Right, Role};
use crate::features::people::store::{access, roster};
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::render;
use crate::ids::MemberId;
use crate::moments;

/// Who waits for the team, and what waits for a second person.
///
/// # Errors
/// Those of the store.
pub async fn home(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
) -> Result<Response, AppError> {
    let now = app.now();
    let (approves, tells) = (member.may(Right::Recover), member.may(Right::TellPeople));
    let (waiting, to_tell) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let waiting = if approves {
                access::waiting(conn, now)?
            } else {
                Vec::new()
            };
            let to_tell = if tells {
                notifications::to_tell(conn, now)?
            } else {
                0
            };
            Ok((waiting, to_tell))
        })
        .await?;
    let l = visitor.locale;
    let approvals = waiting
        .into_iter()
        .filter(|asked| asked.member != member.id)
        .map(|asked| Approval {
            href: format!("/accompagner/validations/{}", asked.id),
            sentence: l.t1("approval-recovery", "name", asked.member_name.as_str()),
            may_decide: asked.asked_by != member.id,
            asked_by: asked.asked_by_name,
            reason: asked.reason,
            at: moments::ago(l, asked.created_at, now),
        });
    let view = HelpOthers {
        waiting: Vec::new(),
        approvals: approvals.collect(),
        to_tell,
    };
    Ok(render::page(&app, &visitor, &view))
}

fn role_words(member: &SignedIn) -> Vec<RoleWord> {
    let roles = member.roles.invitable().into_iter();
    roles
        .filter_map(|role| RoleWord::from_code(role.as_str()))
        .collect()
}

/// The form to invite.
pub async fn invite_form(State(app): State<App>, visitor: Visitor, member: SignedIn) -> Response {
    let view = InviteForm {
        form: interkpa_web::Form::from_pairs([("role", "user"), ("days", "7")]),
        roles: role_words(&member),
    };
    render::page(&app, &visitor, &view)
}

/// Makes an invitation and shows its sheet, once.
///
/// # Errors
/// 409 `too_many_invitations`.
pub async fn invite(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    let name = check_name(form.text("name"));
    // A role that the inviter may not give is not among the choices, whatever was sent (D87).
    let chosen = form.text("role").parse::<Role>().ok();
    let role = chosen.filter(|role| member.roles.invitable().contains(role));
    let (Ok(name), Some(role)) = (name.as_ref(), role) else {
        let mut again = interkpa_web::Form::from_pairs(form.visible());
        match name {
            Err("too_long") => again.refuse("name", Problem::TooLong { max: 100 }),
            Err(_) => again.refuse("name", Problem::Required),
            Ok(_) => {}
        }
        if role.is_none() {
            again.refuse("role", Problem::UnknownChoice);
        }
        let view = InviteForm {
            form: again,
            roles: role_words(&member),
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(render::page_with(&app, &visitor, status, &view));
    };
    let days = if form.text("days") == "1" { 1 } else { 7 };
    let by = By::Member(member.id);
    let made = commands::invite_for(&app, by, name.clone(), role, Span::days(days)).await?;
    Ok(sheet(&app, &visitor, name.clone(), &made, None))
}

/// The sheet handed over. Its secret exists on this answer alone.
fn sheet(
    app: &App,
    visitor: &Visitor,
    name: String,
    made: &Invited,
    recovery: Option<bool>,
) -> Response {
    let l = visitor.locale;
    let url = app.address(&made.path);
    let view = InvitationSheet {
        name,
        qr: interkpa_web::qr::svg(&url, &l.t("sheet-qr")),
        url,
        expires: moments::in_full(l, made.expires_at),
        is_recovery: recovery.is_some(),
        needs_approval: recovery.unwrap_or(false),
    };
    render::page(app, visitor, &view)
}

async fn recover_view(
    app: &App,
    reader: &MemberId,
    form: interkpa_web::Form,
) -> Result<RecoverForm, AppError> {
    let names = app
        .store
        .read(|conn| -> Result<_, AppError> { Ok(roster::names(conn)?) })
        .await?;
    Ok(RecoverForm {
        form,
        members: names
            .into_iter()
            .filter(|(id, _, _)| id != reader)
            .map(|(id, name, handle)| (id.as_str().to_owned(), format!("{name} (@{handle})")))
            .collect(),
    })
}

/// The form to give an access back.
///
/// # Errors
/// Those of the store.
pub async fn recover_form(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
) -> Result<Response, AppError> {
    let view = recover_view(&app, &member.id, interkpa_web::Form::new()).await?;
    Ok(render::page(&app, &visitor, &view))
}

/// Makes a recovery link and shows its sheet, once.
///
/// # Errors
/// 404 for nobody active; 403 `not_for_oneself`.
pub async fn recover(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    let subject = MemberId::parse(form.text("member"));
    let reason: String = form.text("reason").chars().take(200).collect();
    let Some(subject) = subject.filter(|_| form.has("seen")) else {
        let mut again = interkpa_web::Form::from_pairs(form.visible());
        if MemberId::parse(form.text("member")).is_none() {
            again.refuse("member", Problem::ChoiceRequired);
        }
        if !form.has("seen") {
            again.refuse("seen", Problem::ConsentRequired);
        }
        let view = recover_view(&app, &member.id, again).await?;
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(render::page_with(&app, &visitor, status, &view));
    };
    let made = recovery::start(&app, By::Member(member.id), subject, reason).await?;
    let second = Some(made.needs_second);
    Ok(sheet(&app, &visitor, made.name, &made.link, second))
}

/// The second person says yes.
///
/// # Errors
/// Those of [`recovery::decide`].
pub async fn approve(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    recovery::decide(&app, member.id, id, true).await?;
    Ok(render::done(routes::HELP_OTHERS, Notice::Approved))
}

/// The second person says no, or the first takes it back.
///
/// # Errors
/// Those of [`recovery::decide`].
pub async fn refuse(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    recovery::decide(&app, member.id, id, false).await?;
    Ok(render::done(routes::HELP_OTHERS, Notice::NotApproved))
}
