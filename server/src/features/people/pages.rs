//! Pages of people.

pub mod account;
pub mod helping;
pub mod invitation;
pub mod me;
pub mod member;
pub mod profile;
pub mod sign_in;

use axum::routing::{get, post};
use interkpa_web::form::Problem;
use interkpa_web::routes as paths;

use crate::features::people::accounts::{NAME_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN};
use crate::features::people::password::PASSWORD_BYTES_MAX;
use crate::features::people::rights::Right;
use crate::http::error::FieldError;
use crate::http::identity::{Credential, SignedIn};
use crate::http::{Access, Route};

/// The routes of this feature's pages.
pub fn routes() -> Vec<Route> {
    let (anyone, member) = (Access::Anyone, Access::Member);
    let (invite, recover) = (Access::Right(Right::Invite), Access::Right(Right::Recover));
    vec![
        Route::page(paths::SIGN_IN, anyone, get(sign_in::show)),
        Route::form(paths::SIGN_IN, anyone, post(sign_in::sign_in)),
        Route::form(paths::SIGN_OUT, member, post(sign_in::sign_out)),
        Route::page("/invitation/{secret}", anyone, get(invitation::show)),
        Route::form("/invitation/{secret}", anyone, post(invitation::accept)),
        Route::page(paths::ME, member, get(me::show)),
        Route::page(paths::PROFILE, member, get(profile::show)),
        Route::form(paths::PROFILE, member, post(profile::save)),
        Route::page(paths::PASSWORD, member, get(account::password)),
        Route::form(paths::PASSWORD, member, post(account::change_password)),
        Route::page(paths::LEAVE, member, get(account::leave_form)),
        Route::form(paths::LEAVE, member, post(account::leave)),
        Route::page(paths::DEVICES, member, get(account::devices)),
        Route::form(
            paths::DEVICES_OTHERS,
            member,
            post(account::sign_others_out),
        ),
        Route::form(
            "/moi/appareils/{id}/deconnecter",
            member,
            post(account::sign_device_out),
        ),
        Route::page(paths::TOKENS, member, get(account::tokens)),
        Route::form(paths::TOKENS, member, post(account::make_token)),
        Route::form(
            "/moi/cles/{id}/supprimer",
            member,
            post(account::revoke_token),
        ),
        Route::page(paths::HELP_OTHERS, invite, get(helping::home)),
        Route::page(paths::INVITE, invite, get(helping::invite_form)),
        Route::form(paths::INVITE, invite, post(helping::invite)),
        Route::page(paths::RECOVER, recover, get(helping::recover_form)),
        Route::form(paths::RECOVER, recover, post(helping::recover)),
        Route::form(
            "/accompagner/validations/{id}/approuver",
            recover,
            post(helping::approve),
        ),
        Route::form(
            "/accompagner/validations/{id}/refuser",
            recover,
            post(helping::refuse),
        ),
    ]
}

/// What a page says about a field that the rules refused.
fn problem(error: &FieldError) -> Problem {
    let characters = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    match error.code {
        "too_long" => Problem::TooLong {
            max: characters(NAME_CHARACTERS_MAX),
        },
        "password_too_short" => Problem::TooShort {
            min: characters(PASSWORD_CHARACTERS_MIN),
        },
        "password_too_long" => Problem::TooLong {
            max: characters(PASSWORD_BYTES_MAX),
        },
        "not_a_handle" => Problem::NotAHandle,
        "taken" => Problem::Taken,
        "wrong_password" => Problem::WrongPassword,
        _ => Problem::Required,
    }
}

/// The session of this browser, to keep when others end.
fn session_of(member: &SignedIn) -> Option<String> {
    match &member.credential {
        Credential::Session { id_hash, .. } => Some(id_hash.clone()),
        Credential::Token { .. } => None,
    }
}
