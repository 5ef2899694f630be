//! Servers that answer as a test wants, a name service that answers as a test wants, and a client
//! between them.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use interkpa_federation::{Instant, Origin, Uri};
use interkpa_server::clock::FixedClock;
use interkpa_server::fediverse::address::Reach;
use interkpa_server::fediverse::client::{Client, ClientSettings, Signer};
use interkpa_server::fediverse::resolve::{Found, Looking, Lookup, LoopbackLookup, ResolveError};
use interkpa_server::fediverse::rsa::SigningKey;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::authority::Authority;

/// The type under which documents are believed.
pub(super) const AP: &str = "application/activity+json";
/// An address that no test machine owns and every filter lets pass.
pub(super) const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::new(93, 184, 216, 34));

/// A request as a server saw it.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Seen {
    /// The value of the only header of that name.
    pub(super) fn header(&self, name: &str) -> &str {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        let (_, value) = values.next().unwrap_or_else(|| panic!("no {name}"));
        assert!(values.next().is_none(), "{name} is repeated");
        value
    }
}

/// What a server does once it has read a request.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Sends these bytes and waits for the next request.
    Reply(Vec<u8>),
    /// Sends these bytes and cuts the connection.
    Close(Vec<u8>),
    /// Sends these bytes, then nothing, for ever.
    Stall(Vec<u8>),
    /// Sends the first bytes, then the second ones again and again, with a pause between.
    Drip(Vec<u8>, Vec<u8>),
    /// The same without a pause.
    Flood(Vec<u8>, Vec<u8>),
}

/// A server on 127.0.0.1; it ends with the test.
pub(super) struct Server {
    pub(super) port: u16,
    pub(super) connections: Arc<AtomicUsize>,
    pub(super) seen: Arc<Mutex<Vec<Seen>>>,
    tasks: JoinSet<()>,
}

