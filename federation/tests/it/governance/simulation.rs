//! Whole networks under a seed: hubs of the real machine, a network that delays, repeats, reorders and
//! loses, hubs that crash and come back, and some that cheat. Signatures are real; each is verified
//! once and remembered by the object.
//!
//! A failing run names its seed; the seed is the whole run.

mod cheat;
mod net;
mod world;

use interkpa_federation::governance::numbers::Numbers;

use net::Weather;
use world::World;

/// Runs one seed to its end and checks S1 to S6 on the way; L1: every honest hub gets its certificate.
fn run(hubs: u8, cheaters: usize, seed: u64) -> World {
    let mut world = World::new(hubs, cheaters, seed, Weather::of(seed));
    world.run();
    world.check();
    world
}

#[test]
fn honest_hubs_all_certify_the_one_result() {
    for hubs in [1, 2, 3, 4, 5, 7] {
        for seed in 0..20 {
            run(hubs, 0, seed);
        }
    }
}

#[test]
fn as_many_cheaters_as_may_be_neither_stop_nor_split_the_network() {
    for hubs in [4, 5, 7] {
        let cheaters = Numbers::of(usize::from(hubs)).may_fail();
        for seed in 0..60 {
            run(hubs, cheaters, seed);
        }
    }
}

#[test]
fn fifteen_hubs_with_four_cheaters() {
    for seed in 0..4 {
        run(15, 4, seed);
    }
}

#[test]
fn the_same_seed_is_the_same_run() {
    let (one, other) = (run(5, 1, 7), run(5, 1, 7));

    assert_eq!(one.story(), other.story());
}
