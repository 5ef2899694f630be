//! Plain posts and replies of any server: read with tolerance, shown as text.

use serde_json::{Map, Value};

use super::error::ParseError;
use super::proposal::{Attachment, Hashtag, Place, attachments, hashtags};
use super::read::{Fields, ITEMS_MAX, owner_or};
use super::recipients::Recipients;
use super::write::{Envelope, Object, activity, context_plain};
use crate::trust::Trust;
use crate::{Instant, Span, Uri};

/// How far a date may lie ahead of our clock before it is taken back to it (security.md D56).
pub const AHEAD_MAX: Span = Span::hours(24);

words! {
    /// Object types that are shown as a post.
    pub enum NoteType {
        /// A short text.
        Note = "Note",
        /// A long text.
        Article = "Article",
        /// A post of Lemmy or PieFed.
        Page = "Page",
        /// An event of Mobilizon and others.
        Event = "Event",
        /// A poll of the fediverse; its text is shown, it is never a vote of ours.
        Question = "Question",
        /// A picture.
        Image = "Image",
        /// A film of PeerTube.
        Video = "Video",
        /// A sound.
        Audio = "Audio",
        /// A file.
        Document = "Document",
    }
}

/// A plain post appears or changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteMessage {
    /// `Create`.
    Published(Box<NoteObject>),
    /// `Update`.
    Changed(Box<NoteObject>),
}

/// A plain post. Everything but its address and owner may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteObject {
    /// Address.
    pub id: Uri,
    /// What the sender calls it.
    pub note_type: NoteType,
    /// Its owner.
    pub attributed_to: Uri,
    /// What it answers.
    pub in_reply_to: Option<Uri>,
    /// What it belongs to (a thread, an agreement).
    pub context: Option<Uri>,
    /// The group it is meant for (FEP-1b12).
    pub audience: Option<Uri>,
    /// First recipients.
    pub to: Recipients,
    /// Further recipients.
    pub cc: Recipients,
    /// Title, plain text.
    pub name: Option<String>,
    /// Short text or content warning, HTML.
    pub summary_html: Option<String>,
    /// Text, HTML, to be sanitised before display.
    pub content_html: Option<String>,
    /// Language code of the text.
    pub language: Option<String>,
    /// Page for people.
    pub url: Option<Uri>,
    /// First publication, as the sender says.
    pub published: Option<Instant>,
    /// Last change, as the sender says; never before `published`.
    pub updated: Option<Instant>,
    /// Begin of an event.
    pub starts_at: Option<Instant>,
    /// End of an event or poll.
    pub ends_at: Option<Instant>,
    /// Place of an event.
    pub place: Option<Place>,
    /// Whether the sender hides it behind a warning.
    pub sensitive: bool,
    /// Hashtags.
    pub hashtags: Vec<Hashtag>,
    /// Actors mentioned.
    pub mentions: Vec<Mention>,
    /// Pictures and files.
    pub attachments: Vec<Attachment>,
}

/// An actor named in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The actor.
    pub href: Uri,
    /// As written, `@name@host`.
    pub name: Option<String>,
}

impl NoteMessage {
    /// The post.
    pub fn object(&self) -> &NoteObject {
        match self {
            Self::Published(note) | Self::Changed(note) => note,
        }
    }

    /// Replies and questions are open to guests; where a post is shown depends on the tier
    /// (federation.md 3.2).
    pub const fn trust_min(&self) -> Trust {
        Trust::Guest
    }
}

