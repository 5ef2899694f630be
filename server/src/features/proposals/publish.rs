//! From a proposal to what other servers read: the activities about it. Its document is in
//! [`object`].
//!
//! Nothing leaves for `hub` and `private`. What was told to somebody who is no longer entitled is
//! taken back by a `Delete` to exactly those (D97). A member without a public actor speaks through
//! the hub (decision 21).

pub mod object;

use interkpa_federation::vocabulary::proposal::{change, object as document, publish, withdraw};
use interkpa_federation::vocabulary::terms::Visibility;
use interkpa_federation::{Envelope, Instant, Recipients, Uri};
use serde_json::Value;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::proposals::model::visibility::leaves;
use crate::features::proposals::model::{Proposal, State};
use crate::fediverse::outbox::{self, Audience, Outgoing};
use crate::fediverse::proved::proved;
use crate::fediverse::{announce, audience};

/// Tells whoever is entitled what the proposal is now, and whoever no longer is that it is gone.
/// Sets `document` to what was sent, or to nothing.
///
/// # Errors
/// Those of the store.
pub fn send(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &mut Proposal,
    old_visibility: Visibility,
) -> Result<(), StoreError> {
    let first = proposal.details.document.is_empty();
    let shown = leaves(proposal.visibility) && proposal.state != State::Withdrawn;
    if !shown {
        if !first {
            take_back(app, tx, now, proposal, old_visibility, None)?;
            outbox::retract(tx, &proposal.uri)?;
            proposal.details.document.clear();
        }
        return Ok(());
    }
    if first && proposal.state != State::Published {
        return Ok(()); // never told, and nothing to answer now
    }
    let audience = audience_of(app, tx, proposal, proposal.visibility)?;
    if !first && proposal.visibility < old_visibility {
        take_back(app, tx, now, proposal, old_visibility, Some(&audience))?;
        outbox::hide(tx, &proposal.uri)?;
    }
    let object = object::of(app, tx, proposal)?;
    proposal.details.document = document(&object).to_string();
    let envelope = envelope(app, proposal, now, (object.to.clone(), object.cc.clone()))?;
    let becomes_public =
        proposal.visibility == Visibility::Public && old_visibility != Visibility::Public;
    // Servers outside the network know no object that was never created for them.
    let (kind, body) = if first || becomes_public {
        ("Create", publish(&envelope, &object))
    } else {
        ("Update", change(&envelope, &object))
    };
    let public = audience.public;
    let body = if public {
        proved(app, tx, now, &envelope.actor, body)?
    } else {
        body
    };
    deliver(
        app,
        tx,
        now,
        proposal,
        kind,
        &envelope,
        body.clone(),
        audience,
    )?;
    // Its own the hub does not announce again: its followers have just been told.
    if public && kind == "Create" && proposal.author_uri != app.address("/hub") {
        announce::announce(app, tx, now, &object.id, &body)?;
    }
    Ok(())
}

/// `Delete` to everybody it was told to, without those still entitled (`keep`).
fn take_back(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &Proposal,
    old_visibility: Visibility,
    keep: Option<&Audience>,
) -> Result<(), StoreError> {
    let mut inboxes = audience::reached(tx, &proposal.uri)?;
    if let Some(keep) = keep {
        for inbox in outbox::inboxes(tx, keep)? {
            inboxes.remove(&inbox);
        }
    }
    if inboxes.is_empty() {
        return Ok(());
    }
    let recipients = recipients(app, tx, proposal, old_visibility)?;
    let envelope = envelope(app, proposal, now, recipients)?;
    let body = withdraw(
        &envelope,
        &uri(&proposal.uri)?,
        proposal.purpose.note_kind(),
    );
    let body = if old_visibility == Visibility::Public {
        proved(app, tx, now, &envelope.actor, body)?
    } else {
        body
    };
    let nobody_more = Audience::default();
    let id = deliver(
        app,
        tx,
        now,
        proposal,
        "Delete",
        &envelope,
        body,
        nobody_more,
    )?;
    for inbox in inboxes {
        outbox::deliver_to(app, tx, now, &id, &inbox)?;
    }
    Ok(())
}

#[expect(
    clippy::too_many_arguments,
    reason = "the fields of an outgoing activity"
)]
fn deliver(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &Proposal,
    kind: &'static str,
    envelope: &Envelope,
    body: Value,
    audience: Audience,
) -> Result<String, StoreError> {
    let id = envelope
        .id
        .as_str()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    let outgoing = Outgoing {
        id: id.clone(),
        actor_uri: envelope.actor.as_str().to_owned(),
        kind,
        object_uri: Some(proposal.uri.clone()),
        body,
        audience,
    };
    outbox::send(app, tx, now, &outgoing)?;
    Ok(id)
}

fn envelope(
    app: &App,
    proposal: &Proposal,
    now: Instant,
    (to, cc): (Recipients, Recipients),
) -> Result<Envelope, StoreError> {
    Ok(Envelope {
        id: uri(&app.address(&format!("/activites/{}", app.new_id())))?,
        actor: uri(&proposal.author_uri)?,
        to,
        cc,
        published: now,
    })
}

/// To whom the outbox delivers at a level.
fn audience_of(
    app: &App,
    tx: &mut Conn,
    proposal: &Proposal,
    visibility: Visibility,
) -> Result<Audience, StoreError> {
    let hub = app.address("/hub");
    Ok(match visibility {
        Visibility::Public => Audience {
            public: true,
            followers_of: followers_of(&hub, proposal),
            network: true,
            actors: Vec::new(),
        },
        Visibility::Network => Audience {
            network: true,
            ..Audience::default()
        },
        Visibility::Followed => Audience {
            actors: audience::followed_hubs(tx, &hub)?,
            ..Audience::default()
        },
        Visibility::Hub | Visibility::Private => Audience::default(),
    })
}

fn followers_of(hub: &str, proposal: &Proposal) -> Vec<String> {
    let mut actors = vec![proposal.author_uri.clone()];
    if proposal.author_uri != hub {
        actors.push(hub.to_owned());
    }
    actors
}

/// `to` and `cc` of a level. A level below public names hub actors by id, never a collection
/// (federation.md 6.1.6).
fn recipients(
    app: &App,
    tx: &mut Conn,
    proposal: &Proposal,
    visibility: Visibility,
) -> Result<(Recipients, Recipients), StoreError> {
    let hub = app.address("/hub");
    let named = match visibility {
        Visibility::Public => {
            let followers = followers_of(&hub, proposal)
                .iter()
                .map(|actor| uri(&format!("{actor}/followers")))
                .collect::<Result<Vec<_>, _>>()?;
            return Ok((Recipients::everybody(), Recipients::only(followers)));
        }
        Visibility::Network => audience::network_hubs(tx)?,
        Visibility::Followed => audience::followed_hubs(tx, &hub)?,
        Visibility::Hub | Visibility::Private => Vec::new(),
    };
    let mut named: Vec<Uri> = named
        .iter()
        .filter_map(|actor| Uri::parse(actor).ok())
        .collect();
    if named.is_empty() {
        // A document always names somebody; this hub is the only one entitled so far.
        named.push(uri(&hub)?);
    }
    Ok((Recipients::only(named), Recipients::NOBODY))
}

/// An address this hub made or stored. It was checked then: another answer is a damaged row.
fn uri(text: &str) -> Result<Uri, StoreError> {
    Uri::parse(text).map_err(StoreError::broken)
}
