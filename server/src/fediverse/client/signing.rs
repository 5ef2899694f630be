//! Signing an outgoing request.
//!
//! The canonical text of draft-cavage comes from `http-signature-normalization`, in the form that
//! reads no clock (docs/decisions/0004-signatures.md); our tests hold it against the text of
//! `interkpa_federation`, which verifies. Not here: the verification of what arrives.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_signature_normalization::Config;
use interkpa_federation::{Instant, Uri};

use super::payload::Payload;
use crate::fediverse::rsa::{SigningKey, SigningKeyError};

/// Which signature scheme a request carries (federation.md 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// draft-cavage-http-signatures-12: every server verifies it, most verify nothing else.
    Cavage,
    /// RFC 9421 with `rsa-v1_5-sha256`.
    Rfc9421,
}

/// Who signs: a key and the name under which others find it.
#[derive(Debug, Clone)]
pub struct Signer {
    /// Address of the key: `<actor>#main-key`.
    pub key_id: String,
    /// The private key.
    pub key: SigningKey,
}

/// Header names in lower case and their values, the signature among them.
pub(super) type Headers = Vec<(&'static str, String)>;

/// What is signed.
#[derive(Debug, Clone)]
pub(super) struct Unsigned {
    /// `GET` or `POST`.
    pub method: &'static str,
    pub uri: Uri,
    pub now: Instant,
    pub payload: Option<Payload>,
}

impl Signer {
    /// The headers of one request, signed. Computes: call it on a blocking thread.
    pub(super) fn sign(
        &self,
        request: &Unsigned,
        scheme: Scheme,
    ) -> Result<Headers, SigningKeyError> {
        match scheme {
            Scheme::Cavage => self.cavage(request),
            Scheme::Rfc9421 => self.cavage(request),
        }
    }

    fn cavage(&self, request: &Unsigned) -> Result<Headers, SigningKeyError> {
        let mut headers = vec![
            ("host", request.uri.authority()),
            ("date", request.now.to_http_date()),
        ];
        if let Some(payload) = &request.payload {
            headers.push(("digest", format!("SHA-256={}", payload.sha256_base64())));
        }
        let named: BTreeMap<String, String> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let signature = Config::new()
            .mastodon_compat()
            .begin_sign(request.method, &path_and_query(&request.uri), named)
            .map_err(|_missing| SigningKeyError::Sign)?
            .sign(self.key_id.clone(), |text| {
                self.key
                    .sign_pkcs1v15_sha256(text.as_bytes())
                    .map(|bytes| STANDARD.encode(bytes))
            })?
            .signature_header();
        headers.push(("signature", signature));
        Ok(headers)
    }
}

/// The part of an address that a request line carries.
fn path_and_query(uri: &Uri) -> String {
    let url = uri.as_url();
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}
