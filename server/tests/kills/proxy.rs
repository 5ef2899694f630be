//! The network before a hub: a real HTTP proxy that mistreats what is delivered to its inbox.
//!
//! One request a connection: it is read whole, so that it can be repeated byte for byte. Everything
//! but deliveries passes untouched.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::chance::Chance;

/// Longest request taken in, in bytes.
const REQUEST_MAX: usize = 4 << 20;
/// Between two tries of something the network owes.
const AGAIN: Duration = Duration::from_millis(100);

/// What may happen to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// The same bytes twice at the same moment.
    Twin,
    /// The same bytes again, some time later, after others.
    Echo,
    /// The connection ends before the hub heard of it.
    LostBefore,
    /// The hub takes it, and its answer is lost.
    LostAfter,
    /// The connection ends in the middle of the body.
    Torn,
    /// A relay takes it and hands it over later: those that follow overtake it.
    Overtaken,
}

impl Fault {
    /// Each once: a deck that is dealt to the end shows all of them.
    pub(crate) const ALL: [Self; 7] = [
        Self::None,
        Self::Twin,
        Self::Echo,
        Self::LostBefore,
        Self::LostAfter,
        Self::Torn,
        Self::Overtaken,
    ];
    /// Those that a sender does not notice, so that it never pauses.
    pub(crate) const QUIET: [Self; 6] = [
        Self::None,
        Self::None,
        Self::None,
        Self::Twin,
        Self::Echo,
        Self::Overtaken,
    ];
}

/// The proxy before one hub.
pub(crate) struct Proxy {
    /// What the world connects to.
    pub(crate) port: u16,
    network: Arc<Network>,
    _listening: tokio::task::JoinSet<()>,
}

struct Network {
    /// Where the hub listens.
    hub: u16,
    faults: Mutex<Option<Deck>>,
    dealt: Mutex<BTreeMap<Fault, usize>>,
    /// Deliveries on their way without a connection of the sender.
    held: AtomicUsize,
    /// Answers of the inbox that are final and not 2xx.
    refused: Mutex<Vec<String>>,
    /// Answers of the inbox that ask to come back later.
    busy: AtomicUsize,
}

struct Deck {
    chance: Chance,
    kinds: Vec<Fault>,
    cards: Vec<Fault>,
}

impl Proxy {
    /// Listens on a port of its own for the hub on another.
    pub(crate) async fn before(hub: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let network = Arc::new(Network {
            hub,
            faults: Mutex::new(None),
            dealt: Mutex::default(),
            held: AtomicUsize::new(0),
            refused: Mutex::default(),
            busy: AtomicUsize::new(0),
        });
        let mut listening = tokio::task::JoinSet::new();
        let inner = Arc::clone(&network);
        listening.spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let network = Arc::clone(&inner);
                connections.spawn(async move { drop(network.serve(stream).await) });
                while connections.try_join_next().is_some() {}
            }
        });
        Self {
            port,
            network,
            _listening: listening,
        }
    }

    /// From now on deliveries suffer these, all of them before one comes again.
    pub(crate) fn mistreat(&self, chance: &Chance, kinds: &[Fault]) {
        *self.network.faults.lock().unwrap() = Some(Deck {
            chance: chance.clone(),
            kinds: kinds.to_vec(),
            cards: Vec::new(),
        });
    }

    /// Deliveries that are still to come.
    pub(crate) fn held(&self) -> usize {
        self.network.held.load(Ordering::SeqCst)
    }

    /// How often each happened.
    pub(crate) fn dealt(&self) -> BTreeMap<Fault, usize> {
        self.network.dealt.lock().unwrap().clone()
    }

    /// How often the inbox asked to come back later.
    pub(crate) fn busy(&self) -> usize {
        self.network.busy.load(Ordering::SeqCst)
    }

    /// What the inbox refused.
    pub(crate) fn refused(&self) -> Vec<String> {
        self.network.refused.lock().unwrap().clone()
    }
}

/// A whole request.
#[derive(Clone)]
struct Request {
    bytes: Arc<Vec<u8>>,
    is_delivery: bool,
}

impl Network {
    async fn serve(self: Arc<Self>, mut client: TcpStream) -> std::io::Result<()> {
        let request = read(&mut client).await?;
        let fault = self.deal(&request);
        let answer = match fault {
            Fault::None => self.forward(&request).await?,
            Fault::Twin => {
                let (one, other) = tokio::join!(self.forward(&request), self.forward(&request));
                one.or(other)?
            }
            Fault::Echo => {
                let answer = self.forward(&request).await?;
                self.owe(request, false);
                answer
            }
            Fault::LostBefore => return Ok(()),
            Fault::LostAfter => {
                self.forward(&request).await?;
                return Ok(());
            }
            Fault::Torn => return self.tear(&request).await,
            Fault::Overtaken => {
                self.owe(request, true);
                b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec()
            }
        };
        client.write_all(&answer).await?;
        client.shutdown().await
    }

