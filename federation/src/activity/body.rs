//! The one explicit match on activity type, object type and `ikpa:kind`.

use serde_json::Value;

use super::Body;
use crate::Uri;
use crate::actor::RemoteActor;
use crate::vocabulary::ParseError;
use crate::vocabulary::agreement::{AgreementMessage, AgreementObject};
use crate::vocabulary::announce::Announcement;
use crate::vocabulary::delete::Deletion;
use crate::vocabulary::fact::Fact;
use crate::vocabulary::follow::{FollowMessage, FollowPointer};
use crate::vocabulary::note::{NoteMessage, NoteObject, NoteType};
use crate::vocabulary::proposal::{ProposalMessage, ProposalObject};
use crate::vocabulary::reaction::{Answer, Flag, Like, Move, Participation, Undo};
use crate::vocabulary::read::{Fields, single};
use crate::vocabulary::response::{self, Refusal, ResponseMessage, ResponseObject};
use crate::vocabulary::statement::{Contact, Resolution, Statement, StatementKind};
use crate::vocabulary::unknown::{Governance, Unknown};

/// Longest type name kept of something unknown, in characters.
const TYPE_NAME_MAX: usize = 64;

/// The object as far as the match needs it.
struct Shape<'a> {
    value: &'a Value,
    type_name: Option<&'a str>,
    kind: Option<&'a str>,
}

impl<'a> Shape<'a> {
    fn of(fields: Fields<'a>) -> Result<Self, ParseError> {
        let field = "object";
        let value = single(fields.get(field).ok_or(ParseError::Missing { field })?);
        let object = Fields::of(value, field).ok();
        Ok(Self {
            value,
            type_name: object.and_then(|object| object.type_name(is_known_type)),
            kind: object
                .and_then(|object| object.get("ikpa:kind"))
                .and_then(Value::as_str),
        })
    }
}

fn is_known_type(name: &str) -> bool {
    NoteType::parse(name).is_some()
        || RemoteActor::is_actor_type(name)
        || matches!(
            name,
            "Agreement" | "EconomicEvent" | "Tombstone" | "Follow" | "Offer"
        )
}

/// What an activity of this type, with these keys, said by `actor`, means.
pub(super) fn read(type_name: &str, fields: Fields<'_>, actor: &Uri) -> Result<Body, ParseError> {
    Ok(match type_name {
        "Create" => created(&Shape::of(fields)?, actor)?,
        "Update" => updated(&Shape::of(fields)?, actor)?,
        "Offer" => match Shape::of(fields)? {
            shape if shape.type_name == Some("Agreement") => Body::Response(
                ResponseMessage::Offered(Box::new(ResponseObject::read(fields, actor)?)),
            ),
            shape => unknown(type_name, &shape, actor),
        },
        "Accept" | "Reject" => answer(type_name == "Accept", fields, actor)?,
        "Undo" => undone(&Shape::of(fields)?)?,
        "Follow" => Body::Follow(FollowMessage::Asked {
            object: fields.uri_needed("object")?,
        }),
        "Announce" => Body::Announce(Announcement::read(fields)?),
        "Delete" => Body::Delete(Deletion::read(fields, actor)?),
        "Like" => Body::Like(Like {
            object: fields.uri_needed("object")?,
        }),
        "Flag" => Body::Flag(Flag::read(fields)?),
        "Move" => Body::Move(Move {
            object: fields.uri_needed("object")?,
            target: fields.uri_needed("target")?,
        }),
        "Join" | "Leave" => Body::Participation(Participation {
            event: fields.uri_needed("object")?,
            joins: type_name == "Join",
            message_html: fields.html_if_good("participationMessage")?,
        }),
        other => Body::Unknown(Unknown {
            activity_type: other.chars().take(TYPE_NAME_MAX).collect(),
            object_type: None,
            kind: None,
            note: None,
        }),
    })
}

