//! Several hubs in one process, really listening, on names of their own, under one clock.
//!
//! `TestNetwork` makes hubs at `http://<slug>.localhost:<free port>` with their own folders,
//! databases and keys; their clients resolve such names to 127.0.0.1. Nothing runs by itself:
//! deliveries and jobs go when the test says so ([`TestHub::deliver_all`],
//! [`TestHub::run_due_jobs`], [`TestNetwork::settle`]), at the time the test set. Everything a hub
//! says to other servers passes the peer-rules linter, or its test fails (`linted`).

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::serve::ListenerExt as _;
use figment::Figment;
use figment::providers::{Format, Toml};
use interkpa_federation::{Instant, Origin, Uri};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::clock::FixedClock;
use crate::config::{Config, FederationMode};
use crate::db::url::DatabaseUrl;
use crate::fediverse::deliver::Report;
use crate::fediverse::peers::{self, Decider};
use crate::fediverse::resolve::{Lookup, LoopbackLookup};
use crate::http::listener::{Patience, TimedListener};
use crate::http::router::router;
use crate::hub::{Hub, World};
use crate::jobs::runner;
use crate::random::Random;
use crate::testing::database::{TestDatabase, test_folder};
use crate::testing::linted;

/// The morning on which every test begins.
pub const MORNING: &str = "2026-11-25T08:00:00Z";
/// Rounds of [`TestNetwork::settle`]: more means that hubs answer each other without end.
const ROUNDS_MAX: usize = 50;

/// What the hubs of one test share.
#[derive(Debug, Clone)]
pub struct TestNetwork {
    /// The time of every hub; nobody else moves it.
    pub clock: FixedClock,
    seed: Arc<AtomicU64>,
}

impl TestNetwork {
    /// A network whose randomness begins with `seed`.
    pub fn new(seed: u64) -> Self {
        let morning = Instant::parse_rfc3339(MORNING).expect("the morning is a date");
        Self {
            clock: FixedClock::new(morning),
            seed: Arc::new(AtomicU64::new(seed)),
        }
    }

    /// A hub in mode `network`.
    pub async fn hub(&self, slug: &str) -> TestHub {
        self.build(slug).start().await
    }

    /// A hub in mode `open`.
    pub async fn open_hub(&self, slug: &str) -> TestHub {
        self.build(slug).mode(FederationMode::Open).start().await
    }

    /// A hub with settings of the test's choice.
    pub fn build(&self, slug: &str) -> HubBuilder {
        HubBuilder {
            network: self.clone(),
            slug: slug.to_owned(),
            mode: FederationMode::Network,
            settings: Box::new(|_| {}),
            patience: Patience::default(),
            lookup: Arc::new(LoopbackLookup),
        }
    }

    /// Every hub allows every other one, as an operator would.
    pub async fn befriend(&self, hubs: &[&TestHub]) {
        for hub in hubs {
            for other in hubs.iter().filter(|other| other.origin() != hub.origin()) {
                hub.allow(other).await;
            }
        }
    }

    /// Sends and runs what is due on every hub until nothing is left to do at this instant.
    pub async fn settle(&self, hubs: &[&TestHub]) {
        for _ in 0..ROUNDS_MAX {
            let mut busy = false;
            for hub in hubs {
                busy |= hub.deliver_all().await != Report::default();
                busy |= hub.run_due_jobs().await != runner::Report::default();
            }
            if !busy {
                return;
            }
        }
        panic!("the hubs do not come to rest within {ROUNDS_MAX} rounds");
    }

    fn next_seed(&self) -> u64 {
        self.seed.fetch_add(1, Ordering::SeqCst)
    }
}

/// A hub about to be made.
pub struct HubBuilder {
    network: TestNetwork,
    slug: String,
    mode: FederationMode,
    settings: Box<dyn FnOnce(&mut Config)>,
    patience: Patience,
    lookup: Arc<dyn Lookup>,
}

