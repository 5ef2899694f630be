//! Offers and needs: a Note with FEP-0837 intents (federation.md 6.2, product.md 4.1).

use super::quantity::Quantity;
use super::recipients::Recipients;
use super::terms::{Action, KindName, Purpose, Settlement, Visibility};
use crate::trust::Trust;
use crate::{Instant, Uri};

mod fit;
mod read;
mod write;
pub use fit::{FitError, fits};
pub(crate) use read::{attachments, hashtags};
pub use write::{change, object, publish, withdraw};

/// Most reciprocal intents of one proposal (hours and euros together).
pub const RECIPROCAL_MAX: usize = 2;

/// What a hub says about one of its proposals. A withdrawal travels as
/// [`Deletion`](super::delete::Deletion), because a tombstone must work before its object is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposalMessage {
    /// `Create`: it is published.
    Published(Box<ProposalObject>),
    /// `Update`: it changed; older `updated` than the copy held changes nothing.
    Changed(Box<ProposalObject>),
}

/// An offer or a need as it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalObject {
    /// Address of page and JSON.
    pub id: Uri,
    /// Offered or asked for.
    pub purpose: Purpose,
    /// What kind of agreement it leads to.
    pub kind: KindName,
    /// The author: a member's public actor, or the hub for a member who did not opt in.
    pub attributed_to: Uri,
    /// The hub of the author (`audience`).
    pub hub: Uri,
    /// First recipients.
    pub to: Recipients,
    /// Further recipients.
    pub cc: Recipients,
    /// How far it may be shown; others may narrow it, never widen it.
    pub visibility: Visibility,
    /// Title, one line of plain text.
    pub title: String,
    /// Description in French, HTML, without the title; may be empty.
    pub description_html: String,
    /// Description in English, HTML, without the title.
    pub description_en_html: Option<String>,
    /// Page for people.
    pub url: Uri,
    /// First publication.
    pub published: Instant,
    /// Last change.
    pub updated: Option<Instant>,
    /// End of validity: no response is accepted afterwards (I-06).
    pub expires_at: Option<Instant>,
    /// Where, at commune precision.
    pub place: Option<Place>,
    /// Category, a code of the directory.
    pub category: Option<String>,
    /// ROME codes of the trade.
    pub rome: Vec<String>,
    /// Language codes of the people.
    pub languages: Vec<String>,
    /// Hashtags, `#` included.
    pub hashtags: Vec<Hashtag>,
    /// Pictures and files.
    pub attachments: Vec<Attachment>,
    /// Accepted ways of compensating.
    pub settlements: Vec<Settlement>,
    /// Whether a response may ask for multiples (FEP-0837).
    pub unit_based: bool,
    /// What flows from the proposer (offer) or to the proposer (need).
    pub primary: Intent,
    /// What flows back, at most [`RECIPROCAL_MAX`].
    pub reciprocal: Vec<Intent>,
}

/// One flow that is proposed (ValueFlows Intent).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Address: the proposal with a fragment.
    pub id: Uri,
    /// What happens.
    pub action: Action,
    /// What kind of resource, as an IRI or one of our prefixed names.
    pub conforms_to: Option<String>,
    /// Quantity of one unit of the proposal.
    pub quantity: Quantity,
    /// What is left in all.
    pub available: Option<Quantity>,
    /// The least that must come together (group purchase).
    pub minimum: Option<Quantity>,
    /// Not before.
    pub starts_at: Option<Instant>,
    /// Not after.
    pub ends_at: Option<Instant>,
}

/// A place, never finer than a commune (decision 13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name of the commune.
    pub name: String,
    /// Insee code of the commune.
    pub insee: Option<String>,
}

/// A hashtag and the page that lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashtag {
    /// With its `#`.
    pub name: String,
    /// The listing.
    pub href: Option<Uri>,
}

/// A file or picture shown with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Where it is.
    pub url: Uri,
    /// Media type as declared by the sender; not to be trusted.
    pub media_type: Option<String>,
    /// Description.
    pub name: Option<String>,
}

impl ProposalMessage {
    /// The proposal spoken about.
    pub fn object(&self) -> &ProposalObject {
        match self {
            Self::Published(object) | Self::Changed(object) => object,
        }
    }

    /// Publications are heard from members and allowed peers (federation.md 3.2).
    pub const fn trust_min(&self) -> Trust {
        Trust::Allowed
    }
}
