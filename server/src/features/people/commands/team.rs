//! What the team decides about members: roles, suspension, invitations taken back.

use crate::app::App;
use crate::db::audit::{self, Event};
use crate::db::conn::Conn;
use crate::features::people::commands::By;
use crate::features::people::rights::{Role, Roles};
use crate::features::people::store::{self, access, account, roster};
use crate::http::error::{AppError, Kind};
use crate::ids::MemberId;

fn not_for_oneself(by: &By, member: &MemberId) -> Result<(), AppError> {
    if by.member() == Some(member) {
        return Err(AppError::new(Kind::Forbidden, "not_for_oneself"));
    }
    Ok(())
}

/// Sets the roles of a member to exactly these. Nobody changes their own.
///
/// # Errors
/// 404 for nobody; 403 `not_for_oneself`; 409 `last_admin` when nobody would hold the machine.
pub async fn set_roles(app: &App, by: By, member: MemberId, wanted: Roles) -> Result<(), AppError> {
    let app_in = app.clone();
    app.write(move |tx| set_roles_in(&app_in, tx, &by, &member, &wanted))
        .await
}

/// The same in the caller's transaction.
///
/// # Errors
/// Those of [`set_roles`].
pub fn set_roles_in(
    app: &App,
    tx: &mut Conn,
    by: &By,
    member: &MemberId,
    wanted: &Roles,
) -> Result<(), AppError> {
    not_for_oneself(by, member)?;
    let now = app.now();
    if store::state(tx, member.as_str())?.is_none_or(|state| state == "deleted") {
        return Err(AppError::not_found());
    }
    let held = store::roles(tx, member)?;
    for role in Role::ALL {
        let (has, wants) = (held.has(role), wanted.has(role));
        if has == wants {
            continue;
        }
        if wants {
            store::grant_role(tx, member, role, by.member(), now)?;
        } else {
            let last = role == Role::TechnicalAdmin && roster::others_with(tx, member, role)? == 0;
            if last {
                return Err(AppError::new(Kind::Conflict, "last_admin"));
            }
            roster::take_role(tx, member, role)?;
        }
        let (command, old, new) = if wants {
            ("role_give", None, Some(role.as_str()))
        } else {
            ("role_take", Some(role.as_str()), None)
        };
        let event = Event {
            old_state: old,
            new_state: new,
            ..Event::new(by.actor(), command, "member", member.as_str())
        };
        audit::record(tx, &app.new_id(), now, &event)?;
    }
    Ok(())
}

/// Gives one role more.
///
/// # Errors
/// Those of [`set_roles`].
pub async fn give_role(app: &App, by: By, member: MemberId, role: Role) -> Result<(), AppError> {
    let asked = member.clone();
    let held = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(store::roles(conn, &asked)?) })
        .await?;
    set_roles(app, by, member, held.iter().chain([role]).collect()).await
}

/// Closes an account for a time: its sessions, tokens and open invitations end at once.
///
/// # Errors
/// 404 for nobody active; 403 `not_for_oneself`; 409 `last_admin`.
pub async fn suspend(app: &App, by: By, member: MemberId) -> Result<(), AppError> {
    let app_in = app.clone();
    app.write(move |tx| suspend_in(&app_in, tx, &by, &member))
        .await
}

/// The same in the caller's transaction.
///
/// # Errors
/// Those of [`suspend`].
pub fn suspend_in(app: &App, tx: &mut Conn, by: &By, member: &MemberId) -> Result<(), AppError> {
    not_for_oneself(by, member)?;
    let now = app.now();
    let admin = store::roles(tx, member)?.has(Role::TechnicalAdmin);
    if admin && roster::others_with(tx, member, Role::TechnicalAdmin)? == 0 {
        return Err(AppError::new(Kind::Conflict, "last_admin"));
    }
    if !roster::move_state(tx, member, "active", "suspended", now)? {
        return Err(AppError::not_found());
    }
    account::delete_sessions(tx, member, None)?;
    account::revoke_tokens(tx, member, now)?;
    access::revoke_made_by(tx, member)?;
    let event = Event {
        old_state: Some("active"),
        new_state: Some("suspended"),
        ..Event::new(by.actor(), "member_suspend", "member", member.as_str())
    };
    Ok(audit::record(tx, &app.new_id(), now, &event)?)
}

/// Opens a suspended account again; the member signs in anew.
///
/// # Errors
/// 404 for nobody suspended; 403 `not_for_oneself`.
pub async fn reopen(app: &App, by: By, member: MemberId) -> Result<(), AppError> {
    let app_in = app.clone();
    app.write(move |tx| reopen_in(&app_in, tx, &by, &member))
        .await
}

/// The same in the caller's transaction.
///
/// # Errors
/// Those of [`reopen`].
pub fn reopen_in(app: &App, tx: &mut Conn, by: &By, member: &MemberId) -> Result<(), AppError> {
    not_for_oneself(by, member)?;
    let now = app.now();
    if !roster::move_state(tx, member, "suspended", "active", now)? {
        return Err(AppError::not_found());
    }
    let event = Event {
        old_state: Some("suspended"),
        new_state: Some("active"),
        ..Event::new(by.actor(), "member_reopen", "member", member.as_str())
    };
    Ok(audit::record(tx, &app.new_id(), now, &event)?)
}

/// Takes an open invitation or recovery back.
///
/// # Errors
/// 404 when it is over.
pub async fn cancel_invitation(app: &App, by: By, id: String) -> Result<(), AppError> {
    let app_in = app.clone();
    app.write(move |tx| cancel_invitation_in(&app_in, tx, &by, &id))
        .await
}

/// The same in the caller's transaction.
///
/// # Errors
/// 404 when it is over.
pub fn cancel_invitation_in(app: &App, tx: &mut Conn, by: &By, id: &str) -> Result<(), AppError> {
    if !access::revoke(tx, id)? {
        return Err(AppError::not_found());
    }
    let event = Event {
        old_state: Some("open"),
        new_state: Some("revoked"),
        ..Event::new(by.actor(), "invitation_cancel", "invitation", id)
    };
    Ok(audit::record(tx, &app.new_id(), app.now(), &event)?)
}
