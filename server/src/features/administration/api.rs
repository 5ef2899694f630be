//! Administration, for programs: peers, deliveries, the journal.

pub mod audit;
pub mod deliveries;
pub mod peers;

use crate::http::Route;

/// The entries of the authorisation table.
pub fn routes() -> Vec<Route> {
    let parts = [peers::routes(), deliveries::routes(), audit::routes()];
    parts.into_iter().flatten().collect()
}

/// This part of the description of the interface.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    peers::list,
    peers::decide,
    peers::find,
    peers::allow,
    peers::block,
    peers::forget,
    peers::retry,
    deliveries::list,
    deliveries::retry,
    deliveries::give_up,
    audit::list,
))]
pub struct Description;
