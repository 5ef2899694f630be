//! `/aide`, `/mentions-legales`, `/vie-privee`, `/accessibilite`, `/source` (web.md §14).

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use interkpa_web::markup::member_text;
use interkpa_web::routes as paths;
use interkpa_web::views::help::Help;
use interkpa_web::views::legal::{Accessibility, LegalNotice, Privacy, Source};
use interkpa_web::views::parts::Link;

use crate::app::App;
use crate::config::FederationMode;
use crate::features::people;
use crate::fediverse::peers;
use crate::http::error::AppError;
use crate::http::identity::Visitor;
use crate::http::{Access, Route, json, render};

pub(super) fn routes() -> Vec<Route> {
    let anyone = Access::Anyone;
    vec![
        Route::page(paths::HELP, anyone, get(help)),
        Route::page(paths::LEGAL, anyone, get(notice)),
        Route::page(paths::PRIVACY, anyone, get(privacy)),
        Route::page(paths::ACCESSIBILITY, anyone, get(accessibility)),
        Route::page(paths::SOURCE, anyone, get(source)),
    ]
}

async fn help(State(app): State<App>, visitor: Visitor) -> Response {
    let view = Help {
        address: app.config.legal.address.clone(),
        hours: app.config.legal.hours.clone(),
    };
    render::page(&app, &visitor, &view)
}

async fn notice(State(app): State<App>, visitor: Visitor) -> Response {
    let said = &app.config.legal;
    let view = LegalNotice {
        publisher: said.publisher.clone(),
        registration: said.registration.clone(),
        address: said.address.clone(),
        responsible: said.responsible.clone(),
        contact: contact(&app),
        host: said.host.clone(),
        more: member_text(&said.more),
    };
    render::page(&app, &visitor, &view)
}

/// The contact given for questions of law and data, or the telephone of the reception.
fn contact(app: &App) -> String {
    let given = &app.config.legal.contact;
    if given.is_empty() {
        app.config.hub.phone.clone()
    } else {
        given.clone()
    }
}

async fn privacy(State(app): State<App>, visitor: Visitor) -> Result<Response, AppError> {
    let hubs = json::read(&app, peers::hub_addresses).await?;
    let l = visitor.locale;
    let days = people::SESSION_SPAN.as_milliseconds() / 86_400_000;
    let view = Privacy {
        controller: app.config.legal.publisher.clone(),
        contact: contact(&app),
        retention: vec![(l.t("privacy-sessions"), l.t1("privacy-days", "n", days))],
        hubs: u32::try_from(hubs.len()).unwrap_or(u32::MAX),
        is_open_mode: app.config.federation.mode == FederationMode::Open,
    };
    Ok(render::page(&app, &visitor, &view))
}

async fn accessibility(State(app): State<App>, visitor: Visitor) -> Response {
    let view = Accessibility {
        contact: contact(&app),
        date: String::new(),
    };
    render::page(&app, &visitor, &view)
}

/// The source of the version that runs. An operator who changed it says where their source is.
async fn source(State(app): State<App>, visitor: Visitor) -> Response {
    let given = app.config.legal.source.clone();
    let view = Source {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: String::new(),
        link: (!given.is_empty()).then(|| Link::new(given.clone(), given)),
        parts: Vec::new(),
    };
    render::page(&app, &visitor, &view)
}
