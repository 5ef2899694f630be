//! Two hubs as real processes, killed at random moments: nothing acknowledged is lost, nothing is
//! doubled, the files stay whole (promises P1 and P2).
//!
//! `INTERKPA_KILLS` says how many kills (50 unless said), `INTERKPA_SEED` repeats a run.
//! One hub keeps its data in PostgreSQL when `INTERKPA_TEST_POSTGRES_URL` is given.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken assumption fails the run"
)]

mod rig;
mod story;

use std::collections::BTreeSet;

use rig::{Chance, Rig};

/// Kills of one run unless the environment says otherwise.
const KILLS: usize = 50;

fn setting<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    #[expect(clippy::disallowed_methods, reason = "settings of the test run")]
    let text = std::env::var(name).unwrap_or_default();
    text.parse().unwrap_or(otherwise)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_when_hubs_are_killed() {
    let seed: u64 = setting("INTERKPA_SEED", 20_261_125);
    let kills: usize = setting("INTERKPA_KILLS", KILLS);
    let mut chance = Chance::new(seed);
    let mut rig = Rig::start("kills").await;

    let mut acknowledged = BTreeSet::new();
    for kill in 0..kills {
        let before_kill = 1 + chance.below(6);
        for n in 0..before_kill {
            let key = format!("{seed}-{kill}-{n}");
            // The last one of each round races with the kill: it may or may not be acknowledged.
            if n + 1 == before_kill {
                let victim = chance.below(2);
                let pause = chance.below(40);
                let (answer, ()) = tokio::join!(rig.publish(&key), rig.kill_after(victim, pause));
                acknowledged.extend(answer);
                rig.restart(victim).await;
                // Whoever got no answer asks again with the same key.
                acknowledged.insert(rig.publish_until_answered(&key).await);
            } else {
                acknowledged.insert(rig.publish_until_answered(&key).await);
            }
        }
    }
    rig.until_delivered().await;

    let here = rig.published_at(0).await;
    let there = rig.published_at(1).await;
    let expected: Vec<String> = acknowledged.iter().cloned().collect();
    assert_eq!(here, expected, "seed {seed}: the publishing hub");
    assert_eq!(there, expected, "seed {seed}: the receiving hub");
    rig.stop().await;
    rig.assert_whole();
    println!(
        "{kills} kills, {} publications acknowledged, 0 lost, 0 doubled",
        expected.len()
    );
}
