//! Activities of ours, their deliveries and their receivers as rows.

use std::collections::BTreeSet;

use diesel::prelude::*;
use interkpa_federation::{Instant, Origin, Uri};

use super::{Audience, INBOXES_MAX, Outgoing};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::{
    deliveries, delivery_peers, follows, outbox_activities, peers, remote_actors,
};

/// Keeps an activity under its address; one that is there already is a conflict.
pub(super) fn insert(
    tx: &mut Conn,
    now: Instant,
    uri: &Uri,
    out: &Outgoing,
) -> Result<(), StoreError> {
    diesel::insert_into(outbox_activities::table)
        .values((
            outbox_activities::id.eq(&out.id),
            outbox_activities::uri.eq(uri.as_str()),
            outbox_activities::actor_uri.eq(&out.actor_uri),
            outbox_activities::kind.eq(out.kind),
            outbox_activities::object_uri.eq(out.object_uri.as_deref()),
            outbox_activities::public.eq(out.audience.public),
            outbox_activities::body.eq(out.body.to_string()),
            outbox_activities::created_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// Queues an activity for an inbox; queued already, nothing changes. `ids` are those of the
/// delivery and of the activity.
pub(super) fn queue(
    tx: &mut Conn,
    now: Instant,
    ids: (&str, &str),
    origin: &Origin,
    inbox: &str,
) -> Result<(), StoreError> {
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
                deliveries::id.eq(ids.0),
                deliveries::origin.eq(origin.as_str()),
                deliveries::inbox.eq(inbox),
                deliveries::activity_id.eq(ids.1),
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
/// address of what was sent answers 410 to whoever could read it.
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
        .set(outbox_activities::body.eq(""))
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
