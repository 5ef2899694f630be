//! Pictures of an offer or a need, one call each.

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{self, post};
use interkpa_web::form::Form as WebForm;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::app::App;
use crate::features::proposals::api::change::{answer, mine};
use crate::features::proposals::api::shape::{self, ProposalJson};
use crate::features::proposals::commands::{self, By, Pictures};
use crate::features::proposals::model::new::photo_alt;
use crate::features::proposals::pictures::{self, NotTaken};
use crate::features::proposals::store::media;
use crate::http::error::{AppError, FieldError};
use crate::http::identity::{SignedIn, Visitor};
use crate::http::json::{self, Body, Done, IdempotencyKey};
use crate::http::route::{Access, Method, Route};
use crate::ids::{MediaId, ProposalId};

/// Largest picture of a call, in bytes. The setting `media.picture_bytes_max` may ask for less.
const PICTURE_BYTES_MAX: usize = 12 << 20;

/// The entries of the authorisation table.
pub fn routes() -> Vec<Route> {
    let change = |path, handler| Route::api(Method::Post, path, Access::Member, handler);
    let remove = |path, handler| Route::api(Method::Delete, path, Access::Member, handler);
    vec![
        change("/api/v1/proposals/{id}/pictures", post(add)).body_bytes_max(PICTURE_BYTES_MAX),
        change("/api/v1/proposals/{id}/pictures/{picture}", post(describe)),
        remove(
            "/api/v1/proposals/{id}/pictures/{picture}",
            routing::delete(delete),
        ),
    ]
}

/// What is said of a picture that is sent.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Described {
    /// What it shows, in at most 200 characters: some people cannot see.
    alt: Option<String>,
}

/// Adds a picture: the body is a JPEG, PNG or WebP file, read by its bytes and drawn anew, so that
/// no place and no camera stays in it. Four at most.
///
/// # Errors
/// 404, 403, 409 `too_many_pictures`, 413, 422 `description_required`, `not_a_picture`,
/// `file_too_big` or `photo_quota`.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/pictures", tag = "proposals",
    params(("id" = String, Path), Described),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 201, body = ProposalJson)))]
pub async fn add(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path(id): Path<String>,
    Query(described): Query<Described>,
    key: IdempotencyKey,
    body: Bytes,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(&id).ok_or_else(AppError::not_found)?;
    let scope = format!("api:picture:{}:{id}", member.id);
    if let Some(before) = json::answered_before(&app, &scope, &key).await? {
        return Ok(before);
    }
    let (identity, reader, wanted) = (visitor.0.clone(), member.clone(), id.clone());
    app.store
        .read(move |conn| mine(conn, &identity, &reader, &wanted).map(drop))
        .await?;
    let mut typed = WebForm::from_pairs([("alt", described.alt.unwrap_or_default())]);
    let alt = photo_alt(&mut typed, "alt");
    if !typed.is_fine() {
        return Err(shape::refused(&typed, visitor.locale));
    }
    let picture = match pictures::take_in(&app, &member.id, body, &alt, &[]).await {
        Ok(picture) => picture,
        Err(NotTaken::Failed(error)) => return Err(error),
        Err(NotTaken::Refused(problem)) => {
            return Err(AppError::invalid(vec![FieldError {
                field: "picture".to_owned(),
                code: problem.code(),
                detail: problem.sentence(visitor.locale),
            }]));
        }
    };
    let changes = Pictures {
        added: vec![picture],
        ..Pictures::default()
    };
    let (app_in, kept) = (app.clone(), changes.added_ids());
    let answered = json::once(&app, scope, key, move |tx, now| -> Result<_, AppError> {
        mine(tx, &visitor, &member, &id)?;
        let by = By::Member(&member.id, &member.roles);
        let done = commands::illustrate(&app_in, tx, now, by, &id, changes)?;
        Ok(Done {
            status: StatusCode::CREATED,
            location: Some(format!("/api/v1/proposals/{id}")),
            value: answer(&app_in, tx, &done.proposal)?,
        })
    })
    .await;
    if answered.is_err() {
        pictures::forget(&app, kept).await;
    }
    answered
}

/// Describes a picture in other words: `alt`.
///
/// # Errors
/// 404, 403, 409 when it is closed already, 422 with the field.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/pictures/{picture}", tag = "proposals",
    params(("id" = String, Path), ("picture" = String, Path)),
    responses((status = 200, body = ProposalJson)))]
pub async fn describe(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path((id, picture)): Path<(String, String)>,
    Body(body): Body<Map<String, Value>>,
) -> Result<Response, AppError> {
    let alt = body.get("alt").and_then(Value::as_str).unwrap_or_default();
    let mut typed = WebForm::from_pairs([("alt", alt)]);
    let alt = photo_alt(&mut typed, "alt");
    if !typed.is_fine() {
        return Err(shape::refused(&typed, visitor.locale));
    }
    change(&app, visitor, member, (&id, &picture), |picture| Pictures {
        described: vec![(picture, alt)],
        ..Pictures::default()
    })
    .await
}

/// Takes a picture away.
///
/// # Errors
/// 404, 403, 409 when it is closed already.
#[utoipa::path(delete, path = "/api/v1/proposals/{id}/pictures/{picture}", tag = "proposals",
    params(("id" = String, Path), ("picture" = String, Path)), responses((status = 204)))]
pub async fn delete(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Path((id, picture)): Path<(String, String)>,
) -> Result<Response, AppError> {
    change(&app, visitor, member, (&id, &picture), |picture| Pictures {
        dropped: vec![picture],
        ..Pictures::default()
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Changes one picture of a proposal that the member may change.
async fn change(
    app: &App,
    visitor: Visitor,
    member: SignedIn,
    (id, picture): (&str, &str),
    changes: impl FnOnce(MediaId) -> Pictures,
) -> Result<Response, AppError> {
    let id = ProposalId::parse(id).ok_or_else(AppError::not_found)?;
    let picture = MediaId::parse(picture).ok_or_else(AppError::not_found)?;
    let (app_in, changes) = (app.clone(), changes(picture.clone()));
    let (answer, gone) = app
        .write(move |tx| -> Result<_, AppError> {
            mine(tx, &visitor, &member, &id)?;
            let held = media::of(tx, &[&id])?;
            if !held.iter().any(|one| one.id == picture.as_str()) {
                return Err(AppError::not_found());
            }
            let by = By::Member(&member.id, &member.roles);
            let done = commands::illustrate(&app_in, tx, app_in.now(), by, &id, changes)?;
            let value = answer(&app_in, tx, &done.proposal)?;
            Ok((value, done.pictures_gone))
        })
        .await?;
    pictures::forget(app, gone).await;
    Ok(json::ok(&answer))
}
