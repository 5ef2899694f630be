//! The one connection type of all query code, and how one is opened.
#![expect(
    missing_docs,
    reason = "what the derive of the connection type generates"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::connection::{
    AnsiTransactionManager, Connection, Instrumentation, InstrumentationEvent, SimpleConnection,
    TransactionManager,
};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{PgConnection, SqliteConnection};

use crate::db::error::{StoreError, is_worth_retrying};
use crate::db::url::{DatabaseUrl, Engine};

/// A connection to either engine. Store functions take `&mut Conn` and nothing else.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite; the last one, since it accepts almost any address.
    Sqlite(SqliteConnection),
}

impl Conn {
    /// The engine behind this connection, for the few places where the SQL differs.
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Pg(_) => Engine::Postgres,
            Self::Sqlite(_) => Engine::Sqlite,
        }
    }
}

/// Runs `f` so that all of it happens or nothing: a transaction, or a savepoint inside one.
///
/// On PostgreSQL a refused statement makes the whole transaction unusable unless it happened in
/// here; use it where a store function goes on after a conflict.
///
/// # Errors
/// What `f` answers, or what the engine says to the begin and the commit.
pub fn atomically<T, E: From<StoreError>>(
    conn: &mut Conn,
    f: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    let depth = open_transactions(conn)?;
    <Conn as TransactionManager<Conn>>::begin_transaction(conn).map_err(StoreError::from)?;
    let result = f(conn).and_then(|value| commit(conn).map(|()| value).map_err(E::from));
    if result.is_err() {
        roll_back_to(conn, depth)?;
    }
    result
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Reading and writing: the writer, every connection of PostgreSQL, migrations.
    Write,
    /// Reading only; SQLite refuses writes on it.
    Read,
}

/// First, so that the rest waits for another process instead of failing.
const BUSY_TIMEOUT: &str = "PRAGMA busy_timeout=5000;";
const PRAGMAS: &str = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; \
    PRAGMA journal_size_limit=67108864;";
/// The writer touches many pages of indexes: 4 MiB of cache. A reader has 1 MiB: the system keeps the rest.
const WRITER_PRAGMAS: &str = "PRAGMA cache_size=-4000;";
const READER_PRAGMAS: &str = "PRAGMA cache_size=-1000; PRAGMA query_only=ON;";

/// What happened on a connection, seen from outside the closure that used it.
#[derive(Debug, Default)]
pub(super) struct Health {
    lost: AtomicBool,
    failed: AtomicBool,
    worth_retrying: AtomicBool,
}

impl Health {
    /// True once the server had closed the connection.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }
    /// True when a statement was refused; forgets it.
    pub(super) fn take_failed(&self) -> bool {
        self.failed.swap(false, Ordering::Relaxed)
    }
    /// True when a transaction was given up for another one's sake; forgets it.
    pub(super) fn take_worth_retrying(&self) -> bool {
        self.worth_retrying.swap(false, Ordering::Relaxed)
    }
}

/// Notes errors that the caller's own error type may hide.
struct Watch(Arc<Health>);

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let InstrumentationEvent::FinishQuery {
            error: Some(error), ..
        } = event
        else {
            return;
        };
        self.0.failed.store(true, Ordering::Relaxed);
        if let Error::DatabaseError(
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
            _,
        ) = error
        {
            self.0.lost.store(true, Ordering::Relaxed);
        }
        if is_worth_retrying(error) {
            self.0.worth_retrying.store(true, Ordering::Relaxed);
        }
    }
}

/// Opens a connection, with the settings its purpose asks for.
pub(super) fn connect(
    url: &DatabaseUrl,
    purpose: Purpose,
) -> Result<(Conn, Arc<Health>), StoreError> {
    let health = Arc::new(Health::default());
    let conn = match url {
        DatabaseUrl::Postgres(address) => {
            let mut conn =
                PgConnection::establish(address).map_err(|e| StoreError::Broken(Box::new(e)))?;
            conn.set_instrumentation(Watch(Arc::clone(&health)));
            Conn::Pg(conn)
        }
        DatabaseUrl::Sqlite(path) => {
            let path = path
                .to_str()
                .ok_or_else(|| StoreError::broken("the path of the database is not UTF-8"))?;
            let mut conn =
                SqliteConnection::establish(path).map_err(|e| StoreError::Broken(Box::new(e)))?;
            conn.batch_execute(BUSY_TIMEOUT)?;
            keep_a_wal(&mut conn)?;
            conn.batch_execute(PRAGMAS)?;
            conn.batch_execute(match purpose {
                Purpose::Write => WRITER_PRAGMAS,
                Purpose::Read => READER_PRAGMAS,
            })?;
            Conn::Sqlite(conn)
        }
    };
    Ok((conn, health))
}

/// Puts a new file in WAL mode; an older one already is.
///
/// Of two processes that create one file together, SQLite refuses the second at once, whatever
/// `busy_timeout` says: each would wait for the other.
fn keep_a_wal(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    const TRIES: u32 = 100;
    const PAUSE: Duration = Duration::from_millis(50);
    for _ in 1..TRIES {
        match conn
            .batch_execute("PRAGMA journal_mode=WAL")
            .map_err(StoreError::from)
        {
            Err(StoreError::Busy) => std::thread::sleep(PAUSE),
            answer => return answer,
        }
    }
    Ok(conn.batch_execute("PRAGMA journal_mode=WAL")?)
}

/// Begins a transaction that may write. On SQLite it takes the lock at once: a transaction that
/// reads first and writes later fails without waiting.
pub(super) fn begin_write(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Pg(conn) => AnsiTransactionManager::begin_transaction(conn)?,
        Conn::Sqlite(conn) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?;
        }
    }
    Ok(())
}

/// Whether SQLite still holds the transaction that was begun. After some errors (a full disk, a
/// statement that says so) it has rolled back all of it by itself, and a savepoint made then would
/// be a transaction of its own.
pub(super) fn is_group_open(conn: &mut Conn) -> bool {
    // Refused within a transaction, whatever diesel counts.
    conn.batch_execute("BEGIN").is_err()
}

/// Commits the transaction or releases the savepoint that is open.
pub(super) fn commit(conn: &mut Conn) -> Result<(), StoreError> {
    Ok(<Conn as TransactionManager<Conn>>::commit_transaction(
        conn,
    )?)
}

/// Undoes open transactions and savepoints until only `depth` of them are left.
pub(super) fn roll_back_to(conn: &mut Conn, depth: u32) -> Result<(), StoreError> {
    while open_transactions(conn)? > depth {
        <Conn as TransactionManager<Conn>>::rollback_transaction(conn)?;
    }
    Ok(())
}

/// How many transactions and savepoints are open.
pub(super) fn open_transactions(conn: &mut Conn) -> Result<u32, StoreError> {
    let status = <Conn as TransactionManager<Conn>>::transaction_manager_status_mut(conn);
    let depth = status.transaction_depth()?;
    Ok(depth.map_or(0, std::num::NonZeroU32::get))
}
