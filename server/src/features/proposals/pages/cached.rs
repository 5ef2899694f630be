//! Public lists as bytes: made once for everybody who is not signed in, for a second at most.

use std::future::Future;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::http::error::AppError;
use crate::http::identity::Identity;

/// The answer for a reader: what is the same for all strangers comes from memory, with a weak tag
/// and 304; what depends on the reader never does.
///
/// # Errors
/// Those of `make`.
pub async fn answer<F: Future<Output = Result<String, AppError>>>(
    app: &App,
    identity: &Identity,
    headers: &HeaderMap,
    make: impl FnOnce() -> F,
) -> Result<Response, AppError> {
    // No list shows a stranger a form to post: its token is not in the bytes.
    if identity.member.is_some() {
        return Ok(html(make().await?.into_response()));
    }
    let (key, now) = (
        format!("{} {}", identity.locale.code(), identity.path),
        app.now(),
    );
    let lists = &app.caches.lists;
    let rendered = if let Some(rendered) = lists.get(&key, now) {
        rendered
    } else {
        let version = lists.version();
        lists.put(key, version, now, make().await?)
    };
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tag| tag == rendered.etag.as_str());
    let response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        rendered.body.into_response()
    };
    let mut response = html(response);
    if let Ok(etag) = HeaderValue::from_str(&rendered.etag) {
        response.headers_mut().insert(header::ETAG, etag);
        // Kept by the browser, asked for again each time: signing in must change the page.
        response.headers_mut().insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-cache"),
        );
    }
    Ok(response)
}

fn html(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}
