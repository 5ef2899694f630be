//! Proofs inside documents: FEP-8b32 with the cryptosuite `eddsa-jcs-2022`.
//!
//! A proof says that the owner of one key wrote this document, whoever carries it. Not here: whether
//! that key may speak for the author (the electorate of a poll, the actor's `assertionMethod`), nor
//! Linked Data Signatures, which do not exist for us in either direction.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::Instant;
use crate::jcs::{Content, JcsError, canonical};
use crate::multikey::{PublicKey, SecretKey, decode_base58btc, encode_base58btc};

/// Who signs, with which key, at which time.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The secret key.
    pub key: &'a SecretKey,
    /// The address others find the public key at: `<actor>#ed25519-key`, or `<hub id>#<key>`.
    pub verification_method: &'a str,
    /// Written as `created`, in whole seconds: others print fractions differently.
    pub created: Instant,
}

/// What the reader of a proved document already knows and asks for.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The verification method of the key passed in.
    pub verification_method: &'a str,
    /// [`Content::Provable`] for governance and everything of our own: exactly the seven members of
    /// federation.md 2.6, integers only, no null. [`Content::Any`] for what other programs prove.
    pub content: Content,
}

/// What holds once a proof was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// What the signer claims as its time; nothing but the signer vouches for it.
    pub created: Instant,
    /// SHA-256 of the canonical document without its proof: its name in governance.
    pub document_hash: [u8; 32],
}

/// What a proof says before anything is verified: enough to find the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed<'d> {
    /// Where the key is said to be.
    pub verification_method: &'d str,
}

/// Why a document is not proved.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The document is not a JSON object.
    #[error("a proved document is an object")]
    NotAnObject,
    /// It has no `proof`, or the `proof` is not one object.
    #[error("document has no proof, or more than one")]
    Missing,
    /// It is to be signed and already has a `proof`.
    #[error("document already has a proof")]
    AlreadyProved,
    /// A member of the proof is absent or not of its form.
    #[error("member {member:?} of the proof is absent or malformed")]
    Member {
        /// Its name.
        member: &'static str,
    },
    /// The proof has a member we give no meaning to (`expires`, `domain`, `previousProof`…): it
    /// could limit the proof in a way we would not see.
    #[error("proof has the unknown member {name:?}")]
    UnknownMember {
        /// Its name.
        name: String,
    },
    /// The proof's `@context` is not the document's, or is missing where it is required.
    #[error("the proof's context is not the document's")]
    Context,
    /// The proof names another verification method than the expected one.
    #[error("proof names another verification method")]
    VerificationMethod,
    /// The signature was not made by this key over this document.
    #[error("signature does not match")]
    Signature,
    /// The document has no canonical bytes of the kind asked for.
    #[error("document cannot be proved")]
    Content(#[from] JcsError),
}

impl ProofError {
    /// The stable code of the refusal (security.md §8.1): one for all of them.
    pub const fn code(&self) -> &'static str {
        "proof_invalid"
    }
}

const TYPE: &str = "DataIntegrityProof";
const CRYPTOSUITE: &str = "eddsa-jcs-2022";
const PURPOSE: &str = "assertionMethod";
/// `z` and at most 88 characters: 64 bytes in base58.
const PROOF_VALUE_BYTES_MAX: usize = 96;
const MEMBERS: [&str; 7] = [
    "@context",
    "type",
    "cryptosuite",
    "verificationMethod",
    "proofPurpose",
    "created",
    "proofValue",
];

/// The document with a proof as its last member.
///
/// # Errors
/// [`ProofError::AlreadyProved`], or as [`prove`].
pub fn sign(document: &Value, signer: Signer<'_>) -> Result<Value, ProofError> {
    let members = document.as_object().ok_or(ProofError::NotAnObject)?;
    if members.contains_key("proof") {
        return Err(ProofError::AlreadyProved);
    }
    let mut proved = members.clone();
    proved.insert("proof".to_owned(), prove(document, signer)?);
    Ok(Value::Object(proved))
}

