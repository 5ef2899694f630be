//! Rule `common/16`: what a kind cannot do without (federation.md 6.2).

use serde_json::Value;

use super::shape::{addressed, role, text, type_of};
use super::{Report, Role};

/// Keys a kind cannot do without (federation.md 6.2).
const MANDATORY: &[(&str, &[&str])] = &[
    (
        "offer",
        &[
            "purpose",
            "publishes",
            "unitBased",
            "name",
            "content",
            "audience",
            "ikpa:terms",
        ],
    ),
    (
        "need",
        &[
            "purpose",
            "publishes",
            "unitBased",
            "name",
            "content",
            "audience",
            "ikpa:terms",
        ],
    ),
    ("contest", &["context", "content"]),
    ("cancellation", &["context"]),
    ("resolution", &["context", "ikpa:outcome"]),
    ("message", &["context", "content"]),
    ("contact", &["context", "name"]),
    (
        "recognition",
        &[
            "inReplyTo",
            "ikpa:recognizes",
            "ikpa:relation",
            "ikpa:date",
            "proof",
        ],
    ),
    (
        "plan",
        &["name", "summary", "content", "spdx:license", "ikpa:version"],
    ),
    ("competence", &["ikpa:skill"]),
    ("charter", &["ikpa:version", "ikpa:digest"]),
    ("amendment", &["target"]),
    (
        "hub",
        &[
            "preferredUsername",
            "outbox",
            "followers",
            "publicKey",
            "assertionMethod",
        ],
    ),
];

pub(super) fn check(document: &Value, report: &mut Report) {
    let rule = "common/16";
    let mut bodies = addressed(document);
    if role(document) == Role::Actor {
        bodies.push((document, ""));
    }
    if type_of(document) == "Offer"
        && let Some(object) = document.get("object")
    {
        bodies.push((object, "/object"));
    }
    for (value, at) in bodies {
        let kind = text(value, "ikpa:kind").unwrap_or_default();
        let by_type: &[&str] = match type_of(value) {
            "EconomicEvent" => &[
                "context",
                "action",
                "provider",
                "receiver",
                "hasPointInTime",
                "proof",
            ],
            "Agreement" => &["stipulates", "context"],
            _ => &[],
        };
        let by_kind = MANDATORY.iter().find(|(name, _)| *name == kind);
        let needed = by_kind.map(|(_, keys)| *keys).unwrap_or_default();
        for key in needed.iter().chain(by_type) {
            let there = value.get(key).is_some();
            report.need(there, rule, at, "a mandatory key of the kind is missing");
        }
    }
}
