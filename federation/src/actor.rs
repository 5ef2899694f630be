//! Actors: documents of other servers read with tolerance, and the three kinds of our own.
//!
//! Not here: keys as mathematics (`multikey`, the server's RSA), fetching, WebFinger (`webfinger`).

use serde_json::Value;

use crate::multikey::Multikey;
use crate::vocabulary::ParseError;
use crate::vocabulary::proposal::Place;
use crate::vocabulary::read::{Fields, ITEMS_MAX};
use crate::{Instant, Uri};

mod write;
pub use write::{ActorKeys, LocalActor, hub, instance, member};

/// Longest public key taken in, in bytes of PEM (security.md D18).
pub const KEY_BYTES_MAX: usize = 8_192;
/// Most keys read of one actor.
pub const KEYS_MAX: usize = 10;

words! {
    /// The five actor types of ActivityStreams.
    pub enum ActorType {
        /// A hub, a community.
        Group = "Group",
        /// A person.
        Person = "Person",
        /// A server.
        Application = "Application",
        /// A bot or service.
        Service = "Service",
        /// An organisation.
        Organization = "Organization",
    }
}

/// An actor of any server. What it claims about itself counts only on its own origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteActor {
    /// Address.
    pub id: Uri,
    /// Type; never changes silently (security.md D38).
    pub actor_type: ActorType,
    /// The name before the `@`.
    pub preferred_username: Option<String>,
    /// The handle it claims (FEP-2c59), to be verified by WebFinger.
    pub webfinger: Option<String>,
    /// Displayed name, plain text.
    pub name: Option<String>,
    /// Self-description, HTML, to be sanitised before display.
    pub summary_html: Option<String>,
    /// Page for people.
    pub url: Option<Uri>,
    /// Where activities for it go.
    pub inbox: Uri,
    /// Where many deliveries to its server go at once.
    pub shared_inbox: Option<Uri>,
    /// Its activities.
    pub outbox: Option<Uri>,
    /// The collection of its followers.
    pub followers: Option<Uri>,
    /// The key of its HTTP signatures.
    pub public_key: Option<PublicKey>,
    /// The keys of its proofs (FEP-521a) that we can check and that are its own.
    pub assertion_methods: Vec<Multikey>,
    /// Its picture.
    pub icon: Option<Uri>,
    /// Fields of its profile.
    pub fields: Vec<ProfileField>,
    /// Where it is, at the precision it gives.
    pub place: Option<Place>,
    /// Whether it wants to be found.
    pub discoverable: bool,
    /// Whether it wants to be indexed (FEP-5feb); absent means no.
    pub indexable: bool,
    /// Whether it decides on followers by hand.
    pub manually_approves_followers: bool,
    /// Our kind, `hub` for a KPA.
    pub kind: Option<String>,
    /// The hub it says it belongs to; counts only if that hub lists it back (federation.md 3.3.8).
    pub member_of: Option<Uri>,
    /// Other addresses of the same actor.
    pub also_known_as: Vec<Uri>,
    /// Where it moved.
    pub moved_to: Option<Uri>,
    /// When it came to be.
    pub published: Option<Instant>,
    /// When it last changed.
    pub updated: Option<Instant>,
}

/// The key of HTTP signatures, as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Address of the key.
    pub id: Uri,
    /// The actor it belongs to; must be the actor that publishes it (federation.md 2.5).
    pub owner: Uri,
    /// PEM, not parsed.
    pub pem: String,
}

/// One line of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileField {
    /// Its label, plain text.
    pub name: String,
    /// Its value; HTML of the sender.
    pub value_html: String,
}

impl RemoteActor {
    /// Whether a type name is one of the five actor types.
    pub fn is_actor_type(name: &str) -> bool {
        ActorType::parse(name).is_some()
    }

    /// Reads an actor document; of several types the first known one counts, as Mastodon reads.
    ///
    /// # Errors
    /// [`ParseError`] when it has no address, no known type, no inbox, or breaks a limit.
    pub fn read(value: &Value) -> Result<Self, ParseError> {
        let fields = Fields::of(value, "actor")?;
        let id = fields.uri_needed("id")?;
        let actor_type = fields
            .type_name(Self::is_actor_type)
            .ok_or(ParseError::Missing { field: "type" })
            .and_then(|name| ActorType::parse(name).ok_or(ParseError::Wrong { field: "type" }))?;
        let endpoints = fields.get("endpoints");
        let endpoints = endpoints.and_then(|e| Fields::of(e, "endpoints").ok());
        Ok(Self {
            actor_type,
            preferred_username: fields.line_if_good("preferredUsername")?,
            webfinger: fields.line_if_good("webfinger")?,
            name: fields.line_if_good("name")?,
            summary_html: fields.html_if_good("summary")?,
            url: fields.uri_if_good("url"),
            inbox: fields.uri_needed("inbox")?,
            shared_inbox: endpoints.and_then(|e| e.uri_if_good("sharedInbox")),
            outbox: fields.uri_if_good("outbox"),
            followers: fields.uri_if_good("followers"),
            public_key: public_key(fields, &id)?,
            assertion_methods: assertion_methods(fields, &id),
            icon: image(fields, "icon"),
            fields: profile_fields(fields)?,
            place: Place::read(fields)?,
            discoverable: fields.flag_if_good("discoverable").unwrap_or(false),
            indexable: fields.flag_if_good("indexable").unwrap_or(false),
            manually_approves_followers: fields
                .flag_if_good("manuallyApprovesFollowers")
                .unwrap_or(false),
            kind: fields.line_if_good("ikpa:kind")?,
            member_of: fields.uri_if_good("ikpa:memberOf"),
            also_known_as: addresses(fields, "alsoKnownAs"),
            moved_to: fields.uri_if_good("movedTo"),
            published: fields.instant_if_good("published"),
            updated: fields.instant_if_good("updated"),
            id,
        })
    }