    fn deal(&self, request: &Request) -> Fault {
        let mut faults = self.faults.lock().unwrap();
        let Some(deck) = faults.as_mut().filter(|_| request.is_delivery) else {
            return Fault::None;
        };
        if deck.cards.is_empty() {
            deck.cards = deck.chance.shuffled(deck.kinds.clone());
        }
        let fault = deck.cards.pop().unwrap_or(Fault::None);
        *self.dealt.lock().unwrap().entry(fault).or_default() += 1;
        fault
    }

    async fn forward(&self, request: &Request) -> std::io::Result<Vec<u8>> {
        let mut hub = TcpStream::connect(("127.0.0.1", self.hub)).await?;
        hub.write_all(&request.bytes).await?;
        let mut answer = Vec::new();
        hub.read_to_end(&mut answer).await?;
        if answer.is_empty() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if request.is_delivery {
            self.note(&answer);
        }
        Ok(answer)
    }

    fn note(&self, answer: &[u8]) {
        let text = String::from_utf8_lossy(answer);
        if text.starts_with("HTTP/1.1 503") {
            self.busy.fetch_add(1, Ordering::SeqCst);
        }
        let passing = ["HTTP/1.1 2", "HTTP/1.1 408", "HTTP/1.1 503"];
        if !text.is_empty() && !passing.iter().any(|start| text.starts_with(start)) {
            self.refused.lock().unwrap().push(text.into_owned());
        }
    }

    /// Hands a request over later. One that the hub has not had yet (`must`) is handed over until
    /// it is taken; for one it has had, an end of the hub is an end of the repetition too.
    fn owe(self: &Arc<Self>, request: Request, must: bool) {
        let network = Arc::clone(self);
        let later = {
            let faults = self.faults.lock().unwrap();
            let chance = faults.as_ref().map(|deck| deck.chance.clone());
            chance.map_or(AGAIN, |chance| chance.within(1_500))
        };
        network.held.fetch_add(1, Ordering::SeqCst);
        #[expect(
            clippy::disallowed_methods,
            reason = "a packet under way belongs to nobody"
        )]
        tokio::spawn(async move {
            tokio::time::sleep(later).await;
            loop {
                let taken = network.forward(&request).await;
                if !must || taken.is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 2")) {
                    break;
                }
                tokio::time::sleep(AGAIN).await;
            }
            network.held.fetch_sub(1, Ordering::SeqCst);
        });
    }

    /// All but the last bytes, then nothing.
    async fn tear(&self, request: &Request) -> std::io::Result<()> {
        let mut hub = TcpStream::connect(("127.0.0.1", self.hub)).await?;
        let (most, _) = request.bytes.split_at(request.bytes.len() - 7);
        hub.write_all(most).await?;
        hub.shutdown().await?;
        let mut answer = Vec::new();
        hub.read_to_end(&mut answer).await?;
        self.note(&answer);
        Ok(())
    }
}

/// Reads one request, and asks for the connection to end after it: no signature covers that.
async fn read(client: &mut TcpStream) -> std::io::Result<Request> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if client.read_buf(&mut bytes).await? == 0 || bytes.len() > REQUEST_MAX {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    };
    let (head, body) = bytes.split_at(head);
    let head = String::from_utf8_lossy(head).into_owned();
    let mut body = body.to_vec();
    let length = header(&head, "content-length").map_or(0, |text| text.parse().unwrap());
    while body.len() < length {
        if client.read_buf(&mut body).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    let line = head.lines().next().unwrap_or_default();
    let is_delivery = line.starts_with("POST ") && line.contains("/inbox ");
    let kept = head
        .trim_end()
        .split("\r\n")
        .filter(|line| !line.to_ascii_lowercase().starts_with("connection:"))
        .collect::<Vec<_>>();
    let mut bytes = format!("{}\r\nconnection: close\r\n\r\n", kept.join("\r\n")).into_bytes();
    bytes.extend(body);
    Ok(Request {
        bytes: Arc::new(bytes),
        is_delivery,
    })
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// Asks a hub something past its proxy; nothing when it does not answer.
pub(crate) async fn ask(port: u16, url: &str, path: &str) -> Option<Vec<u8>> {
    let host = url.trim_start_matches("http://");
    let mut hub = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    hub.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    hub.read_to_end(&mut answer).await.ok()?;
    (!answer.is_empty()).then_some(answer)
}
