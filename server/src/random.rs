//! Random bytes, and the two things made of them: identifiers and secrets.
//!
//! The source is a parameter (decision 9): the operating system in a running hub, a seed in tests.
//! Not here: RSA keys, whose library has its own source (`fediverse/rsa.rs`).

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use interkpa_federation::Instant;
use sha2::{Digest, Sha256};

/// A source of random bytes. Clones share one state.
#[derive(Clone)]
pub struct Random {
    inner: Arc<Inner>,
}

struct Inner {
    source: Source,
    /// The last identifier made, so that the next one sorts after it.
    last_id: Mutex<LastId>,
}

enum Source {
    System,
    Seeded(Mutex<Stream>),
}

/// SHA-256 of a seed and a counter: reproducible, not for secrets of a real hub.
struct Stream {
    seed: u64,
    counter: u64,
}

#[derive(Clone, Copy, Default)]
struct LastId {
    milliseconds: u64,
    tail: u128,
}

/// The operating system gives no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random bytes: {0}")]
pub struct RandomError(getrandom::Error);

/// An identifier of version 7 keeps 74 bits besides its milliseconds.
const TAIL_BITS: u32 = 74;

impl Random {
    /// The source of the operating system.
    ///
    /// # Errors
    /// [`RandomError`] when it gives nothing: a hub must not start without it.
    pub fn system() -> Result<Self, RandomError> {
        let mut probe = [0_u8; 1];
        getrandom::fill(&mut probe).map_err(RandomError)?;
        Ok(Self::from_source(Source::System))
    }

    /// A stream that is the same for the same seed. Tests and the demo's sample data only.
    pub fn seeded(seed: u64) -> Self {
        Self::from_source(Source::Seeded(Mutex::new(Stream { seed, counter: 0 })))
    }

    fn from_source(source: Source) -> Self {
        Self {
            inner: Arc::new(Inner {
                source,
                last_id: Mutex::default(),
            }),
        }
    }

    /// `N` random bytes.
    ///
    /// The process ends if the operating system stops giving any after it did at the start: no
    /// secret and no key can be made then, and a guessable one is worse than none.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0_u8; N];
        match &self.inner.source {
            Source::System => {
                if let Err(error) = getrandom::fill(&mut bytes) {
                    tracing::error!(%error, "the operating system gives no random bytes, stopping");
                    std::process::abort();
                }
            }
            Source::Seeded(stream) => {
                let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
                for part in bytes.chunks_mut(32) {
                    part.iter_mut()
                        .zip(stream.block())
                        .for_each(|(to, from)| *to = from);
                }
            }
        }
        bytes
    }

    /// A new identifier: UUID version 7 in lower case (RFC 9562, decision 20).
    ///
    /// Identifiers of one `Random` sort in the order of their making, also within a millisecond
    /// and when the clock goes back. They are no secrets: see [`Random::secret_256`].
    pub fn uuid_v7(&self, now: Instant) -> String {
        let fresh = u128::from_be_bytes(self.bytes::<16>());
        let milliseconds = u64::try_from(now.as_milliseconds()).unwrap_or(0);
        let mut last = self
            .inner
            .last_id
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *last = last.next(milliseconds, fresh);
        last.to_uuid().hyphenated().to_string()
    }

    /// The least identifier that an instant can have: what was made from then on sorts behind it.
    pub fn least_uuid_v7(at: Instant) -> String {
        let least = LastId {
            milliseconds: u64::try_from(at.as_milliseconds()).unwrap_or(0),
            tail: 0,
        };
        least.to_uuid().hyphenated().to_string()
    }

    /// A secret of 256 random bits in 43 characters of base64url: sessions, tokens, invitations.
    pub fn secret_256(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.inner.source {
            Source::System => "Random(system)",
            Source::Seeded(_) => "Random(seeded)",
        })
    }
}

