//! Just enough PEM and DER to know what an RSA public key is before a library sees it.
//!
//! Not here: any cryptography.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Longest PEM text read, in bytes; a key of 4096 bits needs about 800 (security.md D18).
pub const PEM_BYTES_MAX: usize = 4_096;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
/// AlgorithmIdentifier of rsaEncryption (1.2.840.113549.1.1.1) with its NULL, RFC 3279 §2.3.1.
const RSA_ENCRYPTION: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/// Modulus and public exponent, big-endian, without leading zeros.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PublicNumbers<'a> {
    pub(super) modulus: &'a [u8],
    pub(super) exponent: &'a [u8],
}

/// The bytes between `-----BEGIN {label}-----` and `-----END {label}-----`.
///
/// One block, nothing but white space around it; lines of any length, CRLF accepted.
pub(super) fn read_pem(text: &str, label: &str) -> Option<Vec<u8>> {
    if text.len() > PEM_BYTES_MAX {
        return None;
    }
    let body = text
        .trim()
        .strip_prefix(&format!("-----BEGIN {label}-----"))?
        .strip_suffix(&format!("-----END {label}-----"))?;
    let base64: String = body.split_ascii_whitespace().collect();
    STANDARD.decode(base64).ok()
}

/// `bytes` as PEM with lines of 64 characters (RFC 7468).
pub(super) fn write_pem(bytes: &[u8], label: &str) -> String {
    let base64 = STANDARD.encode(bytes);
    let mut text = format!("-----BEGIN {label}-----\n");
    for (at, character) in base64.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text + &format!("\n-----END {label}-----\n")
}

/// The RSAPublicKey inside a SubjectPublicKeyInfo of type rsaEncryption (RFC 5280 §4.1).
pub(super) fn pkcs1_of_spki(der: &[u8]) -> Option<&[u8]> {
    let inside = whole(der, SEQUENCE)?;
    let (algorithm, rest) = element(inside, SEQUENCE)?;
    let (unused_bits, key) = whole(rest, BIT_STRING)?.split_first()?;
    (algorithm == RSA_ENCRYPTION && *unused_bits == 0).then_some(key)
}

/// The two numbers of an RSAPublicKey (RFC 8017 A.1.1).
pub(super) fn numbers_of_pkcs1(der: &[u8]) -> Option<PublicNumbers<'_>> {
    let inside = whole(der, SEQUENCE)?;
    let (modulus, rest) = element(inside, INTEGER)?;
    let exponent = whole(rest, INTEGER)?;
    Some(PublicNumbers {
        modulus: positive(modulus)?,
        exponent: positive(exponent)?,
    })
}

/// A positive integer without the zero byte that keeps its sign.
fn positive(content: &[u8]) -> Option<&[u8]> {
    match content {
        [0, second, ..] if *second >= 0x80 => content.get(1..),
        [first, ..] if (1..0x80).contains(first) => Some(content),
        _ => None,
    }
}

/// The content of the only element of `input`.
fn whole(input: &[u8], tag: u8) -> Option<&[u8]> {
    let (content, rest) = element(input, tag)?;
    rest.is_empty().then_some(content)
}

/// The content of the first element, which must have this tag, and what follows it.
fn element(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = input.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match (*first, rest) {
        (0..=0x7f, rest) => (usize::from(*first), rest),
        (0x81, [length @ 0x80..=0xff, rest @ ..]) => (usize::from(*length), rest),
        (0x82, [high @ 1..=0xff, low, rest @ ..]) => {
            (usize::from(u16::from_be_bytes([*high, *low])), rest)
        }
        _ => return None,
    };
    (*found == tag).then_some(())?;
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_survives_writing_and_reading() {
        for length in [0, 1, 47, 48, 49, 300] {
            let bytes: Vec<u8> = (0..length).map(|n: u16| n.to_be_bytes()[1]).collect();

            let text = write_pem(&bytes, "PUBLIC KEY");

            assert_eq!(read_pem(&text, "PUBLIC KEY"), Some(bytes.clone()));
            assert_eq!(
                read_pem(&text.replace('\n', "\r\n"), "PUBLIC KEY"),
                Some(bytes)
            );
            assert_eq!(read_pem(&text, "RSA PUBLIC KEY"), None);
        }
    }

    #[test]
    fn pem_with_something_around_it_is_refused() {
        let text = write_pem(b"abcd", "PUBLIC KEY");

        assert_eq!(read_pem(&format!("x{text}"), "PUBLIC KEY"), None);
        assert_eq!(read_pem(&format!("{text}{text}"), "PUBLIC KEY"), None);
        assert_eq!(read_pem(&text.replace('=', "!"), "PUBLIC KEY"), None);
        assert_eq!(
            read_pem(&format!("{}{text}", " ".repeat(5_000)), "PUBLIC KEY"),
            None
        );
    }

    #[test]
    fn lengths_must_be_written_in_the_shortest_form() {
        assert_eq!(
            element(&[0x30, 0x01, 0xaa], SEQUENCE),
            Some((&[0xaa][..], &[][..]))
        );
        for wrong in [
            &[0x30, 0x81, 0x01, 0xaa][..],
            &[0x30, 0x82, 0x00, 0x01, 0xaa],
            &[0x30, 0x80, 0xaa],
            &[0x30, 0x02, 0xaa],
            &[0x31, 0x01, 0xaa],
            &[0x30],
            &[],
        ] {
            assert_eq!(element(wrong, SEQUENCE), None, "{wrong:x?}");
        }
    }

    #[test]
    fn negative_zero_and_padded_integers_are_refused() {
        assert_eq!(positive(&[0x00, 0x80]), Some(&[0x80][..]));
        assert_eq!(positive(&[0x7f]), Some(&[0x7f][..]));
        for wrong in [&[][..], &[0x00], &[0x80], &[0x00, 0x01]] {
            assert_eq!(positive(wrong), None, "{wrong:x?}");
        }
    }
}
