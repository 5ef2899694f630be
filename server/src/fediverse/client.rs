//! Every request that leaves this hub: [`Client::exchange`] and nothing else.
//!
//! It checks the address, takes a place in the gate, signs, connects to checked addresses only,
//! follows redirects itself, cuts what is too long and too slow (decision 8; security.md D39–D47).
//! Not here: what a document must say (`fetch.rs`), when a delivery is tried again
//! (`interkpa_federation::delivery`).

mod answer;
mod content_type;
mod error;
mod gate;
mod memory;
mod payload;
mod purpose;
mod signing;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use interkpa_federation::signature::SignatureScheme;
use interkpa_federation::{Instant, Origin, Uri};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Method, Response};

use super::address::{Reach, check_uri};
use super::resolve::{CheckedResolver, Lookup};
use super::rsa::SigningPool;
use crate::bounded::Room;
use crate::clock::Clock;
use gate::Gate;
use memory::Memory;
use signing::Unsigned;

pub use answer::Answer;
pub use content_type::is_activity_document;
pub use error::{Disconnect, NetError, RedirectRefused};
pub use gate::Bounds;
pub use payload::Payload;
pub use purpose::Purpose;
pub use signing::Signer;

/// Type under which our documents travel.
pub const ACTIVITY_JSON: &str = "application/activity+json";

/// Limits and identity of the client. [`ClientSettings::new`] gives the values of the design.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// What may be reached.
    pub reach: Reach,
    /// Our own origin: never asked, and named in `User-Agent`.
    pub own: Origin,
    /// Longest wait for a connection, name look-up and TLS included.
    pub connect_max: Duration,
    /// Longest time for one answer, redirects and body included.
    pub total_max: Duration,
    /// Longest document, after decompression, in bytes.
    pub document_bytes_max: usize,
    /// Longest picture, in bytes.
    pub media_bytes_max: usize,
    /// Requests under way.
    pub bounds: Bounds,
    /// Signatures computed at a time.
    pub signatures_at_once: usize,
    /// Certificate authorities believed instead of the system's; empty in a hub for people. The
    /// loopback profile believes these only.
    pub authorities: Vec<Certificate>,
}

/// Most redirects followed for one request (security.md D44).
pub const REDIRECTS_MAX: usize = 3;
/// Most header lines of an answer.
const HEADERS_MAX: usize = 100;
/// Idle connections kept to one server.
const IDLE_PER_HOST_MAX: usize = 4;
/// How long an idle connection is kept.
const IDLE_MAX: Duration = Duration::from_mins(1);

impl ClientSettings {
    /// The limits of the design (performance.md §10 item 7, security.md D44–D47): 5 s to connect,
    /// 10 s in all, 1 MiB, ten requests per host.
    pub fn new(reach: Reach, own: Origin) -> Self {
        Self {
            reach,
            own,
            connect_max: Duration::from_secs(5),
            total_max: Duration::from_secs(10),
            document_bytes_max: 1 << 20,
            media_bytes_max: 10 << 20,
            bounds: Bounds {
                per_host_max: 10,
                in_all_max: 64,
            },
            signatures_at_once: std::thread::available_parallelism().map_or(1, usize::from),
            authorities: Vec::new(),
        }
    }
}

/// The HTTP library could not be set up, for want of certificate authorities for instance.
#[derive(Debug, thiserror::Error)]
#[error("the client for outgoing requests could not be set up")]
pub struct ClientError(#[source] reqwest::Error);

/// One request to make.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// Where to.
    pub uri: &'a Uri,
    /// What for.
    pub purpose: Purpose,
    /// The body of a POST; without one it is a GET.
    pub payload: Option<&'a Payload>,
    /// Who signs.
    pub signer: &'a Signer,
    /// How it is signed.
    pub scheme: SignatureScheme,
}

/// The client for outgoing requests. Cheap to clone; clones share connections and bounds.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    asks_own_hub: bool,
}

struct Inner {
    http: reqwest::Client,
    settings: ClientSettings,
    clock: Arc<dyn Clock>,
    instance: Signer,
    gate: Arc<Gate>,
    memory: Memory,
    pool: SigningPool,
}

impl Client {
    /// A client that signs its GETs as `instance`, the instance actor of this hub.
    ///
    /// # Errors
    /// [`ClientError`] when TLS cannot be set up.
    pub fn new(
        settings: ClientSettings,
        lookup: Arc<dyn Lookup>,
        clock: Arc<dyn Clock>,
        instance: Signer,
    ) -> Result<Self, ClientError> {
        let agent = format!(
            "InterKPA/{} (+{}/)",
            env!("CARGO_PKG_VERSION"),
            settings.own.as_str()
        );
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .http1_only()
            .http1_max_headers(HEADERS_MAX)
            .user_agent(agent)
            .connect_timeout(settings.connect_max)
            .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
            .pool_idle_timeout(IDLE_MAX)
            .dns_resolver(Arc::new(CheckedResolver::new(settings.reach, lookup)));
        // The loopback profile believes no public authority, so it runs where none is installed.
        if settings.reach == Reach::Loopback || !settings.authorities.is_empty() {
            builder = builder.tls_certs_only(settings.authorities.clone());
        }
        Ok(Self {
            inner: Arc::new(Inner {
                http: builder.build().map_err(ClientError)?,
                gate: Gate::new(settings.bounds),
                memory: Memory::new(),
                pool: SigningPool::new(settings.signatures_at_once),
                settings,
                clock,
                instance,
            }),
            asks_own_hub: false,
        })
    }

