//! draft-cavage-http-signatures-12, read strictly: a text with two readings has none.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::digest::{self, Required};
use super::headers::Headers;
use super::{
    AlgorithmHint, COVERED_MAX, CREATED_WINDOW, Claim, Method, Request, SIGNATURE_HEADER_BYTES_MAX,
    SignatureError, SignatureScheme, check_signature_length, read_key_id, time,
};
use crate::Instant;

/// Most parameters of one header; six have a meaning.
const PARAMETERS_MAX: usize = 16;

pub(super) fn claim(
    request: &Request<'_>,
    headers: &Headers<'_>,
    signature_header: &str,
    now: Instant,
) -> Result<Claim, SignatureError> {
    let parameters = Parameters::read(signature_header)?;
    let key_id = read_key_id(parameters.required("keyId")?)?;
    let algorithm = read_algorithm(parameters.optional("algorithm"))?;
    let signature = STANDARD
        .decode(parameters.required("signature")?)
        .map_err(|_not_base64| malformed("signature"))?;
    let covered = read_covered(parameters.required("headers")?)?;
    check_covered(request.method, &covered, headers)?;
    check_times(&parameters, headers, now)?;
    digest::check(request, headers, Required::Digest)?;
    let text_for = |target: &str| {
        let lines = covered
            .iter()
            .map(|name| {
                let value = match *name {
                    "(request-target)" => request_target(request.method, target),
                    "(created)" => parameters.pseudo_header("created")?,
                    "(expires)" => parameters.pseudo_header("expires")?,
                    name => headers.covered(name)?.to_owned(),
                };
                Ok((*name, value))
            })
            .collect::<Result<Vec<_>, SignatureError>>()?;
        Ok(signing_text(&lines).into_bytes())
    };
    let signed_text_without_query = match request.target.split_once('?') {
        Some((path, _)) if request.method != Method::Post => Some(text_for(path)?),
        _ => None,
    };
    Ok(Claim {
        key_id,
        scheme: SignatureScheme::Cavage,
        algorithm,
        signed_text: text_for(request.target)?,
        signed_text_without_query,
        signature: check_signature_length(signature)?,
    })
}

/// The signed text: one line `name: value` for each covered header, in the order of the list.
pub(super) fn signing_text(lines: &[(&str, String)]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    lines.join("\n")
}

/// `post /inbox?x=y`.
pub(super) fn request_target(method: Method, target: &str) -> String {
    format!("{} {target}", method.lower_case())
}

/// Rule 5.
fn check_covered(
    method: Method,
    covered: &[&str],
    headers: &Headers<'_>,
) -> Result<(), SignatureError> {
    let required: &[&str] = match method {
        Method::Post => &["(request-target)", "host", "date", "digest"],
        Method::Get | Method::Head => &["(request-target)", "host", "date"],
    };
    for name in required {
        if !covered.contains(name) {
            return Err(SignatureError::Insufficient {
                part: (*name).to_owned(),
            });
        }
    }
    for name in covered.iter().filter(|name| !name.starts_with('(')) {
        headers.covered(name)?;
    }
    Ok(())
}

/// Rules 6 and 7. `created` and `expires` are checked even when the signature does not cover them.
fn check_times(
    parameters: &Parameters<'_>,
    headers: &Headers<'_>,
    now: Instant,
) -> Result<(), SignatureError> {
    if let Some(created) = parameters.optional("created") {
        time::check_created(created, CREATED_WINDOW, now)?;
    }
    if let Some(expires) = parameters.optional("expires") {
        time::check_expires(expires, now)?;
    }
    time::check_date(headers.covered("date")?, now)
}

fn read_algorithm(name: Option<&str>) -> Result<AlgorithmHint, SignatureError> {
    match name {
        None | Some("hs2019") => Ok(AlgorithmHint::KeyDecides),
        Some("rsa-sha256") => Ok(AlgorithmHint::RsaSha256),
        Some("ed25519") => Ok(AlgorithmHint::Ed25519),
        Some(_) => Err(SignatureError::KeyUnsupported),
    }
}

/// The list of covered headers: lower-case names, single spaces, none twice.
fn read_covered(list: &str) -> Result<Vec<&str>, SignatureError> {
    let mut covered = Vec::new();
    for name in list.split(' ') {
        let pseudo = matches!(name, "(request-target)" | "(created)" | "(expires)");
        let plain = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !(pseudo || plain) || covered.contains(&name) || covered.len() == COVERED_MAX {
            return Err(malformed("list of covered headers"));
        }
        covered.push(name);
    }
    Ok(covered)
}

/// The parameters of one `Signature` header; none of them came twice.
struct Parameters<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parameters<'a> {
    /// Reads `name="value",name=123,…`, with spaces allowed around the commas only.
    fn read(header: &'a str) -> Result<Self, SignatureError> {
        if header.len() > SIGNATURE_HEADER_BYTES_MAX {
            return Err(malformed("signature header"));
        }
        let mut read: Vec<(&str, &str)> = Vec::new();
        let mut rest = header;
        loop {
            let (name, value, after) =
                parameter(rest.trim_start()).ok_or(malformed("signature header"))?;
            // `keyid` beside `keyId` is a repetition for a careless reader.
            if read
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name))
                || read.len() == PARAMETERS_MAX
            {
                return Err(malformed("signature header"));
            }
            read.push((name, value));
            match after.trim_start().strip_prefix(',') {
                Some(next) => rest = next,
                None if after.trim_start().is_empty() => return Ok(Self(read)),
                None => return Err(malformed("signature header")),
            }
        }
    }

    fn optional(&self, name: &str) -> Option<&'a str> {
        self.0
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }

    fn required(&self, name: &'static str) -> Result<&'a str, SignatureError> {
        self.optional(name).ok_or(malformed(name))
    }

    /// A value that the draft lets stand in the signed text only for algorithms that are not named
    /// after a hash (§2.3): with `rsa-sha256` older readers would not know it.
    fn pseudo_header(&self, name: &'static str) -> Result<String, SignatureError> {
        let named_algorithm = self
            .optional("algorithm")
            .is_some_and(|algorithm| algorithm.starts_with("rsa"));
        match self.optional(name) {
            Some(value) if !named_algorithm => Ok(value.to_owned()),
            _ => Err(malformed(name)),
        }
    }
}

/// One parameter at the start of a text: its name, its value, and what follows.
fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('=')?;
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    if let Some(quoted) = rest.strip_prefix('"') {
        let (value, after) = quoted.split_once('"')?;
        return (!value.contains('\\')).then_some((name, value, after));
    }
    let end = rest.find([',', ' ']).unwrap_or(rest.len());
    let (value, after) = rest.split_at_checked(end)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    (!value.is_empty() && value.bytes().all(plain)).then_some((name, value, after))
}

const fn malformed(part: &'static str) -> SignatureError {
    SignatureError::Malformed { part }
}
