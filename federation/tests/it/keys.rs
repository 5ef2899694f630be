//! The keys of the people in the fixtures: Ed25519 seeds of one repeated byte. They were used by an
//! independent program to make the proofs in `fixtures/ours/`.

use interkpa_federation::multikey::{PublicKey, SecretKey};

/// The secret key of an actor of the fixtures.
pub(crate) fn secret(byte: u8) -> SecretKey {
    SecretKey::from_seed(&[byte; 32])
}

/// The key published behind a verification method of the fixtures.
pub(crate) fn published(method: &str) -> Option<PublicKey> {
    let byte = match method.strip_suffix("#ed25519-key")? {
        "https://bobinette.example/hub" => 1,
        "https://bobinette.example/members/0193a4f0-0001-7000-8000-000000000001" => 2,
        "https://bobinette.example/actor" => 3,
        "https://chevalement.example/members/0193a4f0-0002-7000-8000-000000000002" => 4,
        _ => return None,
    };
    Some(secret(byte).public())
}
