//! What people do with accounts, as named commands: pages, the JSON twin, the command line and the
//! demo all come through here. Each writes its audit row in its own transaction.

pub mod account;
pub mod leaving;
pub mod recovery;
pub mod team;

use std::net::IpAddr;

use interkpa_federation::{Instant, Span};

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::people::accounts::{INVITATION_SPAN, INVITATIONS_OPEN_MAX, NewAccount};
use crate::features::people::rights::Role;
use crate::features::people::store::{self, NewInvitation, NewSession};
use crate::features::people::{SESSION_SPAN, password, secret_hash, throttle};
use crate::fediverse::member_keys;
use crate::http::error::{AppError, FieldError, Kind};
use crate::http::identity::Scopes;
use crate::ids::{InvitationId, MemberId};

/// Who runs a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// A member, through a page or the JSON twin.
    Member(MemberId),
    /// The operator, on the machine.
    Operator,
}

impl By {
    /// In the words of the audit trail.
    pub fn actor(&self) -> Actor<'_> {
        match self {
            Self::Member(id) => Actor::Member(id),
            Self::Operator => Actor::Operator("interkpa"),
        }
    }

    /// The member, unless it is the operator.
    pub fn member(&self) -> Option<&MemberId> {
        match self {
            Self::Member(id) => Some(id),
            Self::Operator => None,
        }
    }
}

/// An invitation just made. The secret is shown once and never again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Its key.
    pub id: InvitationId,
    /// Path that uses it: `/invitation/<secret>`.
    pub path: String,
    /// When it ends.
    pub expires_at: Instant,
}

/// Invites a person: first name and role, nothing else is needed.
///
/// # Errors
/// 409 `too_many_invitations` when the inviter has too many open ones.
pub async fn invite(app: &App, by: By, name: String, role: Role) -> Result<Invited, AppError> {
    invite_for(app, by, name, role, INVITATION_SPAN).await
}

/// The same with a life of its own, at most [`INVITATION_SPAN`].
///
/// # Errors
/// 409 `too_many_invitations` when the inviter has too many open ones.
pub async fn invite_for(
    app: &App,
    by: By,
    name: String,
    role: Role,
    life: Span,
) -> Result<Invited, AppError> {
    let app_in = app.clone();
    app.write(move |tx| invite_in(&app_in, tx, &by, name, role, life))
        .await
}

/// The same in the caller's transaction.
///
/// # Errors
/// 409 `too_many_invitations` when the inviter has too many open ones.
pub fn invite_in(
    app: &App,
    tx: &mut Conn,
    by: &By,
    name: String,
    role: Role,
    life: Span,
) -> Result<Invited, AppError> {
    let secret = app.random.secret_256();
    let (id, now) = (app.new_id(), app.now());
    let new = NewInvitation {
        id: id.clone(),
        secret_hash: secret_hash(&secret),
        purpose: "join",
        display_name: name,
        member_id: None,
        role,
        created_by: by.member().cloned(),
        needs_second: false,
        created_at: now,
        expires_at: now + life.min(INVITATION_SPAN),
    };
    if let Some(inviter) = &new.created_by
        && store::open_invitations(tx, inviter, now)? >= INVITATIONS_OPEN_MAX
    {
        return Err(AppError::new(Kind::Conflict, "too_many_invitations"));
    }
    store::insert_invitation(tx, &new)?;
    let event = Event {
        new_state: Some("open"),
        reason: Some(new.role.as_str()),
        ..Event::new(by.actor(), "member_invite", "invitation", &new.id)
    };
    audit::record(tx, &app.new_id(), now, &event)?;
    Ok(Invited {
        id: InvitationId::known(id),
        path: format!("/invitation/{secret}"),
        expires_at: new.expires_at,
    })
}

