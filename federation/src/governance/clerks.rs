//! Whose turn it is to propose the minutes. Source: votes.md 4.9 (5).

use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::poll::Poll;

/// The certifiers in the order in which they are clerks: the author first, then the others by a hash
/// that nobody chooses alone. Round `r` belongs to number `r` modulo their number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clerks(Vec<HubId>);

impl Clerks {
    /// The clerks of a poll of that hash.
    pub fn of(poll: &Poll, hash: ObjectHash) -> Self {
        let mut hubs = poll.certifiers();
        hubs.sort_by_cached_key(|hub| {
            let drawn = ObjectHash::of(format!("{hash}{hub}").as_bytes());
            (*hub != poll.author, drawn)
        });
        Self(hubs)
    }

    /// The clerk of a round.
    pub fn of_round(&self, round: u64) -> Option<HubId> {
        let number = u64::try_from(self.0.len()).ok()?;
        let at = usize::try_from(round.checked_rem(number)?).ok()?;
        self.0.get(at).copied()
    }
}