/// One proof over the document without its `proof`, for documents that carry several.
///
/// # Errors
/// [`ProofError::Content`] for a float, a null or a wide integer; [`ProofError::Context`] when the
/// document has no `@context`.
pub fn prove(document: &Value, signer: Signer<'_>) -> Result<Value, ProofError> {
    let members = document.as_object().ok_or(ProofError::NotAnObject)?;
    let context = members.get("@context").ok_or(ProofError::Context)?;
    let created = Instant::from_seconds(signer.created.as_seconds());
    let mut proof = json!({
        "@context": context,
        "type": TYPE,
        "cryptosuite": CRYPTOSUITE,
        "verificationMethod": signer.verification_method,
        "proofPurpose": PURPOSE,
        "created": created.to_rfc3339(),
    });
    let hashes = Hashes {
        options: sha256(&canonical(&proof, Content::Provable)?),
        document: document_hash(document, Content::Provable)?,
    };
    let value = encode_base58btc(&signer.key.sign(&hashes.signed_bytes()));
    if let Some(members) = proof.as_object_mut() {
        members.insert("proofValue".to_owned(), Value::String(value));
    }
    Ok(proof)
}

/// SHA-256 of the canonical document without its `proof`.
///
/// # Errors
/// [`ProofError::Content`] when the document has no canonical bytes of that kind.
pub fn document_hash(document: &Value, content: Content) -> Result<[u8; 32], ProofError> {
    let mut members = document.as_object().ok_or(ProofError::NotAnObject)?.clone();
    members.remove("proof");
    Ok(sha256(&canonical(&Value::Object(members), content)?))
}

/// What the one proof of a document claims, to find the key with. Nothing is verified.
///
/// # Errors
/// [`ProofError::Missing`] or [`ProofError::Member`].
pub fn claimed(document: &Value) -> Result<Claimed<'_>, ProofError> {
    let proof = only_proof(document)?;
    let proof = proof.as_object().ok_or(ProofError::Missing)?;
    Ok(Claimed {
        verification_method: text(proof, "verificationMethod")?,
    })
}

/// Verifies the one proof of a document.
///
/// # Errors
/// [`ProofError`] names the first rule broken. One changed byte anywhere is refused.
pub fn verify(
    document: &Value,
    key: &PublicKey,
    expected: Expected<'_>,
) -> Result<Proved, ProofError> {
    verify_proof(document, only_proof(document)?, key, expected)
}

/// Verifies one of several proofs, each made alone over the document without its `proof`.
///
/// # Errors
/// As [`verify`].
pub fn verify_proof(
    document: &Value,
    proof: &Value,
    key: &PublicKey,
    expected: Expected<'_>,
) -> Result<Proved, ProofError> {
    let members = document.as_object().ok_or(ProofError::NotAnObject)?;
    let read = read_expected(proof, members.get("@context"), expected)?;
    let hash = document_hash(document, expected.content)?;
    check_signature(read, hash, key, expected.content)
}

/// A document of which the hash is known already, so that several proofs cost one canonical form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HashedDocument<'d> {
    /// Its `@context`.
    pub(crate) context: Option<&'d Value>,
    /// What [`document_hash`] gives.
    pub(crate) hash: [u8; 32],
}

/// Verifies one proof over a document whose hash the caller computed itself.
pub(crate) fn verify_over(
    document: HashedDocument<'_>,
    proof: &Value,
    key: &PublicKey,
    expected: Expected<'_>,
) -> Result<Proved, ProofError> {
    let read = read_expected(proof, document.context, expected)?;
    check_signature(read, document.hash, key, expected.content)
}

/// Reads a proof that names the expected verification method.
fn read_expected<'p>(
    proof: &'p Value,
    document_context: Option<&Value>,
    expected: Expected<'_>,
) -> Result<Read<'p>, ProofError> {
    let proof = proof.as_object().ok_or(ProofError::Missing)?;
    let read = read(proof, document_context, expected.content)?;
    if read.verification_method != expected.verification_method {
        return Err(ProofError::VerificationMethod);
    }
    Ok(read)
}

