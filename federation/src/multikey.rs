//! Ed25519 keys and their text forms: Multikey documents (FEP-521a) and `did:key`.
//!
//! RSA keys are not here: the server makes and uses them (decision 19).

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde_json::{Value, json};

use crate::Uri;

/// An Ed25519 key that others can check with us: a point of full order, canonically written.
///
/// Implementations disagree about signatures by keys of small order or written with y ≥ p, so such
/// keys do not exist here. Source: votes.md 4.2, federation.md 2.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// The secret half; never printed, wiped when dropped.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

/// A public key as an actor publishes it under `assertionMethod`. Source: FEP-521a.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multikey {
    /// The key's own address: the `verificationMethod` of a proof.
    pub id: Uri,
    /// The actor that controls it.
    pub controller: Uri,
    /// The key.
    pub key: PublicKey,
}

/// Why a text or a document is no key we take in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MultikeyError {
    /// Not `z` followed by base58btc (multibase), or not of the length of an Ed25519 key.
    #[error("not a multibase base58btc text of an Ed25519 key")]
    Encoding,
    /// The bytes announce another kind of key (multicodec other than 0xed01).
    #[error("key is not Ed25519")]
    Codec,
    /// The bytes are no canonically written point of full order.
    #[error("weak or malformed Ed25519 key")]
    Weak,
    /// The document is not a `Multikey` with `id`, `controller` and `publicKeyMultibase`.
    #[error("not a Multikey document")]
    Document,
    /// Not a `did:key:z…` identifier, or its fragment is not its own key.
    #[error("not a did:key identifier")]
    DidKey,
}

impl MultikeyError {
    /// The stable code of the refusal (security.md D18).
    pub const fn code(self) -> &'static str {
        "key_unsupported"
    }
}

/// Multicodec prefix of an Ed25519 public key.
const ED25519_PUBLIC: [u8; 2] = [0xed, 0x01];
/// `z` and at most 48 characters: 34 bytes in base58.
const MULTIBASE_BYTES_MAX: usize = 64;
const DID_KEY: &str = "did:key:";

impl PublicKey {
    /// Takes in the 32 bytes of a key.
    ///
    /// # Errors
    /// [`MultikeyError::Weak`] for a point of small order or not canonically written.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, MultikeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_source| MultikeyError::Weak)?;
        let canonical = key.to_edwards().compress().to_bytes() == *bytes;
        if key.is_weak() || !canonical {
            return Err(MultikeyError::Weak);
        }
        Ok(Self(key))
    }

    /// Reads `z6Mk…`: multibase base58btc of 0xed01 and the key.
    ///
    /// # Errors
    /// [`MultikeyError`] names what is wrong.
    pub fn from_multibase(text: &str) -> Result<Self, MultikeyError> {
        let decoded = decode_base58btc(text, MULTIBASE_BYTES_MAX).ok_or(MultikeyError::Encoding)?;
        let (codec, key) = decoded
            .split_first_chunk::<2>()
            .ok_or(MultikeyError::Encoding)?;
        if *codec != ED25519_PUBLIC {
            return Err(MultikeyError::Codec);
        }
        let bytes = <&[u8; 32]>::try_from(key).map_err(|_length| MultikeyError::Encoding)?;
        Self::from_bytes(bytes)
    }

    /// Reads `did:key:z6Mk…`, alone or followed by `#` and the same key.
    ///
    /// # Errors
    /// [`MultikeyError`] names what is wrong.
    pub fn from_did_key(text: &str) -> Result<Self, MultikeyError> {
        let named = text.strip_prefix(DID_KEY).ok_or(MultikeyError::DidKey)?;
        let key = match named.split_once('#') {
            None => named,
            Some((key, fragment)) if key == fragment => key,
            Some(_) => return Err(MultikeyError::DidKey),
        };
        Self::from_multibase(key)
    }

    /// `z6Mk…`: multibase base58btc of 0xed01 and the key.
    pub fn to_multibase(&self) -> String {
        let bytes: Vec<u8> = ED25519_PUBLIC
            .iter()
            .chain(self.0.as_bytes())
            .copied()
            .collect();
        encode_base58btc(&bytes)
    }

    /// `did:key:z6Mk…`.
    pub fn to_did_key(&self) -> String {
        format!("{DID_KEY}{}", self.to_multibase())
    }

    /// The 32 bytes of the key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Whether `signature` was made over `message` by the owner of this key, by the strict rules:
    /// canonical S, no point of small order, no cofactor. All implementations agree on every byte.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).is_ok()
    }
}

impl SecretKey {
    /// The key of a seed; the caller drew the seed at random and keeps it secret.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The half that is published.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs; the same message always gives the same bytes.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey(of {})", self.public().to_multibase())
    }
}

impl Multikey {
    /// Reads one member of an actor's `assertionMethod`; an embedded `@context` is ignored.
    ///
    /// That the actor really lists it, and that `controller` is that actor, is checked by the
    /// caller: see [`Multikey::belongs_to`].
    ///
    /// # Errors
    /// [`MultikeyError::Document`], or what is wrong with the key inside.
    pub fn from_json(value: &Value) -> Result<Self, MultikeyError> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        if text("type") != Some("Multikey") {
            return Err(MultikeyError::Document);
        }
        let address = |name: &str| {
            text(name)
                .and_then(|address| Uri::parse(address).ok())
                .ok_or(MultikeyError::Document)
        };
        Ok(Self {
            id: address("id")?,
            controller: address("controller")?,
            key: PublicKey::from_multibase(
                text("publicKeyMultibase").ok_or(MultikeyError::Document)?,
            )?,
        })
    }

    /// The member of `assertionMethod`.
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id.as_str(),
            "type": "Multikey",
            "controller": self.controller.as_str(),
            "publicKeyMultibase": self.key.to_multibase(),
        })
    }

    /// Whether this key, found in the document of `actor`, may speak for it: the actor controls it
    /// and it lives at the actor's origin. Source: federation.md 2.5, FEP-fe34.
    pub fn belongs_to(&self, actor: &Uri) -> bool {
        self.controller == *actor && self.id.origin() == actor.origin()
    }
}

/// `z` and base58btc, as multibase writes it.
pub(crate) fn encode_base58btc(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

/// Reads multibase base58btc. The length is bounded first: decoding base58 is quadratic.
pub(crate) fn decode_base58btc(text: &str, bytes_max: usize) -> Option<Vec<u8>> {
    if text.len() > bytes_max {
        return None;
    }
    bs58::decode(text.strip_prefix('z')?).into_vec().ok()
}

#[cfg(test)]
mod tests;
