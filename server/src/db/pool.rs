//! A few connections kept open, used from blocking threads.
//!
//! Our own rather than r2d2: waiting for a connection is asynchronous, so that no thread is held
//! while waiting; no thread of its own; no question to the server before each use.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::db::conn::{Conn, Health, Purpose, connect, open_transactions};
use crate::db::error::StoreError;
use crate::db::url::{DatabaseUrl, Engine};

/// A connection to a server unused for longer is asked whether it still lives.
const UNUSED_MAX: Duration = Duration::from_secs(30);

/// A connection and what was noticed on it.
pub(super) struct Pooled {
    pub(super) conn: Conn,
    pub(super) health: Arc<Health>,
    used_at: Instant,
}

struct Shared {
    url: DatabaseUrl,
    purpose: Purpose,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Pooled>>,
}

/// At most `size` connections, opened when first needed, the last used first.
#[derive(Clone)]
pub(super) struct Pool(Arc<Shared>);

impl Pool {
    pub(super) fn new(url: DatabaseUrl, purpose: Purpose, size: usize) -> Self {
        let permits = Arc::new(Semaphore::new(size));
        Self(Arc::new(Shared {
            url,
            purpose,
            permits,
            idle: Mutex::new(Vec::with_capacity(size)),
        }))
    }

    /// Runs `f` on a connection, on a blocking thread, as soon as one is free.
    ///
    /// A panic in `f` costs its connection and is answered as [`StoreError::Broken`].
    pub(super) async fn run<T, E>(
        &self,
        f: impl FnOnce(&mut Pooled, &Pool) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.0.permits).acquire_owned().await;
        let Ok(permit) = permit else {
            return Err(StoreError::Busy.into());
        };
        let pool = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            let mut pooled = pool.take()?;
            let answer = f(&mut pooled, &pool);
            pool.put_back(pooled);
            drop(permit);
            answer
        });
        work.await
            .unwrap_or_else(|error| Err(StoreError::broken(error).into()))
    }

    /// Lets nothing new in, waits for what is running, closes the connections.
    pub(super) async fn close(&self, size: u32) {
        let all = self.0.permits.acquire_many(size).await;
        self.0.permits.close();
        drop(all);
        self.forget_idle();
    }

    /// Replaces a connection that turned out to be lost; the idle ones are most likely lost too.
    pub(super) fn replace(&self, pooled: &mut Pooled) -> Result<(), StoreError> {
        self.forget_idle();
        *pooled = self.open()?;
        Ok(())
    }

    fn take(&self) -> Result<Pooled, StoreError> {
        let idle = self
            .0
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let Some(mut pooled) = idle else {
            return self.open();
        };
        let asks =
            pooled.conn.engine() == Engine::Postgres && pooled.used_at.elapsed() > UNUSED_MAX;
        if asks && pooled.conn.batch_execute("SELECT 1").is_err() {
            self.replace(&mut pooled)?;
        }
        Ok(pooled)
    }

    fn put_back(&self, mut pooled: Pooled) {
        if pooled.health.is_lost() {
            self.forget_idle();
            return;
        }
        if !matches!(open_transactions(&mut pooled.conn), Ok(0)) {
            return; // nobody may inherit a transaction
        }
        pooled.used_at = Instant::now();
        self.0
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(pooled);
    }

    fn open(&self) -> Result<Pooled, StoreError> {
        let (conn, health) = connect(&self.0.url, self.0.purpose)?;
        Ok(Pooled {
            conn,
            health,
            used_at: Instant::now(),
        })
    }

    fn forget_idle(&self) {
        self.0
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
