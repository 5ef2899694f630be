//! A map that cannot grow without end.
//!
//! Strangers choose the keys of what a hub remembers (hosts, key ids, addresses, searches): each such
//! memory has a bound (security.md 2.2, CVE-2026-69132), and the operator sees how full it is
//! (`interkpa_memory_entries` of `/metrics`).

use std::collections::HashMap;
use std::hash::Hash;

/// A map of at most `capacity` entries that forgets what was not used for longest, roughly.
///
/// Two generations: when the young one is half the capacity, it becomes the old one and the old
/// one is dropped. What is found in the old one moves to the young one.
#[derive(Debug)]
pub struct Bounded<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    generation_max: usize,
}

/// How full a bounded memory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Entries held.
    pub entries: usize,
    /// Entries that are never exceeded.
    pub entries_max: usize,
}

impl<K: Eq + Hash, V> Bounded<K, V> {
    /// An empty map of at most `capacity` entries, at least two.
    pub fn new(capacity: usize) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            generation_max: (capacity / 2).max(1),
        }
    }

    /// The entry of `key`, which counts as a use of it.
    pub fn get(&mut self, key: &K) -> Option<&V> {
        if !self.young.contains_key(key) {
            let (key, value) = self.old.remove_entry(key)?;
            self.insert(key, value);
        }
        self.young.get(key)
    }

    /// Stores an entry, and forgets old ones if there is no room.
    pub fn insert(&mut self, key: K, value: V) {
        self.old.remove(&key);
        if self.young.len() >= self.generation_max && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }

    /// Takes an entry out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let old = self.old.remove(key);
        self.young.remove(key).or(old)
    }

    /// Drops the entries that `keep` does not hold for.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        self.young.retain(|key, value| keep(key, value));
        self.old.retain(|key, value| keep(key, value));
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    /// How full it is, for the operator.
    pub fn room(&self) -> Room {
        Room {
            entries: self.len(),
            entries_max: self.generation_max * 2,
        }
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_holds_more_than_its_capacity() {
        let mut map = Bounded::new(10);

        for n in 0..1_000 {
            map.insert(n, n);
            assert!(map.len() <= 10);
        }

        assert_eq!(map.get(&999), Some(&999));
        assert_eq!(map.get(&0), None);
    }

    #[test]
    fn what_is_used_stays() {
        let mut map = Bounded::new(10);
        map.insert(-1, "used");

        for n in 0..1_000 {
            map.insert(n, "filler");
            assert_eq!(map.get(&-1), Some(&"used"));
        }
    }

    #[test]
    fn an_entry_has_one_value_and_can_be_taken_out() {
        let mut map = Bounded::new(2);
        map.insert(1, "first");
        map.insert(2, "filler");
        map.insert(1, "second");

        assert_eq!(map.get(&1), Some(&"second"));
        assert_eq!(map.remove(&1), Some("second"));
        assert_eq!(map.get(&1), None);
    }
}
