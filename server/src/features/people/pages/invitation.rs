//! `/invitation/<secret>`: creates an account, or gives one back. Looking changes nothing: link
//! previews and virus scanners follow links (D83).

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use interkpa_web::chrome::Notice;
use interkpa_web::form::Problem;
use interkpa_web::routes;
use interkpa_web::views::people::AcceptInvitation;

use crate::app::App;
use crate::features::people::accounts::{NewAccount, browser_family, check_password};
use crate::features::people::commands::{self, recovery};
use crate::features::people::store::{self, access};
use crate::features::people::{pages, secret_hash};
use crate::http::access::{session_cookie, set_cookie};
use crate::http::error::{AppError, FieldError, Kind};
use crate::http::form::Form;
use crate::http::identity::Visitor;
use crate::http::render;

/// Shows what the link is for.
///
/// # Errors
/// 410 `invitation_over`.
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response, AppError> {
    let view = view(&app, &secret, interkpa_web::Form::new()).await?;
    Ok(render::anonymous_form(
        &app,
        visitor.0,
        StatusCode::OK,
        &view,
    ))
}

/// Uses the link and signs the person in.
///
/// # Errors
/// 410 `invitation_over`.
pub async fn accept(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, AppError> {
    let mut view = view(&app, &secret, kept(&form)).await?;
    let done = if view.recovers.is_some() {
        give_back(&app, &secret, &form).await
    } else {
        if !form.has("rules") {
            view.form.refuse("rules", Problem::ConsentRequired);
        }
        join(&app, &secret, &form, view.form.is_fine()).await
    };
    let member = match done {
        Ok(member) => member,
        Err(refusal) if refusal.kind == Kind::Invalid => {
            for error in &refusal.fields {
                view.form.refuse(&error.field, pages::problem(error));
            }
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(render::anonymous_form(&app, visitor.0, status, &view));
        }
        Err(other) => return Err(other),
    };
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let session = commands::open_session(&app, member, browser_family(agent)).await?;
    let mut response = render::done(routes::HOME, Notice::Welcome);
    let cookie = set_cookie(&app, &session_cookie(&app), &session.secret, None);
    render::add_cookie(&mut response, &cookie);
    Ok(response)
}

async fn join(
    app: &App,
    secret: &str,
    form: &Form,
    consented: bool,
) -> Result<crate::ids::MemberId, AppError> {
    let account = NewAccount::parse(
        form.text("handle"),
        form.text("name"),
        form.text("password"),
    )
    .map_err(AppError::invalid)?;
    if !consented {
        return Err(AppError::invalid(Vec::new()));
    }
    commands::join(app, secret, account).await
}

async fn give_back(app: &App, secret: &str, form: &Form) -> Result<crate::ids::MemberId, AppError> {
    let password = form.text("password");
    check_password(password)
        .map_err(|code| AppError::invalid(vec![FieldError::new("password", code)]))?;
    recovery::finish(app, secret, password.to_owned()).await
}

/// What was typed, without the password.
fn kept(form: &Form) -> interkpa_web::Form {
    interkpa_web::Form::from_pairs(form.visible().filter(|(name, _)| *name != "password"))
}

async fn view(
    app: &App,
    secret: &str,
    form: interkpa_web::Form,
) -> Result<AcceptInvitation, AppError> {
    let (hash, now) = (secret_hash(secret), app.now());
    let (inviter, recovers) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let (link, recovers) =
                if let Some(link) = store::open_invitation(conn, &hash, "join", now)? {
                    (link, None)
                } else {
                    let link = recovery::usable(conn, &hash, now)?
                        .ok_or_else(|| AppError::new(Kind::Gone, "invitation_over"))?;
                    let name = link.display_name.clone();
                    (link, Some(name))
                };
            let inviter = match &link.created_by {
                Some(by) => access::name(conn, by.as_str())?,
                None => None,
            };
            Ok((inviter, recovers))
        })
        .await?;
    Ok(AcceptInvitation {
        href: format!("/invitation/{secret}"),
        inviter: inviter.unwrap_or_else(|| app.config.hub.name.clone()),
        recovers,
        domain: app.origin.authority().to_owned(),
        form,
    })
}
