//! The KPAs we know: what their actor says, and whether they answer.

use interkpa_federation::actor::RemoteActor;
use interkpa_federation::{Instant, Origin, Trust};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::fediverse::deliver::{self, Silence};
use crate::fediverse::peers::{self, PeerRecord};
use crate::fediverse::remote::{self, KnownActor};

/// A KPA that is a member or an allowed peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHub {
    /// What was decided about it.
    pub peer: PeerRecord,
    /// Our copy of its actor.
    pub actor: KnownActor,
    /// Its commune; empty when it says none.
    pub town: String,
    /// Whether it answers.
    pub contact: Contact,
}

/// Whether a server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// It does.
    Answers,
    /// Nothing arrives there since then.
    SilentSince(Instant),
    /// Nothing was sent or heard yet.
    NeverTried,
}

/// KPAs in the order of their origin, after one of them.
///
/// # Errors
/// See [`StoreError`].
pub fn page(conn: &mut Conn, after: Option<&str>, limit: i64) -> Result<Vec<KnownHub>, StoreError> {
    let mut found = Vec::new();
    for peer in peers::store::hub_page(conn, after, limit)? {
        found.extend(known(conn, peer)?);
    }
    Ok(found)
}

/// The KPA at a host, with its port if it has one.
///
/// # Errors
/// See [`StoreError`].
pub fn find(app: &App, conn: &mut Conn, authority: &str) -> Result<Option<KnownHub>, StoreError> {
    let scheme = app.origin.as_str().split("://").next().unwrap_or("https");
    let Ok(origin) = Origin::parse(&format!("{scheme}://{authority}")) else {
        return Ok(None);
    };
    match peers::store::find(conn, &origin)? {
        Some(peer) if peer.trust >= Trust::Allowed => known(conn, peer),
        _ => Ok(None),
    }
}

fn known(conn: &mut Conn, peer: PeerRecord) -> Result<Option<KnownHub>, StoreError> {
    let Some(address) = &peer.hub_actor else {
        return Ok(None);
    };
    let copies = remote::held_all(conn, std::slice::from_ref(address))?;
    let Some(actor) = copies.into_iter().next() else {
        return Ok(None);
    };
    let contact = match deliver::silent_since(conn, &peer.origin)? {
        Silence::Since(at) => Contact::SilentSince(at),
        Silence::None => Contact::Answers,
        Silence::Unknown if peer.heard_at.is_some() => Contact::Answers,
        Silence::Unknown => Contact::NeverTried,
    };
    let document = serde_json::from_str(&actor.document).ok();
    let place = document.and_then(|document| RemoteActor::read(&document).ok()?.place);
    let town = place.map(|place| interkpa_web::markup::clean_name(&place.name));
    Ok(Some(KnownHub {
        peer,
        actor,
        town: town.unwrap_or_default(),
        contact,
    }))
}
