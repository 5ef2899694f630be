//! Reading keys of a JSON object: every reader has a limit, and null counts as absent.
//!
//! Two manners: what a meaning needs is read strictly and refused with its key; what only helps
//! the display of other servers' documents is read by a `…_if_good` reader and left out when bad.

use serde_json::{Map, Value};

use super::ParseError;
use crate::{Instant, Uri};

/// Longest one-line text (title, name, place), in bytes.
pub const LINE_BYTES_MAX: usize = 1_000;
/// Longest HTML text (content, summary), in bytes.
pub const HTML_BYTES_MAX: usize = 100_000;
/// Most tags, attachments or profile fields read of one document; the rest is left out.
pub const ITEMS_MAX: usize = 50;

/// A JSON object being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// The object in `value`; an array of one object counts as that object.
    pub(crate) fn of(value: &'a Value, field: &'static str) -> Result<Self, ParseError> {
        match single(value) {
            Value::Object(map) => Ok(Self { map }),
            _ => Err(ParseError::NotAnObject { field }),
        }
    }

    /// The value of a key; null counts as absent.
    pub(crate) fn get(self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// Whether the key stands there, even with null.
    pub(crate) fn has(self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// The first type that `known` understands, or the first at all (GoToSocial reads alike).
    pub(crate) fn type_name(self, known: impl Fn(&str) -> bool) -> Option<&'a str> {
        match self.get("type")? {
            Value::String(name) => Some(name.as_str()),
            Value::Array(names) => {
                let mut names = names.iter().take(ITEMS_MAX).filter_map(Value::as_str);
                let first = names.next()?;
                if known(first) {
                    return Some(first);
                }
                names.find(|name| known(name)).or(Some(first))
            }
            _ => None,
        }
    }

    /// A text of at most `max` bytes.
    fn text(self, key: &'static str, max: usize) -> Result<Option<&'a str>, ParseError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) if text.len() > max => {
                Err(ParseError::TooLong { field: key, max })
            }
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ParseError::Wrong { field: key }),
        }
    }

    /// One line of plain text without control or direction characters (security.md D52, D69).
    pub(crate) fn line(self, key: &'static str) -> Result<Option<String>, ParseError> {
        let text = self.text(key, LINE_BYTES_MAX)?;
        Ok(text.map(clean_line).filter(|line| !line.is_empty()))
    }

    /// One line, or nothing when the value is no text; too long is still refused.
    pub(crate) fn line_if_good(self, key: &'static str) -> Result<Option<String>, ParseError> {
        or_absent(self.line(key))
    }

    /// HTML, as it came; pages sanitise it (security.md D63).
    pub(crate) fn html(self, key: &'static str) -> Result<Option<String>, ParseError> {
        let text = self.text(key, HTML_BYTES_MAX)?;
        Ok(text.filter(|html| !html.is_empty()).map(str::to_owned))
    }

    /// HTML, or nothing when the value is no text; too long is still refused.
    pub(crate) fn html_if_good(self, key: &'static str) -> Result<Option<String>, ParseError> {
        or_absent(self.html(key))
    }

    /// An address given as a string or as an object with `id`.
    pub(crate) fn uri(self, key: &'static str) -> Result<Option<Uri>, ParseError> {
        self.get(key).map(|value| uri_of(value, key)).transpose()
    }

    /// As [`Fields::uri`], and its absence is an error.
    pub(crate) fn uri_needed(self, key: &'static str) -> Result<Uri, ParseError> {
        self.uri(key)?.ok_or(ParseError::Missing { field: key })
    }

    /// An address, or nothing: `url` of other servers may be anything (security.md D65).
    pub(crate) fn uri_if_good(self, key: &'static str) -> Option<Uri> {
        let value = self.get(key)?;
        let first = match value {
            Value::Array(items) => items.first()?,
            one => one,
        };
        let text = first
            .as_str()
            .or_else(|| first.get("href").and_then(Value::as_str))
            .or_else(|| first.get("id").and_then(Value::as_str))?;
        Uri::parse(text).ok()
    }

    /// Addresses in a string or an array, at most `max`; each must be good.
    pub(crate) fn uris(self, key: &'static str, max: usize) -> Result<Vec<Uri>, ParseError> {
        let items = self.items(key);
        if items.len() > max {
            return Err(ParseError::TooMany { field: key, max });
        }
        items.iter().map(|item| uri_of(item, key)).collect()
    }

    /// A point in time in RFC 3339.
    pub(crate) fn instant(self, key: &'static str) -> Result<Option<Instant>, ParseError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Instant::parse_rfc3339(text)
                .map(Some)
                .map_err(|_shape| ParseError::Date { field: key }),
            Some(_) => Err(ParseError::Date { field: key }),
        }
    }

    /// As [`Fields::instant`], and its absence is an error.
    pub(crate) fn instant_needed(self, key: &'static str) -> Result<Instant, ParseError> {
        self.instant(key)?.ok_or(ParseError::Missing { field: key })
    }

    /// A point in time, or nothing.
    pub(crate) fn instant_if_good(self, key: &'static str) -> Option<Instant> {
        self.instant(key).ok().flatten()
    }

    /// A truth value, or nothing.
    pub(crate) fn flag_if_good(self, key: &str) -> Option<bool> {
        self.get(key).and_then(Value::as_bool)
    }

    /// One of our words; an unknown word is an error.
    pub(crate) fn word<T>(
        self,
        key: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ParseError> {
        match self.get(key) {
            None => Ok(None),
            Some(value) => value
                .as_str()
                .and_then(parse)
                .map(Some)
                .ok_or(ParseError::Wrong { field: key }),
        }
    }

    /// As [`Fields::word`], and its absence is an error.
    pub(crate) fn word_needed<T>(
        self,
        key: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ParseError> {
        self.word(key, parse)?
            .ok_or(ParseError::Missing { field: key })
    }

    /// The items of an array, a single value counting as an array of one.
    pub(crate) fn items(self, key: &str) -> &'a [Value] {
        match self.get(key) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(one) => std::slice::from_ref(one),
        }
    }

    /// Short lines in an array, at most `max`.
    pub(crate) fn lines(self, key: &'static str, max: usize) -> Result<Vec<String>, ParseError> {
        let items = self.items(key);
        if items.len() > max {
            return Err(ParseError::TooMany { field: key, max });
        }
        let line = |item: &Value| match item {
            Value::String(text) if text.len() > LINE_BYTES_MAX => Err(ParseError::TooLong {
                field: key,
                max: LINE_BYTES_MAX,
            }),
            Value::String(text) => Ok(clean_line(text)),
            _ => Err(ParseError::Wrong { field: key }),
        };
        items.iter().map(line).collect()
    }
}

