//! Opening a database: is it ours, is it ready, what has to change first.
//!
//! All pending migrations run in one transaction, with the checks that follow them: they happen
//! together or not at all, and a stop in the middle resumes from the start. On SQLite foreign keys
//! are off meanwhile (a table rebuild needs it) and checked before the commit (storage.md 8.3).

use std::path::Path;

use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tracing::info;

use crate::db::backup;
use crate::db::conn::{Conn, Purpose, begin_write, commit, connect};
use crate::db::error::OpenError;
use crate::db::url::DatabaseUrl;

static COMMON: EmbeddedMigrations = embed_migrations!("../migrations/common");
static SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
static POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Key of the lock that keeps processes starting together apart; any fixed number does.
const ADVISORY_LOCK: i64 = 0x694b_7061;

/// Common and dialect migrations as one list; the harness sorts it by stamp.
#[derive(Clone, Copy)]
struct Merged(&'static EmbeddedMigrations, &'static EmbeddedMigrations);

const FOR_SQLITE: Merged = Merged(&COMMON, &SQLITE);
const FOR_POSTGRES: Merged = Merged(&COMMON, &POSTGRES);

impl<DB: Backend> MigrationSource<DB> for Merged {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<DB>>>> {
        let mut all = MigrationSource::<DB>::migrations(self.0)?;
        all.extend(MigrationSource::<DB>::migrations(self.1)?);
        Ok(all)
    }
}

/// What has to be done to a database before use.
enum Needs {
    Nothing,
    /// No table at all yet.
    Everything,
    Migrations,
}

/// Brings a database up to date and closes it again.
///
/// # Errors
/// See [`OpenError`].
pub fn prepare(url: &DatabaseUrl) -> Result<(), OpenError> {
    open_migrated(url).map(drop)
}

/// Opens the database, brings it up to date and gives the connection that did it.
pub(super) fn open_migrated(url: &DatabaseUrl) -> Result<Conn, OpenError> {
    let (mut conn, _health) =
        connect(url, Purpose::Write).map_err(|source| OpenError::Unreachable {
            url: url.clone(),
            source,
        })?;
    match (needs(&mut conn)?, url) {
        (Needs::Nothing, _) => {}
        (Needs::Migrations, DatabaseUrl::Sqlite(path)) => {
            back_up_before(path)?;
            migrate(&mut conn)?;
        }
        (Needs::Migrations | Needs::Everything, _) => migrate(&mut conn)?,
    }
    Ok(conn)
}

/// Runs all pending migrations, or none when one fails or leaves dangling rows.
fn migrate(conn: &mut Conn) -> Result<(), OpenError> {
    if let Conn::Sqlite(sqlite) = conn {
        sqlite.batch_execute("PRAGMA foreign_keys=OFF")?;
    }
    begin_write(conn)?;
    if let Conn::Pg(pg) = conn {
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
            .bind::<BigInt, _>(ADVISORY_LOCK)
            .execute(pg)?;
        check_collation(pg)?;
    }
    // Asked again: another process may have been quicker.
    match conn {
        Conn::Pg(pg) => run_pending(pg, FOR_POSTGRES)?,
        Conn::Sqlite(sqlite) => {
            run_pending(sqlite, FOR_SQLITE)?;
            let dangling = dangling_rows(sqlite)?;
            if dangling > 0 {
                return Err(OpenError::DanglingRows(dangling));
            }
        }
    }
    commit(conn)?;
    if let Conn::Sqlite(sqlite) = conn {
        sqlite.batch_execute("PRAGMA foreign_keys=ON")?;
    }
    Ok(())
}

fn run_pending<DB: Backend, C: MigrationHarness<DB>>(
    conn: &mut C,
    source: Merged,
) -> Result<(), OpenError>
where
    Merged: MigrationSource<DB>,
{
    refuse_newer(conn, source)?;
    let pending = conn
        .pending_migrations(source)
        .map_err(OpenError::Migration)?;
    for migration in &pending {
        info!("changing the tables: {}", migration.name());
        conn.run_migration(migration)
            .map_err(OpenError::Migration)?;
    }
    Ok(())
}

fn refuse_newer<DB: Backend, C: MigrationHarness<DB>>(
    conn: &mut C,
    source: Merged,
) -> Result<(), OpenError> {
    let known = MigrationSource::<DB>::migrations(&source).map_err(OpenError::Migration)?;
    let applied = conn.applied_migrations().map_err(OpenError::Migration)?;
    let is_unknown = |version: &&MigrationVersion<'_>| {
        known
            .iter()
            .all(|migration| migration.name().version() != **version)
    };
    let unknown: Vec<String> = applied
        .iter()
        .filter(is_unknown)
        .map(ToString::to_string)
        .collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(OpenError::NewerSchema { unknown })
    }
}