/// Uses a joining invitation: the account exists and is active afterwards.
///
/// # Errors
/// 410 `invitation_over` for a link used, revoked or past; 422 with `taken` on the handle.
pub async fn join(app: &App, secret: &str, account: NewAccount) -> Result<MemberId, AppError> {
    let hash = password::hash(account.password.clone()).await?;
    let secret_hash = secret_hash(secret);
    let app_in = app.clone();
    app.write(move |tx| {
        let now = app_in.now();
        let invitation = store::open_invitation(tx, &secret_hash, "join", now)?
            .ok_or_else(|| AppError::new(Kind::Gone, "invitation_over"))?;
        let member = create(&app_in, tx, &account, &hash, now)?;
        store::grant_role(
            tx,
            &member,
            invitation.role,
            invitation.created_by.as_ref(),
            now,
        )?;
        if !store::use_invitation(tx, &invitation.id, now)? {
            return Err(AppError::new(Kind::Gone, "invitation_over"));
        }
        audit::record(
            tx,
            &app_in.new_id(),
            now,
            &Event {
                actor: Actor::Member(&member),
                on_behalf_of: None,
                command: "member_join",
                subject_kind: "member",
                subject_id: member.as_str(),
                old_state: Some("invited"),
                new_state: Some("active"),
                reason: None,
            },
        )?;
        Ok(member)
    })
    .await
}

/// Creates an active account outright: the operator and the demo do, pages never.
///
/// # Errors
/// 422 `taken` on the handle.
pub async fn create_member(
    app: &App,
    account: NewAccount,
    roles: Vec<Role>,
) -> Result<MemberId, AppError> {
    let hash = password::hash(account.password.clone()).await?;
    let app_in = app.clone();
    app.write(move |tx| {
        let now = app_in.now();
        let member = create(&app_in, tx, &account, &hash, now)?;
        for role in roles {
            store::grant_role(tx, &member, role, None, now)?;
        }
        audit::record(
            tx,
            &app_in.new_id(),
            now,
            &Event {
                actor: Actor::Operator("interkpa"),
                on_behalf_of: None,
                command: "member_create",
                subject_kind: "member",
                subject_id: member.as_str(),
                old_state: None,
                new_state: Some("active"),
                reason: None,
            },
        )?;
        Ok(member)
    })
    .await
}

fn create(
    app: &App,
    tx: &mut Conn,
    account: &NewAccount,
    hash: &str,
    now: Instant,
) -> Result<MemberId, AppError> {
    let id = MemberId::known(app.new_id());
    match store::insert_member(tx, &id, account, hash, now) {
        Ok(()) => Ok(id),
        Err(StoreError::Conflict(_)) => {
            Err(AppError::invalid(vec![FieldError::new("handle", "taken")]))
        }
        Err(other) => Err(other.into()),
    }
}

/// A session just opened: the cookie's value, shown to the browser alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionOpened {
    /// Value of the cookie.
    pub secret: String,
    /// Whose it is.
    pub member: MemberId,
}

/// Opens a session for a member who just proved who they are. The id is always new (D81).
///
/// # Errors
/// Those of the store.
pub async fn open_session(
    app: &App,
    member: MemberId,
    browser: String,
) -> Result<SessionOpened, AppError> {
    let (secret, csrf) = (app.random.secret_256(), app.random.secret_256());
    let now = app.now();
    let new = NewSession {
        id_hash: secret_hash(&secret),
        member: member.clone(),
        csrf_secret: csrf,
        browser,
        created_at: now,
        expires_at: now + SESSION_SPAN,
    };
    app.write(move |tx| -> Result<(), AppError> { Ok(store::insert_session(tx, &new)?) })
        .await?;
    Ok(SessionOpened { secret, member })
}

/// Checks handle and password; the same work and the same answer for a handle nobody has.
///
/// # Errors
/// 422 `wrong_sign_in` on `handle`; 429 `too_many_sign_ins` after many failures (D85).
pub async fn check_sign_in(
    app: &App,
    handle: &str,
    password_typed: String,
    client: Option<IpAddr>,
) -> Result<MemberId, AppError> {
    let handle = handle.trim().trim_start_matches('@').to_lowercase();
    let buckets = throttle::buckets(&handle, client);
    let (tried, now) = (buckets.clone(), app.now());
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            if let Some(seconds) = throttle::full(conn, &tried, now)? {
                let refusal = AppError::new(Kind::TooMany, "too_many_sign_ins");
                return Err(refusal.retry_after(seconds));
            }
            Ok(store::credentials(conn, &handle)?)
        })
        .await?;
    let (member, stored) = match found {
        Some((member, stored)) => (Some(member), stored),
        None => (None, None),
    };
    let wrong = || AppError::invalid(vec![FieldError::new("handle", "wrong_sign_in")]);
    let good = password::verify(password_typed, stored).await?;
    if let (true, Some(member)) = (good, member) {
        return Ok(member);
    }
    app.write(move |tx| -> Result<(), AppError> { Ok(throttle::count(tx, &buckets, now)?) })
        .await?;
    Err(wrong())
}

