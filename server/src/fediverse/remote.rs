//! Actors of other servers: fetched, checked, kept as dated copies, refreshed.
//!
//! Whoever calls [`fetch`] or [`refresh`] has asked for the tier and the budget before: nothing is
//! fetched for a server that is not heard (security.md D21). Not here: what an actor may say.

mod discover;
pub mod jobs;
mod read;
pub(in crate::fediverse) mod store;

use interkpa_federation::actor::{ActorType, RemoteActor};
use interkpa_federation::origin::RefreshError;
use interkpa_federation::permission::Voice;
use interkpa_federation::{Activity, Instant, ParseError, Span, Uri};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::fediverse::client::{NetError, Purpose};
use crate::fediverse::receive::{Effect, Refusal};

pub(in crate::fediverse) use discover::resolve;
pub use discover::{Address, DiscoverError, discover};
pub use read::known_from;

/// Age at which a copy is renewed in the background.
pub const FRESH_SPAN: Span = Span::hours(24);

/// A dated copy of an actor that another server owns. Texts are clean: they may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownActor {
    /// Its address.
    pub uri: Uri,
    /// Its type; never changes silently.
    pub kind: ActorType,
    /// Whether it is the Group of a KPA, as its own document says.
    pub is_hub: bool,
    /// The name before the `@`.
    pub username: String,
    /// Displayed name, one clean line.
    pub name: String,
    /// Self-description, clean HTML.
    pub summary_html: String,
    /// Where activities for it go, on its own origin.
    pub inbox: Uri,
    /// Where activities for several actors of its server go at once, on its own origin.
    pub shared_inbox: Option<Uri>,
    /// Address of its signature key.
    pub key_id: Option<Uri>,
    /// Its signature key, PEM, of a kind we use.
    pub key_pem: Option<String>,
    /// Its proof key, multibase.
    pub proof_key: Option<String>,
    /// The hub it is a member of, when that hub confirms it (federation.md 3.3.8).
    pub hub: Option<Uri>,
    /// The document as fetched.
    pub document: String,
    /// Raised when a key changes: part of the name of a parsed key in the cache.
    pub version: i64,
    /// When the copy was made.
    pub fetched_at: Instant,
    /// Since when it is no more.
    pub gone_at: Option<Instant>,
}

impl KnownActor {
    /// `@name@host`, as people write it.
    pub fn handle(&self) -> String {
        format!("@{}@{}", self.username, self.uri.authority())
    }

    /// For whom it may speak on its own server.
    pub fn voice(&self) -> Voice {
        if self.is_hub {
            Voice::Hub
        } else {
            Voice::Single
        }
    }

    /// The inbox that deliveries to it use.
    pub fn delivery_inbox(&self) -> &Uri {
        self.shared_inbox.as_ref().unwrap_or(&self.inbox)
    }
}

/// Why an actor of another server is not kept.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// Its document could not be fetched.
    #[error(transparent)]
    Net(#[from] NetError),
    /// Its document has a shape we refuse.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// It has no usable name, or its inbox is on another server.
    #[error("actor document: {0}")]
    Unusable(&'static str),
    /// Its key and the document of the key do not name each other.
    #[error("the key and the actor do not name each other")]
    KeyNotOfActor,
    /// Its key is of a kind we do not use.
    #[error("the key is of a kind we do not use")]
    KeyUnsupported,
    /// Something changed that may not change silently (security.md D38).
    #[error(transparent)]
    Changed(#[from] RefreshError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RemoteError {
    /// A stable word for answers, tables and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Net(error) => error.code(),
            Self::Parse(error) => error.code(),
            Self::Unusable(_) => "actor_unusable",
            Self::KeyNotOfActor => "key_not_of_actor",
            Self::KeyUnsupported => "key_unsupported",
            Self::Changed(_) => "actor_changed",
            Self::Store(_) => "busy",
        }
    }
}

/// The copy we hold, without asking anybody.
///
/// # Errors
/// See [`StoreError`].
pub fn held(conn: &mut Conn, uri: &Uri) -> Result<Option<KnownActor>, StoreError> {
    store::find(conn, uri.as_str())
}

