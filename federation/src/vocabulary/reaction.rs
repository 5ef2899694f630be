//! Small gestures: like, report, move, taking part, answers and undoings named by id only.

use serde_json::Value;

use super::error::ParseError;
use super::read::{Fields, ITEMS_MAX};
use super::write::{Envelope, activity, context_plain};
use crate::Uri;
use crate::trust::Trust;

/// `Like`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Like {
    /// What is liked.
    pub object: Uri,
}

/// `Flag`: a report to the moderators of the hub that holds the object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// What is reported: objects, actors; 1 to 50.
    pub objects: Vec<Uri>,
    /// Why; plain text or HTML of the sender.
    pub content_html: Option<String>,
}

/// `Move`: read, so that it can be refused by name (security.md D36).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The old actor.
    pub object: Uri,
    /// The new one.
    pub target: Uri,
}

/// `Join` or `Leave` of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participation {
    /// The event.
    pub event: Uri,
    /// Whether the actor joins; else it leaves.
    pub joins: bool,
    /// Words for the organiser; plain text or HTML.
    pub message_html: Option<String>,
}

/// `Accept` or `Reject` whose object is only an id: what it answers is found among what we sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The activity that is answered.
    pub of: Uri,
    /// Whether it is accepted.
    pub accepted: bool,
    /// Why; HTML.
    pub message_html: Option<String>,
}

/// `Undo` of something that is neither a Follow nor a response by its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// The activity that is undone, when named.
    pub activity: Option<Uri>,
    /// Its type, when embedded.
    pub type_name: Option<String>,
    /// What the undone activity was about, when embedded.
    pub object: Option<Uri>,
}

macro_rules! open_to_guests {
    ($($name:ident),+) => {$(
        impl $name {
            /// Open to everybody who is heard.
            pub const fn trust_min(&self) -> Trust {
                Trust::Guest
            }
        }
    )+};
}
open_to_guests!(Like, Flag, Move, Participation, Answer, Undo);

impl Flag {
    pub(crate) fn read(fields: Fields<'_>) -> Result<Self, ParseError> {
        let objects = fields.uris("object", ITEMS_MAX)?;
        if objects.is_empty() {
            return Err(ParseError::Missing { field: "object" });
        }
        Ok(Self {
            objects,
            content_html: fields.html_if_good("content")?,
        })
    }
}

impl Undo {
    pub(crate) fn read(object: &Value) -> Result<Self, ParseError> {
        let field = "object";
        if object.is_string() {
            return Ok(Self {
                activity: Some(super::read::uri_of(object, field)?),
                type_name: None,
                object: None,
            });
        }
        let fields = Fields::of(object, field)?;
        Ok(Self {
            activity: fields.uri("id")?,
            type_name: fields
                .type_name(|_| true)
                .map(|name| name.chars().take(64).collect()),
            object: fields.uri_if_good("object"),
        })
    }
}

/// `Like`.
pub fn like(envelope: &Envelope, object: &Uri) -> Value {
    activity(context_plain(), "Like", envelope, object.as_str().into()).done()
}

/// `Flag`, said by the instance actor so that the reporter stays unknown (security.md D99).
pub fn flag(envelope: &Envelope, flag: &Flag) -> Value {
    let objects: Value = flag
        .objects
        .iter()
        .map(|uri| Value::from(uri.as_str()))
        .collect();
    activity(context_plain(), "Flag", envelope, objects)
        .opt("content", flag.content_html.as_deref())
        .done()
}

/// `Move` of an actor to another address.
pub fn move_to(envelope: &Envelope, moved: &Move) -> Value {
    activity(
        context_plain(),
        "Move",
        envelope,
        moved.object.as_str().into(),
    )
    .uri("target", &moved.target)
    .done()
}
