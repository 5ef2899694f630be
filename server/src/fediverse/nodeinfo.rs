//! NodeInfo 2.1 and 2.0: what runs here. No number of people (security.md D101).

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use interkpa_federation::nodeinfo::{NodeInfo, links};
use interkpa_web::markup;

use super::ours::OurActor;
use super::webfinger::open_to_all;
use crate::app::App;
use crate::http::route::Method;
use crate::http::{AppError, Route};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let read = |path, handler| Route::fediverse(Method::Get, path, handler);
    vec![
        read("/.well-known/nodeinfo", get(index)),
        read("/nodeinfo/2.1", get(version_21)),
        read("/nodeinfo/2.0", get(version_20)),
    ]
}

async fn index(State(app): State<App>) -> Result<Response, AppError> {
    let document = links(&app.origin, &OurActor::Instance.uri(&app)?);
    Ok(open_to_all(
        document.to_string(),
        "application/json; charset=utf-8",
    ))
}

async fn version_21(State(app): State<App>) -> Response {
    let document = about(&app).write("2.1").to_string();
    open_to_all(
        document,
        "application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/2.1#\"",
    )
}

async fn version_20(State(app): State<App>) -> Response {
    let document = about(&app).write("2.0").to_string();
    open_to_all(
        document,
        "application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/2.0#\"",
    )
}

fn about(app: &App) -> NodeInfo {
    let hub = &app.config.hub;
    let summary = markup::clean_name(&hub.summary);
    NodeInfo {
        software: "interkpa".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        // The source of the very version that runs here (AGPL, section 13).
        repository: Some(app.address(interkpa_web::routes::SOURCE)),
        node_name: Some(markup::clean_name(&hub.name)),
        node_description: (!summary.is_empty()).then_some(summary),
    }
}
