//! A member leaves for good: the account is emptied, what they published and began ends (I-07).

use interkpa_federation::{Instant, Span};
use serde_json::json;

use crate::app::App;
use crate::db::audit::{self, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::people::commands::By;
use crate::features::people::rights::Role;
use crate::features::people::store::{self, access, account, leaving, roster};
use crate::features::people::{jobs, password};
use crate::features::proposals::pictures;
use crate::features::{agreements, follows, proposals};
use crate::fediverse::gone;
use crate::fediverse::ours::OurActor;
use crate::http::error::{AppError, FieldError, Kind};
use crate::ids::MemberId;
use crate::jobs::job::NewJob;
use crate::jobs::queue;

/// How long the keys of a public actor stay after its goodbye, to sign what is still on its way: no
/// delivery is tried for longer.
const KEYS_SPAN: Span = Span::days(30);

/// A member leaves, who proves it with the password.
///
/// # Errors
/// 422 `wrong_password` on `current`; 409 `last_admin` when nobody would hold the machine.
pub async fn leave(app: &App, member: MemberId, current: String) -> Result<(), AppError> {
    let asked = member.clone();
    let stored = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(account::password_hash(conn, &asked)?) })
        .await?;
    if !password::verify(current, stored).await? {
        let wrong = FieldError::new("current", "wrong_password");
        return Err(AppError::invalid(vec![wrong]));
    }
    remove(app, By::Member(member.clone()), member).await
}

/// Empties an account for good: by its holder, or by the operator for somebody who asked for it.
///
/// # Errors
/// 404 for nobody; 409 `last_admin`.
pub async fn remove(app: &App, by: By, member: MemberId) -> Result<(), AppError> {
    let app_in = app.clone();
    let pictures_gone = app
        .write(move |tx| -> Result<_, AppError> {
            let now = app_in.now();
            let state = store::state(tx, member.as_str())?.filter(|state| state != "deleted");
            let Some(state) = state else {
                return Err(AppError::not_found());
            };
            let admin = store::roles(tx, &member)?.has(Role::TechnicalAdmin);
            if admin && roster::others_with(tx, &member, Role::TechnicalAdmin)? == 0 {
                return Err(AppError::new(Kind::Conflict, "last_admin"));
            }
            let public = leaving::is_public(tx, &member)?;
            let pictures_gone = proposals::member_leaves(&app_in, tx, now, &member)?;
            agreements::member_leaves(&app_in, tx, now, &member)?;
            follows::member_leaves(&app_in, tx, now, &member)?;
            if public {
                let parties = agreements::others_of(tx, &member)?;
                gone::take_leave(&app_in, tx, now, &member, parties)?;
                forget_keys_later(&app_in, tx, now, &member)?;
            }
            account::delete_sessions(tx, &member, None)?;
            account::revoke_tokens(tx, &member, now)?;
            access::revoke_made_by(tx, &member)?;
            leaving::empty(tx, &member, now)?;
            let event = Event {
                old_state: Some(&state),
                new_state: Some("deleted"),
                ..Event::new(by.actor(), "member_leave", "member", member.as_str())
            };
            audit::record(tx, &app_in.new_id(), now, &event)?;
            Ok(pictures_gone)
        })
        .await?;
    pictures::forget(app, pictures_gone).await;
    Ok(())
}

/// Ends the keys of a public actor once nothing that they sign is on its way any more.
fn forget_keys_later(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    member: &MemberId,
) -> Result<(), StoreError> {
    let actor = OurActor::Member(member.clone()).address(app);
    let key = format!("{}:{actor}", jobs::FORGET_KEYS);
    let payload = json!(jobs::OfActor { actor });
    let job = NewJob::new(&app.random, now, jobs::FORGET_KEYS, payload);
    queue::enqueue(tx, &job.at(now + KEYS_SPAN).once(key)).map(drop)
}
