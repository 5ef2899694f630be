//! The checks of the doctor, each one sentence that says what to do.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use interkpa_federation::Span;
use interkpa_federation::webfinger::Handle;

use super::{Finding, State};
use crate::app::App;
use crate::backup;
use crate::config::Profile;
use crate::db::error::StoreError;
use crate::db::facts;
use crate::db::gauges::gauges;
use crate::db::url::Engine;
use crate::fediverse::client::Purpose;

/// Writes to the disk that are measured.
const FLUSHES: u32 = 8;
/// A flush slower than this makes every click slow.
const FLUSH_MAX: Duration = Duration::from_millis(50);
/// A backup older than this is missed.
const BACKUP_AGE_MAX: Span = Span::hours(48);
/// A delivery that waits longer deserves a look.
const LAG_MAX: Span = Span::hours(6);

/// What this machine tells by itself. Opening the hub was the first check: settings, permissions
/// of the keys, tables up to date.
pub(super) async fn inside(app: &App) -> Vec<Finding> {
    let mut found = vec![Finding::new(
        "settings",
        State::Good,
        format!("{} can be opened, keys are private", app.origin),
    )];
    found.push(flush(app));
    found.push(last_backup(app));
    found.extend(queues(app).await);
    found.push(clock());
    found.push(proxy(app));
    found.push(legal(app));
    found
}

fn flush(app: &App) -> Finding {
    match flush_latency(app) {
        Ok(took) => {
            let state = if took > FLUSH_MAX {
                State::Attention
            } else {
                State::Good
            };
            Finding::new(
                "disk",
                state,
                format!("a write is on the disk after {took:?}"),
            )
        }
        Err(error) => Finding::new("disk", State::Wrong, format!("cannot be written: {error}")),
    }
}

/// The median of a few small writes with their flush, in the data folder.
fn flush_latency(app: &App) -> std::io::Result<Duration> {
    let path = app.data.join(".doctor");
    let mut file = File::create(&path)?;
    let mut took = Vec::new();
    for _ in 0..FLUSHES {
        let begun = tokio::time::Instant::now();
        file.write_all(&[0; 512])?;
        file.sync_all()?;
        took.push(begun.elapsed());
    }
    std::fs::remove_file(&path)?;
    took.sort();
    Ok(took.get(took.len() / 2).copied().unwrap_or_default())
}

fn last_backup(app: &App) -> Finding {
    if app.store.engine() == Engine::Postgres {
        let how = "PostgreSQL: see to it that pg_dump runs and that its result was restored once";
        return Finding::new("backup", State::Attention, how);
    }
    match backup::list(&app.data) {
        Err(error) => Finding::new("backup", State::Wrong, format!("{error:#}")),
        Ok(all) => match all.last().map(|last| last.manifest.made_at()) {
            None => Finding::new(
                "backup",
                State::Wrong,
                "none yet: `interkpa backup` makes one",
            ),
            Some(at) => {
                let late = app.now() - at > BACKUP_AGE_MAX;
                let state = if late { State::Wrong } else { State::Good };
                Finding::new(
                    "backup",
                    state,
                    format!("the last is of {}", at.to_rfc3339()),
                )
            }
        },
    }
}

async fn queues(app: &App) -> Vec<Finding> {
    let read = app
        .store
        .read(|conn| -> Result<_, StoreError> {
            Ok((gauges(conn)?, facts::get(conn, facts::RESTORED_AT)?))
        })
        .await;
    let (now, (gauges, restored)) = match read {
        Ok(found) => (app.now(), found),
        Err(error) => return vec![Finding::new("database", State::Wrong, error.to_string())],
    };
    let late = gauges.oldest_delivery.is_some_and(|at| now - at > LAG_MAX);
    let looks = late || gauges.deliveries_dead > 0 || gauges.jobs_dead > 0;
    let state = if looks { State::Attention } else { State::Good };
    let text = format!(
        "{} deliveries wait, {} were given up, {} jobs failed for good{}",
        gauges.deliveries_waiting,
        gauges.deliveries_dead,
        gauges.jobs_dead,
        if looks {
            ": `interkpa delivery status`"
        } else {
            ""
        },
    );
    let mut found = vec![Finding::new("queues", state, text)];
    if restored.is_some() {
        let text = "this hub was restored from a backup; the old folder must never start again";
        found.push(Finding::new("restored", State::Good, text));
    }
    found
}

