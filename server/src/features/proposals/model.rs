//! What an offer or a need is, where it may go from where it stands, and who may do what to it.
//!
//! Pure: no clock, no database, no pages. What is typed becomes a [`NewProposal`](new::NewProposal)
//! in [`new`]; who sees it is in [`visibility`]. Source: product.md §4.1.

pub mod category;
pub mod new;
pub mod visibility;

use interkpa_federation::vocabulary::terms::{KindName, Purpose, Settlement, Visibility};
use interkpa_federation::{Instant, Span};
use interkpa_web::words::Category;

use crate::features::people::rights::{Right, Roles};
use crate::ids::{MemberId, ProposalId};

/// How long a proposal stays open unless its author says otherwise (web.md §12).
pub const LIFETIME_DEFAULT: Span = Span::days(60);
/// Furthest end an author may choose, in days.
pub const LIFETIME_DAYS_MAX: u32 = 365;
/// How long before its end the author is asked « Encore d'actualité ? ».
pub const NOTICE_BEFORE_EXPIRY: Span = Span::days(3);
/// The same words published again within this time are the same announcement: somebody went back in the
/// browser and pressed the button once more.
pub const SAME_AGAIN: Span = Span::minutes(10);
/// How long an unmet need waits before it is shown one step wider (decision 24).
pub const WIDENING_STEP: Span = Span::hours(24);

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Seen by its author alone.
    Draft,
    /// Seen and open to answers.
    Published,
    /// Kept back for a moment, by its author or by the team.
    Suspended,
    /// Found: nothing is left to answer.
    Fulfilled,
    /// Past its end.
    Expired,
    /// Taken back by its author, or by the hub that owns it.
    Withdrawn,
}

/// Something that is done to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Its text or terms change.
    Edit,
    /// It is kept back.
    Suspend,
    /// It is shown again.
    Resume,
    /// « Trouvé ! »
    Fulfil,
    /// It is taken back.
    Withdraw,
    /// Its end has come.
    Expire,
    /// An unmet need is shown one step wider.
    Widen,
    /// Units are agreed upon.
    Take,
    /// Units come back from an agreement that was cancelled.
    GiveBack,
}

/// Why a command changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It belongs to another hub, which decides alone (decision 5).
    #[error("the proposal belongs to another hub")]
    NotOurs,
    /// Where it stands does not allow it.
    #[error("the proposal is closed")]
    Closed,
    /// The member is neither its author nor somebody who acts on behalf of others.
    #[error("the member may not change this proposal")]
    NotAllowed,
    /// Fewer units are left than were asked for (I-01).
    #[error("not enough units are left")]
    NoLongerAvailable,
    /// The team keeps it back: only the team shows it again.
    #[error("the team keeps the proposal back")]
    KeptBack,
    /// Somebody changed it in between.
    #[error("the proposal was changed in between")]
    ChangedMeanwhile,
    /// It would have more pictures than a proposal has.
    #[error("the proposal has enough pictures")]
    TooManyPictures,
}

impl Refusal {
    /// The stable code of the answer.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotOurs => "not_ours",
            Self::Closed => "proposal_closed",
            Self::NotAllowed => "forbidden",
            Self::NoLongerAvailable => "no_longer_available",
            Self::KeptBack => "kept_back",
            Self::ChangedMeanwhile => "changed_meanwhile",
            Self::TooManyPictures => "too_many_pictures",
        }
    }
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Draft,
        Self::Published,
        Self::Suspended,
        Self::Fulfilled,
        Self::Expired,
        Self::Withdrawn,
    ];

    /// The word stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Suspended => "suspended",
            Self::Fulfilled => "fulfilled",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state a stored word means.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Where a command leads from here; `None` when it is refused.
    ///
    /// Editing brings nothing back to life except an expired proposal, whose author is asked
    /// « Encore d'actualité ? » and gives it another end. Units given back reopen what was
    /// fulfilled by the last agreement, unless its end has come.
    pub const fn after(self, command: Command) -> Option<Self> {
        match (self, command) {
            (Self::Published, Command::Edit | Command::Widen | Command::Take)
            | (Self::Suspended, Command::Resume)
            | (Self::Expired, Command::Edit)
            | (Self::Published | Self::Fulfilled, Command::GiveBack) => Some(Self::Published),
            (Self::Suspended, Command::Edit | Command::GiveBack)
            | (Self::Published, Command::Suspend) => Some(Self::Suspended),
            (Self::Published | Self::Suspended, Command::Fulfil) => Some(Self::Fulfilled),
            (Self::Published | Self::Suspended, Command::Expire)
            | (Self::Expired, Command::GiveBack) => Some(Self::Expired),
            (
                Self::Draft | Self::Published | Self::Suspended | Self::Expired | Self::Fulfilled,
                Command::Withdraw,
            )
            | (Self::Withdrawn, Command::GiveBack) => Some(Self::Withdrawn),
            _ => None,
        }
    }
}

