//! The same again: no second effect (D11, D12).

use std::sync::Arc;

use serde_json::json;
use tokio::task::JoinSet;

use crate::scene::{Scene, actor_of};
use crate::table::Table;

/// What one Follow writes, and its Accept.
const OF_A_FOLLOW: &[&str] = &[
    "inbox_activities",
    "outbox_activities",
    "deliveries",
    "follows",
    "remote_actors",
    "notifications",
    "audit_events",
    "jobs",
];

pub(super) async fn run(scene: &Scene, table: &mut Table) {
    let yann = actor_of(&scene.evil, "yann", 4);
    let case = scene.case(11, "one delivery 100 times on 8 connections", &[(202, "")]);
    let mut case = case.await.fetches(1).rows(OF_A_FOLLOW);
    let before = scene.look().await.rows;
    let delivery = Arc::new(scene.signed(&yann, &scene.follow_of(&yann, 1)));
    case.send(&delivery).await;
    let mut connections = JoinSet::new();
    for _ in 0..8 {
        let delivery = Arc::clone(&delivery);
        connections.spawn(async move {
            let mut answers = Vec::new();
            for _ in 0..12 {
                answers.push(delivery.send().await);
            }
            answers
        });
    }
    for answered in connections.join_all().await.into_iter().flatten() {
        case.answered(&answered);
    }
    let after = scene.look().await.rows;
    let gained = |name: &str| after[name] - before[name];
    case.holds(
        "one activity, one follower, one Accept",
        (
            gained("inbox_activities"),
            gained("follows"),
            gained("deliveries"),
        ) == (1, 1, 1),
    );
    case.end(table).await;

    let case = scene.case(
        12,
        "the same id with another body, properly signed",
        &[(202, ""), (409, "*")],
    );
    let mut case = case.await;
    let mut other = scene.follow_of(&yann, 1);
    other["type"] = json!("Like");
    case.say(&yann, &other).await;
    let mut undo = scene.follow_of(&yann, 1);
    undo["object"] = json!("http://autre.localhost:1/x");
    case.say(&yann, &undo).await;
    case.end(table).await;
}
