//! `/interagir?uri=`: what somebody came to do from another server. GET shows, POST follows.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::{Origin, Uri};
use interkpa_web::chrome::Notice;
use interkpa_web::views::hubs::{Interact, InteractKind};
use interkpa_web::{markup, routes};
use serde::Deserialize;

use super::follower_of;
use crate::app::App;
use crate::features::follows::asking::follow;
use crate::features::proposals;
use crate::fediverse::remote::{DiscoverError, RemoteError, discover};
use crate::http::error::{AppError, Kind};
use crate::http::form::Form;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::render;

/// Words shown of a self-description, in characters.
const SUMMARY_MAX: usize = 300;

/// What is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    uri: Option<String>,
}

/// `GET /interagir?uri=`.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let text = asked.uri.unwrap_or_default();
    let host = Origin::parse(&text)
        .map(|origin| origin.authority().to_owned())
        .map_err(|_shape| AppError::new(Kind::Malformed, "address_invalid"))?;
    let view = view(&app, &member, &text, host).await?;
    Ok(render::page(&app, &visitor, &view))
}

async fn view(
    app: &App,
    member: &SignedIn,
    text: &str,
    host: String,
) -> Result<Interact, AppError> {
    let nothing = Interact {
        uri: text.to_owned(),
        title: host.clone(),
        summary: String::new(),
        host,
        kind: InteractKind::Nothing,
        href: None,
    };
    if let Some(found) = proposal(app, member, text).await? {
        return Ok(Interact {
            kind: InteractKind::Open,
            ..found(nothing)
        });
    }
    match discover(app, text).await {
        Ok(actor) => {
            let about = markup::plain_text(&markup::remote_html(&actor.summary_html));
            Ok(Interact {
                uri: actor.uri.to_string(),
                title: actor.name,
                summary: markup::excerpt(&about, SUMMARY_MAX),
                kind: InteractKind::Follow,
                ..nothing
            })
        }
        Err(DiscoverError::Remote(RemoteError::Store(error))) => Err(error.into()),
        Err(_) => Ok(nothing),
    }
}

type Fill = Box<dyn FnOnce(Interact) -> Interact + Send>;

/// An announcement we hold that this member may see.
async fn proposal(app: &App, member: &SignedIn, text: &str) -> Result<Option<Fill>, AppError> {
    let Ok(uri) = Uri::parse(text) else {
        return Ok(None);
    };
    let (address, id) = (uri.to_string(), member.id.clone());
    let found = app
        .store
        .read(move |conn| proposals::latest::shown_to(conn, &id, &address))
        .await?;
    Ok(found.map(|(title, href)| -> Fill {
        Box::new(move |nothing| Interact {
            title,
            href: Some(href),
            ..nothing
        })
    }))
}

/// `POST /interagir`: follows the actor that was shown.
pub(super) async fn follow_it(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    let text = form.text("uri").to_owned();
    match follow(&app, &follower_of(&member), &member.id, &text).await {
        Ok(_) => Ok(render::done(routes::HUBS, Notice::Followed)),
        Err(error) => {
            let _known = super::problem_of(error)?;
            let host = Origin::parse(&text)
                .map(|origin| origin.authority().to_owned())
                .map_err(|_shape| AppError::new(Kind::Malformed, "address_invalid"))?;
            let view = view(&app, &member, &text, host).await?;
            Ok(render::page_with(
                &app,
                &visitor,
                StatusCode::UNPROCESSABLE_ENTITY,
                &view,
            ))
        }
    }
}
