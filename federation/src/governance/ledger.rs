//! The objects held for one poll, and which of them are good: each waits for what it names.
//!
//! A ballot waits for the ballot before it, a list for its ballots, a seal for its list, a value for
//! its seals. What is found does not depend on the order of arrival. Not here: whether to keep an
//! object at all, and when it came.

mod judge;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::ballot::Ballot;
use super::body::Body;
use super::closing::{PollValue, Seal, SealList};
use super::error::{Fault, ObjectError};
use super::hash::ObjectHash;
use super::object::Object;
use super::poll::Poll;
use judge::Judgement;

/// An object whose signer and part in one poll were verified. Only [`Verified::in_poll`] makes one,
/// so no rule can forget to ask.
#[derive(Debug, Clone)]
pub struct Verified(Arc<Object>);

impl Verified {
    /// Verifies an object with the keys that the poll froze.
    ///
    /// # Errors
    /// As [`Object::verify_in`].
    pub fn in_poll(poll: &Object, object: Arc<Object>) -> Result<Self, ObjectError> {
        object.verify_in(poll)?;
        Ok(Self(object))
    }

    /// What this hub just signed itself.
    pub(crate) const fn own(object: Arc<Object>) -> Self {
        Self(object)
    }

    /// The object.
    pub const fn object(&self) -> &Arc<Object> {
        &self.0
    }
}

/// What is known of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not held.
    Absent,
    /// Held; something that it names is not, or waits itself.
    Waiting,
    /// Good, with all that it names.
    Good,
    /// It can never become good.
    Bad,
}

/// The objects held for one poll.
#[derive(Debug, Clone)]
pub struct Ledger {
    poll: Arc<Object>,
    /// The same, read.
    asked: Poll,
    objects: BTreeMap<ObjectHash, Held>,
    /// Who waits for what.
    waiting: BTreeMap<ObjectHash, Vec<ObjectHash>>,
    /// Named by something held, and not held: to be pulled, beyond any limit.
    wanted: BTreeSet<ObjectHash>,
}

#[derive(Debug, Clone)]
struct Held {
    object: Arc<Object>,
    state: State,
}

impl Ledger {
    /// A ledger that holds the poll alone.
    ///
    /// # Errors
    /// [`Fault::UnknownType`] when it is no poll, or why its author did not sign it.
    pub fn of(poll: Arc<Object>) -> Result<Self, ObjectError> {
        let Body::Poll(asked) = poll.body() else {
            return Err(Fault::UnknownType.in_a(poll.kind()));
        };
        poll.verify_in(&poll)?;
        Ok(Self {
            asked: (**asked).clone(),
            poll,
            objects: BTreeMap::new(),
            waiting: BTreeMap::new(),
            wanted: BTreeSet::new(),
        })
    }

    /// The poll as it was signed.
    pub const fn poll_object(&self) -> &Arc<Object> {
        &self.poll
    }

    /// The poll.
    pub const fn poll(&self) -> &Poll {
        &self.asked
    }

    /// Takes an object in, and says what became good or bad by it, itself included, in order.
    pub fn insert(&mut self, verified: Verified) -> Vec<ObjectHash> {
        let hash = verified.0.hash();
        self.wanted.remove(&hash);
        if self.objects.contains_key(&hash) {
            return vec![];
        }
        let named = judge::named(verified.0.body());
        let absent = named.filter(|name| !self.objects.contains_key(name));
        self.wanted.extend(absent.collect::<Vec<_>>());
        let held = Held {
            object: verified.0,
            state: State::Waiting,
        };
        self.objects.insert(hash, held);
        self.settle(hash)
    }

    /// Judges an object, and then all that waited for it.
    fn settle(&mut self, first: ObjectHash) -> Vec<ObjectHash> {
        let mut settled = vec![];
        let mut queue = VecDeque::from([first]);
        while let Some(hash) = queue.pop_front() {
            let state = match self.judge(hash) {
                Judgement::Wait { on } => {
                    self.waiting.entry(on).or_default().push(hash);
                    continue;
                }
                Judgement::Good => State::Good,
                Judgement::Bad => State::Bad,
            };
            if let Some(held) = self.objects.get_mut(&hash) {
                held.state = state;
            }
            settled.push(hash);
            queue.extend(self.waiting.remove(&hash).unwrap_or_default());
        }
        settled
    }

    /// What is known of an object.
    pub fn state(&self, hash: ObjectHash) -> State {
        self.objects
            .get(&hash)
            .map_or(State::Absent, |held| held.state)
    }

    /// An object that is held.
    pub fn get(&self, hash: ObjectHash) -> Option<&Arc<Object>> {
        self.objects.get(&hash).map(|held| &held.object)
    }

    /// What is to be pulled, and is kept beyond any limit when it comes.
    pub const fn wanted(&self) -> &BTreeSet<ObjectHash> {
        &self.wanted
    }

    /// Wants an object that is named outside of what is held.
    pub fn want(&mut self, hash: ObjectHash) {
        if !self.objects.contains_key(&hash) {
            self.wanted.insert(hash);
        }
    }

    /// Everything held beside the poll, by hash.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.values().map(|held| &held.object)
    }

    /// A ballot that is held.
    pub fn ballot(&self, hash: ObjectHash) -> Option<&Ballot> {
        match self.get(hash)?.body() {
            Body::Ballot(ballot) => Some(ballot),
            _ => None,
        }
    }

    /// A seal that is held.
    pub fn seal(&self, hash: ObjectHash) -> Option<&Seal> {
        match self.get(hash)?.body() {
            Body::Seal(seal) => Some(seal),
            _ => None,
        }
    }

    /// A list that is held.
    pub fn list(&self, hash: ObjectHash) -> Option<&SealList> {
        match self.get(hash)?.body() {
            Body::SealList(list) => Some(list),
            _ => None,
        }
    }

    /// A value that is held.
    pub fn value(&self, hash: ObjectHash) -> Option<&PollValue> {
        match self.get(hash)?.body() {
            Body::Value(value) => Some(value),
            _ => None,
        }
    }
}
