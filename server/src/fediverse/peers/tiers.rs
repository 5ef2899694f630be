//! The tier of an origin, from the rows, remembered for a moment.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use interkpa_federation::{Instant, Origin, Span, Trust};

use super::store;
use crate::bounded::{Bounded, Room};
use crate::db::conn::Conn;
use crate::db::error::StoreError;

/// Most origins remembered.
const ORIGINS_MAX: usize = 4_096;
/// How long another process's decision against a heard server may go unseen; our own is seen at
/// once.
const REMEMBERED: Span = Span::seconds(10);
/// The same for a server that is not heard, or as a guest only: `interkpa peer allow` beside a
/// running hub counts within this time. One read for an origin in a second is what a stranger can
/// cause at most; that it invents origins is paid by its address (`inbox.rs`).
const REFUSED_REMEMBERED: Span = Span::seconds(1);
/// Most labels of a host of which the upper domains are looked at.
const LABELS_MAX: usize = 20;

/// Tiers looked up a moment ago.
#[derive(Debug)]
pub struct Tiers {
    /// Raised by each decision: an answer read before it is not kept after it.
    generation: AtomicU64,
    known: Mutex<Bounded<Origin, (Trust, Instant)>>,
}

impl Tiers {
    /// Nothing remembered.
    pub fn new() -> Self {
        Self {
            generation: AtomicU64::new(0),
            known: Mutex::new(Bounded::new(ORIGINS_MAX)),
        }
    }

    /// The tier, if it was looked up a moment ago.
    pub fn get(&self, origin: &Origin, now: Instant) -> Option<Trust> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (trust, at) = *known.get(origin)?;
        let span = if trust >= Trust::Allowed {
            REMEMBERED
        } else {
            REFUSED_REMEMBERED
        };
        (at <= now && now - at < span).then_some(trust)
    }

    /// Names the present state of decisions; give it to [`Tiers::keep`].
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Remembers a tier, unless a decision was taken since `generation`.
    pub fn keep(&self, origin: &Origin, trust: Trust, now: Instant, generation: u64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if self.generation.load(Ordering::SeqCst) == generation {
            known.insert(origin.clone(), (trust, now));
        }
    }

    /// How full it is.
    pub fn room(&self) -> Room {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .room()
    }

    /// Forgets everything: a decision about one origin concerns its subdomains too.
    pub fn forget_all(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::SeqCst);
        *known = Bounded::new(ORIGINS_MAX);
    }
}

impl Default for Tiers {
    fn default() -> Self {
        Self::new()
    }
}

/// The tier of an origin: its own row, and a block of any domain above it, which wins.
pub(super) fn look_up(conn: &mut Conn, origin: &Origin) -> Result<Trust, StoreError> {
    let rows = store::trusts(conn, &origins_above(origin))?;
    let word = |text: &Option<String>| text.as_deref().and_then(Trust::parse);
    if rows
        .iter()
        .any(|(_, trust)| word(trust) == Some(Trust::Blocked))
    {
        return Ok(Trust::Blocked);
    }
    let own = rows.iter().find(|(text, _)| text == origin.as_str());
    Ok(own
        .and_then(|(_, trust)| word(trust))
        .unwrap_or(Trust::Guest))
}

/// The origin itself and those of the domains above it: with its port, on the standard port, and
/// with either scheme, so that a block cannot be walked around by any of them.
fn origins_above(origin: &Origin) -> Vec<String> {
    let host = origin.host();
    let port = origin.authority().strip_prefix(host).unwrap_or_default();
    let mut found = vec![origin.as_str().to_owned()];
    let mut domain = host;
    for _ in 0..LABELS_MAX {
        for scheme in ["https", "http"] {
            for port in ["", port] {
                let above = format!("{scheme}://{domain}{port}");
                if !found.contains(&above) {
                    found.push(above);
                }
            }
        }
        match domain.split_once('.') {
            Some((_, rest)) if !rest.is_empty() => domain = rest,
            _ => break,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::parse(text).unwrap()
    }

    #[test]
    fn the_domains_above_an_origin_are_asked_too() {
        let above = origins_above(&origin("https://a.evil.example"));

        assert!(above.contains(&"https://a.evil.example".to_owned()));
        assert!(above.contains(&"https://evil.example".to_owned()));
        assert!(!above.iter().any(|text| text.contains("b.evil")));
        assert!(
            origins_above(&origin("http://x.localhost:1"))
                .contains(&"http://localhost:1".to_owned())
        );
    }

    #[test]
    fn a_decision_is_seen_at_once_and_an_older_answer_is_not_kept() {
        let tiers = Tiers::new();
        let (peer, now) = (origin("https://a.example"), Instant::from_seconds(100));
        tiers.keep(&peer, Trust::Allowed, now, tiers.generation());
        assert_eq!(tiers.get(&peer, now), Some(Trust::Allowed));

        let before = tiers.generation();
        tiers.forget_all();
        tiers.keep(&peer, Trust::Allowed, now, before);

        assert_eq!(tiers.get(&peer, now), None);
    }

    #[test]
    fn a_refusal_is_remembered_for_a_second_only() {
        let tiers = Tiers::new();
        let now = Instant::from_seconds(100);
        for (name, trust) in [("a", Trust::Guest), ("b", Trust::Blocked)] {
            let peer = origin(&format!("https://{name}.example"));

            tiers.keep(&peer, trust, now, tiers.generation());

            assert_eq!(tiers.get(&peer, now), Some(trust));
            assert_eq!(tiers.get(&peer, now + REFUSED_REMEMBERED), None);
        }
    }

    #[test]
    fn what_is_remembered_ends() {
        let tiers = Tiers::new();
        let (peer, now) = (origin("https://a.example"), Instant::from_seconds(100));

        tiers.keep(&peer, Trust::Allowed, now, tiers.generation());

        assert_eq!(tiers.get(&peer, now + REMEMBERED), None);
        assert_eq!(tiers.get(&peer, now - Span::seconds(1)), None);
    }
}