/// An offer or a need: ours, or the dated copy of another hub's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Local key.
    pub id: ProposalId,
    /// Address of page and document, at its owner's.
    pub uri: String,
    /// Server that owns it.
    pub origin: String,
    /// The member's public actor, or the hub for a member who did not opt in.
    pub author_uri: String,
    /// The member who answers for it; `None` for a copy.
    pub member_id: Option<MemberId>,
    /// Offered or asked for.
    pub purpose: Purpose,
    /// What kind of agreement it leads to.
    pub kind: KindName,
    /// One line of plain text.
    pub title: String,
    /// Theme.
    pub category: Category,
    /// Commune; empty when not said.
    pub town: String,
    /// Where it stands.
    pub state: State,
    /// Who may see it now.
    pub visibility: Visibility,
    /// Nothing is answered from here on (I-06).
    pub expires_at: Instant,
    /// First publication.
    pub published_at: Instant,
    /// Last change, of the owner's version.
    pub updated_at: Instant,
    /// Number of changes: a form sent over an older one is refused.
    pub rev: i64,
    /// What lists do not need.
    pub details: Details,
}

/// The parts of a proposal that only its own page and its answers need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// Markdown as typed; empty for a copy.
    pub description: String,
    /// Cleaned HTML, without the title.
    pub content: String,
    /// The beginning of the text, plain.
    pub summary: String,
    /// BCP 47 language of title and text; empty when not said.
    pub lang: String,
    /// Accepted ways of settling.
    pub settlements: Vec<Settlement>,
    /// Units in all.
    pub quantity: i64,
    /// Units not agreed upon yet (I-01).
    pub available: i64,
    /// Duration of one unit, in minutes.
    pub minutes: Option<i64>,
    /// Price of one unit, in cents.
    pub price_cents: Option<i64>,
    /// When, in the author's words.
    pub when_text: String,
    /// How far an unmet need shall go in the end; `None` when it stays where it is.
    pub widen_to: Option<Visibility>,
    /// When it goes one step further.
    pub widen_at: Option<Instant>,
    /// Page at its owner's.
    pub url: String,
    /// The document as received, or as last sent; empty when nothing ever left.
    pub document: String,
    /// Age of a copy.
    pub fetched_at: Instant,
}

impl Proposal {
    /// Whether this hub owns it. A copy is never changed here, except hidden.
    pub const fn is_ours(&self) -> bool {
        self.member_id.is_some()
    }

    /// Whether it takes answers now (I-06).
    pub fn is_open_for_answers(&self, now: Instant) -> bool {
        self.state == State::Published && self.expires_at > now && self.details.available > 0
    }

    /// Path of its page on this hub, for ours and for copies.
    pub fn href(&self) -> String {
        href(&self.id)
    }

    /// Whether this member may change it: its author, or somebody who acts on behalf of others.
    ///
    /// # Errors
    /// [`Refusal::NotOurs`] for a copy, [`Refusal::NotAllowed`] otherwise.
    pub fn editable_by(&self, member: &MemberId, roles: &Roles) -> Result<(), Refusal> {
        match &self.member_id {
            None => Err(Refusal::NotOurs),
            Some(author) if author == member || roles.may(Right::ActOnBehalf) => Ok(()),
            Some(_) => Err(Refusal::NotAllowed),
        }
    }

    /// Where the command leads.
    ///
    /// # Errors
    /// [`Refusal::NotOurs`] for a copy, [`Refusal::Closed`] when its state does not allow it.
    pub fn after(&self, command: Command) -> Result<State, Refusal> {
        if !self.is_ours() {
            return Err(Refusal::NotOurs);
        }
        self.state.after(command).ok_or(Refusal::Closed)
    }
}

/// Path of the page of a proposal on this hub.
pub fn href(id: &ProposalId) -> String {
    format!("/objets/{id}")
}

#[cfg(test)]
mod tests;
