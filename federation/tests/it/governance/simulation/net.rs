//! The network and the dice: what happens to each message is drawn from the seed.

use std::collections::BTreeMap;

use interkpa_federation::governance::ledger::Verified;
use interkpa_federation::{Instant, Span};

/// Dice from a seed (splitmix64).
#[derive(Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below another.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.draw() % limit.max(1)
    }

    /// Whether something that happens so often in a hundred happens.
    pub(super) fn percent(&mut self, often: u64) -> bool {
        self.below(100) < often
    }

    /// One of these.
    pub(super) fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        let at = self.below(u64::try_from(of.len()).unwrap());
        &of[usize::try_from(at).unwrap()]
    }
}

/// How bad the network is until it heals.
#[derive(Clone, Copy)]
pub(super) struct Weather {
    pub(super) loss_percent: u64,
    pub(super) repeat_percent: u64,
    pub(super) delay_seconds_max: u64,
    pub(super) crash_percent: u64,
}

impl Weather {
    /// Calm, rough or stormy, by seed.
    pub(super) fn of(seed: u64) -> Self {
        let [
            loss_percent,
            repeat_percent,
            delay_seconds_max,
            crash_percent,
        ] = match seed % 3 {
            0 => [0, 5, 60, 0],
            1 => [20, 20, 1_800, 1],
            _ => [60, 30, 14_400, 3],
        };
        Self {
            loss_percent,
            repeat_percent,
            delay_seconds_max,
            crash_percent,
        }
    }
}

/// Messages under way, by the instant of arrival and the order of sending.
#[derive(Default)]
pub(super) struct Mail {
    under_way: BTreeMap<(Instant, u64), (usize, Verified)>,
    sent: u64,
}

impl Mail {
    pub(super) fn send(&mut self, arrives_at: Instant, to: usize, object: Verified) {
        self.sent += 1;
        self.under_way.insert((arrives_at, self.sent), (to, object));
    }

    pub(super) fn next_at(&self) -> Option<Instant> {
        self.under_way.keys().next().map(|(at, _)| *at)
    }

    pub(super) fn arrive(&mut self) -> Option<(usize, Verified)> {
        self.under_way.pop_first().map(|(_, message)| message)
    }
}

/// A span drawn up to a limit, in milliseconds so that few messages arrive together.
pub(super) fn delay(dice: &mut Dice, seconds_max: u64) -> Span {
    Span::milliseconds(i64::try_from(1 + dice.below(seconds_max * 1_000)).unwrap())
}
