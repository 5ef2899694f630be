//! What an answer means. Source: performance.md §10 item 6, the table.

use crate::Span;
use crate::trust::NotHeard;

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The peer answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// Its `Retry-After`, read with [`super::retry_after`].
        retry_after: Option<Span>,
        /// What a hub says with a 403: that we are not, or not yet, among those it hears.
        not_heard: Option<NotHeard>,
    },
    /// It did not.
    NoAnswer(NoAnswer),
}

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// The name did not resolve, or the address was refused or unreachable.
    Connect,
    /// It took longer than the client waits.
    Timeout,
    /// The certificate or the handshake was wrong.
    Tls,
    /// The connection broke, or what came was not HTTP.
    Broken,
}

/// The classes of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// 2xx: delivered.
    Done,
    /// No answer, 408, 5xx other than 503, and every status an inbox has no reason to give
    /// (redirects of a maintenance page among them): the peer's failure, not the item's.
    PeerFailed,
    /// 429, 503: the peer asks for less.
    SlowDown {
        /// How long it asks us to wait.
        retry_after: Option<Span>,
    },
    /// 400, 401: perhaps it reads the other signature scheme.
    SignatureRefused,
    /// 403 of a hub that says why: its administrator has not allowed us, or not yet.
    NotHeard(NotHeard),
    /// Any other 403: it knows us and refuses.
    SenderRefused,
    /// 410: the inbox is gone for good.
    Gone,
    /// Any other 4xx: final for this item.
    ItemRefused,
}

impl Outcome {
    /// The class of this outcome.
    pub const fn answer(self) -> Answer {
        match self {
            Self::NoAnswer(_) => Answer::PeerFailed,
            Self::Answered {
                status,
                retry_after,
                not_heard,
            } => match status {
                200..=299 => Answer::Done,
                429 | 503 => Answer::SlowDown { retry_after },
                400 | 401 => Answer::SignatureRefused,
                403 => match not_heard {
                    Some(why) => Answer::NotHeard(why),
                    None => Answer::SenderRefused,
                },
                408 => Answer::PeerFailed,
                410 => Answer::Gone,
                402..=499 => Answer::ItemRefused,
                _ => Answer::PeerFailed,
            },
        }
    }

    /// The HTTP status, when there was one.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } => Some(status),
            Self::NoAnswer(_) => None,
        }
    }

    /// A stable code for pages and logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoAnswer(NoAnswer::Connect) => "unreachable",
            Self::NoAnswer(NoAnswer::Timeout) => "timeout",
            Self::NoAnswer(NoAnswer::Tls) => "tls_failed",
            Self::NoAnswer(NoAnswer::Broken) => "connection_broken",
            Self::Answered { .. } => match self.answer() {
                Answer::Done => "delivered",
                Answer::PeerFailed => "peer_failed",
                Answer::SlowDown { .. } => "slow_down",
                Answer::SignatureRefused => "signature_refused",
                Answer::NotHeard(_) => "not_heard",
                Answer::SenderRefused => "sender_refused",
                Answer::Gone => "gone",
                Answer::ItemRefused => "refused",
            },
        }
    }
}