fn check_signature(
    read: Read<'_>,
    document_hash: [u8; 32],
    key: &PublicKey,
    content: Content,
) -> Result<Proved, ProofError> {
    let hashes = Hashes {
        options: sha256(&canonical(&Value::Object(read.options), content)?),
        document: document_hash,
    };
    if !key.verifies(&hashes.signed_bytes(), &read.signature) {
        return Err(ProofError::Signature);
    }
    Ok(Proved {
        created: read.created,
        document_hash: hashes.document,
    })
}

/// Checks the form of a proof, without its signature: what can be said before its key is known.
pub(crate) fn check_form(
    document_context: Option<&Value>,
    proof: &Value,
    content: Content,
) -> Result<(), ProofError> {
    let proof = proof.as_object().ok_or(ProofError::Missing)?;
    read(proof, document_context, content).map(|_read| ())
}

/// The two halves of what is signed. Source: W3C vc-di-eddsa §3.3.4.
struct Hashes {
    options: [u8; 32],
    document: [u8; 32],
}

impl Hashes {
    fn signed_bytes(&self) -> Vec<u8> {
        [self.options, self.document].concat()
    }
}

/// A proof whose shape was checked.
struct Read<'p> {
    verification_method: &'p str,
    created: Instant,
    signature: [u8; 64],
    /// The proof without its value, with the context it is hashed with.
    options: Map<String, Value>,
}

fn only_proof(document: &Value) -> Result<&Value, ProofError> {
    let members = document.as_object().ok_or(ProofError::NotAnObject)?;
    match members.get("proof") {
        Some(proof @ Value::Object(_)) => Ok(proof),
        _ => Err(ProofError::Missing),
    }
}

fn read<'p>(
    proof: &'p Map<String, Value>,
    document_context: Option<&Value>,
    content: Content,
) -> Result<Read<'p>, ProofError> {
    if let Some(name) = proof.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(ProofError::UnknownMember { name: name.clone() });
    }
    for (member, value) in [
        ("type", TYPE),
        ("cryptosuite", CRYPTOSUITE),
        ("proofPurpose", PURPOSE),
    ] {
        if text(proof, member)? != value {
            return Err(ProofError::Member { member });
        }
    }
    Ok(Read {
        verification_method: text(proof, "verificationMethod")?,
        created: read_created(text(proof, "created")?, content)?,
        signature: read_value(text(proof, "proofValue")?)?,
        options: hashed_options(proof, document_context, content)?,
    })
}

/// The proof as it is hashed: without its value, with the document's context.
///
/// Some programs leave the context out of the proof they send, yet hash it (Fedify); our own proofs
/// always show it.
fn hashed_options(
    proof: &Map<String, Value>,
    document_context: Option<&Value>,
    content: Content,
) -> Result<Map<String, Value>, ProofError> {
    let mut options = proof.clone();
    options.remove("proofValue");
    match (proof.get("@context"), document_context, content) {
        (Some(shown), Some(required), _) if shown == required => {}
        (None, Some(required), Content::Any) => {
            options.insert("@context".to_owned(), required.clone());
        }
        (None, None, Content::Any) => {}
        _ => return Err(ProofError::Context),
    }
    Ok(options)
}

fn read_created(text: &str, content: Content) -> Result<Instant, ProofError> {
    let malformed = ProofError::Member { member: "created" };
    match Instant::parse_rfc3339(text) {
        // Ours is written in one way only: whole seconds, `Z`, no second 60.
        Ok(created)
            if content == Content::Any || (text.len() == 20 && created.to_rfc3339() == text) =>
        {
            Ok(created)
        }
        _ => Err(malformed),
    }
}

fn read_value(text: &str) -> Result<[u8; 64], ProofError> {
    decode_base58btc(text, PROOF_VALUE_BYTES_MAX)
        .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok())
        .ok_or(ProofError::Member {
            member: "proofValue",
        })
}

fn text<'p>(proof: &'p Map<String, Value>, member: &'static str) -> Result<&'p str, ProofError> {
    proof
        .get(member)
        .and_then(Value::as_str)
        .ok_or(ProofError::Member { member })
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
