//! The keys a hub signs with: its own in files, those of members who opted into a public actor in
//! the database.
//!
//! Files stand in `<data>/keys/`, mode 0700, each 0600 (decisions 23 and 30):
//!
//! | file | holds | signs |
//! |---|---|---|
//! | `main-key.pem` | RSA, PKCS#8 PEM | HTTP requests of the hub and of the instance actor |
//! | `ed25519-key` | seed, base64url | proofs of the hub's documents (FEP-8b32) |
//! | `governance-key` | seed, base64url | governance objects (votes.md) |
//! | `governance-key-former-*` | seed, base64url | governance objects of polls that froze that key |
//! | `hub-id` | `z6Mk…` | nothing: the public half of the FIRST governance key, which names the hub for ever |
//!
//! The hub id is stored because it outlives its key: a rotation replaces `governance-key` and
//! leaves `hub-id` (votes.md 6.5). Not here: rotation itself, and the keys of others.

mod files;

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use interkpa_federation::Uri;
use interkpa_federation::actor::ActorKeys as PublishedKeys;
use interkpa_federation::multikey::{PublicKey, SecretKey};

use super::client::Signer;
use super::rsa::{SigningKey, SigningKeyError};
use crate::random::Random;

/// Name of the folder of keys in the data folder.
pub const FOLDER: &str = "keys";
const MAIN: &str = "main-key.pem";
const PROOF: &str = "ed25519-key";
const GOVERNANCE: &str = "governance-key";
/// Begin of the names of files that hold former governance keys.
const FORMER: &str = "governance-key-former-";
const HUB_ID: &str = "hub-id";

/// Fragment of an actor's RSA key (decision 23).
pub const MAIN_KEY: &str = "main-key";
/// Fragment of an actor's proof key (decision 23).
pub const PROOF_KEY: &str = "ed25519-key";

/// Why the keys of a hub cannot be made or read, in words for the person who runs it.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// There are keys already: making new ones would end the hub's identity.
    #[error("{0} exists already: the keys of a hub are made once")]
    Exists(PathBuf),
    /// Other users of the machine may read it (security.md P25).
    #[error("{0} may be read by other users: chmod 700 the folder and 600 the files in it")]
    Exposed(PathBuf),
    /// A file does not hold what its name says.
    #[error("{0} does not hold the key that its name promises: restore it from a backup")]
    Malformed(PathBuf),
    /// The system refused to read or write.
    #[error("{path}: {source}")]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The RSA key could not be made.
    #[error(transparent)]
    Rsa(#[from] SigningKeyError),
}

/// The two keys of an actor of ours. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ActorKeys {
    /// Signs its HTTP requests.
    pub rsa: SigningKey,
    /// Proves its documents.
    pub proof: SecretKey,
    published: PublishedKeys,
}

/// The keys of an actor as the table `actor_keys` keeps them. Secret: it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredActorKeys {
    /// PKCS#8, PEM.
    pub rsa_private: String,
    /// SubjectPublicKeyInfo, PEM.
    pub rsa_public: String,
    /// 32 bytes, base64url.
    pub ed25519_seed: String,
}

impl ActorKeys {
    /// Makes both keys, with what is to be stored of them. Takes up to some hundred milliseconds:
    /// call it on a blocking thread.
    ///
    /// # Errors
    /// [`SigningKeyError`] when no RSA key can be made.
    pub fn generate(random: &Random) -> Result<(Self, StoredActorKeys), SigningKeyError> {
        let rsa = SigningKey::generate()?;
        let stored = StoredActorKeys {
            rsa_private: rsa.to_pkcs8_pem()?,
            rsa_public: rsa.public_pem()?,
            ed25519_seed: new_seed(random),
        };
        Ok((Self::from_stored(&stored)?, stored))
    }

