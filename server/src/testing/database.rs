//! A fresh database for each test, on the engine the run is for.
//!
//! `INTERKPA_TEST_DATABASE=sqlite` (default) or `postgres`; the latter needs
//! `INTERKPA_TEST_POSTGRES_URL`, the address of a server where databases may be created.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryDsl, RunQueryDsl};

use crate::db::migrate;
use crate::db::store::Store;
use crate::db::url::{DatabaseUrl, Engine};

/// A database of one test: migrated, empty, gone when this value is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    url: DatabaseUrl,
    folder: Option<PathBuf>,
    name: String,
}

impl TestDatabase {
    /// A copy of a template that was migrated once by this process.
    pub fn fresh() -> Self {
        Self::on(engine())
    }

    /// A fresh database on an engine of the test's choice: SQLite for what only SQLite has.
    pub fn on(engine: Engine) -> Self {
        let name = new_name();
        match engine {
            Engine::Sqlite => {
                let database = Self::empty_sqlite(name);
                if let DatabaseUrl::Sqlite(path) = &database.url {
                    std::fs::copy(sqlite_template(), path).expect("copy of the template");
                }
                database
            }
            Engine::Postgres => {
                let template = postgres_template();
                admin(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
                Self {
                    url: postgres_url(&name),
                    folder: None,
                    name,
                }
            }
        }
    }

    /// A database without any table, for tests of opening.
    pub fn empty() -> Self {
        let name = new_name();
        match engine() {
            Engine::Sqlite => Self::empty_sqlite(name),
            Engine::Postgres => {
                create_postgres(&name);
                Self {
                    url: postgres_url(&name),
                    folder: None,
                    name,
                }
            }
        }
    }

    /// A database without any table whose text is in the order of a language, where the engine has
    /// such a thing: SQLite always compares bytes.
    pub fn in_french_order() -> Self {
        let name = new_name();
        match engine() {
            Engine::Sqlite => Self::empty_sqlite(name),
            Engine::Postgres => {
                admin(&format!(
                    "CREATE DATABASE {name} ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'fr' \
                     TEMPLATE template0"
                ));
                Self {
                    url: postgres_url(&name),
                    folder: None,
                    name,
                }
            }
        }
    }

    /// Closes all connections to it from the other side, where there is another side.
    pub fn cut_connections(&self) {
        if self.folder.is_none() {
            admin(&format!(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{}'",
                self.name
            ));
        }
    }

    fn empty_sqlite(name: String) -> Self {
        let folder = test_folder().join(&name);
        std::fs::create_dir_all(&folder).expect("a folder under target/test");
        let url = DatabaseUrl::Sqlite(folder.join("hub.db"));
        Self {
            url,
            folder: Some(folder),
            name,
        }
    }

    /// Where it is.
    pub const fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Opens it. Several stores of one test are like several processes.
    pub fn store(&self) -> Store {
        Store::open(&self.url).expect("the test's database opens")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &self.folder {
            Some(folder) => drop(std::fs::remove_dir_all(folder)), // a leftover harms nobody
            None => admin(&format!("DROP DATABASE {} WITH (FORCE)", self.name)),
        }
    }
}

/// The engine this run of the tests is for.
pub fn engine() -> Engine {
    match setting("INTERKPA_TEST_DATABASE").as_deref() {
        None | Some("sqlite") => Engine::Sqlite,
        Some("postgres") => Engine::Postgres,
        Some(other) => panic!("INTERKPA_TEST_DATABASE is sqlite or postgres, not {other}"),
    }
}

/// Where tests of this workspace put their files.
pub fn test_folder() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/test");
    std::fs::create_dir_all(&built).expect("the folder target/test");
    built.canonicalize().expect("the folder target/test")
}

fn new_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!(
        "ikpa_test_{}_{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    )
}

/// True when the process that made something of that name ended before it could remove it.
fn is_left_behind(name: &str) -> bool {
    let owner = name
        .strip_prefix("ikpa_test_")
        .and_then(|rest| rest.split(['_', '.']).next());
    // Without /proc nothing tells here who is alive.
    owner.is_some_and(|pid| {
        Path::new("/proc/self").exists() && !Path::new("/proc").join(pid).exists()
    })
}

fn clean_folder(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_str().is_some_and(is_left_behind)) {
        drop(std::fs::remove_dir_all(entry.path()));
        drop(std::fs::remove_file(entry.path()));
    }
}

fn clean_postgres() {
    let names: Vec<String> = pg_database::table
        .select(pg_database::datname)
        .load(&mut admin_connection())
        .expect("the names of the databases");
    for name in names.iter().filter(|name| is_left_behind(name)) {
        admin(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}

diesel::table! {
    /// Of the server itself.
    pg_database (oid) {
        /// Number of a database.
        oid -> Oid,
        /// Its name.
        datname -> Text,
    }
}

fn sqlite_template() -> &'static Path {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        clean_folder(&test_folder());
        let path = test_folder().join(format!("ikpa_test_{}.db", std::process::id()));
        drop(std::fs::remove_file(&path)); // of an earlier process with this number
        migrate::prepare(&DatabaseUrl::Sqlite(path.clone())).expect("the migrations run");
        path
    })
}

fn postgres_template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        clean_postgres();
        let name = format!("ikpa_test_{}_template", std::process::id());
        create_postgres(&name);
        migrate::prepare(&postgres_url(&name)).expect("the migrations run");
        name
    })
}

fn create_postgres(name: &str) {
    admin(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    admin(&format!(
        "CREATE DATABASE {name} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0"
    ));
}

fn postgres_url(name: &str) -> DatabaseUrl {
    let mut url = url::Url::parse(&admin_address()).expect("INTERKPA_TEST_POSTGRES_URL is a URL");
    url.set_path(name);
    DatabaseUrl::Postgres(url.to_string())
}

/// Runs one statement on the server itself.
fn admin(sql: &str) {
    if let Err(error) = admin_connection().batch_execute(sql) {
        panic!("{sql}: {error}");
    }
}

fn admin_connection() -> PgConnection {
    PgConnection::establish(&admin_address()).expect("the test server answers")
}

fn admin_address() -> String {
    setting("INTERKPA_TEST_POSTGRES_URL")
        .expect("INTERKPA_TEST_POSTGRES_URL names a server where tests may create databases")
}

/// A setting of the run of the tests.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are configured by their runner only"
)]
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
