//! The signature vectors of UKV-1, byte for byte: the two hashes that are signed, and the signature.
//! Sources: W3C vc-di-eddsa (TestVectors/eddsa-jcs-2022, abb673e), FEP-8b32.

use interkpa_federation::Instant;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::jcs::{Content, canonical};
use interkpa_federation::multikey::{PublicKey, SecretKey};
use interkpa_federation::proof::{self, Expected, Signer};
use serde_json::Value;

const SECRET: &str = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq";
const PUBLIC: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

struct Vector {
    document: &'static str,
    content: Content,
    proof_config: &'static str,
    without_proof: &'static str,
    proof_value: &'static str,
}

const VECTORS: [Vector; 2] = [
    Vector {
        document: include_str!("../fixtures/vectors/w3c-eddsa-jcs-2022.json"),
        content: Content::Provable,
        proof_config: "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db",
        without_proof: "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19",
        proof_value: "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX",
    },
    Vector {
        document: include_str!("../fixtures/vectors/fep-8b32.json"),
        content: Content::Any,
        proof_config: "2f3aa883895eb5799a2108fb1b0e6ec6e62b09b7aeb081322dd4d6ea2f5a0f6c",
        without_proof: "357354f600d92e59af6020ec0066bdc8802ee6376d8da86195409514c9460ca8",
        proof_value: "zLaewdp4H9kqtwyrLatK4cjY5oRHwVcw4gibPSUDYDMhi4M49v8pcYk3ZB6D69dNpAPbUmY8ocuJ3m9KhKJEEg7z",
    },
];

fn key() -> SecretKey {
    let bytes = bs58_of(SECRET);
    assert_eq!(&bytes[..2], [0x80, 0x26]);
    SecretKey::from_seed(&bytes[2..].try_into().unwrap())
}

/// Base58btc, read with big numbers, apart from the crate under test.
fn bs58_of(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes: Vec<u8> = vec![];
    for digit in text.chars().skip(1) {
        let mut carry = ALPHABET.find(digit).unwrap();
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = u8::try_from(carry % 256).unwrap();
            carry /= 256;
        }
        while carry > 0 {
            bytes.insert(0, u8::try_from(carry % 256).unwrap());
            carry /= 256;
        }
    }
    bytes
}

#[test]
fn both_hashes_and_the_signature_are_those_of_the_vectors() {
    for vector in &VECTORS {
        let signed: Value = serde_json::from_str(vector.document).unwrap();
        let mut options = signed["proof"].clone();
        options.as_object_mut().unwrap().remove("proofValue");
        let mut bare = signed.clone();
        bare.as_object_mut().unwrap().remove("proof");
        let [options, document] = [&options, &bare]
            .map(|value| ObjectHash::of(&canonical(value, vector.content).unwrap()));

        assert_eq!(options.to_string(), vector.proof_config);
        assert_eq!(document.to_string(), vector.without_proof);
        assert_eq!(signed["proof"]["proofValue"], vector.proof_value);
        let input = [*options.as_bytes(), *document.as_bytes()].concat();
        let signature = key().sign(&input);
        assert_eq!(signature.to_vec(), bs58_of(vector.proof_value));
    }
}

#[test]
fn the_signature_of_the_w3c_vector_in_hex() {
    let signature: String = bs58_of(VECTORS[0].proof_value)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();

    assert_eq!(
        signature,
        "407cd12654b33d718ecbb99179a1506daaa849450bf3fc523cce3e1c96f8b80351da3f253d725c6f00b07c9e5448d50b3ef78012b9ab54255116d069c6dd2808"
    );
}

#[test]
fn our_writer_makes_the_w3c_vector_and_our_reader_takes_it_in() {
    let signed: Value = serde_json::from_str(VECTORS[0].document).unwrap();
    let mut bare = signed.clone();
    bare.as_object_mut().unwrap().remove("proof");
    let method = format!("did:key:{PUBLIC}#{PUBLIC}");
    let author = Signer {
        key: &key(),
        verification_method: &method,
        created: Instant::parse_rfc3339("2023-02-24T23:36:38Z").unwrap(),
    };
    let expected = Expected {
        verification_method: &method,
        content: Content::Provable,
    };

    assert_eq!(proof::sign(&bare, author).unwrap(), signed);
    let public = PublicKey::from_multibase(PUBLIC).unwrap();
    assert!(proof::verify(&signed, &public, expected).is_ok());
}
