//! The guard in front of the inbox and of authorised fetch: from a request to the claim "this key
//! signed this text", or to a named refusal.
//!
//! Two schemes are read and written: draft-cavage ([`cavage_headers`]) and RFC 9421
//! ([`rfc9421_headers`]). Every rule of security.md 3.3 that needs no key and no network is here; the
//! body limit, the tier of the peer, budgets and the fetching of keys are the server's. RSA itself is
//! the server's too: see [`Claim::verify_with`].

mod cavage;
mod digest;
mod headers;
mod key;
mod outgoing;
mod rfc9421;
mod structured;
mod time;

use crate::{Instant, Origin, Span, Uri};

pub use digest::BodyDigest;
pub use key::{Binding, KeyDocument, KeyKind, key_bound_both_ways, key_may_speak_for};
pub use outgoing::{
    OutgoingRequest, cavage_header, cavage_headers, cavage_signing_text, content_digest_header,
    digest_header, rfc9421_base, rfc9421_headers,
};
pub use time::{CREATED_WINDOW, DATE_WINDOW};

/// Longest `Signature` or `Signature-Input` header read, in bytes.
pub const SIGNATURE_HEADER_BYTES_MAX: usize = 8_192;
/// Most headers and derived components one signature may cover.
pub const COVERED_MAX: usize = 32;
/// Longest signature, in bytes: an RSA key of 8192 bits makes 1024.
pub const SIGNATURE_BYTES_MAX: usize = 1_024;

/// The methods that carry signatures between hubs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A read, signed in authorised fetch.
    Get,
    /// A read of headers only.
    Head,
    /// A delivery.
    Post,
}

impl Method {
    /// As on the request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
        }
    }

    /// As in draft-cavage's `(request-target)`.
    const fn lower_case(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Head => "head",
            Self::Post => "post",
        }
    }
}

/// A request as it arrived, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Its method.
    pub method: Method,
    /// Path and query exactly as on the request line (origin form).
    pub target: &'a str,
    /// Every header in order of arrival, a repeated one as often as it came; names in lower case.
    /// HTTP/2's `:authority` may stand among them in place of `host`.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// The raw body, already below the server's limit.
    pub body: &'a [u8],
    /// The origin of the hub that received it.
    pub own: &'a Origin,
}

/// Which text was signed, and how its parameters travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureScheme {
    /// draft-cavage-http-signatures-12, which every server of the fediverse reads.
    Cavage,
    /// RFC 9421, HTTP Message Signatures.
    Rfc9421,
}

impl SignatureScheme {
    /// The scheme to try when this one was refused.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Cavage => Self::Rfc9421,
            Self::Rfc9421 => Self::Cavage,
        }
    }
}

/// What the signature says about its algorithm. The key decides; a contradiction is a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlgorithmHint {
    /// Nothing, or `hs2019`.
    KeyDecides,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaSha256,
    /// Ed25519.
    Ed25519,
}

/// A signature that keeps every rule and still has to be verified with the key it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Where the key is said to be.
    pub key_id: Uri,
    /// How it was signed.
    pub scheme: SignatureScheme,
    /// What it says about its algorithm.
    pub algorithm: AlgorithmHint,
    /// The text that was signed, rebuilt from the request we received.
    pub signed_text: Vec<u8>,
    /// The same with the query left out of `(request-target)`: some programs sign reads so (Fedify,
    /// older Mastodon). `Some` only for a draft-cavage read with a query, never for a delivery.
    ///
    /// What it costs: whoever captured such a read can repeat it with another query of the same path
    /// while its `Date` is fresh. Whether the reader may see an answer is asked each time.
    pub signed_text_without_query: Option<Vec<u8>>,
    /// The signature over that text.
    pub signature: Vec<u8>,
}