/// Looks without changing anything.
fn needs(conn: &mut Conn) -> Result<Needs, OpenError> {
    if !has_migrations_table(conn)? {
        return Ok(Needs::Everything);
    }
    let pending = match conn {
        Conn::Pg(pg) => {
            refuse_newer(pg, FOR_POSTGRES)?;
            pg.has_pending_migration(FOR_POSTGRES)
        }
        Conn::Sqlite(sqlite) => {
            refuse_newer(sqlite, FOR_SQLITE)?;
            sqlite.has_pending_migration(FOR_SQLITE)
        }
    };
    let pending = pending.map_err(OpenError::Migration)?;
    Ok(if pending {
        Needs::Migrations
    } else {
        Needs::Nothing
    })
}

fn has_migrations_table(conn: &mut Conn) -> Result<bool, OpenError> {
    let sql = match conn {
        Conn::Pg(_) => "to_regclass('__diesel_schema_migrations') IS NOT NULL",
        Conn::Sqlite(_) => {
            "EXISTS (SELECT 1 FROM sqlite_master WHERE name = '__diesel_schema_migrations')"
        }
    };
    Ok(diesel::select(diesel::dsl::sql::<Bool>(sql)).get_result(conn)?)
}

/// Pages over text keys must come in the same order on both engines (storage.md 5).
fn check_collation(pg: &mut PgConnection) -> Result<(), OpenError> {
    use diesel::dsl::sql;
    let (bytewise, encoding): (bool, String) = diesel::select((
        sql::<Bool>("'B' < 'a' AND 'a-b' < 'aa'"),
        sql::<Text>("getdatabaseencoding()::text"),
    ))
    .get_result(pg)?;
    let found = match (bytewise, encoding.as_str()) {
        (true, "UTF8") => return Ok(()),
        (true, _) => format!("keeps text in {encoding}"),
        (false, _) => "orders text by the rules of a language".to_owned(),
    };
    Err(OpenError::Collation { found })
}

fn dangling_rows(sqlite: &mut SqliteConnection) -> Result<i64, OpenError> {
    let count = diesel::dsl::sql::<BigInt>("(SELECT count(*) FROM pragma_foreign_key_check)");
    Ok(diesel::select(count).get_result(sqlite)?)
}

/// Keeps the database as it was: `backups/<name>-before-migration.db`, replaced each time.
fn back_up_before(path: &Path) -> Result<(), OpenError> {
    let folder = path.parent().unwrap_or(Path::new(".")).join("backups");
    let name = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or("hub");
    let target = folder.join(format!("{name}-before-migration.db"));
    info!(
        "keeping a copy in {} before the tables change",
        target.display()
    );
    backup::back_up(path, &target).map_err(OpenError::Backup)
}

/// Undoes the last `count` migrations. For the guards that migrations can be undone and repeated.
///
/// # Errors
/// See [`OpenError`].
#[cfg(feature = "testing")]
pub fn revert(url: &DatabaseUrl, count: usize) -> Result<(), OpenError> {
    let mut conn = open_migrated(url)?;
    if let Conn::Sqlite(sqlite) = &mut conn {
        sqlite.batch_execute("PRAGMA foreign_keys=OFF")?;
    }
    for _ in 0..count {
        match &mut conn {
            Conn::Pg(pg) => pg.revert_last_migration(FOR_POSTGRES),
            Conn::Sqlite(sqlite) => sqlite.revert_last_migration(FOR_SQLITE),
        }
        .map_err(OpenError::Migration)?;
    }
    Ok(())
}

/// How many migrations this program knows.
#[cfg(feature = "testing")]
pub fn count() -> Result<usize, OpenError> {
    let all = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&FOR_SQLITE);
    all.map(|all| all.len()).map_err(OpenError::Migration)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::url::Engine;
    use crate::testing::database::TestDatabase;

    #[test]
    fn migrations_that_would_leave_dangling_rows_change_nothing() {
        let database = TestDatabase::on(Engine::Sqlite);
        revert(database.url(), 1).unwrap();
        let (mut conn, _health) = connect(database.url(), Purpose::Write).unwrap();
        let dangling = "PRAGMA foreign_keys=OFF; \
            INSERT INTO member_roles VALUES ('nobody', 'member', NULL, 0)";
        conn.batch_execute(dangling).unwrap();

        let refused = migrate(&mut conn);

        assert!(matches!(refused, Err(OpenError::DanglingRows(1))));
        drop(conn);
        let (mut conn, _health) = connect(database.url(), Purpose::Write).unwrap();
        assert!(matches!(needs(&mut conn), Ok(Needs::Migrations)));
        conn.batch_execute("DELETE FROM member_roles").unwrap();
        migrate(&mut conn).unwrap();
        assert!(matches!(needs(&mut conn), Ok(Needs::Nothing)));
    }
}