impl HubBuilder {
    /// Whom it hears.
    #[must_use]
    pub fn mode(self, mode: FederationMode) -> Self {
        Self { mode, ..self }
    }

    /// Other settings; they are checked like an operator's.
    #[must_use]
    pub fn settings(self, change: impl FnOnce(&mut Config) + 'static) -> Self {
        Self {
            settings: Box::new(change),
            ..self
        }
    }

    /// Other bounds on its connections.
    #[must_use]
    pub fn patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// Another name service than the one of this machine.
    #[must_use]
    pub fn lookup(self, lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup, ..self }
    }

    /// Makes the hub and begins to listen.
    pub async fn start(self) -> TestHub {
        let database = TestDatabase::fresh();
        let data = DataFolder::new(&self.slug);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("the address of a listener");
        let mut config = settings(&self.slug, self.mode, address, database.url());
        (self.settings)(&mut config);
        let random = Random::seeded(self.network.next_seed());
        keys(&self.slug, &data.0);
        let world = World {
            clock: Arc::new(self.network.clock.clone()),
            random,
            lookup: self.lookup,
        };
        let hub = Hub::open(&data.0, config.clone(), world.clone()).expect("the hub opens");
        linted::watch(&hub.app.origin);
        let mut test_hub = TestHub {
            app: hub.app.clone(),
            hub: Some(hub),
            world,
            config,
            patience: self.patience,
            address,
            listening: None,
            data,
            _database: database,
        };
        test_hub.serve(listener);
        test_hub
    }
}

/// One hub of a test.
pub struct TestHub {
    /// Everything its handlers and jobs reach.
    pub app: App,
    hub: Option<Hub>,
    world: World,
    config: Config,
    patience: Patience,
    address: SocketAddr,
    /// Answers as long as it is held.
    listening: Option<JoinSet<()>>,
    data: DataFolder,
    // Dropped last: the hub holds connections to it.
    _database: TestDatabase,
}

impl TestHub {
    /// Scheme, host and port.
    pub fn origin(&self) -> &Origin {
        &self.app.origin
    }

    /// Full address of a path.
    pub fn uri(&self, path: &str) -> Uri {
        Uri::parse(&self.app.address(path)).expect("a path of a hub")
    }

    /// Where it listens, whatever its address in the network is.
    pub const fn socket(&self) -> SocketAddr {
        self.address
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data.0
    }

    /// Sends everything that is due now.
    pub async fn deliver_all(&self) -> Report {
        self.opened()
            .sender()
            .deliver_due()
            .await
            .expect("deliveries are sent")
    }

    /// Runs the jobs that are due now.
    pub async fn run_due_jobs(&self) -> runner::Report {
        self.opened()
            .runner()
            .run_due(self.app.now())
            .await
            .expect("jobs run")
    }

    /// Allows another hub, which is fetched for it.
    pub async fn allow(&self, other: &TestHub) {
        peers::allow(
            &self.app,
            other.origin().as_str(),
            "test",
            Decider::Operator("test"),
        )
        .await
        .expect("the other hub answers");
    }

    /// Blocks another server.
    pub async fn block(&self, origin: &Origin) {
        peers::block(
            &self.app,
            origin.as_str(),
            "test",
            Decider::Operator("test"),
        )
        .await
        .expect("a block is written");
    }

    /// Takes over what processes that are no more have left behind.
    pub async fn take_over(&self) {
        self.opened().leases().take_over().await;
    }

    /// The loops that send and run jobs by themselves, until `stop`: what a served hub has.
    pub fn run_by_itself(&self, stop: &CancellationToken) -> JoinSet<()> {
        let mut loops = JoinSet::new();
        let (sender, ending) = (self.opened().sender().clone(), stop.clone());
        loops.spawn(async move { sender.run(ending).await });
        let (runner, ending) = (self.opened().runner().clone(), stop.clone());
        loops.spawn(async move { runner.run(ending).await });
        loops
    }

    /// Stops answering: connections are refused from now on.
    pub fn go_silent(&mut self) {
        self.listening = None;
    }

