//! Who has a voice in a poll, and who certifies it: frozen when it is published.

use serde_json::Value;

use crate::governance::content::hash_of;
use crate::governance::error::Fault;
use crate::governance::fields::{self, Fields};
use crate::governance::hash::ObjectHash;
use crate::governance::hub_id::HubId;
use crate::governance::members::{self, Members};
use crate::multikey::PublicKey;

/// Who has a voice, frozen, with the decisions that it follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Electorate {
    /// The genesis.
    pub genesis: ObjectHash,
    /// Values of certified decisions, key rotations and pauses: a set.
    pub decisions: Vec<ObjectHash>,
    /// The members, by hub id.
    pub members: Vec<Member>,
}

/// One hub with a voice. Its key here is the key of this poll, whatever happens later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub hub: HubId,
    /// Its governance key.
    pub key: PublicKey,
    /// Where it is, for delivery only; never compared.
    pub actor: String,
    /// The delegate's own key; its ballots then carry that signature too.
    pub delegate_key: Option<PublicKey>,
}

/// Who seals and signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certifiers {
    /// Every member.
    All,
    /// The committee of the register: a set of members.
    Committee(Vec<HubId>),
}

impl Electorate {
    /// SHA-256 of the canonical list of members, which the poll states too.
    ///
    /// # Errors
    /// [`Fault::Content`] for members that cannot be written.
    pub fn hash(&self) -> Result<ObjectHash, Fault> {
        hash_of(&self.members_json())
    }

    fn members_json(&self) -> Value {
        self.members
            .iter()
            .map(Member::write)
            .map(Value::from)
            .collect()
    }

    pub(super) fn read(value: &Value) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:electorate", |of| {
            let electorate = Self {
                genesis: of.hash("ikpa:genesis")?,
                decisions: of.hashes("ikpa:decisions")?,
                members: of.list("ikpa:members", Member::read)?,
            };
            let hubs: Vec<HubId> = electorate.members.iter().map(|m| m.hub).collect();
            if hubs.is_empty() || !fields::is_set(&hubs) {
                return Err(Fault::Wrong {
                    field: "ikpa:members",
                });
            }
            if of.hash("ikpa:hash")? != electorate.hash()? {
                return Err(Fault::Wrong { field: "ikpa:hash" });
            }
            Ok(electorate)
        })
    }

    pub(super) fn write(&self) -> Result<Members, Fault> {
        Ok(Members::new()
            .with("ikpa:genesis", self.genesis)
            .with_list("ikpa:decisions", self.decisions.iter().copied())
            .with("ikpa:members", self.members_json())
            .with("ikpa:hash", self.hash()?))
    }
}

impl Member {
    fn read(value: &Value) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:members", |of| {
            Ok(Self {
                hub: of.hub("ikpa:hubId")?,
                key: of.key("ikpa:key")?,
                actor: of.text("ikpa:actor")?,
                delegate_key: of.optional_as("ikpa:delegateKey", fields::key)?,
            })
        })
    }

    fn write(&self) -> Members {
        Members::new()
            .with("ikpa:hubId", self.hub)
            .with("ikpa:key", members::key(&self.key))
            .with("ikpa:actor", self.actor.as_str())
            .with_some(
                "ikpa:delegateKey",
                self.delegate_key.as_ref().map(members::key),
            )
    }
}

impl Certifiers {
    pub(super) fn read(value: &Value) -> Option<Self> {
        match value.as_str() {
            Some("all") => Some(Self::All),
            Some(_) => None,
            None => fields::set(value, fields::hub).map(Self::Committee),
        }
    }
}
