//! How far a peer is trusted, and what that lets through (federation.md 3.1, 3.2; decisions 7, 18).
//!
//! The tier is necessary, never sufficient: `permission` follows. Not here: who gets which tier;
//! the register and the admin decide that, and the server computes it before any fetch.

use crate::Origin;
use crate::activity::Body;

words! {
    /// How far a peer is trusted; a later one is trusted more.
    pub enum Trust {
        /// Refused, with its subdomains, in both modes.
        Blocked = "blocked",
        /// Any other ActivityPub server, and a peer whose admission is pending.
        Guest = "guest",
        /// A server outside the register that this hub's admin trusts.
        Allowed = "allowed",
        /// A hub of the certified register, and its persons.
        Member = "member",
    }
}

words! {
    /// Whether guests are heard at all; set by the operator.
    pub enum Mode {
        /// Only members and allowed peers are heard; the default of `interkpa init`.
        Network = "network",
        /// Guests may follow public things, reply and ask.
        Open = "open",
    }
}

/// A server that speaks to us, before anybody asked whether it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The origin of the actor, exact.
    pub origin: Origin,
    /// Its tier.
    pub trust: Trust,
    /// The mode of this hub.
    pub mode: Mode,
}

/// A peer whose trust was found sufficient. Only [`Peer::heard_as`] makes one, so no feature can
/// forget to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    origin: Origin,
    trust: Trust,
}

/// Why a peer is not heard; nothing is fetched because of it (security.md D21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NotHeard {
    /// Blocked, or unknown to a hub in mode `network`.
    #[error("this server is not heard here")]
    PeerNotAllowed,
    /// A guest, for something guests may not do.
    #[error("a guest server may not do this")]
    GuestNotAllowed,
    /// An allowed peer, for something only members of the register may do.
    #[error("only a hub of the register may do this")]
    MemberNeeded,
}

impl NotHeard {
    /// The stable code of the answer, always with status 403.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PeerNotAllowed => "peer_not_allowed",
            Self::GuestNotAllowed => "guest_not_allowed",
            Self::MemberNeeded => "member_needed",
        }
    }

    /// Reads a code that a peer answered.
    pub fn parse(code: &str) -> Option<Self> {
        [
            Self::PeerNotAllowed,
            Self::GuestNotAllowed,
            Self::MemberNeeded,
        ]
        .into_iter()
        .find(|known| known.code() == code)
    }
}

impl Peer {
    /// The peer as one that is heard, if it is trusted at least as `min`.
    ///
    /// # Errors
    /// [`NotHeard`] says what is missing.
    pub fn heard_as(&self, min: Trust) -> Result<Heard, NotHeard> {
        self.heard_at_all()?;
        if self.trust >= min {
            return Ok(Heard {
                origin: self.origin.clone(),
                trust: self.trust,
            });
        }
        Err(match self.trust {
            Trust::Guest => NotHeard::GuestNotAllowed,
            _ => NotHeard::MemberNeeded,
        })
    }

    /// Whether anything this peer posts is looked at; asked before any fetch.
    ///
    /// # Errors
    /// [`NotHeard::PeerNotAllowed`] for a blocked peer, and for a guest in mode `network`.
    pub const fn heard_at_all(&self) -> Result<(), NotHeard> {
        match (self.trust, self.mode) {
            (Trust::Blocked, _) | (Trust::Guest, Mode::Network) => Err(NotHeard::PeerNotAllowed),
            _ => Ok(()),
        }
    }

    /// What happens to a deed of this peer.
    pub const fn verdict(&self, deed: Deed) -> Verdict {
        verdict(deed, self.trust, self.mode)
    }
}

impl Heard {
    /// The origin that is heard.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Its tier.
    pub const fn trust(&self) -> Trust {
        self.trust
    }
}

