//! Looking at headers without the usual comfort: no merging of repeated ones, no first or last one.

use super::SignatureError;
use crate::Origin;

/// Headers whose repetition makes two readers see two requests. Source: security.md 3.3 rule 1.
const SINGLE: [&str; 6] = [
    "date",
    "digest",
    "content-digest",
    "signature",
    "signature-input",
    "authorization",
];

/// The headers of one request, in order.
pub(super) struct Headers<'a>(&'a [(&'a str, &'a [u8])]);

impl<'a> Headers<'a> {
    pub(super) fn new(headers: &'a [(&'a str, &'a [u8])]) -> Self {
        Self(headers)
    }

    /// Rules 1 and 2: nothing that matters comes twice, and no `Authorization` at all.
    pub(super) fn check_single(&self) -> Result<(), SignatureError> {
        for name in SINGLE {
            if self.values(name).nth(1).is_some() {
                return Err(repeated(name));
            }
        }
        self.host()?;
        if self.values("authorization").next().is_some() {
            return Err(SignatureError::Authorization);
        }
        Ok(())
    }

    /// Rule 3: the request was made for this hub. Case and a default port do not count.
    pub(super) fn check_host(&self, own: &Origin) -> Result<(), SignatureError> {
        let host = self.host()?.ok_or(SignatureError::Host)?;
        let plain = host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-:_".contains(&byte));
        let scheme = own.as_str().split("://").next().unwrap_or_default();
        let same = Origin::parse(&format!("{scheme}://{host}")).is_ok_and(|asked| asked == *own);
        if plain && same {
            Ok(())
        } else {
            Err(SignatureError::Host)
        }
    }

    /// The one value of a header, as it enters a signed text: `None` when absent.
    pub(super) fn one(&self, name: &str) -> Result<Option<&'a str>, SignatureError> {
        if name == "host" {
            return self.host();
        }
        let mut values = self.values(name);
        let first = values.next();
        if values.next().is_some() {
            return Err(repeated(name));
        }
        first.map(visible).transpose()
    }

    /// As [`Headers::one`], for a header that a signature covers: it must be there.
    pub(super) fn covered(&self, name: &str) -> Result<&'a str, SignatureError> {
        self.one(name)?.ok_or_else(|| SignatureError::Insufficient {
            part: name.to_owned(),
        })
    }

    fn host(&self) -> Result<Option<&'a str>, SignatureError> {
        let mut hosts = self.hosts();
        let first = hosts.next();
        if hosts.next().is_some() {
            return Err(repeated("host"));
        }
        first.map(visible).transpose()
    }

    fn hosts(&self) -> impl Iterator<Item = &'a [u8]> {
        self.values("host").chain(self.values(":authority"))
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.0
            .iter()
            .filter(move |(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }
}

/// A value in visible ASCII and spaces, without the spaces around it: nothing else enters a signed
/// text, because programs disagree about the rest.
fn visible(value: &[u8]) -> Result<&str, SignatureError> {
    std::str::from_utf8(value)
        .ok()
        .map(|text| text.trim_matches([' ', '\t']))
        .filter(|text| text.bytes().all(|byte| (b' '..=b'~').contains(&byte)))
        .ok_or(SignatureError::Malformed {
            part: "header value",
        })
}

fn repeated(name: &str) -> SignatureError {
    SignatureError::HeaderRepeated {
        name: name.to_owned(),
    }
}
