//! The two required crates beside our own code.
//!
//! `http-signature-normalization` reads every request that our guard accepted a second time
//! ([`second_reading`]). `activitypub_federation` gets its configuration, its `Data` and its
//! `ObjectId` over the actors we hold ([`Bridge`]): it is the second verifier and signer that ours
//! are compared with. It is given no way to the network and no private key: its inbox, its queue
//! and its fetching are not used (decision 8; docs/decisions/0005-signatures.md).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use activitypub_federation::config::{Data, FederationConfig};
use activitypub_federation::error::Error as CrateError;
use activitypub_federation::fetch::object_id::ObjectId;
use activitypub_federation::traits::{Actor, Object};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interkpa_federation::Uri;
use interkpa_federation::signature::{Claim, Request, SignatureScheme};
use serde_json::Value;
use url::Url;

use super::address::Reach;
use super::remote;
use super::resolve::{CheckedResolver, Looking, Lookup, ResolveError};
use crate::app::App;
use crate::db::error::StoreError;

/// Ten thousand years: the crate compares times with the machine's clock, which must not decide.
/// Our guard has compared them with the hub's.
const NEVER: Duration = Duration::from_hours(10_000 * 366 * 24);

/// What the required crate reads in a request that our guard accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondReading {
    /// The same key, text and signature.
    Same,
    /// Something else: the request has two readings and is refused.
    Different,
    /// It cannot read this form (RFC 9421, spaces between parameters), or its clock forbids it to.
    None,
}

/// Reads a draft-cavage signature once more, with `http-signature-normalization`.
///
/// Call it only with a claim that [`interkpa_federation::signature::claim`] made of this request:
/// the crate adds times without a bound, and our guard has bounded them. Its clock can turn
/// [`SecondReading::Same`] into [`SecondReading::None`] and nothing else, so that no outcome
/// depends on it.
pub fn second_reading(request: &Request<'_>, claim: &Claim) -> SecondReading {
    if claim.scheme != SignatureScheme::Cavage {
        return SecondReading::None;
    }
    let mut headers = BTreeMap::new();
    for (name, value) in request.headers {
        // Parameters after a space are unknown to the crate: it would read another signature.
        if *name == "signature" && value.windows(2).any(|pair| pair == b", ") {
            return SecondReading::None;
        }
        let name = if *name == ":authority" { "host" } else { *name };
        if let Ok(value) = std::str::from_utf8(value) {
            headers.insert(name.to_owned(), value.trim_matches([' ', '\t']).to_owned());
        }
    }
    let read = http_signature_normalization::Config::new()
        .set_expiration(NEVER)
        .begin_verify(request.method.as_str(), request.target, headers);
    let Ok(read) = read else {
        return SecondReading::None;
    };
    let same = read.signing_string().as_bytes() == claim.signed_text
        && Uri::parse(read.key_id()).is_ok_and(|key_id| key_id == claim.key_id)
        && STANDARD
            .decode(read.signature())
            .is_ok_and(|signature| signature == claim.signature);
    if same {
        SecondReading::Same
    } else {
        SecondReading::Different
    }
}

/// Why the crate gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum BridgeError {
    /// The crate's own refusal. Its text may hold what was fetched: never show it.
    #[error("the federation crate refuses")]
    Crate(#[from] CrateError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The crate was asked for something that this hub does itself.
    #[error("this hub does that itself")]
    OursAlone,
    /// The crate could not be set up.
    #[error("the federation crate could not be set up: {0}")]
    Setup(String),
}

/// `activitypub_federation` over one hub, without a way to the network.
#[derive(Clone)]
pub struct Bridge {
    config: FederationConfig<App>,
}

impl Bridge {
    /// Sets the crate up for a hub. Needs a runtime: the crate starts its (idle) queue.
    ///
    /// # Errors
    /// [`BridgeError::Setup`].
    pub async fn new(app: &App) -> Result<Self, BridgeError> {
        let closed = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_only([])
            .dns_resolver(Arc::new(CheckedResolver::new(
                Reach::Internet,
                Arc::new(Nowhere),
            )))
            .build()
            .map_err(|error| BridgeError::Setup(error.to_string()))?;
        let config = FederationConfig::builder()
            .domain(app.origin.authority())
            .app_data(app.clone())
            .client(closed.into())
            .http_fetch_limit(0)
            .http_signature_compat(true)
            .debug(app.client.settings().reach == Reach::Loopback)
            .build()
            .await
            .map_err(|error| BridgeError::Setup(error.to_string()))?;
        Ok(Self { config })
    }

    /// What the crate's functions take.
    pub fn data(&self) -> Data<App> {
        self.config.to_request_data()
    }

    /// The actor of another server that we hold under this address.
    ///
    /// # Errors
    /// [`BridgeError::Crate`] with `NotFound` when there is none.
    pub async fn held(&self, id: &Uri) -> Result<HeldActor, BridgeError> {
        ObjectId::<HeldActor>::from(id.as_url().clone())
            .dereference_local(&self.data())
            .await
    }
}

/// Finds nothing: the crate's client connects nowhere.
#[derive(Debug)]
struct Nowhere;

impl Lookup for Nowhere {
    fn lookup(&self, _name: &str) -> Looking {
        Box::pin(std::future::ready(Err(ResolveError::NoAddress)))
    }
}

/// An actor of another server as the crate wants to see it: our dated copy, read only.
#[derive(Debug, Clone)]
pub struct HeldActor {
    id: Url,
    inbox: Url,
    key_pem: String,
    gone: bool,
}

#[async_trait]
impl Object for HeldActor {
    type DataType = App;
    type Kind = Value;
    type Error = BridgeError;

    fn id(&self) -> &Url {
        &self.id
    }

    fn is_deleted(&self) -> bool {
        self.gone
    }

    async fn read_from_id(id: Url, data: &Data<App>) -> Result<Option<Self>, BridgeError> {
        let Ok(wanted) = Uri::parse(id.as_str()) else {
            return Ok(None);
        };
        let held = data
            .store
            .read(move |conn| remote::held(conn, &wanted))
            .await?;
        Ok(held.map(|actor| Self {
            id,
            inbox: actor.inbox.as_url().clone(),
            key_pem: actor.key_pem.unwrap_or_default(),
            gone: actor.gone_at.is_some(),
        }))
    }

    async fn into_json(self, _data: &Data<App>) -> Result<Value, BridgeError> {
        Err(BridgeError::OursAlone)
    }

    async fn verify(
        _json: &Value,
        _expected_domain: &Url,
        _data: &Data<App>,
    ) -> Result<(), BridgeError> {
        Err(BridgeError::OursAlone)
    }

    async fn from_json(_json: Value, _data: &Data<App>) -> Result<Self, BridgeError> {
        Err(BridgeError::OursAlone)
    }
}

impl Actor for HeldActor {
    fn public_key_pem(&self) -> &str {
        &self.key_pem
    }

    /// None, ever: no private key of this hub reaches the crate (RUSTSEC-2023-0071).
    fn private_key_pem(&self) -> Option<String> {
        None
    }

    fn inbox(&self) -> Url {
        self.inbox.clone()
    }
}