impl Server {
    /// Plain HTTP.
    pub(super) async fn start(script: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> Self {
        Self::run(None, script).await
    }

    /// HTTPS with a certificate of `authority` for `name`.
    pub(super) async fn start_tls(
        authority: &Authority,
        name: &str,
        script: impl Fn(&Seen) -> Act + Send + Sync + 'static,
    ) -> Self {
        Self::run(Some(authority.acceptor(name)), script).await
    }

    /// A listener that nobody may reach: it counts, and cuts.
    pub(super) async fn trap() -> Self {
        let (listener, mut server) = Self::bind().await;
        let counted = Arc::clone(&server.connections);
        server.tasks.spawn(async move {
            while listener.accept().await.is_ok() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        server
    }

    async fn bind() -> (TcpListener, Self) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            connections: Arc::default(),
            seen: Arc::default(),
            tasks: JoinSet::new(),
        };
        (listener, server)
    }

    async fn run(
        tls: Option<TlsAcceptor>,
        script: impl Fn(&Seen) -> Act + Send + Sync + 'static,
    ) -> Self {
        let (listener, mut server) = Self::bind().await;
        let script = Arc::new(script);
        let (counted, kept) = (Arc::clone(&server.connections), Arc::clone(&server.seen));
        server.tasks.spawn(async move {
            let mut serving = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let (tls, script, kept) = (tls.clone(), Arc::clone(&script), Arc::clone(&kept));
                serving.spawn(async move {
                    match tls {
                        None => serve(stream, script.as_ref(), &kept).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, script.as_ref(), &kept).await;
                            }
                        }
                    }
                });
            }
        });
        server
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(super) fn targets(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.target).collect()
    }

    /// Address of a path of this server under a name of this machine.
    pub(super) fn uri(&self, name: &str, path: &str) -> Uri {
        Uri::parse(&format!("http://{name}.localhost:{}{path}", self.port)).unwrap()
    }

    /// This server as the answer of a name service: a public address, connected to here.
    pub(super) fn found(&self) -> Found {
        Found {
            address: PUBLIC,
            connect: SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)),
        }
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    script: &(impl Fn(&Seen) -> Act + ?Sized),
    kept: &Mutex<Vec<Seen>>,
) {
    let mut buffer = Vec::new();
    while let Some(seen) = read_request(&mut stream, &mut buffer).await {
        kept.lock().unwrap().push(seen.clone());
        match script(&seen) {
            Act::Reply(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Act::Close(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Act::Stall(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.flush().await;
                return std::future::pending().await;
            }
            Act::Drip(first, again) => {
                let mut pace = tokio::time::interval(Duration::from_millis(5));
                let mut next = first;
                while stream.write_all(&next).await.is_ok() {
                    let _ = stream.flush().await;
                    pace.tick().await;
                    next.clone_from(&again);
                }
                return;
            }
            Act::Flood(first, again) => {
                let mut next = &first;
                while stream.write_all(next).await.is_ok() {
                    next = &again;
                }
                return;
            }
        }
    }
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Option<Seen> {
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(buffer.drain(..end + 4).collect()).ok()?;
    let mut lines = head.trim_end().split("\r\n");
    let mut first = lines.next()?.split(' ');
    let mut seen = Seen {
        method: first.next()?.to_owned(),
        target: first.next()?.to_owned(),
        ..Seen::default()
    };
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        seen.headers
            .push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = seen
        .headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    while buffer.len() < length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    seen.body = buffer.drain(..length).collect();
    Some(seen)
}

/// A whole answer.
pub(super) fn reply(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    reply_with(status, &[("Content-Type", content_type)], body)
}

/// A whole answer with any headers.
pub(super) fn reply_with(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut text = format!("HTTP/1.1 {status} x\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    [text.as_bytes(), body].concat()
}

/// A redirect.
pub(super) fn redirect(status: u16, location: &str) -> Act {
    Act::Reply(reply_with(status, &[("Location", location)], ""))
}

/// A document that calls itself by `id`.
pub(super) fn document(id: &str) -> Act {
    Act::Reply(reply(200, AP, format!(r#"{{"id":"{id}","type":"Note"}}"#)))
}

/// A document at the address that was asked for.
pub(super) fn honest(seen: &Seen) -> Act {
    document(&format!("http://{}{}", seen.header("host"), seen.target))
}

/// A name service under the test's control: each name gives its answers in turn, the last one
/// again and again.
#[derive(Debug, Default, Clone)]
pub(super) struct StubNames {
    answers: Arc<Mutex<HashMap<String, VecDeque<Vec<Found>>>>>,
}

impl StubNames {
    /// The next answer for `name`.
    pub(super) fn answer(&self, name: &str, found: &[Found]) -> &Self {
        let mut answers = self.answers.lock().unwrap();
        answers
            .entry(name.to_owned())
            .or_default()
            .push_back(found.to_vec());
        drop(answers);
        self
    }
}

impl Lookup for StubNames {
    fn lookup(&self, name: &str) -> Looking {
        let mut answers = self.answers.lock().unwrap();
        let answer = answers.get_mut(name).and_then(|queue| {
            if queue.len() > 1 {
                queue.pop_front()
            } else {
                queue.front().cloned()
            }
        });
        Box::pin(std::future::ready(answer.ok_or(ResolveError::NoAddress)))
    }
}

/// A key that all tests of the process share: making one is slow.
pub(super) fn key() -> SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate().unwrap()).clone()
}

/// A second one.
pub(super) fn another_key() -> SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate().unwrap()).clone()
}

/// The instance actor of the hub under test.
pub(super) fn signer() -> Signer {
    Signer {
        key_id: uri("http://us.localhost:8401/actor#main-key"),
        key: key(),
    }
}

/// The hub's clock stands at this instant.
pub(super) fn now() -> Instant {
    Instant::parse_rfc3339("2026-11-25T08:00:00Z").unwrap()
}

pub(super) fn settings(reach: Reach) -> ClientSettings {
    let own = match reach {
        Reach::Internet => "https://us.example",
        Reach::Loopback => "http://us.localhost:8401",
    };
    let mut settings = ClientSettings::new(reach, Origin::parse(own).unwrap());
    // Nothing here depends on the authorities that the machine believes.
    settings.authorities = vec![Authority::of(another_key()).certificate()];
    settings
}

/// A client of the loopback profile with the limits of the design.
pub(super) fn loopback() -> Client {
    loopback_with(settings(Reach::Loopback))
}

pub(super) fn loopback_with(settings: ClientSettings) -> Client {
    client(settings, Arc::new(LoopbackLookup))
}

pub(super) fn client(settings: ClientSettings, lookup: Arc<dyn Lookup>) -> Client {
    client_at(settings, lookup, FixedClock::new(now()))
}

pub(super) fn client_at(
    settings: ClientSettings,
    lookup: Arc<dyn Lookup>,
    clock: FixedClock,
) -> Client {
    Client::new(settings, lookup, Arc::new(clock), signer()).unwrap()
}

/// A client of the production profile that believes `authority` and asks `names`.
pub(super) fn production(authority: &Authority, names: &StubNames) -> Client {
    let mut settings = settings(Reach::Internet);
    settings.authorities = vec![authority.certificate()];
    client(settings, Arc::new(names.clone()))
}

pub(super) fn uri(text: &str) -> Uri {
    Uri::parse(text).unwrap()
}