/// What a peer may want from us: the rows of federation.md 3.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Any POST to an inbox.
    Post,
    /// GET of a public ActivityPub document; the instance actor and keys are always readable.
    ReadPublic,
    /// Signed GET of something not public.
    ReadPrivate,
    /// `Follow` or `Undo{Follow}` of a public actor.
    Follow,
    /// A reply, mention or question to an author.
    Reply,
    /// `Update` and `Delete` of its own things, `Like`, `Announce` of public ones, `Flag`.
    Own,
    /// A plain post without one of our kinds.
    PlainPost,
    /// A publication with `ikpa:kind`.
    Publication,
    /// `Join` or `Leave` of a public event or mission.
    Join,
    /// A response, agreement, booking, pledge, fact: everything economic.
    Economic,
    /// A recognition.
    Recognition,
    /// A charter or amendment article.
    Charter,
    /// Authorship of a governance object.
    GovernanceAuthor,
    /// Carrying somebody's governance object.
    GovernanceCarrier,
    /// Collection synchronisation and backfill.
    Backfill,
}

/// What is done with a deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Taken in.
    Yes,
    /// Taken in under a tight budget.
    TightBudget,
    /// Taken in and shown with a mark of its origin.
    Marked,
    /// Taken in for members who follow the author only.
    FollowersOnly,
    /// Put on the waiting list; the organiser accepts by hand.
    WaitingList,
    /// Shown as an ordinary article, without authority.
    Ordinary,
    /// Answered if the reader is entitled, else 404.
    IfEntitled,
    /// Answered 404, as an unknown id is.
    NotFound,
    /// Refused; 401 instead of 403 for a GET without signature.
    Refused(NotHeard),
}

impl Verdict {
    /// Whether the deed has any effect.
    pub const fn is_refused(self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

/// The table of federation.md 3.2.
pub const fn verdict(deed: Deed, trust: Trust, mode: Mode) -> Verdict {
    match (trust, mode) {
        (Trust::Blocked, _) | (Trust::Guest, Mode::Network) => {
            Verdict::Refused(NotHeard::PeerNotAllowed)
        }
        (Trust::Guest, Mode::Open) => of_guest(deed),
        (Trust::Allowed, _) => of_allowed(deed),
        (Trust::Member, _) => match deed {
            Deed::ReadPrivate => Verdict::IfEntitled,
            _ => Verdict::Yes,
        },
    }
}

const fn of_guest(deed: Deed) -> Verdict {
    match deed {
        Deed::Post => Verdict::TightBudget,
        Deed::ReadPublic | Deed::Follow | Deed::Own => Verdict::Yes,
        Deed::ReadPrivate => Verdict::NotFound,
        Deed::Reply => Verdict::Marked,
        Deed::PlainPost => Verdict::FollowersOnly,
        Deed::Join => Verdict::WaitingList,
        Deed::Charter => Verdict::Ordinary,
        Deed::Publication
        | Deed::Economic
        | Deed::Recognition
        | Deed::GovernanceAuthor
        | Deed::GovernanceCarrier
        | Deed::Backfill => Verdict::Refused(NotHeard::GuestNotAllowed),
    }
}

const fn of_allowed(deed: Deed) -> Verdict {
    match deed {
        Deed::ReadPrivate => Verdict::IfEntitled,
        Deed::Publication => Verdict::Marked,
        Deed::Charter => Verdict::Ordinary,
        Deed::GovernanceAuthor => Verdict::Refused(NotHeard::MemberNeeded),
        _ => Verdict::Yes,
    }
}

impl Body {
    /// The row of the table that a message falls under.
    pub fn deed(&self) -> Deed {
        match self {
            Self::Proposal(_) => Deed::Publication,
            Self::Response(_) | Self::Agreement(_) => Deed::Economic,
            Self::Follow(_) => Deed::Follow,
            Self::Note(message) => {
                let note = message.object();
                if note.in_reply_to.is_some() || !note.mentions.is_empty() {
                    Deed::Reply
                } else {
                    Deed::PlainPost
                }
            }
            Self::Participation(_) => Deed::Join,
            Self::Announce(_)
            | Self::Delete(_)
            | Self::Actor(_)
            | Self::Like(_)
            | Self::Flag(_)
            | Self::Move(_)
            | Self::Answer(_)
            | Self::Undo(_) => Deed::Own,
            Self::Governance(_) => Deed::GovernanceCarrier,
            Self::Unknown(unknown) if unknown.trust_min() > Trust::Guest => Deed::Publication,
            Self::Unknown(_) => Deed::PlainPost,
        }
    }
}
