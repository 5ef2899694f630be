//! `common_ok`: rules that hold for every document we emit (federation.md 7.1).

use serde_json::Value;

use super::keys::{is_known, is_type, is_type_known};
use super::shape::{Node, addressed, content, nodes, recipients, role, text, type_of};
use super::{Finding, Keys, Report, Role, mandatory, privacy};
use crate::governance::object::Kind;
use crate::multikey::PublicKey;
use crate::proof::{self, Expected};
use crate::vocabulary::write::{
    CONTEXT_AS2, CONTEXT_DATA_INTEGRITY, CONTEXT_MULTIKEY, CONTEXT_SECURITY, IKPA,
};
use crate::{Instant, Uri, jcs};

/// Largest document, in bytes: what Mastodon reads (federation.md 4.1).
const DOCUMENT_BYTES_MAX: usize = 1_048_576;

/// Rules `common/01` to `common/17`.
pub fn common_ok(document: &Value, keys: Keys<'_>) -> Vec<Finding> {
    let mut report = Report::default();
    let nodes = nodes(document);
    contexts(document, &nodes, &mut report);
    for node in &nodes {
        types(node, &mut report);
        ids(node, &mut report);
        vocabulary(node, &mut report);
        emptiness(node, &mut report);
        tags(node, &mut report);
        proofs(node, keys, &mut report);
    }
    size(document, &mut report);
    origins(document, &mut report);
    dates(document, &mut report);
    addresses(document, &nodes, &mut report);
    mandatory::check(document, &mut report);
    privacy::check(document, &nodes, &mut report);
    report.done()
}