/// Other hubs refuse requests whose date is minutes away from theirs.
fn clock() -> Finding {
    // systemd-timesyncd(8): made once the clock was set by a time server.
    if Path::new("/run/systemd/timesync/synchronized").exists() {
        return Finding::new("clock", State::Good, "set by a time server");
    }
    let text = "nothing says that a time server sets it: look at `timedatectl`";
    Finding::new("clock", State::Attention, text)
}

fn proxy(app: &App) -> Finding {
    if app.config.profile == Profile::Loopback {
        return Finding::new("proxy", State::Good, "none: a hub of this machine");
    }
    if app.config.proxy.trusted.is_empty() {
        let text = "`proxy.trusted` is empty: every visitor counts as the proxy. Add its address, \
                    usually [\"127.0.0.1\"]";
        return Finding::new("proxy", State::Attention, text);
    }
    Finding::new(
        "proxy",
        State::Good,
        "X-Forwarded-For is believed from the proxy alone",
    )
}

fn legal(app: &App) -> Finding {
    let named = &app.config.legal.publisher;
    if named.trim().is_empty() && app.config.profile == Profile::Production {
        let text =
            "`legal.publisher` is empty: the law (LCEN) wants publisher, host and contact named";
        return Finding::new("legal", State::Attention, text);
    }
    Finding::new("legal", State::Good, "the legal notice has its text")
}

/// What the hub looks like from outside: its name is asked of the name service, its address
/// through the same guarded client that other hubs meet.
pub(super) async fn outside(app: &App) -> Vec<Finding> {
    let mut found = vec![dns(app).await];
    let client = app.client.outside();
    let handle = format!("{}@{}", app.config.hub.slug, authority(app));
    found.push(match Handle::parse(&handle) {
        Err(_refused) => Finding::new("webfinger", State::Wrong, format!("{handle} is no handle")),
        Ok(asked) => match client.actor_of_handle(&asked).await {
            Ok(actor) if actor.as_str() == app.address("/hub") => Finding::new(
                "webfinger",
                State::Good,
                format!("@{handle} leads to {actor}"),
            ),
            Ok(actor) => Finding::new(
                "webfinger",
                State::Wrong,
                format!("@{handle} leads to {actor}: another server answers in our name"),
            ),
            Err(error) => Finding::new(
                "webfinger",
                State::Wrong,
                format!(
                    "@{handle} cannot be found ({error}): is the hub running, does the proxy \
                         pass /.well-known/ on, is the certificate valid?"
                ),
            ),
        },
    });
    let hub = interkpa_federation::Uri::parse(&app.address("/hub"));
    if let Ok(hub) = hub {
        found.push(match client.document(&hub, Purpose::Actor).await {
            Ok(_actor) => Finding::new("https", State::Good, format!("{hub} answers other hubs")),
            Err(error) => Finding::new("https", State::Wrong, format!("{hub}: {error}")),
        });
    }
    found
}

async fn dns(app: &App) -> Finding {
    let (host, port) = (app.origin.host().to_owned(), 443);
    if app.config.profile == Profile::Loopback {
        return Finding::new("dns", State::Good, "a name of this machine");
    }
    match tokio::net::lookup_host((host.as_str(), port)).await {
        Ok(found) => {
            let mut all: Vec<String> = found.map(|address| address.ip().to_string()).collect();
            all.sort();
            all.dedup();
            Finding::new("dns", State::Good, format!("{host} is {}", all.join(", ")))
        }
        Err(error) => Finding::new("dns", State::Wrong, format!("{host}: {error}")),
    }
}

/// Host, and port where there is one.
fn authority(app: &App) -> String {
    let text = app.origin.as_str();
    text.split_once("://")
        .map_or(text, |(_, rest)| rest)
        .to_owned()
}
