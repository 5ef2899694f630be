//! What a member does with their own account.

use interkpa_federation::Span;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::features::agreements;
use crate::features::people::profile::Profile;
use crate::features::people::store::{self, account};
use crate::features::people::{password, secret_hash};
use crate::fediverse::ours::OurActor;
use crate::fediverse::{gone, member_keys};
use crate::http::error::{AppError, FieldError};
use crate::http::identity::Scopes;
use crate::ids::MemberId;

fn record(
    tx: &mut Conn,
    app: &App,
    member: &MemberId,
    command: &'static str,
) -> Result<(), AppError> {
    let event = Event::new(Actor::Member(member), command, "member", member.as_str());
    Ok(audit::record(tx, &app.new_id(), app.now(), &event)?)
}

/// Changes the password; every other session ends.
///
/// # Errors
/// 422 `wrong_password` on `current`.
pub async fn change_password(
    app: &App,
    member: MemberId,
    session: Option<String>,
    current: String,
    new: String,
) -> Result<(), AppError> {
    let asked = member.clone();
    let stored = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(account::password_hash(conn, &asked)?) })
        .await?;
    if !password::verify(current, stored).await? {
        return Err(AppError::invalid(vec![FieldError::new(
            "current",
            "wrong_password",
        )]));
    }
    let hash = password::hash(new).await?;
    let app_in = app.clone();
    app.write(move |tx| {
        account::set_password(tx, &member, &hash, app_in.now())?;
        account::delete_sessions(tx, &member, session.as_deref())?;
        record(tx, &app_in, &member, "password_change")
    })
    .await
}

/// Signs one device of a member out.
///
/// # Errors
/// 404 for a device that is not theirs.
pub async fn sign_device_out(app: &App, member: MemberId, device: String) -> Result<(), AppError> {
    let app_in = app.clone();
    app.write(move |tx| {
        if !account::delete_device(tx, &member, &device)? {
            return Err(AppError::not_found());
        }
        record(tx, &app_in, &member, "device_sign_out")
    })
    .await
}

/// Signs every device of a member out but one.
///
/// # Errors
/// Those of the store.
pub async fn sign_others_out(
    app: &App,
    member: MemberId,
    but: Option<String>,
) -> Result<(), AppError> {
    let app_in = app.clone();
    app.write(move |tx| {
        account::delete_sessions(tx, &member, but.as_deref())?;
        record(tx, &app_in, &member, "device_sign_out_others")
    })
    .await
}

/// Makes a key for programs with its limits; the text is shown once.
///
/// # Errors
/// Those of the store.
pub async fn make_limited_token(
    app: &App,
    member: MemberId,
    label: String,
    scopes: Scopes,
    life: Span,
) -> Result<String, AppError> {
    let token = format!("ikpa_{}", app.random.secret_256());
    let hash = secret_hash(&token);
    let app_in = app.clone();
    app.write(move |tx| {
        let now = app_in.now();
        let new = store::NewToken {
            id: app_in.new_id(),
            secret_hash: hash,
            member: member.clone(),
            label,
            scopes,
            expires_at: Some(now + life),
        };
        store::insert_token(tx, &new, now)?;
        record(tx, &app_in, &member, "token_make")
    })
    .await?;
    Ok(token)
}

/// Takes a key for programs away.
///
/// # Errors
/// 404 for a key that is not theirs.
pub async fn revoke_token(app: &App, member: MemberId, id: String) -> Result<(), AppError> {
    let app_in = app.clone();
    app.write(move |tx| {
        if !account::revoke_token(tx, &member, &id, app_in.now())? {
            return Err(AppError::not_found());
        }
        record(tx, &app_in, &member, "token_revoke")
    })
    .await
}

/// Saves the profile. Whoever opens a public account gets keys, made before the transaction because
/// that takes a while; whoever closes it says so to everybody who followed.
///
/// # Errors
/// Those of the store; 500 when no key could be made.
pub async fn save_profile(app: &App, member: MemberId, profile: Profile) -> Result<(), AppError> {
    let keys = if profile.public_actor && !has_keys(app, &member).await? {
        Some(member_keys::generate(app).await?)
    } else {
        None
    };
    let app_in = app.clone();
    app.write(move |tx| {
        let now = app_in.now();
        let was_public = account::profile(tx, &member)?.public_actor;
        account::save_profile(tx, &member, &profile, now)?;
        record(tx, &app_in, &member, "profile_save")?;
        match (was_public, profile.public_actor) {
            (false, true) => {
                if let Some(keys) = &keys {
                    member_keys::keep(&app_in, tx, now, &member, keys)?;
                }
                gone::come_back(&app_in, tx, &member)?;
                record(tx, &app_in, &member, "public_actor_open")
            }
            (true, false) => {
                let parties = agreements::others_of(tx, &member)?;
                gone::take_leave(&app_in, tx, now, &member, parties)?;
                record(tx, &app_in, &member, "public_actor_close")
            }
            _ => Ok(()),
        }
    })
    .await
}

/// Whether the member had a public account before: the keys of then go on being theirs.
async fn has_keys(app: &App, member: &MemberId) -> Result<bool, AppError> {
    let address = OurActor::Member(member.clone()).address(app);
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(member_keys::published(conn, &address)?) })
        .await?;
    Ok(found.is_some())
}
