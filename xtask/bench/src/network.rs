//! Other hubs, as the measured one sees them: one listener behind many names.
//!
//! Each name `stub-NN.localhost:PORT` is a server of its own for the hub (an origin is scheme, host
//! and port). It serves a Group, its people, and takes deliveries, which it counts: what arrived,
//! where, when, and whether the activities of one peer came in the order of publication.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::keys::Keys;

/// What was delivered.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    /// Host and id of every activity that arrived.
    seen: HashSet<(String, String)>,
    last_of: HashMap<String, String>,
    /// Deliveries taken in.
    pub(crate) count: usize,
    /// Deliveries that had arrived before.
    pub(crate) doubled: usize,
    /// Deliveries whose id is older than one that the same host had before them.
    pub(crate) out_of_order: usize,
    /// When the first and the last one came.
    pub(crate) first: Option<Instant>,
    pub(crate) last: Option<Instant>,
    /// Documents served.
    pub(crate) fetched: usize,
}

struct Inner {
    arrivals: Mutex<Arrivals>,
    arrived: Notify,
    keys: Keys,
    port: u16,
}

/// The other hubs.
#[derive(Clone)]
pub(crate) struct Network(Arc<Inner>);

#[derive(Deserialize)]
struct Named {
    id: String,
}

impl Network {
    /// Begins to listen on a free port.
    pub(crate) async fn start(keys: Keys) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let network = Self(Arc::new(Inner {
            arrivals: Mutex::default(),
            arrived: Notify::new(),
            keys,
            port: listener.local_addr()?.port(),
        }));
        let service = Router::new().fallback(answer).with_state(network.clone());
        tokio::spawn(async move { axum::serve(listener, service).await });
        Ok(network)
    }

    /// The origin of a peer.
    pub(crate) fn origin(&self, peer: usize) -> String {
        format!("http://stub-{peer:02}.localhost:{}", self.0.port)
    }

    /// Forgets what arrived.
    pub(crate) fn forget(&self) {
        *self.arrivals() = Arrivals::default();
    }

    /// What arrived since.
    pub(crate) fn arrivals(&self) -> MutexGuard<'_, Arrivals> {
        self.0
            .arrivals
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until so many deliveries arrived.
    ///
    /// # Errors
    /// They did not in that time.
    pub(crate) async fn wait_for(&self, count: usize, longest: Duration) -> Result<()> {
        let enough = async {
            loop {
                let mut arrived = std::pin::pin!(self.0.arrived.notified());
                arrived.as_mut().enable();
                if self.arrivals().count >= count {
                    return;
                }
                arrived.await;
            }
        };
        if tokio::time::timeout(longest, enough).await.is_err() {
            let count_now = self.arrivals().count;
            bail!("{count_now} of {count} deliveries arrived in {longest:?}");
        }
        Ok(())
    }

    fn take_in(&self, host: &str, body: &[u8]) -> StatusCode {
        let Ok(named) = serde_json::from_slice::<Named>(body) else {
            return StatusCode::BAD_REQUEST;
        };
        let now = Instant::now();
        let mut arrivals = self.arrivals();
        if !arrivals.seen.insert((host.to_owned(), named.id.clone())) {
            arrivals.doubled += 1;
            return StatusCode::ACCEPTED;
        }
        // Ids are UUIDv7: their order is that of publication.
        let before = arrivals.last_of.insert(host.to_owned(), named.id.clone());
        if before.is_some_and(|before| before > named.id) {
            arrivals.out_of_order += 1;
        }
        arrivals.first.get_or_insert(now);
        arrivals.last = Some(now);
        arrivals.count += 1;
        drop(arrivals);
        self.0.arrived.notify_one();
        StatusCode::ACCEPTED
    }

    fn document(&self, host: &str, path: &str) -> Option<Value> {
        let uri = format!("http://{host}{path}");
        let (kind, name) = match path.strip_prefix("/u/") {
            Some(name) => ("Person", name),
            None if path == "/hub" => ("Group", "hub"),
            None => return None,
        };
        let mut document = json!({
            "@context": ["https://www.w3.org/ns/activitystreams", {"ikpa": "urn:interkpa:ns:"}],
            "id": uri, "type": kind, "preferredUsername": name, "name": host,
            "inbox": format!("{uri}/inbox"), "outbox": format!("{uri}/outbox"),
            "followers": format!("{uri}/followers"),
            "endpoints": {"sharedInbox": format!("http://{host}/inbox")},
            "publicKey": {
                "id": format!("{uri}#main-key"), "owner": uri,
                "publicKeyPem": self.0.keys.of(&uri).public_pem,
            },
        });
        if kind == "Group"
            && let Some(members) = document.as_object_mut()
        {
            members.insert("ikpa:kind".to_owned(), json!("hub"));
        }
        Some(document)
    }
}

async fn answer(
    State(network): State<Network>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    if method == Method::POST {
        return network.take_in(host, &body).into_response();
    }
    network.arrivals().fetched += 1;
    match network.document(host, uri.path()) {
        Some(document) => (
            [(header::CONTENT_TYPE, "application/activity+json")],
            document.to_string(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
