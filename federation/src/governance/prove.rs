//! Who signed a governance object: signing, and verifying against the keys of a poll or a register.

use serde_json::Value;

use super::ballot::Ballot;
use super::body::Body;
use super::error::{Fault, ObjectError};
use super::genesis::{Founder, Genesis};
use super::hub_id::HubId;
use super::object::{Kind, Object, Proofs};
use super::poll::Poll;
use crate::Instant;
use crate::jcs::Content;
use crate::multikey::{PublicKey, SecretKey};
use crate::proof::{self, Expected, HashedDocument, Signer};

/// A hub that signs, with the key it signs with. A name and its key, and nothing of the object.
#[derive(Debug, Clone, Copy)]
pub struct Signatory<'a> {
    /// Who.
    pub hub: HubId,
    /// With which key.
    pub key: &'a SecretKey,
    /// Written as `created`; never compared with a clock.
    pub created: Instant,
}

impl Signatory<'_> {
    /// The proof of this hub over a document.
    pub(crate) fn prove(&self, document: &Value) -> Result<Value, Fault> {
        let signer = Signer {
            key: self.key,
            verification_method: &self.hub.method(&self.key.public()),
            created: self.created,
        };
        proof::prove(document, signer).map_err(|_named_in_detail| Fault::Proof)
    }
}

impl Object {
    /// Whether that hub, and no other, signed with that key.
    ///
    /// # Errors
    /// [`Fault::NotElector`] when it is signed in another's name, [`Fault::Proof`] when the
    /// signature is not good.
    pub fn verify_by(&self, hub: HubId, key: &PublicKey) -> Result<(), ObjectError> {
        if self.body().hub() != Some(hub) {
            return Err(Fault::NotElector.in_a(self.kind()));
        }
        let proof = self.original().get("proof").unwrap_or(&Value::Null);
        self.verify_proof(proof, hub, key)
    }

    /// Whether that hub signed with one of its keys.
    ///
    /// # Errors
    /// As [`Object::verify_by`], of the last key.
    pub fn verify_by_any(&self, hub: HubId, keys: &[PublicKey]) -> Result<(), ObjectError> {
        let none = Err(Fault::Proof.in_a(self.kind()));
        keys.iter().fold(none, |found, key| {
            found.or_else(|_no_key_before| self.verify_by(hub, key))
        })
    }

    /// Whether its signer has the part in the poll that it takes, and signed with the key that the
    /// poll froze, whatever its key is today. Lists and values, which nobody signs, pass.
    ///
    /// # Errors
    /// [`Fault::OtherPoll`], [`Fault::NotElector`], [`Fault::Proof`], or a ballot that does not
    /// answer the question or lacks the delegate's signature. Source: votes.md 4.5, 4.10.
    pub fn verify_in(&self, poll: &Object) -> Result<(), ObjectError> {
        let fault = |fault: Fault| fault.in_a(self.kind());
        let Body::Poll(asked) = poll.body() else {
            return Err(fault(Fault::OtherPoll));
        };
        let own = self.body().poll().unwrap_or(self.hash());
        if own != poll.hash() && self.kind() != Kind::SealList {
            return Err(fault(Fault::OtherPoll));
        }
        let Some(hub) = self.body().hub() else {
            return Ok(());
        };
        let member = asked.member(hub).ok_or(fault(Fault::NotElector))?;
        self.check_part(asked).map_err(fault)?;
        self.verify_by(hub, &member.key)?;
        match self.body() {
            Body::Ballot(ballot) => check_ballot(ballot, asked).map_err(fault),
            _ => Ok(()),
        }
    }

    /// Whether all founders signed the genesis, each with its first key.
    ///
    /// # Errors
    /// [`Fault::Proof`] when one is missing, too many or not good.
    pub fn verify_genesis(&self) -> Result<&Genesis, ObjectError> {
        let Body::Genesis(genesis) = self.body() else {
            return Err(Fault::UnknownType.in_a(self.kind()));
        };
        let mut founders: Vec<&Founder> = genesis.founders.iter().collect();
        founders.sort_by_key(|founder| founder.hub().method(&founder.key));
        let proofs = self.proofs();
        if proofs.len() != founders.len() {
            return Err(Fault::Proof.in_a(self.kind()));
        }
        for (proof, founder) in proofs.iter().zip(founders) {
            self.verify_proof(proof, founder.hub(), &founder.key)?;
        }
        Ok(genesis)
    }

