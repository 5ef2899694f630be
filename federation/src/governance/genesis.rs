//! Where a network begins: its founders and first rules, signed by all of them.

use serde_json::{Map, Value};

use super::error::Fault;
use super::fields::{self, Fields};
use super::hub_id::HubId;
use super::members::{self, Members};
use super::rules::Rules;
use crate::Instant;
use crate::multikey::PublicKey;

/// The genesis of a network. Its hash is printed on paper and typed at installation: the one thing
/// that is trusted because people met. Source: votes.md 4.3, 6.5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genesis {
    /// The name of the network.
    pub network: String,
    /// When the founders met.
    pub held_at: Instant,
    /// The founders, by hub id.
    pub founders: Vec<Founder>,
    /// The first rules.
    pub rules: Rules,
}

/// A hub that was there. Its id is its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founder {
    /// Its first governance key, which names it for ever.
    pub key: PublicKey,
    /// Where it is, for delivery only.
    pub actor: String,
    /// What people call it.
    pub name: String,
    /// The key kept on paper.
    pub recovery_key: PublicKey,
    /// The delegate's own key.
    pub delegate_key: Option<PublicKey>,
    /// Who runs its machine, when it is not itself.
    pub hosted_by: Option<String>,
}

impl Genesis {
    /// Reads the members of a genesis.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        let genesis = Self {
            network: fields.text("ikpa:network")?,
            held_at: fields.time("ikpa:heldAt")?,
            founders: fields.list("ikpa:founders", Founder::read)?,
            rules: Rules::read(fields.required("ikpa:rules")?)?,
        };
        let hubs: Vec<HubId> = genesis.founders.iter().map(Founder::hub).collect();
        if hubs.is_empty() || !fields::is_set(&hubs) {
            return Err(Fault::Wrong {
                field: "ikpa:founders",
            });
        }
        Ok(genesis)
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        Members::new()
            .with("ikpa:network", self.network.as_str())
            .with("ikpa:heldAt", members::time(self.held_at))
            .with_list("ikpa:founders", self.founders.iter().map(Founder::write))
            .with("ikpa:rules", self.rules.write())
            .into_map()
    }
}

impl Founder {
    /// The id it has for ever.
    pub fn hub(&self) -> HubId {
        HubId::of(&self.key)
    }

    /// Reads one founder, as it stands in a genesis.
    ///
    /// # Errors
    /// [`Fault`] names the first rule broken.
    pub fn read(value: &Value) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:founders", |of| {
            let hub = of.hub("ikpa:hubId")?;
            let founder = Self {
                key: of.key("ikpa:key")?,
                actor: of.text("ikpa:actor")?,
                name: of.text("ikpa:name")?,
                recovery_key: of.key("ikpa:recoveryKey")?,
                delegate_key: of.optional_as("ikpa:delegateKey", fields::key)?,
                hosted_by: of.optional_as("ikpa:hostedBy", fields::text)?,
            };
            if founder.hub() != hub {
                return Err(Fault::Wrong { field: "ikpa:key" });
            }
            Ok(founder)
        })
    }

    /// As it stands in a genesis, as JSON: what a hub brings to the meeting.
    pub fn to_json(&self) -> Value {
        self.write().into()
    }

    fn write(&self) -> Members {
        Members::new()
            .with("ikpa:hubId", self.hub())
            .with("ikpa:key", members::key(&self.key))
            .with("ikpa:actor", self.actor.as_str())
            .with("ikpa:name", self.name.as_str())
            .with("ikpa:recoveryKey", members::key(&self.recovery_key))
            .with_some(
                "ikpa:delegateKey",
                self.delegate_key.as_ref().map(members::key),
            )
            .with_some("ikpa:hostedBy", self.hosted_by.as_deref())
    }
}
