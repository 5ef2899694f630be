//! A hub that comes back from a backup is heard again at once, and nothing counts twice
//! (docs/decisions/0006).

use std::collections::BTreeSet;
use std::fs;

use diesel::prelude::*;
use interkpa_federation::Span;
use interkpa_server::backup;
use interkpa_server::db::error::StoreError;
use interkpa_server::db::schema::inbox_activities;
use interkpa_server::random::Random;
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};
use serde_json::json;

async fn publish(hub: &TestHub, member: &TestMember, title: &str) {
    let body = json!({
        "purpose": "offer", "title": title, "settlements": ["gift"], "visibility": "network",
    });
    let answered = hub
        .api(member, "POST", "/api/v1/proposals", Some(body))
        .await;
    assert_eq!(answered.status, 201, "{}", answered.json());
}

/// The activities a hub took in from another one.
async fn heard(hub: &TestHub, from: &TestHub) -> BTreeSet<String> {
    let begin = format!("{}/%", from.origin());
    hub.app
        .store
        .read(move |conn| -> Result<Vec<String>, StoreError> {
            Ok(inbox_activities::table
                .filter(inbox_activities::actor_uri.like(begin))
                .select(inbox_activities::id)
                .load(conn)?)
        })
        .await
        .unwrap()
        .into_iter()
        .collect()
}

#[tokio::test]
async fn a_restored_hub_is_heard_at_once_and_repeats_change_nothing() {
    let network = TestNetwork::new(22);
    let mut bobinette = network
        .build("bobinette")
        // Backups are of SQLite, whatever engine this run is for.
        .settings(|config| "hub.db".clone_into(&mut config.database.url))
        .start()
        .await;
    let mut chevalement = network.hub("chevalement").await;
    network.befriend(&[&bobinette, &chevalement]).await;
    let aicha = bobinette.member("aicha").create().await;
    network.settle(&[&bobinette, &chevalement]).await;
    let data = bobinette.data().to_owned();
    let toml = bobinette.app.config.to_toml();
    fs::write(data.join("interkpa.toml"), toml).unwrap();

    // What waits while the other hub is down is in the backup as something to send.
    chevalement.go_silent();
    publish(&bobinette, &aicha, "Une perceuse").await;
    bobinette.deliver_all().await;
    let made = backup::make(&data, &bobinette.app.config, bobinette.app.now(), 3).unwrap();
    chevalement.listen_again().await;
    network.clock.advance(Span::days(1));
    network.settle(&[&bobinette, &chevalement]).await;
    publish(&bobinette, &aicha, "Un vélo").await;
    network.settle(&[&bobinette, &chevalement]).await;
    let before = heard(&chevalement, &bobinette).await;
    assert!(before.len() >= 2, "{before:?}");

    let (aside, broken) = (
        data.with_extension("restored"),
        data.with_extension("broken"),
    );
    let random = Random::system().unwrap();
    let told = backup::restore(&made.path, &aside, None, &network.clock, &random)
        .await
        .unwrap();
    bobinette.go_silent();
    fs::rename(&data, &broken).unwrap();
    fs::rename(&aside, &data).unwrap();
    bobinette.restart().await;
    network.settle(&[&bobinette, &chevalement]).await;
    assert_eq!(
        heard(&chevalement, &bobinette).await,
        before,
        "a repeat was counted"
    );

    let token = bobinette.member("leo").create().await;
    publish(&bobinette, &token, "Une échelle").await;
    network.settle(&[&bobinette, &chevalement]).await;

    let after = heard(&chevalement, &bobinette).await;
    assert_eq!(
        after.len(),
        before.len() + 1,
        "one publication more, at the same instant"
    );
    assert!(after.is_superset(&before));
    assert!(told.closed.tokens >= 1, "tokens of before work no more");
    fs::remove_dir_all(&broken).unwrap();
}
