//! From a verified activity to its effect: one exhaustive match, one arm per feature.
//!
//! A new message does not compile until somebody receives it. Each arm runs inside the one
//! transaction that also stores the activity (house.md §3, §8). Not here: HTTP, signatures, budgets.

use interkpa_federation::permission::{self, PermissionError, Voice};
use interkpa_federation::trust::NotHeard;
use interkpa_federation::{Activity, Body, Heard, Instant, ParseError, Peer, Uri};
use interkpa_web::markup::{self, SafeHtml};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::proposals::inbox::remarks;
use crate::features::{agreements, follows, proposals, votes};
use crate::fediverse::{announce, gone, remote};
use crate::http::{AppError, Kind};

/// What an activity did here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It changed something, or confirmed what we hold.
    Applied,
    /// It changed nothing; the word says why and is kept with the activity.
    Ignored(&'static str),
    /// It needs something we do not hold yet; a job runs it again.
    Waiting(Needs),
    /// We do not know what it means: kept as it came.
    Unknown,
}

/// What a waiting activity needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// The address of what is missing: an object, or the activity that must come first.
    pub uri: Uri,
    /// Whether it is fetched from its owner; else it has to arrive by itself, within 7 days
    /// (security.md D54).
    pub fetch: bool,
}

/// Why an activity is not taken in. Nothing of it is stored.
#[derive(Debug)]
pub struct Refusal {
    /// Stable code of the answer.
    pub code: &'static str,
    /// Decides the status of the answer.
    pub kind: Kind,
    /// What happened below, for the log alone.
    pub source: Option<StoreError>,
}

impl Refusal {
    /// 403 with a stable code.
    pub const fn forbidden(code: &'static str) -> Self {
        Self {
            code,
            kind: Kind::Forbidden,
            source: None,
        }
    }

    /// 400 with a stable code: the shape is wrong.
    pub const fn malformed(code: &'static str) -> Self {
        Self {
            code,
            kind: Kind::Malformed,
            source: None,
        }
    }

    /// 422 with a stable code: the values break a rule.
    pub const fn invalid(code: &'static str) -> Self {
        Self {
            code,
            kind: Kind::Invalid,
            source: None,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let refused = AppError::from(error);
        let source = refused
            .source
            .and_then(|source| source.downcast::<StoreError>().ok());
        Self {
            code: refused.code,
            kind: refused.kind,
            source,
        }
    }
}

impl From<PermissionError> for Refusal {
    fn from(error: PermissionError) -> Self {
        Self::forbidden(error.code())
    }
}

impl From<NotHeard> for Refusal {
    fn from(error: NotHeard) -> Self {
        Self::forbidden(error.code())
    }
}

impl From<ParseError> for Refusal {
    fn from(error: ParseError) -> Self {
        Self::malformed(error.code())
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self {
            source: refusal.source.map(anyhow::Error::new),
            ..Self::new(refusal.kind, refusal.code)
        }
    }
}

/// Who sent an activity, after its signature was verified.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Its server and tier.
    pub peer: Peer,
    /// For whom it may speak there.
    pub voice: Voice,
}

/// The HTML of an activity, reduced to what may be shown. Cleaning 64 KB takes milliseconds: it is
/// done before the one writer of the database is held, not in the transaction.
#[derive(Debug, Clone, Default)]
pub struct Cleaned(SafeHtml);

impl Cleaned {
    /// Cleans the text of what is received by a feature that shows HTML.
    pub fn of(activity: &Activity) -> Self {
        let html = match &activity.body {
            Body::Proposal(message) => Some(message.object().description_html.as_str()),
            Body::Note(message) => message
                .object()
                .content_html
                .as_deref()
                .map(remarks::bounded),
            Body::Flag(flag) => flag.content_html.as_deref(),
            _ => None,
        };
        html.map_or_else(Self::default, |html| {
            Self(markup::remote_html(&html.replace('\0', "")))
        })
    }

    /// The HTML.
    pub const fn html(&self) -> &SafeHtml {
        &self.0
    }
}

