//! Finds out who is asking and enforces the route's [`Access`] before its handler runs.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method as HttpMethod, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use interkpa_web::Locale;

use crate::app::App;
use crate::features::people;
use crate::http::error::{AppError, Kind};
use crate::http::form;
use crate::http::identity::{Credential, Identity, SignedIn};
use crate::http::route::{Access, Surface};

/// Name of the session cookie on http loopback names; with https it has the `__Host-` prefix.
pub const SESSION_COOKIE: &str = "session";
/// Name of the cookie that holds the token of forms shown before signing in.
pub const ANONYMOUS_COOKIE: &str = "form";
/// Name of the cookie that holds the language.
pub const LANGUAGE_COOKIE: &str = "lang";

/// What a route demands, put beside its handler by the router.
#[derive(Debug, Clone, Copy)]
pub struct Demand {
    /// Who may take it.
    pub access: Access,
    /// For whom it answers.
    pub surface: Surface,
}

/// The layer of one route.
pub async fn enforce(
    State((app, demand)): State<(App, Demand)>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut identity = request
        .extensions()
        .get::<Identity>()
        .cloned()
        .unwrap_or_default();
    if demand.surface == Surface::Page
        && request.method() == HttpMethod::POST
        && let Err(refusal) = same_site(&app, request.headers())
    {
        return refusal.into_response();
    }
    match member(&app, demand.surface, request.headers()).await {
        Ok(member) => identity.member = member,
        Err(refusal) => return refusal.into_response(),
    }
    let allowed = match (demand.access, &identity.member) {
        (access, Some(member)) => within_scopes(access, request.method(), member),
        (Access::Anyone | Access::Peer, None) => Ok(()),
        (Access::Member | Access::Right(_), None) => {
            Err(AppError::new(Kind::Unauthenticated, "not_signed_in"))
        }
    };
    if let Err(refusal) = allowed {
        let to_sign_in = refusal.kind == Kind::Unauthenticated
            && demand.surface == Surface::Page
            && request.method() == HttpMethod::GET;
        if to_sign_in {
            let next = url::form_urlencoded::byte_serialize(identity.path.as_bytes());
            return Redirect::to(&format!("/connexion?next={}", next.collect::<String>()))
                .into_response();
        }
        let was_writing = refusal.kind == Kind::Unauthenticated
            && demand.surface == Surface::Page
            && request.method() == HttpMethod::POST;
        if was_writing {
            return form::sign_in_before(request, &identity.path)
                .await
                .into_response();
        }
        return refusal.into_response();
    }
    let response_identity = identity.clone();
    request.extensions_mut().insert(identity);
    let mut response = next.run(request).await;
    // The error layer renders with the reader's name and language.
    response.extensions_mut().insert(response_identity);
    response
}

/// Whether a member may take a route, and the token in use lets it (web.md §14).
fn within_scopes(access: Access, method: &HttpMethod, member: &SignedIn) -> Result<(), AppError> {
    if let Access::Right(right) = access {
        member.require(right)?;
    }
    let Credential::Token { scopes, .. } = member.credential else {
        return Ok(());
    };
    let changes = !matches!(*method, HttpMethod::GET | HttpMethod::HEAD);
    let short = (changes && !scopes.write)
        || matches!(access, Access::Right(right) if right.steers() && !scopes.admin);
    if short {
        return Err(AppError::new(Kind::Forbidden, "scope_missing"));
    }
    Ok(())
}

/// Who is signed in, by the credential this surface knows.
async fn member(
    app: &App,
    surface: Surface,
    headers: &HeaderMap,
) -> Result<Option<SignedIn>, AppError> {
    let now = app.now();
    match surface {
        Surface::Page => {
            let Some(secret) = cookie(headers, &session_cookie(app)) else {
                return Ok(None);
            };
            let id_hash = people::secret_hash(secret);
            people::session(app, id_hash, now).await
        }
        Surface::Api => {
            let Some(value) = headers.get(header::AUTHORIZATION) else {
                return Ok(None);
            };
            let wrong = || AppError::new(Kind::Unauthenticated, "token_unknown");
            let text = value.to_str().map_err(|_not_text| wrong())?;
            let secret = text.strip_prefix("Bearer ").ok_or_else(wrong)?;
            people::token(app, people::secret_hash(secret.trim()), now)
                .await?
                .ok_or_else(wrong)
                .map(Some)
        }
        Surface::Fediverse => Ok(None),
    }
}

