//! `Announce`: a hub makes something seen, as an id (Mastodon, GoToSocial) and as the whole
//! activity (Lemmy, Mobilizon; FEP-1b12). It gives visibility, never authority.

use serde_json::Value;

use super::error::ParseError;
use super::read::{Fields, single, uri_of};
use super::write::{Envelope, activity, context_plain};
use crate::Uri;
use crate::trust::Trust;

/// What is announced. What is embedded is only a hint: it is authenticated on its own, by its
/// proof or by fetching it from its origin (federation.md 3.3.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Address of the announced object or activity.
    pub announced: Uri,
    /// Address of the object inside an announced activity.
    pub object: Option<Uri>,
    /// What was embedded, as it came.
    pub embedded: Option<Box<Value>>,
}

impl Announcement {
    pub(crate) fn read(fields: Fields<'_>) -> Result<Self, ParseError> {
        let field = "object";
        let value = single(fields.get(field).ok_or(ParseError::Missing { field })?);
        let inner = value.get("object").filter(|inner| !inner.is_null());
        Ok(Self {
            announced: uri_of(value, field)?,
            object: inner.and_then(|inner| uri_of(inner, field).ok()),
            embedded: value.is_object().then(|| Box::new(value.clone())),
        })
    }

    /// Announcements of public things are open to all who are heard.
    pub const fn trust_min(&self) -> Trust {
        Trust::Guest
    }
}

/// `Announce{id}`.
pub fn announce_id(envelope: &Envelope, object: &Uri) -> Value {
    activity(
        context_plain(),
        "Announce",
        envelope,
        object.as_str().into(),
    )
    .done()
}

/// `Announce{activity}`, the inner activity verbatim.
pub fn announce_activity(envelope: &Envelope, inner: Value) -> Value {
    activity(context_plain(), "Announce", envelope, inner).done()
}
