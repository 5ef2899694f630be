//! What hubs say to each other once the seals are there: propose, reread, sign.

use serde_json::{Map, Value};

use super::error::Fault;
use super::fields::{self, Fields};
use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::members::Members;

/// The clerk of a round proposes a value. Source: votes.md 4.3, 4.9.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minutes {
    /// The clerk.
    pub hub: HubId,
    /// Of which poll.
    pub poll: ObjectHash,
    /// In which round, from 0.
    pub round: u64,
    /// The value proposed.
    pub value: ObjectHash,
    /// Why hubs that are locked on another value may follow.
    pub valid: Option<Valid>,
}

/// An earlier round in which enough hubs reread the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valid {
    /// That round; before the round of the minutes.
    pub round: u64,
    /// The rereads, a set.
    pub rereads: Vec<ObjectHash>,
}

/// « J'ai relu et recompté » the value of this round, or nil: nothing acceptable came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reread {
    /// Who.
    pub hub: HubId,
    /// Of which poll.
    pub poll: ObjectHash,
    /// In which round.
    pub round: u64,
    /// The value, or nil.
    pub value: Option<ObjectHash>,
    /// The last earlier round known to have enough rereads of the value: what makes a change of lock
    /// legitimate, and the lack of one a proof of fault (S11).
    pub pol_round: Option<u64>,
}

/// A signature over the value of this round, or nil. A signature is a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// Who.
    pub hub: HubId,
    /// Of which poll.
    pub poll: ObjectHash,
    /// In which round.
    pub round: u64,
    /// The value, or nil.
    pub value: Option<ObjectHash>,
}

const NIL: &str = "nil";

impl Minutes {
    /// Reads the members of minutes.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        let round = fields.count("ikpa:round")?;
        Ok(Self {
            hub: fields.hub("ikpa:hub")?,
            poll: fields.hash("ikpa:poll")?,
            round,
            value: fields.hash("ikpa:value")?,
            valid: Valid::read(fields, round)?,
        })
    }

    /// Their members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        let members = Members::new()
            .with("ikpa:hub", self.hub)
            .with("ikpa:poll", self.poll)
            .with("ikpa:round", self.round)
            .with("ikpa:value", self.value);
        match &self.valid {
            Some(valid) => members
                .with("ikpa:validRound", valid.round)
                .with_list("ikpa:validBy", valid.rereads.iter().copied()),
            None => members,
        }
        .into_map()
    }
}

impl Valid {
    /// Both members or neither, and a round that is over.
    fn read(fields: &mut Fields<'_>, round: u64) -> Result<Option<Self>, Fault> {
        let valid_round = fields.optional_as("ikpa:validRound", Value::as_u64)?;
        let rereads = fields.optional_as("ikpa:validBy", |set| fields::set(set, fields::hash))?;
        match (valid_round, rereads) {
            (None, None) => Ok(None),
            (Some(valid_round), Some(rereads)) if valid_round < round && !rereads.is_empty() => {
                Ok(Some(Self {
                    round: valid_round,
                    rereads,
                }))
            }
            _ => Err(Fault::Wrong {
                field: "ikpa:validRound",
            }),
        }
    }
}

impl Reread {
    /// Reads the members of a reread.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        let reread = Self {
            hub: fields.hub("ikpa:hub")?,
            poll: fields.hash("ikpa:poll")?,
            round: fields.count("ikpa:round")?,
            value: value_or_nil(fields)?,
            pol_round: fields.optional_as("ikpa:polRound", Value::as_u64)?,
        };
        let fits = match reread.pol_round {
            Some(pol_round) => pol_round < reread.round && reread.value.is_some(),
            None => true,
        };
        fits.then_some(reread).ok_or(Fault::Wrong {
            field: "ikpa:polRound",
        })
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        Members::new()
            .with("ikpa:hub", self.hub)
            .with("ikpa:poll", self.poll)
            .with("ikpa:round", self.round)
            .with("ikpa:valueHash", written(self.value))
            .with_some("ikpa:polRound", self.pol_round)
            .into_map()
    }
}

impl Sign {
    /// Reads the members of a signature.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            hub: fields.hub("ikpa:hub")?,
            poll: fields.hash("ikpa:poll")?,
            round: fields.count("ikpa:round")?,
            value: value_or_nil(fields)?,
        })
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        Members::new()
            .with("ikpa:hub", self.hub)
            .with("ikpa:poll", self.poll)
            .with("ikpa:round", self.round)
            .with("ikpa:valueHash", written(self.value))
            .into_map()
    }
}

fn value_or_nil(fields: &mut Fields<'_>) -> Result<Option<ObjectHash>, Fault> {
    const FIELD: &str = "ikpa:valueHash";
    match fields.required_as(FIELD, Value::as_str)? {
        NIL => Ok(None),
        text => ObjectHash::parse(text)
            .map(Some)
            .ok_or(Fault::Wrong { field: FIELD }),
    }
}

fn written(value: Option<ObjectHash>) -> Value {
    value.map_or_else(|| Value::from(NIL), Value::from)
}
