//! When a delivery is tried, tried again, and given up: rules over states and answers.
//!
//! Failures are counted once for each peer, never on ten thousand queued items; an item carries only
//! how often it was itself refused. Not here: the queue, the lease that lets one process send to one
//! peer, the requests. Time and jitter are arguments. Source: performance.md §10 items 5 and 6,
//! decision 27, security.md P4–P6.

mod answer;
mod breaker;
mod schedule;

use crate::signature::SignatureScheme;
use crate::trust::NotHeard;
use crate::{Instant, Span};

pub use answer::{Answer, NoAnswer, Outcome};
pub use breaker::{Allowance, Circuit, allowance, circuit, heard};
pub use schedule::{
    CIRCUIT_FAILURES, IN_FLIGHT_MAX, Jitter, MEMBER_PATIENCE, NOT_HEARD_PATIENCE, OTHER_PATIENCE,
    SELF_CHECK_WAIT, WAIT_FIRST, WAIT_MAX, patience, retry_after, wait_after,
};

/// How delivery to one peer is going: what is kept in the row of that peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerState {
    /// Failures of the peer in a row.
    pub failures: u32,
    /// When that row began.
    pub first_failure_at: Option<Instant>,
    /// Not before this instant.
    pub next_try_at: Instant,
    /// The last time the peer accepted something.
    pub last_success_at: Option<Instant>,
    /// The HTTP status of the last attempt; `None` when there was no answer.
    pub last_status: Option<u16>,
    /// The signature scheme that worked last, or the one to begin with.
    pub scheme: SignatureScheme,
    /// The server said that its inbox is gone for good (410).
    pub gone: bool,
}

impl PeerState {
    /// A peer never tried: at once, draft-cavage first.
    pub const fn new(now: Instant) -> Self {
        Self {
            failures: 0,
            first_failure_at: None,
            next_try_at: now,
            last_success_at: None,
            last_status: None,
            scheme: SignatureScheme::Cavage,
            gone: false,
        }
    }
}

/// How often one item was refused for its signature or its sender: 0 to 3, kept with the item.
///
/// Even numbers are tried with the peer's scheme, odd ones with the other; between 1 and 2 the hub
/// checks its own clock and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Refusals(u8);

/// After so many refusals an item is final.
const REFUSALS_MAX: u8 = 4;
/// From here on the hub has checked its own clock and key.
const REFUSALS_CHECKED: u8 = 2;

impl Refusals {
    /// From the stored number; more than there can be counts as the most there can be.
    pub fn from_stored(attempts: i64) -> Self {
        let last = REFUSALS_MAX - 1;
        Self(u8::try_from(attempts.max(0)).map_or(last, |count| count.min(last)))
    }

    /// The number to store.
    pub const fn count(self) -> u8 {
        self.0
    }

    /// The scheme to sign the next attempt of this item with.
    #[must_use]
    pub const fn scheme(self, peer: &PeerState) -> SignatureScheme {
        if self.0.is_multiple_of(2) {
            peer.scheme
        } else {
            peer.scheme.other()
        }
    }
}

/// Which kind of inbox an item goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inbox {
    /// The one of the whole server.
    Shared,
    /// That of one actor.
    Personal,
}

/// One request that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub started_at: Instant,
    /// How it was signed.
    pub scheme: SignatureScheme,
    /// How often its item had been refused before.
    pub refusals: Refusals,
    /// Where it went.
    pub inbox: Inbox,
    /// How long the peer may fail before its queue is given up: see [`patience`].
    pub patience: Span,
}

/// What happens to the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// Delivered.
    Done,
    /// Send it again at once, signed in the other scheme.
    OtherScheme {
        /// To store with the item.
        refusals: Refusals,
    },
    /// Check the hub's own clock and key; send it once more at the peer's `next_try_at`.
    CheckSelf {
        /// To store with the item.
        refusals: Refusals,
    },
    /// It stays first in the queue until the peer's `next_try_at`.
    Wait,
    /// Refused for good: a dead letter that the administrator sees. The next item goes on.
    Dead,
    /// The inbox is gone: this item and all others to that inbox are dead letters.
    InboxGone,
    /// The peer failed longer than our patience: everything that waits for it becomes dead letters.
    /// Later items are tried again, at the slowest pace.
    GiveUp,
}

