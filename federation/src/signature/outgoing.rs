//! What we sign: the texts and the headers of both schemes. The server makes the RSA signature
//! between the two.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::structured::{write_bytes, write_string};
use super::{BodyDigest, Method, cavage, rfc9421};
use crate::{Instant, Uri};

/// A request of ours before it is signed.
#[derive(Debug, Clone, Copy)]
pub struct OutgoingRequest<'a> {
    /// Its method.
    pub method: Method,
    /// The inbox, or the document to read.
    pub target: &'a Uri,
    /// The time of signing; it goes into `Date` and `created`.
    pub date: Instant,
    /// The digest of the body: `Some` for a POST.
    pub digest: Option<BodyDigest>,
    /// The address of our public key: `<actor>#main-key`.
    pub key_id: &'a Uri,
}

/// A header to set: name in lower case, value.
type Header = (&'static str, String);

/// The value of `Digest`. Source: RFC 3230.
pub fn digest_header(digest: BodyDigest) -> String {
    format!("SHA-256={}", digest.base64())
}

/// The value of `Content-Digest`. Source: RFC 9530.
pub fn content_digest_header(digest: BodyDigest) -> String {
    format!("sha-256=:{}:", digest.base64())
}

/// The text to sign for draft-cavage: target, host, date and, with a body, digest. Plain `date`
/// rather than `(created)`, because every peer reads it (federation.md 1.5).
pub fn cavage_signing_text(request: &OutgoingRequest<'_>) -> String {
    cavage::signing_text(&cavage_lines(request))
}

/// The value of `Signature` for draft-cavage, over [`cavage_signing_text`].
pub fn cavage_header(request: &OutgoingRequest<'_>, signature: &[u8]) -> String {
    let covered: Vec<&str> = cavage_lines(request)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    format!(
        "keyId=\"{}\",algorithm=\"rsa-sha256\",headers=\"{}\",signature=\"{}\"",
        request.key_id,
        covered.join(" "),
        STANDARD.encode(signature)
    )
}

/// Every header that goes with a draft-cavage signature, `Host` included.
pub fn cavage_headers(request: &OutgoingRequest<'_>, signature: &[u8]) -> Vec<Header> {
    let mut headers = common_headers(request);
    headers.extend(
        request
            .digest
            .map(|digest| ("digest", digest_header(digest))),
    );
    headers.push(("signature", cavage_header(request, signature)));
    headers
}

/// The signature base to sign for RFC 9421: method, target and, with a body, content digest.
pub fn rfc9421_base(request: &OutgoingRequest<'_>) -> String {
    let mut lines = vec![
        format!("\"@method\": {}", request.method.as_str()),
        format!("\"@target-uri\": {}", request.target.without_fragment()),
    ];
    if let Some(digest) = request.digest {
        lines.push(format!(
            "\"content-digest\": {}",
            content_digest_header(digest)
        ));
    }
    lines.push(format!(
        "\"@signature-params\": {}",
        signature_params(request)
    ));
    lines.join("\n")
}

/// Every header that goes with an RFC 9421 signature over [`rfc9421_base`], `Host` included.
pub fn rfc9421_headers(request: &OutgoingRequest<'_>, signature: &[u8]) -> Vec<Header> {
    let mut headers = common_headers(request);
    headers.extend(
        request
            .digest
            .map(|digest| ("content-digest", content_digest_header(digest))),
    );
    headers.push((
        "signature-input",
        format!("sig1={}", signature_params(request)),
    ));
    headers.push(("signature", format!("sig1={}", write_bytes(signature))));
    headers
}

fn signature_params(request: &OutgoingRequest<'_>) -> String {
    let content_digest = match request.digest {
        Some(_) => " \"content-digest\"",
        None => "",
    };
    format!(
        "(\"@method\" \"@target-uri\"{content_digest});created={};alg=\"{}\";keyid={}",
        request.date.as_seconds(),
        rfc9421::RSA_SHA256,
        write_string(request.key_id.as_str())
    )
}

fn common_headers(request: &OutgoingRequest<'_>) -> Vec<Header> {
    vec![
        ("host", request.target.authority()),
        ("date", request.date.to_http_date()),
    ]
}

fn cavage_lines(request: &OutgoingRequest<'_>) -> Vec<(&'static str, String)> {
    let mut lines = vec![(
        "(request-target)",
        cavage::request_target(request.method, &path_and_query(request.target)),
    )];
    lines.extend(common_headers(request));
    lines.extend(
        request
            .digest
            .map(|digest| ("digest", digest_header(digest))),
    );
    lines
}

fn path_and_query(target: &Uri) -> String {
    let url = target.as_url();
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}
