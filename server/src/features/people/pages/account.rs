//! Password, devices and keys for programs of the reader.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::Span;
use interkpa_web::chrome::Notice;
use interkpa_web::form::Problem;
use interkpa_web::routes;
use interkpa_web::views::people::{Device, Devices, LeaveForm, PasswordForm, Token, Tokens};

use crate::app::App;
use crate::features::people::accounts::{check_name, check_password};
use crate::features::people::commands::{account as commands, leaving};
use crate::features::people::pages::{problem, session_of};
use crate::features::people::store::account as store;
use crate::http::error::{AppError, FieldError, Kind};
use crate::http::form::Form;
use crate::http::identity::{Scopes, SignedIn, Visitor};
use crate::http::render;
use crate::moments;

/// The form to change the password.
pub async fn password(State(app): State<App>, visitor: Visitor) -> Response {
    render::page(&app, &visitor, &PasswordForm::default())
}

/// Changes the password; other devices are signed out.
///
/// # Errors
/// Those of the store.
pub async fn change_password(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    let new = form.text("password").to_owned();
    let done = if let Err(code) = check_password(&new) {
        Err(AppError::invalid(vec![FieldError::new("password", code)]))
    } else {
        let (session, current) = (session_of(&member), form.text("current").to_owned());
        commands::change_password(&app, member.id, session, current, new).await
    };
    match done {
        Ok(()) => Ok(render::done(routes::ME, Notice::PasswordChanged)),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let mut view = PasswordForm::default();
            for error in &refusal.fields {
                view.form.refuse(&error.field, problem(error));
            }
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(render::page_with(&app, &visitor, status, &view))
        }
        Err(other) => Err(other),
    }
}

/// Asks whether to leave for good.
pub async fn leave_form(State(app): State<App>, visitor: Visitor) -> Response {
    render::page(&app, &visitor, &LeaveForm::default())
}

/// Leaves for good: the account is emptied (I-07).
///
/// # Errors
/// 409 `last_admin` when nobody would hold the machine.
pub async fn leave(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    let current = form.text("current").to_owned();
    match leaving::leave(&app, member.id, current).await {
        Ok(()) => Ok(render::done(routes::HOME, Notice::Left)),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let mut view = LeaveForm::default();
            for error in &refusal.fields {
                view.form.refuse(&error.field, problem(error));
            }
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(render::page_with(&app, &visitor, status, &view))
        }
        Err(other) => Err(other),
    }
}

/// The devices signed in now.
///
/// # Errors
/// Those of the store.
pub async fn devices(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
) -> Result<Response, AppError> {
    let (now, this) = (app.now(), session_of(&member));
    let rows = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(store::devices(conn, &member.id, now)?) })
        .await?;
    let l = visitor.locale;
    let mut devices: Vec<Device> = rows
        .into_iter()
        .map(|row| Device {
            href: format!("{}/{}", routes::DEVICES, row.id_hash),
            label: row.browser,
            created: moments::ago(l, row.created_at, now),
            last_seen: moments::ago(l, row.seen_at, now),
            is_this: Some(&row.id_hash) == this.as_ref(),
        })
        .collect();
    devices.sort_by_key(|device| !device.is_this);
    Ok(render::page(&app, &visitor, &Devices { devices }))
}

/// Signs one device out.
///
/// # Errors
/// 404 for a device of somebody else.
pub async fn sign_device_out(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    commands::sign_device_out(&app, member.id, id).await?;
    Ok(render::done(routes::DEVICES, Notice::DeviceSignedOut))
}

/// Signs every other device out.
///
/// # Errors
/// Those of the store.
pub async fn sign_others_out(
    State(app): State<App>,
    member: SignedIn,
    _form: Form,
) -> Result<Response, AppError> {
    let this = session_of(&member);
    commands::sign_others_out(&app, member.id, this).await?;
    Ok(render::done(routes::DEVICES, Notice::DeviceSignedOut))
}

async fn tokens_view(
    app: &App,
    visitor: &Visitor,
    member: &SignedIn,
    form: interkpa_web::Form,
    secret: Option<String>,
) -> Result<Tokens, AppError> {
    let (now, id, l) = (app.now(), member.id.clone(), visitor.locale);
    let rows = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(store::tokens(conn, &id, now)?) })
        .await?;
    let tokens = rows.into_iter().map(|row| Token {
        href: format!("{}/{}", routes::TOKENS, row.id),
        name: row.label,
        scopes: row.scopes.split(',').map(str::to_owned).collect(),
        created: moments::ago(l, row.created_at, now),
        last_used: row.used_at.map(|at| moments::ago(l, at, now)),
        expires: row.expires_at.map(|at| moments::in_full(l, at)),
    });
    Ok(Tokens {
        tokens: tokens.collect(),
        secret,
        form,
    })
}

fn blank() -> interkpa_web::Form {
    interkpa_web::Form::from_pairs([("scopes", "read"), ("days", "90")])
}

/// The keys that work.
///
/// # Errors
/// Those of the store.
pub async fn tokens(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
) -> Result<Response, AppError> {
    let view = tokens_view(&app, &visitor, &member, blank(), None).await?;
    Ok(render::page(&app, &visitor, &view))
}

/// Makes a key and shows it, once.
///
/// # Errors
/// Those of the store.
pub async fn make_token(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    let Ok(label) = check_name(form.text("name")) else {
        let mut again = interkpa_web::Form::from_pairs(form.visible());
        again.refuse("name", Problem::Required);
        let view = tokens_view(&app, &visitor, &member, again, None).await?;
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(render::page_with(&app, &visitor, status, &view));
    };
    let scopes: Vec<&str> = form.all("scopes").collect();
    let scopes = Scopes::parse(&scopes.join(","));
    let days = match form.text("days") {
        "30" => 30,
        "365" => 365,
        _ => 90,
    };
    let id = member.id.clone();
    let secret = commands::make_limited_token(&app, id, label, scopes, Span::days(days)).await?;
    let view = tokens_view(&app, &visitor, &member, blank(), Some(secret)).await?;
    Ok(render::page(&app, &visitor, &view))
}

/// Takes a key away.
///
/// # Errors
/// 404 for a key of somebody else.
pub async fn revoke_token(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    commands::revoke_token(&app, member.id, id).await?;
    Ok(render::done(routes::TOKENS, Notice::TokenRevoked))
}
