//! How many requests somebody may make in a window of time, before anything is computed or fetched
//! for them (security.md §3.3 rule 12, D17, D45, D115).
//!
//! Kept in the memory of one process: a hub on SQLite has one. Several processes on one PostgreSQL
//! each allow the whole budget; the sum is then bounded by budget × processes. That bound is weaker
//! than rule 12 asks, and said so in docs/operate/troubleshoot.md.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use interkpa_federation::{Instant, Origin, Span, Uri};

use crate::bounded::{Bounded, Room};

/// Most spenders remembered; the ones not seen for longest are forgotten first.
const SPENDERS_MAX: usize = 20_000;

/// Who spends, and on what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Purse {
    /// Requests of one address whose signature is not verified: an IPv4 address or an IPv6 /64.
    Stranger(IpAddr),
    /// Verified requests of one server.
    Peer(Origin),
    /// Actors and keys of one server fetched because somebody named them.
    Fetch(Origin),
    /// Keys of one actor fetched again because a signature did not hold.
    Refetch(Uri),
}

/// So many in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Requests in one window.
    pub requests: u32,
    /// Length of the window.
    pub window: Span,
}

/// The budget is spent: when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("budget spent for {seconds} s")]
pub struct Spent {
    /// Whole seconds until the window ends, at least 1.
    pub seconds: u32,
}

/// Counters of the present window of each spender.
#[derive(Debug)]
pub struct Budgets {
    windows: Mutex<Bounded<Purse, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Instant,
    spent: u32,
}

impl Purse {
    /// The purse of an address: an IPv6 host owns its whole /64.
    pub fn stranger(address: IpAddr) -> Self {
        Self::Stranger(match address.to_canonical() {
            IpAddr::V6(v6) => {
                let network = u128::from(v6) >> 64 << 64;
                IpAddr::V6(network.into())
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl Allowance {
    /// So many in a minute.
    pub const fn per_minute(requests: u32) -> Self {
        Self {
            requests,
            window: Span::minutes(1),
        }
    }
}

impl Budgets {
    /// Nobody has spent anything.
    pub fn new() -> Self {
        Self {
            windows: Mutex::new(Bounded::new(SPENDERS_MAX)),
        }
    }

    /// Takes one request from the purse.
    ///
    /// # Errors
    /// [`Spent`] when the window has no more; nothing is taken then.
    pub fn spend(&self, purse: &Purse, allowance: Allowance, now: Instant) -> Result<(), Spent> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.get(purse).copied().filter(|window| {
            // A clock set back begins a new window rather than a long one.
            window.began <= now && now < window.began + allowance.window
        });
        let mut window = window.unwrap_or(Window {
            began: now,
            spent: 0,
        });
        if window.spent >= allowance.requests {
            return Err(Spent {
                seconds: whole_seconds(window.began + allowance.window - now),
            });
        }
        window.spent += 1;
        windows.insert(purse.clone(), window);
        Ok(())
    }

    /// How full it is.
    pub fn room(&self) -> Room {
        self.windows
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .room()
    }

    /// Whether one more request would be refused; nothing is taken.
    ///
    /// # Errors
    /// [`Spent`] when it would.
    pub fn check(&self, purse: &Purse, allowance: Allowance, now: Instant) -> Result<(), Spent> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        match windows.get(purse) {
            Some(window)
                if window.spent >= allowance.requests
                    && window.began <= now
                    && now < window.began + allowance.window =>
            {
                Err(Spent {
                    seconds: whole_seconds(window.began + allowance.window - now),
                })
            }
            _ => Ok(()),
        }
    }
}

impl Default for Budgets {
    fn default() -> Self {
        Self::new()
    }
}

fn whole_seconds(span: Span) -> u32 {
    let milliseconds = span.as_milliseconds().max(0);
    u32::try_from(milliseconds.div_euclid(1_000) + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: Allowance = Allowance {
        requests: 3,
        window: Span::minutes(1),
    };

    fn at(seconds: i64) -> Instant {
        Instant::from_seconds(1_800_000_000 + seconds)
    }

    fn peer(name: &str) -> Purse {
        Purse::Peer(Origin::parse(&format!("https://{name}.example")).unwrap())
    }

    #[test]
    fn a_window_gives_its_requests_and_then_says_when_to_come_back() {
        let budgets = Budgets::new();

        for _ in 0..3 {
            assert_eq!(budgets.spend(&peer("a"), THREE, at(0)), Ok(()));
        }

        let Spent { seconds } = budgets.spend(&peer("a"), THREE, at(20)).unwrap_err();
        assert!((40..=41).contains(&seconds), "{seconds}");
        assert!(budgets.check(&peer("a"), THREE, at(59)).is_err());
        assert_eq!(budgets.spend(&peer("a"), THREE, at(60)), Ok(()));
    }

    #[test]
    fn one_spender_takes_nothing_from_another() {
        let budgets = Budgets::new();

        while budgets.spend(&peer("e"), THREE, at(0)).is_ok() {}

        assert_eq!(budgets.spend(&peer("a"), THREE, at(0)), Ok(()));
    }

    #[test]
    fn an_ipv6_network_is_one_stranger_and_an_ipv4_address_too() {
        let purse = |text: &str| Purse::stranger(text.parse().unwrap());

        assert_eq!(purse("2001:db8:1:2::1"), purse("2001:db8:1:2:ffff::9"));
        assert_ne!(purse("2001:db8:1:2::1"), purse("2001:db8:1:3::1"));
        assert_eq!(purse("::ffff:192.0.2.1"), purse("192.0.2.1"));
        assert_ne!(purse("192.0.2.1"), purse("192.0.2.2"));
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let budgets = Budgets::new();
        while budgets.spend(&peer("a"), THREE, at(86_400)).is_ok() {}

        assert_eq!(budgets.spend(&peer("a"), THREE, at(0)), Ok(()));
    }
}
