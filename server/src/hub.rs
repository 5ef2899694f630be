//! A whole hub: opened from its data folder, served until told to stop.
//!
//! The one place where the parts meet, used by `serve`, the demo and the tests, so that what is
//! tested is what runs.

use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::serve::ListenerExt as _;
use interkpa_federation::Span;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Parts};
use crate::caches::Caches;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Profile};
use crate::db::error::StoreError;
use crate::db::facts;
use crate::db::lock::FolderLock;
use crate::db::presence::Presence;
use crate::db::store::Store;
use crate::db::url::{DatabaseUrl, Engine};
use crate::fediverse::address::Reach;
use crate::fediverse::client::{Client, ClientSettings};
use crate::fediverse::deliver::Sender;
use crate::fediverse::keys::HubKeys;
use crate::fediverse::memory::Memory;
use crate::fediverse::resolve::{Lookup, LoopbackLookup, SystemLookup};
use crate::http::internal;
use crate::http::listener::{Patience, TimedListener};
use crate::http::router::router;
use crate::jobs::job::JobRegistry;
use crate::jobs::runner::{Runner, Waker};
use crate::keeping;
use crate::leases::Leases;
use crate::random::Random;
use crate::{features, fediverse};

/// How long requests under way may take to end once the hub is told to stop.
const GRACE: Duration = Duration::from_secs(15);
/// How long senders and jobs may take after that: 20 s in all (web.md §17.3).
const LAST_GRACE: Duration = Duration::from_secs(5);

/// What a hub takes from the world; tests put their own in (decision 9).
#[derive(Clone)]
pub struct World {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids and secrets.
    pub random: Random,
    /// Turns names into addresses.
    pub lookup: Arc<dyn Lookup>,
}

impl World {
    /// The real world, as the profile allows it.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn real(config: &Config) -> anyhow::Result<Self> {
        let offset = Span::seconds(config.federation.clock_offset_seconds);
        let lookup: Arc<dyn Lookup> = match config.profile {
            Profile::Production => Arc::new(SystemLookup),
            Profile::Loopback => Arc::new(LoopbackLookup),
        };
        Ok(Self {
            clock: Arc::new(SystemClock::with_offset(offset)),
            random: Random::system()?,
            lookup,
        })
    }
}

/// One hub, open: its database is up to date and nobody else serves its folder.
pub struct Hub {
    /// Everything handlers and jobs reach.
    pub app: App,
    runner: Runner<App>,
    sender: Sender,
    leases: Leases,
    _lock: Option<FolderLock>,
}

impl Hub {
    /// Opens the hub of a data folder. Blocks: keys, lock, migrations.
    ///
    /// # Errors
    /// A sentence for the operator: a folder in use, keys that others may read, a schema of a
    /// newer program.
    pub fn open(data: &Path, config: Config, world: World) -> anyhow::Result<Self> {
        // Several processes may share a PostgreSQL; a SQLite file has one writer.
        let lock = match config.database.url.parse::<DatabaseUrl>()?.engine() {
            Engine::Sqlite => Some(FolderLock::acquire(data)?),
            Engine::Postgres => None,
        };
        Self::assemble(data, config, world, lock)
    }

    /// The same for a command that writes a little while the hub may be running: it takes no lock
    /// and must not serve.
    ///
    /// # Errors
    /// Those of [`open`](Self::open) but the lock.
    pub fn open_beside(data: &Path, config: Config, world: World) -> anyhow::Result<Self> {
        Self::assemble(data, config, world, None)
    }

