//! Signed activities in: stored with their effect before the answer, against the floor receiver.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

use super::{Bench, CONNECTIONS};
use crate::client::{Load, Work, load};
use crate::floor;
use crate::hub::{Hub, Running};
use crate::numbers::{median, ratio, size};
use crate::report::Bound;
use crate::requests::{Plan, SaidBy, Signed, bytes, sign};
use crate::rows::{self, Stored};
use crate::{seed, usage};

/// Servers that send.
const SENDERS: usize = 16;
/// Requests before the measured ones, at least one for each key.
const WARM_UP: usize = 64;

/// One measured batch.
pub(super) struct Measured {
    pub(super) load: Load,
    /// CPU of the hub for each activity, in microseconds.
    pub(super) cpu: f64,
}

#[expect(clippy::too_many_lines, reason = "one figure after the other")]
pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let (hub, _) = bench.hub(bench.fewest()).await?;
    seed::allow(&hub, &bench.network, SENDERS).await?;
    let (mut ratios, mut rates, mut cpus, mut shares) = (vec![], vec![], vec![], vec![]);
    let mut stored = Stored::default();
    for run in 0..bench.sizes.runs {
        let floor = floor_run(bench, &hub, run).await?;
        let (measured, found) = run_once(bench, &hub, &format!("warm{run}"), CONNECTIONS).await?;
        ratios.push(ratio(measured.load.rate(), floor.load.rate()));
        rates.push(measured.load.rate());
        cpus.push(measured.cpu);
        shares.push(ratio(floor.cpu, measured.cpu));
        add(&mut stored, found);
        if run == 0 {
            let at = |p| measured.load.latencies.per_mille(p);
            let (p50, p99) = (at(500), at(990));
            bench
                .report
                .figure("inbox", "floor receiver", floor.load.rate(), "/s");
            bench.report.figure(
                "inbox",
                "CPU of the floor receiver for each",
                floor.cpu,
                "µs",
            );
            bench.report.figure("inbox", "latency, median", p50, "ms");
            bench.report.figure("inbox", "latency, p99", p99, "ms");
        }
    }
    let report = &mut bench.report;
    report.figure(
        "inbox",
        "stored with effect, warm keys, 16 connections",
        median(&rates),
        "/s",
    );
    report.figure(
        "inbox",
        "CPU for each activity, warm keys",
        median(&cpus),
        "µs",
    );
    report.figure(
        "inbox",
        "ratio to the floor receiver, by the clock",
        median(&ratios),
        "×",
    );
    report.figure(
        "inbox",
        "ratio to the floor receiver, by CPU",
        median(&shares),
        "×",
    );
    let (many, found) = run_once(bench, &hub, "many", 64).await?;
    add(&mut stored, found);
    let report = &mut bench.report;
    report.figure(
        "inbox",
        "stored with effect, warm keys, 64 connections",
        many.load.rate(),
        "/s",
    );
    people(bench, &hub, &mut stored).await?;
    let report = &mut bench.report;
    report.figure(
        "inbox",
        "rows of activities",
        size(stored.activities),
        "rows",
    );
    report.figure("inbox", "rows of effects", size(stored.effects), "rows");
    bench.aim(
        "inbox against the floor receiver",
        median(&ratios),
        Bound::AtLeast,
        0.5,
        "×",
    );
    bench.must("inbox: answered and lost", size(stored.lost), 0.0, "rows");
    bench.must("inbox: effects doubled", size(stored.doubled), 0.0, "rows");
    Ok(())
}

/// Actors seen for the first time, then the same ones with an empty key cache.
async fn people(bench: &mut Bench, hub: &Hub, stored: &mut Stored) -> Result<()> {
    let hub = hub.copied(&bench.fresh("people"))?;
    // A server may make us fetch 120 actors in a minute.
    let count = (bench.sizes.activities / 10).min(SENDERS * 100);
    let mut plan = Plan {
        count,
        batch: "first",
        peers: SENDERS,
        said_by: SaidBy::People("p"),
    };
    for (name, batch) in [
        ("first contact (actor fetched)", "first"),
        ("cold keys (parsed)", "cold"),
    ] {
        plan.batch = batch;
        let signed = sign(&bench.network, &bench.keys, &hub.config.hub.base_url, plan)?;
        let running = hub.start()?;
        bench.network.forget();
        let measured = batch_of(&running, &signed, CONNECTIONS).await?;
        let fetched = size(bench.network.arrivals().fetched);
        running.stop()?;
        let accepted = accepted(&measured.load, &signed);
        let found = seed::read(&hub, move |conn| rows::stored(conn, batch, &accepted)).await?;
        add(stored, found);
        let report = &mut bench.report;
        report.figure(
            "inbox",
            format!("stored with effect, {name}"),
            measured.load.rate(),
            "/s",
        );
        report.figure(
            "inbox",
            format!("CPU for each activity, {name}"),
            measured.cpu,
            "µs",
        );
        report.figure(
            "inbox",
            format!("documents fetched for each, {name}"),
            fetched / size(count),
            "",
        );
    }
    Ok(())
}