    /// The same client, which may ask its own hub as well: for the doctor, who looks at the hub
    /// from outside, through name service, proxy and certificate.
    #[must_use]
    pub fn outside(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            asks_own_hub: true,
        }
    }

    /// The limits in force.
    pub fn settings(&self) -> &ClientSettings {
        &self.inner.settings
    }

    /// The present, from the hub's clock.
    pub fn now(&self) -> Instant {
        self.inner.clock.now()
    }

    /// The signer of our GETs.
    pub fn instance(&self) -> &Signer {
        &self.inner.instance
    }

    /// How full the memory of failures is.
    pub fn failures(&self) -> Room {
        self.inner.memory.room()
    }

    /// Forgets the failures of a server, when somebody who may asks for another try at once.
    pub fn forget_failures(&self, origin: &Origin) {
        self.inner.memory.forget(origin);
    }

    pub(super) fn failed_recently(&self, uri: &Uri) -> bool {
        self.inner.memory.knows(uri, self.now())
    }

    pub(super) fn note_failure(&self, uri: &Uri, error: NetError) {
        self.inner.memory.note(uri, error, self.now());
    }

    /// Makes one request and reads its answer. The only door to the network.
    ///
    /// A GET follows up to [`REDIRECTS_MAX`] redirects, each checked and signed like the first
    /// request. Any answer to a POST is an [`Answer`], whatever its status; a GET gives one only
    /// for 200, of the type its purpose accepts.
    ///
    /// # Errors
    /// [`NetError`]; none carries fetched bytes.
    pub async fn exchange(&self, request: Request<'_>) -> Result<Answer, NetError> {
        let total_max = self.inner.settings.total_max;
        match tokio::time::timeout(total_max, Box::pin(self.hops(request))).await {
            Ok(answer) => answer,
            Err(_elapsed) => Err(NetError::TooSlow),
        }
    }

    async fn hops(&self, request: Request<'_>) -> Result<Answer, NetError> {
        let mut visited: Vec<Uri> = Vec::new();
        let mut uri = request.uri.clone();
        loop {
            let hop = Request {
                uri: &uri,
                ..request.clone()
            };
            check_uri(&uri, self.inner.settings.reach)?;
            if uri.origin() == self.inner.settings.own && !self.asks_own_hub {
                return Err(NetError::Own);
            }
            let _slot = self
                .inner
                .gate
                .enter(request.purpose.lane(), uri.origin().host())
                .ok_or(NetError::Busy)?;
            let response = self.send(&hop).await?;
            if request.payload.is_some() {
                return answer::of_post(response, &uri, self.now()).await;
            }
            let Some(target) = answer::redirect(&response, &uri)? else {
                return self.read(response, &hop).await;
            };
            if visited.len() == REDIRECTS_MAX {
                return Err(NetError::Redirect(RedirectRefused::TooMany));
            }
            if target == uri || visited.contains(&target) {
                return Err(NetError::Redirect(RedirectRefused::Loop));
            }
            visited.push(std::mem::replace(&mut uri, target));
        }
    }

    /// One request on the wire, without redirects.
    async fn send(&self, request: &Request<'_>) -> Result<Response, NetError> {
        let method = match request.payload {
            Some(_) => Method::POST,
            None => Method::GET,
        };
        let unsigned = Unsigned {
            uri: request.uri.without_fragment(),
            now: self.now(),
            payload: request.payload.cloned(),
        };
        let mut builder = self
            .inner
            .http
            .request(method, unsigned.uri.as_url().clone())
            .header(ACCEPT, HeaderValue::from_static(request.purpose.accept()));
        let (signer, scheme) = (request.signer.clone(), request.scheme);
        let headers = self
            .inner
            .pool
            .run(move || signer.sign(&unsigned, scheme))
            .await??;
        for (name, value) in headers {
            builder = builder.header(name, value);
        }
        if let Some(payload) = request.payload {
            builder = builder
                .header(CONTENT_TYPE, HeaderValue::from_static(ACTIVITY_JSON))
                .body(payload.bytes().clone());
        }
        builder
            .send()
            .await
            .map_err(|error| NetError::from_library(&error))
    }

    async fn read(&self, response: Response, request: &Request<'_>) -> Result<Answer, NetError> {
        let bytes_max = match request.purpose {
            Purpose::Media => self.inner.settings.media_bytes_max,
            _ => self.inner.settings.document_bytes_max,
        };
        let purpose = request.purpose;
        answer::of_get(response, request.uri, bytes_max, |kind| {
            purpose.accepts(kind)
        })
        .await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({})", self.inner.settings.reach)
    }
}
