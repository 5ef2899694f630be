//! Bounded memory that only makes things faster: losing all of it changes no answer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use interkpa_federation::{Instant, Span};

use crate::bounded::{Bounded, Room};

/// A list as it was sent to anybody, in bytes.
#[derive(Debug, Clone)]
pub struct Rendered {
    version: u64,
    made_at: Instant,
    /// The answer's body.
    pub body: axum::body::Bytes,
    /// Its weak entity tag.
    pub etag: String,
}

/// Rendered public lists: what is the same for everybody who is not signed in.
///
/// A write raises the version, which makes every entry old. An entry also lives no longer than
/// [`LISTS_SPAN`]: another process may have written, and a reader may have been reading while the
/// write was under way.
#[derive(Debug)]
pub struct Lists {
    version: AtomicU64,
    entries: Mutex<Bounded<String, Rendered>>,
}

/// Longest life of a rendered list.
pub const LISTS_SPAN: Span = Span::seconds(1);
/// Rendered lists kept: at about 40 KB each, 2.5 MB.
const LISTS_MAX: usize = 64;

impl Lists {
    /// Makes every rendered list old.
    pub fn raise(&self) {
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    /// The version to note before reading what is to be rendered.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The list kept under a key, if it is still good.
    pub fn get(&self, key: &str, now: Instant) -> Option<Rendered> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let found = entries.get(&key.to_owned())?.clone();
        drop(entries);
        let young = now >= found.made_at && now < found.made_at + LISTS_SPAN;
        (young && found.version == self.version()).then_some(found)
    }

    /// Keeps a list rendered from what was read after `version` was noted.
    pub fn put(&self, key: String, version: u64, made_at: Instant, mut body: String) -> Rendered {
        body.shrink_to_fit(); // it was written with room to spare
        let etag = format!("W/\"{:016x}\"", name_of(body.as_bytes()));
        let rendered = Rendered {
            version,
            made_at,
            body: body.into(),
            etag,
        };
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, rendered.clone());
        rendered
    }

    /// How full it is.
    pub fn room(&self) -> Room {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .room()
    }
}

/// In the manner of FNV-1a, eight bytes at a time: names a body, guards nothing.
fn name_of(bytes: &[u8]) -> u64 {
    let step = |hash: u64, word: u64| {
        // The rotation carries what the product leaves in the high bits down to the low ones.
        (hash ^ word)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29)
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(0xcbf2_9ce4_8422_2325, |hash, word| {
        step(hash, u64::from_le_bytes(*word))
    });
    let hash = rest
        .iter()
        .fold(hash, |hash, byte| step(hash, u64::from(*byte)));
    step(hash, u64::try_from(bytes.len()).unwrap_or(u64::MAX))
}

/// The caches of one hub.
#[derive(Debug)]
pub struct Caches {
    /// Rendered public lists.
    pub lists: Lists,
    /// Machines of the polls under way.
    pub machines: crate::features::votes::Machines,
}

impl Caches {
    /// Empty caches of the usual sizes.
    pub fn new() -> Self {
        Self {
            lists: Lists {
                version: AtomicU64::new(0),
                entries: Mutex::new(Bounded::new(LISTS_MAX)),
            },
            machines: crate::features::votes::Machines::new(),
        }
    }
}

impl Default for Caches {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_and_the_length_of_a_body_are_in_its_name() {
        let body = "<p>Vingt annonces.</p>".repeat(50);
        let name = name_of(body.as_bytes());

        for place in 0..body.len() {
            let mut other = body.clone().into_bytes();
            other[place] ^= 1;
            assert_ne!(name_of(&other), name, "{place}");
        }
        assert_ne!(name_of(&[0; 7]), name_of(&[0; 8]));
        assert_ne!(name_of(&[]), name_of(&[0]));
    }
}
