//! Activities out: from a member's publication to 64 other hubs, and from the durable queue.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::json;

use super::{Bench, PEERS};
use crate::client::once;
use crate::floor;
use crate::hub::{Hub, Running};
use crate::numbers::{median, number, rate, ratio, size};
use crate::report::Bound;
use crate::seed::Author;
use crate::{rows, seed, usage};

/// Publications measured one by one.
const PUBLISHED: usize = 12;
/// Longest wait for one publication everywhere.
const EVERYWHERE_MAX: Duration = Duration::from_secs(30);
/// Longest wait for a whole queue.
const DRAINED_MAX: Duration = Duration::from_mins(3);

/// What a drained queue showed.
pub(super) struct Drained {
    pub(super) rate: f64,
    /// CPU of the hub for each delivery, in microseconds, its start included.
    pub(super) cpu: f64,
}

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let (hub, author) = bench.hub(bench.fewest()).await?;
    seed::allow(&hub, &bench.network, PEERS).await?;
    publish(bench, &hub, &author).await?;
    let (mut ratios, mut rates, mut cpus, mut shares) = (vec![], vec![], vec![], vec![]);
    for _ in 0..bench.sizes.runs {
        let time = Duration::from_secs(bench.sizes.seconds);
        let limit = floor::rates(&bench.keys, time)?;
        let drained = drain(bench, &hub, &author, None).await?;
        ratios.push(ratio(drained.rate, limit.sign));
        shares.push(ratio(limit.sign_cpu, drained.cpu));
        rates.push(drained.rate);
        cpus.push(drained.cpu);
    }
    drain(bench, &hub, &author, Some(3)).await?;
    let report = &mut bench.report;
    report.figure(
        "deliver",
        "from the durable queue to 64 peers",
        median(&rates),
        "/s",
    );
    report.figure("deliver", "CPU for each delivery", median(&cpus), "µs");
    report.figure(
        "deliver",
        "ratio to the signer's limit, by the clock",
        median(&ratios),
        "×",
    );
    report.figure(
        "deliver",
        "ratio to the signer's limit, by CPU of the hub",
        median(&shares),
        "×",
    );
    bench.aim(
        "deliveries against the signer's limit",
        median(&shares),
        Bound::AtLeast,
        0.7,
        "×",
    );
    bench.must("deliveries lost", 0.0, 0.0, "rows"); // a queue that is not empty stops the run
    Ok(())
}

/// From the member's POST to the last of 64 peers.
async fn publish(bench: &mut Bench, hub: &Hub, author: &Author) -> Result<()> {
    let hub = hub.copied(&bench.fresh("publish"))?;
    let running = hub.start()?;
    let mut times = Vec::new();
    for turn in 0..=PUBLISHED {
        bench.network.forget();
        let began = Instant::now();
        post(&running, author, turn).await?;
        bench.network.wait_for(PEERS, EVERYWHERE_MAX).await?;
        let last = bench.network.arrivals().last;
        let time = last.map_or(Duration::ZERO, |last| last.saturating_duration_since(began));
        times.push(time.as_secs_f64() * 1_000.0);
    }
    running.stop()?;
    let cold = times.remove(0);
    let worst = times.iter().copied().fold(0.0, f64::max);
    let report = &mut bench.report;
    report.figure(
        "deliver",
        "publish to the last of 64 peers, first time",
        cold,
        "ms",
    );
    report.figure(
        "deliver",
        "publish to the last of 64 peers, median",
        median(&times),
        "ms",
    );
    report.figure(
        "deliver",
        "publish to the last of 64 peers, slowest",
        worst,
        "ms",
    );
    bench.aim(
        "publish to the last of 64 peers",
        median(&times),
        Bound::AtMost,
        150.0,
        "ms",
    );
    Ok(())
}

/// A member publishes by the JSON twin.
pub(super) async fn post(running: &Running, author: &Author, turn: usize) -> Result<()> {
    let body = json!({
        "purpose": "offer", "title": format!("Atelier vélo {turn}"),
        "description": "On répare ensemble, avec les outils du local.",
        "settlements": ["hours"], "minutes": 60, "visibility": "public",
    })
    .to_string();
    let request = format!(
        "POST /api/v1/proposals HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\naccept: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        running.host,
        author.token,
        body.len()
    );
    let answer = once(running.address, request.as_bytes()).await?;
    if answer.status != 201 {
        bail!(
            "publishing: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
    }
    Ok(())
}

/// Publishes while the hub does not run, starts it, and waits until everything arrived. Killed
/// `kills` times on the way, it is started again each time.
pub(super) async fn drain(
    bench: &mut Bench,
    hub: &Hub,
    author: &Author,
    kills: Option<usize>,
) -> Result<Drained> {
    let hub = hub.copied(&bench.fresh("queue"))?;
    let publications = bench.sizes.queued;
    seed::queue(&hub, author, publications).await?;
    let count = usize::try_from(publications).unwrap_or(0) * PEERS;
    bench.network.forget();
    let mut running = hub.start()?;
    for kill in 1..=kills.unwrap_or(0) {
        let part = count * kill / (kills.unwrap_or(0) + 1);
        bench.network.wait_for(part, DRAINED_MAX).await?;
        running.kill()?;
        running = hub.start()?;
    }
    bench.network.wait_for(count, DRAINED_MAX).await?;
    let cpu = usage::cpu(running.pid());
    running.stop()?;
    let (wall, doubled, out_of_order) = {
        let arrivals = bench.network.arrivals();
        let first = arrivals.first.unwrap_or_else(Instant::now);
        let wall = arrivals
            .last
            .map_or(Duration::ZERO, |last| last.saturating_duration_since(first));
        (wall, arrivals.doubled, arrivals.out_of_order)
    };
    // One done row for each past publication is part of the seeded database.
    let [waiting, done, dead] = seed::read(&hub, rows::deliveries_by_state).await?;
    if waiting != 0 || dead != 0 || out_of_order != 0 {
        bail!("{waiting} deliveries wait, {dead} dead, {out_of_order} arrived out of order");
    }
    if kills.is_some() {
        let report = &mut bench.report;
        report.figure(
            "deliver",
            "killed 3 times: deliveries that did not arrive",
            0.0,
            "rows",
        );
        report.figure(
            "deliver",
            "killed 3 times: sent again (receivers ignore)",
            size(doubled),
            "rows",
        );
    } else if doubled != 0 {
        bail!("{doubled} deliveries were sent twice without a crash");
    } else {
        let done = number(u64::try_from(done).unwrap_or(0));
        bench.report.figure(
            "deliver",
            "rows of deliveries done, past ones included",
            done,
            "rows",
        );
    }
    Ok(Drained {
        rate: rate(count, wall),
        cpu: cpu.as_secs_f64() * 1e6 / size(count),
    })
}
