//! Whose request it is: from a signature that keeps the rules to an actor and its tier.
//!
//! The order is that of security.md §3.3 and federation.md 2.8: what costs nothing first, the tier
//! and the budgets before any fetch, one forced fetch of the key when a signature does not hold.
//! The rules that need no key are in `interkpa_federation::signature`.

use std::net::IpAddr;

use axum::http::HeaderMap;
use interkpa_federation::actor::RemoteActor;
use interkpa_federation::multikey;
use interkpa_federation::signature::{
    Claim, KeyKind, Method, Request, SignatureError, claim, key_may_speak_for,
};
use interkpa_federation::{Instant, Origin, Peer, Span, Trust, Uri};

use crate::app::App;
use crate::fediverse::budget::{Allowance, Purse, Spent};
use crate::fediverse::client::NetError;
use crate::fediverse::crate_bridge::{SecondReading, second_reading};
use crate::fediverse::peers;
use crate::fediverse::remote::{self, KnownActor, RemoteError, store};
use crate::http::{AppError, Kind};

/// Actors of one heard server fetched in a minute because somebody named them.
const FETCHES_PER_MINUTE: u32 = 120;
/// The same for a guest.
const GUEST_FETCHES_PER_MINUTE: u32 = 20;
/// A key is fetched anew at most once in this time because a signature did not hold (D16, D17).
const REFETCH: Allowance = Allowance {
    requests: 1,
    window: Span::seconds(30),
};

/// Who made a request, after its signature was verified.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The actor whose key signed.
    pub actor: KnownActor,
    /// Its server and tier.
    pub peer: Peer,
}

/// Reads the signature of a request and checks everything that needs no key; a signature that the
/// required crate reads differently is refused (docs/decisions/0005-signatures.md).
///
/// # Errors
/// [`SignatureError`] names the first rule broken.
pub fn read_claim(
    own: &Origin,
    method: Method,
    target: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: Instant,
) -> Result<Claim, SignatureError> {
    let headers: Vec<(&str, &[u8])> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let request = Request {
        method,
        target,
        headers: &headers,
        body,
        own,
    };
    let claim = claim(&request, now)?;
    match second_reading(&request, &claim) {
        SecondReading::Different => Err(SignatureError::Malformed { part: "signature" }),
        SecondReading::Same | SecondReading::None => Ok(claim),
    }
}

/// The refusal of a request that counts as unsigned: always 401, so that an honest peer tries its
/// other scheme.
pub fn unsigned(error: &SignatureError) -> AppError {
    AppError::new(Kind::Unauthenticated, error.code())
}

/// 429 with the time to come back.
pub fn wait(spent: Spent) -> AppError {
    AppError::new(Kind::TooMany, "too_many_requests").retry_after(spent.seconds)
}

/// Takes one unverified request from the purse of an address.
///
/// # Errors
/// 429 when it is empty.
pub fn charge_stranger(app: &App, client: Option<IpAddr>) -> Result<(), AppError> {
    let Some(client) = client else { return Ok(()) };
    let allowance = Allowance::per_minute(app.config.federation.stranger_requests_per_minute);
    app.fediverse
        .budgets
        .spend(&Purse::stranger(client), allowance, app.now())
        .map_err(wait)
}

/// Whether the purse of an address is empty; nothing is taken.
pub fn is_spent(app: &App, client: Option<IpAddr>) -> Option<Spent> {
    let allowance = Allowance::per_minute(app.config.federation.stranger_requests_per_minute);
    let purse = Purse::stranger(client?);
    app.fediverse
        .budgets
        .check(&purse, allowance, app.now())
        .err()
}

/// The server of an actor and its tier, if anything it sends is looked at.
///
/// # Errors
/// 403 `peer_not_allowed`; nothing was fetched.
pub async fn heard_peer(app: &App, origin: &Origin) -> Result<Peer, AppError> {
    let peer = peers::peer(app, origin).await?;
    match peer.heard_at_all() {
        Ok(()) => Ok(peer),
        Err(refused) => Err(AppError::new(Kind::Forbidden, refused.code())),
    }
}

