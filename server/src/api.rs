//! The JSON twin of the pages under `/api/v1`: its description, gathered from the features.
//!
//! The same rules and the same errors as the pages; the handlers stand in each feature's `api.rs`
//! with their annotations. What is true of every address (who may take it, how a refusal looks,
//! keys against doubling) is added here, from the authorisation table itself.

mod description;
mod page;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use interkpa_web::routes as paths;

use crate::http::{Access, AppError, Method, Route};

pub use description::description;

/// Where programs read the description.
pub const OPENAPI: &str = "/api/openapi.json";

/// Routes that belong to no single feature: the description, for programs and for people.
pub fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::Get, OPENAPI, Access::Anyone, get(openapi)),
        Route::page(paths::API, Access::Anyone, get(page::show)),
    ]
}

/// The description as OpenAPI 3.1.
async fn openapi() -> Result<Response, AppError> {
    let text = description().to_json().map_err(AppError::internal)?;
    let mut response = text.into_response();
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, json);
    let hour = HeaderValue::from_static("public, max-age=3600");
    headers.insert(header::CACHE_CONTROL, hour);
    Ok(response)
}
