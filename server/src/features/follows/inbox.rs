//! What other servers say about following.

use interkpa_federation::vocabulary::follow::{self as wire, FollowMessage, FollowPointer};
use interkpa_federation::vocabulary::reaction::{Answer, Undo};
use interkpa_federation::{Activity, Envelope, Heard, Instant, Recipients, Uri};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::follows::asking::to_one;
use crate::features::follows::model::{Follow, FollowState};
use crate::features::follows::store;
use crate::features::notifications::{self, Happening, Notice};
use crate::features::people;
use crate::fediverse::ours::OurActor;
use crate::fediverse::receive::{Effect, Refusal};
use crate::fediverse::{gone, outbox, remote};
use crate::ids::MemberId;

/// Receives `Follow`, its answer, and its undoing.
///
/// # Errors
/// [`Refusal`] `not_owner` for the undoing of somebody else's following.
pub fn receive(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    _heard: &Heard,
    activity: &Activity,
    message: &FollowMessage,
) -> Result<Effect, Refusal> {
    match message {
        FollowMessage::Asked { object } => asked(app, tx, now, activity, object),
        FollowMessage::Accepted(pointer) => answered(tx, now, activity, pointer, true),
        FollowMessage::Rejected(pointer) => answered(tx, now, activity, pointer, false),
        FollowMessage::Undone(pointer) => undone(tx, now, activity, pointer),
    }
}

/// Receives an `Accept` or `Reject` that names the `Follow` by its id alone.
///
/// # Errors
/// Those of the store.
pub fn receive_answer(
    _app: &App,
    tx: &mut Conn,
    now: Instant,
    _heard: &Heard,
    activity: &Activity,
    answer: &Answer,
) -> Result<Effect, Refusal> {
    let pointer = FollowPointer {
        id: Some(answer.of.clone()),
        follower: None,
        followed: None,
    };
    answered(tx, now, activity, &pointer, answer.accepted)
}

/// Receives an `Undo` that names what it undoes by its id alone, or something never stored.
///
/// # Errors
/// [`Refusal`] `not_owner` for the undoing of somebody else's following.
pub fn receive_undo(
    _app: &App,
    tx: &mut Conn,
    now: Instant,
    _heard: &Heard,
    activity: &Activity,
    undo: &Undo,
) -> Result<Effect, Refusal> {
    match (&undo.activity, undo.type_name.as_deref()) {
        (Some(id), None | Some("Follow")) => {
            let pointer = FollowPointer {
                id: Some(id.clone()),
                follower: None,
                followed: None,
            };
            undone(tx, now, activity, &pointer)
        }
        _ => Ok(Effect::Ignored("undone_unknown")),
    }
}

/// A public actor of ours accepts every follower at once.
fn asked(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    object: &Uri,
) -> Result<Effect, Refusal> {
    let Some(followed) = OurActor::at(&app.origin, object) else {
        return Ok(Effect::Ignored("not_ours"));
    };
    let member = match &followed {
        OurActor::Hub => None,
        OurActor::Instance => return Ok(Effect::Ignored("not_followable")),
        OurActor::Member(id) => match people::public_member(tx, id)? {
            Some(_) => Some(id.clone()),
            None => return Ok(Effect::Ignored("not_followable")),
        },
    };
    if gone::ours(tx, activity.id.as_str())?.is_some() {
        return Ok(Effect::Ignored("undone_before"));
    }
    let asked_at = activity
        .published
        .map_or(now, |published| published.min(now));
    let held = store::find(tx, activity.actor.as_str(), object.as_str())?;
    if held.as_ref().is_some_and(|held| held.created_at > asked_at) {
        // Two followings crossed an undoing on their way: the later one counts.
        return Ok(Effect::Ignored("older_follow"));
    }
    let follow = Follow {
        follower: activity.actor.as_str().to_owned(),
        followed: object.as_str().to_owned(),
        follower_local: false,
        followed_local: true,
        state: FollowState::Accepted,
        own: true,
        activity: activity.id.as_str().to_owned(),
        created_at: asked_at,
        decided_at: Some(now),
    };
    store::upsert(tx, &follow)?;
    accept(app, tx, now, activity, object)?;
    if let Some(member) = member.filter(|_| held.is_none()) {
        tell(app, tx, now, &member, &activity.actor)?;
    }
    Ok(Effect::Applied)
}

