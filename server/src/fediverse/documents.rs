//! What we publish about ourselves: actor documents, as bytes made once.
//!
//! The documents of the hub and of the instance actor depend on settings and keys alone: one
//! process makes them once. Those of members are kept by their revision (performance.md G11).

use std::sync::{Mutex, OnceLock, PoisonError};

use axum::body::Bytes;
use interkpa_federation::actor::{self, ActorKeys as PublishedKeys, LocalActor};
use interkpa_federation::vocabulary::proposal::Place;
use interkpa_federation::vocabulary::write::escape_html;
use interkpa_federation::{Instant, Uri};
use interkpa_web::markup;
use serde_json::Value;

use super::member_keys;
use super::ours::OurActor;
use crate::app::App;
use crate::bounded::{Bounded, Room};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::facts;
use crate::features::people::{self, PublicMember};
use crate::http::AppError;
use crate::ids::MemberId;

/// Most documents of members held as bytes.
const MEMBERS_MAX: usize = 256;

/// Documents made once.
#[derive(Debug)]
pub struct Documents {
    hub: OnceLock<Bytes>,
    instance: OnceLock<Bytes>,
    members: Mutex<Bounded<MemberId, (i64, Bytes)>>,
}

impl Documents {
    /// How many documents of members are held.
    pub fn room(&self) -> Room {
        self.members
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .room()
    }
}

impl Default for Documents {
    fn default() -> Self {
        Self {
            hub: OnceLock::new(),
            instance: OnceLock::new(),
            members: Mutex::new(Bounded::new(MEMBERS_MAX)),
        }
    }
}

/// The document of the Group of this hub.
///
/// # Errors
/// Those of the store.
pub async fn hub(app: &App) -> Result<Bytes, AppError> {
    if let Some(made) = app.fediverse.documents.hub.get() {
        return Ok(made.clone());
    }
    let made = bytes(&actor::hub(&hub_actor(app).await?));
    Ok(app.fediverse.documents.hub.get_or_init(|| made).clone())
}

/// The document of the instance actor.
///
/// # Errors
/// Those of the store.
pub async fn instance(app: &App) -> Result<Bytes, AppError> {
    if let Some(made) = app.fediverse.documents.instance.get() {
        return Ok(made.clone());
    }
    let document = LocalActor {
        id: OurActor::Instance.uri(app)?,
        preferred_username: app.origin.host().to_owned(),
        name: "Inter-KPA".to_owned(),
        summary_html: None,
        icon: None,
        place: None,
        fields: Vec::new(),
        published: founded_at(app).await?,
        updated: None,
        indexable: false,
        keys: app.keys.actor.published().clone(),
    };
    let made = bytes(&actor::instance(&document));
    Ok(app
        .fediverse
        .documents
        .instance
        .get_or_init(|| made)
        .clone())
}

/// The document of a member's Person; `None` for who did not opt in, as for who does not exist.
///
/// # Errors
/// Those of the store.
pub async fn member(app: &App, id: &MemberId) -> Result<Option<Bytes>, AppError> {
    let (wanted, address) = (id.clone(), OurActor::Member(id.clone()).address(app));
    let found = app
        .store
        .read(move |conn| -> Result<_, StoreError> {
            let Some(member) = people::public_member(conn, &wanted)? else {
                return Ok(None);
            };
            Ok(member_keys::published(conn, &address)?.map(|keys| (member, keys)))
        })
        .await?;
    let Some((member, keys)) = found else {
        return Ok(None);
    };
    let rev = member.rev;
    let mut held = app
        .fediverse
        .documents
        .members
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some((_, made)) = held.get(id).filter(|(of, _)| *of == rev) {
        return Ok(Some(made.clone()));
    }
    let made = bytes(&actor::member(
        &member_actor(app, member, keys)?,
        &OurActor::Hub.uri(app)?,
    ));
    held.insert(id.clone(), (rev, made.clone()));
    Ok(Some(made))
}

async fn hub_actor(app: &App) -> Result<LocalActor, AppError> {
    let hub = &app.config.hub;
    Ok(LocalActor {
        id: OurActor::Hub.uri(app)?,
        preferred_username: hub.slug.clone(),
        name: markup::clean_name(&hub.name),
        summary_html: (!hub.summary.trim().is_empty())
            .then(|| format!("<p>{}</p>", escape_html(hub.summary.trim()))),
        icon: None,
        place: place(&hub.town),
        fields: Vec::new(),
        published: founded_at(app).await?,
        updated: None,
        indexable: true,
        keys: app.keys.actor.published().clone(),
    })
}

fn member_actor(
    app: &App,
    member: PublicMember,
    keys: PublishedKeys,
) -> Result<LocalActor, AppError> {
    let summary = markup::member_text(&member.bio);
    Ok(LocalActor {
        id: OurActor::Member(member.id).uri(app)?,
        preferred_username: member.handle,
        name: markup::clean_name(&member.name),
        summary_html: (!summary.is_empty()).then(|| summary.as_str().to_owned()),
        icon: None,
        place: member.town.as_deref().and_then(place),
        fields: Vec::new(),
        published: member.created_at,
        updated: (member.updated_at > member.created_at).then_some(member.updated_at),
        indexable: false,
        keys,
    })
}

/// A commune by its name, never finer (decision 13).
fn place(town: &str) -> Option<Place> {
    let name = markup::clean_name(town);
    (!name.is_empty()).then_some(Place { name, insee: None })
}

fn bytes(document: &Value) -> Bytes {
    Bytes::from(document.to_string())
}

/// When this hub was first opened: the `published` of its actors.
///
/// # Errors
/// Those of the store.
pub async fn founded_at(app: &App) -> Result<Instant, AppError> {
    let found = app.store.read(fact).await?;
    if let Some(at) = found {
        return Ok(at);
    }
    let now = app.now();
    let settled = app
        .write(move |tx| -> Result<_, StoreError> {
            facts::settle(
                tx,
                facts::FOUNDED_AT,
                &now.as_milliseconds().to_string(),
                now,
            )
        })
        .await?;
    Ok(instant(&settled).unwrap_or(now))
}

fn fact(conn: &mut Conn) -> Result<Option<Instant>, StoreError> {
    let text = facts::get(conn, facts::FOUNDED_AT)?;
    Ok(text.as_deref().and_then(instant))
}

fn instant(text: &str) -> Option<Instant> {
    text.parse().ok().map(Instant::from_milliseconds)
}

/// The address of a thing of ours.
///
/// # Errors
/// Never for a hub whose settings were checked.
pub fn address(app: &App, path: &str) -> Result<Uri, AppError> {
    Ok(Uri::parse(&app.address(path)).map_err(anyhow::Error::new)?)
}
