//! Strict reading of one JSON object: every member is asked for, and none may be left over.
//!
//! An absent optional member is left out, never null, `false` or empty. Source: votes.md 4.2.

use serde_json::{Map, Value};

use super::error::Fault;
use super::hash::ObjectHash;
use super::hub_id::HubId;
use crate::multikey::PublicKey;
use crate::{Instant, Span};

/// A JSON object being read.
pub(crate) struct Fields<'a> {
    map: &'a Map<String, Value>,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The object that stands in `value`.
    pub(crate) fn of(value: &'a Value, field: &'static str) -> Result<Self, Fault> {
        let map = value.as_object().ok_or(Fault::Wrong { field })?;
        Ok(Self::of_map(map))
    }

    /// The members of `map`.
    pub(crate) fn of_map(map: &'a Map<String, Value>) -> Self {
        Self {
            map,
            asked: Vec::with_capacity(map.len()),
        }
    }

    /// Reads one object wholly: `read` asks for its members, and any other is refused.
    pub(crate) fn whole<T>(
        value: &'a Value,
        field: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut fields = Self::of(value, field)?;
        let found = read(&mut fields)?;
        fields.finish()?;
        Ok(found)
    }

    /// Refuses members that were not asked for.
    pub(crate) fn finish(self) -> Result<(), Fault> {
        let unknown = |name: &&String| !self.asked.contains(&name.as_str());
        match self.map.keys().find(unknown) {
            Some(name) => Err(Fault::Unknown {
                field: name.clone(),
            }),
            None => Ok(()),
        }
    }

    /// A member that may be absent.
    pub(crate) fn optional(&mut self, field: &'static str) -> Option<&'a Value> {
        self.asked.push(field);
        self.map.get(field)
    }

    /// A member that must be there.
    pub(crate) fn required(&mut self, field: &'static str) -> Result<&'a Value, Fault> {
        self.optional(field).ok_or(Fault::Missing { field })
    }

    /// A member that may be absent, understood by `read`; what it does not understand is wrong.
    pub(crate) fn optional_as<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        self.optional(field)
            .map(|value| read(value).ok_or(Fault::Wrong { field }))
            .transpose()
    }

    /// A member that must be there, understood by `read`.
    pub(crate) fn required_as<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<T, Fault> {
        self.optional_as(field, read)?
            .ok_or(Fault::Missing { field })
    }

    /// A text.
    pub(crate) fn text(&mut self, field: &'static str) -> Result<String, Fault> {
        self.required_as(field, text)
    }

    /// A hash.
    pub(crate) fn hash(&mut self, field: &'static str) -> Result<ObjectHash, Fault> {
        self.required_as(field, hash)
    }

    /// A hub id.
    pub(crate) fn hub(&mut self, field: &'static str) -> Result<HubId, Fault> {
        self.required_as(field, hub)
    }

    /// A public key.
    pub(crate) fn key(&mut self, field: &'static str) -> Result<PublicKey, Fault> {
        self.required_as(field, key)
    }

    /// A point in time.
    pub(crate) fn time(&mut self, field: &'static str) -> Result<Instant, Fault> {
        self.required_as(field, time)
    }

    /// A length of time in seconds, 0 or more.
    pub(crate) fn seconds(&mut self, field: &'static str) -> Result<Span, Fault> {
        let seconds = self.required_as(field, Value::as_i64)?;
        if seconds < 0 {
            return Err(Fault::Wrong { field });
        }
        Ok(Span::seconds(seconds))
    }

    /// A number, 0 or more.
    pub(crate) fn count(&mut self, field: &'static str) -> Result<u64, Fault> {
        self.required_as(field, Value::as_u64)
    }

    /// A boolean, as the meaning it has: the first for `true`.
    pub(crate) fn either<T>(&mut self, field: &'static str, meanings: [T; 2]) -> Result<T, Fault> {
        let [yes, no] = meanings;
        let truth = self.required_as(field, Value::as_bool)?;
        Ok(if truth { yes } else { no })
    }

    /// The items of an array, each understood by `read`.
    pub(crate) fn list<T>(
        &mut self,
        field: &'static str,
        read: impl FnMut(&'a Value) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let items = self.required_as(field, Value::as_array)?;
        items.iter().map(read).collect()
    }

    /// A set of hashes: sorted, without duplicates.
    pub(crate) fn hashes(&mut self, field: &'static str) -> Result<Vec<ObjectHash>, Fault> {
        self.required_as(field, |value| set(value, hash))
    }
}

/// A text.
pub(crate) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A hash.
pub(crate) fn hash(value: &Value) -> Option<ObjectHash> {
    ObjectHash::parse(value.as_str()?)
}

/// A hub id.
pub(crate) fn hub(value: &Value) -> Option<HubId> {
    HubId::parse(value.as_str()?).ok()
}

/// A public key.
pub(crate) fn key(value: &Value) -> Option<PublicKey> {
    PublicKey::from_multibase(value.as_str()?).ok()
}

/// A point in time as signed text writes it: `YYYY-MM-DDThh:mm:ssZ` and a real one.
pub(crate) fn time(value: &Value) -> Option<Instant> {
    let text = value.as_str()?;
    let instant = Instant::parse_rfc3339(text).ok()?;
    let whole = text.len() == 20 && instant.to_rfc3339() == text;
    whole.then_some(instant)
}

/// A set: its items sorted, without duplicates.
pub(crate) fn set<T: Ord>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    let items: Vec<T> = value.as_array()?.iter().map(read).collect::<Option<_>>()?;
    is_set(&items).then_some(items)
}

/// Whether the items are sorted and none stands twice.
pub(crate) fn is_set<T: Ord>(items: &[T]) -> bool {
    items.is_sorted_by(|one, next| one < next)
}
