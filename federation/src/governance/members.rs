//! Writing one JSON object, member by member: the reverse of reading it strictly.

use serde_json::{Map, Value};

use super::hash::ObjectHash;
use super::hub_id::HubId;
use crate::Instant;
use crate::multikey::PublicKey;

/// A JSON object being written; absent options leave no trace.
#[derive(Default)]
pub(crate) struct Members(Map<String, Value>);

impl Members {
    /// No member yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// With one member more.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// With one member more, if there is a value.
    pub(crate) fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With one member more, a list.
    pub(crate) fn with_list<T: Into<Value>>(
        self,
        name: &str,
        items: impl IntoIterator<Item = T>,
    ) -> Self {
        let items: Vec<Value> = items.into_iter().map(Into::into).collect();
        self.with(name, items)
    }

    /// The members.
    pub(crate) fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

impl From<Members> for Value {
    fn from(members: Members) -> Self {
        Self::Object(members.0)
    }
}

impl From<ObjectHash> for Value {
    fn from(hash: ObjectHash) -> Self {
        Self::String(hash.to_string())
    }
}

impl From<HubId> for Value {
    fn from(hub: HubId) -> Self {
        Self::String(hub.to_string())
    }
}

/// A key as its text.
pub(crate) fn key(key: &PublicKey) -> Value {
    Value::String(key.to_multibase())
}

/// A point in time in whole seconds, as signed text writes it.
pub(crate) fn time(instant: Instant) -> Value {
    Value::String(Instant::from_seconds(instant.as_seconds()).to_rfc3339())
}
