//! The only door to the database: [`Store::read`] and [`Store::write`].

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;

use crate::db::conn::{Conn, Purpose, begin_write, commit, roll_back_to};
use crate::db::error::{OpenError, StoreError};
use crate::db::migrate::open_migrated;
use crate::db::pool::{Pool, Pooled};
use crate::db::url::{DatabaseUrl, Engine};
use crate::db::writer::Writer;

/// Readers of a SQLite file.
const READERS: u32 = 4;
/// Connections to PostgreSQL of one process.
const POSTGRES_CONNECTIONS: u32 = 8;
/// Times a unit of work is tried by [`Store::write_retry`].
const TRIES: usize = 3;

/// The database of a hub, open and up to date. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    pool: Pool,
    /// SQLite only.
    writer: Option<Writer>,
}

impl Store {
    /// Opens the database and brings its tables up to date. Blocks: call it before serving.
    ///
    /// A SQLite file is created when absent; its folder must exist.
    ///
    /// # Errors
    /// See [`OpenError`]: a schema newer than this program, a collation other than C, a failed
    /// migration (nothing of it is kept), an unreachable server.
    pub fn open(url: &DatabaseUrl) -> Result<Self, OpenError> {
        let conn = open_migrated(url)?;
        let engine = url.engine();
        Ok(match engine {
            Engine::Postgres => {
                drop(conn);
                let size = usize::try_from(POSTGRES_CONNECTIONS).unwrap_or(1);
                Self {
                    engine,
                    pool: Pool::new(url.clone(), Purpose::Write, size),
                    writer: None,
                }
            }
            Engine::Sqlite => {
                let writer = Writer::start(conn, url.clone()).map_err(OpenError::Thread)?;
                let size = usize::try_from(READERS).unwrap_or(1);
                let pool = Pool::new(url.clone(), Purpose::Read, size);
                Self {
                    engine,
                    pool,
                    writer: Some(writer),
                }
            }
        })
    }

    /// Which engine keeps the data.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Runs a reading function on a connection. SQLite refuses writes in it.
    ///
    /// Keep it short. Several statements that must agree go in one
    /// [`atomically`](crate::db::conn::atomically).
    ///
    /// # Errors
    /// What `f` answers; [`StoreError::Busy`] once the store is closed.
    pub async fn read<T, E>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.pool.run(|pooled, _| f(&mut pooled.conn)).await
    }

    /// Runs `f` in a transaction: an error undoes all of it and travels, `Ok` means durable.
    ///
    /// No network, no password hashing, no templates, no image work in `f`: on SQLite all writes
    /// of the hub wait for it. What must happen outside the database happens after the answer.
    ///
    /// # Errors
    /// What `f` answers; [`StoreError::Busy`] when nothing was written and the same may succeed
    /// later; [`StoreError::Broken`] when the commit failed or `f` panicked.
    pub async fn write<T, E>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.writer {
            Some(writer) => writer.write(f).await,
            None => {
                self.pool
                    .run(move |pooled, pool| in_transaction(pooled, pool, f))
                    .await
            }
        }
    }

    /// Like [`write`](Self::write), but tries again when PostgreSQL gave the transaction up for
    /// another one's sake (SQLSTATE 40001 and 40P01), at most three times in all.
    ///
    /// `waits` are the pauses before the second and third try; the caller draws them, so that
    /// competing processes part. `f` must have no effect except through its connection.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub async fn write_retry<T, E>(
        &self,
        waits: [Duration; TRIES - 1],
        f: impl Fn(&mut Conn) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let f = Arc::new(f);
        if let Some(writer) = &self.writer {
            return writer.write(move |conn| f(conn)).await;
        }
        let mut waits = waits.into_iter();
        loop {
            let f = Arc::clone(&f);
            let once = move |pooled: &mut Pooled, pool: &Pool| Ok(try_once(pooled, pool, &*f));
            let (answer, retry): Tried<T, E> = self.pool.run::<_, E>(once).await?;
            match (retry, waits.next()) {
                (true, Some(wait)) => tokio::time::sleep(wait).await,
                _ => return answer,
            }
        }
    }

    /// Last step of a shutdown: what is queued is written and answered, the rest is refused.
    pub async fn close(&self) {
        if let Some(writer) = &self.writer {
            self.pool.close(READERS).await;
            writer.close().await;
        } else {
            self.pool.close(POSTGRES_CONNECTIONS).await;
        }
    }
}

type Tried<T, E> = (Result<T, E>, bool);

/// One try, and whether another one may do better.
fn try_once<T, E: From<StoreError>>(
    pooled: &mut Pooled,
    pool: &Pool,
    f: &impl Fn(&mut Conn) -> Result<T, E>,
) -> Tried<T, E> {
    let _earlier = pooled.health.take_worth_retrying();
    let answer = in_transaction(pooled, pool, f);
    let retry = answer.is_err() && pooled.health.take_worth_retrying();
    (answer, retry)
}

/// A transaction on PostgreSQL. A server that was restarted since is connected to anew.
fn in_transaction<T, E: From<StoreError>>(
    pooled: &mut Pooled,
    pool: &Pool,
    f: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    if let Err(error) = begin_write(&mut pooled.conn) {
        if !pooled.health.is_lost() {
            return Err(error.into());
        }
        pool.replace(pooled)?;
        begin_write(&mut pooled.conn)?;
    }
    let _earlier = pooled.health.take_failed();
    let result = f(&mut pooled.conn).and_then(|value| {
        commit_all(pooled)?;
        Ok(value)
    });
    if result.is_err() {
        roll_back_to(&mut pooled.conn, 0)?;
    }
    result
}

/// Commits, unless a failed statement was ignored outside a savepoint: PostgreSQL would then undo
/// everything and call that a success.
fn commit_all(pooled: &mut Pooled) -> Result<(), StoreError> {
    if pooled.health.take_failed() {
        pooled.conn.batch_execute("SELECT 1")?;
    }
    commit(&mut pooled.conn)
}
