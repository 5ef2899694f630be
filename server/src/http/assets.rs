//! `/assets/<name>-<hash>.<ext>`: the files embedded in the binary, kept by browsers for ever.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use interkpa_web::assets;

use crate::http::error::AppError;
use crate::http::route::{Access, Route};

/// The one route of assets.
pub fn routes() -> Vec<Route> {
    vec![Route::page("/assets/{file}", Access::Anyone, get(show))]
}

async fn show(Path(file): Path<String>) -> Result<Response, AppError> {
    let asset = assets::find(&format!("/assets/{file}")).ok_or_else(AppError::not_found)?;
    let mut response = asset.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.content_type),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    Ok(response)
}
