//! The list of the addresses, for people who write programs.

use axum::extract::State;
use axum::response::Response;
use interkpa_web::views::help::{ApiPage, Endpoint};
use utoipa::openapi::path::Operation;

use crate::api::description::{description, group};
use crate::app::App;
use crate::http::identity::Visitor;
use crate::http::render;
use crate::http::router;
use crate::http::{Access, Method, Route, Surface};

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Response {
    let page = ApiPage {
        openapi: super::OPENAPI.to_owned(),
        base: app.origin.as_str().to_owned(),
        groups: groups(),
    };
    render::page(&app, &visitor, &page)
}

/// The addresses in the order of the authorisation table, by the first word of their path.
fn groups() -> Vec<(String, Vec<Endpoint>)> {
    let mut groups: Vec<(String, Vec<Endpoint>)> = Vec::new();
    for route in router::routes() {
        if route.surface != Surface::Api || route.path == super::OPENAPI {
            continue;
        }
        let name = group(route.path);
        match groups.iter_mut().find(|(known, _)| known == name) {
            Some((_, endpoints)) => endpoints.push(endpoint(&route)),
            None => groups.push((name.to_owned(), vec![endpoint(&route)])),
        }
    }
    groups
}

fn endpoint(route: &Route) -> Endpoint {
    let described = description().paths.paths.get(route.path);
    let operation: Option<&Operation> = described.and_then(|item| match route.method {
        Method::Get => item.get.as_ref(),
        Method::Post => item.post.as_ref(),
        Method::Delete => item.delete.as_ref(),
    });
    Endpoint {
        method: format!("{:?}", route.method).to_uppercase(),
        path: route.path.to_owned(),
        summary: operation
            .and_then(|operation| operation.summary.clone())
            .unwrap_or_default(),
        scope: scope(route),
    }
}

/// The scope a key needs (web.md §14).
fn scope(route: &Route) -> Option<String> {
    let word = match route.access {
        Access::Anyone | Access::Peer => return None,
        Access::Right(right) if right.steers() => "admin",
        _ if route.method != Method::Get => "write",
        _ => "read",
    };
    Some(word.to_owned())
}
