//! Other servers: how far each is trusted, and who decided it.
//!
//! The tier is looked up by the exact origin before anything is fetched; a block covers the
//! subdomains too (federation.md 3.1). The rules of the tiers are in `interkpa_federation::trust`.

pub(in crate::fediverse) mod store;
mod tiers;

use interkpa_federation::{Instant, Mode, Origin, Peer, Trust, Uri};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::config::FederationMode;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::follows;
use crate::fediverse::deliver;
use crate::fediverse::remote::{Address, DiscoverError, KnownActor, RemoteError, resolve};
use crate::ids::MemberId;

pub use tiers::Tiers;

/// What we know of another server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerRecord {
    /// Scheme, host and port.
    pub origin: Origin,
    /// Its tier, without the mode of this hub.
    pub trust: Trust,
    /// Address of its Group, when it is a KPA.
    pub hub_actor: Option<String>,
    /// Name of its KPA.
    pub name: Option<String>,
    /// Name of its software.
    pub software: Option<String>,
    /// Why it was allowed or blocked.
    pub reason: Option<String>,
    /// Fingerprint of its proof key, as last seen.
    pub fingerprint: Option<String>,
    /// Who decided: a member id, or the operator.
    pub decided_by: Option<String>,
    /// Since when we know it.
    pub created_at: Instant,
    /// Its last verified request, to the minute.
    pub heard_at: Option<Instant>,
}

/// Who decides about a peer.
#[derive(Debug, Clone)]
pub enum Decider {
    /// A member with the right to manage peers.
    Member(MemberId),
    /// A command on the machine, by its name.
    Operator(&'static str),
    /// The register of the network, by certified decisions.
    Register,
}

impl Decider {
    fn as_str(&self) -> &str {
        match self {
            Self::Member(id) => id.as_str(),
            Self::Operator(_) => "operator",
            Self::Register => "register",
        }
    }

    /// In the words of the audit trail.
    pub fn actor(&self) -> Actor<'_> {
        match self {
            Self::Member(id) => Actor::Member(id),
            Self::Operator(name) => Actor::Operator(name),
            Self::Register => Actor::System("votes"),
        }
    }
}

/// Why a decision about a peer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// The text names no other KPA.
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    /// What answers there is not a KPA.
    #[error("not a KPA")]
    NotAHub,
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PeerError {
    /// A stable word for answers.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Discover(error) => error.code(),
            Self::NotAHub => "not_a_hub",
            Self::Store(_) => "busy",
        }
    }
}

/// The mode of this hub, in the words of the rules.
pub fn mode(app: &App) -> Mode {
    match app.config.federation.mode {
        FederationMode::Network => Mode::Network,
        FederationMode::Open => Mode::Open,
    }
}

/// A server and its tier, from memory if it was asked a moment ago.
///
/// # Errors
/// See [`StoreError`].
pub async fn peer(app: &App, origin: &Origin) -> Result<Peer, StoreError> {
    let now = app.now();
    if let Some(trust) = app.fediverse.tiers.get(origin, now) {
        return Ok(Peer {
            origin: origin.clone(),
            trust,
            mode: mode(app),
        });
    }
    let asked = origin.clone();
    // Read before the look-up: a decision taken meanwhile empties what we are about to keep.
    let generation = app.fediverse.tiers.generation();
    let trust = app
        .store
        .read(move |conn| tiers::look_up(conn, &asked))
        .await?;
    app.fediverse.tiers.keep(origin, trust, now, generation);
    Ok(Peer {
        origin: origin.clone(),
        trust,
        mode: mode(app),
    })
}

/// The same inside a transaction, from the rows.
///
/// # Errors
/// See [`StoreError`].
pub fn peer_in(app: &App, conn: &mut Conn, origin: &Origin) -> Result<Peer, StoreError> {
    let trust = tiers::look_up(conn, origin)?;
    Ok(Peer {
        origin: origin.clone(),
        trust,
        mode: mode(app),
    })
}

/// The servers we know, in the order of their origin, after one of them.
///
/// # Errors
/// See [`StoreError`].
pub async fn page(
    app: &App,
    after: Option<String>,
    limit: i64,
) -> Result<Vec<PeerRecord>, StoreError> {
    app.store
        .read(move |conn| store::page(conn, after.as_deref(), limit))
        .await
}

/// Those of the origins that we have a row for, by origin.
///
/// # Errors
/// Those of the store.
pub fn known(conn: &mut Conn, origins: &[&str]) -> Result<Vec<String>, StoreError> {
    store::known(conn, origins)
}

