//! The number of an entry in the index. It orders the entries of one kind by their publication, so that
//! a search reads the newest hits first and stops when it has enough, however many there are.

use interkpa_federation::Instant;

/// What is found: each kind has its own range of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Name in the table; stored, never changed.
    pub name: &'static str,
    /// Its range, 0 to 15; stored, never changed, and of no other kind.
    pub number: u8,
}

/// Key of an entry, from the most significant bit: 0, kind (4 bits), milliseconds UTC of the
/// publication (42 bits: until the year 2109), order within the millisecond (17 bits).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(i64);

const ORDER_BITS: u32 = 17;
const MS_BITS: u32 = 42;
const MS_MAX: i64 = (1 << MS_BITS) - 1;

impl Key {
    /// The lowest key of that kind at that instant. An instant outside 1970–2109 (only another server
    /// could say one) counts as the nearer end.
    pub fn at(kind: Kind, at: Instant) -> Self {
        let ms = at.as_milliseconds().clamp(0, MS_MAX);
        let kind = i64::from(kind.number & 0xf);
        Self((kind << (MS_BITS + ORDER_BITS)) | (ms << ORDER_BITS))
    }

    /// The key below which all of that kind are.
    pub fn above_all(kind: Kind) -> Self {
        Self(Self::at(kind, Instant::from_milliseconds(MS_MAX)).0 | ((1 << ORDER_BITS) - 1))
    }

    /// When what it names was published.
    pub fn published_at(self) -> Instant {
        Instant::from_milliseconds((self.0 >> ORDER_BITS) & MS_MAX)
    }

    /// The lowest key of the millisecond after this one's.
    pub(super) const fn at_next_millisecond(self) -> Self {
        Self(((self.0 >> ORDER_BITS) + 1) << ORDER_BITS)
    }

    /// The next one, for a second entry of one millisecond.
    pub(super) const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// As the database holds it.
    pub(super) const fn as_i64(self) -> i64 {
        self.0
    }

    /// What the database holds.
    pub(super) const fn known(docid: i64) -> Self {
        Self(docid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERS: Kind = Kind {
        name: "offer",
        number: 1,
    };
    const EVENTS: Kind = Kind {
        name: "event",
        number: 15,
    };

    #[test]
    fn keys_of_a_kind_follow_the_time_of_publication_and_stay_in_its_range() {
        let at = |ms| Key::at(OFFERS, Instant::from_milliseconds(ms));

        assert!(at(0) < at(1).next() && at(1).next() < at(2));
        assert!(at(i64::MAX) < Key::above_all(OFFERS));
        assert!(Key::above_all(OFFERS) < Key::at(EVENTS, Instant::from_milliseconds(i64::MIN)));
        assert!(Key::above_all(EVENTS).as_i64() > 0);
    }

    #[test]
    fn a_key_says_when_what_it_names_was_published() {
        let at = Instant::from_milliseconds(1_764_000_000_123);

        assert_eq!(Key::at(EVENTS, at).next().published_at(), at);
    }
}
