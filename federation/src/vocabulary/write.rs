//! Writing: contexts, the frame of an activity, and a builder that leaves absent keys out.

use serde_json::{Map, Value, json};

use super::Recipients;
use super::read::clean_line;
use crate::{Instant, Uri};

/// The ActivityStreams context, always first.
pub const CONTEXT_AS2: &str = "https://www.w3.org/ns/activitystreams";
/// The context of `publicKey`.
pub const CONTEXT_SECURITY: &str = "https://w3id.org/security/v1";
/// The context of `Multikey` (FEP-521a). It does not define `assertionMethod`.
pub const CONTEXT_MULTIKEY: &str = "https://w3id.org/security/multikey/v1";
/// The context of `proof` (FEP-8b32).
pub const CONTEXT_DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v1";
/// What the prefix `ikpa:` stands for: one constant of the network, never dereferenced.
pub const IKPA: &str = "urn:interkpa:ns:";

/// Terms of ValueFlows that stand without prefix in our documents (FEP-0837, FEP-3264).
pub const TERMS_VF: &[&str] = &[
    "Agreement",
    "Commitment",
    "EconomicEvent",
    "Intent",
    "action",
    "availableQuantity",
    "corrects",
    "effortQuantity",
    "fulfills",
    "hasBeginning",
    "hasEnd",
    "hasPointInTime",
    "minimumQuantity",
    "provider",
    "publishes",
    "purpose",
    "receiver",
    "reciprocal",
    "resourceConformsTo",
    "resourceQuantity",
    "satisfies",
    "stipulates",
    "stipulatesReciprocal",
    "unitBased",
];

/// Terms of the Ontology of units of Measure that stand without prefix.
pub const TERMS_OM2: &[&str] = &["hasNumericalValue", "hasUnit"];

/// What every activity carries around its object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Address of the activity, `/activites/<uuid>` (decision 20).
    pub id: Uri,
    /// Who says it.
    pub actor: Uri,
    /// First recipients.
    pub to: Recipients,
    /// Further recipients.
    pub cc: Recipients,
    /// When it is said.
    pub published: Instant,
}

/// Context of a plain activity: AS2 and our prefix.
pub fn context_plain() -> Value {
    json!([CONTEXT_AS2, {"ikpa": IKPA}])
}

/// Context of economic content: AS2, our prefix and the terms of ValueFlows and OM2.
pub fn context_economic() -> Value {
    json!([CONTEXT_AS2, economic_terms()])
}

/// Context of economic content that carries a proof.
pub fn context_economic_proved() -> Value {
    json!([CONTEXT_AS2, CONTEXT_DATA_INTEGRITY, economic_terms()])
}

/// The same document, its context extended by the terms of a proof: after the other documents,
/// before the inline terms (linter `common/01`). Without a context of that form it stays as it is.
#[must_use]
pub fn with_proof_context(mut document: Value) -> Value {
    let context = document
        .get_mut("@context")
        .and_then(|context| context.as_array_mut());
    if let Some(items) = context
        && !items.iter().any(|item| item == CONTEXT_DATA_INTEGRITY)
    {
        let inline = items.iter().position(Value::is_object);
        items.insert(inline.unwrap_or(items.len()), CONTEXT_DATA_INTEGRITY.into());
    }
    document
}

/// Context of an actor document. `assertionMethod` is defined here as `https://www.w3.org/ns/did/v1`
/// defines it: no other document of our list does, and readers of JSON-LD drop what is not defined.
pub fn context_actor() -> Value {
    json!([CONTEXT_AS2, CONTEXT_SECURITY, CONTEXT_MULTIKEY, {
        "ikpa": IKPA,
        "assertionMethod": {
            "@id": "https://w3id.org/security#assertionMethod",
            "@type": "@id",
            "@container": "@set",
        },
        "toot": "http://joinmastodon.org/ns#",
        "schema": "http://schema.org#",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
        "implements": "https://w3id.org/fep/844e#implements",
    }])
}

fn economic_terms() -> Value {
    let mut terms = Map::new();
    let fixed = [
        ("ikpa", IKPA),
        ("vf", "https://w3id.org/valueflows/ont/vf#"),
        (
            "om2",
            "http://www.ontology-of-units-of-measure.org/resource/om-2/",
        ),
        ("Hashtag", "as:Hashtag"),
        ("sensitive", "as:sensitive"),
    ];
    for (term, iri) in fixed {
        terms.insert(term.to_owned(), iri.into());
    }
    for term in TERMS_VF {
        terms.insert((*term).to_owned(), format!("vf:{term}").into());
    }
    for term in TERMS_OM2 {
        terms.insert((*term).to_owned(), format!("om2:{term}").into());
    }
    Value::Object(terms)
}

