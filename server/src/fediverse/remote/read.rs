//! From a document that a stranger wrote to a copy that we keep.

use interkpa_federation::actor::{PublicKey, RemoteActor};
use interkpa_federation::origin::{self, RefreshError};
use interkpa_federation::{Instant, Uri, webfinger};
use interkpa_web::markup;
use serde_json::Value;

use super::{KnownActor, RemoteError};
use crate::app::App;
use crate::fediverse::client::Purpose;
use crate::fediverse::rsa::VerifyingKey;

/// Fetches an actor document and everything that has to agree with it.
pub(super) async fn from_network(
    app: &App,
    uri: &Uri,
    purpose: Purpose,
) -> Result<KnownActor, RemoteError> {
    let document = app.client.document(uri, purpose).await?;
    let actor = RemoteActor::read(&document.value)?;
    if let Some(key) = &actor.public_key
        && key.id.without_fragment() != actor.id
    {
        check_key_document(app, &actor.id, key).await?;
    }
    known_from(&actor, &document.value, document.fetched_at)
}

/// A copy of an actor as its own document describes it, checked as far as the document goes.
///
/// # Errors
/// [`RemoteError`] names what is not usable.
pub fn known_from(
    actor: &RemoteActor,
    document: &Value,
    now: Instant,
) -> Result<KnownActor, RemoteError> {
    let ours = actor.id.origin();
    if actor.inbox.origin() != ours {
        return Err(RemoteError::Unusable("its inbox is on another server"));
    }
    let username = actor
        .preferred_username
        .clone()
        .filter(|name| webfinger::is_user(name))
        .ok_or(RemoteError::Unusable("it has no name before the @"))?;
    let (key_id, key_pem) = match &actor.public_key {
        Some(key) => {
            check_key(actor, key)?;
            (Some(key.id.clone()), Some(key.pem.clone()))
        }
        None => (None, None),
    };
    let name = actor
        .name
        .as_deref()
        .map(markup::clean_name)
        .filter(|name| !name.is_empty());
    let summary = actor.summary_html.as_deref().map(markup::remote_html);
    let proof_key = actor
        .assertion_methods
        .iter()
        .find(|key| key.belongs_to(&actor.id))
        .map(|key| key.key.to_multibase());
    Ok(KnownActor {
        uri: actor.id.clone(),
        kind: actor.actor_type,
        is_hub: actor.is_hub(),
        name: name.unwrap_or_else(|| username.clone()),
        username,
        summary_html: summary
            .map(|html| html.as_str().to_owned())
            .unwrap_or_default(),
        inbox: actor.inbox.clone(),
        shared_inbox: actor
            .shared_inbox
            .clone()
            .filter(|inbox| inbox.origin() == ours),
        key_id,
        key_pem,
        proof_key,
        hub: confirmed_hub(actor),
        document: document.to_string(),
        version: 0,
        fetched_at: now,
        gone_at: None,
    })
}

/// The hub a member names, when that hub confirms it: it serves both documents, so a member of
/// another origin than the hub is never confirmed (federation.md 3.3.8; FEP-fe34).
fn confirmed_hub(actor: &RemoteActor) -> Option<Uri> {
    actor
        .member_of
        .clone()
        .filter(|hub| hub.origin() == actor.id.origin() && *hub != actor.id)
}

fn check_key(actor: &RemoteActor, key: &PublicKey) -> Result<(), RemoteError> {
    if key.owner != actor.id || key.id.origin() != actor.id.origin() {
        return Err(RemoteError::KeyNotOfActor);
    }
    VerifyingKey::from_pem(&key.pem).map_err(|_unsupported| RemoteError::KeyUnsupported)?;
    Ok(())
}

/// A key with a document of its own (GoToSocial's `<actor>/main-key`) must name the actor back
/// (security.md §3.3 rule 13).
async fn check_key_document(app: &App, actor: &Uri, key: &PublicKey) -> Result<(), RemoteError> {
    if key.id.origin() != actor.origin() {
        return Err(RemoteError::KeyNotOfActor);
    }
    let document = app.client.document(&key.id, Purpose::Key).await?;
    if document.id == *actor {
        return Ok(());
    }
    let text = |name: &str| document.value.get(name).and_then(Value::as_str);
    let owner = text("owner").or_else(|| text("controller"));
    if document.id == key.id && owner == Some(actor.as_str()) {
        Ok(())
    } else {
        Err(RemoteError::KeyNotOfActor)
    }
}

/// What may not change silently between two copies (security.md D38).
pub(super) fn check_change(held: &KnownActor, fresh: &KnownActor) -> Result<(), RefreshError> {
    let read = |copy: &KnownActor| {
        let document = serde_json::from_str::<Value>(&copy.document).ok()?;
        RemoteActor::read(&document).ok()
    };
    match (read(held), read(fresh)) {
        (Some(held), Some(fresh)) => origin::refreshed(&held, &fresh),
        _ if held.kind != fresh.kind => Err(RefreshError::TypeChanged),
        _ => Ok(()),
    }
}
