//! How many requests are under way, to one host and in all.
//!
//! A stranger who names a thousand addresses on a sleeping server must not hold a thousand of our
//! connections (security.md D45). Whoever finds the gate closed is told at once and never waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What a request is for: fetches that strangers cause do not take the place of deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Lane {
    Fetch,
    Delivery,
}

/// Bounds of one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Most requests under way to one host.
    pub per_host_max: usize,
    /// Most requests under way to all hosts.
    pub in_all_max: usize,
}

#[derive(Debug)]
pub(super) struct Gate {
    bounds: Bounds,
    under_way: Mutex<UnderWay>,
}

/// Only hosts with a request under way have an entry, so the map is bounded by `in_all_max`.
#[derive(Debug, Default)]
struct UnderWay {
    in_all: HashMap<Lane, usize>,
    per_host: HashMap<(Lane, String), usize>,
}

/// A place in the gate, given back when dropped.
#[derive(Debug)]
pub(super) struct Slot {
    gate: Arc<Gate>,
    lane: Lane,
    host: String,
}

impl Gate {
    pub(super) fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self {
            bounds,
            under_way: Mutex::default(),
        })
    }

    /// A place for one request to `host`, or nothing when there is none.
    pub(super) fn enter(self: &Arc<Self>, lane: Lane, host: &str) -> Option<Slot> {
        let mut under_way = self.lock();
        let in_all = under_way.in_all.get(&lane).copied().unwrap_or(0);
        let key = (lane, host.to_owned());
        let to_host = under_way.per_host.get(&key).copied().unwrap_or(0);
        if in_all >= self.bounds.in_all_max || to_host >= self.bounds.per_host_max {
            return None;
        }
        under_way.in_all.insert(lane, in_all + 1);
        under_way.per_host.insert(key, to_host + 1);
        Some(Slot {
            gate: Arc::clone(self),
            lane,
            host: host.to_owned(),
        })
    }

    fn leave(&self, lane: Lane, host: &str) {
        let mut under_way = self.lock();
        if let Some(in_all) = under_way.in_all.get_mut(&lane) {
            *in_all = in_all.saturating_sub(1);
        }
        let key = (lane, host.to_owned());
        let left = under_way
            .per_host
            .get(&key)
            .map_or(0, |n| n.saturating_sub(1));
        if left == 0 {
            under_way.per_host.remove(&key);
        } else {
            under_way.per_host.insert(key, left);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, UnderWay> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.gate.leave(self.lane, &self.host);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> Arc<Gate> {
        Gate::new(Bounds {
            per_host_max: 2,
            in_all_max: 3,
        })
    }

    #[test]
    fn a_host_has_its_share_and_no_more() {
        let gate = gate();
        let first = gate.enter(Lane::Fetch, "a.example");
        let second = gate.enter(Lane::Fetch, "a.example");

        assert!(first.is_some() && second.is_some());
        assert!(gate.enter(Lane::Fetch, "a.example").is_none());
        assert!(gate.enter(Lane::Fetch, "b.example").is_some());

        drop(first);
        assert!(gate.enter(Lane::Fetch, "a.example").is_some());
    }

    #[test]
    fn all_hosts_together_are_bounded_and_deliveries_apart() {
        let gate = gate();
        let slots: Vec<_> = ["a", "b", "c", "d"]
            .iter()
            .filter_map(|host| gate.enter(Lane::Fetch, host))
            .collect();

        assert_eq!(slots.len(), 3);
        assert!(gate.enter(Lane::Delivery, "d").is_some());
    }

    #[test]
    fn nothing_is_remembered_of_a_host_that_is_left() {
        let gate = gate();

        for n in 0..100 {
            drop(gate.enter(Lane::Fetch, &format!("{n}.example")));
        }

        assert!(gate.lock().per_host.is_empty());
        assert_eq!(gate.lock().in_all.get(&Lane::Fetch), Some(&0));
    }
}
