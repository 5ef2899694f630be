//! Whole networks under a seed: hubs of the real machine, a network that delays, repeats, reorders,
//! loses and tears, hubs that crash at any moment or come back from an old backup, clocks that are
//! wrong, and hubs that cheat. Signatures are real; each is verified once and remembered by its hash.
//!
//! The laws S1 to S9, S12, S13 and L1 to L3 of the protocol are checked on the way. A failing run names
//! its seed, and the seed is the whole run: `cargo xtask simulate --hubs N --seeds 1 --seed S`.

mod cheat;
mod hub;
mod laws;
mod net;
mod world;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::figures::{asked, say};
use world::{Driver, Ground, Run, Traffic, World};

/// What `cargo xtask simulate` asks for.
const HUBS: &str = "INTERKPA_SIMULATE_HUBS";
const SEEDS: &str = "INTERKPA_SIMULATE_SEEDS";
const SEED: &str = "INTERKPA_SIMULATE_SEED";

/// Networks of the test command, and how many seeds each runs through.
const SIZES: [(u16, u64); 7] = [
    (1, 20),
    (2, 50),
    (3, 2_000),
    (4, 2_000),
    (5, 2_000),
    (7, 2_000),
    (15, 300),
];

const fn hostile(hubs: u16, seed: u64) -> Run {
    Run {
        hubs,
        seed,
        faulty: None,
        calm: false,
        // Where a third may be away, some are at first.
        crashed_percent: if hubs >= 50 { 30 } else { 10 },
        driver: Driver::Right,
    }
}

fn complete(run: Run, ground: &Ground) -> World {
    let mut world = World::new(run, ground);
    world.run();
    world.check();
    world
}

/// Runs these seeds on all processors; what failed, by seed.
fn failures(hubs: u16, seeds: std::ops::Range<u64>) -> Vec<(u64, String)> {
    let ground = Ground::of(hubs);
    let next = AtomicU64::new(seeds.start);
    let failed = Mutex::new(vec![]);
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= seeds.end {
            return;
        }
        let done = catch_unwind(AssertUnwindSafe(|| complete(hostile(hubs, seed), &ground)));
        if let Err(panic) = done {
            failed.lock().unwrap().push((seed, said(panic)));
        }
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(work);
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    failed
}

/// What a panic said.
fn said(panic: Box<dyn Any + Send>) -> String {
    let text = panic.downcast::<String>().map(|text| *text);
    text.or_else(|panic| panic.downcast::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_default()
}

fn hold(hubs: u16, seeds: std::ops::Range<u64>) {
    let number = seeds.end - seeds.start;
    let failed = failures(hubs, seeds);
    for (seed, why) in failed.iter().take(10) {
        say(&format!(
            "{why}\n  again: cargo xtask simulate --hubs {hubs} --seeds 1 --seed {seed}"
        ));
    }
    say(&format!(
        "simulation: {hubs} hubs, {number} seeds, {} violations",
        failed.len()
    ));
    assert!(failed.is_empty(), "{} of {number} seeds", failed.len());
}

/// The sizes of the test command, or what `cargo xtask simulate` asks for.
#[test]
fn no_seed_breaks_a_law() {
    if let Some(hubs) = asked(HUBS) {
        let first = asked(SEED).unwrap_or(0);
        let seeds = first..first + asked(SEEDS).unwrap_or(1);
        return hold(u16::try_from(hubs).unwrap(), seeds);
    }
    for (hubs, seeds) in SIZES {
        hold(hubs, 0..seeds);
    }
}

/// The laws that the first failing seed of a wrong driver breaks.
fn broken_by(driver: Driver) -> String {
    let ground = Ground::of(4);
    let broken = (0..2_000).find_map(|seed| {
        let run = Run {
            driver,
            ..hostile(4, seed)
        };
        let done = catch_unwind(AssertUnwindSafe(|| complete(run, &ground)));
        done.err().map(said)
    });
    broken.unwrap_or_else(|| panic!("{driver:?} breaks no law"))
}

#[test]
fn without_the_write_ahead_slot_a_crash_breaks_a_law() {
    let broken = broken_by(Driver::SendsFirst);

    assert!(
        ["S6", "S9"].iter().any(|law| broken.starts_with(law)),
        "{broken}"
    );
}

#[test]
fn without_the_note_of_a_restore_an_old_backup_breaks_a_law() {
    let broken = broken_by(Driver::ForgetsRestores);

    assert!(
        ["S6", "S9"].iter().any(|law| broken.starts_with(law)),
        "{broken}"
    );
}

#[test]
fn the_same_seed_is_the_same_run() {
    let ground = Ground::of(5);
    let stories = [(); 2].map(|()| complete(hostile(5, 7), &ground).story().to_vec());

    assert!(stories[0].len() > 4, "{stories:?}");
    assert_eq!(stories[0], stories[1]);
}

/// Messages of one vote without any fault.
fn traffic(hubs: u16, ground: &Ground) -> Traffic {
    let run = Run {
        hubs,
        seed: 1,
        faulty: Some(0),
        calm: true,
        crashed_percent: 0,
        driver: Driver::Right,
    };
    complete(run, ground).traffic
}

/// The figures of `cargo xtask simulate`; the small one in every run. A thousand hubs have a committee.
#[test]
fn a_vote_costs_so_many_messages() {
    let is_asked = asked(HUBS).is_some();
    if is_asked && asked(SEED).is_some() {
        return;
    }
    let sizes: &[u16] = if is_asked {
        &[15, 50, 200, 1_000]
    } else {
        &[15]
    };
    for hubs in sizes {
        let ground = if *hubs > 200 {
            Ground::with_committee(*hubs)
        } else {
            Ground::of(*hubs)
        };
        let traffic = traffic(*hubs, &ground);
        let of_each = |number: u64| number / u64::from(*hubs);
        say(&format!(
            "messages: {hubs} hubs, each per vote: {} pushed, {} of comparing, {} pulled",
            of_each(traffic.pushed),
            of_each(traffic.compared),
            of_each(traffic.pulled)
        ));
        assert!(traffic.pushed > 0);
    }
}