    fn assemble(
        data: &Path,
        config: Config,
        world: World,
        lock: Option<FolderLock>,
    ) -> anyhow::Result<Self> {
        config.check()?;
        let url: DatabaseUrl = config.database.url.parse()?;
        let url = url.within(data);
        let keys = HubKeys::load(data)?;
        let store = Store::open(&url).with_context(|| format!("database {url}"))?;
        let origin = config.origin()?;
        let reach = match config.profile {
            Profile::Production => Reach::Internet,
            Profile::Loopback => Reach::Loopback,
        };
        let instance = interkpa_federation::Uri::parse(&format!("{origin}/actor"))?;
        let client = Client::new(
            ClientSettings::new(reach, origin.clone()),
            world.lookup,
            Arc::clone(&world.clock),
            keys.actor.signer(&instance),
        )?;
        let app = App::new(Parts {
            config,
            origin,
            data: data.to_owned(),
            store,
            clock: world.clock,
            random: world.random,
            client,
            keys,
            fediverse: Memory::default(),
            deliveries_wake: tokio::sync::Notify::new(),
            jobs_wake: Waker::default(),
            caches: Caches::new(),
        });
        let process = app.new_id();
        let kinds = features::ALL.iter().flat_map(|feature| (feature.jobs)());
        let kinds = kinds.chain(fediverse::jobs()).chain(keeping::jobs());
        let registry = JobRegistry::new(kinds)?;
        let runner = Runner::new(
            app.clone(),
            app.store.clone(),
            Arc::clone(&app.clock),
            registry,
            app.jobs_wake.clone(),
            process.clone(),
        );
        let sender = Sender::new(app.clone(), process.clone());
        let leases = Leases::new(app.clone(), Presence::new(process, url));
        Ok(Self {
            app,
            runner,
            sender,
            leases,
            _lock: lock,
        })
    }

    /// The runner of background work, for tests that drive it by hand.
    pub fn runner(&self) -> &Runner<App> {
        &self.runner
    }

    /// The sender of deliveries, for tests that drive it by hand.
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// What processes that are no more have left behind, for tests that drive it by hand.
    pub fn leases(&self) -> &Leases {
        &self.leases
    }

    /// Serves until `stop`, then ends in order: no new connection, requests under way answered,
    /// senders and jobs ended, the writer drained.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve(self, listener: TcpListener, stop: CancellationToken) -> anyhow::Result<()> {
        self.settle_identity().await?;
        keeping::plan(&self.app).await?;
        // What no longer recounts is not shown as certified (votes.md S13).
        features::votes::recount::all(&self.app).await?;
        features::proposals::keep_findable(&self.app).await?;
        let mut background = JoinSet::new();
        if let Some(address) = self.app.config.listen.internal {
            let internal = TcpListener::bind(address)
                .await
                .with_context(|| format!("listening on {address} (setting `listen.internal`)"))?;
            let (router, ending) = (internal::router(&self.app), stop.clone());
            background.spawn(async move {
                let served = axum::serve(internal, router)
                    .with_graceful_shutdown(ending.cancelled_owned())
                    .await;
                if let Err(error) = served {
                    tracing::error!(%error, "the internal listener ended");
                }
            });
        }
        // First of all: what a killed process was doing is taken up by this one.
        self.leases.take_over().await;
        let (leases, ending) = (self.leases.clone(), stop.clone());
        background.spawn(async move { leases.watch(ending).await });
        let (runner, ending) = (self.runner.clone(), stop.clone());
        background.spawn(async move { runner.run(ending).await });
        let (sender, ending) = (self.sender.clone(), stop.clone());
        background.spawn(async move { sender.run(ending).await });
        let service = router(&self.app).into_make_service_with_connect_info::<SocketAddr>();
        let listener = TimedListener::new(listener, Patience::default()).tap_io(|_| {});
        let serving = axum::serve(listener, service)
            .with_graceful_shutdown(stop.clone().cancelled_owned())
            .into_future();
        let overdue = async {
            stop.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        let served = tokio::select! {
            served = serving => served,
            () = overdue => Ok(()),
        };
        stop.cancel();
        let ended = async { while background.join_next().await.is_some() {} };
        if tokio::time::timeout(LAST_GRACE, ended).await.is_err() {
            tracing::warn!(
                "some work did not end in time; its rows are taken up at the next start"
            );
        }
        background.shutdown().await;
        self.app.store.close().await;
        served.context("serving pages")
    }

    /// Refuses a database that has served under another address: every id it sent begins with it.
    async fn settle_identity(&self) -> anyhow::Result<()> {
        let (origin, epoch) = (self.app.origin.as_str().to_owned(), self.app.new_id());
        let now = self.app.now();
        let known = self
            .app
            .write(move |tx| -> Result<String, StoreError> {
                facts::settle(tx, facts::EPOCH, &epoch, now)?;
                facts::settle(tx, facts::BASE_URL, &origin, now)
            })
            .await?;
        if known != self.app.origin.as_str() {
            bail!(
                "this database is that of {known}, and `hub.base_url` says {}: a hub keeps its \
                 address for ever, because other hubs know everything of it by that address. Put the \
                 old address back, or make a new hub with `interkpa init`",
                self.app.origin
            );
        }
        Ok(())
    }
}
