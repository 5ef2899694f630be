//! W: local accounts and web (D80–D95).

mod forms;
mod sessions;
mod team;

use interkpa_server::http::Route;
use interkpa_server::testing::network::TestHub;

use crate::scene::{BOTH, Scene};
use crate::table::Table;

pub(crate) async fn run(table: &mut Table) {
    for mode in BOTH {
        let scene = Scene::start(mode).await;
        forms::run(&scene, table).await;
        sessions::run(&scene, table).await;
        team::run(&scene, table).await;
    }
}

/// An id of nothing.
pub(crate) const NOTHING: &str = "0199c0de-7000-7000-8000-00000000dead";

/// The path of a route with something in each of its places.
pub(crate) fn filled(route: &Route, id: &str) -> String {
    let secret = "0".repeat(64);
    let parts = route.path.split('/').map(|part| match part {
        "{id}" => id,
        "{secret}" => secret.as_str(),
        "{handle}" => "@bobinette",
        "{host}" => "mechant.localhost:1",
        "{file}" => "style-0.css",
        other => other,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What members, sessions and everything else of people's are, in rows.
pub(super) const PEOPLE: &[&str] = &[
    "members",
    "member_roles",
    "sessions",
    "api_tokens",
    "member_profiles",
    "invitations",
    "audit_events",
];

/// A path with the name of a test hub in place of its address.
pub(super) fn local(hub: &TestHub, location: &str) -> bool {
    location.starts_with('/') && !location.starts_with("//") && !location.starts_with("/\\")
        || location.starts_with(&format!("{}/", hub.origin()))
}
