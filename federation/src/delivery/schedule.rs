//! How long to wait, and how long to go on.

use crate::trust::Trust;
use crate::{Instant, Span};

/// The wait after the first failure, before jitter.
pub const WAIT_FIRST: Span = Span::seconds(10);
/// The longest time between two attempts, jitter included. Source: security.md P5.
pub const WAIT_MAX: Span = Span::hours(6);
/// Failures in a row that open the circuit: from then on one trial at a time.
pub const CIRCUIT_FAILURES: u32 = 5;
/// Requests in flight to one healthy peer at most. Source: performance.md §10, sizes.
pub const IN_FLIGHT_MAX: usize = 4;
/// How long an item waits between the refusal of both schemes and the last try: longer than peers
/// remember that they could not read our key (five minutes, performance.md §10 item 3).
pub const SELF_CHECK_WAIT: Span = Span::minutes(10);
/// How long an item is tried that the peer takes of others but not of us: long enough for an
/// administrator who allows us just now, or for the register to reach the peer.
pub const NOT_HEARD_PATIENCE: Span = Span::minutes(10);
/// How long a hub of the network may fail before its queue is given up. Source: performance.md §10
/// item 6: not before 30 days.
pub const MEMBER_PATIENCE: Span = Span::days(30);
/// The same for any other server.
pub const OTHER_PATIENCE: Span = Span::days(14);

/// A random number of the caller, spread evenly over all its values: it keeps hubs from trying a
/// peer that returns all at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jitter(pub u32);

/// The growth from one wait to the next: × 7/4, which jitter of ± 1/7 spreads over × 1.5 to × 2.
const GROWTH: (i64, i64) = (7, 4);
/// Enough steps to reach the cap from the first wait.
const STEPS_MAX: u32 = 16;

/// The wait after so many failures in a row (at least one), never longer than [`WAIT_MAX`].
pub fn wait_after(failures: u32, jitter: Jitter) -> Span {
    // The cap before jitter, so that the longest wait with jitter is the cap itself.
    let cap = WAIT_MAX.as_milliseconds() / 8 * 7;
    let steps = failures.saturating_sub(1).min(STEPS_MAX);
    let base = (0..steps).fold(WAIT_FIRST.as_milliseconds(), |wait, _| {
        (wait * GROWTH.0 / GROWTH.1).min(cap)
    });
    let least = base / 7 * 6;
    let spread = (base / 7 * 2) * i64::from(jitter.0) / i64::from(u32::MAX);
    Span::milliseconds(least + spread)
}

/// Reads `Retry-After`: seconds or an HTTP date. Bounded to [`WAIT_MAX`]; what is past or unreadable
/// is as good as absent. Source: RFC 9110 §10.2.3.
pub fn retry_after(text: &str, now: Instant) -> Option<Span> {
    let text = text.trim_matches([' ', '\t']);
    let asked = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_or(WAIT_MAX, Span::seconds)
    } else {
        Instant::parse_http_date(text).ok()? - now
    };
    (asked > Span::default()).then_some(asked.min(WAIT_MAX))
}

/// How long a peer of that standing may fail before what waits for it is given up.
pub const fn patience(trust: Trust) -> Span {
    match trust {
        Trust::Member | Trust::Allowed => MEMBER_PATIENCE,
        Trust::Guest | Trust::Blocked => OTHER_PATIENCE,
    }
}
