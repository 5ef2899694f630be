//! From a view to an answer.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use interkpa_web::chrome::Notice;
use interkpa_web::words::Role;
use interkpa_web::{Chrome, Flash, Locale, Page, Viewer};

use crate::app::App;
use crate::config::Profile;
use crate::features::people::rights::Right;
use crate::http::error::AppError;
use crate::http::identity::{Credential, Identity};

/// Name of the query parameter that carries the code of a [`Notice`] over a redirection.
const NOTICE: &str = "fait";

/// A page with its chrome, 200.
pub fn page<P: Page>(app: &App, identity: &Identity, view: &P) -> Response {
    page_with(app, identity, StatusCode::OK, view)
}

/// The same page with another status: 422 for a form shown again.
pub fn page_with<P: Page>(
    app: &App,
    identity: &Identity,
    status: StatusCode,
    view: &P,
) -> Response {
    let html = interkpa_web::render(view, identity.locale, &chrome(app, identity));
    let mut response = (status, html).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}

/// The answer to a form that did its work: 303 to a page that confirms (web.md §3).
pub fn done(path: &str, notice: Notice) -> Response {
    let joint = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{joint}{NOTICE}={}", notice.code())).into_response()
}

/// What surrounds every page.
pub fn chrome(app: &App, identity: &Identity) -> Chrome {
    let csrf = match identity.member.as_ref().map(|member| &member.credential) {
        Some(Credential::Session { csrf_token, .. }) => csrf_token.clone(),
        Some(Credential::Token { .. }) => String::new(),
        None => identity.anonymous_csrf.clone(),
    };
    let (path, flash) = without_notice(&identity.path);
    Chrome {
        hub_name: app.config.hub.name.clone(),
        hub_slug: app.config.hub.slug.clone(),
        network_name: "KPA-Cité".to_owned(),
        accent: app.config.hub.accent,
        path,
        viewer: identity.member.as_ref().map(|member| Viewer {
            name: interkpa_web::markup::clean_name(&member.name),
            handle: member.handle.clone(),
            roles: member
                .roles
                .iter()
                .filter_map(|role| Role::from_code(role.as_str()))
                .collect(),
            may_moderate: member.may(Right::Moderate),
            unread: member.unread,
        }),
        flash,
        csrf,
        once: app.random.secret_256(),
        phone: app.config.hub.phone.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        is_demo: app.config.profile == Profile::Loopback,
    }
}

/// The path without the notice and the language, and the notice.
fn without_notice(path: &str) -> (String, Option<Flash>) {
    let Some((place, query)) = path.split_once('?') else {
        return (path.to_owned(), None);
    };
    let mut kept = url::form_urlencoded::Serializer::new(String::new());
    let mut flash = None;
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match key.as_ref() {
            NOTICE => flash = Notice::from_code(&value).map(Flash::good),
            "lang" => {}
            _ => {
                kept.append_pair(&key, &value);
            }
        }
    }
    let kept = kept.finish();
    let path = if kept.is_empty() {
        place.to_owned()
    } else {
        format!("{place}?{kept}")
    };
    (path, flash)
}

/// The sentence of a stable code in the reader's language.
pub fn sentence(locale: Locale, code: &str) -> String {
    let key = format!("error-{}", code.replace('_', "-"));
    if locale.has(&key) {
        locale.t(&key)
    } else {
        locale.t("error-generic")
    }
}

/// The page of a refusal.
pub fn error_page(app: &App, refusal: &AppError, identity: &Identity) -> Response {
    let _ = app;
    (
        refusal.kind.status(),
        sentence(identity.locale, refusal.code),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_of_the_last_action_leaves_the_address_once_shown() {
        let (path, flash) = without_notice("/entraide?q=v%C3%A9lo&fait=published&lang=en");

        assert_eq!(path, "/entraide?q=v%C3%A9lo");
        assert_eq!(flash, Some(Flash::good(Notice::Published)));
        assert_eq!(without_notice("/moi"), ("/moi".to_owned(), None));
        assert_eq!(without_notice("/moi?fait=rien").1, None);
    }
}
