//! What people and other servers read.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::{Bench, CONNECTIONS};
use crate::client::{Load, Work, get, load};
use crate::hub::{Hub, Running};
use crate::numbers::{ratio, size};
use crate::report::Bound;
use crate::requests::{now, signed_get};
use crate::words::{COMMON, RARE};
use crate::{floor, rows, seed, usage};

const HTML: &str = "text/html";
const ACTIVITY: &str = "application/activity+json";
/// Different addresses of one kind of page: more than the hub keeps rendered.
const DIFFERENT: u64 = 2_000;
/// Bytes of the page floor: about those of a page with 20 offers.
const FLOOR_BYTES: usize = 40_000;

/// A kind of page and the requests for it.
pub(super) struct Kind {
    pub(super) name: &'static str,
    requests: Vec<Vec<u8>>,
}

/// One kind measured.
pub(super) struct Read {
    pub(super) load: Load,
    /// CPU of the hub for each request, in microseconds.
    pub(super) cpu: f64,
}

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let floor = floor::page(FLOOR_BYTES)?;
    let time = Duration::from_secs(bench.sizes.seconds);
    let work = Work::InTurn(Arc::new(vec![get("floor", "/", HTML)]), time);
    let before = usage::cpu(floor.pid());
    let best = load(floor.address, CONNECTIONS, &work)
        .await
        .all_well("page floor")?;
    let spent = usage::cpu(floor.pid()).saturating_sub(before);
    drop(floor);
    let best_rate = best.rate();
    let report = &mut bench.report;
    report.figure("pages", "floor: axum, 40 kB in memory", best_rate, "/s");
    let each = spent.as_secs_f64() * 1e6 / size(best.answered);
    report.figure("pages", "CPU of the floor for each", each, "µs");
    let most = bench.most();
    let (hub, _) = bench.hub(most).await?;
    seed::allow(&hub, &bench.network, 1).await?;
    let running = hub.start()?;
    for kind in kinds(bench, &hub, &running, most).await? {
        let read = read(&running, &kind, time).await?;
        let report = &mut bench.report;
        let name = kind.name;
        report.figure("pages", name, read.load.rate(), "/s");
        report.figure("pages", format!("{name}: CPU"), read.cpu, "µs");
        report.figure(
            "pages",
            format!("{name}: median"),
            read.load.latencies.per_mille(500),
            "ms",
        );
        report.figure(
            "pages",
            format!("{name}: p99"),
            read.load.latencies.per_mille(990),
            "ms",
        );
        report.figure(
            "pages",
            format!("{name}: ratio to the floor"),
            ratio(read.load.rate(), best_rate),
            "×",
        );
        if name == LIST {
            let bytes = size(read.load.body_bytes) / size(read.load.answered) / 1_000.0;
            report.figure("pages", "size of a page with 20 offers", bytes, "kB");
            let p99 = read.load.latencies.per_mille(990);
            bench.aim(
                "page with 20 offers",
                read.load.rate(),
                Bound::AtLeast,
                4_000.0,
                "/s",
            );
            bench.aim("page with 20 offers, p99", p99, Bound::AtMost, 20.0, "ms");
        }
        if name == DEEP {
            let rate = read.load.rate();
            bench.aim(
                "page with 20 offers, not kept rendered",
                rate,
                Bound::AtLeast,
                4_000.0,
                "/s",
            );
        }
    }
    running.stop()
}

const LIST: &str = "page with 20 offers";
const DEEP: &str = "page with 20 offers, another one each time";

/// The kinds of pages, on a hub with so many publications.
pub(super) async fn kinds(
    bench: &Bench,
    hub: &Hub,
    running: &Running,
    publications: u64,
) -> Result<Vec<Kind>> {
    let host = &running.host;
    let ids = seed::read(hub, |conn| rows::some_proposals(conn, 500)).await?;
    let of = |name, requests: Vec<Vec<u8>>| Kind { name, requests };
    let at = |path: &str, accept| vec![get(host, path, accept)];
    let page_of = |id: &String| get(host, &format!("/objets/{id}"), HTML);
    let document_of = |id: &String| {
        let path = format!("/objets/{id}");
        signed_get(
            &bench.network,
            &bench.keys,
            &running.origin,
            &path,
            ACTIVITY,
        )
    };
    let documents: Result<Vec<_>> = ids.iter().map(document_of).collect();
    let cursors = cursors(publications);
    let deep = |filter: &str| {
        let pages = cursors
            .iter()
            .map(|cursor| get(host, &format!("/entraide?{filter}apres={cursor}"), HTML));
        pages.collect::<Vec<_>>()
    };
    let common = percent(COMMON);
    let finger = format!("/.well-known/webfinger?resource=acct:mesure@{host}");
    Ok(vec![
        of(LIST, at("/entraide", HTML)),
        of(DEEP, deep("")),
        of(
            "list with two filters, another page each time",
            deep("genre=offer&reglement=hours&"),
        ),
        of(
            "search for a common word, another page each time",
            deep(&format!("q={common}&")),
        ),
        of(
            "search for a rare word, another page each time",
            deep(&format!("q={RARE}&")),
        ),
        of("feed of this hub", at("/hub.atom", "application/atom+xml")),
        of("page of one offer", ids.iter().map(page_of).collect()),
        of("offer as ActivityPub, signed GET", documents?),
        of("actor as ActivityPub", at("/hub", ACTIVITY)),
        of("WebFinger", at(&finger, "application/jrd+json")),
    ])
}

/// Reads one kind for a time.
pub(super) async fn read(running: &Running, kind: &Kind, time: Duration) -> Result<Read> {
    let requests = Arc::new(kind.requests.clone());
    let warm_up = Work::InTurn(Arc::clone(&requests), time / 10);
    load(running.address, CONNECTIONS, &warm_up)
        .await
        .all_well(kind.name)?;
    let before = usage::cpu(running.pid());
    let work = Work::InTurn(requests, time);
    let load = load(running.address, CONNECTIONS, &work)
        .await
        .all_well(kind.name)?;
    let spent = usage::cpu(running.pid()).saturating_sub(before);
    let cpu = spent.as_secs_f64() * 1e6 / size(load.answered);
    Ok(Read { load, cpu })
}

/// Places in the list: between the newest and the one that has a full page after it. Publications
/// are 20 s apart.
fn cursors(publications: u64) -> Vec<String> {
    let (now, span) = (
        now().as_milliseconds(),
        publications.saturating_sub(200).max(1),
    );
    (0..DIFFERENT)
        .map(|place| {
            let ago = i64::try_from(place * 7_919 % span).unwrap_or(0) * 20_000;
            // A millisecond of its own, so that no two addresses are the same.
            let at = now - ago - i64::try_from(place).unwrap_or(0);
            format!("{at}.00000000-0000-7000-8000-000000000000")
        })
        .collect()
}

/// A word in an address.
fn percent(word: &str) -> String {
    word.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