/// The value itself, or the only item of an array of one.
pub(crate) fn single(value: &Value) -> &Value {
    match value {
        Value::Array(items) => match items.as_slice() {
            [one] => one,
            _ => value,
        },
        one => one,
    }
}

/// The address in a string, or in the `id` of an object.
pub(crate) fn uri_of(value: &Value, field: &'static str) -> Result<Uri, ParseError> {
    let text = match single(value) {
        Value::String(text) => text,
        Value::Object(map) => match map.get("id") {
            Some(Value::String(text)) => text,
            None | Some(Value::Null) => return Err(ParseError::Missing { field }),
            Some(_) => return Err(ParseError::Wrong { field }),
        },
        _ => return Err(ParseError::Wrong { field }),
    };
    Uri::parse(text).map_err(|source| ParseError::Address { field, source })
}

/// The owner in `attributedTo`: one address, or several of one origin of which the first counts.
///
/// `None` when the key is absent. Null, numbers, empty arrays and owners of two origins are refused
/// (security.md D29); PeerTube's `[Person, Group]` of one server passes.
pub(crate) fn owner(fields: Fields<'_>) -> Result<Option<Uri>, ParseError> {
    if !fields.has("attributedTo") {
        return Ok(None);
    }
    let owners = fields
        .uris("attributedTo", ITEMS_MAX)
        .map_err(|_any| ParseError::AttributedTo)?;
    let first = owners.first().ok_or(ParseError::AttributedTo)?;
    if owners.iter().any(|o| o.origin() != first.origin()) {
        return Err(ParseError::AttributedTo);
    }
    Ok(Some(first.clone()))
}

/// The owner of an object sent by `actor`: one owner on the actor's origin, the actor when absent.
pub(crate) fn owner_or(fields: Fields<'_>, actor: &Uri) -> Result<Uri, ParseError> {
    match owner(fields)? {
        None => Ok(actor.clone()),
        Some(owner) if owner.origin() == actor.origin() => Ok(owner),
        Some(_) => Err(ParseError::AttributedTo),
    }
}

/// Text without control, direction and invisible characters, spaces run together.
pub fn clean_line(text: &str) -> String {
    let visible = text.chars().filter_map(|c| match c {
        '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => None,
        c if c.is_control() || c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}' => Some(' '),
        c => Some(c),
    });
    let mut line = String::with_capacity(text.len());
    for c in visible {
        if c != ' ' || !(line.is_empty() || line.ends_with(' ')) {
            line.push(c);
        }
    }
    line.truncate(line.trim_end_matches(' ').len());
    line
}

/// A value of the wrong shape counts as absent; a value over a limit stays refused.
fn or_absent<T>(read: Result<Option<T>, ParseError>) -> Result<Option<T>, ParseError> {
    match read {
        Err(ParseError::Wrong { .. }) => Ok(None),
        other => other,
    }
}
