//! RSA keys of actors: making, reading, signing, verifying (decision 19).
//!
//! One algorithm: PKCS#1 v1.5 with SHA-256, which is what every ActivityPub server accepts
//! (draft-cavage `rsa-sha256`/`hs2019`, RFC 9421 `rsa-v1_5-sha256`). Not here: what is signed
//! (`interkpa_federation`), and any encryption.

mod cache;
mod der;

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use tokio::sync::Semaphore;

pub use cache::{KEYS_MAX, KeyCache};
pub use der::PEM_BYTES_MAX;

/// Fewest bits of a modulus that we believe.
pub const MODULUS_BITS_MIN: usize = 2_048;
/// Most bits of a modulus: beyond, one verification costs too much (security.md D18).
pub const MODULUS_BITS_MAX: usize = 4_096;
/// Longest public exponent, in bytes: 65537 needs three, some servers use longer ones.
const EXPONENT_BYTES_MAX: usize = 4;

/// The public key of a stranger is of a kind that we do not use. Code: `key_unsupported`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyUnsupported {
    /// The text is no PEM block of a public key, or longer than [`PEM_BYTES_MAX`].
    #[error("not the PEM text of a public key")]
    Pem,
    /// The block holds no well-formed RSA public key.
    #[error("not an RSA public key")]
    NotRsa,
    /// The modulus has fewer than [`MODULUS_BITS_MIN`] or more than [`MODULUS_BITS_MAX`] bits.
    #[error("RSA modulus of {0} bits")]
    ModulusBits(usize),
    /// The public exponent is even, below 3, or longer than 32 bits.
    #[error("RSA public exponent that is not usable")]
    Exponent,
}

impl KeyUnsupported {
    /// The stable code of the refusal (security.md 8.1).
    pub const fn code(self) -> &'static str {
        "key_unsupported"
    }
}

/// Our own key could not be made, read or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeyError {
    /// The library refused to make a key.
    #[error("an RSA key could not be made")]
    Generate,
    /// The stored text is not a private RSA key of 2048 to 4096 bits in PKCS#8 PEM.
    #[error("the stored text is not a private RSA key")]
    Stored,
    /// The library refused to sign, or the task that signs was stopped.
    #[error("the RSA key could not sign")]
    Sign,
}

/// A private RSA key, parsed once. Cheap to clone.
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<RsaKeyPair>,
}

impl SigningKey {
    /// Makes a key of 2048 bits with exponent 65537. Takes tens to hundreds of milliseconds.
    ///
    /// # Errors
    /// [`SigningKeyError::Generate`] when the library gives none.
    pub fn generate() -> Result<Self, SigningKeyError> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048)
            .map_err(|_unspecified| SigningKeyError::Generate)?;
        Ok(Self {
            pair: Arc::new(pair),
        })
    }

    /// Reads what [`SigningKey::to_pkcs8_pem`] wrote.
    ///
    /// # Errors
    /// [`SigningKeyError::Stored`] for any other text.
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, SigningKeyError> {
        let der = der::read_pem(pem, "PRIVATE KEY").ok_or(SigningKeyError::Stored)?;
        let pair = RsaKeyPair::from_pkcs8(&der).map_err(|_rejected| SigningKeyError::Stored)?;
        let bits = pair.public_modulus_len() * 8;
        if !(MODULUS_BITS_MIN..=MODULUS_BITS_MAX).contains(&bits) {
            return Err(SigningKeyError::Stored);
        }
        Ok(Self {
            pair: Arc::new(pair),
        })
    }

    /// The private key as PKCS#8 PEM. A secret: it goes to a file of mode 0600 or to the database.
    ///
    /// # Errors
    /// [`SigningKeyError::Stored`] when the library cannot write it.
    pub fn to_pkcs8_pem(&self) -> Result<String, SigningKeyError> {
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(self.pair.as_ref())
            .map_err(|_unspecified| SigningKeyError::Stored)?;
        Ok(der::write_pem(der.as_ref(), "PRIVATE KEY"))
    }

    /// The public key as SubjectPublicKeyInfo PEM: what `publicKeyPem` of an actor carries.
    ///
    /// # Errors
    /// [`SigningKeyError::Stored`] when the library cannot write it.
    pub fn public_pem(&self) -> Result<String, SigningKeyError> {
        let der = self
            .pair
            .public_key()
            .as_der()
            .map_err(|_unspecified| SigningKeyError::Stored)?;
        Ok(der::write_pem(der.as_ref(), "PUBLIC KEY"))
    }

    /// The RSASSA-PKCS1-v1_5 signature over SHA-256 of `message`. About half a millisecond of
    /// computing: see [`SigningPool`].
    ///
    /// # Errors
    /// [`SigningKeyError::Sign`] when the library refuses.
    pub fn sign_pkcs1v15_sha256(&self, message: &[u8]) -> Result<Vec<u8>, SigningKeyError> {
        let mut signature = vec![0_u8; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .map_err(|_unspecified| SigningKeyError::Sign)?;
        Ok(signature)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(RSA, private)")
    }
}

