//! RFC 9421, HTTP Message Signatures: one label, no component parameters, the target always covered.

use super::digest::{self, Required};
use super::headers::Headers;
use super::structured::{self, Bare, LabelledList, NotStructured};
use super::{
    AlgorithmHint, Claim, DATE_WINDOW, Method, Request, SIGNATURE_HEADER_BYTES_MAX, SignatureError,
    SignatureScheme, check_signature_length, read_key_id, time,
};
use crate::{Instant, Origin};

/// The name of RSASSA-PKCS1-v1_5 with SHA-256 in the registry of RFC 9421.
pub(super) const RSA_SHA256: &str = "rsa-v1_5-sha256";

pub(super) fn claim(
    request: &Request<'_>,
    headers: &Headers<'_>,
    input: &str,
    signature_header: &str,
    now: Instant,
) -> Result<Claim, SignatureError> {
    let list = read_input(input)?;
    let signature = read_signature(signature_header, list.label)?;
    let key_id = match list.parameter("keyid") {
        Some(Bare::String(text)) => read_key_id(text)?,
        _ => return Err(malformed("keyid")),
    };
    let algorithm = read_algorithm(list.parameter("alg"))?;
    check_covered(request, &list)?;
    check_times(&list, headers, now)?;
    digest::check(request, headers, Required::ContentDigest)?;
    let target = Target {
        method: request.method,
        path_and_query: request.target,
        own: request.own,
    };
    Ok(Claim {
        key_id,
        scheme: SignatureScheme::Rfc9421,
        algorithm,
        signed_text: base(&list, &target, headers)?.into_bytes(),
        signed_text_without_query: None,
        signature: check_signature_length(signature)?,
    })
}

/// What the derived components are derived from. The authority and scheme are ours: the host was
/// compared before.
pub(super) struct Target<'a> {
    pub(super) method: Method,
    pub(super) path_and_query: &'a str,
    pub(super) own: &'a Origin,
}

impl Target<'_> {
    fn derived(&self, component: &str) -> Option<String> {
        let (path, query) = match self.path_and_query.split_once('?') {
            Some((path, query)) => (path, query),
            None => (self.path_and_query, ""),
        };
        match component {
            "@method" => Some(self.method.as_str().to_owned()),
            "@target-uri" => Some(format!("{}{}", self.own.as_str(), self.path_and_query)),
            "@authority" => Some(self.own.authority().to_owned()),
            "@scheme" => self.own.as_str().split("://").next().map(str::to_owned),
            "@request-target" => Some(self.path_and_query.to_owned()),
            "@path" => Some(path.to_owned()),
            "@query" => Some(format!("?{query}")),
            _ => None,
        }
    }
}

/// The signature base (§2.5): the covered components, then the parameters of the signature.
fn base(
    list: &LabelledList<'_>,
    target: &Target<'_>,
    headers: &Headers<'_>,
) -> Result<String, SignatureError> {
    let mut lines = Vec::new();
    for component in &list.items {
        let value = if component.starts_with('@') {
            target
                .derived(component)
                .ok_or(malformed("derived component"))?
        } else {
            headers.covered(component)?.to_owned()
        };
        lines.push(format!("\"{component}\": {value}"));
    }
    lines.push(format!("\"@signature-params\": {}", write_list(list)?));
    Ok(lines.join("\n"))
}

/// The list and its parameters in canonical form, whatever spaces they came with.
pub(super) fn write_list(list: &LabelledList<'_>) -> Result<String, SignatureError> {
    let items: Vec<String> = list
        .items
        .iter()
        .map(|item| structured::write_string(item))
        .collect();
    let mut written = format!("({})", items.join(" "));
    for (name, value) in &list.parameters {
        written.push(';');
        written.push_str(name);
        let value = match value {
            Bare::Boolean(true) => continue,
            Bare::Boolean(false) => "?0".to_owned(),
            Bare::Number(digits) => write_integer(digits)?,
            Bare::String(text) => structured::write_string(text),
            Bare::Token(token) => (*token).to_owned(),
            Bare::Bytes(bytes) => structured::write_bytes(bytes),
        };
        written.push('=');
        written.push_str(&value);
    }
    Ok(written)
}