/// Why a request counts as unsigned. Every one of them is answered 401, so that an honest peer tries
/// its other scheme (federation.md 2.4).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no `Signature` header.
    #[error("request is not signed")]
    Missing,
    /// A header that must be single came several times.
    #[error("header {name} came more than once")]
    HeaderRepeated {
        /// Its name.
        name: String,
    },
    /// An `Authorization` header came along: two places for one signature.
    #[error("a signed request carries no authorization header")]
    Authorization,
    /// A part cannot be read in exactly one way.
    #[error("{part} is malformed")]
    Malformed {
        /// Which part.
        part: &'static str,
    },
    /// `Host` is absent or names another hub: the request was made for somebody else.
    #[error("request is addressed to another host")]
    Host,
    /// The signature leaves out something that must be covered, or covers what is not there.
    #[error("signature does not cover {part}")]
    Insufficient {
        /// What is missing.
        part: String,
    },
    /// A time is unreadable or outside its window.
    #[error("{part} is unreadable or too far from this hub's clock: check for clock skew")]
    Time {
        /// Which of `date`, `created`, `expires`.
        part: &'static str,
        /// How far it is from our clock, when it could be read.
        skew: Option<Span>,
    },
    /// The digest of the body is absent, of another algorithm, or not that of the body.
    #[error("digest does not match the body")]
    Digest,
    /// The key does not belong to the actor it signs for.
    #[error("key does not belong to the actor")]
    KeyNotOfActor,
    /// The algorithm is unknown, or not one for this kind of key.
    #[error("algorithm or key is not supported")]
    KeyUnsupported,
    /// The key did not sign this text.
    #[error("signature does not match")]
    Invalid,
}

impl SignatureError {
    /// The stable code of the refusal. Source: security.md §8.1.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "sig_missing",
            Self::HeaderRepeated { .. } => "header_repeated",
            Self::Authorization => "authorization_refused",
            Self::Malformed { .. } => "sig_malformed",
            Self::Host => "host_mismatch",
            Self::Insufficient { .. } => "sig_headers_insufficient",
            Self::Time { .. } => "sig_time",
            Self::Digest => "digest_mismatch",
            Self::KeyNotOfActor => "key_not_of_actor",
            Self::KeyUnsupported => "key_unsupported",
            Self::Invalid => "sig_invalid",
        }
    }
}

/// Reads the signature of a request and checks everything that needs no key: single headers, host,
/// parameters, what is covered, times, digest. A `Signature-Input` header chooses RFC 9421.
///
/// A POST must cover its target, host, digest and (draft-cavage) date; a GET its target, host and
/// date. Source: security.md 3.3 rules 1–8, federation.md 2.1, 2.2, 2.7.
///
/// # Errors
/// [`SignatureError`] names the first rule broken. No input panics.
pub fn claim(request: &Request<'_>, now: Instant) -> Result<Claim, SignatureError> {
    let headers = headers::Headers::new(request.headers);
    headers.check_single()?;
    let signature = headers.one("signature")?.ok_or(SignatureError::Missing)?;
    headers.check_host(request.own)?;
    check_target(request.target)?;
    match headers.one("signature-input")? {
        Some(input) => rfc9421::claim(request, &headers, input, signature, now),
        None => cavage::claim(request, &headers, signature, now),
    }
}

/// Origin form only: what is signed is what was asked, byte for byte.
fn check_target(target: &str) -> Result<(), SignatureError> {
    let visible = target.bytes().all(|byte| byte.is_ascii_graphic());
    if !target.starts_with('/') || !visible || target.contains('#') {
        return Err(SignatureError::Malformed {
            part: "request target",
        });
    }
    Ok(())
}

/// The address of the key, as both schemes write it.
fn read_key_id(text: &str) -> Result<Uri, SignatureError> {
    let malformed = SignatureError::Malformed { part: "key id" };
    if text.contains(['"', ',', '\\']) {
        return Err(malformed);
    }
    Uri::parse(text).map_err(|_not_an_address| malformed)
}

/// A signature in base64, not empty and not absurdly long.
fn check_signature_length(signature: Vec<u8>) -> Result<Vec<u8>, SignatureError> {
    if signature.is_empty() || signature.len() > SIGNATURE_BYTES_MAX {
        return Err(SignatureError::Malformed { part: "signature" });
    }
    Ok(signature)
}
