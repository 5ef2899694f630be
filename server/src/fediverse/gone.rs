//! `Delete`: what is no more leaves a tombstone, so that a late `Create` changes nothing
//! (security.md D33).

mod store;

use interkpa_federation::permission::{self, Voice};
use interkpa_federation::vocabulary::delete::{Deletion, delete_actor, gone as deleted};
use interkpa_federation::vocabulary::note::AHEAD_MAX;
use interkpa_federation::{Activity, Envelope, Instant, Recipients, Uri};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::{agreements, follows, proposals};
use crate::fediverse::ours::OurActor;
use crate::fediverse::outbox::{self, Audience, Outgoing};
use crate::fediverse::receive::{Effect, Refusal};
use crate::fediverse::remote;
use crate::http::AppError;
use crate::ids::MemberId;

/// Receives a `Delete`. Origins agree already: nobody deletes what another server owns.
///
/// # Errors
/// [`Refusal`] `not_owner` when a member deletes what another member of its server owns.
pub fn receive(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    voice: Voice,
    activity: &Activity,
    deletion: &Deletion,
) -> Result<Effect, Refusal> {
    if let Some(actor) = remote::held(tx, &deletion.object)? {
        permission::may_change(&actor.uri, &activity.actor, voice)?;
        remote::mark_gone(tx, &actor.uri, now)?;
        follows::actor_gone(tx, &actor.uri)?;
        agreements::actor_gone(app, tx, now, &actor)?;
        proposals::inbox::actor_gone(app, tx, now, &actor)?;
        bury(tx, now, activity, deletion)?;
        return Ok(Effect::Applied);
    }
    if deletion.of_actor {
        return Ok(Effect::Ignored("unknown_actor"));
    }
    let whose = (&activity.actor, &deletion.object);
    proposals::inbox::deleted(app, tx, now, voice, whose)?;
    bury(tx, now, activity, deletion)?;
    Ok(Effect::Applied)
}

/// Whether this version of an object was deleted by somebody entitled to: its owner, or the hub of
/// its owner, which is any actor of that origin but another member.
///
/// A version that its owner made after the deletion is a new beginning: an author who showed
/// something to fewer readers shows it to more again. Both dates are of the owner's clock.
pub(super) fn is_gone(
    tx: &mut Conn,
    object: &Uri,
    version: Option<Instant>,
    activity: &Activity,
) -> Result<bool, StoreError> {
    let Some((deleted_by, deleted_at)) = store::deleted_by(tx, object.as_str())? else {
        return Ok(false);
    };
    if !was_entitled(tx, object, &deleted_by, activity)? {
        return Ok(false);
    }
    let is_new = version.is_some_and(|version| version > deleted_at);
    if is_new {
        store::remove(tx, object.as_str())?;
    }
    Ok(!is_new)
}

fn was_entitled(
    tx: &mut Conn,
    object: &Uri,
    deleted_by: &str,
    activity: &Activity,
) -> Result<bool, StoreError> {
    if deleted_by == activity.actor.as_str() {
        return Ok(true);
    }
    let Ok(deleted_by) = Uri::parse(deleted_by) else {
        return Ok(false);
    };
    let hub = remote::held(tx, &deleted_by)?.is_some_and(|actor| actor.is_hub);
    Ok(hub && deleted_by.origin() == object.origin())
}

/// When one of our own things was deleted, for answering 410.
///
/// # Errors
/// See [`StoreError`].
pub fn ours(conn: &mut Conn, uri: &str) -> Result<Option<Tombstone>, StoreError> {
    store::find(conn, uri)
}

/// What is left of a thing that was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The AS2 type or `ikpa:kind` it had.
    pub former_kind: Option<String>,
    /// When.
    pub deleted_at: Instant,
}

impl Tombstone {
    /// The answer at the address of what is gone: 410, and this tombstone for programs.
    pub fn refusal(&self, code: &'static str, uri: &Uri) -> AppError {
        let left = deleted(uri, self.former_kind.as_deref(), Some(self.deleted_at));
        AppError::gone(code, left)
    }
}

/// Leaves a tombstone for one of our own things, in the transaction that deletes it.
///
/// # Errors
/// See [`StoreError`].
pub fn leave(
    tx: &mut Conn,
    now: Instant,
    uri: &str,
    former_kind: Option<&str>,
    actor_uri: &str,
) -> Result<(), StoreError> {
    store::insert(tx, now, uri, former_kind, actor_uri)
}

/// Says to everybody who may know a member that the public account is closed, in the transaction
/// that closes it: followers, the network, and `parties`, the actors they made agreements with. Its
/// address answers 410 from then on; the keys stay, for they sign this.
///
/// # Errors
/// See [`StoreError`].
pub fn take_leave(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    member: &MemberId,
    parties: Vec<String>,
) -> Result<(), StoreError> {
    let address = OurActor::Member(member.clone()).address(app);
    let actor = Uri::parse(&address).map_err(StoreError::broken)?;
    let id = app.new_id();
    let envelope = Envelope {
        id: outbox::activity_uri(app, &id)?,
        actor: actor.clone(),
        to: Recipients::everybody(),
        cc: Recipients::NOBODY,
        published: now,
    };
    let outgoing = Outgoing {
        id,
        actor_uri: address.clone(),
        kind: "Delete",
        object_uri: Some(address.clone()),
        body: delete_actor(&envelope),
        audience: Audience {
            public: true,
            followers_of: vec![address.clone()],
            network: true,
            actors: parties,
        },
    };
    outbox::send(app, tx, now, &outgoing)?;
    follows::actor_gone(tx, &actor)?;
    leave(tx, now, &address, Some("Person"), &address)
}

/// A member opens the public account again: its address answers as before.
///
/// # Errors
/// See [`StoreError`].
pub fn come_back(app: &App, tx: &mut Conn, member: &MemberId) -> Result<(), StoreError> {
    store::remove(tx, &OurActor::Member(member.clone()).address(app))
}

/// Dated by the owner's clock, as the versions it is compared with.
fn bury(
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    deletion: &Deletion,
) -> Result<(), StoreError> {
    let (uri, actor) = (deletion.object.as_str(), activity.actor.as_str());
    let at = activity.published.unwrap_or(now).min(now + AHEAD_MAX);
    store::remove_older(tx, uri, actor, at)?;
    let kind = deletion.kind.as_deref().or(deletion.former_type.as_deref());
    leave(tx, at, uri, kind, actor)
}
