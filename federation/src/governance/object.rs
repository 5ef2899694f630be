//! One governance object: what it says, its name, and its signed original.
//!
//! Reading checks everything that needs no other object. Whether the right hub signed is
//! [`Object::verify_in`], which needs the keys that a poll froze; the original is kept because the
//! proof stands on its bytes.

use serde_json::{Map, Value};

use super::body::Body;
use super::content::{LIMITS, canonical_bytes, check_texts, context};
use super::error::{Fault, ObjectError};
use super::fields::Fields;
use super::hash::ObjectHash;
use super::prove::{self, Signatory};
use crate::jcs::Content;
use crate::json::strict_json;
use crate::proof;

words! {
    /// The types of governance objects. Source: votes.md 4.3.
    pub enum Kind {
        /// The beginning of a network.
        Genesis = "ikpa:Genesis",
        /// A question to all.
        Poll = "ikpa:Poll",
        /// A poll taken back by its author.
        PollCancel = "ikpa:PollCancel",
        /// The answer of one hub.
        Ballot = "ikpa:Ballot",
        /// A receipt for ballots.
        Ack = "ikpa:Ack",
        /// What a hub holds, in one hash.
        Digest = "ikpa:Digest",
        /// What a hub held at its closing.
        Seal = "ikpa:Seal",
        /// The ballots that a seal lists.
        SealList = "ikpa:SealList",
        /// The seals named and the result.
        Value = "ikpa:Value",
        /// A value proposed by the clerk of a round.
        Minutes = "ikpa:Minutes",
        /// A value reread in a round.
        Reread = "ikpa:Reread",
        /// A value signed in a round.
        Sign = "ikpa:Sign",
        /// A reservation against a result.
        Dispute = "ikpa:Dispute",
        /// Another key of a hub.
        KeyRotation = "ikpa:KeyRotation",
        /// Absence or return of a hub.
        Pause = "ikpa:Pause",
    }
}

/// How many proofs an object carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proofs {
    /// None: it is named by what is signed.
    None,
    /// One, an object.
    One,
    /// An array, sorted by verification method.
    Several,
}

impl Kind {
    /// Longest canonical form without the proof, in bytes. Source: votes.md 4.2.
    pub const fn bytes_max(self) -> usize {
        match self {
            Self::Ballot => 16 * 1024,
            Self::Genesis | Self::Poll | Self::SealList | Self::Value | Self::Minutes => 256 * 1024,
            _ => 4 * 1024,
        }
    }

    /// Whether somebody signs it: lists and values are named by what is signed.
    pub const fn is_signed(self) -> bool {
        !matches!(self.proofs(), Proofs::None)
    }

    /// Whether several keys sign it, each with a proof of its own.
    pub const fn is_signed_by_several(self) -> bool {
        matches!(self.proofs(), Proofs::Several)
    }

    /// How many proofs it carries. Source: votes.md 4.2.
    pub(crate) const fn proofs(self) -> Proofs {
        match self {
            Self::SealList | Self::Value => Proofs::None,
            Self::Genesis | Self::KeyRotation => Proofs::Several,
            _ => Proofs::One,
        }
    }
}

/// A governance object whose form is good. Two with one hash are the same object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    hash: ObjectHash,
    body: Body,
    original: Value,
}

impl Object {
    /// Reads one object from bytes that a stranger wrote.
    ///
    /// # Errors
    /// [`ObjectError`] names the first rule broken. No input panics.
    pub fn parse(bytes: &[u8]) -> Result<Self, ObjectError> {
        let value = strict_json(bytes, LIMITS).map_err(|refusal| ObjectError {
            kind: None,
            fault: refusal.into(),
        })?;
        Self::from_json(value)
    }

    /// Reads one object from JSON that `strict_json` read, as it stands in an activity or a bundle.
    ///
    /// # Errors
    /// [`ObjectError`] names the first rule broken.
    pub fn from_json(original: Value) -> Result<Self, ObjectError> {
        let kind = original.get("type").and_then(Value::as_str);
        let kind = kind.and_then(Kind::parse).ok_or(ObjectError {
            kind: None,
            fault: Fault::UnknownType,
        })?;
        let (hash, body) = read(kind, &original).map_err(|fault| fault.in_a(kind))?;
        Ok(Self {
            hash,
            body,
            original,
        })
    }

