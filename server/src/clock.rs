//! The one place where the time of day is read.
//!
//! Rules take an [`Instant`] as an argument (decision 9); whoever calls them asks the clock of the
//! application. Not here: durations of network calls, which the runtime measures itself.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use interkpa_federation::{Instant, Span};

/// Tells the time of day.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The present instant, in milliseconds UTC. It may go backwards when the machine's clock is
    /// set: no rule may rely on the contrary.
    fn now(&self) -> Instant;
}

/// The clock of the machine, shifted by a constant that is zero in production.
///
/// Only the loopback profile may set the offset (decision 30): it shows members what a hub with a
/// wrong clock looks like.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock {
    offset: Span,
}

impl SystemClock {
    /// The machine's clock as it is.
    pub const fn new() -> Self {
        Self {
            offset: Span::milliseconds(0),
        }
    }

    /// The machine's clock plus `offset`.
    pub const fn with_offset(offset: Span) -> Self {
        Self { offset }
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the only reader of the machine's clock"
    )]
    fn now(&self) -> Instant {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let milliseconds = match since {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        };
        Instant::from_milliseconds(milliseconds) + self.offset
    }
}

/// A clock that stands still until it is set. Clones show the same time.
#[derive(Debug, Clone)]
pub struct FixedClock {
    milliseconds: Arc<AtomicI64>,
}

impl FixedClock {
    /// A clock that shows `at`.
    pub fn new(at: Instant) -> Self {
        Self {
            milliseconds: Arc::new(AtomicI64::new(at.as_milliseconds())),
        }
    }

    /// Shows `at` from now on, earlier or later than before.
    pub fn set(&self, at: Instant) {
        self.milliseconds
            .store(at.as_milliseconds(), Ordering::SeqCst);
    }

    /// Moves the hands by `by`, and returns what the clock shows then.
    pub fn advance(&self, by: Span) -> Instant {
        let at = self.now() + by;
        self.set(at);
        at
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        Instant::from_milliseconds(self.milliseconds.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_clock_shows_this_century_and_its_offset() {
        let year_2020 = Instant::from_seconds(1_577_836_800);
        let ahead = SystemClock::with_offset(Span::hours(2));

        assert!(SystemClock::new().now() > year_2020);
        assert!(ahead.now() - SystemClock::new().now() > Span::minutes(119));
    }

    #[test]
    fn clones_of_a_fixed_clock_show_the_same_time() {
        let clock = FixedClock::new(Instant::from_seconds(10));
        let other = clock.clone();

        clock.advance(Span::seconds(5));
        assert_eq!(other.now(), Instant::from_seconds(15));

        other.set(Instant::from_seconds(3));
        assert_eq!(clock.now(), Instant::from_seconds(3));
    }
}