    /// Whether this is the Group actor of a KPA.
    pub fn is_hub(&self) -> bool {
        self.actor_type == ActorType::Group && self.kind.as_deref() == Some("hub")
    }
}

impl PublicKey {
    /// Reads a document found at a key id: a bare key, an actor, or the stub of an actor that
    /// GoToSocial serves there. The owner is what the document says: the caller then looks whether
    /// that actor names this key (federation.md 2.5).
    ///
    /// # Errors
    /// [`ParseError`] when it holds no key with an owner, or a key over the limit.
    pub fn read(document: &Value) -> Result<Self, ParseError> {
        let field = "publicKey";
        let fields = Fields::of(document, field)?;
        if fields.get("publicKeyPem").is_some() {
            return Self::of(fields)?.ok_or(ParseError::Missing { field: "owner" });
        }
        for item in fields.items(field).iter().take(KEYS_MAX) {
            if let Ok(key) = Fields::of(item, field)
                && let Some(key) = Self::of(key)?
            {
                return Ok(key);
            }
        }
        Err(ParseError::Missing { field })
    }

    /// The key in one object; `None` when it has no text, address or owner.
    fn of(key: Fields<'_>) -> Result<Option<Self>, ParseError> {
        let field = "publicKeyPem";
        let pem = key.get(field).and_then(Value::as_str);
        if pem.is_some_and(|pem| pem.len() > KEY_BYTES_MAX) {
            return Err(ParseError::TooLong {
                field,
                max: KEY_BYTES_MAX,
            });
        }
        let found = (pem, key.uri_if_good("id"), key.uri_if_good("owner"));
        Ok(match found {
            (Some(pem), Some(id), Some(owner)) => Some(Self {
                id,
                owner,
                pem: pem.to_owned(),
            }),
            _ => None,
        })
    }
}

/// The key owned by the actor; a key of somebody else is as good as none.
fn public_key(fields: Fields<'_>, actor: &Uri) -> Result<Option<PublicKey>, ParseError> {
    for item in fields.items("publicKey").iter().take(KEYS_MAX) {
        let Ok(key) = Fields::of(item, "publicKey") else {
            continue;
        };
        if let Some(key) = PublicKey::of(key)?.filter(|key| key.owner == *actor) {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

fn assertion_methods(fields: Fields<'_>, actor: &Uri) -> Vec<Multikey> {
    let items = fields.items("assertionMethod").iter().take(KEYS_MAX);
    items
        .filter_map(|item| Multikey::from_json(item).ok())
        .filter(|key| key.belongs_to(actor))
        .collect()
}

/// The address of a picture given as an address, an Image or a list of them.
fn image(fields: Fields<'_>, key: &'static str) -> Option<Uri> {
    let first = fields.items(key).first()?;
    match first {
        Value::String(text) => Uri::parse(text).ok(),
        object => Fields::of(object, key).ok()?.uri_if_good("url"),
    }
}

fn profile_fields(fields: Fields<'_>) -> Result<Vec<ProfileField>, ParseError> {
    let mut read = Vec::new();
    for item in fields.items("attachment").iter().take(ITEMS_MAX) {
        let Ok(field) = Fields::of(item, "attachment") else {
            continue;
        };
        if field.type_name(|name| name == "PropertyValue") != Some("PropertyValue") {
            continue;
        }
        if let (Some(name), Some(value_html)) =
            (field.line_if_good("name")?, field.html_if_good("value")?)
        {
            read.push(ProfileField { name, value_html });
        }
    }
    Ok(read)
}

fn addresses(fields: Fields<'_>, key: &str) -> Vec<Uri> {
    let items = fields.items(key).iter().take(ITEMS_MAX);
    let texts = items.filter_map(Value::as_str);
    texts.filter_map(|text| Uri::parse(text).ok()).collect()
}
