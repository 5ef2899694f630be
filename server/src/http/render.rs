//! From a view to an answer.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use interkpa_web::chrome::{Door, Notice};
use interkpa_web::views::errors::{ErrorKind, ErrorPage, Kept, StalePage};
use interkpa_web::views::people::SignIn;
use interkpa_web::words::Role;
use interkpa_web::{Chrome, Flash, Locale, Page, Viewer};

use crate::app::App;
use crate::config::Profile;
use crate::features::people::rights::{Right, Roles};
use crate::http::access::{ANONYMOUS_COOKIE, set_cookie};
use crate::http::error::{AppError, Kind};
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
    let mut response = (status, html(app, identity, view)).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}

/// The same page as text, for whoever keeps it.
pub fn html<P: Page>(app: &App, identity: &Identity, view: &P) -> String {
    interkpa_web::render(view, identity.locale, &chrome(app, identity))
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
            doors: doors(&member.roles),
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

/// The parts of the site that somebody may enter.
fn doors(roles: &Roles) -> Vec<Door> {
    let all = [
        (Right::Moderate, Door::Moderate),
        (Right::Invite, Door::Invite),
        (Right::Recover, Door::Recover),
        (Right::ActOnBehalf, Door::ActOnBehalf),
        (Right::TellPeople, Door::Tell),
        (Right::ManagePeers, Door::Administer),
    ];
    all.into_iter()
        .filter(|(right, _)| roles.may(*right))
        .map(|(_, door)| door)
        .collect()
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

/// Codes with a sentence of their own; the others are told by their status.
const SENTENCES: &[(&str, &str)] = &[
    ("invitation_over", "error-invitation-over"),
    ("too_many_invitations", "error-too-many-invitations"),
    ("cross_site", "error-cross-site"),
    ("not_for_oneself", "error-not-for-oneself"),
    ("last_admin", "error-last-admin"),
    ("scope_missing", "error-scope-missing"),
    ("token_unknown", "error-token-unknown"),
    ("too_many_sign_ins", "error-429"),
];

/// The sentence of a stable code in the reader's language, if it has one beyond its status.
fn own_sentence(locale: Locale, code: &str) -> Option<String> {
    let listed = SENTENCES.iter().find(|(known, _)| *known == code);
    if let Some((_, key)) = listed {
        return Some(locale.t(key));
    }
    let key = format!("error-{}", code.replace('_', "-"));
    locale.has(&key).then(|| locale.t(&key))
}

/// The sentence of a refusal, for programs: its own, or that of its status.
pub fn sentence(locale: Locale, kind: Kind, code: &str) -> String {
    own_sentence(locale, code)
        .unwrap_or_else(|| locale.t(&format!("error-{}", error_kind(kind).status())))
}

/// The sentence of a field at fault.
pub fn field_sentence(locale: Locale, code: &str) -> String {
    let key = format!("problem-{}", code.replace('_', "-"));
    own_sentence(locale, code).unwrap_or_else(|| {
        if locale.has(&key) {
            locale.t(&key)
        } else {
            locale.t("error-422")
        }
    })
}

fn error_kind(kind: Kind) -> ErrorKind {
    match kind {
        Kind::Malformed | Kind::NotAcceptable | Kind::Unfinished | Kind::UnsupportedType => {
            ErrorKind::Unreadable
        }
        Kind::Invalid => ErrorKind::Invalid,
        Kind::Unauthenticated => ErrorKind::Unauthenticated,
        Kind::Forbidden => ErrorKind::Forbidden,
        Kind::NotFound => ErrorKind::NotFound,
        Kind::MethodNotAllowed => ErrorKind::NotAllowedMethod,
        Kind::Conflict => ErrorKind::Conflict,
        Kind::Gone => ErrorKind::Gone,
        Kind::TooLarge => ErrorKind::TooLarge,
        Kind::TooMany => ErrorKind::TooMany,
        Kind::Busy => ErrorKind::Busy,
        Kind::Internal => ErrorKind::Internal,
    }
}

/// The page of a refusal. A form whose token was stale comes back with what was typed.
pub fn error_page(app: &App, refusal: &AppError, identity: &Identity) -> Response {
    let status = refusal.kind.status();
    if let Some(stale) = &refusal.stale {
        let fields = stale
            .fields
            .iter()
            .filter(|(name, _)| !is_secret(name))
            .cloned();
        let kept = Kept {
            action: stale.action.clone(),
            fields: fields.collect(),
            files_lost: stale.files_lost,
        };
        if refusal.kind == Kind::Unauthenticated {
            let view = SignIn {
                kept: Some(kept),
                ..SignIn::default()
            };
            return anonymous_form(app, identity.clone(), status, &view);
        }
        let view = StalePage {
            kept,
            signed_in: false,
        };
        return anonymous_form(app, identity.clone(), status, &view);
    }
    let view = ErrorPage {
        kind: error_kind(refusal.kind),
        detail: own_sentence(identity.locale, refusal.code),
        next: None,
        request_id: identity.request_id.clone(),
        path: identity.path.clone(),
    };
    page_with(app, identity, status, &view)
}

/// Whether a field is never sent back to the browser.
fn is_secret(field: &str) -> bool {
    matches!(field, "password" | "current")
}

/// A page with a form that somebody without an account may send: the token of such forms lives in
/// a cookie of its own, set when it is missing.
pub fn anonymous_form<P: Page>(
    app: &App,
    mut identity: Identity,
    status: StatusCode,
    view: &P,
) -> Response {
    let fresh = identity.member.is_none() && identity.anonymous_csrf.is_empty();
    if fresh {
        identity.anonymous_csrf = app.random.secret_256();
    }
    let mut response = page_with(app, &identity, status, view);
    if fresh {
        let cookie = set_cookie(app, ANONYMOUS_COOKIE, &identity.anonymous_csrf, None);
        add_cookie(&mut response, &cookie);
    }
    response
}

/// Adds a `Set-Cookie`; ours hold base64url only, so they are always header text.
pub fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
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