fn accept(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    followed: &Uri,
) -> Result<(), StoreError> {
    let id = app.new_id();
    let envelope = Envelope {
        id: outbox::activity_uri(app, &id)?,
        actor: followed.clone(),
        to: Recipients::only([activity.actor.clone()]),
        cc: Recipients::NOBODY,
        published: now,
    };
    let pointer = FollowPointer {
        id: Some(activity.id.clone()),
        follower: Some(activity.actor.clone()),
        followed: Some(followed.clone()),
    };
    let body = wire::accept(&envelope, &pointer);
    outbox::send(
        app,
        tx,
        now,
        &to_one(id, followed, "Accept", &activity.actor, body),
    )
}

fn tell(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    member: &MemberId,
    follower: &Uri,
) -> Result<(), StoreError> {
    let actor = remote::held(tx, follower)?;
    let name = actor.map_or_else(|| follower.authority(), |actor| actor.name);
    let notice = Notice {
        member,
        happening: Happening::Followed,
        who: &name,
        what: "",
        href: "/moi",
    };
    notifications::notify(tx, &app.new_id(), now, &notice)
}

/// The answer to a following of ours. Only the stored one counts, and only the followed side may
/// answer it (federation.md 3.3.5, security.md D35).
fn answered(
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    pointer: &FollowPointer,
    accepted: bool,
) -> Result<Effect, Refusal> {
    let Some(follow) = ours(tx, activity, pointer)? else {
        return Ok(Effect::Ignored("never_asked"));
    };
    if follow.followed != activity.actor.as_str() {
        return Ok(Effect::Ignored("not_the_followed"));
    }
    match follow.state.answered(accepted) {
        Some(state) => {
            store::answer(tx, &follow.activity, state, now)?;
            Ok(Effect::Applied)
        }
        None => Ok(Effect::Ignored("answered_before")),
    }
}

fn ours(
    tx: &mut Conn,
    activity: &Activity,
    pointer: &FollowPointer,
) -> Result<Option<Follow>, StoreError> {
    let found = match (&pointer.id, &pointer.follower) {
        (Some(id), _) => store::of_activity(tx, id.as_str())?.into_iter().next(),
        // Some servers leave the id out: then it is who follows whom.
        (None, Some(follower)) => store::find(tx, follower.as_str(), activity.actor.as_str())?,
        (None, None) => None,
    };
    Ok(found.filter(|follow| follow.follower_local))
}

/// A follower leaves. The undoing may arrive before what it undoes: then it leaves a tombstone.
fn undone(
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    pointer: &FollowPointer,
) -> Result<Effect, Refusal> {
    if pointer
        .follower
        .as_ref()
        .is_some_and(|follower| *follower != activity.actor)
    {
        return Err(Refusal::forbidden("not_owner"));
    }
    if let Some(id) = &pointer.id {
        let named = store::of_activity(tx, id.as_str())?.into_iter().next();
        if let Some(follow) = named {
            if follow.follower != activity.actor.as_str() {
                return Err(Refusal::forbidden("not_owner"));
            }
            store::delete(tx, &follow.follower, &follow.followed)?;
            return Ok(Effect::Applied);
        }
        if id.origin() == activity.actor.origin() {
            gone::leave(
                tx,
                now,
                id.as_str(),
                Some("Follow"),
                activity.actor.as_str(),
            )?;
        }
    }
    // Some servers name the Follow by another id than the one they sent.
    let Some(followed) = &pointer.followed else {
        return Ok(Effect::Ignored("not_following"));
    };
    let held = store::find(tx, activity.actor.as_str(), followed.as_str())?;
    let before = |follow: &Follow| activity.published.is_some_and(|at| at < follow.created_at);
    match held {
        Some(follow) if follow.followed_local && !before(&follow) => {
            store::delete(tx, &follow.follower, &follow.followed)?;
            Ok(Effect::Applied)
        }
        _ => Ok(Effect::Ignored("not_following")),
    }
}
