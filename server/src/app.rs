//! Everything a handler or a job may reach: the composition root.
//!
//! Built once in `command/serve.rs`, the demo and the tests; cheap to clone.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use interkpa_federation::{Instant, Origin};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::store::Store;
use crate::fediverse::client::Client;
use crate::fediverse::keys::HubKeys;
use crate::jobs::runner::Waker;
use crate::random::Random;

/// One hub.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What a hub is made of. Tests give a fixed clock, seeded randomness, and a client that resolves
/// to loopback (decision 9).
pub struct Parts {
    /// Settings, checked.
    pub config: Config,
    /// Scheme, host and port of this hub.
    pub origin: Origin,
    /// Its data folder: keys, media, backups.
    pub data: PathBuf,
    /// The only door to the database.
    pub store: Store,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids and secrets.
    pub random: Random,
    /// Makes every outgoing request.
    pub client: Client,
    /// The hub's own keys.
    pub keys: HubKeys,
    /// What this process remembers of other servers.
    pub fediverse: crate::fediverse::memory::Memory,
    /// Rung after a write that left deliveries.
    pub deliveries_wake: Notify,
    /// Rung after a write that left jobs.
    pub jobs_wake: Waker,
    /// Bounded memory that only makes things faster; emptied at will.
    pub caches: crate::caches::Caches,
}

impl App {
    /// A hub from its parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The present, from the hub's clock.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// A new UUIDv7.
    pub fn new_id(&self) -> String {
        self.random.uuid_v7(self.now())
    }

    /// Changes something: one transaction with everything it causes, durable once this returns.
    ///
    /// Whoever sends deliveries and runs jobs is woken afterwards: waking twice costs nothing.
    ///
    /// # Errors
    /// The closure's own refusal, or what the store says.
    pub async fn write<T, E>(
        &self,
        change: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let done = self.store.write(change).await?;
        self.deliveries_wake.notify_one();
        self.jobs_wake.wake();
        Ok(done)
    }

    /// The address of a path of this hub.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin.as_str())
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
