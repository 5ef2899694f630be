//! Authorised fetch: who reads an ActivityPub document, and whether they may (federation.md 2.7,
//! 3.2; security.md D100).
//!
//! A handler takes a [`Reader`] and asks it. For what is not public it answers 404, the same as for
//! what does not exist, unless its own rule entitles the reader.

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use interkpa_federation::signature::{Method, SignatureError};
use interkpa_federation::trust::{Deed, Verdict, verdict};
use interkpa_federation::{Origin, Trust, Uri};

use crate::app::App;
use crate::fediverse::peers;
use crate::fediverse::remote::{RemoteError, refresh, store};
use crate::fediverse::verify::{self, Verified};
use crate::http::{AppError, Identity, Kind};

/// Who reads.
#[derive(Debug, Clone)]
pub enum Reader {
    /// Nobody in particular.
    Unsigned,
    /// An actor of another server, by its signature.
    Signed(Box<Verified>),
}

impl Reader {
    /// Whether a public document is for this reader.
    ///
    /// # Errors
    /// 401 unsigned and 403 signed, as the mode and the tier say.
    pub fn may_read_public(&self, app: &App) -> Result<(), AppError> {
        match self {
            Self::Signed(_) => Ok(()),
            Self::Unsigned => match verdict(Deed::ReadPublic, Trust::Guest, peers::mode(app)) {
                Verdict::Refused(_) => Err(AppError::new(
                    Kind::Unauthenticated,
                    SignatureError::Missing.code(),
                )),
                _ => Ok(()),
            },
        }
    }

    /// The server of the reader, when it may read what it is entitled to beyond what is public: a
    /// member or an allowed peer.
    ///
    /// # Errors
    /// 401 for nobody in mode `network`, else 404, as for what does not exist.
    pub fn entitled(&self, app: &App) -> Result<&Verified, AppError> {
        self.may_read_public(app)?;
        match self {
            Self::Signed(verified) => match verified.peer.verdict(Deed::ReadPrivate) {
                Verdict::IfEntitled => Ok(verified),
                _ => Err(AppError::not_found()),
            },
            Self::Unsigned => Err(AppError::not_found()),
        }
    }

    /// The server of the reader.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            Self::Signed(verified) => Some(&verified.peer.origin),
            Self::Unsigned => None,
        }
    }
}

impl FromRequestParts<App> for Reader {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let read = read(parts, app).await;
        if let Err(refusal) = &read {
            app.fediverse.refusals.count(None, refusal.code);
        }
        read
    }
}

async fn read(parts: &Parts, app: &App) -> Result<Reader, AppError> {
    if !parts.headers.contains_key("signature") {
        return Ok(Reader::Unsigned);
    }
    let client = parts
        .extensions
        .get::<Identity>()
        .and_then(|identity| identity.client);
    let uri = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |original| &original.0);
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let method = if parts.method == axum::http::Method::HEAD {
        Method::Head
    } else {
        Method::Get
    };
    let claim = verify::read_claim(&app.origin, method, target, &parts.headers, &[], app.now());
    let claim = match claim {
        Ok(claim) => claim,
        Err(error) => {
            verify::charge_stranger(app, client)?;
            return Err(verify::unsigned(&error));
        }
    };
    if claim.key_id.origin() == app.origin {
        return Err(verify::unsigned(&SignatureError::KeyNotOfActor));
    }
    // The tier before anything is fetched for the key.
    let peer = verify::heard_peer(app, &claim.key_id.origin()).await?;
    let actor = actor_of_key(app, &claim.key_id, client).await?;
    let verified = verify::verify(app, &claim, &actor, peer, client).await?;
    peers::heard_reading(app, &verified.peer.origin).await?;
    Ok(Reader::Signed(Box::new(verified)))
}

/// The actor a key says it belongs to: a GET names only the key.
async fn actor_of_key(
    app: &App,
    key_id: &Uri,
    client: Option<std::net::IpAddr>,
) -> Result<Uri, AppError> {
    let wanted = key_id.clone();
    let held = app
        .store
        .read(move |conn| store::find_by_key(conn, wanted.as_str()))
        .await?;
    if let Some(actor) = held.filter(|actor| actor.uri.origin() == key_id.origin()) {
        return Ok(actor.uri);
    }
    let document = key_id.without_fragment();
    if document != *key_id {
        return Ok(document);
    }
    // A key with a document of its own: the document leads to the actor.
    verify::charge_stranger(app, client)?;
    match refresh(app, key_id).await {
        Ok(actor) => Ok(actor.uri),
        Err(RemoteError::Store(error)) => Err(error.into()),
        Err(_other) => Err(verify::unsigned(&SignatureError::KeyNotOfActor)),
    }
}
