//! The router, built from the list of every feature's routes: nothing is served that is not in it.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::features;
use crate::http::access::{self, Demand};
use crate::http::error::{AppError, Kind};
use crate::http::layers;
use crate::http::route::Route;

/// Longest time one request may take, in seconds; then the answer is 408.
const REQUEST_SECONDS_MAX: u64 = 30;

/// Every route of the hub: the authorisation table.
pub fn routes() -> Vec<Route> {
    let mut all = Vec::new();
    for feature in features::ALL {
        all.extend((feature.routes)());
    }
    all.extend(crate::fediverse::routes());
    all.extend(crate::api::routes());
    all.extend(crate::http::assets::routes());
    all
}

/// The whole service of a hub.
pub fn router(app: &App) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let demand = Demand {
            access: route.access,
            surface: route.surface,
        };
        let layers = ServiceBuilder::new()
            .layer(DefaultBodyLimit::max(route.body_bytes_max))
            .layer(from_fn_with_state((app.clone(), demand), access::enforce));
        router = router.route(route.path, route.handler.layer(layers));
    }
    router
        .fallback(async || AppError::not_found())
        .method_not_allowed_fallback(async || {
            AppError::new(Kind::MethodNotAllowed, "method_not_allowed")
        })
        .layer(TimeoutLayer::with_status_code(
            axum::http::StatusCode::REQUEST_TIMEOUT,
            std::time::Duration::from_secs(REQUEST_SECONDS_MAX),
        ))
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(from_fn_with_state(app.clone(), layers::edge))
        .layer(from_fn(layers::headers))
        .layer(CompressionLayer::new())
        .with_state(app.clone())
}
