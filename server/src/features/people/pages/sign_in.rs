//! `/connexion` and `/deconnexion`.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use interkpa_web::chrome::Notice;
use interkpa_web::form::Problem;
use interkpa_web::routes;
use interkpa_web::views::errors::{Kept, StalePage};
use interkpa_web::views::people::SignIn;
use serde::Deserialize;

use crate::app::App;
use crate::features::people::accounts::browser_family;
use crate::features::people::{self, SESSION_SPAN, commands};
use crate::http::access::{session_cookie, set_cookie};
use crate::http::error::{AppError, Kind};
use crate::http::form::Form;
use crate::http::identity::{Credential, Identity, SignedIn, Visitor};
use crate::http::render;

/// What the address of the page may carry.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Where to go afterwards.
    #[serde(default)]
    next: String,
}

/// Shows the form; somebody signed in already goes on.
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    if visitor.member.is_some() {
        return Redirect::to(local_path(&asked.next)).into_response();
    }
    let view = SignIn {
        next: local_path(&asked.next).to_owned(),
        ..SignIn::default()
    };
    render::anonymous_form(&app, visitor.0, StatusCode::OK, &view)
}

/// Checks handle and password, opens a session.
pub async fn sign_in(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, AppError> {
    let next = local_path(form.text("next")).to_owned();
    let kept = kept(&form);
    let typed = form.text("password").to_owned();
    let checked = commands::check_sign_in(&app, form.text("handle"), typed, visitor.client).await;
    let member = match checked {
        Ok(member) => member,
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let mut again = interkpa_web::Form::from_pairs([("handle", form.text("handle"))]);
            again.refuse("handle", Problem::WrongSignIn);
            let view = SignIn {
                form: again,
                next,
                kept,
                ..SignIn::default()
            };
            return Ok(render::anonymous_form(
                &app,
                visitor.0,
                StatusCode::UNPROCESSABLE_ENTITY,
                &view,
            ));
        }
        Err(other) => return Err(other),
    };
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let session =
        commands::open_session(&app, member, browser_family(agent.unwrap_or_default())).await?;
    // Unless the box « ce téléphone est à moi » is ticked, the cookie dies with the browser.
    let age = form
        .has("keep")
        .then(|| SESSION_SPAN.as_milliseconds() / 1_000);
    let mut response = match kept {
        None => render::done(&next, Notice::SignedIn),
        Some(kept) => {
            let id_hash = people::secret_hash(&session.secret);
            let identity = Identity {
                member: people::session(&app, id_hash, app.now()).await?,
                path: routes::HOME.to_owned(),
                ..visitor.0
            };
            let signed_in = true;
            render::page(&app, &identity, &StalePage { kept, signed_in })
        }
    };
    render::add_cookie(
        &mut response,
        &set_cookie(&app, &session_cookie(&app), &session.secret, age),
    );
    Ok(response)
}

/// The form that somebody was writing when the session had ended; its page carries it as `kept_action` and
/// `kept.<name>`.
fn kept(form: &Form) -> Option<Kept> {
    let action = form.text("kept_action");
    let fields = form.visible().filter_map(|(name, value)| {
        let name = name.strip_prefix("kept.")?;
        Some((name.to_owned(), value.to_owned()))
    });
    (!action.is_empty()).then(|| Kept {
        action: local_path(action).to_owned(),
        fields: fields.collect(),
        files_lost: !form.text("kept_files").is_empty(),
    })
}

/// Ends the session of this browser.
pub async fn sign_out(
    State(app): State<App>,
    member: SignedIn,
    _form: Form,
) -> Result<Response, AppError> {
    if let Credential::Session { id_hash, .. } = member.credential {
        commands::close_session(&app, id_hash).await?;
    }
    let mut response = render::done(routes::HOME, Notice::SignedOut);
    render::add_cookie(
        &mut response,
        &set_cookie(&app, &session_cookie(&app), "", Some(0)),
    );
    response.headers_mut().insert(
        "clear-site-data",
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}

/// A path of this hub, or the home page for anything else (D82).
pub fn local_path(next: &str) -> &str {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && !next
            .chars()
            .any(|c| c == '\\' || c.is_control() || c.is_whitespace());
    if safe { next } else { routes::HOME }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_stays_on_this_hub() {
        assert_eq!(local_path("/entraide?q=v%C3%A9lo"), "/entraide?q=v%C3%A9lo");
        for evil in [
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "\\evil",
            "/\t/evil",
            "",
        ] {
            assert_eq!(local_path(evil), "/", "{evil}");
        }
    }
}
