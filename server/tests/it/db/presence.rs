//! A process that lives is told from one that was killed.

use std::time::Duration;

use interkpa_server::db::error::StoreError;
use interkpa_server::db::presence::Presence;
use interkpa_server::db::store::Store;
use interkpa_server::db::url::Engine;
use interkpa_server::testing::database::{TestDatabase, engine};

async fn is_gone(store: &Store, seen_by: &Presence, name: &'static str) -> bool {
    let seen_by = seen_by.clone();
    let look = move |tx: &mut _| -> Result<bool, StoreError> { seen_by.is_gone(tx, name) };
    store.write(look).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_its_presence_lives_and_nobody_else() {
    let database = TestDatabase::fresh();
    let store = database.store();
    let presence = |name: &str| Presence::new(name.to_owned(), database.url().clone());
    let (one, other) = (presence("one"), presence("other"));
    one.hold().unwrap();
    other.hold().unwrap();

    assert!(!is_gone(&store, &one, "one").await);
    assert!(is_gone(&store, &one, "never seen").await);
    // A SQLite file has one process: other names on it are those of earlier ones.
    let shared = engine() == Engine::Postgres;
    assert_eq!(is_gone(&store, &one, "other").await, !shared);
    other.hold().unwrap();
    assert_eq!(is_gone(&store, &one, "other").await, !shared);

    drop(other);
    // The server notices a closed connection a moment later.
    while !is_gone(&store, &one, "other").await {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_whose_connection_was_cut_makes_itself_seen_again() {
    let database = TestDatabase::fresh();
    let presence = |name: &str| Presence::new(name.to_owned(), database.url().clone());
    let (one, other) = (presence("one"), presence("other"));
    other.hold().unwrap();
    database.cut_connections();

    other.hold().unwrap();

    let store = database.store();
    let shared = engine() == Engine::Postgres;
    assert_eq!(is_gone(&store, &one, "other").await, !shared);
    store.close().await;
}
