//! Two hubs that know each other, driven by programs of their members through the JSON twin.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use interkpa_server::db::url::Engine;
use serde_json::{Value, json};

use crate::hub::{Hub, Person, fresh_folder};

/// How long anything may take before the run is called stuck.
const PATIENCE: Duration = Duration::from_mins(3);
/// Between two looks at something that is on its way.
const LOOK: Duration = Duration::from_millis(50);

/// Both hubs, and whoever uses them.
pub(crate) struct Rig {
    pub(crate) hubs: [Hub; 2],
    http: reqwest::Client,
    /// Changing calls that were sent and not answered yet, by hub and kind.
    under_way: Mutex<BTreeMap<(usize, &'static str), usize>>,
    /// Rung when a changing call is sent to a hub.
    pub(crate) sent: [tokio::sync::Notify; 2],
}

/// A changing call: to which hub, by whom, what.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) at: usize,
    pub(crate) member: &'a str,
    /// One word, for the figures.
    pub(crate) kind: &'static str,
    pub(crate) path: &'a str,
    /// Makes it one deed however often it is sent.
    pub(crate) key: &'a str,
    pub(crate) body: &'a Value,
}

impl Rig {
    /// Two hubs on fresh data, SQLite here and PostgreSQL there, allowed to each other by their
    /// operators and serving.
    pub(crate) async fn start(name: &str, people: [Vec<Person>; 2]) -> Self {
        let root = fresh_folder(name);
        let hubs = [
            Hub::make(&root, "bobinette", Engine::Sqlite, &people[0]).await,
            Hub::make(&root, "chevalement", Engine::Postgres, &people[1]).await,
        ];
        let mut client = reqwest::Client::builder().timeout(Duration::from_secs(20));
        for hub in &hubs {
            let name = format!("{}.localhost", hub.slug);
            client = client.resolve(&name, ([127, 0, 0, 1], hub.proxy.port).into());
            hub.spawn();
        }
        for hub in &hubs {
            hub.until_it_serves().await;
        }
        for (hub, other) in [(0, 1), (1, 0)] {
            let address = format!("{}/hub", hubs[other].url());
            // The other hub, and its proxy in this runtime, must answer meanwhile.
            tokio::task::block_in_place(|| hubs[hub].run(&["peer", "allow", &address]));
        }
        let rig = Self {
            hubs,
            http: client.build().unwrap(),
            under_way: Mutex::default(),
            sent: [tokio::sync::Notify::new(), tokio::sync::Notify::new()],
        };
        // A running hub sees within seconds what a command beside it decided; a new one at once.
        rig.stop();
        for hub in &rig.hubs {
            hub.spawn();
        }
        for hub in &rig.hubs {
            hub.until_it_serves().await;
        }
        rig
    }

    /// The other hub.
    pub(crate) const fn beyond(at: usize) -> usize {
        1 - at
    }

    /// Sends a changing call until it is acknowledged, as a program would whose hub may be down.
    pub(crate) async fn insist(&self, call: Call<'_>) -> Value {
        eventually(call.kind, async || self.send(call).await).await
    }

    /// Sends it once; nothing when nobody answered, or the hub asks to come back later.
    pub(crate) async fn send(&self, call: Call<'_>) -> Option<Value> {
        let hub = &self.hubs[call.at];
        let request = self
            .http
            .post(format!("{}{}", hub.url(), call.path))
            .bearer_auth(hub.token(call.member))
            .header("idempotency-key", call.key)
            .json(call.body);
        self.count(call, 1);
        self.sent[call.at].notify_waiters();
        let answer = request.send().await;
        self.count(call, -1);
        let answer = answer.ok()?;
        let status = answer.status().as_u16();
        let value: Value = answer.json().await.ok()?;
        match status {
            200 | 201 => Some(value),
            503 => None,
            _ => panic!("{} {}: {status} {value}", call.kind, call.path),
        }
    }

    /// Reads as a member; nothing when nobody answered, or it is not there yet.
    pub(crate) async fn get(&self, at: usize, member: &str, path: &str) -> Option<Value> {
        let hub = &self.hubs[at];
        let request = self
            .http
            .get(format!("{}{path}", hub.url()))
            .bearer_auth(hub.token(member));
        let answer = request.send().await.ok()?;
        match answer.status().as_u16() {
            200 => answer.json().await.ok(),
            404 | 503 => None,
            status => panic!("{path}: {status}"),
        }
    }

    /// Which kinds of calls a hub has not answered yet.
    pub(crate) fn under_way(&self, at: usize) -> Vec<&'static str> {
        let calls = self.under_way.lock().unwrap();
        let of_hub = calls
            .iter()
            .filter(|((hub, _), count)| *hub == at && **count > 0);
        of_hub.map(|((_, kind), _)| *kind).collect()
    }

    fn count(&self, call: Call<'_>, change: isize) {
        let mut calls = self.under_way.lock().unwrap();
        let count = calls.entry((call.at, call.kind)).or_default();
        *count = count.saturating_add_signed(change);
    }

    /// Waits until neither hub has anything left to send, nor the network between them.
    pub(crate) async fn until_quiet(&self) {
        eventually("everything is delivered", async || {
            let waiting: usize = self.hubs.iter().map(crate::books::waiting).sum();
            let held: usize = self.hubs.iter().map(|hub| hub.proxy.held()).sum();
            (waiting + held == 0).then_some(())
        })
        .await;
    }

    /// Ends both hubs in order, each by another signal.
    pub(crate) fn stop(&self) {
        assert_eq!(self.hubs[0].end("-TERM"), Some(0));
        assert_eq!(self.hubs[1].end("-INT"), Some(0));
    }
}

/// Looks until there is something, for some minutes at most.
pub(crate) async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "never happened in {PATIENCE:?}: {what}"
        );
        tokio::time::sleep(LOOK).await;
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A person of a test.
pub(crate) fn person(handle: &str, name: &str, phone: &str) -> Person {
    (handle.to_owned(), name.to_owned(), phone.to_owned())
}

/// No words beside the call itself.
pub(crate) fn nothing() -> Value {
    json!({})
}
