//! Votes of the network, « un KPA, une voix »: the list, one vote, casting the voice of the KPA.

use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, body};
use crate::views::parts::Link;

mod cast;
mod minutes;
mod open;
mod page;
mod register;
mod samples;

pub use cast::{
    Asked, BallotForm, BallotSummary, ConfirmPage, Entry, NotForYou, Receipt, Told, VoteHead,
};
pub use minutes::{CheckLine, MinutesPage, VerifyPage};
pub use open::{OpenVoteForm, OpenVotePreview};
pub use page::{Incident, Proof, Signing, VotePage, VoterLine, WaitingBallot};
pub use register::{RegisterLine, RegisterPage};
pub(crate) use samples::lines;

crate::words::coded! {
    /// How far a vote is, as people read it.
    Stage {
        /// It opens later.
        Planned = "planned", "vote-stage-planned", "calendar";
        /// KPA vote.
        Open = "open", "vote-stage-open", "speak";
        /// The close is past; the minutes are being read again and signed.
        Closing = "closing", "vote-stage-closing", "clock";
        /// The result is certified.
        Over = "over", "vote-stage-over", "check";
        /// It was certified, and a recount gave something else.
        Refuted = "refuted", "vote-stage-refuted", "warn";
    }
}

impl Stage {
    /// The CSS tone of its badge.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Planned => "quiet",
            Self::Open => "info",
            Self::Closing => "warn",
            Self::Over => "good",
            Self::Refuted => "bad",
        }
    }
}

/// One line of a list of votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteLine {
    /// The vote.
    pub href: String,
    /// Its title, cleaned.
    pub title: String,
    /// The KPA that asks, without the word.
    pub author: String,
    /// How far it is.
    pub stage: Stage,
    /// When it closes, or closed.
    pub closes: Stamp,
    /// The result in one finished sentence.
    pub result: Option<String>,
    /// For a member: what the own KPA did, finished.
    pub own: Option<String>,
}

/// The votes of the network (`/decisions`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteList {
    /// Those in which KPA vote now, or soon.
    pub open: Vec<VoteLine>,
    /// Those whose minutes are being signed.
    pub closing: Vec<VoteLine>,
    /// Those with a result, the latest first.
    pub over: Vec<VoteLine>,
    /// True for a spokesperson of a KPA with a voice.
    pub may_open: bool,
    /// True if this KPA belongs to a network.
    pub in_network: bool,
    /// The next page.
    pub next: Option<Link>,
}

impl Page for VoteList {
    fn title(&self, l: Locale) -> String {
        l.t("votes-title")
    }

    body!(VoteList, "votes/list.html");

    fn may_be_indexed(&self) -> bool {
        true
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::lists(l)
    }
}
