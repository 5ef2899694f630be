//! « Transmettre »: a `Flag` tells the KPA that owns a thing what our team thinks of it.
//!
//! The instance actor says it, with the team's words: neither the reporter nor the moderator is named
//! (security.md D99).

use interkpa_federation::vocabulary::reaction::{Flag, flag};
use interkpa_federation::{Envelope, Instant, Recipients, Uri};
use interkpa_web::markup;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::fediverse::ours::OurActor;
use crate::fediverse::outbox::{self, Audience, Outgoing};
use crate::fediverse::remote;

/// Tells the owner of a copy. `author` is the address of whoever published it, `words` the team's.
///
/// # Errors
/// Those of the store.
pub(super) fn send(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    (object, author): (&str, &str),
    words: &str,
) -> Result<(), StoreError> {
    let (object, author) = (parse(object)?, parse(author)?);
    let to = receiver(tx, &author)?;
    let id = app.new_id();
    let actor = OurActor::Instance
        .uri(app)
        .map_err(|source| StoreError::Broken(source.into()))?;
    let envelope = Envelope {
        id: outbox::activity_uri(app, &id)?,
        actor: actor.clone(),
        to: Recipients::only([to.clone()]),
        cc: Recipients::NOBODY,
        published: now,
    };
    let report = Flag {
        objects: vec![object.clone()],
        content_html: Some(format!("<p>{}</p>", markup::escape(words))),
    };
    let out = Outgoing {
        id,
        actor_uri: actor.as_str().to_owned(),
        kind: "Flag",
        object_uri: Some(object.as_str().to_owned()),
        body: flag(&envelope, &report),
        audience: Audience {
            actors: vec![to.as_str().to_owned()],
            ..Audience::default()
        },
    };
    outbox::send(app, tx, now, &out)
}

/// The hub of the author where there is one; on another server its actor, whose team reads reports
/// that come to any inbox.
fn receiver(tx: &mut Conn, author: &Uri) -> Result<Uri, StoreError> {
    let hub = parse(&format!("{}/hub", author.origin()))?;
    let is_hub = remote::held(tx, &hub)?.is_some_and(|held| held.is_hub);
    Ok(if is_hub { hub } else { author.clone() })
}

fn parse(text: &str) -> Result<Uri, StoreError> {
    Uri::parse(text).map_err(StoreError::broken)
}