impl NoteObject {
    /// Reads the object of a `Create` or `Update` sent by `actor`.
    ///
    /// # Errors
    /// [`ParseError`] when it has no address, no owner of the actor's origin, or breaks a limit.
    pub fn read(value: &Value, actor: &Uri) -> Result<Self, ParseError> {
        let fields = Fields::of(value, "object")?;
        let known = |name: &str| NoteType::parse(name).is_some();
        let type_name = fields.type_name(known).unwrap_or("Note");
        let published = fields.instant_if_good("published");
        let (content_html, language) = content(fields)?;
        Ok(Self {
            id: fields.uri_needed("id")?,
            note_type: NoteType::parse(type_name).unwrap_or(NoteType::Note),
            attributed_to: owner_or(fields, actor)?,
            in_reply_to: fields.uri_if_good("inReplyTo"),
            context: fields.uri_if_good("context"),
            audience: fields.uri_if_good("audience"),
            to: Recipients::read(fields.get("to"), "to")?,
            cc: Recipients::read(fields.get("cc"), "cc")?,
            name: fields.line_if_good("name")?,
            summary_html: fields.html_if_good("summary")?,
            content_html,
            language,
            url: fields.uri_if_good("url"),
            published,
            updated: fields
                .instant_if_good("updated")
                .filter(|updated| published.is_none_or(|published| *updated >= published)),
            starts_at: fields.instant_if_good("startTime"),
            ends_at: fields.instant_if_good("endTime"),
            place: Place::read(fields)?,
            sensitive: fields.flag_if_good("sensitive").unwrap_or(false),
            hashtags: hashtags(fields),
            mentions: mentions(fields),
            attachments: attachments(fields),
        })
    }

    /// The moment to sort by: the sender's date, at most [`AHEAD_MAX`] ahead of `now`.
    pub fn sorted_at(&self, now: Instant) -> Instant {
        let claimed = self.published.unwrap_or(now);
        if claimed > now + AHEAD_MAX {
            now
        } else {
            claimed
        }
    }
}

/// The text and its language: `content`, else the French, English or first entry of `contentMap`.
fn content(fields: Fields<'_>) -> Result<(Option<String>, Option<String>), ParseError> {
    let map = fields.get("contentMap").and_then(Value::as_object);
    if let Some(html) = fields.html_if_good("content")? {
        let same = |(_, text): &(&String, &Value)| text.as_str() == Some(html.as_str());
        let language = map.and_then(|map| map.iter().take(ITEMS_MAX).find(same));
        let language = language.map(|(code, _)| code.chars().take(16).collect());
        return Ok((Some(html), language));
    }
    let Some((language, Value::String(html))) = map.and_then(preferred) else {
        return Ok((None, None));
    };
    if html.len() > super::read::HTML_BYTES_MAX {
        return Err(ParseError::TooLong {
            field: "contentMap",
            max: super::read::HTML_BYTES_MAX,
        });
    }
    Ok((
        Some(html.clone()),
        Some(language.chars().take(16).collect()),
    ))
}

fn preferred(map: &Map<String, Value>) -> Option<(&String, &Value)> {
    map.get_key_value("fr")
        .or_else(|| map.get_key_value("en"))
        .or_else(|| map.iter().next())
}

fn mentions(fields: Fields<'_>) -> Vec<Mention> {
    let tags = fields.items("tag").iter().take(ITEMS_MAX);
    let read = |tag: &Value| {
        let tag = Fields::of(tag, "tag").ok()?;
        if tag.type_name(|name| name == "Mention")? != "Mention" {
            return None;
        }
        Some(Mention {
            href: tag.uri_if_good("href")?,
            name: tag.line_if_good("name").ok()?,
        })
    };
    tags.filter_map(read).collect()
}

/// `Create{Note}`: a reply or question of one of our members; a reply has no title, because some
/// servers would count it as a vote (linter `mastodon/11`).
pub fn reply(envelope: &Envelope, note: &NoteObject) -> Value {
    activity(context_plain(), "Create", envelope, body(note).done()).done()
}

/// The reply as it is served at its own address.
pub fn object(note: &NoteObject) -> Value {
    body(note).set("@context", context_plain()).done()
}

fn body(note: &NoteObject) -> Object {
    let texts = note.content_html.as_deref().map(|html| {
        Object::default()
            .set(note.language.as_deref().unwrap_or("fr"), html)
            .done()
    });
    let mentions = note.mentions.iter().map(|mention| {
        Object::new("Mention")
            .uri("href", &mention.href)
            .opt("name", mention.name.as_deref())
            .done()
    });
    Object::new(note.note_type.as_str())
        .uri("id", &note.id)
        .uri("attributedTo", &note.attributed_to)
        .opt_uri("inReplyTo", note.in_reply_to.as_ref())
        .opt_uri("audience", note.audience.as_ref())
        .addressed(&note.to, &note.cc)
        .opt("content", note.content_html.as_deref())
        .opt("contentMap", texts)
        .opt_uri("url", note.url.as_ref())
        .opt_instant("published", note.published)
        .opt_instant("updated", note.updated)
        .list("tag", mentions)
}