    /// Makes an object without proof: a list or a value.
    ///
    /// # Errors
    /// [`ObjectError`] when it would not be read by others: we sign and send no such thing.
    pub fn unsigned(body: Body) -> Result<Self, ObjectError> {
        Self::from_json(document(&body)?)
    }

    /// Makes an object and signs it, alone or with others where its type asks for several proofs.
    ///
    /// # Errors
    /// [`ObjectError`] when it would not be read by others: we sign and send no such thing.
    pub fn sign(body: Body, signatories: &[Signatory<'_>]) -> Result<Self, ObjectError> {
        let kind = body.kind();
        let mut original = document(&body)?;
        let proofs = signatories
            .iter()
            .map(|signatory| signatory.prove(&original))
            .collect::<Result<Vec<Value>, Fault>>()
            .map_err(|fault| fault.in_a(kind))?;
        let proof = prove::arranged(kind, proofs).map_err(|fault| fault.in_a(kind))?;
        if let Some(members) = original.as_object_mut() {
            members.insert("proof".to_owned(), proof);
        }
        Self::from_json(original)
    }

    /// Its name.
    pub const fn hash(&self) -> ObjectHash {
        self.hash
    }

    /// What it says.
    pub const fn body(&self) -> &Body {
        &self.body
    }

    /// Its type.
    pub const fn kind(&self) -> Kind {
        self.body.kind()
    }

    /// The signed original, proof included: what is stored, sent and put into bundles.
    pub const fn original(&self) -> &Value {
        &self.original
    }
}

/// The object as JSON, without a proof.
fn document(body: &Body) -> Result<Value, ObjectError> {
    let kind = body.kind();
    let mut members = body.write().map_err(|fault| fault.in_a(kind))?;
    members.insert("@context".to_owned(), context());
    members.insert("type".to_owned(), Value::from(kind.as_str()));
    Ok(Value::Object(members))
}

fn read(kind: Kind, original: &Value) -> Result<(ObjectHash, Body), Fault> {
    check_texts(original, "")?;
    let members = original.as_object().ok_or(Fault::Context)?;
    if members.get("@context") != Some(&context()) {
        return Err(Fault::Context);
    }
    let hash = measured_hash(kind, members)?;
    let mut fields = Fields::of_map(members);
    for known in ["@context", "type"] {
        fields.required(known)?;
    }
    check_proofs(kind, &mut fields, members)?;
    let body = Body::read(kind, &mut fields)?;
    fields.finish()?;
    Ok((hash, body))
}

/// The hash of a document that is not too long for its kind.
fn measured_hash(kind: Kind, members: &Map<String, Value>) -> Result<ObjectHash, Fault> {
    let mut bare = members.clone();
    bare.remove("proof");
    let bytes = canonical_bytes(&Value::Object(bare))?;
    if bytes.len() > kind.bytes_max() {
        return Err(Fault::TooLong {
            bytes: bytes.len(),
            bytes_max: kind.bytes_max(),
        });
    }
    Ok(ObjectHash::of(&bytes))
}

/// The proofs that the type asks for, each of good form.
fn check_proofs(
    kind: Kind,
    fields: &mut Fields<'_>,
    members: &Map<String, Value>,
) -> Result<(), Fault> {
    let one = |proof: &Value| {
        proof::check_form(members.get("@context"), proof, Content::Provable)
            .map_err(|_named_in_detail| Fault::Proof)
    };
    match kind.proofs() {
        // A proof here would be an unknown member.
        Proofs::None => Ok(()),
        Proofs::One => one(fields.optional("proof").ok_or(Fault::Proof)?),
        Proofs::Several => {
            let proofs = fields.optional("proof").and_then(Value::as_array);
            let proofs = proofs.ok_or(Fault::Proof)?;
            if !prove::are_sorted(proofs) {
                return Err(Fault::Proof);
            }
            proofs.iter().try_for_each(one)
        }
    }
}
