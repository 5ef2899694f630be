//! What this hub serves of the votes to anybody: objects by hash, lists of hashes, bundles. They prove
//! themselves and are served unsigned in both modes (decision 34).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::object::{Kind, Object};
use interkpa_federation::governance::prove::Signatory;
use interkpa_federation::governance::receipt::Digest;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::features::votes::store::{certificates, objects, polls};
use crate::features::votes::{bundle, engine, exchange, register};
use crate::fediverse::actors::activity_json;
use crate::http::route::Method;
use crate::http::{AppError, Kind as Refused, Route};

/// Hashes on one page of a list.
const PAGE: i64 = 500;
/// The kind in the path that stands for any.
const ANY: &str = "objects";

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let read = |path, handler| Route::fediverse(Method::Get, path, handler);
    vec![
        read("/gov/{kind}/{hash}", get(object)),
        read("/gov/polls", get(poll_list)),
        read("/gov/statements", get(statement_list)),
        read("/gov/polls/{hash}/objects", get(object_list)),
        read("/gov/polls/{hash}/digest", get(digest)),
        read("/gov/polls/{hash}/bundle.json", get(bundle_of)),
    ]
}

/// The word of a kind in a path: `ikpa:SealList` is `seal-list`.
fn word(kind: Kind) -> String {
    let name = kind.as_str().strip_prefix("ikpa:").unwrap_or_default();
    let mut word = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

fn hash_of(text: &str) -> Result<ObjectHash, AppError> {
    ObjectHash::parse(text).ok_or_else(AppError::not_found)
}

/// An object by its hash; what a hash names never changes.
async fn object(
    State(app): State<App>,
    Path((kind, hash)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let hash = hash_of(&hash)?;
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(objects::find(conn, hash)?) })
        .await?;
    let object = found
        .filter(|object| kind == ANY || kind == word(object.kind()))
        .ok_or_else(AppError::not_found)?;
    let mut response = activity_json(Bytes::from(object.original().to_string()));
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, forever);
    Ok(response)
}

/// Which part of a list.
#[derive(Debug, Deserialize)]
struct Part {
    /// The hash behind which the page begins.
    after: Option<String>,
    /// Of this hub alone.
    signer: Option<String>,
}

impl Part {
    fn after(&self) -> Result<Option<ObjectHash>, AppError> {
        match self.after.as_deref() {
            None | Some("") => Ok(None),
            Some(text) => ObjectHash::parse(text)
                .map(Some)
                .ok_or_else(|| AppError::new(Refused::Malformed, "cursor_invalid")),
        }
    }

    fn signer(&self) -> Result<Option<String>, AppError> {
        match &self.signer {
            None => Ok(None),
            Some(text) => HubId::parse(text)
                .map(|hub| Some(hub.to_string()))
                .map_err(|_no_hub| AppError::new(Refused::Malformed, "hub_invalid")),
        }
    }
}

fn page(items: Vec<(ObjectHash, Kind)>) -> Json<Value> {
    let is_full = i64::try_from(items.len()).unwrap_or(i64::MAX) >= PAGE;
    let next = items.last().filter(|_| is_full);
    let next = next.map(|(hash, _)| hash.to_string());
    let items: Vec<Value> = items
        .into_iter()
        .map(|(hash, kind)| json!({"hash": hash.to_string(), "kind": kind.as_str()}))
        .collect();
    Json(json!({"items": items, "next": next}))
}

async fn poll_list(
    State(app): State<App>,
    Query(part): Query<Part>,
) -> Result<Json<Value>, AppError> {
    list_of(&app, &[Kind::Poll], &part).await
}

async fn statement_list(
    State(app): State<App>,
    Query(part): Query<Part>,
) -> Result<Json<Value>, AppError> {
    list_of(&app, &[Kind::KeyRotation, Kind::Pause], &part).await
}

async fn list_of(app: &App, kinds: &'static [Kind], part: &Part) -> Result<Json<Value>, AppError> {
    let after = part.after()?;
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            Ok(objects::hashes_of(conn, kinds, after, PAGE)?)
        })
        .await?;
    Ok(page(found))
}

/// What is held for a poll.
async fn object_list(
    State(app): State<App>,
    Path(hash): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<Value>, AppError> {
    let (hash, after, signer) = (hash_of(&hash)?, part.after()?, part.signer()?);
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            if polls::find(conn, hash)?.is_none() {
                return Err(AppError::not_found());
            }
            Ok(objects::held_kinds(
                conn,
                hash,
                after,
                signer.as_deref(),
                PAGE,
            )?)
        })
        .await?;
    Ok(page(found))
}

/// What is held for a poll in one hash, signed by this hub.
async fn digest(State(app): State<App>, Path(hash): Path<String>) -> Result<Response, AppError> {
    let hash = hash_of(&hash)?;
    let me = register::own_id(&app)?;
    let app_in = app.clone();
    let (summary, key) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let poll = objects::find(conn, hash)?.ok_or_else(AppError::not_found)?;
            let Body::Poll(asked) = poll.body() else {
                return Err(AppError::not_found());
            };
            let key = engine::key_for(&app_in, me, asked);
            Ok((exchange::summary(conn, hash)?, key))
        })
        .await?;
    let said = Digest {
        hub: me,
        poll: hash,
        count: summary.count,
        digest: summary.digest,
    };
    let signatory = Signatory {
        hub: me,
        key: &key,
        created: app.now(),
    };
    let signed = Object::sign(Body::Digest(said), &[signatory]).map_err(AppError::internal)?;
    Ok(activity_json(Bytes::from(signed.original().to_string())))
}

/// Everything needed to recount a certified poll.
async fn bundle_of(State(app): State<App>, Path(hash): Path<String>) -> Result<Response, AppError> {
    let hash = hash_of(&hash)?;
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let certificate = certificates::of_poll(conn, hash)?;
            if certificate.is_some_and(|one| one.refuted_at.is_some()) {
                return Err(AppError::new(Refused::Conflict, "certificate_refuted"));
            }
            Ok(bundle::of_poll(conn, hash)?)
        })
        .await?;
    let found = found.ok_or_else(|| AppError::new(Refused::NotFound, "not_certified"))?;
    Ok(Json(found).into_response())
}
