//! The outgoing side: an activity and its deliveries are rows of the transaction that causes them.
//!
//! Not here: the sending itself (`deliver.rs`), the shapes (`interkpa_federation::vocabulary`).

use std::collections::BTreeSet;

use diesel::prelude::*;
use interkpa_federation::{Instant, Origin, Uri};
use serde_json::Value;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::{
    deliveries, delivery_peers, follows, outbox_activities, peers, remote_actors,
};

/// Most inboxes one activity goes to; a hub with more followers has outgrown this design.
pub const INBOXES_MAX: i64 = 20_000;

/// To whom an activity goes. Local receivers need no delivery: features tell them in the same
/// transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// Shown to anybody in the outbox of its actor.
    pub public: bool,
    /// Followers of these actors of ours, by address.
    pub followers_of: Vec<String>,
    /// Every hub that is a member or allowed peer.
    pub network: bool,
    /// Further actors, by address.
    pub actors: Vec<String>,
}

/// An activity ready to leave.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// UUIDv7; the activity's address is `/activites/<id>`.
    pub id: String,
    /// Address of the actor of ours that says it: it signs the deliveries.
    pub actor_uri: String,
    /// Activity type and kind of its object, for lists and metrics.
    pub kind: &'static str,
    /// Address of the object it is about.
    pub object_uri: Option<String>,
    /// The document as sent, proof included.
    pub body: Value,
    /// To whom.
    pub audience: Audience,
}

/// The address of an activity of ours.
///
/// # Errors
/// Never for a hub whose settings were checked.
pub fn activity_uri(app: &App, id: &str) -> Result<Uri, StoreError> {
    Uri::parse(&app.address(&format!("/activites/{id}")))
        .map_err(|source| StoreError::Broken(Box::new(source)))
}

/// Writes the activity and one delivery for each inbox. Call inside [`App::write`], which wakes
/// the sender once the transaction is durable.
///
/// An actor whose inbox is not known yet gets nothing: whoever lists it fetched it before.
///
/// # Errors
/// Those of the store; an activity sent twice is a conflict.
pub fn send(app: &App, tx: &mut Conn, now: Instant, out: &Outgoing) -> Result<(), StoreError> {
    diesel::insert_into(outbox_activities::table)
        .values((
            outbox_activities::id.eq(&out.id),
            outbox_activities::uri.eq(app.address(&format!("/activites/{}", out.id))),
            outbox_activities::actor_uri.eq(&out.actor_uri),
            outbox_activities::kind.eq(out.kind),
            outbox_activities::object_uri.eq(out.object_uri.as_deref()),
            outbox_activities::public.eq(out.audience.public),
            outbox_activities::body.eq(out.body.to_string()),
            outbox_activities::created_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    for inbox in inboxes(tx, &out.audience)? {
        deliver_to(app, tx, now, &out.id, &inbox)?;
    }
    Ok(())
}

/// Queues one stored activity for one inbox; queued already, nothing changes.
///
/// # Errors
/// Those of the store.
pub fn deliver_to(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    activity_id: &str,
    inbox: &str,
) -> Result<(), StoreError> {
    let Ok(origin) = Origin::parse(inbox) else {
        return Ok(());
    };
    if origin == app.origin {
        return Ok(());
    }
    Both(
        diesel::insert_into(delivery_peers::table)
            .values((
                delivery_peers::origin.eq(origin.as_str()),
                delivery_peers::next_try_at.eq(now.as_milliseconds()),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(tx)?;
    Both(
        diesel::insert_into(deliveries::table)
            .values((
                deliveries::id.eq(app.new_id()),
                deliveries::origin.eq(origin.as_str()),
                deliveries::inbox.eq(inbox),
                deliveries::activity_id.eq(activity_id),
                deliveries::state.eq("waiting"),
                deliveries::created_at.eq(now.as_milliseconds()),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(tx)?;
    Ok(())
}

/// The distinct inboxes of an audience; a shared inbox stands for all actors behind it.
///
/// # Errors
/// Those of the store.
pub fn inboxes(tx: &mut Conn, audience: &Audience) -> Result<BTreeSet<String>, StoreError> {
    type Pair = (String, Option<String>);
    let mut found: Vec<Pair> = Vec::new();
    if !audience.followers_of.is_empty() {
        found.extend(
            follows::table
                .inner_join(remote_actors::table.on(remote_actors::uri.eq(follows::follower_uri)))
                .filter(follows::followed_uri.eq_any(&audience.followers_of))
                .filter(follows::state.eq("accepted"))
                .filter(follows::follower_local.eq(false))
                .filter(remote_actors::gone_at.is_null())
                .select((remote_actors::inbox, remote_actors::shared_inbox))
                .order(remote_actors::uri)
                .limit(INBOXES_MAX)
                .load::<Pair>(tx)?,
        );
    }
    if audience.network {
        found.extend(
            peers::table
                .inner_join(
                    remote_actors::table
                        .on(peers::hub_actor.assume_not_null().eq(remote_actors::uri)),
                )
                .filter(peers::trust.eq_any(["member", "allowed"]))
                .filter(remote_actors::gone_at.is_null())
                .select((remote_actors::inbox, remote_actors::shared_inbox))
                .order(remote_actors::uri)
                .limit(INBOXES_MAX)
                .load::<Pair>(tx)?,
        );
    }
    for chunk in audience.actors.chunks(500) {
        found.extend(
            remote_actors::table
                .filter(remote_actors::uri.eq_any(chunk))
                .filter(remote_actors::gone_at.is_null())
                .select((remote_actors::inbox, remote_actors::shared_inbox))
                .order(remote_actors::uri)
                .load::<Pair>(tx)?,
        );
    }
    Ok(found
        .into_iter()
        .map(|(inbox, shared)| shared.unwrap_or(inbox))
        .collect())
}

/// Empties every activity about a thing of ours that was deleted, in the transaction that deletes
/// it and after its `Delete` was written: what was not sent yet is not sent any more, and the
/// address of what was sent answers 410.
///
/// # Errors
/// Those of the store.
pub fn retract(tx: &mut Conn, object_uri: &str) -> Result<(), StoreError> {
    let about = outbox_activities::table
        .filter(outbox_activities::object_uri.eq(object_uri))
        .filter(outbox_activities::kind.eq_any(["Create", "Update", "Announce"]));
    let ids = about.clone().select(outbox_activities::id);
    diesel::delete(
        deliveries::table
            .filter(deliveries::activity_id.eq_any(ids))
            .filter(deliveries::state.eq("waiting")),
    )
    .execute(tx)?;
    diesel::update(about)
        .set((
            outbox_activities::body.eq(""),
            outbox_activities::public.eq(false),
        ))
        .execute(tx)?;
    Ok(())
}

/// Takes every activity about a thing of ours out of public reach, in the transaction that shows
/// the thing to fewer readers: the servers they were sent to may still read them.
///
/// # Errors
/// Those of the store.
pub fn hide(tx: &mut Conn, object_uri: &str) -> Result<(), StoreError> {
    diesel::update(outbox_activities::table.filter(outbox_activities::object_uri.eq(object_uri)))
        .set(outbox_activities::public.eq(false))
        .execute(tx)?;
    Ok(())
}