/// The copies we hold of several actors, for lists; at most 500, those unknown left out.
///
/// # Errors
/// See [`StoreError`].
pub fn held_all(conn: &mut Conn, uris: &[String]) -> Result<Vec<KnownActor>, StoreError> {
    store::find_all(conn, uris)
}

/// The copy we hold, or a new one.
///
/// # Errors
/// [`RemoteError`].
pub async fn fetch(app: &App, uri: &Uri) -> Result<KnownActor, RemoteError> {
    let wanted = uri.clone();
    let found = app
        .store
        .read(move |conn| store::find(conn, wanted.as_str()))
        .await?;
    match found {
        Some(actor) if actor.gone_at.is_none() => Ok(actor),
        _ => refresh(app, uri).await,
    }
}

/// Asks the owner's server again, and keeps what it says if nothing changed that may not.
///
/// # Errors
/// [`RemoteError`]; the copy we hold stays as it is, also when the server says that the actor is
/// gone: a job asks again later (security.md D51).
pub async fn refresh(app: &App, uri: &Uri) -> Result<KnownActor, RemoteError> {
    let fresh = read::from_network(app, uri, Purpose::Actor).await;
    if let Err(RemoteError::Net(NetError::Gone)) = fresh {
        jobs::confirm_gone_later(app, uri).await?;
    }
    let fresh = fresh?;
    keep(app, fresh).await
}

/// Keeps a fresh copy in a transaction of its own.
async fn keep(app: &App, fresh: KnownActor) -> Result<KnownActor, RemoteError> {
    app.store.write(move |tx| renew(tx, fresh)).await
}

/// Keeps a fresh copy: the one place where a copy changes. The version rises with the key.
///
/// # Errors
/// [`RemoteError::Changed`] when something changed that an administrator has to agree to.
pub fn renew(tx: &mut Conn, mut fresh: KnownActor) -> Result<KnownActor, RemoteError> {
    if let Some(held) = store::find(tx, fresh.uri.as_str())? {
        read::check_change(&held, &fresh)?;
        let same_key = held.key_id == fresh.key_id && held.key_pem == fresh.key_pem;
        fresh.version = if same_key {
            held.version
        } else {
            held.version + 1
        };
    }
    store::upsert(tx, &fresh)?;
    Ok(fresh)
}

/// Receives `Update` of an actor: what it says about itself, or what its hub says about it.
///
/// # Errors
/// [`Refusal`] when something changed that an administrator has to agree to, or its new document
/// is not usable.
pub fn receive(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    actor: &RemoteActor,
) -> Result<Effect, Refusal> {
    let Some(held) = store::find(tx, actor.id.as_str())? else {
        return Ok(Effect::Ignored("unknown_actor"));
    };
    let Some(document) = activity.object() else {
        // Only its address: what it says now is fetched.
        jobs::refresh_soon(app, tx, now, &held.uri)?;
        return Ok(Effect::Applied);
    };
    let refused = |error: RemoteError| match error {
        RemoteError::Store(error) => error.into(),
        other => Refusal::forbidden(other.code()),
    };
    let fresh = known_from(actor, document, now).map_err(refused)?;
    renew(tx, fresh).map_err(refused)?;
    Ok(Effect::Applied)
}

/// Notes that an actor is no more.
///
/// # Errors
/// See [`StoreError`].
pub fn mark_gone(tx: &mut Conn, uri: &Uri, now: Instant) -> Result<(), StoreError> {
    store::mark_gone(tx, uri.as_str(), now)
}

/// Notes that the actors with this inbox of their own are no more, and names them. An inbox that
/// several actors share names nobody.
///
/// # Errors
/// See [`StoreError`].
pub fn gone_with_inbox(tx: &mut Conn, inbox: &str, now: Instant) -> Result<Vec<Uri>, StoreError> {
    let texts = store::gone_with_inbox(tx, inbox, now)?;
    Ok(texts
        .iter()
        .filter_map(|text| Uri::parse(text).ok())
        .collect())
}
