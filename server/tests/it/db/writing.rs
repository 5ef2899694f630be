use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use interkpa_server::db::conn::{Conn, atomically};
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::counters;
use interkpa_server::db::types::total;
use interkpa_server::db::url::Engine;
use interkpa_server::testing::database::TestDatabase;
use tokio::task::JoinSet;

use super::{add_activity, add_delivery, buckets, count_once};

/// An error of a feature: a refusal of its own, or the store's.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("it is closed")]
    Closed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[tokio::test(flavor = "multi_thread")]
async fn of_200_writers_of_100_things_exactly_100_write_a_new_one() {
    let database = TestDatabase::fresh();
    let store = database.store();

    let mut writers = JoinSet::new();
    for n in 0..200 {
        let (store, bucket) = (store.clone(), format!("thing {:02}", n % 100));
        writers.spawn(async move {
            store
                .write(move |tx| count_once(tx, &bucket))
                .await
                .unwrap()
        });
    }
    let new = writers
        .join_all()
        .await
        .into_iter()
        .filter(|new| *new)
        .count();

    assert_eq!(new, 100);
    assert_eq!(store.read(buckets).await.unwrap().len(), 100);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_the_domain_undoes_the_write_and_travels() {
    let database = TestDatabase::fresh();
    let store = database.store();

    let refused: Result<(), Refusal> = store
        .write(|tx| {
            count_once(tx, "written before the refusal")?;
            Err(Refusal::Closed)
        })
        .await;

    assert!(matches!(refused, Err(Refusal::Closed)));
    assert!(store.read(buckets).await.unwrap().is_empty());
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_reference_fails_only_its_own_write() {
    let database = TestDatabase::fresh();
    let store = database.store();

    let mut writers = JoinSet::new();
    for n in 0..60 {
        let store = store.clone();
        writers.spawn(async move {
            let written = store
                .write(move |tx| {
                    if n % 3 == 0 {
                        add_delivery(tx, &n.to_string(), "no such activity")
                    } else {
                        count_once(tx, &n.to_string()).map(drop)
                    }
                })
                .await;
            (n, written)
        });
    }

    for (n, written) in writers.join_all().await {
        match written {
            Err(error) => assert!(
                n % 3 == 0 && error.is_conflict_of("foreign key"),
                "{error:?}"
            ),
            Ok(()) => assert_ne!(n % 3, 0),
        }
    }
    assert_eq!(store.read(buckets).await.unwrap().len(), 40);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_write_costs_that_write_only() {
    let database = TestDatabase::fresh();
    let store = database.store();

    let mut writers = JoinSet::new();
    for n in 0..20 {
        let store = store.clone();
        writers.spawn(async move {
            let written: Result<(), StoreError> = store
                .write(move |tx| {
                    count_once(tx, &format!("{n:02}"))?;
                    // Two savepoints deep, so that both have to be undone.
                    atomically(tx, |tx| {
                        count_once(tx, &format!("{n:02} again"))?;
                        assert!(n != 7, "panic of the test");
                        Ok(())
                    })
                })
                .await;
            (n, written)
        });
    }

    for (n, written) in writers.join_all().await {
        assert_eq!(written.is_ok(), n != 7, "write {n}");
    }
    let left = store.read(buckets).await.unwrap();
    assert_eq!(left.len(), 38);
    assert!(left.iter().all(|bucket| !bucket.starts_with("07")));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_on_after_a_conflict_is_written() {
    let database = TestDatabase::fresh();
    let store = database.store();
    let insert = |tx: &mut Conn| {
        let row = (
            counters::bucket.eq("a"),
            counters::window_start.eq(0_i64),
            counters::count.eq(1_i64),
        );
        diesel::insert_into(counters::table)
            .values(row)
            .execute(tx)
            .map_err(StoreError::from)
    };
    store.write(insert).await.unwrap();

    let conflict = store
        .write(move |tx| {
            let again = atomically(tx, insert);
            count_once(tx, "after the conflict")?;
            Ok::<_, StoreError>(again.unwrap_err())
        })
        .await
        .unwrap();

    assert!(
        conflict.is_conflict_of("counters(bucket, window_start)"),
        "{conflict:?}"
    );
    assert_eq!(
        store.read(buckets).await.unwrap(),
        ["a", "after the conflict"]
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicts_have_the_same_names_on_both_engines() {
    let database = TestDatabase::fresh();
    let store = database.store();
    store
        .write(|tx| {
            add_activity(tx, "a")?;
            add_delivery(tx, "1", "a")
        })
        .await
        .unwrap();

    let conflict = async |sql: &'static str| {
        let refused = store
            .write(move |tx| tx.batch_execute(sql).map_err(StoreError::from))
            .await;
        match refused {
            Err(StoreError::Conflict(name)) => name,
            other => panic!("{sql}: {other:?}"),
        }
    };

    let same_pair = "INSERT INTO deliveries (id, origin, inbox, activity_id, state, created_at) \
        VALUES ('2', 'o', 'https://hub.example/inbox', 'a', 'waiting', 0)";
    assert_eq!(conflict(same_pair).await, "deliveries(activity_id, inbox)");
    assert_eq!(
        conflict("UPDATE deliveries SET activity_id = 'b'").await,
        "foreign key"
    );
    assert_eq!(
        conflict("UPDATE deliveries SET inbox = NULL").await,
        "not null"
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_sqlite_undid_by_itself_is_acknowledged_to_nobody() {
    let database = TestDatabase::on(Engine::Sqlite);
    let store = database.store();
    store.write(|tx| count_once(tx, "before")).await.unwrap();
    // The first write holds the thread until the others wait behind it: they share a group.
    let (started, is_started) = tokio::sync::oneshot::channel();
    let (go, may_go) = std::sync::mpsc::channel::<()>();
    let first = tokio::spawn({
        let store = store.clone();
        async move {
            let hold = move |_: &mut Conn| {
                started.send(()).map_err(|()| StoreError::Busy)?;
                may_go.recv().map_err(StoreError::broken)
            };
            store.write(hold).await
        }
    });
    is_started.await.unwrap();
    let undo_all = |tx: &mut Conn| {
        let sql = "INSERT OR ROLLBACK INTO counters VALUES ('before', 0, 1)";
        tx.batch_execute(sql).map_err(StoreError::from)
    };

    let (one, two, three, ()) = tokio::join!(
        store.write(|tx| count_once(tx, "one")),
        store.write(undo_all),
        store.write(|tx| count_once(tx, "three")),
        async { go.send(()).unwrap() },
    );

    first.await.unwrap().unwrap();
    assert!(matches!(one, Err(StoreError::Busy)), "{one:?}");
    assert!(matches!(two, Err(StoreError::Busy)), "{two:?}");
    assert!(matches!(three, Err(StoreError::Busy)), "{three:?}");
    assert_eq!(store.read(buckets).await.unwrap(), ["before"]);
    assert!(store.write(|tx| count_once(tx, "after")).await.unwrap());
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ignored_failure_is_never_a_silent_loss() {
    let database = TestDatabase::fresh();
    let store = database.store();

    let written = store
        .write(|tx| {
            count_once(tx, "a")?;
            drop(add_delivery(tx, "1", "no such activity"));
            Ok::<_, StoreError>(())
        })
        .await;

    // SQLite keeps what went well; PostgreSQL refuses all of it, and says so.
    let kept = store.read(buckets).await.unwrap();
    assert_eq!(written.is_ok(), kept == ["a"], "{written:?} {kept:?}");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_row_is_not_found() {
    let database = TestDatabase::fresh();
    let store = database.store();

    let missing = store
        .read(|conn| {
            let count = counters::table.select(counters::count).first::<i64>(conn)?;
            Ok::<_, StoreError>(count)
        })
        .await;

    assert!(matches!(missing, Err(StoreError::NotFound)));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_of_work_given_up_for_another_is_run_again() {
    let database = TestDatabase::fresh();
    let store = database.store();
    store
        .write(|tx| {
            count_once(tx, "a")?;
            count_once(tx, "b")
        })
        .await
        .unwrap();

    // Each takes one row, waits for the other to have taken its own, then wants both: PostgreSQL
    // gives one up. SQLite runs one after the other, so nobody is waited for there.
    let together = Arc::new(std::sync::Barrier::new(2));
    let runs = Arc::new(AtomicUsize::new(0));
    let mut writers = JoinSet::new();
    for (first, second) in [("a", "b"), ("b", "a")] {
        let (store, together, runs) = (store.clone(), Arc::clone(&together), Arc::clone(&runs));
        writers.spawn(async move {
            let waits = [Duration::from_millis(5), Duration::from_millis(20)];
            store
                .write_retry(waits, move |tx| {
                    let run = runs.fetch_add(1, Ordering::SeqCst);
                    raise(tx, first)?;
                    if run < 2 && tx.engine() == Engine::Postgres {
                        together.wait();
                    }
                    raise(tx, second)
                })
                .await
        });
    }

    assert!(
        writers
            .join_all()
            .await
            .into_iter()
            .all(|written| written.is_ok())
    );
    let sum = store
        .read(|conn| {
            let sum: i64 = counters::table.select(total(counters::count)).first(conn)?;
            Ok::<_, StoreError>(sum)
        })
        .await
        .unwrap();
    assert_eq!(sum, 6, "two rows of 1, each raised twice");
    let expected = if store.engine() == Engine::Postgres {
        3
    } else {
        2
    };
    assert_eq!(runs.load(Ordering::SeqCst), expected);
    store.close().await;
}

fn raise(conn: &mut Conn, bucket: &str) -> Result<(), StoreError> {
    let row = counters::table.filter(counters::bucket.eq(bucket));
    diesel::update(row)
        .set(counters::count.eq(counters::count + 1))
        .execute(conn)?;
    Ok(())
}
