//! Two hubs of the sample network as processes of their own, driven through the JSON twin.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// How long anything may take before the run is called stuck.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks at something that is on its way.
const LOOK: Duration = Duration::from_millis(50);
const SLUGS: [&str; 2] = ["bobinette", "chevalement"];

/// A small generator with a printed seed; no statistics are asked of it.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below `bound` (xorshift64*).
    pub(crate) fn below(&mut self, bound: u64) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number % bound).unwrap()
    }
}

/// One hub.
pub(crate) struct Process {
    child: Option<Child>,
    pub(crate) url: String,
    tokens: BTreeMap<String, String>,
    port: u16,
    data: PathBuf,
    database: Option<String>,
}

/// Both.
pub(crate) struct Rig {
    pub(crate) hubs: Vec<Process>,
    http: reqwest::Client,
}

impl Rig {
    /// Starts both hubs on fresh data and lets them know each other.
    pub(crate) async fn start(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&root);
        let mut client = reqwest::Client::builder().timeout(Duration::from_secs(20));
        let mut hubs = Vec::new();
        for slug in SLUGS {
            let port = free_port();
            client = client.resolve(&format!("{slug}.localhost"), ([127, 0, 0, 1], port).into());
            let mut hub = Process {
                child: None,
                url: format!("http://{slug}.localhost:{port}"),
                tokens: BTreeMap::new(),
                port,
                data: root.join(slug),
                database: None,
            };
            hub.launch(slug).await;
            hubs.push(hub);
        }
        let rig = Self {
            hubs,
            http: client.build().unwrap(),
        };
        rig.acquaint(0, 1).await;
        rig.acquaint(1, 0).await;
        rig
    }

    async fn acquaint(&self, at: usize, other: usize) {
        let admin = if at == 0 { "nadia" } else { "yacine" };
        let body = json!({"address": format!("{}/hub", self.hubs[other].url), "reason": "essai"});
        let (status, answer) = self
            .post(at, admin, "/api/v1/peers", None, &body)
            .await
            .unwrap();
        assert!(status < 300, "peer not allowed: {status} {answer}");
    }

    /// POST to a hub as a member; `None` when nobody answered.
    pub(crate) async fn post(
        &self,
        at: usize,
        member: &str,
        path: &str,
        key: Option<&str>,
        body: &Value,
    ) -> Option<(u16, Value)> {
        let hub = &self.hubs[at];
        let mut request = self
            .http
            .post(format!("{}{path}", hub.url))
            .bearer_auth(&hub.tokens[member])
            .json(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        let value = answer.json().await.unwrap_or(Value::Null);
        Some((status, value))
    }

    /// GET from a hub as a member; `None` when nobody answered.
    pub(crate) async fn get(&self, at: usize, member: &str, path: &str) -> Option<Value> {
        let hub = &self.hubs[at];
        let request = self
            .http
            .get(format!("{}{path}", hub.url))
            .bearer_auth(&hub.tokens[member]);
        let answer = request.send().await.ok()?;
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.ok()
    }

    /// Publishes an offer at the first hub; its address when it was acknowledged.
    pub(crate) async fn publish(&self, key: &str) -> Option<String> {
        let body = json!({
            "purpose": "offer", "kind": "service", "title": format!("Essai {key}"),
            "description": "Une annonce de l'essai.", "settlements": ["gift"],
            "visibility": "public",
        });
        let (status, answer) = self
            .post(0, "bruno", "/api/v1/proposals", Some(key), &body)
            .await?;
        match status {
            201 => Some(answer["uri"].as_str().unwrap().to_owned()),
            500.. => None,
            _ => panic!("refused: {status} {answer}"),
        }
    }

    /// The same, until somebody answers: the key makes it one publication.
    pub(crate) async fn publish_until_answered(&self, key: &str) -> String {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < deadline {
            if let Some(uri) = self.publish(key).await {
                return uri;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("nobody answered {key} in {PATIENCE:?}");
    }

    /// Ends a hub at once, as a power cut would end its process.
    pub(crate) async fn kill_after(&self, victim: usize, milliseconds: usize) {
        tokio::time::sleep(Duration::from_millis(u64::try_from(milliseconds).unwrap())).await;
        if let Some(child) = &self.hubs[victim].child {
            signal(child, "-9");
        }
    }

    /// Starts a killed hub again on its data.
    pub(crate) async fn restart(&mut self, victim: usize) {
        let hub = &mut self.hubs[victim];
        if let Some(mut child) = hub.child.take() {
            child.wait().unwrap();
        }
        hub.launch(SLUGS[victim]).await;
    }

    /// Waits until the first hub has nothing left to deliver.
    pub(crate) async fn until_delivered(&self) {
        let deadline = tokio::time::Instant::now() + PATIENCE * 3;
        loop {
            let waiting = self
                .get(0, "nadia", "/api/v1/deliveries?state=waiting")
                .await;
            if waiting.is_some_and(|list| list["items"].as_array().unwrap().is_empty()) {
                return;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "deliveries are stuck"
            );
            tokio::time::sleep(LOOK * 4).await;
        }
    }

    /// Addresses of the test's publications as a hub lists them, sorted; one twice stands twice.
    pub(crate) async fn published_at(&self, at: usize) -> Vec<String> {
        let member = if at == 0 { "bruno" } else { "lucien" };
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/proposals?purpose=offer&after={after}");
            let page = self
                .get(at, member, &path)
                .await
                .expect("a hub that answers");
            for item in page["items"].as_array().unwrap() {
                if item["title"].as_str().unwrap().starts_with("Essai ") {
                    found.push(item["uri"].as_str().unwrap().to_owned());
                }
            }
            match page["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => break,
            }
        }
        found.sort();
        found
    }

    /// Ends both hubs in order.
    pub(crate) async fn stop(&mut self) {
        for hub in &mut self.hubs {
            let Some(mut child) = hub.child.take() else {
                continue;
            };
            signal(&child, "-TERM");
            assert!(child.wait().unwrap().success(), "a hub did not end well");
        }
    }

    /// Every SQLite file passes its own integrity check.
    pub(crate) fn assert_whole(&self) {
        use diesel::prelude::*;
        for (hub, slug) in self.hubs.iter().zip(SLUGS) {
            if hub.database.is_some() {
                continue;
            }
            let file = hub.data.join(slug).join("hub.db");
            let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
            let verdict: String = diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>(
                "(SELECT group_concat(integrity_check) FROM pragma_integrity_check)",
            ))
            .get_result(&mut conn)
            .unwrap();
            assert_eq!(verdict, "ok", "{}", file.display());
        }
    }
}

impl Process {
    async fn launch(&mut self, slug: &str) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_interkpa"));
        command
            .arg("--data")
            .arg(&self.data)
            .args([
                "demo",
                "--json",
                "--only",
                slug,
                "--base-port",
                &self.port.to_string(),
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        if let Some(url) = &self.database {
            command.args(["--database", &format!("{slug}={url}")]);
        }
        let mut child = command.spawn().unwrap();
        let out = child.stdout.take().unwrap();
        self.child = Some(child);
        let event = tokio::task::spawn_blocking(move || ready_line(out))
            .await
            .unwrap()
            .expect("the hub started");
        for member in event["hubs"][0]["members"].as_array().unwrap() {
            let token = member["token"].as_str().unwrap();
            // A hub that existed before does not know its tokens any more: ours stay good.
            if !token.is_empty() {
                let handle = member["handle"].as_str().unwrap();
                self.tokens.insert(handle.to_owned(), token.to_owned());
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// The line that says that the hub answers; `None` when it ended before.
fn ready_line(out: ChildStdout) -> Option<Value> {
    for line in BufReader::new(out).lines() {
        let event: Value = serde_json::from_str(&line.unwrap()).unwrap();
        if event["event"] == "ready" {
            return Some(event);
        }
    }
    None
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
