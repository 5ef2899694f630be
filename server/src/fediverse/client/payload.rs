//! The body of a delivery, hashed once however many hubs it goes to.

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// A document ready to send. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Payload {
    bytes: Bytes,
    sha256: [u8; 32],
}

impl Payload {
    /// Takes the document as it will be sent, byte for byte.
    pub fn new(document: impl Into<Bytes>) -> Self {
        let bytes = document.into();
        let sha256 = Sha256::digest(&bytes).into();
        Self { bytes, sha256 }
    }

    /// The document.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Its hash.
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// Its hash as `Digest` and `Content-Digest` write it.
    pub fn sha256_base64(&self) -> String {
        STANDARD.encode(self.sha256)
    }
}