    /// Whether a rotation is proved by the new key and by the old one or the recovery key.
    ///
    /// # Errors
    /// [`Fault::Proof`] for any other two proofs. Source: votes.md 6.5.
    pub fn verify_rotation(&self, recovery_key: &PublicKey) -> Result<(), ObjectError> {
        let Body::KeyRotation(rotation) = self.body() else {
            return Err(Fault::UnknownType.in_a(self.kind()));
        };
        let by = |proof: &Value, key: &PublicKey| self.verify_proof(proof, rotation.hub, key);
        let both = |first: &Value, second: &Value| {
            by(first, &rotation.new).is_ok()
                && [&rotation.old, recovery_key]
                    .into_iter()
                    .any(|key| *key != rotation.new && by(second, key).is_ok())
        };
        match self.proofs() {
            [one, other] if both(one, other) || both(other, one) => Ok(()),
            _ => Err(Fault::Proof.in_a(self.kind())),
        }
    }

    fn proofs(&self) -> &[Value] {
        let proofs = self.original().get("proof").and_then(Value::as_array);
        proofs.map_or(&[], Vec::as_slice)
    }

    fn verify_proof(&self, proof: &Value, hub: HubId, key: &PublicKey) -> Result<(), ObjectError> {
        let document = HashedDocument {
            context: self.original().get("@context"),
            hash: *self.hash().as_bytes(),
        };
        let expected = Expected {
            verification_method: &hub.method(key),
            content: Content::Provable,
        };
        match proof::verify_over(document, proof, key, expected) {
            Ok(_proved) => Ok(()),
            Err(_named_in_detail) => Err(Fault::Proof.in_a(self.kind())),
        }
    }

    /// Seals, minutes, rereads and signatures are for certifiers; a cancellation is the author's.
    fn check_part(&self, poll: &Poll) -> Result<(), Fault> {
        let has_part = match self.body() {
            Body::Seal(seal) => poll.certifies(seal.hub),
            Body::Minutes(minutes) => poll.certifies(minutes.hub),
            Body::Reread(reread) => poll.certifies(reread.hub),
            Body::Sign(sign) => poll.certifies(sign.hub),
            Body::PollCancel(cancel) => cancel.hub == poll.author,
            _ => true,
        };
        has_part.then_some(()).ok_or(Fault::NotElector)
    }
}

/// A ballot answers the question asked, and its delegate signed exactly when the poll says so.
fn check_ballot(ballot: &Ballot, poll: &Poll) -> Result<(), Fault> {
    if !ballot.choice.answers(&poll.question) {
        return Err(Fault::Wrong {
            field: "ikpa:choice",
        });
    }
    let member = poll.member(ballot.hub).ok_or(Fault::NotElector)?;
    let proved = match (&member.delegate_key, &ballot.delegate_proof) {
        (None, None) => true,
        (Some(key), Some(proof)) => proof.verifies(ballot, key),
        _ => false,
    };
    proved.then_some(()).ok_or(Fault::Proof)
}

/// The proofs as an object of that type carries them.
pub(crate) fn arranged(kind: Kind, mut proofs: Vec<Value>) -> Result<Value, Fault> {
    match (kind.proofs(), proofs.len()) {
        (Proofs::One, 1) => proofs.pop().ok_or(Fault::Proof),
        (Proofs::Several, 1..) => {
            proofs.sort_by(|one, other| method(one).cmp(method(other)));
            Ok(Value::Array(proofs))
        }
        _ => Err(Fault::Proof),
    }
}

/// Whether proofs stand in the order of their methods, none twice.
pub(crate) fn are_sorted(proofs: &[Value]) -> bool {
    proofs.is_sorted_by(|one, next| method(one) < method(next))
}

fn method(proof: &Value) -> &str {
    let method = proof.get("verificationMethod").and_then(Value::as_str);
    method.unwrap_or("")
}
