//! `Announce`: a hub makes public things of its members seen, in the two forms that other servers
//! read (federation.md 6.1.5), and looks at what other hubs announce.

use interkpa_federation::vocabulary::announce::{Announcement, announce_activity, announce_id};
use interkpa_federation::{Activity, Envelope, Heard, Instant, Recipients, Trust, Uri};
use serde_json::Value;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::proposals;
use crate::fediverse::ours::OurActor;
use crate::fediverse::outbox::{self, Audience, Outgoing};
use crate::fediverse::peers;
use crate::fediverse::proved::proved;
use crate::fediverse::receive::{Effect, Needs, Refusal};

/// Announces a public activity of this hub to its followers, twice: `Announce{id}` of its object
/// for Mastodon and GoToSocial, `Announce{activity}` verbatim for Lemmy, Mobilizon and PieFed
/// (FEP-1b12). Call it in the transaction that sends the activity, after it.
///
/// # Errors
/// Those of the store.
pub fn announce(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    object: &Uri,
    activity: &Value,
) -> Result<(), StoreError> {
    let hub = OurActor::Hub
        .uri(app)
        .map_err(|source| StoreError::Broken(source.into()))?;
    let followers = Uri::parse(&format!("{hub}/followers"))
        .map_err(|source| StoreError::Broken(Box::new(source)))?;
    let mut send = |write: &dyn Fn(&Envelope) -> Value| -> Result<(), StoreError> {
        let id = app.new_id();
        let envelope = Envelope {
            id: outbox::activity_uri(app, &id)?,
            actor: hub.clone(),
            to: Recipients::everybody(),
            cc: Recipients::only([followers.clone()]),
            published: now,
        };
        let audience = Audience {
            public: true,
            followers_of: vec![hub.as_str().to_owned()],
            ..Audience::default()
        };
        let out = Outgoing {
            id,
            actor_uri: hub.as_str().to_owned(),
            kind: "Announce",
            object_uri: Some(object.as_str().to_owned()),
            body: proved(app, tx, now, &hub, write(&envelope))?,
            audience,
        };
        outbox::send(app, tx, now, &out)
    };
    send(&|envelope| announce_id(envelope, object))?;
    send(&|envelope| announce_activity(envelope, activity.clone()))
}

/// Receives an `Announce`: it gives visibility, never authority (federation.md 3.3.6).
///
/// What is announced is looked up, or fetched from its owner if both the announcer and the owner
/// are heard as allowed peers; nothing embedded is believed.
///
/// # Errors
/// Those of the store.
pub fn receive(
    app: &App,
    tx: &mut Conn,
    _now: Instant,
    heard: &Heard,
    _activity: &Activity,
    announced: &Announcement,
) -> Result<Effect, Refusal> {
    let object = announced.object.as_ref().unwrap_or(&announced.announced);
    if object.origin() == app.origin {
        return Ok(Effect::Ignored("announced_ours"));
    }
    if heard.trust() < Trust::Allowed {
        return Ok(Effect::Ignored("announced_by_guest"));
    }
    let owner = peers::peer_in(app, tx, &object.origin())?;
    if owner.heard_as(Trust::Allowed).is_err() {
        // Nothing is fetched for a server that is not heard (security.md D32).
        return Ok(Effect::Ignored("owner_not_heard"));
    }
    if is_held(tx, object)? {
        return Ok(Effect::Ignored("known"));
    }
    Ok(Effect::Waiting(Needs {
        uri: object.clone(),
        fetch: true,
    }))
}

/// Whether some feature holds the object, or knows that it was deleted.
fn is_held(tx: &mut Conn, object: &Uri) -> Result<bool, StoreError> {
    Ok(proposals::inbox::holds(tx, object.as_str())?
        || super::gone::ours(tx, object.as_str())?.is_some())
}
