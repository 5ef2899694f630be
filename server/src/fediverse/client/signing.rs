//! Signing an outgoing request, in both schemes.
//!
//! The canonical text of draft-cavage comes from `http-signature-normalization`, in the form that
//! reads no clock; that of RFC 9421, which that crate does not know, from `interkpa_federation`.
//! Tests read both with the guard of our own inbox (docs/decisions/0005-signatures.md). Not here:
//! the verification of what arrives.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_signature_normalization::Config;
use interkpa_federation::signature::{
    Method, OutgoingRequest, SignatureScheme, digest_header, rfc9421_base, rfc9421_headers,
};
use interkpa_federation::{Instant, Uri};

use super::payload::Payload;
use crate::fediverse::rsa::{SigningKey, SigningKeyError};

/// Who signs: a key and the name under which others find it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Signer {
    /// Address of the key: `<actor>#main-key`.
    pub key_id: Uri,
    /// The private key.
    pub key: SigningKey,
}

/// Header names in lower case and their values, the signature among them.
pub(super) type Headers = Vec<(&'static str, String)>;

/// What is signed.
#[derive(Debug, Clone)]
pub(super) struct Unsigned {
    pub uri: Uri,
    pub now: Instant,
    /// With a body it is a POST, without one a GET.
    pub payload: Option<Payload>,
}

impl Signer {
    /// The headers of one request, signed. Computes: call it on a blocking thread.
    pub(super) fn sign(
        &self,
        unsigned: &Unsigned,
        scheme: SignatureScheme,
    ) -> Result<Headers, SigningKeyError> {
        match scheme {
            SignatureScheme::Cavage => self.cavage(unsigned),
            SignatureScheme::Rfc9421 => self.rfc9421(unsigned),
        }
    }

    fn cavage(&self, unsigned: &Unsigned) -> Result<Headers, SigningKeyError> {
        let mut headers = vec![
            ("host", unsigned.uri.authority()),
            ("date", unsigned.now.to_http_date()),
        ];
        if let Some(payload) = &unsigned.payload {
            headers.push(("digest", digest_header(payload.digest())));
        }
        let named: BTreeMap<String, String> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let signature = Config::new()
            .mastodon_compat()
            .begin_sign(
                unsigned.method().as_str(),
                &path_and_query(&unsigned.uri),
                named,
            )
            .map_err(|_missing| SigningKeyError::Sign)?
            .sign(self.key_id.to_string(), |text| {
                self.key
                    .sign_pkcs1v15_sha256(text.as_bytes())
                    .map(|bytes| STANDARD.encode(bytes))
            })?
            .signature_header();
        headers.push(("signature", signature));
        Ok(headers)
    }

    fn rfc9421(&self, unsigned: &Unsigned) -> Result<Headers, SigningKeyError> {
        let request = OutgoingRequest {
            method: unsigned.method(),
            target: &unsigned.uri,
            date: unsigned.now,
            digest: unsigned.payload.as_ref().map(Payload::digest),
            key_id: &self.key_id,
        };
        let signature = self
            .key
            .sign_pkcs1v15_sha256(rfc9421_base(&request).as_bytes())?;
        Ok(rfc9421_headers(&request, &signature))
    }
}

impl Unsigned {
    fn method(&self) -> Method {
        match self.payload {
            Some(_) => Method::Post,
            None => Method::Get,
        }
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
