//! What failed a short while ago, so that strangers cannot make us ask again and again.
//!
//! Only fetches that a stranger can cause are remembered (see `Purpose`); entries expire, and
//! their number is bounded (CVE-2026-34148, CVE-2026-69132; security.md D45).

use std::sync::{Mutex, PoisonError};

use interkpa_federation::{Instant, Origin, Span, Uri};

use super::error::NetError;
use crate::bounded::{Bounded, Room};
use crate::fediverse::resolve::ResolveError;

/// Most failures remembered.
const ENTRIES_MAX: usize = 10_000;
/// For how long an answer that will not change soon is remembered.
const FINAL: Span = Span::minutes(5);
/// For how long trouble that may pass is remembered.
const PASSING: Span = Span::minutes(1);

#[derive(Debug)]
pub(super) struct Memory {
    /// Addresses that failed, without fragment, and origins that were too slow: until when.
    until: Mutex<Bounded<String, Instant>>,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            until: Mutex::new(Bounded::new(ENTRIES_MAX)),
        }
    }

    /// Whether `uri`, or its whole server, failed too short a while ago.
    pub(super) fn knows(&self, uri: &Uri, now: Instant) -> bool {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        [key(uri), uri.origin().as_str().to_owned()]
            .iter()
            .any(|key| until.get(key).is_some_and(|until| now < *until))
    }

    /// Takes note of a failure, if it is one worth remembering.
    ///
    /// A refused connection costs nothing and is not: the server may be starting.
    pub(super) fn note(&self, uri: &Uri, error: NetError, now: Instant) {
        let (key, lasts) = match error {
            NetError::TooSlow => (uri.origin().as_str().to_owned(), PASSING),
            NetError::Status(_) => (key(uri), PASSING),
            NetError::Gone
            | NetError::TooLong
            | NetError::ContentType
            | NetError::Json
            | NetError::Id
            | NetError::Redirect(_)
            | NetError::Resolve(ResolveError::NotPublic(_)) => (key(uri), FINAL),
            _ => return,
        };
        self.until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, now + lasts);
    }

    /// How full it is.
    pub(super) fn room(&self) -> Room {
        self.until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .room()
    }

    /// Forgets every failure of a server that made itself heard.
    pub(super) fn forget(&self, origin: &Origin) {
        let inside = format!("{origin}/");
        self.until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|key, _| key != origin.as_str() && !key.starts_with(&inside));
    }
}

fn key(uri: &Uri) -> String {
    uri.without_fragment().as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::from_seconds(1_000_000);

    fn uri(text: &str) -> Uri {
        Uri::parse(text).unwrap()
    }

    #[test]
    fn a_failure_is_remembered_for_its_address_until_it_expires() {
        let memory = Memory::new();
        memory.note(&uri("https://e.example/a#key"), NetError::ContentType, NOW);

        assert!(memory.knows(&uri("https://e.example/a"), NOW + Span::seconds(299)));
        assert!(!memory.knows(&uri("https://e.example/b"), NOW));
        assert!(!memory.knows(&uri("https://e.example/a"), NOW + FINAL));
    }

    #[test]
    fn a_slow_server_is_left_alone_whatever_address_is_named() {
        let memory = Memory::new();
        memory.note(&uri("https://e.example/a"), NetError::TooSlow, NOW);

        assert!(memory.knows(&uri("https://e.example/b"), NOW));
        assert!(!memory.knows(&uri("https://f.example/b"), NOW));
        assert!(!memory.knows(&uri("https://e.example/b"), NOW + PASSING));
    }

    #[test]
    fn what_costs_nothing_is_not_remembered() {
        let memory = Memory::new();
        for error in [
            NetError::Busy,
            NetError::Own,
            NetError::Remembered,
            NetError::Broken,
        ] {
            memory.note(&uri("https://e.example/a"), error, NOW);
        }

        assert!(!memory.knows(&uri("https://e.example/a"), NOW));
    }

    #[test]
    fn a_server_that_makes_itself_heard_starts_afresh() {
        let memory = Memory::new();
        memory.note(&uri("https://e.example/a"), NetError::Gone, NOW);
        memory.note(&uri("https://e.example/b"), NetError::TooSlow, NOW);
        memory.note(&uri("https://e.example.fr/a"), NetError::Gone, NOW);

        memory.forget(&uri("https://e.example/").origin());

        assert!(!memory.knows(&uri("https://e.example/a"), NOW));
        assert!(!memory.knows(&uri("https://e.example/b"), NOW));
        assert!(memory.knows(&uri("https://e.example.fr/a"), NOW));
    }
}