/// Refuses a form sent from another site (web.md §3, second layer; D80).
fn same_site(app: &App, headers: &HeaderMap) -> Result<(), AppError> {
    let refused = || AppError::new(Kind::Forbidden, "cross_site");
    if let Some(site) = headers.get("sec-fetch-site")
        && !matches!(site.as_bytes(), b"same-origin" | b"none")
    {
        return Err(refused());
    }
    if let Some(origin) = headers.get(header::ORIGIN)
        && origin.as_bytes() != app.origin.as_str().as_bytes()
    {
        return Err(refused());
    }
    Ok(())
}

/// Name of the session cookie of this hub (decision 29).
pub fn session_cookie(app: &App) -> String {
    if app.origin.as_str().starts_with("https://") {
        format!("__Host-{SESSION_COOKIE}")
    } else {
        SESSION_COOKIE.to_owned()
    }
}

/// The value of a cookie; the first one where a name is repeated.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|line| {
            line.split(';').find_map(|pair| {
                let (key, value) = pair.trim().split_once('=')?;
                (key == name && !value.is_empty()).then_some(value)
            })
        })
}

/// `Set-Cookie` of one of ours; `max_age_seconds` `None` dies with the browser, 0 takes it away.
pub fn set_cookie(app: &App, name: &str, value: &str, max_age_seconds: Option<i64>) -> String {
    let secure = if app.origin.as_str().starts_with("https://") {
        "; Secure"
    } else {
        ""
    };
    let age = max_age_seconds.map_or_else(String::new, |age| format!("; Max-Age={age}"));
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
}

/// The language that the address itself asks for: the switch of every page, kept in a cookie.
pub fn language_asked(path: &str) -> Option<Locale> {
    let (_, query) = path.split_once('?')?;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == "lang")
        .and_then(|(_, value)| Locale::from_code(&value))
}

/// Language of the answer: `?lang=` → cookie → `Accept-Language` → French.
pub fn language(headers: &HeaderMap, query: Option<&str>) -> Locale {
    let asked = query.and_then(|query| {
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == "lang")
            .and_then(|(_, value)| Locale::from_code(&value))
    });
    let accepted = || {
        let value = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        Locale::from_accept_language(value)
    };
    asked
        .or_else(|| cookie(headers, LANGUAGE_COOKIE).and_then(Locale::from_code))
        .or_else(accepted)
        .unwrap_or_default()
}

/// The credential of a session, for people's store.
pub fn session_credential(id_hash: String, csrf_secret: &str) -> Credential {
    Credential::Session {
        id_hash,
        csrf_token: csrf_secret.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_cookie_is_found_among_others() {
        let headers = HeaderMap::from_iter([(
            header::COOKIE,
            HeaderValue::from_static("lang=en; session=abc; x=session=no"),
        )]);

        assert_eq!(cookie(&headers, "session"), Some("abc"));
        assert_eq!(cookie(&headers, "absent"), None);
    }

    #[test]
    fn the_language_asked_for_wins_over_the_browsers() {
        let headers = HeaderMap::from_iter([(
            header::ACCEPT_LANGUAGE,
            HeaderValue::from_static("de, en-GB;q=0.8, fr;q=0.5"),
        )]);

        assert_eq!(language(&headers, None), Locale::En);
        assert_eq!(language(&headers, Some("q=a&lang=fr")), Locale::Fr);
        assert_eq!(language(&HeaderMap::new(), None), Locale::Fr);
    }
}
