//! Which public keys of strangers are used, and that what we sign can be verified (security.md D18).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interkpa_server::fediverse::rsa::{
    KeyCache, KeyUnsupported, SigningKey, SigningPool, VerifyingKey,
};

use super::authority::element;

fn integer(big_endian: &[u8]) -> Vec<u8> {
    let mut content = big_endian.to_vec();
    if content.first().is_some_and(|byte| *byte >= 0x80) {
        content.insert(0, 0);
    }
    element(0x02, &content)
}

fn pkcs1(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    element(0x30, &[integer(modulus), integer(exponent)].concat())
}

fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    let mut bits = vec![0];
    bits.extend(key);
    element(
        0x30,
        &[element(0x30, algorithm), element(0x03, &bits)].concat(),
    )
}

fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        STANDARD.encode(der)
    )
}

/// rsaEncryption and NULL.
const RSA: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];
/// id-ecPublicKey on P-256.
const EC: &[u8] = &[
    0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
    0x03, 0x01, 0x07,
];

fn rsa_pem(bits: usize, exponent: &[u8]) -> String {
    let mut modulus = vec![0xff; bits / 8];
    *modulus.last_mut().unwrap() = 0x61;
    pem("PUBLIC KEY", &spki(RSA, &pkcs1(&modulus, exponent)))
}

#[test]
fn a_signature_is_verified_by_the_published_key_and_by_no_other() {
    let key = SigningKey::generate().unwrap();
    let public = VerifyingKey::from_pem(&key.public_pem().unwrap()).unwrap();
    let other = SigningKey::generate().unwrap();
    let other = VerifyingKey::from_pem(&other.public_pem().unwrap()).unwrap();

    let signature = key.sign_pkcs1v15_sha256(b"a text").unwrap();

    assert!(public.verify(b"a text", &signature));
    assert!(!public.verify(b"another text", &signature));
    assert!(!public.verify(b"a text", &signature[1..]));
    assert!(!public.verify(b"a text", &[]));
    assert!(!other.verify(b"a text", &signature));
}

#[test]
fn a_private_key_survives_storing() {
    let key = SigningKey::generate().unwrap();

    let stored = key.to_pkcs8_pem().unwrap();
    let read = SigningKey::from_pkcs8_pem(&stored).unwrap();

    assert!(stored.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    assert!(stored.lines().all(|line| line.len() <= 64));
    assert_eq!(read.public_pem(), key.public_pem());
    assert!(SigningKey::from_pkcs8_pem(&key.public_pem().unwrap()).is_err());
    assert!(!format!("{key:?}").contains("BEGIN"));
}

#[test]
fn the_older_form_of_a_public_key_is_read_too() {
    let key = SigningKey::generate().unwrap();
    let der = STANDARD
        .decode(
            key.public_pem()
                .unwrap()
                .lines()
                .filter(|line| !line.starts_with('-'))
                .collect::<String>(),
        )
        .unwrap();
    // SubjectPublicKeyInfo: header of 4, algorithm of 15, BIT STRING header of 4, unused bits.
    let older = pem("RSA PUBLIC KEY", &der[24..]);

    let signature = key.sign_pkcs1v15_sha256(b"a text").unwrap();

    assert!(
        VerifyingKey::from_pem(&older)
            .unwrap()
            .verify(b"a text", &signature)
    );
}

#[test]
fn keys_of_unusable_sizes_and_exponents_are_refused_by_name() {
    let usual = [1, 0, 1];
    for (key, refusal) in [
        (rsa_pem(512, &usual), KeyUnsupported::ModulusBits(512)),
        (rsa_pem(1_024, &usual), KeyUnsupported::ModulusBits(1_024)),
        (rsa_pem(2_040, &usual), KeyUnsupported::ModulusBits(2_040)),
        (rsa_pem(4_104, &usual), KeyUnsupported::ModulusBits(4_104)),
        (rsa_pem(8_192, &usual), KeyUnsupported::ModulusBits(8_192)),
        (rsa_pem(32_768, &usual), KeyUnsupported::Pem),
        (rsa_pem(2_048, &[1]), KeyUnsupported::Exponent),
        (rsa_pem(2_048, &[2]), KeyUnsupported::Exponent),
        (rsa_pem(2_048, &[1, 0, 0]), KeyUnsupported::Exponent),
        (rsa_pem(2_048, &[1, 0, 0, 0, 1]), KeyUnsupported::Exponent),
    ] {
        assert_eq!(VerifyingKey::from_pem(&key).unwrap_err(), refusal);
        assert_eq!(refusal.code(), "key_unsupported");
    }
    for (bits, exponent) in [(2_048, &[3][..]), (3_072, &[1, 0, 1]), (4_096, &[1, 0, 1])] {
        assert!(VerifyingKey::from_pem(&rsa_pem(bits, exponent)).is_ok());
    }
}

#[test]
fn what_is_no_rsa_key_is_refused() {
    let even = pkcs1(&[0xfe; 256], &[1, 0, 1]);
    let point = [&[4][..], &[7; 64]].concat();
    for text in [
        String::new(),
        "garbage".to_owned(),
        "-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----".to_owned(),
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----".to_owned(),
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----",
            "A".repeat(1 << 20)
        ),
        pem("PUBLIC KEY", &spki(EC, &point)),
        pem("PUBLIC KEY", &spki(RSA, &even)),
        pem("PUBLIC KEY", &spki(RSA, b"")),
        pem("CERTIFICATE", &spki(RSA, &pkcs1(&[0xff; 256], &[3]))),
        pem("PRIVATE KEY", &spki(RSA, &pkcs1(&[0xff; 256], &[3]))),
    ] {
        assert!(VerifyingKey::from_pem(&text).is_err(), "{text:.80}");
    }
}

#[test]
fn a_new_version_of_a_key_takes_the_place_of_the_old_one_at_once() {
    let cache = KeyCache::new(10);
    let [first, second] = [(), ()].map(|()| SigningKey::generate().unwrap());
    let signed_by_second = second.sign_pkcs1v15_sha256(b"a text").unwrap();
    let verify = |version, key: &SigningKey| {
        cache
            .parsed(
                "https://a.example/hub#main-key",
                version,
                &key.public_pem().unwrap(),
            )
            .unwrap()
            .verify(b"a text", &signed_by_second)
    };

    assert!(!verify(1, &first));
    assert!(verify(2, &second));
    assert_eq!(cache.len(), 2);
}

#[test]
fn the_cache_of_keys_is_bounded_and_remembers_refusals() {
    let cache = KeyCache::new(10);

    for n in 0..100 {
        let refused = cache.parsed(&format!("https://e.example/{n}"), 1, "garbage");
        assert_eq!(refused.unwrap_err(), KeyUnsupported::Pem);
        assert!(cache.len() <= 10);
    }
}

#[tokio::test]
async fn the_pool_signs_as_the_key_itself_does() {
    let key = SigningKey::generate().unwrap();
    let pool = SigningPool::new(1);
    let sign = |text: &'static [u8]| {
        let key = key.clone();
        pool.run(move || key.sign_pkcs1v15_sha256(text))
    };

    let (first, second) = tokio::join!(sign(b"one"), sign(b"two"));

    assert_eq!(first.unwrap(), key.sign_pkcs1v15_sha256(b"one"));
    assert_eq!(second.unwrap(), key.sign_pkcs1v15_sha256(b"two"));
}
