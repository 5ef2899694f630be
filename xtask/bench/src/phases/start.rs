//! From the start of the process to the first page.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use super::Bench;
use crate::hub::Hub;
use crate::numbers::median;
use crate::report::Bound;

/// Starts of each kind.
const TIMES: usize = 10;

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let binary = bench.binary.clone();
    let mut empty = Vec::new();
    for _ in 0..TIMES {
        let folder = bench.fresh("empty");
        empty.push(started(&Hub::make(&folder, Path::new(&binary))?)?);
    }
    let most = bench.most();
    let (hub, _) = bench.hub(most).await?;
    let mut existing = Vec::new();
    for _ in 0..TIMES {
        existing.push(started(&hub)?);
    }
    let worst = existing.iter().copied().fold(0.0, f64::max);
    let report = &mut bench.report;
    report.figure("start", "first answer, new database", median(&empty), "ms");
    report.figure(
        "start",
        "first answer, existing database",
        median(&existing),
        "ms",
    );
    report.figure(
        "start",
        "first answer, existing database, slowest",
        worst,
        "ms",
    );
    bench.aim(
        "start to the first answer, existing database",
        median(&existing),
        Bound::AtMost,
        100.0,
        "ms",
    );
    Ok(())
}

fn started(hub: &Hub) -> Result<f64> {
    let running = hub.start()?;
    let time: Duration = running.started_in;
    running.stop()?;
    Ok(time.as_secs_f64() * 1_000.0)
}
