//! No cost grows with what is stored: CPU at each size against the smallest.

use std::time::Duration;

use anyhow::Result;

use super::{Bench, CONNECTIONS, deliver, inbox, pages};
use crate::numbers::ratio;
use crate::seed;

/// CPU for each of something, at the smallest size and at one more.
struct Cost {
    name: String,
    cpu: f64,
}

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let mut smallest: Vec<Cost> = Vec::new();
    let mut worst: f64 = 0.0;
    for publications in bench.sizes.publications.clone() {
        let costs = costs(bench, publications).await?;
        bench.clear()?;
        for cost in &costs {
            let name = format!("{}, {publications} publications: CPU", cost.name);
            bench.report.figure("growth", name, cost.cpu, "µs");
            let first = smallest.iter().find(|first| first.name == cost.name);
            if let Some(first) = first {
                let grown = ratio(cost.cpu, first.cpu);
                let name = format!("{}, {publications} against the smallest", cost.name);
                bench.report.figure("growth", name, grown, "×");
                worst = worst.max(grown);
            }
        }
        if smallest.is_empty() {
            smallest = costs;
        }
    }
    bench.must(
        "growth of the dearest cost with the tables",
        worst,
        1.25,
        "×",
    );
    Ok(())
}

async fn costs(bench: &mut Bench, publications: u64) -> Result<Vec<Cost>> {
    let (hub, author) = bench.hub(publications).await?;
    let time = Duration::from_secs(bench.sizes.seconds);
    seed::allow(&hub, &bench.network, super::PEERS).await?;
    let mut costs = Vec::new();
    let running = hub.start()?;
    for kind in pages::kinds(bench, &hub, &running, publications).await? {
        let read = pages::read(&running, &kind, time).await?;
        costs.push(Cost {
            name: kind.name.to_owned(),
            cpu: read.cpu,
        });
    }
    running.stop()?;
    let (measured, _) = inbox::run_once(bench, &hub, "growth", CONNECTIONS).await?;
    costs.push(Cost {
        name: "inbox".to_owned(),
        cpu: measured.cpu,
    });
    let drained = deliver::drain(bench, &hub, &author, None).await?;
    costs.push(Cost {
        name: "delivery".to_owned(),
        cpu: drained.cpu,
    });
    Ok(costs)
}
