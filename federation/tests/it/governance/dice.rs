//! Dice: all that a run draws follows from its seed.

use interkpa_federation::{Instant, Span};

/// Dice from a seed (splitmix64).
#[derive(Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn of(seed: u64) -> Self {
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
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.draw() % limit.max(1)
    }

    /// An index into so many.
    pub(crate) fn index(&mut self, of: usize) -> usize {
        usize::try_from(self.below(u64::try_from(of).unwrap())).unwrap()
    }

    /// Whether something that happens so often in a hundred happens.
    pub(crate) fn percent(&mut self, often: u64) -> bool {
        self.below(100) < often
    }

    /// One of these.
    pub(crate) fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.index(of.len())]
    }

    /// A span up to a limit, in milliseconds so that few things happen together.
    pub(crate) fn span(&mut self, seconds_max: u64) -> Span {
        Span::milliseconds(i64::try_from(1 + self.below(seconds_max * 1_000)).unwrap())
    }

    /// An instant from `from` on, `seconds` later at most.
    pub(crate) fn instant(&mut self, from: Instant, seconds: u64) -> Instant {
        from + self.span(seconds)
    }

    /// So many different indices below `of`.
    pub(crate) fn some(&mut self, number: usize, of: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..of).collect();
        for at in 0..number.min(of) {
            let other = at + self.index(of - at);
            all.swap(at, other);
        }
        all.truncate(number);
        all
    }
}
