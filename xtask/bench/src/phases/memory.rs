//! What a hub holds in memory: idle, and under rounds of the same load, which must not add up.

use std::time::Duration;

use anyhow::Result;

use super::{Bench, CONNECTIONS, PEERS, deliver, inbox, pages};
use crate::numbers::{number, ratio};
use crate::report::Bound;
use crate::requests::{Plan, SaidBy, sign};
use crate::{seed, usage};

/// After the first answer.
const IDLE: Duration = Duration::from_secs(3);
/// Rounds of load; those after the second one must not grow.
const ROUNDS: usize = 6;

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let most = bench.most();
    let (hub, author) = bench.hub(most).await?;
    seed::allow(&hub, &bench.network, PEERS).await?;
    let running = hub.start()?;
    tokio::time::sleep(IDLE).await;
    let idle = usage::memory(running.pid());
    let report = &mut bench.report;
    report.figure(
        "memory",
        "idle, 3 s after the start",
        mib(idle.resident),
        "MiB",
    );
    report.figure("memory", "idle, not of files", mib(idle.anonymous), "MiB");
    report.figure("memory", "threads, idle", number(idle.threads), "");
    let kinds = pages::kinds(bench, &hub, &running, most).await?;
    let mut after = Vec::new();
    for round in 0..ROUNDS {
        let batch = format!("memory{round}");
        let plan = Plan {
            count: bench.sizes.activities / 4,
            batch: &batch,
            peers: PEERS,
            said_by: SaidBy::Hubs,
        };
        let signed = sign(&bench.network, &bench.keys, &running.origin, plan)?;
        inbox::batch_of(&running, &signed, CONNECTIONS).await?;
        for kind in &kinds {
            pages::read(&running, kind, Duration::from_millis(300)).await?;
        }
        for turn in 0..5 {
            deliver::post(&running, &author, round * 5 + turn).await?;
        }
        let now = usage::memory(running.pid());
        after.push(mib(now.resident));
        let name = format!("after round {} of inbox, pages, publications", round + 1);
        bench
            .report
            .figure("memory", name, mib(now.resident), "MiB");
    }
    let end = usage::memory(running.pid());
    running.stop()?;
    let report = &mut bench.report;
    report.figure("memory", "most at any moment", mib(end.peak), "MiB");
    report.figure("memory", "threads, loaded", number(end.threads), "");
    let second = after.get(1).copied().unwrap_or(0.0);
    let last = after.last().copied().unwrap_or(0.0);
    bench.must("memory, idle", mib(idle.resident), 32.0, "MiB");
    bench.must("memory, most under load", mib(end.peak), 64.0, "MiB");
    bench.aim(
        "memory, last round against the second",
        ratio(last, second),
        Bound::AtMost,
        1.1,
        "×",
    );
    Ok(())
}

fn mib(kib: u64) -> f64 {
    number(kib) / 1_024.0
}
