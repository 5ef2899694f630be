use std::sync::Arc;

use interkpa_server::db::error::StoreError;
use interkpa_server::db::url::Engine;
use interkpa_server::testing::database::TestDatabase;
use tokio::task::JoinSet;

use super::{buckets, count_once, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_read_costs_that_read_only() {
    let database = TestDatabase::fresh();
    let store = database.store();

    for _ in 0..20 {
        let read: Result<(), StoreError> = store.read(|_| panic!("panic of the test")).await;
        assert!(matches!(read, Err(StoreError::Broken(_))));
    }

    assert!(store.read(buckets).await.unwrap().is_empty());
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_queued_before_close_are_answered_and_later_ones_refused() {
    let database = TestDatabase::fresh();
    let store = database.store();

    let mut writers = JoinSet::new();
    for n in 0..500 {
        let store = store.clone();
        writers.spawn(async move { store.write(move |tx| count_once(tx, &n.to_string())).await });
    }
    tokio::task::yield_now().await;
    store.close().await;
    let answers = writers.join_all().await;
    let after = store.write(|tx| count_once(tx, "after")).await;
    let read = store.read(buckets).await;

    assert!(matches!(after, Err(StoreError::Busy)), "{after:?}");
    assert!(matches!(read, Err(StoreError::Busy)), "{read:?}");
    let acknowledged = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Ok(true) | Err(StoreError::Busy)))
    );
    let reopened = database.store();
    assert_eq!(reopened.read(buckets).await.unwrap().len(), acknowledged);
    reopened.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_twice_is_harmless() {
    let database = TestDatabase::fresh();
    let store = database.store();

    store.close().await;
    store.clone().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_of_the_readers_refuses_a_write() {
    let database = TestDatabase::on(Engine::Sqlite);
    let store = database.store();

    let refused = store.read(|conn| count_once(conn, "from a reader")).await;

    assert!(matches!(refused, Err(StoreError::Broken(_))), "{refused:?}");
    assert!(store.read(buckets).await.unwrap().is_empty());
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sqlite_connection_has_the_settings_that_keep_the_data() {
    const SETTINGS: &str = "(SELECT busy_timeout.timeout || ' ' || journal_mode || ' ' || synchronous || ' ' || foreign_keys \
        FROM pragma_busy_timeout AS busy_timeout, pragma_journal_mode, pragma_synchronous, pragma_foreign_keys)";
    const READ_ONLY: &str = "(SELECT CAST(query_only AS TEXT) FROM pragma_query_only)";
    let database = TestDatabase::on(Engine::Sqlite);
    let store = database.store();

    let writer = store
        .write(|tx| Ok::<_, StoreError>((text(tx, SETTINGS)?, text(tx, READ_ONLY)?)))
        .await
        .unwrap();
    assert_eq!(writer, ("5000 wal 2 1".to_owned(), "0".to_owned()));

    // Four readers at once, so that each is asked.
    let together = Arc::new(std::sync::Barrier::new(4));
    let mut readers = JoinSet::new();
    for _ in 0..4 {
        let (store, together) = (store.clone(), Arc::clone(&together));
        readers.spawn(async move {
            store
                .read(move |conn| {
                    together.wait();
                    Ok::<_, StoreError>((text(conn, SETTINGS)?, text(conn, READ_ONLY)?))
                })
                .await
                .unwrap()
        });
    }
    for reader in readers.join_all().await {
        assert_eq!(reader, ("5000 wal 2 1".to_owned(), "1".to_owned()));
    }
    store.close().await;
}
