//! Governance objects on their way to the other electors, each inside one `Create` of the hub.

use std::sync::Arc;

use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::vocabulary::unknown::carry;
use interkpa_federation::{Envelope, Instant, Recipients, Uri};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::votes::register;
use crate::fediverse::ours::OurActor;
use crate::fediverse::outbox::{self, Audience, Outgoing, activity_uri};

/// Up to so many electors, what is new goes to all of them. Source: votes.md 4.7.
const PUSH_TO_ALL_MAX: usize = 50;

/// Sends objects to the other electors of a poll: to all, or to some of a large electorate and its
/// author; the rest hear of it by comparing what they hold.
///
/// # Errors
/// Those of the store.
pub(super) fn to_electors(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    poll: &Poll,
    objects: &[Arc<Object>],
) -> Result<(), StoreError> {
    if objects.is_empty() {
        return Ok(());
    }
    let others = register::others(app, tx, now, poll)?;
    let chosen = if others.len() < PUSH_TO_ALL_MAX {
        others.into_iter().map(|(_, actor)| actor).collect()
    } else {
        some_of(app, others, poll.author)
    };
    objects
        .iter()
        .try_for_each(|object| to(app, tx, now, &chosen, object))
}

/// The square root of them, drawn, and the author.
fn some_of(app: &App, others: Vec<(HubId, Uri)>, author: HubId) -> Vec<Uri> {
    let mut drawn: Vec<([u8; 8], HubId, Uri)> = others
        .into_iter()
        .map(|(hub, actor)| (app.random.bytes::<8>(), hub, actor))
        .collect();
    drawn.sort_by_key(|(lot, ..)| *lot);
    let many = drawn.len().isqrt() + 1;
    drawn
        .into_iter()
        .enumerate()
        .filter(|(at, (_, hub, _))| *at < many || *hub == author)
        .map(|(_, (_, _, actor))| actor)
        .collect()
}

/// Sends an object to hubs.
///
/// # Errors
/// Those of the store.
pub(super) fn to(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    hubs: &[Uri],
    object: &Object,
) -> Result<(), StoreError> {
    if hubs.is_empty() {
        return Ok(());
    }
    let id = app.new_id();
    let actor = OurActor::Hub.address(app);
    let broken = |source| StoreError::Broken(Box::new(source));
    let envelope = Envelope {
        id: activity_uri(app, &id)?,
        actor: Uri::parse(&actor).map_err(broken)?,
        to: Recipients::only(hubs.iter().cloned()),
        cc: Recipients::NOBODY,
        published: now,
    };
    let outgoing = Outgoing {
        id,
        actor_uri: actor,
        kind: "Create",
        object_uri: Some(app.address(&format!("/gov/objects/{}", object.hash()))),
        body: carry(&envelope, object.original()),
        audience: Audience {
            actors: hubs.iter().map(|hub| hub.as_str().to_owned()).collect(),
            ..Audience::default()
        },
    };
    outbox::send(app, tx, now, &outgoing)
}
