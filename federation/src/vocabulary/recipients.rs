//! Whom a document is addressed to.

use serde_json::Value;

use super::ParseError;
use crate::Uri;

/// The address that means everybody; always written in full (linter `common/11`).
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Most recipients read in one of `to`, `cc`.
pub const RECIPIENTS_MAX: usize = 1_000;

/// The value of `to`, `cc` or `audience`: everybody or not, and named actors or collections.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recipients {
    /// Whether everybody is addressed (`Public` in any of its three spellings).
    pub public: bool,
    /// The actors and collections named, in order, without repetition.
    pub uris: Vec<Uri>,
}

impl Recipients {
    /// Nobody.
    pub const NOBODY: Self = Self {
        public: false,
        uris: Vec::new(),
    };

    /// Everybody, and nobody by name.
    pub const fn everybody() -> Self {
        Self {
            public: true,
            uris: Vec::new(),
        }
    }

    /// The named actors alone.
    pub fn only(uris: impl IntoIterator<Item = Uri>) -> Self {
        Self {
            public: false,
            uris: uris.into_iter().collect(),
        }
    }

    /// Whether nobody is addressed.
    pub fn is_empty(&self) -> bool {
        !self.public && self.uris.is_empty()
    }

    /// Whether this actor or collection is named.
    pub fn names(&self, uri: &Uri) -> bool {
        self.uris.contains(uri)
    }

    /// Reads a string, an object with `id`, or an array of them; what is no address is left out,
    /// because other servers put all kinds of things there and none of them gives a right.
    pub(crate) fn read(value: Option<&Value>, field: &'static str) -> Result<Self, ParseError> {
        let mut found = Self::default();
        let items = match value {
            None | Some(Value::Null) => return Ok(found),
            Some(Value::Array(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        if items.len() > RECIPIENTS_MAX {
            return Err(ParseError::TooMany {
                field,
                max: RECIPIENTS_MAX,
            });
        }
        for item in items {
            let text = item
                .as_str()
                .or_else(|| item.get("id").and_then(Value::as_str));
            let Some(text) = text else { continue };
            if matches!(text, PUBLIC | "as:Public" | "Public") {
                found.public = true;
            } else if let Ok(uri) = Uri::parse(text)
                && !found.uris.contains(&uri)
            {
                found.uris.push(uri);
            }
        }
        Ok(found)
    }

    /// An array of addresses, `Public` first; `None` when nobody is addressed.
    pub(crate) fn write(&self) -> Option<Value> {
        if self.is_empty() {
            return None;
        }
        let public = self.public.then_some(PUBLIC);
        Some(
            public
                .into_iter()
                .chain(self.uris.iter().map(Uri::as_str))
                .map(Value::from)
                .collect(),
        )
    }
}
