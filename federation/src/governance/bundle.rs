//! A bundle: one file with the certificate of a poll and everything needed to recount it.
//!
//! Whoever holds it is done, even if all hubs are gone. Not here: what it proves, see
//! [`super::verify`]. Source: votes.md 4.10.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::content::{canonical_bytes, check_texts};
use super::error::{Fault, ObjectError};
use super::fields::Fields;
use super::hash::ObjectHash;
use super::members::Members;
use super::object::{Kind, Object};
use crate::json::{JsonLimits, strict_json};

/// What a bundle may cost to read: 64 MiB, 5 000 000 values.
pub const LIMITS: JsonLimits = JsonLimits {
    bytes_max: 64 * 1_048_576,
    depth_max: 32,
    values_max: 5_000_000,
    name_bytes_max: 128,
};

/// The one version there is.
const UKV: u64 = 1;

/// A bundle whose objects are all of good form.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The poll that it is about.
    pub poll: ObjectHash,
    /// Its objects by name; copies of one that differ in their proofs are all there.
    objects: BTreeMap<ObjectHash, Vec<Arc<Object>>>,
}

/// Why a file is no bundle, or holds an object that nobody could have meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// It is not `{"ukv": 1, "poll": …, "objects": […]}` in allowed JSON.
    #[error("not a bundle: {0}")]
    Form(#[from] Fault),
    /// An object is not of the form of its type.
    #[error(transparent)]
    Object(#[from] ObjectError),
}

impl BundleError {
    /// The stable code of the refusal.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Form(Fault::Json(_)) => "bad_json",
            Self::Form(_) => "bundle_invalid",
            Self::Object(error) => error.code(),
        }
    }
}

impl Bundle {
    /// Reads a bundle, in any order and with any copies. Types that prove nothing are passed over.
    ///
    /// # Errors
    /// [`BundleError`] names the first rule broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        let value = strict_json(bytes, LIMITS).map_err(Fault::from)?;
        check_texts(&value, "")?;
        canonical_bytes(&value)?;
        let mut fields = Fields::of(&value, "objects")?;
        fields.required_as("ukv", |version| (version.as_u64()? == UKV).then_some(()))?;
        let poll = fields.hash("poll")?;
        let items = fields.required_as("objects", Value::as_array)?;
        fields.finish()?;
        let mut objects: BTreeMap<ObjectHash, Vec<Arc<Object>>> = BTreeMap::new();
        for item in items {
            if !item.is_object() {
                return Err(Fault::Wrong { field: "objects" }.into());
            }
            if proves(item) {
                let object = Object::from_json(item.clone())?;
                let copies = objects.entry(object.hash()).or_default();
                if !copies.iter().any(|copy| **copy == object) {
                    copies.push(Arc::new(object));
                }
            }
        }
        Ok(Self { poll, objects })
    }

    /// The bundle of a poll as it is written: sorted by hash, each object once.
    pub fn write<'o>(poll: ObjectHash, objects: impl IntoIterator<Item = &'o Object>) -> Value {
        let sorted: BTreeMap<ObjectHash, &Object> = objects
            .into_iter()
            .map(|object| (object.hash(), object))
            .collect();
        let originals = sorted.into_values().map(|object| object.original().clone());
        Members::new()
            .with("ukv", UKV)
            .with("poll", poll)
            .with_list("objects", originals)
            .into()
    }

    /// An object of that name.
    pub fn get(&self, hash: ObjectHash) -> Option<&Arc<Object>> {
        self.objects.get(&hash)?.first()
    }

    /// Every object and every copy.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.values().flatten()
    }
}

/// Whether the type of an object is one that a bundle is judged by.
fn proves(item: &Value) -> bool {
    let kind = item.get("type").and_then(Value::as_str);
    kind.and_then(Kind::parse)
        .is_some_and(|kind| !matches!(kind, Kind::Digest | Kind::Dispute))
}
