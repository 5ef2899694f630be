//! The load client: keep-alive connections, requests made beforehand, answers read to their end.
//!
//! Closed loop: each connection sends its next request when the last one is answered. Bytes that
//! follow an answer stay in the buffer, so pipelined answers are told apart.

mod answer;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::histogram::Histogram;
use answer::{Answer, parse};

/// How much is read at once.
const READ: usize = 64 * 1_024;
/// An answer that takes longer is a failure.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// What is sent.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// Each of these once.
    Each(Arc<Vec<Vec<u8>>>),
    /// These in turn, as long as the time lasts.
    InTurn(Arc<Vec<Vec<u8>>>, Duration),
}

/// What came of a load.
#[derive(Debug, Clone, Default)]
pub(crate) struct Load {
    /// Answers read.
    pub(crate) answered: usize,
    /// Answers by status.
    pub(crate) statuses: BTreeMap<u16, usize>,
    /// Places in the list of the requests that were answered 2xx.
    pub(crate) accepted: Vec<usize>,
    /// From the first request to the last answer.
    pub(crate) wall: Duration,
    /// From sending to the end of the answer.
    pub(crate) latencies: Histogram,
    /// Bytes of the bodies.
    pub(crate) body_bytes: usize,
    /// Connections that broke, with the first reason.
    pub(crate) broken: usize,
    pub(crate) first_error: Option<String>,
}

impl Load {
    /// Answers 2xx.
    pub(crate) fn well(&self) -> usize {
        self.statuses
            .iter()
            .filter(|(status, _)| (200..300).contains(*status))
            .map(|(_, count)| count)
            .sum()
    }

    /// Answers 2xx in a second.
    pub(crate) fn rate(&self) -> f64 {
        crate::numbers::rate(self.well(), self.wall)
    }

    /// Everything was answered 2xx.
    ///
    /// # Errors
    /// Says what else came.
    pub(crate) fn all_well(self, what: &str) -> Result<Self> {
        if self.broken > 0 || self.well() != self.answered || self.answered == 0 {
            let error = self.first_error.as_deref().unwrap_or("none");
            bail!(
                "{what}: {} answered {:?}, {} connections broken, first error: {error}",
                self.answered,
                self.statuses,
                self.broken
            );
        }
        Ok(self)
    }

    fn merge(&mut self, other: Self) {
        self.answered += other.answered;
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_insert(0) += count;
        }
        self.accepted.extend(other.accepted);
        self.latencies.merge(&other.latencies);
        self.body_bytes += other.body_bytes;
        self.broken += other.broken;
        self.first_error = self.first_error.take().or(other.first_error);
    }

    fn note(&mut self, place: usize, answer: &Answer, time: Duration) {
        self.answered += 1;
        *self.statuses.entry(answer.status).or_insert(0) += 1;
        if (200..300).contains(&answer.status) {
            self.accepted.push(place);
        } else if self.first_error.is_none() {
            let text = String::from_utf8_lossy(&answer.body);
            self.first_error = Some(format!("{} {text}", answer.status));
        }
        self.latencies.add(time);
        self.body_bytes += answer.body.len();
    }
}

/// One connection, kept alive.
pub(crate) struct Connection {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            unread: Vec::with_capacity(READ),
        })
    }

    /// Sends one request and reads its answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        let exchange = async {
            self.stream.write_all(request).await?;
            self.answer().await
        };
        tokio::time::timeout(ANSWER_MAX, exchange)
            .await
            .context("no answer in time")?
    }

    async fn answer(&mut self) -> Result<Answer> {
        loop {
            if let Some((answer, length)) = parse(&self.unread)? {
                self.unread.drain(..length);
                return Ok(answer);
            }
            self.unread.reserve(READ);
            if self.stream.read_buf(&mut self.unread).await? == 0 {
                bail!("the connection was closed");
            }
        }
    }
}

/// Sends the work over so many connections.
pub(crate) async fn load(address: SocketAddr, connections: usize, work: &Work) -> Load {
    let next = Arc::new(AtomicUsize::new(0));
    let mut running = JoinSet::new();
    let began = Instant::now();
    for _ in 0..connections {
        let (work, next) = (work.clone(), Arc::clone(&next));
        running.spawn(async move { one(address, &work, &next, began).await });
    }
    let mut total = Load::default();
    while let Some(done) = running.join_next().await {
        match done {
            Ok(part) => total.merge(part),
            Err(error) => total.first_error = Some(error.to_string()),
        }
    }
    total.wall = began.elapsed();
    total
}

/// One connection of a load, until there is no more work or it breaks.
async fn one(address: SocketAddr, work: &Work, next: &AtomicUsize, began: Instant) -> Load {
    let mut load = Load::default();
    let done = async {
        let mut connection = Connection::open(address).await?;
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let (place, request) = match work {
                Work::Each(requests) => (turn, requests.get(turn)),
                Work::InTurn(requests, time) if began.elapsed() < *time => {
                    let place = turn % requests.len().max(1);
                    (place, requests.get(place))
                }
                Work::InTurn(..) => (turn, None),
            };
            let Some(request) = request else {
                return Ok::<_, anyhow::Error>(());
            };
            let sent = Instant::now();
            let answer = connection.exchange(request).await?;
            load.note(place, &answer, sent.elapsed());
        }
    };
    let ended = done.await;
    if let Err(error) = ended {
        load.broken = 1;
        load.first_error = load.first_error.or(Some(format!("{error:#}")));
    }
    load
}

/// One request over a connection of its own.
pub(crate) async fn once(address: SocketAddr, request: &[u8]) -> Result<Answer> {
    Connection::open(address).await?.exchange(request).await
}

/// A GET as bytes.
pub(crate) fn get(host: &str, target: &str, accept: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nhost: {host}\r\naccept: {accept}\r\n\r\n").into_bytes()
}
