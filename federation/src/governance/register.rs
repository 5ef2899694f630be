//! What a hub says about itself in the register, without a vote: a new key, an absence.

use serde_json::{Map, Value};

use super::error::Fault;
use super::fields::Fields;
use super::hub_id::HubId;
use super::members::{self, Members};
use crate::multikey::PublicKey;

/// Another governance key, proved by the new one and by the old or the recovery key. It binds the
/// polls that list it; a poll under way keeps the key it froze. Source: votes.md 4.3, 6.5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRotation {
    /// Whose.
    pub hub: HubId,
    /// The key that ends.
    pub old: PublicKey,
    /// The key that begins.
    pub new: PublicKey,
}

/// « Nous serons absents », or « nous voilà de retour ». The highest number that a poll lists holds.
/// Source: votes.md 4.3, 6.5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Who.
    pub hub: HubId,
    /// Its number, from 1.
    pub seq: u64,
    /// Away or back.
    pub presence: Presence,
}

/// Whether a hub takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It has no voice until it is back.
    Away,
    /// It takes part.
    Back,
}

impl KeyRotation {
    /// Reads the members of a rotation.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        let rotation = Self {
            hub: fields.hub("ikpa:hub")?,
            old: fields.key("ikpa:old")?,
            new: fields.key("ikpa:new")?,
        };
        if rotation.old == rotation.new {
            return Err(Fault::Wrong { field: "ikpa:new" });
        }
        Ok(rotation)
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        Members::new()
            .with("ikpa:hub", self.hub)
            .with("ikpa:old", members::key(&self.old))
            .with("ikpa:new", members::key(&self.new))
            .into_map()
    }
}

impl Pause {
    /// Reads the members of a pause.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        let pause = Self {
            hub: fields.hub("ikpa:hub")?,
            seq: fields.count("ikpa:seq")?,
            presence: fields.either("ikpa:active", [Presence::Away, Presence::Back])?,
        };
        if pause.seq == 0 {
            return Err(Fault::Wrong { field: "ikpa:seq" });
        }
        Ok(pause)
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        Members::new()
            .with("ikpa:hub", self.hub)
            .with("ikpa:seq", self.seq)
            .with("ikpa:active", self.presence == Presence::Away)
            .into_map()
    }
}
