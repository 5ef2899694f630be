//! Reading JSON that a stranger wrote.
//!
//! One reader for everything that arrives: activities, actors, proved documents. It refuses what
//! two programs could read in two ways (duplicate member names, lone surrogates, invalid UTF-8) and
//! what costs more than it is worth (depth, number of values). Not here: what the members mean.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// What one document may cost. Source: security.md D52, D53.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonLimits {
    /// Longest document, in bytes.
    pub bytes_max: usize,
    /// Deepest nesting of arrays and objects; the outermost one counts as 1.
    pub depth_max: usize,
    /// Most values in all: every member, item, array and object counts as one.
    pub values_max: usize,
    /// Longest member name, in bytes.
    pub name_bytes_max: usize,
}

impl JsonLimits {
    /// What the inbox and every fetched document are read with: 1 MiB, 64 levels, 20 000 values.
    pub const DOCUMENT: Self = Self {
        bytes_max: 1_048_576,
        depth_max: 64,
        values_max: 20_000,
        name_bytes_max: 2_048,
    };
}

impl Default for JsonLimits {
    fn default() -> Self {
        Self::DOCUMENT
    }
}

/// Why a document is not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// It is longer than [`JsonLimits::bytes_max`].
    #[error("document of {bytes} bytes is longer than {bytes_max}")]
    TooLong {
        /// Length received, in bytes.
        bytes: usize,
        /// Length allowed, in bytes.
        bytes_max: usize,
    },
    /// It nests deeper than [`JsonLimits::depth_max`].
    #[error("document nests deeper than {depth_max} levels")]
    TooDeep {
        /// Levels allowed.
        depth_max: usize,
    },
    /// It holds more values than [`JsonLimits::values_max`].
    #[error("document holds more than {values_max} values")]
    TooManyValues {
        /// Values allowed.
        values_max: usize,
    },
    /// A member name is longer than [`JsonLimits::name_bytes_max`].
    #[error("member name longer than {name_bytes_max} bytes")]
    NameTooLong {
        /// Bytes allowed.
        name_bytes_max: usize,
    },
    /// One object names a member twice: readers would disagree about which one counts.
    #[error("member {name:?} appears twice in one object")]
    DuplicateMember {
        /// The repeated name.
        name: String,
    },
    /// A text or a member name holds U+0000, which PostgreSQL cannot store.
    #[error("text holds the character U+0000")]
    Nul,
    /// It is not JSON in UTF-8 without a byte order mark: cut short, trailing bytes, a lone
    /// surrogate, a number beyond the range of a double.
    #[error("not a JSON document (line {line}, column {column})")]
    Syntax {
        /// Line where reading stopped, from 1.
        line: usize,
        /// Column where reading stopped.
        column: usize,
    },
}

impl JsonError {
    /// The stable code of the refusal (security.md §8.1): one for all of them.
    pub const fn code(&self) -> &'static str {
        "bad_json"
    }
}

/// Reads one document and nothing after it.
///
/// Numbers keep the meaning `serde_json` gives them: integers of 64 bits exactly, everything else
/// as a double. Whether a field takes a number, and which, is the vocabulary's rule.
///
/// # Errors
/// [`JsonError`] names the first rule broken. No input panics.
pub fn strict_json(bytes: &[u8], limits: JsonLimits) -> Result<Value, JsonError> {
    if bytes.len() > limits.bytes_max {
        return Err(JsonError::TooLong {
            bytes: bytes.len(),
            bytes_max: limits.bytes_max,
        });
    }
    let reading = Reading {
        limits,
        values: Cell::new(0),
        refusal: RefCell::new(None),
    };
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let seed = Node {
        reading: &reading,
        depth: 0,
    };
    let read = seed.deserialize(&mut deserializer);
    read.and_then(|value| deserializer.end().map(|()| value))
        .map_err(|source| {
            reading.refusal.take().unwrap_or(JsonError::Syntax {
                line: source.line(),
                column: source.column(),
            })
        })
}

/// What is shared by all levels of one document.
struct Reading {
    limits: JsonLimits,
    values: Cell<usize>,
    /// Our reason, kept apart because the deserializer's error only carries text.
    refusal: RefCell<Option<JsonError>>,
}

impl Reading {
    fn refuse<E: serde::de::Error>(&self, refusal: JsonError) -> E {
        let error = E::custom("refused");
        self.refusal.borrow_mut().get_or_insert(refusal);
        error
    }

    fn count<E: serde::de::Error>(&self) -> Result<(), E> {
        let values = self.values.get() + 1;
        self.values.set(values);
        if values > self.limits.values_max {
            return Err(self.refuse(JsonError::TooManyValues {
                values_max: self.limits.values_max,
            }));
        }
        Ok(())
    }

    fn text<E: serde::de::Error>(&self, text: String) -> Result<String, E> {
        if text.contains('\0') {
            return Err(self.refuse(JsonError::Nul));
        }
        Ok(text)
    }
}

/// One value at one depth.
struct Node<'r> {
    reading: &'r Reading,
    depth: usize,
}

impl Node<'_> {
    fn inside<E: serde::de::Error>(&self) -> Result<Node<'_>, E> {
        let depth = self.depth + 1;
        if depth > self.reading.limits.depth_max {
            return Err(self.reading.refuse(JsonError::TooDeep {
                depth_max: self.reading.limits.depth_max,
            }));
        }
        Ok(Node {
            reading: self.reading,
            depth,
        })
    }

    fn again(&self) -> Node<'_> {
        Node {
            reading: self.reading,
            depth: self.depth,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.reading.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number is not finite"))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        self.reading.text(value).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut read = Vec::new();
        while let Some(item) = items.next_element_seed(inside.again())? {
            read.push(item);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut read = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let name_bytes_max = self.reading.limits.name_bytes_max;
            if name.len() > name_bytes_max {
                return Err(self
                    .reading
                    .refuse(JsonError::NameTooLong { name_bytes_max }));
            }
            let name = self.reading.text(name)?;
            if read.contains_key(&name) {
                return Err(self.reading.refuse(JsonError::DuplicateMember { name }));
            }
            let value = members.next_value_seed(inside.again())?;
            read.insert(name, value);
        }
        Ok(Value::Object(read))
    }
}

#[cfg(test)]
mod tests;
