//! Pages of people.

pub mod sign_in;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use interkpa_web::{Page, routes as paths};

use crate::app::App;
use crate::http::access::{ANONYMOUS_COOKIE, set_cookie};
use crate::http::identity::Visitor;
use crate::http::{Access, Route, render};

/// The routes of this feature's pages.
pub fn routes() -> Vec<Route> {
    vec![
        Route::page(paths::SIGN_IN, Access::Anyone, get(sign_in::show)),
        Route::form(paths::SIGN_IN, Access::Anyone, post(sign_in::sign_in)),
        Route::form(paths::SIGN_OUT, Access::Member, post(sign_in::sign_out)),
    ]
}

/// A page with a form for somebody who is not signed in: its token lives in a cookie of its own.
fn anonymous_form<P: Page>(app: &App, visitor: Visitor, status: StatusCode, view: &P) -> Response {
    let mut identity = visitor.0;
    let fresh = identity.anonymous_csrf.is_empty();
    if fresh {
        identity.anonymous_csrf = app.random.secret_256();
    }
    let mut response = render::page_with(app, &identity, status, view);
    if fresh {
        add_cookie(
            &mut response,
            &set_cookie(app, ANONYMOUS_COOKIE, &identity.anonymous_csrf, None),
        );
    }
    response
}

/// Adds a `Set-Cookie`; ours hold base64url only, so they are always header text.
fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