/// Ends a session.
///
/// # Errors
/// Those of the store.
pub async fn close_session(app: &App, id_hash: String) -> Result<(), AppError> {
    app.write(move |tx| -> Result<(), AppError> { Ok(store::delete_session(tx, &id_hash)?) })
        .await
}

/// Makes a bearer token for a member; the text is shown once.
///
/// # Errors
/// Those of the store.
pub async fn make_token(
    app: &App,
    by: By,
    member: MemberId,
    label: String,
) -> Result<String, AppError> {
    let token = format!("ikpa_{}", app.random.secret_256());
    let hash = secret_hash(&token);
    let (audit_id, now) = (app.new_id(), app.now());
    let new = store::NewToken {
        id: app.new_id(),
        secret_hash: hash,
        member: member.clone(),
        label,
        scopes: Scopes::ALL,
        expires_at: None,
    };
    app.write(move |tx| -> Result<(), AppError> {
        store::insert_token(tx, &new, now)?;
        audit::record(
            tx,
            &audit_id,
            now,
            &Event {
                actor: by.actor(),
                on_behalf_of: None,
                command: "token_make",
                subject_kind: "member",
                subject_id: member.as_str(),
                old_state: None,
                new_state: None,
                reason: None,
            },
        )?;
        Ok(())
    })
    .await?;
    Ok(token)
}

/// A sample account, whole: the demo fills a hub with it.
#[derive(Debug, Clone)]
pub struct SampleAccount {
    /// Handle and name.
    pub account: NewAccount,
    /// Hash of its password.
    pub hash: String,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Telephone shared after an agreement.
    pub phone: String,
    /// Whether they consented to that.
    pub shares_contact: bool,
    /// Languages spoken, BCP 47, comma-separated.
    pub languages: String,
    /// Commune.
    pub town: String,
    /// Whether it is a Person that others follow.
    pub public_actor: bool,
}

/// The hash of the password that every sample account has.
///
/// # Errors
/// As [`password::hash`].
pub async fn hash_for_demo(password: &str) -> Result<String, AppError> {
    password::hash(password.to_owned()).await
}

/// Creates a sample account.
///
/// # Errors
/// 422 `taken` on the handle; no key could be made.
pub async fn create_sample(app: &App, sample: SampleAccount) -> Result<MemberId, AppError> {
    let keys = if sample.public_actor {
        Some(member_keys::generate(app).await?)
    } else {
        None
    };
    let app_in = app.clone();
    app.write(move |tx| {
        let now = app_in.now();
        let member = create(&app_in, tx, &sample.account, &sample.hash, now)?;
        for role in &sample.roles {
            store::grant_role(tx, &member, *role, None, now)?;
        }
        let public = keys.is_some();
        store::describe(
            tx,
            &member,
            &sample.phone,
            &sample.languages,
            &sample.town,
            public,
        )?;
        // The people of the story said yes, so that it shows how two of them reach each other.
        store::contact::choose_contact(tx, &member, sample.shares_contact, now)?;
        if let Some(keys) = &keys {
            member_keys::keep(&app_in, tx, now, &member, keys)?;
        }
        audit::record(
            tx,
            &app_in.new_id(),
            now,
            &Event {
                actor: Actor::Operator("demo"),
                on_behalf_of: None,
                command: "member_create",
                subject_kind: "member",
                subject_id: member.as_str(),
                old_state: None,
                new_state: Some("active"),
                reason: None,
            },
        )?;
        Ok(member)
    })
    .await
}

/// The active member of a handle.
///
/// # Errors
/// Those of the store.
pub fn find_member(conn: &mut Conn, handle: &str) -> Result<Option<MemberId>, StoreError> {
    Ok(store::credentials(conn, handle)?.map(|(id, _)| id))
}
