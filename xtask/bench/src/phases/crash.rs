//! SIGKILL under load: what was answered is stored, what was not is sent again, nothing twice.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::{Bench, CONNECTIONS};
use crate::client::{Work, load};
use crate::numbers::{median, size};
use crate::requests::{Plan, SaidBy, Signed, bytes, sign};
use crate::{rows, seed};

/// Servers that send.
const SENDERS: usize = 16;

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let (hub, _) = bench.hub(bench.fewest()).await?;
    seed::allow(&hub, &bench.network, SENDERS).await?;
    let (mut accepted, mut again, mut starts) = (Vec::new(), 0, Vec::new());
    let mut running = hub.start()?;
    for kill in 0..bench.sizes.kills {
        let batch = format!("crash-{kill}");
        let plan = Plan {
            count: bench.sizes.activities / 4,
            batch: &batch,
            peers: SENDERS,
            said_by: SaidBy::Hubs,
        };
        let signed = sign(&bench.network, &bench.keys, &running.origin, plan)?;
        let work = Work::Each(Arc::new(bytes(&signed)));
        let address = running.address;
        let loading = tokio::spawn(async move { load(address, CONNECTIONS, &work).await });
        // Moments that differ, the same in every run.
        let moment = 20 + u64::try_from(kill).unwrap_or(0) * 37 % 200;
        tokio::time::sleep(Duration::from_millis(moment)).await;
        running.kill()?;
        let cut = loading.await?;
        running = hub.start()?;
        starts.push(running.started_in.as_secs_f64() * 1_000.0);
        let rest: Vec<Signed> = signed
            .iter()
            .enumerate()
            .filter(|(place, _)| !cut.accepted.contains(place))
            .map(|(_, request)| request.clone())
            .collect();
        again += rest.len();
        let work = Work::Each(Arc::new(bytes(&rest)));
        load(address, CONNECTIONS, &work)
            .await
            .all_well("after the crash")?;
        accepted.extend(signed.into_iter().map(|request| request.activity));
    }
    running.stop()?;
    let count = accepted.len();
    let found = seed::read(&hub, move |conn| rows::stored(conn, "crash", &accepted)).await?;
    let report = &mut bench.report;
    report.figure("crash", "kills under load", size(bench.sizes.kills), "");
    report.figure(
        "crash",
        "activities answered 2xx in the end",
        size(count),
        "rows",
    );
    report.figure(
        "crash",
        "of these sent again after a kill",
        size(again),
        "rows",
    );
    report.figure(
        "crash",
        "rows of activities",
        size(found.activities),
        "rows",
    );
    report.figure("crash", "rows of effects", size(found.effects), "rows");
    report.figure(
        "crash",
        "first answer after a kill, median",
        median(&starts),
        "ms",
    );
    bench.must("crash: answered and lost", size(found.lost), 0.0, "rows");
    bench.must("crash: effects doubled", size(found.doubled), 0.0, "rows");
    Ok(())
}
