//! What a run leaves to chance, drawn from a seed that is printed.

use std::sync::{Arc, Mutex};

use interkpa_server::testing::database::setting;

/// A small generator; no statistics are asked of it. Clones draw from one sequence.
#[derive(Clone)]
pub(crate) struct Chance(Arc<Mutex<u64>>);

impl Chance {
    /// The seed of `INTERKPA_SEED`, or one of the hour; it is printed.
    pub(crate) fn of_run(what: &str) -> Self {
        let seed = setting("INTERKPA_SEED").map_or_else(any_seed, |text| text.parse().unwrap());
        println!("{what}: INTERKPA_SEED={seed}");
        Self::new(seed)
    }

    pub(crate) fn new(seed: u64) -> Self {
        // Neighbouring seeds begin far apart; zero would stay zero.
        let spread = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        Self(Arc::new(Mutex::new(spread)))
    }

    /// A number below `bound` (xorshift64*).
    pub(crate) fn below(&self, bound: u64) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state ^= *state >> 12;
        *state ^= *state << 25;
        *state ^= *state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound
    }

    /// Once in `bound` times.
    pub(crate) fn once_in(&self, bound: u64) -> bool {
        self.below(bound) == 0
    }

    /// A duration shorter than that many milliseconds.
    pub(crate) fn within(&self, milliseconds: u64) -> std::time::Duration {
        std::time::Duration::from_millis(self.below(milliseconds))
    }

    /// The same things in another order.
    pub(crate) fn shuffled<T>(&self, mut things: Vec<T>) -> Vec<T> {
        for last in (1..things.len()).rev() {
            let other = usize::try_from(self.below(u64::try_from(last + 1).unwrap())).unwrap();
            things.swap(last, other);
        }
        things
    }
}

fn any_seed() -> u64 {
    let seed: [u8; 4] = interkpa_server::random::Random::system().unwrap().bytes();
    u64::from(u32::from_be_bytes(seed))
}
