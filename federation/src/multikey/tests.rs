use super::*;

/// The key of the W3C vc-di-eddsa and FEP-8b32 vectors.
const PUBLIC: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
const SECRET: &str = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq";

fn vector_seed() -> [u8; 32] {
    let bytes = decode_base58btc(SECRET, 64).unwrap();
    bytes
        .strip_prefix(&[0x80, 0x26])
        .unwrap()
        .try_into()
        .unwrap()
}

fn multibase(bytes: &[u8]) -> String {
    encode_base58btc(&[&ED25519_PUBLIC[..], bytes].concat())
}

#[test]
fn the_key_pair_of_the_w3c_vectors_is_consistent() {
    let secret = SecretKey::from_seed(&vector_seed());

    assert_eq!(secret.public().to_multibase(), PUBLIC);
    assert_eq!(PublicKey::from_multibase(PUBLIC).unwrap(), secret.public());
}

#[test]
fn a_did_key_names_its_key_alone_or_with_itself_as_fragment() {
    let key = PublicKey::from_multibase(PUBLIC).unwrap();

    assert_eq!(key.to_did_key(), format!("did:key:{PUBLIC}"));
    for text in [
        format!("did:key:{PUBLIC}"),
        format!("did:key:{PUBLIC}#{PUBLIC}"),
    ] {
        assert_eq!(PublicKey::from_did_key(&text), Ok(key));
    }
    for text in [
        format!("did:key:{PUBLIC}#z6Mk"),
        format!("did:web:{PUBLIC}"),
        PUBLIC.into(),
    ] {
        assert_eq!(
            PublicKey::from_did_key(&text),
            Err(MultikeyError::DidKey),
            "{text}"
        );
    }
}

#[test]
fn texts_that_are_no_ed25519_key_are_refused() {
    let p256 = encode_base58btc(&[&[0x80, 0x24][..], &[2; 33]].concat());
    for (text, error) in [
        ("", MultikeyError::Encoding),
        ("z", MultikeyError::Encoding),
        (PUBLIC.trim_start_matches('z'), MultikeyError::Encoding),
        (&multibase(&[2; 33]), MultikeyError::Encoding),
        (
            &format!("z{}", "1".repeat(100_000)),
            MultikeyError::Encoding,
        ),
        ("z6Mk0OIl", MultikeyError::Encoding),
        (&PUBLIC.replace('z', "m"), MultikeyError::Encoding),
        (&p256, MultikeyError::Codec),
        (SECRET, MultikeyError::Codec),
    ] {
        assert_eq!(PublicKey::from_multibase(text), Err(error), "{text:.80}");
    }
}

#[test]
fn keys_of_small_order_or_written_in_two_ways_are_refused() {
    let mut identity = [0; 32];
    identity[0] = 1;
    let zero = [0; 32];
    // y = p + 1 is another way of writing y = 1, y = p of writing y = 0.
    let mut p_plus_1 = [0xff; 32];
    p_plus_1[0] = 0xee;
    p_plus_1[31] = 0x7f;
    let mut p = p_plus_1;
    p[0] = 0xed;
    let mut p_plus_3 = p_plus_1;
    p_plus_3[0] = 0xf0;
    for bytes in [identity, zero, p_plus_1, p, p_plus_3] {
        assert_eq!(
            PublicKey::from_multibase(&multibase(&bytes)),
            Err(MultikeyError::Weak),
            "{bytes:x?}"
        );
    }
    let not_on_the_curve = [2; 32];
    assert_eq!(
        PublicKey::from_bytes(&not_on_the_curve),
        Err(MultikeyError::Weak)
    );
}

#[test]
fn rfc_8032_test_2_is_signed_and_verified() {
    let seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    let key = SecretKey::from_seed(&seed.try_into().unwrap());
    let signature = hex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    );

    assert_eq!(key.sign(&[0x72]).to_vec(), signature);
    assert!(
        key.public()
            .verifies(&[0x72], &signature.try_into().unwrap())
    );
    assert!(!key.public().verifies(&[0x73], &key.sign(&[0x72])));
}

#[test]
fn a_signature_with_s_beyond_the_order_is_refused() {
    let key = SecretKey::from_seed(&[7; 32]);
    let mut signature = key.sign(b"text");
    let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut carry = 0;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = u8::try_from(sum & 0xff).unwrap();
        carry = sum >> 8;
    }

    assert!(!key.public().verifies(b"text", &signature));
}

#[test]
fn a_multikey_document_survives_reading_and_writing() {
    let value = json!({
        "@context": "https://w3id.org/security/multikey/v1",
        "id": "https://server.example/users/alice#ed25519-key",
        "type": "Multikey",
        "controller": "https://server.example/users/alice",
        "publicKeyMultibase": PUBLIC,
    });
    let multikey = Multikey::from_json(&value).unwrap();

    assert_eq!(
        Multikey::from_json(&multikey.to_json()),
        Ok(multikey.clone())
    );
    assert_eq!(multikey.to_json()["publicKeyMultibase"], PUBLIC);
}

#[test]
fn a_multikey_document_without_its_members_is_refused() {
    let whole = json!({
        "id": "https://server.example/users/alice#key", "type": "Multikey",
        "controller": "https://server.example/users/alice", "publicKeyMultibase": PUBLIC,
    });
    for name in ["id", "type", "controller", "publicKeyMultibase"] {
        for wrong in [Value::Null, json!(1), json!(["x"])] {
            let mut value = whole.clone();
            value[name] = wrong;
            assert_eq!(
                Multikey::from_json(&value),
                Err(MultikeyError::Document),
                "{name}"
            );
        }
    }
    assert_eq!(
        Multikey::from_json(&json!(PUBLIC)),
        Err(MultikeyError::Document)
    );
}

#[test]
fn a_key_speaks_only_for_its_controller_and_from_its_origin() {
    let multikey = |id: &str, controller: &str| Multikey {
        id: Uri::parse(id).unwrap(),
        controller: Uri::parse(controller).unwrap(),
        key: PublicKey::from_multibase(PUBLIC).unwrap(),
    };
    let alice = Uri::parse("https://server.example/users/alice").unwrap();
    let bob = "https://server.example/users/bob";

    assert!(multikey("https://server.example/users/alice#k", alice.as_str()).belongs_to(&alice));
    assert!(!multikey("https://server.example/users/alice#k", bob).belongs_to(&alice));
    assert!(!multikey("https://other.example/k", alice.as_str()).belongs_to(&alice));
}

#[test]
fn a_secret_key_is_never_printed() {
    let key = SecretKey::from_seed(&[7; 32]);

    assert_eq!(
        format!("{key:?}"),
        format!("SecretKey(of {})", key.public().to_multibase())
    );
}

fn hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
