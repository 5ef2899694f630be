//! Running the hub: which other KPAs take part, what is on its way to them, who is a member with
//! which roles, and the journal of who did what. No private content is shown here (product.md §4.0).
//!
//! The feature has no tables: it decides nothing itself, it shows and calls `fediverse::peers`,
//! `fediverse::deliver`, `features::people` and `db::audit`.

pub mod api;
mod pages;
mod trouble;
mod words;

use crate::app::App;
use crate::features::Feature;
use crate::http::Route;
use crate::jobs::job::JobKind;

/// This feature, for the list of all.
pub const FEATURE: Feature = Feature {
    name: "administration",
    routes,
    jobs,
    describe: <api::Description as utoipa::OpenApi>::openapi,
};

fn routes() -> Vec<Route> {
    api::routes().into_iter().chain(pages::routes()).collect()
}

fn jobs() -> Vec<JobKind<App>> {
    Vec::new()
}

#[cfg(test)]
mod tests;
