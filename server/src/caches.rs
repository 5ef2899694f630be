//! Bounded memory that only makes things faster: losing all of it changes no answer.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;

/// A map that forgets everything once it is full: bounded, simple, and never wrong for long.
///
/// Meant for values that are cheap to make again. Not for counting or locking anything.
#[derive(Debug)]
pub struct Bounded<K, V> {
    entries_max: usize,
    entries: Mutex<HashMap<K, V>>,
}

impl<K: Eq + Hash, V: Clone> Bounded<K, V> {
    /// A cache of at most so many entries.
    pub fn new(entries_max: usize) -> Self {
        Self {
            entries_max,
            entries: Mutex::new(HashMap::new()),
        }
    }

    /// The value kept for a key.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.entries.lock().ok()?.get(key).cloned()
    }

    /// Keeps a value; a full cache is emptied first.
    pub fn put(&self, key: K, value: V) {
        if let Ok(mut entries) = self.entries.lock() {
            if entries.len() >= self.entries_max {
                entries.clear();
            }
            entries.insert(key, value);
        }
    }

    /// Forgets one key.
    pub fn forget<Q: Eq + Hash + ?Sized>(&self, key: &Q)
    where
        K: std::borrow::Borrow<Q>,
    {
        if let Ok(mut entries) = self.entries.lock() {
            entries.remove(key);
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        if let Ok(mut entries) = self.entries.lock() {
            entries.clear();
        }
    }
}

/// The caches of one hub.
#[derive(Debug)]
pub struct Caches {}

impl Caches {
    /// Empty caches of the usual sizes.
    pub fn new() -> Self {
        Self {}
    }
}

impl Default for Caches {
    fn default() -> Self {
        Self::new()
    }
}