/// Applies the permission rule, then hands the activity to the feature that receives it.
///
/// # Errors
/// [`Refusal`]: nothing is stored.
pub fn dispatch(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    sender: &Sender,
    (activity, cleaned): (&Activity, &Cleaned),
) -> Result<Effect, Refusal> {
    let heard = permission::check(activity, &sender.peer, sender.voice, &app.origin)?;
    if let Some((object, version)) = appearing(&activity.body)
        && gone::is_gone(tx, object, version, activity)?
    {
        return Ok(Effect::Ignored("deleted"));
    }
    apply(app, tx, now, sender, &heard, (activity, cleaned))
}

fn apply(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    sender: &Sender,
    heard: &Heard,
    (activity, cleaned): (&Activity, &Cleaned),
) -> Result<Effect, Refusal> {
    let said = (activity, cleaned.html());
    match &activity.body {
        Body::Follow(message) => follows::receive(app, tx, now, heard, activity, message),
        Body::Answer(answer) => follows::receive_answer(app, tx, now, heard, activity, answer),
        Body::Undo(undo) => follows::receive_undo(app, tx, now, heard, activity, undo),
        Body::Announce(announced) => announce::receive(app, tx, now, heard, activity, announced),
        Body::Delete(deletion) => gone::receive(app, tx, now, sender.voice, activity, deletion),
        Body::Actor(actor) => remote::receive(app, tx, now, activity, actor),
        Body::Like(_) => Ok(Effect::Ignored("like")),
        Body::Participation(_) => Ok(Effect::Ignored("participation")),
        // An account that moves here or elsewhere is followed anew by hand (security.md D36).
        Body::Move(_) => Err(Refusal::forbidden("move_refused")),
        Body::Response(message) => {
            agreements::inbox::receive_response(app, tx, now, heard, activity, message)
        }
        Body::Agreement(message) => {
            agreements::inbox::receive_agreement(app, tx, now, heard, activity, message)
        }
        Body::Proposal(message) => {
            let from = (heard, sender.voice);
            proposals::inbox::receive(app, tx, now, from, said, message)
        }
        Body::Note(message) => remarks::receive(app, tx, now, heard, said, message),
        Body::Flag(flag) => remarks::receive_flag(app, tx, now, heard, (flag, cleaned.html())),
        Body::Governance(_) => votes::receive(app, tx, now, heard, activity),
        Body::Unknown(_) => {
            collection_is_theirs(sender, activity)?;
            Ok(Effect::Unknown)
        }
    }
}

/// `Add` and `Remove` change a collection: only its own server may (security.md D37).
fn collection_is_theirs(sender: &Sender, activity: &Activity) -> Result<(), Refusal> {
    let text = |key| activity.raw.get(key).and_then(serde_json::Value::as_str);
    if !matches!(text("type"), Some("Add" | "Remove")) {
        return Ok(());
    }
    let target = text("target").and_then(|target| Uri::parse(target).ok());
    match target {
        Some(target) if target.origin() == sender.peer.origin => Ok(()),
        _ => Err(Refusal::forbidden("not_owner")),
    }
}

/// The object that an activity makes appear or change, and when its owner made this version.
fn appearing(body: &Body) -> Option<(&Uri, Option<Instant>)> {
    match body {
        Body::Proposal(message) => {
            let object = message.object();
            Some((&object.id, Some(object.updated.unwrap_or(object.published))))
        }
        Body::Note(message) => {
            let note = message.object();
            Some((&note.id, note.updated.or(note.published)))
        }
        _ => None,
    }
}

/// The activity type and the kind of its object, for lists and metrics: `Create:offer`.
pub fn kind_of(activity: &Activity) -> String {
    let text = |value: Option<&serde_json::Value>| {
        value
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut kind = text(activity.raw.get("type"));
    let object = activity.object();
    let of_object = text(object.and_then(|object| object.get("ikpa:kind")));
    let of_object = if of_object.is_empty() {
        text(object.and_then(|object| object.get("type")))
    } else {
        of_object
    };
    if !of_object.is_empty() {
        kind.push(':');
        kind.push_str(&of_object);
    }
    kind.chars().filter(|c| !c.is_control()).take(80).collect()
}
