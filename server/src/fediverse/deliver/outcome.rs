//! From what the client says of a request to the words of the rules.

use interkpa_federation::delivery::{NoAnswer, Outcome};

use crate::fediverse::client::{Answer, Disconnect, NetError};

/// What came of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// Something that the rules judge.
    Of(Outcome),
    /// Nothing went out, for a reason of ours: the peer is not to blame.
    Ours(&'static str),
}

pub(super) fn came(result: Result<Answer, NetError>) -> Came {
    let none = |why| Came::Of(Outcome::NoAnswer(why));
    match result {
        Ok(answer) => Came::Of(Outcome::Answered {
            status: answer.status,
            retry_after: answer.retry_after,
            not_heard: answer.not_heard,
        }),
        Err(error @ (NetError::Busy | NetError::Sign(_) | NetError::Own)) => {
            Came::Ours(error.code())
        }
        Err(NetError::TooSlow) => none(NoAnswer::Timeout),
        Err(NetError::Connect(Disconnect::Tls)) => none(NoAnswer::Tls),
        Err(NetError::Connect(_) | NetError::Resolve(_) | NetError::Uri(_)) => {
            none(NoAnswer::Connect)
        }
        Err(_broken) => none(NoAnswer::Broken),
    }
}
