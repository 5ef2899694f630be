//! Hubs that join, and hubs that get new keys by vote.

use crate::governance::error::Fault;
use crate::governance::fields::{self, Fields};
use crate::governance::hash::ObjectHash;
use crate::governance::hub_id::HubId;
use crate::governance::members::{self, Members};
use crate::multikey::PublicKey;

/// A hub that asks to join. Its id is its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// Its first governance key, which names it for ever.
    pub key: PublicKey,
    /// Where it is, for delivery only.
    pub actor: String,
    /// What people call it.
    pub name: String,
    /// The key kept on paper.
    pub recovery_key: PublicKey,
    /// The reference of the structure that carries it.
    pub legal_ref: String,
    /// Who vouches for it, two or more.
    pub sponsors: Vec<HubId>,
    /// The delegate's own key.
    pub delegate_key: Option<PublicKey>,
    /// Who runs its machine, when it is not itself.
    pub hosted_by: Option<String>,
    /// Its self-assessment.
    pub assessment: Option<ObjectHash>,
}

/// Keys that the network gives a hub by vote, because it lost its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKeys {
    /// Whose.
    pub hub: HubId,
    /// Its governance key.
    pub key: PublicKey,
    /// Its recovery key, if that changes too.
    pub recovery_key: Option<PublicKey>,
    /// Its delegate's key, if that changes too.
    pub delegate_key: Option<PublicKey>,
}

impl Admission {
    /// The id it gets.
    pub fn hub(&self) -> HubId {
        HubId::of(&self.key)
    }

    pub(super) fn read(of: &mut Fields<'_>) -> Result<Self, Fault> {
        let hub = of.hub("ikpa:hubId")?;
        let admission = Self {
            key: of.key("ikpa:key")?,
            actor: of.text("ikpa:actor")?,
            name: of.text("ikpa:name")?,
            recovery_key: of.key("ikpa:recoveryKey")?,
            legal_ref: of.text("ikpa:legalRef")?,
            sponsors: of.required_as("ikpa:sponsors", |ids| fields::set(ids, fields::hub))?,
            delegate_key: of.optional_as("ikpa:delegateKey", fields::key)?,
            hosted_by: of.optional_as("ikpa:hostedBy", fields::text)?,
            assessment: of.optional_as("ikpa:assessment", fields::hash)?,
        };
        if admission.hub() != hub {
            return Err(Fault::Wrong { field: "ikpa:key" });
        }
        if admission.sponsors.len() < 2 {
            return Err(Fault::Wrong {
                field: "ikpa:sponsors",
            });
        }
        Ok(admission)
    }

    pub(super) fn write(&self) -> Members {
        Members::new()
            .with("ikpa:hubId", self.hub())
            .with("ikpa:key", members::key(&self.key))
            .with("ikpa:actor", self.actor.as_str())
            .with("ikpa:name", self.name.as_str())
            .with("ikpa:recoveryKey", members::key(&self.recovery_key))
            .with("ikpa:legalRef", self.legal_ref.as_str())
            .with_list("ikpa:sponsors", self.sponsors.iter().copied())
            .with_some(
                "ikpa:delegateKey",
                self.delegate_key.as_ref().map(members::key),
            )
            .with_some("ikpa:hostedBy", self.hosted_by.as_deref())
            .with_some("ikpa:assessment", self.assessment)
    }
}

impl NewKeys {
    pub(super) fn read(of: &mut Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            hub: of.hub("ikpa:hubId")?,
            key: of.key("ikpa:key")?,
            recovery_key: of.optional_as("ikpa:recoveryKey", fields::key)?,
            delegate_key: of.optional_as("ikpa:delegateKey", fields::key)?,
        })
    }

    pub(super) fn write(&self) -> Members {
        let optional = |key: &Option<PublicKey>| key.as_ref().map(members::key);
        Members::new()
            .with("ikpa:hubId", self.hub)
            .with("ikpa:key", members::key(&self.key))
            .with_some("ikpa:recoveryKey", optional(&self.recovery_key))
            .with_some("ikpa:delegateKey", optional(&self.delegate_key))
    }
}
