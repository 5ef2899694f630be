//! Digests of bodies: `Digest` (RFC 3230, with draft-cavage) and `Content-Digest` (RFC 9530, with
//! RFC 9421).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha512};

use super::headers::Headers;
use super::{Method, Request, SignatureError, structured};

/// SHA-256 of a body: computed once for an activity, used for every destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyDigest([u8; 32]);

impl BodyDigest {
    /// The digest of a body.
    pub fn of(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }

    /// In base64 with padding.
    pub(super) fn base64(self) -> String {
        STANDARD.encode(self.0)
    }
}

/// Which digest header a scheme demands on a POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Required {
    Digest,
    ContentDigest,
}

/// Rule 8: the digest is there when a body must be, and each digest present is that of the body.
pub(super) fn check(
    request: &Request<'_>,
    headers: &Headers<'_>,
    required: Required,
) -> Result<(), SignatureError> {
    let digest = headers.one("digest")?;
    let content_digest = headers.one("content-digest")?;
    let present = match required {
        Required::Digest => digest.is_some(),
        Required::ContentDigest => content_digest.is_some(),
    };
    let needed = request.method == Method::Post || !request.body.is_empty();
    if needed && !present {
        return Err(SignatureError::Digest);
    }
    let digest_fits = digest.is_none_or(|value| digest_matches(value, request.body));
    let content_fits =
        content_digest.is_none_or(|value| content_digest_matches(value, request.body));
    if digest_fits && content_fits {
        Ok(())
    } else {
        Err(SignatureError::Digest)
    }
}

/// `SHA-256=<base64>`: one value, of that algorithm under that name.
fn digest_matches(value: &str, body: &[u8]) -> bool {
    value.split_once('=').is_some_and(|(label, encoded)| {
        label.eq_ignore_ascii_case("sha-256") && encoded == BodyDigest::of(body).base64()
    })
}

/// `sha-256=:<base64>:`, perhaps with the SHA-512 beside it: every value named must be right.
fn content_digest_matches(value: &str, body: &[u8]) -> bool {
    let Ok(digests) = structured::read_byte_sequences(value) else {
        return false;
    };
    let right = |(algorithm, digest): &(&str, Vec<u8>)| match *algorithm {
        "sha-256" => digest.as_slice() == BodyDigest::of(body).0,
        "sha-512" => digest.as_slice() == Sha512::digest(body).as_slice(),
        _ => false,
    };
    digests.iter().any(|(algorithm, _)| *algorithm == "sha-256") && digests.iter().all(right)
}
