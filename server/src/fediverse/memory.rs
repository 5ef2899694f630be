//! What one process remembers about other servers, to answer quickly and to bound what they cost.
//!
//! All of it is bounded, and losing all of it loses nothing but a few refusals not counted yet.

use std::sync::{Mutex, PoisonError};

use interkpa_federation::{Instant, Origin, Span};

use super::budget::Budgets;
use super::documents::Documents;
use super::peers::Tiers;
use super::refusals::Refusals;
use super::rsa::KeyCache;
use crate::bounded::{Bounded, Room};

/// How often a peer's last request is written down at most.
const NEWS_SPAN: Span = Span::minutes(1);
/// Most origins whose last request is remembered.
const ORIGINS_MAX: usize = 4_096;

/// The memory of one process.
#[derive(Debug, Default)]
pub struct Memory {
    /// Tiers looked up a moment ago.
    pub tiers: Tiers,
    /// Public keys parsed once.
    pub keys: KeyCache,
    /// Requests counted in windows of time.
    pub budgets: Budgets,
    /// Who was heard a moment ago.
    pub heard: HeardLately,
    /// Our own documents, made once.
    pub documents: Documents,
    /// Refusals to be added to the counters.
    pub refusals: Refusals,
}

impl Memory {
    /// How full each part is, under the name the operator reads.
    pub fn rooms(&self) -> [(&'static str, Room); 6] {
        [
            ("tiers", self.tiers.room()),
            ("keys", self.keys.room()),
            ("budgets", self.budgets.room()),
            ("heard", self.heard.room()),
            ("documents", self.documents.room()),
            ("refusals", self.refusals.room()),
        ]
    }
}

/// Servers whose verified request was written down less than a minute ago.
#[derive(Debug)]
pub struct HeardLately(Mutex<Bounded<Origin, Instant>>);

impl HeardLately {
    /// Whether a request now is worth a write; the next ones for a minute are not.
    pub fn is_news(&self, origin: &Origin, now: Instant) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stale = known
            .get(origin)
            .is_none_or(|at| *at > now || now - *at >= NEWS_SPAN);
        if stale {
            known.insert(origin.clone(), now);
        }
        stale
    }

    /// How full it is.
    pub fn room(&self) -> Room {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).room()
    }

    /// The next request of that server is news: a delivery to it has just failed.
    pub fn forget(&self, origin: &Origin) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(origin);
    }
}

impl Default for HeardLately {
    fn default() -> Self {
        Self(Mutex::new(Bounded::new(ORIGINS_MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_peer_is_written_down_once_a_minute_and_at_once_after_a_failure() {
        let heard = HeardLately::default();
        let peer = Origin::parse("https://a.example").unwrap();
        let at = |seconds: i64| Instant::from_seconds(1_000 + seconds);

        assert!(heard.is_news(&peer, at(0)));
        assert!(!heard.is_news(&peer, at(59)));
        assert!(heard.is_news(&peer, at(60)));
        heard.forget(&peer);
        assert!(heard.is_news(&peer, at(61)));
        assert!(heard.is_news(&peer, at(0)));
    }
}