fn contexts(document: &Value, nodes: &[Node<'_>], report: &mut Report) {
    let rule = "common/01";
    report.need(document.get("@context").is_some(), rule, "", "no @context");
    let known = [CONTEXT_SECURITY, CONTEXT_MULTIKEY, CONTEXT_DATA_INTEGRITY];
    for node in nodes {
        let Some(context) = node.value.get("@context") else {
            continue;
        };
        let items = context.as_array().map(Vec::as_slice).unwrap_or_default();
        let first = items.first().and_then(Value::as_str);
        report.need(
            first == Some(CONTEXT_AS2),
            rule,
            &node.at,
            "the first context is not ActivityStreams",
        );
        let further = items.iter().skip(1).filter_map(Value::as_str);
        report.need(
            further.into_iter().all(|iri| known.contains(&iri)),
            rule,
            &node.at,
            "a context that readers would have to fetch",
        );
        let inline: Vec<_> = items.iter().filter_map(Value::as_object).collect();
        let ikpa = inline.first().and_then(|map| map.get("ikpa"));
        report.need(
            inline.len() == 1 && ikpa.and_then(Value::as_str) == Some(IKPA),
            rule,
            &node.at,
            "not exactly one inline context that maps ikpa",
        );
    }
}

fn types(node: &Node<'_>, report: &mut Report) {
    let Some(value) = node.value.get("type") else {
        return;
    };
    let Some(name) = value.as_str() else {
        return report.fail("common/02", &node.at, "type is not one string");
    };
    report.need(name != "Question", "common/04", &node.at, "a Question");
    report.need(is_type(name), "common/03", &node.at, "a type nobody reads");
    report.need(
        is_type_known(name, node.context),
        "common/07",
        &node.at,
        "a type without mapping",
    );
}

fn ids(node: &Node<'_>, report: &mut Report) {
    let rule = "common/05";
    let top = node.at.is_empty();
    let name = type_of(node.value);
    if name.starts_with("ikpa:") {
        let absent = node.value.get("id").is_none();
        return report.need(absent, rule, &node.at, "a governance body has an id");
    }
    let Some(id) = node.value.get("id").and_then(Value::as_str) else {
        return report.need(!top, rule, &node.at, "no id");
    };
    match Uri::parse(id) {
        Err(_) => report.fail(rule, &node.at, "id is not an address"),
        Ok(uri) => {
            report.need(is_secure(&uri), rule, &node.at, "id is not https");
            report.need(
                !top || uri.as_url().fragment().is_none(),
                rule,
                &node.at,
                "a document has a fragment as id",
            );
        }
    }
}

/// https, or http on loopback names alone (decision 11).
fn is_secure(uri: &Uri) -> bool {
    let origin = uri.origin();
    let host = origin.host();
    uri.as_url().scheme() == "https" || host == "localhost" || host.ends_with(".localhost")
}

/// Members of governance objects whose own members are data: hubs alone read them, by their bytes
/// (votes.md 4.2).
const DATA_MAPS: [&str; 3] = ["ikpa:amendments", "ikpa:choice", "ikpa:counts"];

fn vocabulary(node: &Node<'_>, report: &mut Report) {
    if node.key.ends_with("Map") || DATA_MAPS.contains(&node.key) {
        return;
    }
    let Some(map) = node.value.as_object() else {
        return;
    };
    for key in map.keys() {
        report.need(
            is_known(key, node.context),
            "common/07",
            &format!("{}/{key}", node.at),
            "a key without meaning in its context",
        );
    }
}

fn emptiness(node: &Node<'_>, report: &mut Report) {
    let empty = match node.value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    report.need(!empty, "common/08", &node.at, "null or empty: leave it out");
}

fn tags(node: &Node<'_>, report: &mut Report) {
    if node.key != "tag" || type_of(node.value) != "Hashtag" {
        return;
    }
    let name = text(node.value, "name").unwrap_or_default();
    let href = text(node.value, "href").and_then(|href| Uri::parse(href).ok());
    report.need(
        name.len() > 1 && name.starts_with('#') && href.is_some(),
        "common/17",
        &node.at,
        "a hashtag needs a name with # and an href",
    );
}

fn proofs(node: &Node<'_>, keys: Keys<'_>, report: &mut Report) {
    if node.value.get("proof").is_none() {
        return;
    }
    let rule = "common/15";
    let kind = Kind::parse(type_of(node.value));
    if kind.is_some_and(Kind::is_signed_by_several) {
        // One proof for each founder, or for two keys: whoever reads the register verifies them.
        return;
    }
    let key = proof::claimed(node.value).ok().and_then(|claimed| {
        let method = claimed.verification_method;
        // Governance names the key itself; whose it is, polls and the register say.
        let own = || PublicKey::from_multibase(method.split_once('#')?.1).ok();
        let key = kind.and_then(|_| own()).or_else(|| keys(method));
        key.map(|key| (method, key))
    });
    let Some((verification_method, key)) = key else {
        return report.fail(rule, &node.at, "no key is published for the proof");
    };
    let expected = Expected {
        verification_method,
        content: jcs::Content::Provable,
    };
    report.need(
        proof::verify(node.value, &key, expected).is_ok(),
        rule,
        &node.at,
        "the proof does not hold",
    );
}

fn size(document: &Value, report: &mut Report) {
    let bytes = document.to_string().len();
    report.need(bytes <= DOCUMENT_BYTES_MAX, "common/09", "", "over 1 MiB");
}

fn origins(document: &Value, report: &mut Report) {
    let kind = type_of(document);
    let own = match role(document) {
        Role::Activity => text(document, "actor"),
        _ => text(document, "id"),
    };
    let Some(own) = own.and_then(|own| Uri::parse(own).ok()) else {
        return;
    };
    let mut claims = vec![(document, "id"), (document, "attributedTo")];
    let owned = match kind {
        "Create" | "Update" | "Delete" | "Offer" => document.get("object"),
        "Accept" => document.get("result"),
        _ => None,
    };
    if let Some(owned) = owned {
        claims.extend([(owned, "id"), (owned, "attributedTo")]);
    }
    for (value, key) in claims {
        let Some(claim) = text(value, key) else {
            continue;
        };
        let same = Uri::parse(claim).is_ok_and(|claim| claim.origin() == own.origin());
        report.need(same, "common/06", key, "on another origin than its author");
    }
}

fn dates(document: &Value, report: &mut Report) {
    let rule = "common/10";
    let instant = |value: &Value, key| {
        text(value, key)
            .filter(|text| text.ends_with('Z'))
            .and_then(|text| Instant::parse_rfc3339(text).ok())
    };
    if role(document) == Role::Activity {
        let dated = instant(document, "published").is_some();
        report.need(dated, rule, "", "an activity without date in UTC");
    }
    for (value, at) in addressed(document) {
        let published = instant(value, "published");
        report.need(published.is_some(), rule, at, "no date in UTC");
        if value.get("updated").is_some() {
            let ordered = instant(value, "updated") >= published;
            report.need(ordered, rule, at, "updated before published");
        }
        let url = text(value, "url").and_then(|url| Uri::parse(url).ok());
        report.need(url.is_some(), rule, at, "no page for people");
        let french = value.get("contentMap").and_then(|map| text(map, "fr"));
        report.need(
            value.get("content").is_none() || french.is_some(),
            rule,
            at,
            "content without contentMap.fr",
        );
    }
}

fn addresses(document: &Value, nodes: &[Node<'_>], report: &mut Report) {
    let rule = "common/11";
    for node in nodes {
        let short = node.value.as_str().is_some_and(|text| {
            matches!(text, "as:Public" | "Public") && matches!(node.key, "to" | "cc" | "audience")
        });
        report.need(!short, rule, &node.at, "Public is not written in full");
    }
    let mut sent: Vec<(&Value, &str)> = Vec::new();
    if role(document) == Role::Activity {
        sent.push((document, ""));
    }
    // Agreements and facts are addressed by the activity around them alone.
    sent.extend(content(document).filter(|(object, _)| {
        matches!(type_of(object), "Note" | "Article" | "Event" | "Document")
    }));
    for (value, at) in sent {
        let somebody = ["to", "cc"].iter().any(|key| value.get(key).is_some());
        report.need(
            somebody && !recipients(value).is_empty(),
            rule,
            at,
            "addressed to nobody",
        );
    }
}
