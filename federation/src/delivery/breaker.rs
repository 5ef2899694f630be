//! The circuit of one peer: closed, failing, open, and closed again by the peer's own voice.

use super::schedule::{CIRCUIT_FAILURES, IN_FLIGHT_MAX, Jitter, WAIT_MAX, wait_after};
use super::{Attempt, Outcome, PeerState};
use crate::signature::SignatureScheme;
use crate::{Instant, Span};

/// The circuit, as pages show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circuit {
    /// All is well.
    Closed,
    /// The last attempts failed.
    Failing,
    /// [`CIRCUIT_FAILURES`] or more failed in a row.
    Open,
    /// The server said that it is gone; only its own voice, or an administrator, reopens it.
    Gone,
}

/// Whether a peer may be sent something now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    /// Yes, with so many requests at a time: one when the last attempt failed (the trial).
    Send {
        /// Requests in flight at most.
        in_flight_max: usize,
    },
    /// Not before that instant.
    Wait {
        /// When to look again.
        until: Instant,
    },
    /// Not until it is heard from.
    Stopped,
}

/// The circuit of a peer.
pub const fn circuit(peer: &PeerState) -> Circuit {
    match peer.failures {
        _ if peer.gone => Circuit::Gone,
        0 => Circuit::Closed,
        failures if failures < CIRCUIT_FAILURES => Circuit::Failing,
        _ => Circuit::Open,
    }
}

/// Whether a peer may be sent something now, and how much at a time.
pub fn allowance(peer: &PeerState, now: Instant) -> Allowance {
    if peer.gone {
        return Allowance::Stopped;
    }
    if peer.next_try_at > now {
        return Allowance::Wait {
            until: peer.next_try_at,
        };
    }
    Allowance::Send {
        in_flight_max: if peer.failures == 0 { IN_FLIGHT_MAX } else { 1 },
    }
}

/// A signed request arrived from this peer: it lives, so the circuit closes at once. Only a pause it
/// asked for itself (429) goes on.
#[must_use]
pub fn heard(peer: &PeerState, now: Instant) -> PeerState {
    PeerState {
        gone: false,
        ..answered(peer, now)
    }
}

/// The peer answered, whatever it said: it does not fail any more.
pub(super) fn answered(peer: &PeerState, now: Instant) -> PeerState {
    PeerState {
        failures: 0,
        first_failure_at: None,
        next_try_at: if asked_to_pause(peer) {
            peer.next_try_at
        } else {
            peer.next_try_at.min(now)
        },
        ..*peer
    }
}

/// The peer accepted something in that scheme.
pub(super) fn succeeded(peer: &PeerState, scheme: SignatureScheme, now: Instant) -> PeerState {
    PeerState {
        last_success_at: Some(now),
        scheme,
        ..answered(peer, now)
    }
}

/// The peer failed. Requests that were in flight together fail together: they count once.
pub(super) fn failed(
    peer: &PeerState,
    attempt: &Attempt,
    asked: Option<Span>,
    now: Instant,
    jitter: Jitter,
) -> PeerState {
    if peer.failures > 0 && peer.next_try_at > attempt.started_at {
        return *peer;
    }
    let failures = peer.failures.saturating_add(1);
    let wait = wait_after(failures, jitter)
        .max(asked.unwrap_or_default())
        .min(WAIT_MAX);
    PeerState {
        failures,
        first_failure_at: peer.first_failure_at.or(Some(now)),
        next_try_at: now + wait,
        ..*peer
    }
}

/// The status of this attempt, unless the peer asked for a pause that still goes on: what was in
/// flight beside that answer does not lift it.
pub(super) fn noted(peer: &PeerState, outcome: Outcome, now: Instant) -> PeerState {
    let pausing = asked_to_pause(peer) && peer.next_try_at > now;
    PeerState {
        last_status: if pausing {
            peer.last_status
        } else {
            outcome.status()
        },
        ..*peer
    }
}

fn asked_to_pause(peer: &PeerState) -> bool {
    peer.last_status == Some(429)
}
