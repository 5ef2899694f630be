//! A server that answers as no honest one does, and a trap that nobody may reach.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use interkpa_federation::Uri;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What a server does once it has read the head of a request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Sends these bytes and closes.
    Reply(Vec<u8>),
    /// Sends the first bytes, then the second ones again and again.
    Flood(Vec<u8>, Vec<u8>),
    /// Sends these bytes, then nothing.
    Stall(Vec<u8>),
}

/// From host and target to an answer.
type Answers = dyn Fn(&str, &str) -> Act + Send + Sync;

/// A server on 127.0.0.1; it ends with the case.
pub(crate) struct Script {
    pub(crate) port: u16,
    connections: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<String>>>,
    _serving: JoinSet<()>,
}

impl Script {
    /// Answers each target as `script` says; it is given the host and the target.
    pub(crate) async fn start(script: impl Fn(&str, &str) -> Act + Send + Sync + 'static) -> Self {
        Self::run(Some(Arc::new(script))).await
    }

    /// Counts connections and cuts them.
    pub(crate) async fn trap() -> Self {
        Self::run(None).await
    }

    async fn run(script: Option<Arc<Answers>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, asked) = (
            Arc::<AtomicUsize>::default(),
            Arc::<Mutex<Vec<_>>>::default(),
        );
        let (counted, kept) = (Arc::clone(&connections), Arc::clone(&asked));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut answering = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                if let Some(script) = &script {
                    let (script, kept) = (Arc::clone(script), Arc::clone(&kept));
                    answering.spawn(async move { answer(stream, script.as_ref(), &kept).await });
                }
            }
        });
        Self {
            port,
            connections,
            asked,
            _serving: serving,
        }
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// What was asked.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// A path under a name of this machine.
    pub(crate) fn uri(&self, name: &str, path: &str) -> Uri {
        Uri::parse(&format!("http://{name}.localhost:{}{path}", self.port)).unwrap()
    }

    /// Where it listens.
    pub(crate) fn socket(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }
}

async fn answer(mut stream: TcpStream, script: &Answers, asked: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let host = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("host: ")
                .map(str::to_owned)
        })
        .unwrap_or_default();
    asked.lock().unwrap().push(target.clone());
    match script(&host, &target) {
        Act::Reply(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Act::Flood(first, again) => {
            let mut next = &first;
            while stream.write_all(next).await.is_ok() {
                next = &again;
            }
        }
        Act::Stall(bytes) => {
            let _ = stream.write_all(&bytes).await;
            std::future::pending::<()>().await;
        }
    }
}

/// A whole answer.
pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Act {
    let mut text = format!(
        "HTTP/1.1 {status} x\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    text.push_str("\r\n");
    Act::Reply([text.as_bytes(), body].concat())
}

/// A document of the fediverse.
pub(crate) fn document(body: &str) -> Act {
    reply(
        200,
        &[("Content-Type", "application/activity+json")],
        body.as_bytes(),
    )
}
