//! The text that a poll puts to the vote.

use serde_json::Value;

use crate::governance::error::Fault;
use crate::governance::fields::{self, Fields};
use crate::governance::hash::ObjectHash;
use crate::governance::members::Members;

/// The text that is voted on, bound by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollText {
    /// How it is written.
    pub format: TextFormat,
    /// SHA-256 of its UTF-8 bytes.
    pub sha256: ObjectHash,
    /// Where it stands.
    pub source: TextSource,
}

words! {
    /// How a text is written. Source: votes.md 4.4.
    pub enum TextFormat {
        /// As it stands.
        Plain = "text/plain",
        /// Markdown.
        Markdown = "text/markdown",
    }
}

/// Where a text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextSource {
    /// In the poll itself.
    Body(String),
    /// At an address; the hash tells whether it is still the same.
    Link(String),
}

impl PollText {
    /// A text that stands in the poll.
    pub fn body(format: TextFormat, body: &str) -> Self {
        Self {
            format,
            sha256: ObjectHash::of(body.as_bytes()),
            source: TextSource::Body(body.to_owned()),
        }
    }

    pub(super) fn read(value: &Value) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:text", |of| {
            let format = of.required_as("ikpa:format", |word| TextFormat::parse(word.as_str()?))?;
            let sha256 = of.hash("ikpa:sha256")?;
            let body = of.optional_as("ikpa:body", fields::text)?;
            let link = of.optional_as("ikpa:link", fields::text)?;
            let source = match (body, link) {
                (Some(body), None) if ObjectHash::of(body.as_bytes()) == sha256 => {
                    TextSource::Body(body)
                }
                (Some(_), None) => {
                    return Err(Fault::Wrong {
                        field: "ikpa:sha256",
                    });
                }
                (None, Some(link)) => TextSource::Link(link),
                (None, None) => return Err(Fault::Missing { field: "ikpa:body" }),
                (Some(_), Some(_)) => return Err(Fault::Wrong { field: "ikpa:link" }),
            };
            Ok(Self {
                format,
                sha256,
                source,
            })
        })
    }

    pub(super) fn write(&self) -> Members {
        let members = Members::new()
            .with("ikpa:format", self.format.as_str())
            .with("ikpa:sha256", self.sha256);
        match &self.source {
            TextSource::Body(body) => members.with("ikpa:body", body.as_str()),
            TextSource::Link(link) => members.with("ikpa:link", link.as_str()),
        }
    }
}
