//! The outgoing side: an activity and its deliveries are rows of the transaction that causes them.
//!
//! Not here: the sending itself (`deliver.rs`), the shapes (`interkpa_federation::vocabulary`).

mod store;

use interkpa_federation::{Instant, Origin, Uri};
use serde_json::Value;

pub use store::{hide, inboxes, retract};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;

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
    #[cfg(feature = "testing")]
    crate::testing::linted::sent(app, tx, &out.body);
    store::insert(tx, now, &activity_uri(app, &out.id)?, out)?;
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
    store::queue(tx, now, (&app.new_id(), activity_id), &origin, inbox)
}
