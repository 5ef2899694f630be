//! The features of a hub, each in a folder of its own around a pure model.
//!
//! A feature calls another one's `pub` functions of its `mod.rs`, never its store or its tables.

pub mod administration;
pub mod agreements;
pub mod follows;
pub mod legal;
pub mod moderation;
pub mod notifications;
pub mod people;
pub mod proposals;
pub mod votes;

use utoipa::openapi::OpenApi;

use crate::app::App;
use crate::http::Route;
use crate::jobs::job::JobKind;

/// Everything the rest of the server needs to know about a feature.
pub struct Feature {
    /// Also the name of its locale file and its template folder.
    pub name: &'static str,
    /// Its entries of the authorisation table.
    pub routes: fn() -> Vec<Route>,
    /// Its background work.
    pub jobs: fn() -> Vec<JobKind<App>>,
    /// Its part of the description of the JSON twin; empty when it has none.
    pub describe: fn() -> OpenApi,
}

/// Every feature, one line each.
pub const ALL: &[Feature] = &[
    people::FEATURE,
    notifications::FEATURE,
    moderation::FEATURE,
    proposals::FEATURE,
    agreements::FEATURE,
    follows::FEATURE,
    votes::FEATURE,
    administration::FEATURE,
    legal::FEATURE,
];
