//! Whose key it is, and what kind: the two questions between a claim and a verified sender.

use super::{AlgorithmHint, Claim, SignatureError};
use crate::Uri;
use crate::multikey::PublicKey;

/// How a key id relates to the actor it signs for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// The key is a part of the actor's own document: `<actor>#main-key`.
    Direct,
    /// The key has a document of its own at the actor's origin (`<actor>/main-key`, as GoToSocial
    /// does): [`key_bound_both_ways`] decides once it was read.
    KeyDocument,
}

/// Whether a key may speak for an actor at all, before anything is fetched.
///
/// Source: security.md 3.3 rule 10, federation.md 2.1.
///
/// # Errors
/// [`SignatureError::KeyNotOfActor`] for a key of another origin.
pub fn key_may_speak_for(key_id: &Uri, actor: &Uri) -> Result<Binding, SignatureError> {
    if key_id.without_fragment() == *actor {
        Ok(Binding::Direct)
    } else if key_id.origin() == actor.origin() {
        Ok(Binding::KeyDocument)
    } else {
        Err(SignatureError::KeyNotOfActor)
    }
}

/// The `publicKey` that was found by following a key id.
#[derive(Debug, Clone, Copy)]
pub struct KeyDocument<'a> {
    /// Its own `id`.
    pub id: &'a Uri,
    /// Its `owner`.
    pub owner: &'a Uri,
}

/// Rule 13: the key names its owner, and the owner names the key.
///
/// `actor_keys` are the `publicKey.id` of the actor's own document, fetched from its own id.
///
/// # Errors
/// [`SignatureError::KeyNotOfActor`] when either direction is missing.
pub fn key_bound_both_ways(
    key_id: &Uri,
    document: KeyDocument<'_>,
    actor: &Uri,
    actor_keys: &[Uri],
) -> Result<(), SignatureError> {
    key_may_speak_for(key_id, actor)?;
    if document.id == key_id && document.owner == actor && actor_keys.contains(key_id) {
        Ok(())
    } else {
        Err(SignatureError::KeyNotOfActor)
    }
}

/// The kinds of keys that verify requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA, 2048 bits or more; verified by the server.
    Rsa,
    /// Ed25519.
    Ed25519,
}

impl Claim {
    /// Verifies with a function of the server: `verify(signed_text, signature)`. The kind of the key
    /// decides the algorithm; the hint must not contradict it.
    ///
    /// # Errors
    /// [`SignatureError::KeyUnsupported`] or [`SignatureError::Invalid`].
    pub fn verify_with(
        &self,
        kind: KeyKind,
        verify: impl Fn(&[u8], &[u8]) -> bool,
    ) -> Result<(), SignatureError> {
        let fits = match self.algorithm {
            AlgorithmHint::KeyDecides => true,
            AlgorithmHint::RsaSha256 => kind == KeyKind::Rsa,
            AlgorithmHint::Ed25519 => kind == KeyKind::Ed25519,
        };
        if !fits {
            return Err(SignatureError::KeyUnsupported);
        }
        let texts = [
            Some(&self.signed_text),
            self.signed_text_without_query.as_ref(),
        ];
        if texts
            .into_iter()
            .flatten()
            .any(|text| verify(text, &self.signature))
        {
            Ok(())
        } else {
            Err(SignatureError::Invalid)
        }
    }

    /// Verifies with an Ed25519 key, by the strict rules.
    ///
    /// # Errors
    /// As [`Claim::verify_with`].
    pub fn verify_ed25519(&self, key: &PublicKey) -> Result<(), SignatureError> {
        self.verify_with(KeyKind::Ed25519, |text, signature| {
            <&[u8; 64]>::try_from(signature).is_ok_and(|signature| key.verifies(text, signature))
        })
    }
}
