//! The signed answer of one hub.

use serde_json::{Map, Value};

use super::choice::{Choice, Word};
use super::content::{context, hash_of};
use super::error::Fault;
use super::fields::{self, Fields};
use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::members::{self, Members};
use crate::Instant;
use crate::multikey::{PublicKey, SecretKey, decode_base58btc, encode_base58btc};

/// A ballot. A hub changes its voice by a ballot of the next number, never by editing one.
/// Source: votes.md 4.5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// Who votes.
    pub hub: HubId,
    /// In which poll.
    pub poll: ObjectHash,
    /// Its number, and the ballot before it.
    pub place: Place,
    /// Two ballots of one number that this one explains. It never changes the count.
    pub resolves: Option<[ObjectHash; 2]>,
    /// The answer.
    pub choice: Choice,
    /// Why, for everyone to read; an objection has one.
    pub reason: Option<String>,
    /// How the members of the hub decided.
    pub mandate: Mandate,
    /// The delegate's own signature, exactly when the poll lists a key for it.
    pub delegate_proof: Option<DelegateProof>,
}

/// Where a ballot stands among those of its hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    seq: u8,
    prev: Option<ObjectHash>,
}

/// Most ballots a hub may cast in one poll. Source: votes.md 4.5.
pub const SEQ_MAX: u8 = 16;

impl Place {
    /// The first ballot of a hub.
    pub const FIRST: Self = Self { seq: 1, prev: None };

    /// The ballot after one of number `seq` and hash `prev`; `None` beyond [`SEQ_MAX`].
    pub fn after(seq: u8, prev: ObjectHash) -> Option<Self> {
        let next = (1..SEQ_MAX).contains(&seq).then(|| seq + 1)?;
        Some(Self {
            seq: next,
            prev: Some(prev),
        })
    }

    /// Its number, from 1 to [`SEQ_MAX`].
    pub const fn seq(self) -> u8 {
        self.seq
    }

    /// The ballot of the number before; none for the first alone.
    pub const fn prev(self) -> Option<ObjectHash> {
        self.prev
    }
}

words! {
    /// How a hub came to its voice. Source: votes.md 4.5, 6.6.
    pub enum MandateMode {
        /// Consent of the members.
        Consent = "consent",
        /// A majority of the members.
        Majority = "majority",
        /// The spokesperson decided.
        Delegate = "delegate",
        /// A general meeting.
        Assembly = "assembly",
    }
}

/// The mandate behind a ballot: counts, never names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// How it was decided.
    pub mode: MandateMode,
    /// When.
    pub decided_at: Instant,
    /// How many took part.
    pub participants: Option<u64>,
    /// How many were for.
    pub in_favour: Option<u64>,
    /// How many were against.
    pub against: Option<u64>,
    /// How many abstained.
    pub abstained: Option<u64>,
    /// SHA-256 of the local minutes, so that members can prove later what they decided.
    pub minutes_sha256: Option<ObjectHash>,
    /// What the hub itself finds them by.
    pub local_ref: Option<String>,
}

/// Made by the delegate's own key over the ballot, so that the hub's administrator alone cannot vote.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DelegateProof([u8; 64]);

/// `z` and at most 88 characters: 64 bytes in base58.
const DELEGATE_PROOF_BYTES_MAX: usize = 96;

impl DelegateProof {
    /// Signs the ballot, whose own `delegate_proof` is left aside.
    ///
    /// # Errors
    /// [`Fault::Content`] for a ballot that cannot be written.
    pub fn sign(ballot: &Ballot, key: &SecretKey) -> Result<Self, Fault> {
        Ok(Self(key.sign(&signed_text(ballot)?)))
    }

    /// Whether this is the signature of `key` over the ballot.
    pub fn verifies(&self, ballot: &Ballot, key: &PublicKey) -> bool {
        signed_text(ballot).is_ok_and(|text| key.verifies(&text, &self.0))
    }

    fn read(value: &Value) -> Option<Self> {
        let bytes = decode_base58btc(value.as_str()?, DELEGATE_PROOF_BYTES_MAX)?;
        bytes.try_into().ok().map(Self)
    }
}

impl std::fmt::Debug for DelegateProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&encode_base58btc(&self.0))
    }
}

