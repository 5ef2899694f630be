//! Giving a lost member the account back, with a link that another member of the team makes.
//!
//! Sessions and tokens of before end, the member reads who did it and when. The account of
//! somebody who could do harm needs a second person first: neither the one who asked nor the
//! member concerned (issue text; D86).

use interkpa_federation::Instant;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::features::notifications::{self, Happening, Notice};
use crate::features::people::accounts::INVITATION_SPAN;
use crate::features::people::commands::{By, Invited};
use crate::features::people::rights::{Role, Roles};
use crate::features::people::store::{self, NewInvitation, OpenInvitation, access, account};
use crate::features::people::{password, secret_hash};
use crate::http::error::{AppError, Kind};
use crate::ids::{InvitationId, MemberId};

/// A recovery just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The link, shown once.
    pub link: Invited,
    /// Name of the member.
    pub name: String,
    /// Whether a second person must approve before the link works.
    pub needs_second: bool,
}

fn needs_second(roles: &Roles) -> bool {
    roles.iter().any(Role::needs_second_person)
}

/// Makes a recovery link for an active member.
///
/// # Errors
/// 404 for nobody active; 403 `not_for_oneself`.
pub async fn start(
    app: &App,
    by: By,
    member: MemberId,
    reason: String,
) -> Result<Recovery, AppError> {
    if by.member() == Some(&member) {
        return Err(AppError::new(Kind::Forbidden, "not_for_oneself"));
    }
    let secret = app.random.secret_256();
    let app_in = app.clone();
    app.write(move |tx| {
        let now = app_in.now();
        if store::state(tx, member.as_str())?.as_deref() != Some("active") {
            return Err(AppError::not_found());
        }
        let name = access::name(tx, member.as_str())?.unwrap_or_default();
        // The operator already holds the machine: a second person would stop nothing.
        let needs_second = by.member().is_some() && needs_second(&store::roles(tx, &member)?);
        let new = NewInvitation {
            id: app_in.new_id(),
            secret_hash: secret_hash(&secret),
            purpose: "recovery",
            display_name: name.clone(),
            member_id: Some(member.clone()),
            role: Role::User,
            created_by: by.member().cloned(),
            needs_second,
            created_at: now,
            expires_at: now + INVITATION_SPAN,
        };
        access::revoke_recoveries(tx, &member)?;
        store::insert_invitation(tx, &new)?;
        record(
            tx,
            &app_in,
            now,
            &by.actor(),
            &new.id,
            "member_recover",
            Some(&reason),
        )?;
        Ok(Recovery {
            link: Invited {
                id: InvitationId::known(new.id),
                path: format!("/invitation/{secret}"),
                expires_at: new.expires_at,
            },
            name,
            needs_second,
        })
    })
    .await
}

fn record(
    tx: &mut Conn,
    app: &App,
    now: Instant,
    actor: &Actor<'_>,
    recovery: &str,
    command: &'static str,
    reason: Option<&str>,
) -> Result<(), AppError> {
    let event = Event {
        reason: reason.filter(|text| !text.is_empty()),
        ..Event::new(*actor, command, "invitation", recovery)
    };
    Ok(audit::record(tx, &app.new_id(), now, &event)?)
}

/// The second person's answer to a recovery that waits.
///
/// # Errors
/// 404 when it does not wait; 403 `not_for_oneself` for the one who asked and for the subject.
pub async fn decide(app: &App, by: MemberId, recovery: String, yes: bool) -> Result<(), AppError> {
    let app_in = app.clone();
    app.write(move |tx| {
        let now = app_in.now();
        let waiting = access::waiting(tx, now)?;
        let asked = waiting
            .iter()
            .find(|asked| asked.id == recovery)
            .ok_or_else(AppError::not_found)?;
        // Whoever asked may take it back, but not say yes.
        if asked.member == by || (yes && asked.asked_by == by) {
            return Err(AppError::new(Kind::Forbidden, "not_for_oneself"));
        }
        let (done, command) = if yes {
            (
                access::approve(tx, &recovery, &by)?,
                "member_recover_approve",
            )
        } else {
            (access::revoke(tx, &recovery)?, "member_recover_refuse")
        };
        if !done {
            return Err(AppError::not_found());
        }
        record(
            tx,
            &app_in,
            now,
            &Actor::Member(&by),
            &recovery,
            command,
            None,
        )
    })
    .await
}

/// Uses a recovery link: a new password, and everything that was open before is closed.
///
/// # Errors
/// 410 `invitation_over` for a link that does not work.
pub async fn finish(app: &App, secret: &str, new_password: String) -> Result<MemberId, AppError> {
    let hash = password::hash(new_password).await?;
    let secret_hash = secret_hash(secret);
    let app_in = app.clone();
    app.write(move |tx| {
        let now = app_in.now();
        let over = || AppError::new(Kind::Gone, "invitation_over");
        let link = usable(tx, &secret_hash, now)?.ok_or_else(over)?;
        let member = link.member_id.clone().ok_or_else(over)?;
        if !store::use_invitation(tx, &link.id, now)? {
            return Err(over());
        }
        account::set_password(tx, &member, &hash, now)?;
        account::delete_sessions(tx, &member, None)?;
        account::revoke_tokens(tx, &member, now)?;
        access::revoke_recoveries(tx, &member)?;
        let who = match &link.created_by {
            Some(by) => access::name(tx, by.as_str())?.unwrap_or_default(),
            None => app_in.config.hub.name.clone(),
        };
        let notice = Notice {
            member: &member,
            happening: Happening::AccountRecovered,
            who: &who,
            what: "",
            href: interkpa_web::routes::DEVICES,
        };
        notifications::notify(tx, &app_in.new_id(), now, &notice)?;
        let event = Event::new(
            Actor::Member(&member),
            "member_recovered",
            "member",
            member.as_str(),
        );
        audit::record(tx, &app_in.new_id(), now, &event)?;
        Ok(member)
    })
    .await
}

/// The recovery of a secret, if it may be used now. Roles are looked at again: a link made before
/// the member became a spokesperson needs its second person all the same.
pub fn usable(
    conn: &mut Conn,
    secret_hash: &str,
    now: Instant,
) -> Result<Option<OpenInvitation>, AppError> {
    let Some(link) = store::open_invitation(conn, secret_hash, "recovery", now)? else {
        return Ok(None);
    };
    let Some(member) = &link.member_id else {
        return Ok(None);
    };
    if store::state(conn, member.as_str())?.as_deref() != Some("active") {
        return Ok(None);
    }
    let unseen = link.created_by.is_some() && !link.approved;
    if unseen && needs_second(&store::roles(conn, member)?) {
        return Ok(None);
    }
    Ok(Some(link))
}
