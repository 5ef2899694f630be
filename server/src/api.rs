//! The JSON twin of the pages under `/api/v1`: its routes, gathered from the features.
//!
//! The same rules and the same errors as the pages; the handlers stand in each feature's `api.rs`.

use crate::http::Route;

/// Routes that belong to no single feature: the description of the interface.
pub fn routes() -> Vec<Route> {
    Vec::new()
}
