//! Entry points for fuzzing: plain functions that must return for any bytes, without a panic.
//!
//! The tests run them on seeds and on thousands of deterministic mutations; a fuzzer calls them
//! directly (decision 33).

use crate::jcs::Content;
use crate::json::{JsonLimits, strict_json};
use crate::multikey::{Multikey, PublicKey};
use crate::proof::{self, Expected};
use crate::signature::{Method, Request, claim};
use crate::{Instant, Origin};

/// Reads `data` as the headers of a delivery: lines `name: value`, in order.
///
/// A block without `Host` gets ours, so that the readers behind the first checks are reached.
pub fn signature_headers(data: &[u8]) {
    let mut headers: Vec<(String, &[u8])> = data.split(|byte| *byte == b'\n').map(header).collect();
    if !headers.iter().any(|(name, _)| name == "host") {
        headers.push(("host".to_owned(), b"bobinette.localhost:8401"));
    }
    let headers: Vec<(&str, &[u8])> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    read(&headers);
}

/// Reads `data` as one `Signature` header (draft-cavage), then as one `Signature-Input` (RFC 9421) and
/// as one `Content-Digest`, in a delivery whose other headers are in order.
pub fn signature_header(data: &[u8]) {
    let cavage: [(&str, &[u8]); 4] = [
        ("host", b"bobinette.localhost:8401"),
        ("date", b"Wed, 25 Nov 2026 08:00:00 GMT"),
        (
            "digest",
            b"SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ),
        ("signature", data),
    ];
    read(&cavage);
    let digest: &[u8] = b"sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
    let input: &[u8] = b"sig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1795593600;\
        keyid=\"http://criee.localhost:8403/hub#main-key\"";
    for (digest, input) in [(digest, data), (data, input)] {
        read(&[
            ("host", b"bobinette.localhost:8401"),
            ("content-digest", digest),
            ("signature-input", input),
            ("signature", b"sig1=:AQI=:"),
        ]);
    }
}

/// Reads `data` as a document with a proof, and as a Multikey.
pub fn proved_document(data: &[u8]) {
    let Ok(document) = strict_json(data, JsonLimits::DOCUMENT) else {
        return;
    };
    drop(Multikey::from_json(&document));
    let Ok(key) = PublicKey::from_multibase("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
    else {
        return;
    };
    for content in [Content::Provable, Content::Any] {
        let verification_method =
            proof::claimed(&document).map_or("", |claimed| claimed.verification_method);
        let expected = Expected {
            verification_method,
            content,
        };
        drop(proof::verify(&document, &key, expected));
    }
}

fn header(line: &[u8]) -> (String, &[u8]) {
    let end = line
        .iter()
        .position(|byte| *byte == b':')
        .unwrap_or(line.len());
    let (name, value) = line.split_at(end);
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    (name, value.strip_prefix(b":").unwrap_or(value))
}

/// Both methods, at an instant at which the dates above are fresh.
fn read(headers: &[(&str, &[u8])]) {
    let Ok(own) = Origin::parse("http://bobinette.localhost:8401") else {
        return;
    };
    let now = Instant::from_seconds(1_795_593_600);
    for method in [Method::Post, Method::Get] {
        let request = Request {
            method,
            target: "/inbox?x=1",
            headers,
            body: b"",
            own: &own,
        };
        // Only that it returns matters here.
        drop(claim(&request, now));
    }
}
