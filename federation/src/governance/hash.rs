//! The name of a governance object: the hash of what it says.

use std::fmt;

use sha2::{Digest, Sha256};

/// SHA-256 of the canonical form of an object without its proof, written as 64 lower-case hex digits.
///
/// References between governance objects are hashes, never addresses: a hub may move, and two
/// objects with one hash are the same object. Source: votes.md 4.2.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectHash([u8; 32]);

/// Characters of a tracking number. Source: votes.md 4.6.
const TRACKING_CHARACTERS: usize = 12;
/// RFC 4648 base32, in lower case.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

impl ObjectHash {
    /// The hash that was computed elsewhere.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash of bytes that are canonical already.
    pub fn of(canonical: &[u8]) -> Self {
        Self(Sha256::digest(canonical).into())
    }

    /// Reads 64 lower-case hex digits; any other text is no hash.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair
                .iter()
                .try_fold(0, |value, digit| Some(value << 4 | nibble(*digit)?))?;
        }
        Some(Self(bytes))
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The tracking number a person compares on two sites: the first 12 characters of base32 (RFC 4648,
    /// lower case). Source: votes.md 4.6.
    pub fn tracking_number(&self) -> String {
        let digit = |at: usize| {
            let (byte, bit) = (at * 5 / 8, at * 5 % 8);
            let pair = [byte, byte + 1].map(|i| self.0.get(i).copied().unwrap_or(0));
            let window = u16::from_be_bytes(pair) >> (11 - bit) & 0b1_1111;
            BASE32.get(usize::from(window)).copied().map(char::from)
        };
        (0..TRACKING_CHARACTERS).filter_map(digit).collect()
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for ObjectHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectHash({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_64_lower_case_hex_digits_and_nothing_else() {
        let text = "ead84edc2ad4593556254dd8acd89d710da4bb02de233bedbbd879f38a1ebf3c";
        let refused = [
            "",
            &text.replacen('e', "", 1),
            &text.to_uppercase(),
            &format!("{text}0"),
            &text.replace('f', "g"),
        ]
        .map(ObjectHash::parse);

        assert_eq!(ObjectHash::parse(text).unwrap().to_string(), text);
        assert_eq!(refused, [None; 5]);
    }

    #[test]
    fn a_tracking_number_is_the_start_of_the_hash_in_base32() {
        // RFC 4648 §10: "foobar" is MZXW6YTBOI======.
        let mut bytes = [0; 32];
        bytes[..6].copy_from_slice(b"foobar");

        let number = ObjectHash::from_bytes(bytes).tracking_number();

        assert_eq!(number, "mzxw6ytboiaa");
    }
}