/// What we know of one server.
///
/// # Errors
/// See [`StoreError`].
pub async fn find(app: &App, origin: &Origin) -> Result<Option<PeerRecord>, StoreError> {
    let origin = origin.clone();
    app.store.read(move |conn| store::find(conn, &origin)).await
}

/// The same inside a transaction, or with other readings.
///
/// # Errors
/// See [`StoreError`].
pub fn find_in(conn: &mut Conn, origin: &Origin) -> Result<Option<PeerRecord>, StoreError> {
    store::find(conn, origin)
}

/// The names of the KPAs at these origins: (origin, name), those we know.
///
/// # Errors
/// See [`StoreError`].
pub fn names(conn: &mut Conn, origins: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
    store::names(conn, origins)
}

/// The server that a text names: its name, its address, `@hub@bobinette.example`.
///
/// # Errors
/// [`PeerError::Discover`] for a text that names no server, or this very hub.
pub fn named(app: &App, text: &str) -> Result<Origin, PeerError> {
    let origin = Address::parse(app, text)?.server(app)?;
    if origin == app.origin {
        return Err(DiscoverError::Ours.into());
    }
    Ok(origin)
}

/// A KPA that answered, about to be allowed.
#[derive(Debug, Clone)]
pub struct Met {
    hub: KnownActor,
    software: Option<String>,
}

impl Met {
    /// Its server.
    pub fn origin(&self) -> Origin {
        self.hub.uri.origin()
    }
}

/// Asks a server who it is: the first half of allowing it, outside any transaction.
///
/// # Errors
/// [`PeerError`].
pub async fn meet(app: &App, address: &str) -> Result<Met, PeerError> {
    let server = named(app, address)?;
    app.client.forget_failures(&server);
    let hub = hub_of(app, &Address::parse(app, address)?).await?;
    let software = software(app, &hub.uri.origin()).await;
    Ok(Met { hub, software })
}

/// Lets a KPA take part: its hub is fetched first, so that what is allowed is what answers there.
///
/// `address` is its name (`bobinette.example`), its address, or `@hub@bobinette.example`.
///
/// # Errors
/// [`PeerError`]; nothing changed then.
pub async fn allow(
    app: &App,
    address: &str,
    reason: &str,
    by: Decider,
) -> Result<PeerRecord, PeerError> {
    let met = meet(app, address).await?;
    let (app_in, reason) = (app.clone(), reason.to_owned());
    let done = app
        .write(move |tx| allow_in(&app_in, tx, app_in.now(), &met, &reason, &by))
        .await?;
    decided(app);
    Ok(done)
}

/// The second half: writes the decision in the caller's transaction. [`decided`] comes after it.
///
/// # Errors
/// See [`StoreError`].
pub fn allow_in(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    met: &Met,
    reason: &str,
    by: &Decider,
) -> Result<PeerRecord, StoreError> {
    let (origin, event_id) = (met.origin(), app.new_id());
    decide(tx, now, &event_id, &origin, Trust::Allowed, reason, by)?;
    let fingerprint = met.hub.proof_key.as_deref().map(fingerprint);
    let described = store::Described {
        hub_actor: met.hub.uri.as_str(),
        name: &met.hub.name,
        software: met.software.as_deref(),
        fingerprint: fingerprint.as_deref(),
    };
    store::describe(tx, now, &origin, &described)?;
    deliver::reopen(tx, now, &origin)?;
    store::find(tx, &origin)?.ok_or(StoreError::NotFound)
}

/// A decision was committed: what was remembered of tiers counts no more.
pub fn decided(app: &App) {
    app.fediverse.tiers.forget_all();
}

/// Refuses a server and its subdomains, in both modes. Nothing is fetched.
///
/// # Errors
/// [`PeerError`].
pub async fn block(app: &App, address: &str, reason: &str, by: Decider) -> Result<(), PeerError> {
    settle(app, address, Trust::Blocked, reason, by).await
}

/// Takes a decision back: the server is a guest again.
///
/// # Errors
/// [`PeerError`].
pub async fn forget(app: &App, address: &str, reason: &str, by: Decider) -> Result<(), PeerError> {
    settle(app, address, Trust::Guest, reason, by).await
}

async fn settle(
    app: &App,
    address: &str,
    trust: Trust,
    reason: &str,
    by: Decider,
) -> Result<(), PeerError> {
    let origin = named(app, address)?;
    let (app_in, reason) = (app.clone(), reason.to_owned());
    app.write(move |tx| -> Result<(), StoreError> {
        settle_in(&app_in, tx, app_in.now(), &origin, trust, &reason, &by).map(drop)
    })
    .await?;
    decided(app);
    Ok(())
}

