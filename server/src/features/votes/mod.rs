//! The votes of the network, « un KPA, une voix »: the register, polls, ballots, certified results.
//!
//! The rules are those of `interkpa_federation::governance`; here they meet the database, the outbox,
//! the clock and people. Every signed object is a row by its hash; what a machine says is stored in the
//! transaction of its step and leaves after the commit.
//!
//! | module | holds |
//! |---|---|
//! | `intake` | one object that came: what it is, whether it proves itself, where it goes |
//! | `engine`, `machines` | the machine of a poll, driven by the database |
//! | `exchange` | comparing with other hubs, pulling what is missing |
//! | `fingerprint` | what people compare by eye and by ear |
//! | `register`, `effects`, `founding` | who has a voice, what follows from it, how a network begins |
//! | `commands` | what people do: open a poll, prepare, confirm and cast a ballot |
//! | `pages` | what people see and fill in |
//! | `view`, `recount` | what pages and programs read, and whether it still holds |
//!
//! Not here: the charter, assessments, contributions.

pub mod api;
mod bundle;
pub mod commands;
mod effects;
mod engine;
mod exchange;
pub mod fingerprint;
pub mod founding;
mod inbox;
mod intake;
mod jobs;
mod machines;
pub mod model;
mod pages;
pub mod recount;
pub mod register;
mod send;
mod serve;
pub mod statements;
mod store;
pub mod view;

use crate::app::App;
use crate::features::Feature;
use crate::http::Route;
use crate::jobs::job::JobKind;

pub use inbox::receive;
pub use machines::Machines;
pub use pages::open_votes;

/// This feature, for the list of all.
pub const FEATURE: Feature = Feature {
    name: "votes",
    routes,
    jobs,
    describe: <api::Description as utoipa::OpenApi>::openapi,
};

fn routes() -> Vec<Route> {
    let programs = api::routes().into_iter().chain(serve::routes());
    programs.chain(pages::routes()).collect()
}

fn jobs() -> Vec<JobKind<App>> {
    jobs::kinds()
}

#[cfg(test)]
mod tests;