/// Verifies a claim for the actor it is made for. The tier was asked before.
///
/// # Errors
/// 401 when the key is not the actor's or did not sign; 429 when a budget is spent.
pub async fn verify(
    app: &App,
    claim: &Claim,
    actor: &Uri,
    peer: Peer,
    client: Option<IpAddr>,
) -> Result<Verified, AppError> {
    key_may_speak_for(&claim.key_id, actor).map_err(|error| unsigned(&error))?;
    let wanted = actor.clone();
    let held = app
        .store
        .read(move |conn| store::find(conn, wanted.as_str()))
        .await?;
    if let Some(actor) = &held
        && holds(app, claim, actor).is_ok()
    {
        charge_peer(app, &peer)?;
        let Some(actor) = held else {
            return Err(AppError::not_found());
        };
        return Ok(Verified { actor, peer });
    }
    // From here on nothing is proved: the address pays, so that nobody spends a peer's budget.
    charge_stranger(app, client)?;
    let fresh = match held {
        None => first_copy(app, actor, &peer).await?,
        Some(_) => fresh_copy(app, actor).await?,
    };
    holds(app, claim, &fresh).map_err(|error| unsigned(&error))?;
    charge_peer(app, &peer)?;
    Ok(Verified { actor: fresh, peer })
}

/// Whether the key of a copy made the signature.
fn holds(app: &App, claim: &Claim, actor: &KnownActor) -> Result<(), SignatureError> {
    if let (Some(key_id), Some(pem)) = (&actor.key_id, &actor.key_pem)
        && *key_id == claim.key_id
    {
        let key = app
            .fediverse
            .keys
            .parsed(key_id.as_str(), actor.version, pem)
            .map_err(|_unsupported| SignatureError::KeyUnsupported)?;
        return claim.verify_with(KeyKind::Rsa, |text, signature| key.verify(text, signature));
    }
    match ed25519_key(actor, &claim.key_id) {
        Some(key) => claim.verify_ed25519(&key),
        None => Err(SignatureError::KeyNotOfActor),
    }
}

/// A key of `assertionMethod` by its address: RFC 9421 peers may sign with it.
fn ed25519_key(actor: &KnownActor, key_id: &Uri) -> Option<multikey::PublicKey> {
    let document = serde_json::from_str(&actor.document).ok()?;
    let keys = RemoteActor::read(&document).ok()?.assertion_methods;
    keys.into_iter()
        .find(|key| key.id == *key_id && key.belongs_to(&actor.uri))
        .map(|key| key.key)
}

/// Fetches an actor seen for the first time, within the budget of its server.
async fn first_copy(app: &App, actor: &Uri, peer: &Peer) -> Result<KnownActor, AppError> {
    let requests = match peer.trust {
        Trust::Member | Trust::Allowed => FETCHES_PER_MINUTE,
        Trust::Guest | Trust::Blocked => GUEST_FETCHES_PER_MINUTE,
    };
    let purse = Purse::Fetch(actor.origin());
    let allowance = Allowance::per_minute(requests);
    app.fediverse
        .budgets
        .spend(&purse, allowance, app.now())
        .map_err(wait)?;
    remote::refresh(app, actor).await.map_err(key_missing)
}

/// Fetches an actor anew because a signature did not hold: it may have a new key.
async fn fresh_copy(app: &App, actor: &Uri) -> Result<KnownActor, AppError> {
    let purse = Purse::Refetch(actor.clone());
    app.fediverse
        .budgets
        .spend(&purse, REFETCH, app.now())
        .map_err(|_spent| unsigned(&SignatureError::Invalid))?;
    remote::refresh(app, actor).await.map_err(key_missing)
}

/// What an actor that cannot be had means for its request.
fn key_missing(error: RemoteError) -> AppError {
    match error {
        RemoteError::Store(error) => error.into(),
        RemoteError::KeyUnsupported => unsigned(&SignatureError::KeyUnsupported),
        // Nothing is wrong with the sender: it should come back.
        RemoteError::Net(NetError::Busy) => wait(Spent { seconds: 10 }),
        other => AppError {
            source: Some(anyhow::Error::new(other)),
            ..unsigned(&SignatureError::KeyNotOfActor)
        },
    }
}

/// Takes one verified request from the purse of a server: a guest's is that of a stranger.
fn charge_peer(app: &App, peer: &Peer) -> Result<(), AppError> {
    let section = &app.config.federation;
    let requests = match peer.trust {
        Trust::Member | Trust::Allowed => section.peer_requests_per_minute,
        Trust::Guest | Trust::Blocked => section.stranger_requests_per_minute,
    };
    let purse = Purse::Peer(peer.origin.clone());
    let allowance = Allowance::per_minute(requests);
    app.fediverse
        .budgets
        .spend(&purse, allowance, app.now())
        .map_err(wait)
}