/// An integer of at most 15 digits (RFC 8941 §3.3.1); decimals have no place in a signature.
fn write_integer(digits: &str) -> Result<String, SignatureError> {
    let magnitude = digits.strip_prefix('-').unwrap_or(digits);
    if magnitude.len() > 15 {
        return Err(malformed("signature parameter"));
    }
    digits
        .parse::<i64>()
        .map(|number| number.to_string())
        .map_err(|_not_an_integer| malformed("signature parameter"))
}

/// Rule 5 for this scheme: method, whole target, host, and the digest of a body.
fn check_covered(request: &Request<'_>, list: &LabelledList<'_>) -> Result<(), SignatureError> {
    let covers = |name: &str| list.items.iter().any(|item| item == name);
    let query = !request.target.contains('?') || covers("@query");
    let target = covers("@target-uri")
        || (covers("@authority") && (covers("@request-target") || (covers("@path") && query)));
    let digest = request.method != Method::Post || covers("content-digest");
    let missing = match (covers("@method"), target, digest) {
        (true, true, true) => return Ok(()),
        (false, _, _) => "@method",
        (_, false, _) => "@target-uri",
        (_, _, false) => "content-digest",
    };
    Err(SignatureError::Insufficient {
        part: missing.to_owned(),
    })
}

/// Rules 6 and 7 for this scheme: `created` is required, a covered `date` counts as well.
fn check_times(
    list: &LabelledList<'_>,
    headers: &Headers<'_>,
    now: Instant,
) -> Result<(), SignatureError> {
    let unreadable = |part| SignatureError::Time { part, skew: None };
    match list.parameter("created") {
        Some(Bare::Number(created)) => time::check_created(created, DATE_WINDOW, now)?,
        Some(_) => return Err(unreadable("created")),
        None => {
            return Err(SignatureError::Insufficient {
                part: "created".to_owned(),
            });
        }
    }
    match list.parameter("expires") {
        Some(Bare::Number(expires)) => time::check_expires(expires, now)?,
        Some(_) => return Err(unreadable("expires")),
        None => {}
    }
    if list.items.iter().any(|item| item == "date") {
        time::check_date(headers.covered("date")?, now)?;
    }
    Ok(())
}

fn read_input(text: &str) -> Result<LabelledList<'_>, SignatureError> {
    if text.len() > SIGNATURE_HEADER_BYTES_MAX {
        return Err(malformed("signature-input header"));
    }
    let list = structured::read_labelled_list(text)
        .map_err(|NotStructured| malformed("signature-input header"))?;
    let names_are_plain = list.items.iter().all(|item| {
        let name = item.strip_prefix('@').unwrap_or(item);
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    });
    if names_are_plain {
        Ok(list)
    } else {
        Err(malformed("covered component"))
    }
}

fn read_signature(text: &str, label: &str) -> Result<Vec<u8>, SignatureError> {
    if text.len() > SIGNATURE_HEADER_BYTES_MAX {
        return Err(malformed("signature header"));
    }
    let members = structured::read_byte_sequences(text)
        .map_err(|NotStructured| malformed("signature header"))?;
    match <[(&str, Vec<u8>); 1]>::try_from(members) {
        Ok([(name, signature)]) if name == label => Ok(signature),
        _ => Err(malformed("signature header")),
    }
}

fn read_algorithm(parameter: Option<&Bare<'_>>) -> Result<AlgorithmHint, SignatureError> {
    match parameter {
        None => Ok(AlgorithmHint::KeyDecides),
        Some(Bare::String(name)) if name == RSA_SHA256 => Ok(AlgorithmHint::RsaSha256),
        Some(Bare::String(name)) if name == "ed25519" => Ok(AlgorithmHint::Ed25519),
        Some(_) => Err(SignatureError::KeyUnsupported),
    }
}

impl<'a> LabelledList<'a> {
    fn parameter(&self, name: &str) -> Option<&Bare<'a>> {
        self.parameters
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

const fn malformed(part: &'static str) -> SignatureError {
    SignatureError::Malformed { part }
}

#[cfg(test)]
mod tests;
