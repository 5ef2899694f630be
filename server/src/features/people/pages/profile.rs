//! `/moi/profil`: what the reader says of themselves, line by line with who may read it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_web::chrome::Notice;
use interkpa_web::routes;
use interkpa_web::views::people::Profile as ProfilePage;

use crate::app::App;
use crate::config::FederationMode;
use crate::features::people::commands::account as commands;
use crate::features::people::profile::{CONSENTED, Profile};
use crate::features::people::store::account;
use crate::http::access::{LANGUAGE_COOKIE, set_cookie};
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::render;
use crate::ids::MemberId;

async fn stored(app: &App, member: &MemberId) -> Result<Profile, AppError> {
    let id = member.clone();
    app.store
        .read(move |conn| -> Result<_, AppError> { Ok(account::profile(conn, &id)?) })
        .await
}

fn view(app: &App, member: &SignedIn, is_public: bool, form: interkpa_web::Form) -> ProfilePage {
    ProfilePage {
        form,
        handle: format!("@{}@{}", member.handle, app.origin.authority()),
        is_open_mode: may_choose_public(app, is_public),
    }
}

/// A public account is opened where guests may follow; it is closed wherever there is one.
fn may_choose_public(app: &App, is_public: bool) -> bool {
    is_public || app.config.federation.mode == FederationMode::Open
}

/// The profile as it stands.
///
/// # Errors
/// Those of the store.
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
) -> Result<Response, AppError> {
    let profile = stored(&app, &member.id).await?;
    let mut form = interkpa_web::Form::from_pairs([
        ("name", profile.name.as_str()),
        ("about", &profile.about),
        ("skills", &profile.skills),
        ("languages", &profile.languages),
        ("place", &profile.place),
        ("phone", &profile.phone),
        ("email", &profile.email),
        ("contact_note", &profile.contact_note),
        ("lang", &profile.locale),
    ]);
    if profile.public_actor {
        form.set("public_actor", "1");
    }
    if profile.after_agreement {
        form.set("contact_after_agreement", "1");
    }
    for field in CONSENTED {
        let audience = profile.consents.of(field);
        form.set(&format!("consent_{field}"), audience.code());
    }
    let view = view(&app, &member, profile.public_actor, form);
    Ok(render::page(&app, &visitor, &view))
}

/// Saves it.
///
/// # Errors
/// Those of the store.
pub async fn save(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    let before = stored(&app, &member.id).await?;
    match Profile::parse(|name| form.text(name), &before) {
        Ok(mut profile) => {
            if may_choose_public(&app, before.public_actor) {
                profile.public_actor = form.has("public_actor");
            }
            let year = Some(365 * 24 * 3600);
            let cookie = set_cookie(&app, LANGUAGE_COOKIE, &profile.locale, year);
            commands::save_profile(&app, member.id, profile).await?;
            let mut response = render::done(routes::ME, Notice::ProfileSaved);
            render::add_cookie(&mut response, &cookie);
            Ok(response)
        }
        Err(problems) => {
            let mut again = interkpa_web::Form::from_pairs(form.visible());
            for (field, problem) in problems {
                again.refuse(field, problem);
            }
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let view = view(&app, &member, before.public_actor, again);
            Ok(render::page_with(&app, &visitor, status, &view))
        }
    }
}