/// What the delegate signs: a word of this protocol and the hash of the ballot without both proofs.
fn signed_text(ballot: &Ballot) -> Result<Vec<u8>, Fault> {
    let bare = Ballot {
        delegate_proof: None,
        ..ballot.clone()
    };
    let mut document = bare.write();
    document.insert("@context".to_owned(), context());
    document.insert("type".to_owned(), Value::from("ikpa:Ballot"));
    let hash = hash_of(&Value::Object(document))?;
    Ok(format!("ukv1-delegate:{hash}").into_bytes())
}

impl Ballot {
    /// Reads the members of a ballot.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        let ballot = Self {
            hub: fields.hub("ikpa:hub")?,
            poll: fields.hash("ikpa:poll")?,
            place: Place::read(fields)?,
            resolves: fields.optional_as("ikpa:resolves", pair)?,
            choice: fields.required_as("ikpa:choice", Choice::read)?,
            reason: fields.optional_as("ikpa:reason", fields::text)?,
            mandate: Mandate::read(fields.required("ikpa:mandate")?)?,
            delegate_proof: fields.optional_as("ikpa:delegateProof", DelegateProof::read)?,
        };
        if ballot.choice == Choice::Word(Word::Object) && ballot.reason.is_none() {
            return Err(Fault::Missing {
                field: "ikpa:reason",
            });
        }
        Ok(ballot)
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        let proof = self.delegate_proof.map(|proof| encode_base58btc(&proof.0));
        let resolves = self.resolves.map(|pair| pair.map(Value::from).to_vec());
        Members::new()
            .with("ikpa:hub", self.hub)
            .with("ikpa:poll", self.poll)
            .with("ikpa:seq", self.place.seq)
            .with_some("ikpa:prev", self.place.prev)
            .with_some("ikpa:resolves", resolves)
            .with("ikpa:choice", self.choice.write())
            .with_some("ikpa:reason", self.reason.as_deref())
            .with("ikpa:mandate", self.mandate.write())
            .with_some("ikpa:delegateProof", proof)
            .into_map()
    }
}

/// Two different hashes, sorted.
pub(crate) fn pair(value: &Value) -> Option<[ObjectHash; 2]> {
    fields::set(value, fields::hash)?.try_into().ok()
}

impl Place {
    fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        let seq = fields.required_as("ikpa:seq", |seq| u8::try_from(seq.as_u64()?).ok())?;
        let prev = fields.optional_as("ikpa:prev", fields::hash)?;
        match (seq, prev) {
            (1, None) => Ok(Self::FIRST),
            (1, Some(_)) => Err(Fault::Wrong { field: "ikpa:prev" }),
            (2..=SEQ_MAX, Some(prev)) => Ok(Self {
                seq,
                prev: Some(prev),
            }),
            (2..=SEQ_MAX, None) => Err(Fault::Missing { field: "ikpa:prev" }),
            _ => Err(Fault::Wrong { field: "ikpa:seq" }),
        }
    }
}

impl Mandate {
    fn read(value: &Value) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:mandate", |of| {
            Ok(Self {
                mode: of.required_as("ikpa:mode", |mode| MandateMode::parse(mode.as_str()?))?,
                decided_at: of.time("ikpa:decidedAt")?,
                participants: of.optional_as("ikpa:participants", Value::as_u64)?,
                in_favour: of.optional_as("ikpa:for", Value::as_u64)?,
                against: of.optional_as("ikpa:against", Value::as_u64)?,
                abstained: of.optional_as("ikpa:abstain", Value::as_u64)?,
                minutes_sha256: of.optional_as("ikpa:minutesSha256", fields::hash)?,
                local_ref: of.optional_as("ikpa:localRef", fields::text)?,
            })
        })
    }

    fn write(&self) -> Members {
        Members::new()
            .with("ikpa:mode", self.mode.as_str())
            .with("ikpa:decidedAt", members::time(self.decided_at))
            .with_some("ikpa:participants", self.participants)
            .with_some("ikpa:for", self.in_favour)
            .with_some("ikpa:against", self.against)
            .with_some("ikpa:abstain", self.abstained)
            .with_some("ikpa:minutesSha256", self.minutes_sha256)
            .with_some("ikpa:localRef", self.local_ref.as_deref())
    }
}
