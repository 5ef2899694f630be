//! The pages that the law, the licence and courtesy ask for: help, legal notice, privacy,
//! accessibility, source. They have no tables; what they say comes from the settings.

mod pages;

use utoipa::openapi::OpenApi;

use crate::app::App;
use crate::features::Feature;
use crate::http::Route;
use crate::jobs::job::JobKind;

/// This feature, for the list of all.
pub const FEATURE: Feature = Feature {
    name: "legal",
    routes,
    jobs,
    describe: OpenApi::default,
};

fn routes() -> Vec<Route> {
    pages::routes()
}

fn jobs() -> Vec<JobKind<App>> {
    Vec::new()
}

#[cfg(test)]
mod tests;
