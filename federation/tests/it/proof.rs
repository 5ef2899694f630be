//! Rules of proofs inside documents (FEP-8b32, federation.md 2.6, votes.md 4.2).

use interkpa_federation::Instant;
use interkpa_federation::jcs::Content;
use interkpa_federation::json::{JsonLimits, strict_json};
use interkpa_federation::multikey::SecretKey;
use interkpa_federation::proof::{self, Expected, ProofError, Signer};
use serde_json::{Value, json};

use crate::mutations::Mutations;

const METHOD: &str = "https://bobinette.example/hub#ed25519-key";

fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

fn signer(key: &SecretKey) -> Signer<'_> {
    Signer {
        key,
        verification_method: METHOD,
        created: Instant::parse_rfc3339("2026-11-25T08:00:00Z").unwrap(),
    }
}

fn expected(content: Content) -> Expected<'static> {
    Expected {
        verification_method: METHOD,
        content,
    }
}

fn document() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", {"ikpa": "urn:interkpa:ns:"}],
        "type": "ikpa:Ballot",
        "ikpa:choice": ["oui", "é\"\\\n"],
        "ikpa:seq": 10,
        "ikpa:void": false
    })
}

fn signed() -> Value {
    let key = key();
    proof::sign(&document(), signer(&key)).unwrap()
}

fn verify(document: &Value, content: Content) -> Result<proof::Proved, ProofError> {
    proof::verify(document, &key().public(), expected(content))
}

/// The refusal after one change of the proof.
fn refused(change: impl FnOnce(&mut Value)) -> ProofError {
    let mut document = signed();
    change(&mut document["proof"]);
    verify(&document, Content::Provable).unwrap_err()
}

#[test]
fn what_we_sign_verifies_and_keeps_its_hash() {
    let proved = verify(&signed(), Content::Provable).unwrap();

    assert_eq!(proved.created.to_rfc3339(), "2026-11-25T08:00:00Z");
    assert_eq!(
        proved.document_hash,
        proof::document_hash(&document(), Content::Provable).unwrap()
    );
}

#[test]
fn our_proof_has_exactly_seven_members_and_the_context_of_the_document() {
    let document = signed();
    let proof = document["proof"].as_object().unwrap();

    assert_eq!(proof.len(), 7);
    assert_eq!(proof["@context"], document["@context"]);
    assert_eq!(proof["created"], "2026-11-25T08:00:00Z");
}

#[test]
fn created_is_written_in_whole_seconds() {
    let key = key();
    let late = Signer {
        created: Instant::from_milliseconds(1_795_593_600_750),
        ..signer(&key)
    };
    let document = proof::sign(&document(), late).unwrap();

    assert_eq!(document["proof"]["created"], "2026-11-25T08:00:00Z");
}

#[test]
fn any_changed_byte_anywhere_is_refused() {
    let bytes = serde_json::to_vec(&signed()).unwrap();
    let mut read = 0;
    for at in 0..bytes.len() {
        for byte in [bytes[at] ^ 1, bytes[at] ^ 0x20, b' ', b'0', b'"', b'z', 0] {
            let mut changed = bytes.clone();
            changed[at] = byte;
            if changed == bytes {
                continue;
            }
            let Ok(document) = strict_json(&changed, JsonLimits::DOCUMENT) else {
                continue;
            };
            read += 1;
            for content in [Content::Provable, Content::Any] {
                assert!(
                    verify(&document, content).is_err(),
                    "byte {at} as {byte:#x}: {}",
                    String::from_utf8_lossy(&changed)
                );
            }
        }
    }
    assert!(
        read > 1_000,
        "only {read} changed documents were still JSON"
    );
}

#[test]
fn a_member_added_or_taken_away_is_refused() {
    let mut longer = signed();
    longer["ikpa:more"] = json!(1);
    let mut shorter = signed();
    shorter.as_object_mut().unwrap().remove("ikpa:void");

    for document in [longer, shorter] {
        assert!(matches!(
            verify(&document, Content::Provable),
            Err(ProofError::Signature)
        ));
    }
}

#[test]
fn the_order_of_members_does_not_count() {
    let text = serde_json::to_string(&signed()).unwrap();
    let mut members: Vec<(String, Value)> = serde_json::from_str::<serde_json::Map<_, _>>(&text)
        .unwrap()
        .into_iter()
        .collect();
    members.reverse();

    assert!(
        verify(
            &Value::Object(members.into_iter().collect()),
            Content::Provable
        )
        .is_ok()
    );
}

#[test]
fn another_key_or_another_method_is_refused() {
    let other = SecretKey::from_seed(&[8; 32]).public();
    let signed = signed();

    assert!(matches!(
        proof::verify(&signed, &other, expected(Content::Provable)),
        Err(ProofError::Signature)
    ));
    let elsewhere = Expected {
        verification_method: "https://criee.example/hub#ed25519-key",
        content: Content::Provable,
    };
    assert!(matches!(
        proof::verify(&signed, &key().public(), elsewhere),
        Err(ProofError::VerificationMethod)
    ));
}

#[test]
fn a_proof_over_a_changed_context_is_refused() {
    assert!(matches!(
        refused(|proof| proof["@context"] = json!(["https://www.w3.org/ns/activitystreams"])),
        ProofError::Context
    ));
    let mut both = signed();
    both["@context"] = json!("https://www.w3.org/ns/activitystreams");
    both["proof"]["@context"] = both["@context"].clone();
    assert!(matches!(
        verify(&both, Content::Provable),
        Err(ProofError::Signature)
    ));
}

