//! What certified decisions change outside the votes: each once, and never without a certificate.
//!
//! The register itself is derived anew from the decisions each time; what is applied here is what
//! stands elsewhere because of it: the tier of peers, and the trail. Source: votes.md 6.4, S10.

use interkpa_federation::governance::effect::Standing;
use interkpa_federation::{Instant, Origin, Trust, Uri};
use tracing::debug;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::votes::register;
use crate::features::votes::store::{certificates, polls};
use crate::fediverse::peers::{self, Decider};

/// Takes over every decision that binds by now and was not taken over yet; how many.
pub(super) fn take_over(app: &App, tx: &mut Conn, now: Instant) -> Result<usize, StoreError> {
    let mut taken = 0;
    for row in polls::binding(tx, &register::REGISTER_EFFECTS, now)? {
        let Some(certificate) = certificates::of_poll(tx, row.hash)? else {
            continue;
        };
        if certificate.refuted_at.is_some() || !certificates::apply(tx, certificate.value, now)? {
            continue;
        }
        let subject = certificate.value.to_string();
        let event = Event {
            new_state: Some(&row.effect),
            ..Event::new(
                Actor::System("votes"),
                "register_apply",
                "decision",
                &subject,
            )
        };
        audit::record(tx, &app.new_id(), now, &event)?;
        taken += 1;
    }
    Ok(taken)
}

/// Lets each peer stand as the register says: its hubs are members, those that left are guests. What an
/// administrator blocked stays blocked. How many hubs could not be asked who they are.
///
/// # Errors
/// Those of the store.
pub(super) async fn settle_peers(app: &App, now: Instant) -> Result<usize, StoreError> {
    let network = app.store.read(move |conn| register::at(conn, now)).await?;
    let Some(network) = network else {
        return Ok(0);
    };
    let mut left = 0;
    for entry in network.register.entries() {
        let Some(home) = network.homes.get(&entry.hub) else {
            continue;
        };
        let Ok(actor) = Uri::parse(&home.actor) else {
            continue;
        };
        let origin = actor.origin();
        if origin == app.origin {
            continue;
        }
        let wanted = match entry.standing {
            Standing::Member | Standing::Paused => Trust::Member,
            Standing::Left => Trust::Guest,
        };
        if !settle(app, &origin, wanted).await? {
            left += 1;
        }
    }
    Ok(left)
}

/// One peer; false when it has to be asked again who it is.
async fn settle(app: &App, origin: &Origin, wanted: Trust) -> Result<bool, StoreError> {
    let asked = origin.clone();
    let known = app
        .store
        .read(move |conn| peers::find_in(conn, &asked))
        .await?;
    let trust = known.as_ref().map_or(Trust::Guest, |peer| peer.trust);
    let was_member = trust == Trust::Member;
    if trust == Trust::Blocked || trust == wanted || (wanted == Trust::Guest && !was_member) {
        return Ok(true);
    }
    let is_met = known.is_some_and(|peer| peer.hub_actor.is_some());
    if wanted == Trust::Member && !is_met {
        let reason = "in the register";
        if let Err(error) = peers::allow(app, origin.as_str(), reason, Decider::Register).await {
            debug!(%origin, code = error.code(), "a hub of the register is not met");
            return match error {
                peers::PeerError::Store(error) => Err(error),
                _ => Ok(false),
            };
        }
    }
    let (app_in, origin) = (app.clone(), origin.clone());
    app.write(move |tx| -> Result<(), StoreError> {
        let by = Decider::Register;
        let now = app_in.now();
        peers::settle_in(&app_in, tx, now, &origin, wanted, "the register", &by).map(drop)
    })
    .await?;
    peers::decided(app);
    Ok(true)
}
