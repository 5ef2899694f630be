//! Vectors made by others: W3C vc-di-eddsa, FEP-8b32, and the Python package apsig.

use interkpa_federation::Instant;
use interkpa_federation::jcs::Content;
use interkpa_federation::multikey::{PublicKey, SecretKey};
use interkpa_federation::proof::{self, Expected, Signer};
use serde_json::Value;

fn fixture(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// Seed of the key that the W3C and FEP-8b32 vectors share.
const SEED: [u8; 32] = [
    0xc9, 0x6e, 0xf9, 0xea, 0x10, 0xc5, 0xe4, 0x14, 0xc4, 0x71, 0x72, 0x3a, 0xff, 0x9d, 0xe7, 0x2c,
    0x35, 0xfa, 0x5b, 0x70, 0xfa, 0xe9, 0x7e, 0x88, 0x32, 0xec, 0xac, 0x7d, 0x2e, 0x2b, 0x8e, 0xd6,
];

fn vector_key() -> PublicKey {
    PublicKey::from_multibase("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2").unwrap()
}

#[test]
fn the_w3c_vector_verifies_and_is_reproduced_byte_for_byte() {
    let signed = fixture(include_str!("fixtures/vectors/w3c-eddsa-jcs-2022.json"));
    let method = signed["proof"]["verificationMethod"].as_str().unwrap();
    let expected = Expected {
        verification_method: method,
        content: Content::Provable,
    };

    let proved = proof::verify(&signed, &vector_key(), expected).unwrap();

    assert_eq!(
        proved.document_hash.to_vec(),
        bytes("59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19")
    );
    let key = SecretKey::from_seed(&SEED);
    let author = Signer {
        key: &key,
        verification_method: method,
        created: Instant::parse_rfc3339("2023-02-24T23:36:38Z").unwrap(),
    };
    let mut unsigned = signed.clone();
    unsigned.as_object_mut().unwrap().remove("proof");
    assert_eq!(proof::sign(&unsigned, author).unwrap(), signed);
    assert_eq!(PublicKey::from_did_key(method), Ok(vector_key()));
}

#[test]
fn the_fep_8b32_vector_verifies_with_its_floats() {
    let signed = fixture(include_str!("fixtures/vectors/fep-8b32.json"));
    let expected = |content| Expected {
        verification_method: "https://server.example/users/alice#ed25519-key",
        content,
    };

    let proved = proof::verify(&signed, &vector_key(), expected(Content::Any)).unwrap();

    assert_eq!(
        proved.document_hash.to_vec(),
        bytes("357354f600d92e59af6020ec0066bdc8802ee6376d8da86195409514c9460ca8")
    );
    assert!(proof::verify(&signed, &vector_key(), expected(Content::Provable)).is_err());
}
