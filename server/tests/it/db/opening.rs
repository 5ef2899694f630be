use std::path::Path;
use std::sync::Barrier;

use diesel::connection::SimpleConnection;
use interkpa_server::db::backup::{self, BackupError};
use interkpa_server::db::conn::Conn;
use interkpa_server::db::error::{OpenError, StoreError};
use interkpa_server::db::lock::{FolderLock, LockError};
use interkpa_server::db::migrate;
use interkpa_server::db::store::Store;
use interkpa_server::db::url::{DatabaseUrl, DatabaseUrlError, Engine};
use interkpa_server::testing::database::{TestDatabase, engine};

use super::{buckets, count_once};

fn execute(conn: &mut Conn, sql: &str) -> Result<(), StoreError> {
    Ok(conn.batch_execute(sql)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn stores_opened_together_on_an_empty_database_all_come_up() {
    let database = TestDatabase::empty();
    let together = Barrier::new(4);

    let stores: Vec<Store> = std::thread::scope(|scope| {
        let open = || {
            together.wait();
            Store::open(database.url()).unwrap()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });

    for (n, store) in stores.iter().enumerate() {
        assert!(
            store
                .write(move |tx| count_once(tx, &n.to_string()))
                .await
                .unwrap()
        );
    }
    assert_eq!(stores[0].read(buckets).await.unwrap(), ["0", "1", "2", "3"]);
    let applied = stores[1]
        .read(|conn| {
            super::text(
                conn,
                "(SELECT CAST(count(*) AS TEXT) FROM __diesel_schema_migrations)",
            )
        })
        .await
        .unwrap();
    assert_eq!(applied, migrate::count().unwrap().to_string());
    for store in stores {
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let database = TestDatabase::fresh();
    let store = database.store();
    store
        .write(|tx| {
            execute(
                tx,
                "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000000')",
            )
        })
        .await
        .unwrap();
    store.close().await;

    let refused = Store::open(database.url());

    let Err(OpenError::NewerSchema { unknown }) = refused else {
        panic!("it was opened")
    };
    assert_eq!(unknown, ["20991231000000"]);
}

#[test]
fn text_in_the_order_of_a_language_is_refused_with_what_to_do() {
    let database = TestDatabase::in_french_order();

    let opened = Store::open(database.url());

    match opened {
        Ok(store) => assert_eq!(store.engine(), Engine::Sqlite, "it orders by bytes anyway"),
        Err(error) => {
            assert!(matches!(error, OpenError::Collation { .. }), "{error:?}");
            assert!(
                error.to_string().contains("LOCALE 'C' TEMPLATE template0"),
                "{error}"
            );
            assert_eq!(engine(), Engine::Postgres);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cut_its_connections_is_connected_to_anew() {
    let database = TestDatabase::fresh();
    let store = database.store();
    store.write(|tx| count_once(tx, "before")).await.unwrap();

    database.cut_connections();
    let written = store.write(|tx| count_once(tx, "after")).await;
    database.cut_connections();
    // A read has nothing to begin with that would show the loss: it may fail, once.
    drop(store.read(buckets).await);
    let read = store.read(buckets).await;

    assert!(written.unwrap());
    assert_eq!(read.unwrap(), ["after", "before"]);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_database_is_kept_in_a_backup_then_changed() {
    let database = TestDatabase::on(Engine::Sqlite);
    let DatabaseUrl::Sqlite(path) = database.url() else {
        panic!("not SQLite")
    };
    let store = database.store();
    store
        .write(|tx| count_once(tx, "from before"))
        .await
        .unwrap();
    store.close().await;
    migrate::revert(database.url(), 1).unwrap();

    let store = database.store();

    assert_eq!(store.read(buckets).await.unwrap(), ["from before"]);
    store.close().await;
    let copy = path
        .parent()
        .unwrap()
        .join("backups/hub-before-migration.db");
    backup::verify(&copy).unwrap();
    let url = DatabaseUrl::Sqlite(copy);
    let restored = Store::open(&url).unwrap();
    assert_eq!(restored.read(buckets).await.unwrap(), ["from before"]);
    restored.close().await;
}

#[test]
fn a_database_with_dangling_rows_is_not_changed_before_somebody_has_looked() {
    let database = TestDatabase::on(Engine::Sqlite);
    migrate::revert(database.url(), 1).unwrap();
    raw(
        database.url(),
        "PRAGMA foreign_keys=OFF; INSERT INTO member_roles VALUES ('nobody', 'member', NULL, 0)",
    );

    let refused = Store::open(database.url());

    assert!(matches!(
        refused,
        Err(OpenError::Backup(BackupError::DanglingRows(1)))
    ));
    raw(database.url(), "DELETE FROM member_roles");
    assert!(Store::open(database.url()).is_ok());
}

/// Runs statements beside the store, as somebody with a shell would.
fn raw(url: &DatabaseUrl, sql: &str) {
    use diesel::Connection;
    let DatabaseUrl::Sqlite(path) = url else {
        panic!("not SQLite")
    };
    let mut conn = diesel::SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    conn.batch_execute(sql).unwrap();
}

#[test]
fn a_folder_is_locked_by_one_at_a_time() {
    let database = TestDatabase::on(Engine::Sqlite);
    let DatabaseUrl::Sqlite(path) = database.url() else {
        panic!("not SQLite")
    };
    let folder = path.parent().unwrap();

    let held = FolderLock::acquire(folder).unwrap();
    let refused = FolderLock::acquire(folder).unwrap_err();
    drop(held);
    let again = FolderLock::acquire(folder);

    assert!(matches!(&refused, LockError::Taken(taken) if taken == folder));
    assert!(again.is_ok());
}

#[test]
fn an_unreachable_database_is_named_without_its_password() {
    let urls = [
        "postgres://hub:secret@127.0.0.1:1/hub",
        "sqlite:/no/such/folder/hub.db",
    ];

    let messages = urls.map(|url| {
        let refused = Store::open(&url.parse().unwrap());
        let Err(error @ OpenError::Unreachable { .. }) = refused else {
            panic!("{url} was opened")
        };
        format!("{error} {error:?}")
    });

    assert!(
        messages.iter().all(|message| !message.contains("secret")),
        "{messages:?}"
    );
    assert!(messages[1].contains("/no/such/folder/hub.db"));
}

#[test]
fn an_address_names_one_engine_or_is_refused() {
    let parsed = |text: &str| text.parse::<DatabaseUrl>();
    let file = |path: &str| Ok(DatabaseUrl::Sqlite(path.into()));

    assert_eq!(parsed("hub.db"), file("hub.db"));
    assert_eq!(parsed("sqlite:/data/hub.db"), file("/data/hub.db"));
    assert_eq!(parsed("sqlite:///data/hub.db"), file("/data/hub.db"));
    assert_eq!(parsed("/data/a:b.db"), file("/data/a:b.db"));
    assert_eq!(
        parsed("postgres:///hub").unwrap().engine(),
        Engine::Postgres
    );
    assert_eq!(parsed("sqlite:"), Err(DatabaseUrlError::Empty));
    assert_eq!(parsed("sqlite::memory:"), Err(DatabaseUrlError::InMemory));
    assert_eq!(
        parsed("mysql://hub"),
        Err(DatabaseUrlError::UnknownScheme("mysql".to_owned()))
    );
    assert_eq!(
        parsed("hub.db").unwrap().within(Path::new("/data")),
        parsed("/data/hub.db").unwrap()
    );
}