/// A public RSA key that we agree to use, parsed once. Cheap to clone.
#[derive(Clone)]
pub struct VerifyingKey {
    key: Arc<ParsedPublicKey>,
}

impl VerifyingKey {
    /// Reads the `publicKeyPem` of an actor: SubjectPublicKeyInfo (`PUBLIC KEY`) or PKCS#1
    /// (`RSA PUBLIC KEY`, which older servers publish).
    ///
    /// # Errors
    /// [`KeyUnsupported`] names what is wrong with the key; nothing is computed with a key that
    /// is too long.
    pub fn from_pem(pem: &str) -> Result<Self, KeyUnsupported> {
        let spki = der::read_pem(pem, "PUBLIC KEY");
        let pkcs1 = match &spki {
            Some(der) => der::pkcs1_of_spki(der)
                .ok_or(KeyUnsupported::NotRsa)?
                .to_vec(),
            None => der::read_pem(pem, "RSA PUBLIC KEY").ok_or(KeyUnsupported::Pem)?,
        };
        let numbers = der::numbers_of_pkcs1(&pkcs1).ok_or(KeyUnsupported::NotRsa)?;
        check(&numbers)?;
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &pkcs1)
            .map_err(|_rejected| KeyUnsupported::NotRsa)?;
        Ok(Self { key: Arc::new(key) })
    }

    /// Whether `signature` is the RSASSA-PKCS1-v1_5 signature over SHA-256 of `message`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyingKey(RSA)")
    }
}

fn check(numbers: &der::PublicNumbers<'_>) -> Result<(), KeyUnsupported> {
    let bits = bit_length(numbers.modulus);
    if !(MODULUS_BITS_MIN..=MODULUS_BITS_MAX).contains(&bits) {
        return Err(KeyUnsupported::ModulusBits(bits));
    }
    let odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
    if !odd(numbers.modulus) {
        return Err(KeyUnsupported::NotRsa);
    }
    let exponent = numbers.exponent;
    if exponent.len() > EXPONENT_BYTES_MAX || !odd(exponent) || exponent == [1] {
        return Err(KeyUnsupported::Exponent);
    }
    Ok(())
}

fn bit_length(number: &[u8]) -> usize {
    let zeros = number
        .first()
        .map_or(0, |byte| usize::try_from(byte.leading_zeros()).unwrap_or(0));
    number.len() * 8 - zeros
}

/// Signs on the blocking threads, a few at a time, so that a fan-out does not stall the pages
/// (performance.md §10, item 4). Clones share the bound.
#[derive(Debug, Clone)]
pub struct SigningPool {
    permits: Arc<Semaphore>,
}

impl SigningPool {
    /// At most `at_once` signatures at a time; as many as cores is right.
    pub fn new(at_once: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(at_once.max(1))),
        }
    }

    /// Does `work` away from the threads that serve requests.
    ///
    /// # Errors
    /// [`SigningKeyError::Sign`] when the runtime stops before it is done.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, SigningKeyError> {
        let _permit = self
            .permits
            .acquire()
            .await
            .map_err(|_closed| SigningKeyError::Sign)?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_stopped| SigningKeyError::Sign)
    }
}