impl Stream {
    fn block(&mut self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_be_bytes());
        hash.update(self.counter.to_be_bytes());
        self.counter = self.counter.wrapping_add(1);
        hash.finalize().into()
    }
}

impl LastId {
    /// The successor: random in a new millisecond, else the last one plus a random step.
    fn next(self, milliseconds: u64, fresh: u128) -> Self {
        let room = 1_u128 << TAIL_BITS;
        if milliseconds > self.milliseconds {
            // The highest bit starts at zero, which leaves room for steps.
            return Self {
                milliseconds,
                tail: fresh % (room / 2),
            };
        }
        let tail = self.tail + 1 + fresh % (1 << 32);
        if tail < room {
            return Self { tail, ..self };
        }
        Self {
            milliseconds: self.milliseconds + 1,
            tail: fresh % (room / 2),
        }
    }

    fn to_uuid(self) -> uuid::Uuid {
        // The builder overwrites the 4 bits of the version and the 2 of the variant.
        let upper = (self.tail >> 62) & 0x0fff;
        let lower = self.tail & ((1 << 62) - 1);
        let packed = (upper << 64) | lower;
        let [_, _, _, _, _, _, tail @ ..] = packed.to_be_bytes();
        uuid::Builder::from_unix_timestamp_millis(self.milliseconds, &tail).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_from_an_instant_on_sorts_behind_its_least_id() {
        let (before, at) = (
            Instant::from_milliseconds(1_800_000_000_122),
            Instant::from_milliseconds(1_800_000_000_123),
        );

        let least = Random::least_uuid_v7(at);

        assert!(Random::seeded(1).uuid_v7(before) < least);
        assert!(Random::seeded(1).uuid_v7(at) >= least);
    }

    #[test]
    fn a_seed_gives_the_same_bytes_again_and_another_seed_others() {
        let bytes = |seed| Random::seeded(seed).bytes::<100>();

        assert_eq!(bytes(7), bytes(7));
        assert_ne!(bytes(7), bytes(8));
    }

    #[test]
    fn the_system_source_does_not_repeat_itself() {
        let random = Random::system().unwrap();

        assert_ne!(random.bytes::<32>(), random.bytes::<32>());
    }

    #[test]
    fn identifiers_are_version_7_in_lower_case_and_carry_their_millisecond() {
        let random = Random::seeded(1);
        let now = Instant::parse_rfc3339("2026-11-25T08:00:00.250Z").unwrap();

        for _ in 0..100 {
            let text = random.uuid_v7(now);
            let id = uuid::Uuid::parse_str(&text).unwrap();

            assert_eq!(text, text.to_lowercase());
            assert_eq!(id.get_version_num(), 7);
            assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
            assert_eq!(
                id.as_u128() >> 80,
                u128::try_from(now.as_milliseconds()).unwrap()
            );
        }
    }

    #[test]
    fn identifiers_sort_in_order_of_making_even_when_the_clock_goes_back() {
        let random = Random::system().unwrap();
        let at = |ms: i64| Instant::from_milliseconds(1_800_000_000_000 + ms);

        let ids: Vec<String> = (0..2_000_i64)
            .map(|n| random.uuid_v7(at([0, 0, 5, -90_000][usize::try_from(n % 4).unwrap()])))
            .collect();

        assert!(ids.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn an_exhausted_millisecond_borrows_the_next_one() {
        let full = LastId {
            milliseconds: 10,
            tail: (1 << TAIL_BITS) - 1,
        };

        let next = full.next(10, 3);

        assert_eq!((next.milliseconds, next.tail), (11, 3));
        assert!(next.to_uuid() > full.to_uuid());
    }

    #[test]
    fn a_secret_has_256_bits_and_needs_no_escaping() {
        let secret = Random::seeded(3).secret_256();

        assert_eq!(URL_SAFE_NO_PAD.decode(&secret).unwrap().len(), 32);
        assert!(
            secret
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        );
    }
}
