//! Refusals counted per server, code and hour (decision 28): a flood of them must cost neither a
//! write each nor a row per name that a stranger invents.
//!
//! Counted in memory and added to the table `counters` by [`flush`]. A server we have no row for
//! counts as `stranger`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use interkpa_federation::{Instant, Origin};

use crate::app::App;
use crate::bounded::Room;
use crate::db::conn::Conn;
use crate::db::counters;
use crate::db::error::StoreError;
use crate::fediverse::peers;

const HOUR_MS: i64 = 3_600_000;
/// Most distinct (server, code) pairs held between two flushes; more are counted as `stranger`.
const PAIRS_MAX: usize = 1_000;

/// Name under which servers without a row are counted.
pub const STRANGER: &str = "stranger";

type Pair = (String, &'static str);

/// Refusals since the last flush.
#[derive(Debug, Default)]
pub struct Refusals {
    counts: Mutex<BTreeMap<Pair, i64>>,
}

impl Refusals {
    /// Counts one refusal of something that an origin sent, or claimed to have sent.
    pub fn count(&self, origin: Option<&Origin>, code: &'static str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let named = origin.map(|origin| (origin.as_str().to_owned(), code));
        let pair = named
            .filter(|pair| counts.len() < PAIRS_MAX || counts.contains_key(pair))
            .unwrap_or_else(|| (STRANGER.to_owned(), code));
        *counts.entry(pair).or_insert(0) += 1;
    }

    /// What was counted and is not in the table yet.
    pub fn pending(&self) -> Vec<(String, &'static str, i64)> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts
            .iter()
            .map(|((origin, code), n)| (origin.clone(), *code, *n))
            .collect()
    }

    /// How many (server, code) pairs are held. The pairs of strangers, one a code, come on top of
    /// the bound: codes are ours.
    pub fn room(&self) -> Room {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        Room {
            entries: counts
                .keys()
                .filter(|(origin, _)| origin != STRANGER)
                .count(),
            entries_max: PAIRS_MAX,
        }
    }

    fn take(&self) -> BTreeMap<Pair, i64> {
        std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn give_back(&self, taken: BTreeMap<Pair, i64>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (pair, n) in taken {
            *counts.entry(pair).or_insert(0) += n;
        }
    }
}

/// Adds what was counted to the table.
///
/// # Errors
/// See [`StoreError`]; nothing is lost then.
pub async fn flush(app: &App) -> Result<(), StoreError> {
    let taken = app.fediverse.refusals.take();
    if taken.is_empty() {
        return Ok(());
    }
    let (now, counts) = (app.now(), taken.clone());
    let written = app.store.write(move |tx| add_all(tx, now, counts)).await;
    if written.is_err() {
        app.fediverse.refusals.give_back(taken);
    }
    written
}

fn hour(now: Instant) -> Instant {
    Instant::from_milliseconds(now.as_milliseconds().div_euclid(HOUR_MS) * HOUR_MS)
}

fn add_all(tx: &mut Conn, now: Instant, counts: BTreeMap<Pair, i64>) -> Result<(), StoreError> {
    let names: Vec<&str> = counts.keys().map(|(origin, _)| origin.as_str()).collect();
    let known = peers::known(tx, &names)?;
    let hour = hour(now);
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for ((origin, code), n) in counts {
        let origin = if known.contains(&origin) {
            origin
        } else {
            STRANGER.to_owned()
        };
        *sums.entry(format!("refused:{origin}:{code}")).or_insert(0) += n;
    }
    for (bucket, n) in sums {
        counters::add(tx, &bucket, hour, n)?;
    }
    Ok(())
}

/// The refusals of one server in the hour of `now`, by code; `None` asks for the strangers.
///
/// # Errors
/// See [`StoreError`].
pub fn of_hour(
    conn: &mut Conn,
    origin: Option<&Origin>,
    now: Instant,
) -> Result<BTreeMap<String, i64>, StoreError> {
    let prefix = format!("refused:{}:", origin.map_or(STRANGER, Origin::as_str));
    let hour = hour(now);
    let rows = counters::beginning_with(conn, &prefix, hour)?;
    let code = |bucket: &str| bucket.strip_prefix(&prefix).map(str::to_owned);
    Ok(rows
        .into_iter()
        .filter_map(|(bucket, n)| Some((code(&bucket)?, n)))
        .collect())
}
