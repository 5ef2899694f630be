//! The body of a delivery, hashed once however many hubs it goes to.

use axum::body::Bytes;
use interkpa_federation::signature::BodyDigest;

/// A document ready to send. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Payload {
    bytes: Bytes,
    digest: BodyDigest,
}

impl Payload {
    /// Takes the document as it will be sent, byte for byte.
    pub fn new(document: impl Into<Bytes>) -> Self {
        let bytes = document.into();
        let digest = BodyDigest::of(&bytes);
        Self { bytes, digest }
    }

    /// The document.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Its SHA-256.
    pub fn digest(&self) -> BodyDigest {
        self.digest
    }
}