/// Blocks a server or makes it a guest again, in the caller's transaction; nothing is fetched.
/// [`decided`] comes after it.
///
/// # Errors
/// See [`StoreError`].
pub fn settle_in(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    origin: &Origin,
    trust: Trust,
    reason: &str,
    by: &Decider,
) -> Result<PeerRecord, StoreError> {
    decide(tx, now, &app.new_id(), origin, trust, reason, by)?;
    if trust == Trust::Blocked {
        // What still waits for it is given up by the sender.
        follows::server_blocked(tx, origin)?;
    }
    store::find(tx, origin)?.ok_or(StoreError::NotFound)
}

fn decide(
    tx: &mut Conn,
    now: Instant,
    event_id: &str,
    origin: &Origin,
    trust: Trust,
    reason: &str,
    by: &Decider,
) -> Result<(), StoreError> {
    let before = store::find(tx, origin)?.map_or(Trust::Guest, |peer| peer.trust);
    let decision = store::Decision {
        origin,
        trust,
        reason,
        decided_by: by.as_str(),
    };
    store::decide(tx, now, &decision)?;
    let event = Event {
        actor: by.actor(),
        on_behalf_of: None,
        command: match trust {
            Trust::Blocked => "peer_block",
            Trust::Guest => "peer_forget",
            Trust::Allowed | Trust::Member => "peer_allow",
        },
        subject_kind: "peer",
        subject_id: origin.as_str(),
        old_state: Some(before.as_str()),
        new_state: Some(trust.as_str()),
        reason: (!reason.is_empty()).then_some(reason),
    };
    audit::record(tx, event_id, now, &event)
}

async fn hub_of(app: &App, address: &Address) -> Result<KnownActor, PeerError> {
    let actor = resolve(app, address).await?;
    if actor.is_hub {
        return Ok(actor);
    }
    // A member's address names its KPA as well.
    let hub = actor.hub.ok_or(PeerError::NotAHub)?;
    let hub = resolve(app, &Address::Uri(hub)).await?;
    if hub.is_hub {
        Ok(hub)
    } else {
        Err(PeerError::NotAHub)
    }
}

/// The name of a server's software; nothing depends on it (FEP-0151).
async fn software(app: &App, origin: &Origin) -> Option<String> {
    let info = app.client.nodeinfo(origin).await.ok()?;
    let text = format!("{} {}", info.software, info.version);
    Some(interkpa_web::markup::clean_name(&text))
}

/// A short form of a key that two people can compare by telephone: 16 hexadecimal digits in fours.
pub fn fingerprint(multibase: &str) -> String {
    let hash = Sha256::digest(multibase.as_bytes());
    let digits: Vec<String> = hash
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    digits
        .chunks(2)
        .map(<[String]>::concat)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Notes a verified request of a server: when, and that deliveries to it may go on at once.
///
/// Cheap to call for every request: the rows are touched at most once a minute, and whenever
/// delivery to that server is shut.
///
/// # Errors
/// See [`StoreError`].
pub fn heard(app: &App, tx: &mut Conn, now: Instant, origin: &Origin) -> Result<(), StoreError> {
    deliver::reopen(tx, now, origin)?;
    if app.fediverse.heard.is_news(origin, now) {
        store::heard(tx, now, origin)?;
    }
    Ok(())
}

/// The same for a request that changes nothing else: written only when it is news.
///
/// # Errors
/// See [`StoreError`].
pub async fn heard_reading(app: &App, origin: &Origin) -> Result<(), StoreError> {
    let now = app.now();
    if !app.fediverse.heard.is_news(origin, now) {
        return Ok(());
    }
    let origin = origin.clone();
    app.write(move |tx| -> Result<(), StoreError> {
        deliver::reopen(tx, now, &origin)?;
        store::heard(tx, now, &origin)
    })
    .await
}

/// Addresses of the Group of every hub that is a member or allowed.
///
/// # Errors
/// See [`StoreError`].
pub fn hub_addresses(conn: &mut Conn) -> Result<Vec<Uri>, StoreError> {
    let texts = store::hubs(conn)?;
    Ok(texts
        .iter()
        .filter_map(|text| Uri::parse(text).ok())
        .collect())
}

impl From<RemoteError> for PeerError {
    fn from(error: RemoteError) -> Self {
        Self::Discover(error.into())
    }
}