/// A batch on a copy of the hub, warmed up, its rows counted.
pub(super) async fn run_once(
    bench: &mut Bench,
    hub: &Hub,
    batch: &str,
    connections: usize,
) -> Result<(Measured, Stored)> {
    let hub = hub.copied(&bench.fresh("inbox"))?;
    let running = hub.start()?;
    let (warm_up, signed) = batches(bench, &hub, batch)?;
    batch_of(&running, &warm_up, connections).await?;
    let measured = batch_of(&running, &signed, connections).await?;
    running.stop()?;
    let accepted = accepted(&measured.load, &signed);
    let name = batch.to_owned();
    let stored = seed::read(&hub, move |conn| rows::stored(conn, &name, &accepted)).await?;
    if stored.activities != measured.load.well() {
        bail!(
            "{} answered 2xx, {} rows",
            measured.load.well(),
            stored.activities
        );
    }
    Ok((measured, stored))
}

fn batches(bench: &Bench, hub: &Hub, batch: &str) -> Result<(Vec<Signed>, Vec<Signed>)> {
    let name = format!("{batch}w");
    let plan = |count, batch| Plan {
        count,
        batch,
        peers: SENDERS,
        said_by: SaidBy::Hubs,
    };
    let signed = |plan| sign(&bench.network, &bench.keys, &hub.config.hub.base_url, plan);
    Ok((
        signed(plan(WARM_UP, &name))?,
        signed(plan(bench.sizes.activities, batch))?,
    ))
}

/// Sends a batch; everything must be accepted.
pub(super) async fn batch_of(
    running: &Running,
    signed: &[Signed],
    connections: usize,
) -> Result<Measured> {
    measured(running.pid(), running.address, signed, connections).await
}

async fn measured(
    pid: u32,
    address: std::net::SocketAddr,
    signed: &[Signed],
    connections: usize,
) -> Result<Measured> {
    let before = usage::cpu(pid);
    let work = Work::Each(Arc::new(bytes(signed)));
    let load = load(address, connections, &work).await.all_well("inbox")?;
    let spent: Duration = usage::cpu(pid).saturating_sub(before);
    let cpu = spent.as_secs_f64() * 1e6 / size(load.answered);
    Ok(Measured { load, cpu })
}

fn accepted(load: &Load, signed: &[Signed]) -> Vec<String> {
    load.accepted
        .iter()
        .filter_map(|place| signed.get(*place))
        .map(|request| request.activity.clone())
        .collect()
}

/// The same requests to the floor receiver.
async fn floor_run(bench: &mut Bench, hub: &Hub, run: usize) -> Result<Measured> {
    let folder = bench.fresh("floor");
    let keys: Map<String, Value> = (0..SENDERS)
        .map(|peer| {
            let actor = format!("{}/hub", bench.network.origin(peer));
            let pem = bench.keys.of(&actor).public_pem.clone();
            (format!("{actor}#main-key"), json!(pem))
        })
        .collect();
    let floor = floor::receiver(&folder, &Value::Object(keys))?;
    let (warm_up, signed) = batches(bench, hub, &format!("floor{run}"))?;
    measured(floor.pid(), floor.address, &warm_up, CONNECTIONS).await?;
    let done = measured(floor.pid(), floor.address, &signed, CONNECTIONS).await?;
    drop(floor);
    let rows = usize::try_from(floor::received(&folder)?).unwrap_or(0);
    if rows != signed.len() + warm_up.len() {
        bail!("the floor receiver holds {rows} rows");
    }
    Ok(done)
}

fn add(total: &mut Stored, found: Stored) {
    total.activities += found.activities;
    total.effects += found.effects;
    total.lost += found.lost;
    total.doubled += found.doubled;
}