#[test]
fn our_proofs_show_their_context_and_others_may_leave_it_out() {
    let mut document = signed();
    document["proof"]
        .as_object_mut()
        .unwrap()
        .remove("@context");

    assert!(matches!(
        verify(&document, Content::Provable),
        Err(ProofError::Context)
    ));
    assert!(verify(&document, Content::Any).is_ok());
}

#[test]
fn members_that_are_absent_or_of_another_form_are_refused_by_name() {
    for (member, wrong) in [
        ("type", json!("Ed25519Signature2020")),
        ("cryptosuite", json!("eddsa-rdfc-2022")),
        ("proofPurpose", json!("authentication")),
        ("verificationMethod", json!(["a"])),
        ("created", json!("2026-11-25")),
        ("created", json!("2026-11-25T08:00:00.5Z")),
        ("created", json!("2026-11-25T09:00:00+01:00")),
        ("created", json!("2026-11-25T08:00:60Z")),
        ("created", json!(1)),
        ("proofValue", json!("m2HnFSS")),
        ("proofValue", json!("z2HnFSS")),
        ("proofValue", json!(format!("z{}", "1".repeat(100_000)))),
    ] {
        for change in [Some(wrong.clone()), None] {
            let error = refused(|proof| match change {
                Some(value) => proof[member] = value,
                None => {
                    proof.as_object_mut().unwrap().remove(member);
                }
            });
            assert!(
                matches!(error, ProofError::Member { member: named } if named == member),
                "{member}: {error:?}"
            );
        }
    }
}

#[test]
fn a_proof_with_a_member_we_do_not_know_is_refused() {
    for name in ["expires", "domain", "challenge", "previousProof", "id"] {
        let error = refused(|proof| proof[name] = json!("2020-01-01T00:00:00Z"));

        assert!(matches!(error, ProofError::UnknownMember { .. }), "{name}");
    }
}

#[test]
fn floats_nulls_and_wide_integers_are_neither_signed_nor_accepted_as_ours() {
    let key = key();
    for value in [json!(0.5), json!(1e3), Value::Null, json!(1_u64 << 53)] {
        let mut document = document();
        document["ikpa:seq"] = value;
        assert!(matches!(
            proof::sign(&document, signer(&key)),
            Err(ProofError::Content(_))
        ));
        document["proof"] = signed()["proof"].clone();
        assert!(matches!(
            verify(&document, Content::Provable),
            Err(ProofError::Content(_))
        ));
    }
}

#[test]
fn a_document_without_one_proof_object_is_refused() {
    let mut document = document();
    for wrong in [
        json!(null),
        json!([]),
        json!([signed()["proof"]]),
        json!("z"),
    ] {
        document["proof"] = wrong;
        assert!(matches!(
            verify(&document, Content::Provable),
            Err(ProofError::Missing)
        ));
    }
    assert!(matches!(
        verify(&json!([signed()]), Content::Provable),
        Err(ProofError::NotAnObject)
    ));
    assert!(matches!(
        verify(&self::document(), Content::Provable),
        Err(ProofError::Missing)
    ));
}

#[test]
fn a_document_is_signed_once_and_only_with_its_context() {
    let key = key();
    let mut without_context = document();
    without_context.as_object_mut().unwrap().remove("@context");

    assert!(matches!(
        proof::sign(&signed(), signer(&key)),
        Err(ProofError::AlreadyProved)
    ));
    assert!(matches!(
        proof::sign(&without_context, signer(&key)),
        Err(ProofError::Context)
    ));
}

#[test]
fn several_proofs_are_each_made_alone() {
    let (one, two) = (key(), SecretKey::from_seed(&[8; 32]));
    let mut document = document();
    let proofs = [
        proof::prove(&document, signer(&one)).unwrap(),
        proof::prove(&document, signer(&two)).unwrap(),
    ];
    document["proof"] = json!(proofs);

    for (key, proof) in [(&one, &proofs[0]), (&two, &proofs[1])] {
        let expected = expected(Content::Provable);
        assert!(proof::verify_proof(&document, proof, &key.public(), expected).is_ok());
    }
    assert!(matches!(
        proof::verify_proof(
            &document,
            &proofs[1],
            &one.public(),
            expected(Content::Provable)
        ),
        Err(ProofError::Signature)
    ));
}

#[test]
fn the_key_is_found_from_what_the_proof_claims() {
    assert_eq!(
        proof::claimed(&signed()).unwrap().verification_method,
        METHOD
    );
    assert!(proof::claimed(&document()).is_err());
}

#[test]
fn a_linked_data_signature_is_no_proof() {
    let mut document = document();
    document["signature"] = json!({"type": "RsaSignature2017", "signatureValue": "x"});

    assert!(matches!(
        verify(&document, Content::Any),
        Err(ProofError::Missing)
    ));
}

#[test]
fn thousands_of_mutations_of_a_proved_document_are_read_without_panic() {
    let mut mutations = Mutations::new(&[
        b"\"",
        b",",
        b"{",
        b"}",
        b"[",
        b"\\ud800",
        b"null",
        b"1e999",
        b"\\u0000",
        b"\xff",
        b"\"proof\":{}",
        b"zzzz",
    ]);
    let seed = serde_json::to_vec(&signed()).unwrap();
    for _ in 0..5_000 {
        interkpa_federation::fuzz::proved_document(&mutations.of(&seed));
    }
}
