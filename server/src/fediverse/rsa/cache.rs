//! Public keys parsed once.
//!
//! It remembers the result of parsing, nothing else: whether a stored key is still the actor's is
//! decided by the row it comes from, whose version is part of the name of an entry. A rotation
//! therefore needs no message to this cache (promise P20).

use std::sync::{Mutex, PoisonError};

use super::{KeyUnsupported, VerifyingKey};
use crate::bounded::{Bounded, Room};

/// Most keys held (performance.md §10, table of sizes).
pub const KEYS_MAX: usize = 10_000;

type Name = (String, i64);

/// Parsed public keys by key id and version of the stored key.
#[derive(Debug)]
pub struct KeyCache {
    entries: Mutex<Bounded<Name, Result<VerifyingKey, KeyUnsupported>>>,
}

impl KeyCache {
    /// An empty cache of at most `capacity` keys.
    pub fn new(capacity: usize) -> Self {
        Self {
            entries: Mutex::new(Bounded::new(capacity)),
        }
    }

    /// The parsed form of `pem`, which is version `version` of the key `key_id`.
    ///
    /// `version` must change whenever the stored text does, for instance the instant of its
    /// storing. A refusal is remembered as well.
    ///
    /// # Errors
    /// As [`VerifyingKey::from_pem`].
    pub fn parsed(
        &self,
        key_id: &str,
        version: i64,
        pem: &str,
    ) -> Result<VerifyingKey, KeyUnsupported> {
        let name = (key_id.to_owned(), version);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = entries.get(&name) {
            return found.clone();
        }
        let parsed = VerifyingKey::from_pem(pem);
        entries.insert(name, parsed.clone());
        parsed
    }

    /// How full it is.
    pub fn room(&self) -> Room {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .room()
    }

    /// How many keys are held.
    pub fn len(&self) -> usize {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }

    /// Whether no key is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for KeyCache {
    fn default() -> Self {
        Self::new(KEYS_MAX)
    }
}
