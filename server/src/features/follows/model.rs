//! The words and rules of following. Pure.

use interkpa_federation::Instant;

use crate::app::App;
use crate::fediverse::ours::OurActor;
use crate::ids::MemberId;

/// Who follows, on our side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Follower {
    /// The KPA as such.
    Hub,
    /// A member, for the own feed.
    Member(MemberId),
}

impl Follower {
    /// The address under which the row is kept; of a member without public actor it never leaves.
    pub fn address(&self, app: &App) -> String {
        self.actor().address(app)
    }

    /// The actor of ours.
    pub fn actor(&self) -> OurActor {
        match self {
            Self::Hub => OurActor::Hub,
            Self::Member(id) => OurActor::Member(id.clone()),
        }
    }
}

/// How far a following got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowState {
    /// Asked; nothing is shown yet (security.md D96).
    Pending,
    /// Accepted.
    Accepted,
    /// Refused by the other side.
    Refused,
}

impl FollowState {
    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }

    /// The state of a stored word.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "pending" => Some(Self::Pending),
            "accepted" => Some(Self::Accepted),
            "refused" => Some(Self::Refused),
            _ => None,
        }
    }

    /// What an answer from the followed side makes of it; `None` when it changes nothing.
    ///
    /// A refusal also ends what was accepted; an acceptance does not revive what was refused
    /// (security.md D35).
    pub const fn answered(self, accepted: bool) -> Option<Self> {
        match (self, accepted) {
            (Self::Pending, true) => Some(Self::Accepted),
            (Self::Pending | Self::Accepted, false) => Some(Self::Refused),
            (Self::Accepted | Self::Refused, true) | (Self::Refused, false) => None,
        }
    }
}

/// One following.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// Address of who follows.
    pub follower: String,
    /// Address of who is followed.
    pub followed: String,
    /// Whether the follower is ours.
    pub follower_local: bool,
    /// Whether the followed is ours.
    pub followed_local: bool,
    /// How far it got.
    pub state: FollowState,
    /// Whether the follower asked for it; a hub's following may only be carried for members.
    pub own: bool,
    /// Address of the `Follow` on the wire; that of the hub for members it is carried for.
    pub activity: String,
    /// When it was asked, by the asker's clock.
    pub created_at: Instant,
    /// When it was answered.
    pub decided_at: Option<Instant>,
}
