//! What this hub says of itself in the register without a vote: away, back. Source: votes.md 6.5.

use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::object::{Kind, Object};
use interkpa_federation::governance::prove::Signatory;
use interkpa_federation::governance::register::{Pause, Presence};
use interkpa_federation::{Instant, Uri};

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::votes::store::objects;
use crate::features::votes::{intake, register, send};
use crate::http::error::{AppError, Kind as Refused};

/// Own statements that are looked at for the next number.
const STATEMENTS_MAX: i64 = 500;

/// Says that this hub is away or back: signed, kept in its place, sent to the network. It binds the
/// votes that list it.
///
/// # Errors
/// 409 `no_register`; 422 when the register does not know this hub.
pub async fn presence(app: &App, presence: Presence) -> Result<ObjectHash, AppError> {
    let app_in = app.clone();
    app.write(move |tx| say(&app_in, tx, app_in.now(), presence))
        .await
}

fn say(app: &App, tx: &mut Conn, now: Instant, presence: Presence) -> Result<ObjectHash, AppError> {
    let network = register::at(tx, now)?;
    let network = network.ok_or_else(|| AppError::new(Refused::Conflict, "no_register"))?;
    let me = register::own_id(app)?;
    let seq = next_seq(tx, me)?;
    let signatory = Signatory {
        hub: me,
        key: &app.keys.governance,
        created: now,
    };
    let pause = Pause {
        hub: me,
        seq,
        presence,
    };
    let object = Object::sign(Body::Pause(pause), &[signatory])
        .map_err(|error| AppError::new(Refused::Invalid, error.code()))?;
    objects::fill_slot(tx, &object)?;
    let hash = object.hash();
    intake::take(app, tx, now, object.clone(), app.origin.as_str())?;
    let homes = network.homes.iter().filter(|(hub, _)| **hub != me);
    let hubs: Vec<Uri> = homes
        .filter_map(|(_, home)| Uri::parse(&home.actor).ok())
        .collect();
    send::to(app, tx, now, &hubs, &object)?;
    let subject = hash.to_string();
    let command = match presence {
        Presence::Away => "register_pause",
        Presence::Back => "register_back",
    };
    let event = Event::new(Actor::Operator("register"), command, "register", &subject);
    audit::record(tx, &app.new_id(), now, &event)?;
    Ok(hash)
}

fn next_seq(
    tx: &mut Conn,
    me: interkpa_federation::governance::hub_id::HubId,
) -> Result<u64, StoreError> {
    let held = objects::of_kinds(tx, &[Kind::Pause], None, STATEMENTS_MAX)?;
    let own = held.iter().filter_map(|(object, _)| match object.body() {
        Body::Pause(pause) if pause.hub == me => Some(pause.seq),
        _ => None,
    });
    Ok(own.max().unwrap_or(0) + 1)
}
