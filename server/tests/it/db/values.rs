use diesel::prelude::*;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::counters;
use interkpa_server::db::types::{NulInText, total, without_nul};
use interkpa_server::per_backend;
use interkpa_server::testing::database::TestDatabase;

use super::{buckets, count_once};

#[tokio::test(flavor = "multi_thread")]
async fn several_rows_go_in_by_one_expression_for_both_engines() {
    let database = TestDatabase::fresh();
    let store = database.store();
    let rows: Vec<_> = (0..10)
        .map(|n| {
            let bucket = counters::bucket.eq(format!("{n}"));
            (
                bucket,
                counters::window_start.eq(0_i64),
                counters::count.eq(i64::from(n)),
            )
        })
        .collect();

    let inserted = store
        .write(move |tx| {
            let insert = diesel::insert_into(counters::table).values(&rows);
            Ok::<_, StoreError>(per_backend!(tx, c => insert.execute(c))?)
        })
        .await
        .unwrap();

    assert_eq!(inserted, 10);
    let sum: i64 = store
        .read(|conn| {
            Ok::<_, StoreError>(counters::table.select(total(counters::count)).first(conn)?)
        })
        .await
        .unwrap();
    assert_eq!(sum, 45);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sum_of_nothing_is_zero() {
    let database = TestDatabase::fresh();
    let store = database.store();

    let sum: i64 = store
        .read(|conn| {
            Ok::<_, StoreError>(counters::table.select(total(counters::count)).first(conn)?)
        })
        .await
        .unwrap();

    assert_eq!(sum, 0);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_but_one_with_nul_is_kept_as_it_is() {
    assert_eq!(without_nul("a\0b"), Err(NulInText));
    assert_eq!(
        NulInText.to_string(),
        "a text must not hold the character U+0000"
    );
    let database = TestDatabase::fresh();
    let store = database.store();
    let texts = [
        "",
        "é\u{301}",
        "\u{1}\u{7f}\u{feff}\r\n",
        "'\"\\$1 ?",
        "\u{10ffff}🚲",
        "ﬁ",
    ];

    for typed in texts {
        assert_eq!(without_nul(typed), Ok(typed));
        store.write(move |tx| count_once(tx, typed)).await.unwrap();
    }

    let mut expected = texts.to_vec();
    expected.sort_unstable();
    assert_eq!(store.read(buckets).await.unwrap(), expected);
    store.close().await;
}
