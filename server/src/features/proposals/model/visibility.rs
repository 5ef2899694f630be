//! Who sees a proposal, and how an unmet need is shown further step by step.
//!
//! Five levels, each seen by more readers than the one before. The owner alone widens; whoever
//! holds a copy may narrow what it shows, never widen it (decision 13, security.md D97).

use interkpa_federation::vocabulary::terms::{Purpose, Visibility};
use interkpa_federation::{Instant, Span};

use crate::features::proposals::model::{Proposal, State};
use crate::ids::MemberId;

/// Somebody in front of this hub's pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader<'a> {
    /// Not signed in, or any program without a signature.
    Anyone,
    /// A member of this hub.
    Member(&'a MemberId),
    /// A member who helps others publish or decides on reports: sees what is kept back.
    Team(&'a MemberId),
    /// Another server, whose signature holds.
    Peer(PeerStanding),
}

/// What another server is to this hub, as far as reading goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PeerStanding {
    /// A member of the register or an allowed peer.
    pub of_network: bool,
    /// This hub follows it.
    pub followed: bool,
}

/// The level a new proposal has unless its author says otherwise (decision 13).
pub const fn default(purpose: Purpose) -> Visibility {
    match purpose {
        Purpose::Offer => Visibility::Public,
        Purpose::Request => Visibility::Network,
    }
}

/// Whether documents of this level ever leave the hub.
pub const fn leaves(visibility: Visibility) -> bool {
    matches!(
        visibility,
        Visibility::Followed | Visibility::Network | Visibility::Public
    )
}

/// Whether the reader may see the proposal at all. What may not be seen is answered like what does
/// not exist (D100).
pub fn may_see(proposal: &Proposal, reader: Reader<'_>) -> bool {
    let kept_back = matches!(proposal.state, State::Draft | State::Suspended);
    let in_hub = proposal.visibility > Visibility::Private;
    match reader {
        Reader::Anyone => !kept_back && proposal.visibility == Visibility::Public,
        Reader::Member(member) => {
            (in_hub && !kept_back) || proposal.member_id.as_ref() == Some(member)
        }
        Reader::Team(member) => in_hub || proposal.member_id.as_ref() == Some(member),
        Reader::Peer(standing) => {
            proposal.is_ours()
                && !kept_back
                && match proposal.visibility {
                    Visibility::Public => true,
                    Visibility::Network => standing.of_network,
                    Visibility::Followed => standing.of_network && standing.followed,
                    Visibility::Hub | Visibility::Private => false,
                }
        }
    }
}

/// The next level of an unmet need on its way to `target`; `None` once it is there.
///
/// « D'abord mon KPA », then the followed hubs, then the network (decision 24).
pub fn next_step(present: Visibility, target: Visibility) -> Option<Visibility> {
    let next = match present {
        Visibility::Private => Visibility::Hub,
        Visibility::Hub => Visibility::Followed,
        Visibility::Followed => Visibility::Network,
        Visibility::Network | Visibility::Public => Visibility::Public,
    };
    (present < target).then_some(next)
}

/// Where a proposal is shown first, and what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Widening {
    /// Level now.
    pub now: Visibility,
    /// Level in the end; `None` when `now` is it.
    pub to: Option<Visibility>,
    /// When the next step is due.
    pub at: Option<Instant>,
}

impl Widening {
    /// Shown to its whole audience at once.
    pub const fn at_once(visibility: Visibility) -> Self {
        Self {
            now: visibility,
            to: None,
            at: None,
        }
    }

    /// « D'abord mon KPA »: the members of this hub for one `step`, then further up to `target`.
    pub fn step_by_step(target: Visibility, now: Instant, step: Span) -> Self {
        if target <= Visibility::Hub {
            return Self::at_once(target);
        }
        Self {
            now: Visibility::Hub,
            to: Some(target),
            at: Some(now + step),
        }
    }

    /// One step further, the next one due a `step` after `now`; `None` when there is none.
    pub fn next(self, now: Instant, step: Span) -> Option<Self> {
        let target = self.to?;
        let level = next_step(self.now, target)?;
        Some(if level < target {
            Self {
                now: level,
                to: Some(target),
                at: Some(now + step),
            }
        } else {
            Self::at_once(level)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::from_milliseconds(1_795_530_600_000);

    #[test]
    fn an_unmet_need_climbs_one_step_a_day_up_to_where_its_author_said() {
        let step = Span::hours(24);
        let first = Widening::step_by_step(Visibility::Network, NOW, step);

        assert_eq!(first.now, Visibility::Hub);
        assert_eq!(first.at, Some(NOW + step));
        let second = first.next(NOW + step, step).unwrap();
        assert_eq!(second.now, Visibility::Followed);
        assert_eq!(second.at, Some(NOW + step + step));
        let third = second.next(NOW + step + step, step).unwrap();
        assert_eq!(third, Widening::at_once(Visibility::Network));
        assert_eq!(third.next(NOW, step), None);
    }

    #[test]
    fn what_stays_in_the_hub_never_climbs() {
        for target in [Visibility::Private, Visibility::Hub] {
            let widening = Widening::step_by_step(target, NOW, Span::hours(24));

            assert_eq!(widening, Widening::at_once(target));
            assert!(!leaves(widening.now));
        }
    }

    #[test]
    fn a_step_never_goes_past_the_target() {
        for target in Visibility::ALL {
            let mut level = Visibility::Private;
            while let Some(next) = next_step(level, *target) {
                assert!(next > level && next <= *target);
                level = next;
            }
            assert_eq!(level, *target);
        }
    }
}