fn created(shape: &Shape<'_>, actor: &Uri) -> Result<Body, ParseError> {
    let value = shape.value;
    let agreement = match (shape.type_name, shape.kind.and_then(StatementKind::parse)) {
        (Some("Note"), None) if is_proposal(shape.kind) => {
            let object = Box::new(ProposalObject::read(value, actor)?);
            return Ok(Body::Proposal(ProposalMessage::Published(object)));
        }
        (Some("EconomicEvent"), _) => AgreementMessage::Fact(Box::new(Fact::read(value, actor)?)),
        (Some("Note"), Some(kind @ StatementKind::Contest)) => {
            AgreementMessage::Contested(Box::new(Statement::read(value, kind, actor)?))
        }
        (Some("Note"), Some(kind @ StatementKind::Cancellation)) => {
            AgreementMessage::Cancelled(Box::new(Statement::read(value, kind, actor)?))
        }
        (Some("Note"), Some(kind @ StatementKind::Message)) => {
            AgreementMessage::Said(Box::new(Statement::read(value, kind, actor)?))
        }
        (Some("Note"), Some(StatementKind::Resolution)) => {
            AgreementMessage::Resolved(Box::new(Resolution::read(value, actor)?))
        }
        (Some("Document"), Some(StatementKind::Contact)) => {
            AgreementMessage::Contact(Box::new(Contact::read(value, actor)?))
        }
        (Some(name), _) if name.starts_with("ikpa:") => {
            let type_name = name.chars().skip(5).take(TYPE_NAME_MAX).collect();
            return Ok(Body::Governance(Governance { type_name }));
        }
        (Some(name), _) if NoteType::parse(name).is_some() && shape.kind.is_none() => {
            let note = Box::new(NoteObject::read(value, actor)?);
            return Ok(Body::Note(NoteMessage::Published(note)));
        }
        _ => return Ok(unknown("Create", shape, actor)),
    };
    Ok(Body::Agreement(agreement))
}

fn updated(shape: &Shape<'_>, actor: &Uri) -> Result<Body, ParseError> {
    let value = shape.value;
    Ok(match shape.type_name {
        Some("Note") if is_proposal(shape.kind) => Body::Proposal(ProposalMessage::Changed(
            Box::new(ProposalObject::read(value, actor)?),
        )),
        Some("Agreement") => Body::Agreement(AgreementMessage::Copy(Box::new(
            AgreementObject::read(value, actor)?,
        ))),
        Some(name) if RemoteActor::is_actor_type(name) => {
            Body::Actor(Box::new(RemoteActor::read(value)?))
        }
        Some(name) if NoteType::parse(name).is_some() && shape.kind.is_none() => Body::Note(
            NoteMessage::Changed(Box::new(NoteObject::read(value, actor)?)),
        ),
        _ => unknown("Update", shape, actor),
    })
}

fn is_proposal(kind: Option<&str>) -> bool {
    matches!(kind, Some("offer" | "need"))
}

fn answer(accepted: bool, fields: Fields<'_>, actor: &Uri) -> Result<Body, ParseError> {
    let shape = Shape::of(fields)?;
    if shape.type_name == Some("Follow") {
        let pointer = follow_pointer(shape.value)?;
        return Ok(Body::Follow(if accepted {
            FollowMessage::Accepted(pointer)
        } else {
            FollowMessage::Rejected(pointer)
        }));
    }
    if let Some(result) = fields.get("result").filter(|_| accepted) {
        let is_agreement = Fields::of(result, "result")
            .is_ok_and(|result| result.type_name(is_known_type) == Some("Agreement"));
        if is_agreement {
            return Ok(Body::Response(ResponseMessage::Accepted {
                offer: fields.uri_needed("object")?,
                agreement: Box::new(AgreementObject::read(result, actor)?),
            }));
        }
    }
    let kind = fields.get("ikpa:kind").and_then(Value::as_str);
    if !accepted && (kind == Some(response::KIND) || shape.type_name == Some("Offer")) {
        return Ok(Body::Response(ResponseMessage::Refused(Refusal::read(
            fields,
        )?)));
    }
    Ok(Body::Answer(Answer {
        of: fields.uri_needed("object")?,
        accepted,
        message_html: fields.html_if_good("content")?,
    }))
}

fn undone(shape: &Shape<'_>) -> Result<Body, ParseError> {
    Ok(match shape.type_name {
        Some("Follow") => Body::Follow(FollowMessage::Undone(follow_pointer(shape.value)?)),
        Some("Offer") => Body::Response(ResponseMessage::TakenBack {
            offer: Fields::of(shape.value, "object")?.uri_needed("id")?,
        }),
        _ => Body::Undo(Undo::read(shape.value)?),
    })
}

fn follow_pointer(value: &Value) -> Result<FollowPointer, ParseError> {
    let follow = Fields::of(value, "object")?;
    Ok(FollowPointer {
        id: follow.uri("id")?,
        follower: follow.uri("actor")?,
        followed: follow.uri("object")?,
    })
}

fn unknown(activity_type: &str, shape: &Shape<'_>, actor: &Uri) -> Body {
    let short = |text: &str| text.chars().take(TYPE_NAME_MAX).collect();
    let is_note = shape
        .type_name
        .is_some_and(|name| NoteType::parse(name).is_some());
    let note = is_note
        .then(|| NoteObject::read(shape.value, actor).ok())
        .flatten();
    Body::Unknown(Unknown {
        activity_type: short(activity_type),
        object_type: shape.type_name.map(short),
        kind: shape.kind.map(short),
        note: note.map(Box::new),
    })
}