/// What follows from one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The new row of the peer.
    pub peer: PeerState,
    /// What happens to the item.
    pub item: Item,
    /// A stable code for pages and logs: `delivered`, `timeout`, `refused`, …
    pub code: &'static str,
}

/// What follows from the outcome of an attempt.
///
/// Whatever the outcome, the item ends, comes closer to its end, or the peer waits: no loop of
/// requests can arise here.
pub fn on_result(
    peer: &PeerState,
    attempt: &Attempt,
    outcome: Outcome,
    now: Instant,
    jitter: Jitter,
) -> Decision {
    let answer = outcome.answer();
    let status_before = peer.last_status;
    let peer = breaker::noted(peer, outcome, now);
    let (peer, item) = match answer {
        Answer::Done => (breaker::succeeded(&peer, attempt.scheme, now), Item::Done),
        Answer::PeerFailed | Answer::SlowDown { .. } => {
            let asked = match answer {
                Answer::SlowDown { retry_after } => retry_after,
                _ => None,
            };
            let peer = breaker::failed(&peer, attempt, asked, now, jitter);
            (peer, waiting_item(&peer, attempt.patience, now))
        }
        Answer::NotHeard(why) => {
            // Not being heard is a silence of its own: what failed before it does not count.
            let peer = match status_before {
                Some(403) => peer,
                _ => breaker::answered(&peer, now),
            };
            let peer = breaker::failed(&peer, attempt, None, now, jitter);
            not_heard(peer, attempt, why, now)
        }
        Answer::SignatureRefused | Answer::SenderRefused => {
            refused(&breaker::answered(&peer, now), attempt, answer, now)
        }
        Answer::ItemRefused => (breaker::answered(&peer, now), Item::Dead),
        Answer::Gone => {
            let gone = peer.gone || attempt.inbox == Inbox::Shared;
            (
                PeerState {
                    gone,
                    ..breaker::answered(&peer, now)
                },
                Item::InboxGone,
            )
        }
    };
    let code = match item {
        Item::GiveUp => "given_up",
        _ => outcome.code(),
    };
    Decision { peer, item, code }
}

/// The next step of an item whose signature or sender was refused.
fn refused(peer: &PeerState, attempt: &Attempt, answer: Answer, now: Instant) -> (PeerState, Item) {
    let before = attempt.refusals.0;
    let next = if answer == Answer::SenderRefused {
        // Another scheme does not change who sends.
        if before < REFUSALS_CHECKED {
            REFUSALS_CHECKED
        } else {
            REFUSALS_MAX
        }
    } else {
        before + 1
    };
    // A peer that answers 400 in both schemes read the item and does not want it.
    let malformed = peer.last_status == Some(400) && next == REFUSALS_CHECKED;
    if next >= REFUSALS_MAX || malformed {
        return (*peer, Item::Dead);
    }
    let refusals = Refusals(next);
    if next == REFUSALS_CHECKED {
        let peer = PeerState {
            next_try_at: now + SELF_CHECK_WAIT,
            ..*peer
        };
        return (peer, Item::CheckSelf { refusals });
    }
    (*peer, Item::OtherScheme { refusals })
}

/// The next step of an item of a sender that the peer does not hear: it waits like one for a silent
/// peer, seconds at first, and the peer's own voice ends the wait. Where the peer hears us but not
/// this item, the item is final after [`NOT_HEARD_PATIENCE`], so that others get their turn.
fn not_heard(peer: PeerState, attempt: &Attempt, why: NotHeard, now: Instant) -> (PeerState, Item) {
    match why {
        NotHeard::PeerNotAllowed => (peer, waiting_item(&peer, attempt.patience, now)),
        NotHeard::GuestNotAllowed | NotHeard::MemberNeeded => {
            match waiting_item(&peer, NOT_HEARD_PATIENCE, now) {
                Item::GiveUp => (breaker::answered(&peer, now), Item::Dead),
                waits => (peer, waits),
            }
        }
    }
}

fn waiting_item(peer: &PeerState, patience: Span, now: Instant) -> Item {
    match peer.first_failure_at {
        Some(first) if now - first >= patience => Item::GiveUp,
        _ => Item::Wait,
    }
}
