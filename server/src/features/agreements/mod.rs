//! Answers to offers and needs, what two people agree, what they say was done.
//!
//! The proposer's hub decides on answers and holds the agreement (I-03, single writer); the other
//! hub asks by activity and shows a dated copy. Phone and e-mail are shown to the two parties, and
//! only once both agreed. What was said is never edited: a facilitator corrects by a counter-entry.
//!
//! Not here: proposals and their quantities (`features/proposals`), the time bank (it will post
//! from `hour_facts`). Source: product.md §4.1, decisions 5, 18, 21.

pub mod api;
pub mod commands;
pub mod inbox;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod publish;
pub mod store;
pub mod wire;

use interkpa_federation::Instant;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::Feature;
use crate::features::proposals::Proposal;
use crate::http::route::Route;
use crate::jobs::job::JobKind;

/// This feature, for the list of all.
pub const FEATURE: Feature = Feature {
    name: "agreements",
    routes,
    jobs: kinds,
    describe: <api::Description as utoipa::OpenApi>::openapi,
};

fn routes() -> Vec<Route> {
    let mut all = pages::routes();
    all.extend(api::routes());
    all
}

fn kinds() -> Vec<JobKind<App>> {
    jobs::kinds()
}

/// Ends the waiting answers to a proposal of this hub, or to a copy, if it has ended: in the
/// transaction that ends it (I-06). `words` are its author's, for whoever answered.
///
/// # Errors
/// Those of the store.
pub fn proposal_changed(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &Proposal,
    words: &str,
) -> Result<(), StoreError> {
    if commands::has_ended(proposal, now) {
        commands::end_answers(app, tx, now, proposal, words)?;
    }
    Ok(())
}
