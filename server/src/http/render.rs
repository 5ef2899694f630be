//! From a view to an answer.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interkpa_web::chrome::{Chrome, Viewer};
use interkpa_web::locale::Locale;
use interkpa_web::page::Page;

use crate::app::App;
use crate::http::error::AppError;
use crate::http::identity::Identity;

/// A page with its chrome, 200.
pub fn page<P: Page>(app: &App, identity: &Identity, page: &P) -> Response {
    let html = interkpa_web::page::render(page, identity.locale, &chrome(app, identity));
    let mut response = html.into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// The same page with another status: 422 for a form shown again.
pub fn page_with<P: Page>(app: &App, identity: &Identity, status: StatusCode, view: &P) -> Response {
    let mut response = page(app, identity, view);
    *response.status_mut() = status;
    response
}

/// What surrounds every page.
pub fn chrome(app: &App, identity: &Identity) -> Chrome {
    Chrome::default()
}

/// The sentence of a stable code in the reader's language.
pub fn sentence(locale: Locale, code: &str) -> String {
    locale.t(&format!("error-{}", code.replace('_', "-")))
}

/// The page of a refusal.
pub fn error_page(app: &App, refusal: &AppError, identity: &Identity) -> Response {
    let _ = app;
    (refusal.kind.status(), sentence(identity.locale, refusal.code)).into_response()
}