    /// The keys of a stored row.
    ///
    /// # Errors
    /// [`SigningKeyError::Stored`] when a text is not what [`ActorKeys::generate`] gave.
    pub fn from_stored(stored: &StoredActorKeys) -> Result<Self, SigningKeyError> {
        let rsa = SigningKey::from_pkcs8_pem(&stored.rsa_private)?;
        let proof = secret_of_seed(&stored.ed25519_seed).ok_or(SigningKeyError::Stored)?;
        let published = PublishedKeys {
            rsa_pem: rsa.public_pem()?,
            ed25519: proof.public(),
        };
        if published.rsa_pem != stored.rsa_public {
            return Err(SigningKeyError::Stored);
        }
        Ok(Self {
            rsa,
            proof,
            published,
        })
    }

    /// The public halves, as the actor's document shows them.
    pub fn published(&self) -> &PublishedKeys {
        &self.published
    }

    /// Who signs the HTTP requests of `actor`: `<actor>#main-key`.
    pub fn signer(&self, actor: &Uri) -> Signer {
        Signer {
            key_id: actor.with_fragment(MAIN_KEY),
            key: self.rsa.clone(),
        }
    }
}

/// The hub's own keys. Cheap to clone.
#[derive(Debug, Clone)]
pub struct HubKeys {
    /// Keys of the hub's actor and of the instance actor.
    pub actor: ActorKeys,
    /// Signs governance objects.
    pub governance: SecretKey,
    /// Keys that a rotation ended: a poll that froze one is still signed with it.
    pub governance_former: Vec<SecretKey>,
    /// The hub's name in governance: `z6Mk…`, the public half of its first governance key.
    pub hub_id: String,
}

impl HubKeys {
    /// Makes the keys of a new hub in the data folder. All files appear at once or none does.
    ///
    /// # Errors
    /// [`KeysError::Exists`] when there is a folder of keys, whatever is in it.
    pub fn create(data: &Path, random: &Random) -> Result<Self, KeysError> {
        let (actor, stored) = ActorKeys::generate(random)?;
        let governance_seed = new_seed(random);
        let malformed = || KeysError::Malformed(data.join(FOLDER).join(GOVERNANCE));
        let governance = secret_of_seed(&governance_seed).ok_or_else(malformed)?;
        let hub_id = governance.public().to_multibase();
        files::create(
            data,
            &[
                (MAIN, &stored.rsa_private),
                (PROOF, &stored.ed25519_seed),
                (GOVERNANCE, &governance_seed),
                (HUB_ID, &hub_id),
            ],
        )?;
        Ok(Self {
            actor,
            governance,
            governance_former: vec![],
            hub_id,
        })
    }

    /// Reads the keys of a hub.
    ///
    /// # Errors
    /// [`KeysError`] says which file to look at; keys that others may read are refused.
    pub fn load(data: &Path) -> Result<Self, KeysError> {
        let folder = data.join(FOLDER);
        files::check_private(&folder)?;
        let read = |name: &str| files::read(&folder.join(name));
        let malformed = |name: &str| KeysError::Malformed(folder.join(name));
        let secret = |name: &str| secret_of_seed(&read(name)?).ok_or_else(|| malformed(name));

        let rsa = SigningKey::from_pkcs8_pem(&read(MAIN)?).map_err(|_text| malformed(MAIN))?;
        let proof = secret(PROOF)?;
        let governance = secret(GOVERNANCE)?;
        let governance_former = files::names(&folder, FORMER)?
            .iter()
            .map(|name| secret(name))
            .collect::<Result<_, _>>()?;
        let hub_id = read(HUB_ID)?;
        PublicKey::from_multibase(&hub_id).map_err(|_text| malformed(HUB_ID))?;
        let published = PublishedKeys {
            rsa_pem: rsa.public_pem()?,
            ed25519: proof.public(),
        };
        Ok(Self {
            actor: ActorKeys {
                rsa,
                proof,
                published,
            },
            governance,
            governance_former,
            hub_id,
        })
    }
}

fn new_seed(random: &Random) -> String {
    URL_SAFE_NO_PAD.encode(random.bytes::<32>())
}

fn secret_of_seed(text: &str) -> Option<SecretKey> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let seed = <&[u8; 32]>::try_from(bytes.as_slice()).ok()?;
    Some(SecretKey::from_seed(seed))
}
