//! Which of the processes that share a database still live.
//!
//! A process claims work for a while under a name of its own. One that is killed says nothing, and
//! its claims would hold others up until they end. On PostgreSQL each process therefore holds a lock
//! that goes with its connection: whose lock is free is no more. A SQLite file is served by one
//! process, which holds the lock of its folder ([`lock`](crate::db::lock)): every other name on it
//! is that of an earlier one.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use sha2::{Digest, Sha256};

use crate::db::conn::{Conn, Purpose, connect};
use crate::db::error::StoreError;
use crate::db::url::{DatabaseUrl, Engine};

/// This process among those that share its database. Cheap to clone.
#[derive(Clone)]
pub struct Presence(Arc<Inner>);

struct Inner {
    name: String,
    url: DatabaseUrl,
    /// Holds the lock as long as it lives; PostgreSQL only.
    connection: Mutex<Option<Conn>>,
}

impl Presence {
    /// A process of this name, seen by others once it [holds](Self::hold).
    pub fn new(name: String, url: DatabaseUrl) -> Self {
        Self(Arc::new(Inner {
            name,
            url,
            connection: Mutex::new(None),
        }))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Makes others see that this process lives; again after its connection was lost. Blocks.
    ///
    /// # Errors
    /// The server cannot be reached.
    pub fn hold(&self) -> Result<(), StoreError> {
        if self.0.url.engine() == Engine::Sqlite {
            return Ok(());
        }
        let mut held = self
            .0
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(conn) = held.as_mut()
            && conn.batch_execute("SELECT 1").is_ok()
        {
            return Ok(());
        }
        *held = None;
        let (mut conn, _health) = connect(&self.0.url, Purpose::Write)?;
        if let Conn::Pg(pg) = &mut conn {
            diesel::sql_query("SELECT pg_advisory_lock($1)")
                .bind::<BigInt, _>(key(&self.0.name))
                .execute(pg)?;
        }
        *held = Some(conn);
        Ok(())
    }

    /// Whether the process of a name is no more. Call it inside the transaction that takes over
    /// what it held.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn is_gone(&self, tx: &mut Conn, name: &str) -> Result<bool, StoreError> {
        if name == self.0.name {
            return Ok(false);
        }
        match tx {
            Conn::Sqlite(_) => Ok(true),
            Conn::Pg(pg) => {
                let lock: Free = diesel::sql_query("SELECT pg_try_advisory_xact_lock($1) AS free")
                    .bind::<BigInt, _>(key(name))
                    .get_result(pg)?;
                Ok(lock.free)
            }
        }
    }
}

#[derive(QueryableByName)]
struct Free {
    #[diesel(sql_type = Bool)]
    free: bool,
}

/// The lock of a name: names are long and random, so that no two share one.
fn key(name: &str) -> i64 {
    let hash = Sha256::digest(name.as_bytes());
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(hash) {
        *to = from;
    }
    i64::from_be_bytes(first)
}