    /// Answers again, at the same address.
    pub async fn listen_again(&mut self) {
        // A task that was aborted lets go of its socket at its next turn.
        tokio::task::yield_now().await;
        let listener = TcpListener::bind(self.address)
            .await
            .expect("the port is free again");
        self.serve(listener);
    }

    /// Ends the process and starts it again with the same folder: memory is lost, rows are not.
    pub async fn restart(&mut self) {
        self.go_silent();
        self.app.store.close().await;
        self.hub = None;
        let hub = Hub::open(&self.data.0, self.config.clone(), self.world.clone())
            .expect("the hub opens again");
        self.app = hub.app.clone();
        self.hub = Some(hub);
        self.listen_again().await;
    }

    fn opened(&self) -> &Hub {
        self.hub.as_ref().expect("the hub is open")
    }

    fn serve(&mut self, listener: TcpListener) {
        let service = linted::every_answer(&self.app, router(&self.app))
            .into_make_service_with_connect_info::<SocketAddr>();
        let listener = TimedListener::new(listener, self.patience).tap_io(|_| {});
        let mut listening = JoinSet::new();
        listening.spawn(async move {
            axum::serve(listener, service)
                .await
                .expect("the listener goes on");
        });
        self.listening = Some(listening);
    }
}

impl Drop for TestHub {
    /// A test fails when its hub said something that another server would not read.
    fn drop(&mut self) {
        let findings = linted::end(&self.app.origin);
        if !std::thread::panicking() {
            assert!(findings.is_empty(), "{}", findings.join("\n"));
        }
    }
}

/// A data folder that goes with its test.
struct DataFolder(PathBuf);

impl DataFolder {
    fn new(slug: &str) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ikpa_test_{}_{slug}_{number}_data", std::process::id());
        let folder = test_folder().join(name);
        std::fs::create_dir_all(&folder).expect("a folder under target/test");
        Self(folder)
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0)); // a leftover harms nobody
    }
}

fn settings(
    slug: &str,
    mode: FederationMode,
    address: SocketAddr,
    database: &DatabaseUrl,
) -> Config {
    let database = match database {
        DatabaseUrl::Sqlite(path) => path.to_str().expect("a path in UTF-8").to_owned(),
        DatabaseUrl::Postgres(address) => address.clone(),
    };
    let port = address.port();
    let text = format!(
        "profile = \"loopback\"\n[hub]\nbase_url = \"http://{slug}.localhost:{port}\"\n\
         name = \"KPA {slug}\"\nslug = \"{slug}\"\nsummary = \"Un KPA de test.\"\n\
         town = \"Roubaix\"\n[listen]\npublic = \"{address}\"\n[database]\nurl = {database:?}\n"
    );
    let mut config: Config = Figment::from(Toml::string(&text))
        .extract()
        .expect("settings of a test hub");
    config.federation.mode = mode;
    config
}

/// The keys of a name, made once and kept under `target/test`: making RSA keys takes its time.
fn keys(slug: &str, data: &Path) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = test_folder().join("keys").join(slug);
    if !kept.join("keys").is_dir() {
        let making = test_folder()
            .join("keys")
            .join(format!("{slug}.{}", std::process::id()));
        std::fs::create_dir_all(&making).expect("a folder for keys");
        let random = Random::system().expect("randomness");
        crate::fediverse::keys::HubKeys::create(&making, &random).expect("keys are made");
        // Another process may have been quicker: its keys are as good.
        if std::fs::rename(&making, &kept).is_err() {
            drop(std::fs::remove_dir_all(&making));
        }
    }
    copy_private(&kept.join("keys"), &data.join("keys"));
}

/// Copies a folder of private files, permissions included.
fn copy_private(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("an empty data folder");
    let permissions = std::fs::metadata(from).expect("kept keys").permissions();
    std::fs::set_permissions(to, permissions).expect("permissions are ours to set");
    for entry in std::fs::read_dir(from).expect("kept keys").flatten() {
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a key is copied");
    }
}
