//! Addresses of actors and things, and the origin that owns them.
//!
//! Not here: who may speak about what (`origin.rs`), and any resolving of names.

use std::fmt;

use url::{Host, Url};

/// An absolute `http(s)` address whose host is a name, normalised and bounded in length.
///
/// Compared as text after normalisation (lower-case host, IDNA, no default port). No user
/// information. A trailing dot of the host is refused, so one hub has one identity (security.md
/// D27). Source: FEP-fe34.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uri(Url);

/// Scheme, host and port: who owns an address. Source: FEP-fe34, decision 11.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// Longest address taken in, in bytes.
pub const URI_BYTES_MAX: usize = 2_048;

/// Why a text is not an address we take in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UriError {
    /// It is longer than [`URI_BYTES_MAX`].
    #[error("address longer than {URI_BYTES_MAX} bytes")]
    TooLong,
    /// It is not an absolute URL.
    #[error("not an absolute address")]
    NotAbsolute,
    /// Its scheme is neither `https` nor `http`.
    #[error("not an http or https address")]
    Scheme,
    /// Its host is missing, an IP address, or ends in a dot.
    #[error("host is not a domain name")]
    Host,
    /// It carries a user name or a password.
    #[error("address carries user information")]
    UserInfo,
}

impl Uri {
    /// Reads and normalises an address.
    ///
    /// # Errors
    /// [`UriError`] names the rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        if text.len() > URI_BYTES_MAX {
            return Err(UriError::TooLong);
        }
        if text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
        {
            return Err(UriError::NotAbsolute);
        }
        let url = Url::parse(text).map_err(|_source| UriError::NotAbsolute)?;
        Self::from_url(url)
    }

    /// Takes in an address that is parsed already.
    ///
    /// # Errors
    /// As [`Uri::parse`].
    pub fn from_url(url: Url) -> Result<Self, UriError> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err(UriError::Scheme);
        }
        match url.host() {
            Some(Host::Domain(name)) if !name.ends_with('.') && !name.is_empty() => {}
            _ => return Err(UriError::Host),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UriError::UserInfo);
        }
        Ok(Self(url))
    }

    /// The whole address as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address as a URL of the `url` crate.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// Who owns this address.
    pub fn origin(&self) -> Origin {
        let mut text = format!(
            "{}://{}",
            self.0.scheme(),
            self.0.host_str().unwrap_or_default()
        );
        if let Some(port) = self.0.port() {
            text.push(':');
            text.push_str(&port.to_string());
        }
        Origin(text)
    }

    /// The address without what follows `#`: the document that holds the part.
    #[must_use]
    pub fn without_fragment(&self) -> Self {
        let mut url = self.0.clone();
        url.set_fragment(None);
        Self(url)
    }

    /// The address of a part of this document: `#main-key` of an actor.
    #[must_use]
    pub fn with_fragment(&self, fragment: &str) -> Self {
        let mut url = self.0.clone();
        url.set_fragment(Some(fragment));
        Self(url)
    }

    /// Host and port as they stand in a `Host` header.
    pub fn authority(&self) -> String {
        self.origin().authority().to_owned()
    }
}

impl Origin {
    /// Reads an origin from any address of it; path and the rest are dropped.
    ///
    /// # Errors
    /// As [`Uri::parse`].
    pub fn parse(text: &str) -> Result<Self, UriError> {
        Uri::parse(text).map(|uri| uri.origin())
    }

    /// `scheme://host[:port]`, without a final slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port as they stand in a `Host` header.
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, rest)| rest)
    }

    /// The host alone, without its port.
    pub fn host(&self) -> &str {
        let authority = self.authority();
        authority
            .rsplit_once(':')
            .map_or(authority, |(host, _)| host)
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Uri {
    type Err = UriError;
    fn from_str(text: &str) -> Result<Self, UriError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let origin = |text| Uri::parse(text).unwrap().origin();

        assert_eq!(
            origin("https://Hub.Example/a"),
            origin("https://hub.example:443/b")
        );
        assert_ne!(
            origin("https://hub.example/a"),
            origin("http://hub.example/a")
        );
        assert_ne!(
            origin("http://hub.localhost:1/a"),
            origin("http://hub.localhost:2/a")
        );
        assert_eq!(
            origin("http://hub.localhost:8401/x").authority(),
            "hub.localhost:8401"
        );
        assert_eq!(
            origin("http://hub.localhost:8401/x").host(),
            "hub.localhost"
        );
    }

    #[test]
    fn a_fragment_names_a_part_and_is_taken_away_again() {
        let actor = Uri::parse("https://hub.example/hub").unwrap();

        let key = actor.with_fragment("main-key");

        assert_eq!(key.as_str(), "https://hub.example/hub#main-key");
        assert_eq!(key.without_fragment(), actor);
    }

    #[test]
    fn addresses_without_a_named_host_are_refused() {
        for (text, error) in [
            ("https://127.0.0.1/a", UriError::Host),
            ("https://2130706433/a", UriError::Host),
            ("https://[::1]/a", UriError::Host),
            ("https://hub.example./a", UriError::Host),
            ("https://me@hub.example/a", UriError::UserInfo),
            ("urn:interkpa:ns:x", UriError::Scheme),
            ("mailto:a@b.example", UriError::Scheme),
            ("/a", UriError::NotAbsolute),
            ("https://hub.example/a b", UriError::NotAbsolute),
        ] {
            assert_eq!(Uri::parse(text), Err(error), "{text}");
        }
    }
}
