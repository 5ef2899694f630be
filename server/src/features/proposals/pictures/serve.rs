//! `GET /media/<id>`: a picture for whoever may see its proposal, with headers that make it nothing
//! but a picture (decision 14, security.md D73, D77).

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interkpa_federation::vocabulary::terms::Visibility;

use crate::app::App;
use crate::features::proposals::model::visibility::may_see;
use crate::features::proposals::pages::reader_of;
use crate::features::proposals::pictures::{FOLDER, large_path, small_path};
use crate::features::proposals::store::{self, media};
use crate::http::error::AppError;
use crate::http::identity::Visitor;
use crate::ids::{MediaId, ProposalId};

/// A picture's bytes never change: browsers keep it for a year.
const PUBLIC: &str = "public, max-age=31536000, immutable";
/// The same where only some may see it.
const PRIVATE: &str = "private, max-age=31536000, immutable";

/// The picture at its full size.
///
/// # Errors
/// 404 for whoever may not see its proposal.
pub async fn large(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    answer(&app, &visitor, &id, &headers, Size::Large).await
}

/// Its small copy.
///
/// # Errors
/// As [`large`].
pub async fn small(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    answer(&app, &visitor, &id, &headers, Size::Small).await
}

#[derive(Clone, Copy)]
enum Size {
    Large,
    Small,
}

async fn answer(
    app: &App,
    visitor: &Visitor,
    id: &str,
    headers: &HeaderMap,
    size: Size,
) -> Result<Response, AppError> {
    let id = MediaId::parse(id).ok_or_else(AppError::not_found)?;
    let wanted = id.clone();
    let found = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let picture = media::find(conn, &wanted)?.ok_or_else(AppError::not_found)?;
            let proposal = picture.proposal_id.clone().map(ProposalId::known);
            let proposal = match &proposal {
                Some(proposal) => store::find(conn, proposal)?,
                None => None,
            };
            Ok((picture, proposal.ok_or_else(AppError::not_found)?))
        })
        .await?;
    let (picture, proposal) = found;
    if !may_see(&proposal, reader_of(visitor)) {
        return Err(AppError::not_found());
    }
    let kept = if proposal.visibility == Visibility::Public {
        PUBLIC
    } else {
        PRIVATE
    };
    let letter = match size {
        Size::Large => 'l',
        Size::Small => 's',
    };
    let etag = format!("\"{letter}{}\"", picture.sha256);
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tag| tag == etag.as_str());
    let body = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let folder = app.data.join(FOLDER);
        let path = match size {
            Size::Large => large_path(&folder, id.as_str()),
            Size::Small => small_path(&folder, id.as_str()),
        };
        match tokio::fs::read(path).await {
            Ok(bytes) => bytes.into_response(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(AppError::not_found());
            }
            Err(error) => return Err(AppError::internal(error)),
        }
    };
    Ok(as_picture(body, &picture.media_type, kept, &etag))
}

fn as_picture(
    mut response: Response,
    media_type: &str,
    kept: &'static str,
    etag: &str,
) -> Response {
    let headers = response.headers_mut();
    if let Ok(media_type) = HeaderValue::from_str(media_type) {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    for (name, value) in [
        (header::CACHE_CONTROL, kept),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"photo.jpg\"",
        ),
        (header::VARY, "Cookie"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
