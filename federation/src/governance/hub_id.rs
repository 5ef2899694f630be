//! The name of a hub in governance, for ever.

use std::fmt;

use crate::multikey::{MultikeyError, PublicKey, encode_base58btc};

/// The hub's first governance key, as `z6Mk…`.
///
/// It survives rotations of that key and moves of the domain. All ids have one length and the
/// alphabet of base58 is in the order of its bytes, so ids sort here as their texts do.
/// Source: votes.md 6.5.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HubId([u8; 32]);

impl HubId {
    /// The id of the hub whose first governance key this is.
    pub fn of(key: &PublicKey) -> Self {
        Self(*key.as_bytes())
    }

    /// Reads `z6Mk…`.
    ///
    /// # Errors
    /// [`MultikeyError`] when it is no good Ed25519 key.
    pub fn parse(text: &str) -> Result<Self, MultikeyError> {
        PublicKey::from_multibase(text).map(|key| Self::of(&key))
    }

    /// The verification method of a proof that this hub makes with `key`. Source: votes.md 4.2.
    pub fn method(&self, key: &PublicKey) -> String {
        format!("{self}#{}", key.to_multibase())
    }
}

impl fmt::Display for HubId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![0xed, 0x01];
        bytes.extend(self.0);
        f.write_str(&encode_base58btc(&bytes))
    }
}

impl fmt::Debug for HubId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HubId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::multikey::SecretKey;

    #[test]
    fn ids_are_read_as_written_and_sort_as_their_texts() {
        let mut ids: Vec<HubId> = (0..100)
            .map(|seed| HubId::of(&SecretKey::from_seed(&[seed; 32]).public()))
            .collect();
        ids.sort();
        let texts: Vec<String> = ids.iter().map(HubId::to_string).collect();

        assert!(texts.is_sorted());
        assert!(texts.iter().all(|text| text.starts_with("z6Mk")));
        for (id, text) in ids.iter().zip(&texts) {
            assert_eq!(HubId::parse(text), Ok(*id));
        }
    }

    #[test]
    fn a_key_of_small_order_names_no_hub() {
        let weak = HubId([0; 32]).to_string();

        assert_eq!(HubId::parse(&weak), Err(MultikeyError::Weak));
    }
}
