//! Reports and what is decided about them. Members report what they read; other hubs send a
//! `Flag`. Whoever may moderate keeps, hides here, or forwards to the hub that owns the thing;
//! the author is told the reason, never who reported (D99). Nobody decides their own case.

pub mod api;
mod forward;
pub mod pages;
pub mod store;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::Feature;
use crate::http::Route;
use crate::jobs::job::JobKind;

/// This feature, for the list of all.
pub const FEATURE: Feature = Feature {
    name: "moderation",
    routes,
    jobs,
    describe: <api::Description as utoipa::OpenApi>::openapi,
};

fn routes() -> Vec<Route> {
    pages::routes().into_iter().chain(api::routes()).collect()
}

fn jobs() -> Vec<JobKind<App>> {
    Vec::new()
}

/// How many reports wait for a decision, up to 500.
///
/// # Errors
/// Those of the store.
pub fn open_count(conn: &mut Conn) -> Result<u32, StoreError> {
    store::open_count(conn)
}

#[cfg(test)]
mod tests;
