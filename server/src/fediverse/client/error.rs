//! Why a request to another server gave nothing usable.
//!
//! No variant carries a byte that was fetched, nor a URL that a redirect named: what a stranger's
//! server says must not come out in a page, a log or an answer (security.md D42).

use std::error::Error;
use std::io;

use interkpa_federation::webfinger::WebfingerError;

use crate::fediverse::address::UriRefused;
use crate::fediverse::resolve::ResolveError;
use crate::fediverse::rsa::SigningKeyError;

/// Why a request gave no usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// The address may not be asked.
    #[error(transparent)]
    Uri(#[from] UriRefused),
    /// The address is our own: what we own is in the database.
    #[error("an address of this hub itself")]
    Own,
    /// The name gives no address to connect to.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// Too many requests to that server are under way already. Answer 429.
    #[error("too many requests to that server are under way")]
    Busy,
    /// It failed a short while ago and is not tried again yet.
    #[error("it failed a short while ago")]
    Remembered,
    /// No connection: refused, reset, unreachable, or TLS not accepted.
    #[error("no connection: {0}")]
    Connect(Disconnect),
    /// The connection broke after the request was sent.
    #[error("the connection broke")]
    Broken,
    /// No complete answer before the deadline.
    #[error("no complete answer in time")]
    TooSlow,
    /// The body is longer than allowed, after decompression.
    #[error("the answer is too long")]
    TooLong,
    /// 410: what was there is gone.
    #[error("gone")]
    Gone,
    /// Any other status that is not a success.
    #[error("status {0}")]
    Status(u16),
    /// A redirect that is not followed.
    #[error("redirect not followed: {0}")]
    Redirect(RedirectRefused),
    /// The answer is not of the type asked for.
    #[error("not of the type asked for")]
    ContentType,
    /// The answer is not a JSON object by our limits.
    #[error("not a JSON document")]
    Json,
    /// The document calls itself by an address it was not fetched from.
    #[error("the document has another id")]
    Id,
    /// The answer about a handle is not believed.
    #[error(transparent)]
    WebFinger(WebfingerError),
    /// Our own key could not sign the request.
    #[error(transparent)]
    Sign(#[from] SigningKeyError),
}

/// How a connection failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Disconnect {
    /// Nobody listens there.
    #[error("refused")]
    Refused,
    /// It was cut.
    #[error("cut")]
    Cut,
    /// TLS failed: certificate, name or protocol.
    #[error("no trusted TLS")]
    Tls,
    /// Anything else, an unreachable network for instance.
    #[error("unreachable")]
    Unreachable,
}

/// Why a redirect is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectRefused {
    /// `Location` is absent, repeated, or no address that we take in.
    #[error("no usable target")]
    Target,
    /// The target has another scheme.
    #[error("another scheme")]
    Scheme,
    /// It leads back to where we were.
    #[error("a loop")]
    Loop,
    /// More hops than allowed.
    #[error("too many hops")]
    TooMany,
    /// A delivery is never redirected.
    #[error("a delivery is not redirected")]
    Delivery,
}

impl NetError {
    /// A stable word for tables and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uri(_) => "address_refused",
            Self::Own => "own_address",
            Self::Resolve(ResolveError::NoAddress) => "no_address",
            Self::Resolve(_) => "address_not_public",
            Self::Busy => "busy",
            Self::Remembered => "failed_recently",
            Self::Connect(Disconnect::Tls) => "tls",
            Self::Connect(_) => "no_connection",
            Self::Broken => "connection_broken",
            Self::TooSlow => "timeout",
            Self::TooLong => "too_long",
            Self::Gone => "gone",
            Self::Status(_) => "status",
            Self::Redirect(_) => "redirect",
            Self::ContentType => "content_type",
            Self::Json => "bad_json",
            Self::Id => "other_id",
            Self::WebFinger(error) => error.code(),
            Self::Sign(_) => "signing",
        }
    }

    /// Whether the fault lies in the connection or the server's load, so that the same request may
    /// succeed later.
    pub const fn may_pass(self) -> bool {
        match self {
            Self::Busy
            | Self::Remembered
            | Self::Connect(_)
            | Self::Broken
            | Self::TooSlow
            | Self::Resolve(ResolveError::NoAddress) => true,
            Self::Status(status) => status >= 500 || matches!(status, 408 | 425 | 429),
            _ => false,
        }
    }

    /// What the HTTP library says, in our words.
    pub(super) fn from_library(error: &reqwest::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        let mut io_kind = None;
        while let Some(error) = cause {
            if let Some(refused) = error.downcast_ref::<ResolveError>() {
                return Self::Resolve(*refused);
            }
            let Some(error) = error.downcast_ref::<io::Error>() else {
                cause = error.source();
                continue;
            };
            io_kind = Some(error.kind());
            // `source` of an I/O error leaves out the error it wraps.
            let wrapped = error.get_ref();
            cause = wrapped.map(|inner| -> &(dyn Error + 'static) { inner });
        }
        if error.is_timeout() {
            return Self::TooSlow;
        }
        if !error.is_connect() {
            return Self::Broken;
        }
        Self::Connect(match io_kind {
            Some(io::ErrorKind::ConnectionRefused) => Disconnect::Refused,
            Some(io::ErrorKind::InvalidData) => Disconnect::Tls,
            Some(
                io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::UnexpectedEof
                | io::ErrorKind::BrokenPipe,
            ) => Disconnect::Cut,
            _ => Disconnect::Unreachable,
        })
    }
}
