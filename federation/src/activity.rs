//! An activity: who says what to whom. One explicit match on activity type, object type and
//! `ikpa:kind` gives its [`Body`]; nothing is guessed from which keys happen to be there.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::actor::RemoteActor;
use crate::trust::Trust;
use crate::vocabulary::agreement::AgreementMessage;
use crate::vocabulary::announce::Announcement;
use crate::vocabulary::delete::Deletion;
use crate::vocabulary::follow::FollowMessage;
use crate::vocabulary::note::NoteMessage;
use crate::vocabulary::proposal::ProposalMessage;
use crate::vocabulary::reaction::{Answer, Flag, Like, Move, Participation, Undo};
use crate::vocabulary::read::{Fields, single};
use crate::vocabulary::response::ResponseMessage;
use crate::vocabulary::unknown::{Governance, Unknown};
use crate::vocabulary::{ParseError, Recipients};
use crate::{Instant, Uri};

mod body;

/// An activity that was received or is to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct Activity {
    /// Its address; stored once (invariant 5).
    pub id: Uri,
    /// Who says it.
    pub actor: Uri,
    /// First recipients.
    pub to: Recipients,
    /// Further recipients.
    pub cc: Recipients,
    /// When it was said, as the sender says.
    pub published: Option<Instant>,
    /// What it says.
    pub body: Body,
    /// The JSON it came as.
    pub raw: Value,
}

/// What an activity says, one variant per feature that receives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// An offer or need appears or changes.
    Proposal(ProposalMessage),
    /// An answer to a proposal, and the answer to that.
    Response(ResponseMessage),
    /// Something about an agreement.
    Agreement(AgreementMessage),
    /// Following.
    Follow(FollowMessage),
    /// A plain post or reply.
    Note(NoteMessage),
    /// Something is made seen.
    Announce(Announcement),
    /// Something is no more.
    Delete(Deletion),
    /// An actor describes itself anew.
    Actor(Box<RemoteActor>),
    /// An event is joined or left.
    Participation(Participation),
    /// Something is liked.
    Like(Like),
    /// Something is reported.
    Flag(Flag),
    /// An actor moves.
    Move(Move),
    /// `Accept` or `Reject` of something named by id only.
    Answer(Answer),
    /// `Undo` of a like, an announcement, or something named by id only.
    Undo(Undo),
    /// A governance object is carried.
    Governance(Governance),
    /// Well-formed, without a meaning for us.
    Unknown(Unknown),
}

impl Body {
    /// The least trust with which it is heard (federation.md 3.2); votes ask for more by themselves.
    pub fn trust_min(&self) -> Trust {
        match self {
            Self::Proposal(m) => m.trust_min(),
            Self::Response(m) => m.trust_min(),
            Self::Agreement(m) => m.trust_min(),
            Self::Follow(m) => m.trust_min(),
            Self::Note(m) => m.trust_min(),
            Self::Announce(m) => m.trust_min(),
            Self::Delete(m) => m.trust_min(),
            Self::Actor(_) => Trust::Guest,
            Self::Participation(m) => m.trust_min(),
            Self::Like(m) => m.trust_min(),
            Self::Flag(m) => m.trust_min(),
            Self::Move(m) => m.trust_min(),
            Self::Answer(m) => m.trust_min(),
            Self::Undo(m) => m.trust_min(),
            Self::Governance(m) => m.trust_min(),
            Self::Unknown(m) => m.trust_min(),
        }
    }
}

impl Activity {
    /// Reads an activity from JSON that was read strictly (no repeated keys, bounded depth).
    ///
    /// # Errors
    /// [`ParseError`] names the key; what is well-formed but unknown is no error.
    pub fn parse(raw: Value) -> Result<Self, ParseError> {
        let field = "activity";
        if !raw.is_object() {
            return Err(ParseError::NotAnObject { field });
        }
        let fields = Fields::of(&raw, field)?;
        // Mastodon and others refuse arrays here, and so do we: one activity has one meaning.
        let type_name = match fields.get("type") {
            Some(Value::String(name)) => name.as_str(),
            Some(_) => return Err(ParseError::Wrong { field: "type" }),
            None => return Err(ParseError::Missing { field: "type" }),
        };
        let actor = fields.uri_needed("actor")?;
        Ok(Self {
            id: fields.uri_needed("id")?,
            to: Recipients::read(fields.get("to"), "to")?,
            cc: Recipients::read(fields.get("cc"), "cc")?,
            published: fields.instant_if_good("published"),
            body: body::read(type_name, fields, &actor)?,
            actor,
            raw,
        })
    }

    /// The embedded object as it came, when there is one.
    pub fn object(&self) -> Option<&Value> {
        self.raw.get("object").map(single).filter(|o| o.is_object())
    }
}

impl TryFrom<Value> for Activity {
    type Error = ParseError;
    fn try_from(raw: Value) -> Result<Self, ParseError> {
        Self::parse(raw)
    }
}

impl From<Activity> for Value {
    fn from(activity: Activity) -> Self {
        activity.raw
    }
}