/// A JSON object under construction: absent values leave no key (linter `common/08`).
#[derive(Debug, Default)]
pub(crate) struct Object(Map<String, Value>);

impl Object {
    pub(crate) fn new(type_name: &str) -> Self {
        Self::default().set("type", type_name)
    }

    #[must_use]
    pub(crate) fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    #[must_use]
    pub(crate) fn uri(self, key: &str, uri: &Uri) -> Self {
        self.set(key, uri.as_str())
    }

    #[must_use]
    pub(crate) fn instant(self, key: &str, instant: Instant) -> Self {
        self.set(key, instant.to_rfc3339())
    }

    #[must_use]
    pub(crate) fn opt<T>(self, key: &str, value: Option<T>) -> Self
    where
        Value: From<T>,
    {
        match value {
            Some(value) => self.set(key, value),
            None => self,
        }
    }

    /// One line of plain text, cleaned as readers clean it; left out when nothing is left.
    #[must_use]
    pub(crate) fn line(self, key: &str, text: Option<&str>) -> Self {
        let line = text.map(clean_line).filter(|line| !line.is_empty());
        self.opt(key, line)
    }

    #[must_use]
    pub(crate) fn opt_uri(self, key: &str, uri: Option<&Uri>) -> Self {
        self.opt(key, uri.map(Uri::as_str))
    }

    #[must_use]
    pub(crate) fn opt_instant(self, key: &str, instant: Option<Instant>) -> Self {
        self.opt(key, instant.map(Instant::to_rfc3339))
    }

    /// An array, left out when it is empty.
    #[must_use]
    pub(crate) fn list<T: Into<Value>>(
        self,
        key: &str,
        items: impl IntoIterator<Item = T>,
    ) -> Self {
        let items: Vec<Value> = items.into_iter().map(Into::into).collect();
        if items.is_empty() {
            self
        } else {
            self.set(key, items)
        }
    }

    /// One value alone as itself, several as an array, none as nothing.
    #[must_use]
    pub(crate) fn one_or_list(self, key: &str, mut items: Vec<Value>) -> Self {
        match items.len() {
            0 => self,
            1 => self.opt(key, items.pop()),
            _ => self.set(key, items),
        }
    }

    #[must_use]
    pub(crate) fn addressed(self, to: &Recipients, cc: &Recipients) -> Self {
        self.opt("to", to.write()).opt("cc", cc.write())
    }

    pub(crate) fn done(self) -> Value {
        Value::Object(self.0)
    }
}

/// An activity around `object`; further keys are added by the caller.
pub(crate) fn activity(
    context: Value,
    type_name: &str,
    envelope: &Envelope,
    object: Value,
) -> Object {
    Object::new(type_name)
        .set("@context", context)
        .uri("id", &envelope.id)
        .uri("actor", &envelope.actor)
        .addressed(&envelope.to, &envelope.cc)
        .instant("published", envelope.published)
        .set("object", object)
}

/// Plain text made safe inside HTML content.
pub fn escape_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
    html
}

/// A line as other servers show it above a text. Some of them take it for HTML: what looks like the
/// beginning of a tag gets a sign that only looks like one; a comparison stays as it is.
pub fn label(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut following = text.chars().skip(1);
    for c in text.chars() {
        let next = following.next();
        let opens = next.is_some_and(|n| n.is_ascii_alphabetic() || matches!(n, '/' | '!' | '?'));
        plain.push(if c == '<' && opens { '‹' } else { c });
    }
    plain
}

/// The first block of a Note's content: its title, cleaned, in bold (federation.md 6.1.3).
pub fn title_block(title: &str) -> String {
    format!(
        "<p><strong>{}</strong></p>",
        escape_html(&clean_line(title))
    )
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_label_holds_no_tag_and_keeps_comparisons() {
        assert_eq!(label("<b>gras</b> <!-- -->"), "‹b>gras‹/b> ‹!-- -->");
        assert_eq!(label("moins de 3 < 5 <3 a<"), "moins de 3 < 5 <3 a<");
    }
}
