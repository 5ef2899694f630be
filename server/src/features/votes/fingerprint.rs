//! Fingerprints, as they are printed, read aloud and compared: on pages and on the command line alike.

use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::multikey::PublicKey;

/// The fingerprint of a governance key: SHA-256 of the key as the register writes it (`z6Mk…`).
pub fn fingerprint(key: &PublicKey) -> String {
    in_groups(ObjectHash::of(key.to_multibase().as_bytes()))
}

/// The figures of a hash in groups of four, for reading aloud.
pub fn in_groups(hash: ObjectHash) -> String {
    let digits: Vec<char> = hash.to_string().chars().collect();
    let groups: Vec<String> = digits
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_aloud_by_fours() {
        let hash = ObjectHash::from_bytes([0xea; 32]);

        assert_eq!(in_groups(hash), ["eaea"; 16].join(" "));
    }
}
