//! What has served is forgotten, and what counts stays.

use diesel::prelude::*;
use interkpa_federation::{Instant, Span};
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::{idempotency, inbox_activities, sessions};
use interkpa_server::db::{counters, once};
use interkpa_server::keeping::{self, ACTIVITY_IDS, ANSWERS, BATCH, COUNTS, DOCUMENTS};
use interkpa_server::testing::network::{TestHub, TestNetwork};

/// An activity taken in at a time.
async fn arrived(hub: &TestHub, name: &str, state: &'static str, at: Instant) {
    let id = format!("https://ailleurs.example/{name}");
    hub.app
        .write(move |tx| -> Result<(), StoreError> {
            diesel::insert_into(inbox_activities::table)
                .values((
                    inbox_activities::id.eq(id),
                    inbox_activities::actor_uri.eq("https://ailleurs.example/hub"),
                    inbox_activities::kind.eq("Create"),
                    inbox_activities::state.eq(state),
                    inbox_activities::body.eq("{}"),
                    inbox_activities::received_at.eq(at.as_milliseconds()),
                ))
                .execute(tx)?;
            Ok(())
        })
        .await
        .expect("a row is written");
}

async fn bodies(hub: &TestHub) -> Vec<(String, String)> {
    let rows = hub
        .app
        .store
        .read(|conn| -> Result<Vec<(String, String)>, StoreError> {
            Ok(inbox_activities::table
                .order(inbox_activities::id)
                .select((inbox_activities::id, inbox_activities::body))
                .load(conn)?)
        });
    rows.await.expect("rows are read")
}

fn named(rows: &[(String, String)], name: &str) -> Option<String> {
    rows.iter()
        .find(|(id, _)| id.ends_with(name))
        .map(|(_, body)| body.clone())
}

#[tokio::test]
async fn documents_are_emptied_and_ids_kept_until_no_repetition_can_come() {
    let network = TestNetwork::new(1);
    let hub = network.hub("bobinette").await;
    let now = hub.app.now();
    arrived(
        &hub,
        "ancient",
        "applied",
        now - ACTIVITY_IDS - Span::days(1),
    )
    .await;
    arrived(&hub, "old", "applied", now - DOCUMENTS - Span::days(1)).await;
    arrived(
        &hub,
        "old-waiting",
        "waiting",
        now - DOCUMENTS - Span::days(1),
    )
    .await;
    arrived(&hub, "new", "applied", now - Span::days(1)).await;

    keeping::plan(&hub.app).await.expect("planned");
    keeping::plan(&hub.app).await.expect("planned once");
    network.clock.advance(Span::days(1));
    hub.run_due_jobs().await;

    let rows = bodies(&hub).await;
    assert_eq!(named(&rows, "/ancient"), None);
    assert_eq!(named(&rows, "/old").as_deref(), Some(""));
    assert_eq!(named(&rows, "/old-waiting").as_deref(), Some("{}"));
    assert_eq!(named(&rows, "/new").as_deref(), Some("{}"));
}

#[tokio::test]
async fn answers_counts_and_sessions_end() {
    let network = TestNetwork::new(2);
    let hub = network.hub("bobinette").await;
    hub.member("aicha").create().await;
    let now = hub.app.now();
    hub.app
        .write(move |tx| -> Result<(), StoreError> {
            for n in 0..=BATCH {
                once::claim(tx, "old", &n.to_string(), now - ANSWERS - Span::days(1))?;
            }
            once::claim(tx, "new", "1", now)?;
            counters::add(tx, "tries", now - COUNTS - Span::days(1), 3)?;
            counters::add(tx, "tries", now, 4)?;
            Ok(())
        })
        .await
        .expect("rows are written");

    keeping::plan(&hub.app).await.expect("planned");
    network.clock.advance(Span::days(400));
    hub.run_due_jobs().await;

    let left = hub
        .app
        .store
        .read(move |conn| -> Result<_, StoreError> {
            let answers: i64 = idempotency::table.count().get_result(conn)?;
            let open: i64 = sessions::table.count().get_result(conn)?;
            let old = counters::get(conn, "tries", now - COUNTS - Span::days(1))?;
            Ok((answers, open, old))
        })
        .await
        .expect("rows are read");
    assert_eq!(left, (0, 0, 0));
}

#[tokio::test]
async fn the_next_sweep_is_planned_by_the_one_before() {
    let network = TestNetwork::new(3);
    let hub = network.hub("bobinette").await;
    keeping::plan(&hub.app).await.expect("planned");
    network.clock.advance(Span::days(1));
    hub.run_due_jobs().await;
    let now = hub.app.now();
    arrived(&hub, "old", "applied", now - DOCUMENTS).await;

    network.clock.advance(Span::days(1));
    hub.run_due_jobs().await;

    assert_eq!(named(&bodies(&hub).await, "/old").as_deref(), Some(""));
}
