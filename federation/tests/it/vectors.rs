//! Vectors made by others: W3C vc-di-eddsa, FEP-8b32, and the Python package apsig.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interkpa_federation::jcs::Content;
use interkpa_federation::multikey::{PublicKey, SecretKey};
use interkpa_federation::proof::{self, Expected, Signer};
use interkpa_federation::signature::{
    self, AlgorithmHint, BodyDigest, Claim, KeyKind, Method, OutgoingRequest, Request,
    SignatureError, SignatureScheme,
};
use interkpa_federation::{Instant, Origin, Uri};
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

/// Vectors made by `tests/vectors/make_apsig.py`.
fn apsig() -> Value {
    fixture(include_str!("fixtures/vectors/apsig.json"))
}

fn text<'v>(vector: &'v Value, member: &str) -> &'v str {
    vector[member].as_str().unwrap()
}

fn http_vector(scheme: &str, name: &str) -> Value {
    let vectors = apsig();
    let all = vectors["http"].as_array().unwrap();
    let found = all
        .iter()
        .find(|vector| vector["scheme"] == scheme && vector["name"] == name);
    found.unwrap().clone()
}

fn method(vector: &Value) -> Method {
    match text(vector, "method") {
        "GET" => Method::Get,
        _ => Method::Post,
    }
}

/// The claim of one request, with the headers that pass `keep`.
fn claim_of(vector: &Value, keep: impl Fn(&str) -> bool) -> Result<Claim, SignatureError> {
    let vectors = apsig();
    let headers: Vec<(&str, &[u8])> = vector["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| {
            (
                header[0].as_str().unwrap(),
                header[1].as_str().unwrap().as_bytes(),
            )
        })
        .filter(|(name, _)| keep(name))
        .collect();
    let own = Origin::parse(text(&vectors, "own")).unwrap();
    let request = Request {
        method: method(vector),
        target: text(vector, "target"),
        headers: &headers,
        body: text(vector, "body").as_bytes(),
        own: &own,
    };
    signature::claim(
        &request,
        Instant::from_seconds(vectors["now"].as_i64().unwrap()),
    )
}

/// The library adds an `Authorization` header to every draft-cavage request, which the guard refuses.
fn without_authorization(name: &str) -> bool {
    name != "authorization"
}

fn rsa_verifies(message: &[u8], signature: &[u8]) -> bool {
    let vectors = apsig();
    let key = STANDARD
        .decode(text(&vectors, "rsa_public_key_pkcs1"))
        .unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(message, signature)
        .is_ok()
}

#[test]
fn requests_signed_by_apsig_verify_in_both_schemes() {
    for (scheme, name) in [
        ("cavage", "delivery"),
        ("cavage", "delivery in our order"),
        ("cavage", "read"),
        ("rfc9421", "delivery"),
        ("rfc9421", "read"),
    ] {
        let vector = http_vector(scheme, name);

        let claim = claim_of(&vector, without_authorization).unwrap();

        let rebuilt = String::from_utf8(claim.signed_text.clone()).unwrap();
        assert_eq!(rebuilt, text(&vector, "signed_text"), "{scheme} {name}");
        assert_eq!(claim.key_id.as_str(), text(&apsig(), "key_id"));
        assert_eq!(claim.algorithm, AlgorithmHint::RsaSha256);
        assert_eq!(claim.verify_with(KeyKind::Rsa, rsa_verifies), Ok(()));
        let mut forged = claim;
        forged.signed_text.push(b' ');
        assert_eq!(
            forged.verify_with(KeyKind::Rsa, rsa_verifies),
            Err(SignatureError::Invalid)
        );
    }
}

#[test]
fn requests_of_apsig_that_cover_too_little_are_refused() {
    for (scheme, name) in [
        ("cavage", "digest only"),
        ("rfc9421", "what the library covers by default"),
    ] {
        let vector = http_vector(scheme, name);
        let refused = claim_of(&vector, without_authorization).unwrap_err();

        assert_eq!(
            refused.code(),
            "sig_headers_insufficient",
            "{scheme} {name}"
        );
    }
    let as_sent = claim_of(&http_vector("cavage", "delivery"), |_| true).unwrap_err();
    assert_eq!(as_sent.code(), "authorization_refused");
}

#[test]
fn our_draft_cavage_request_is_byte_for_byte_that_of_apsig() {
    let vector = http_vector("cavage", "delivery in our order");
    let claim = claim_of(&vector, without_authorization).unwrap();
    assert_eq!(claim.scheme, SignatureScheme::Cavage);
    let vectors = apsig();
    let target = Uri::parse(&format!("{}/inbox", text(&vectors, "own"))).unwrap();
    let key_id = Uri::parse(text(&vectors, "key_id")).unwrap();
    let request = OutgoingRequest {
        method: Method::Post,
        target: &target,
        date: Instant::from_seconds(vectors["now"].as_i64().unwrap()),
        digest: Some(BodyDigest::of(text(&vector, "body").as_bytes())),
        key_id: &key_id,
    };

    assert_eq!(
        signature::cavage_signing_text(&request),
        text(&vector, "signed_text")
    );
    let ours = signature::cavage_headers(&request, &claim.signature);
    for (name, value) in ours {
        let theirs = vector["headers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|header| header[0] == name);
        assert_eq!(theirs.unwrap()[1], value, "{name}");
    }
}

#[test]
fn documents_proved_by_apsig_verify_and_ours_are_the_same_bytes() {
    let vectors = apsig();
    let seed: [u8; 32] = bytes(text(&vectors, "ed25519_seed")).try_into().unwrap();
    let key = SecretKey::from_seed(&seed);
    assert_eq!(
        key.public().to_multibase(),
        text(&vectors, "ed25519_multibase")
    );
    let proofs = vectors["proofs"].as_array().unwrap();
    let expected = |content| Expected {
        verification_method: text(&vectors, "proof_key_id"),
        content,
    };

    for vector in proofs {
        let proved = proof::verify(&vector["document"], &key.public(), expected(Content::Any));
        assert!(proved.is_ok(), "{}: {proved:?}", vector["name"]);
    }
    let theirs = &proofs[0]["document"];
    let mut unsigned = theirs.clone();
    unsigned.as_object_mut().unwrap().remove("proof");
    let author = Signer {
        key: &key,
        verification_method: text(&vectors, "proof_key_id"),
        created: Instant::from_seconds(vectors["now"].as_i64().unwrap()),
    };
    assert_eq!(&proof::sign(&unsigned, author).unwrap(), theirs);
    assert!(proof::verify(theirs, &key.public(), expected(Content::Provable)).is_ok());
}
