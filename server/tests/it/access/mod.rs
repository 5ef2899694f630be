//! Who may take which route: the whole authorisation table, by request (promise P13).

mod matrix;
mod others;

use interkpa_server::http::Route;

/// The path of a route with something in each of its places.
fn filled(route: &Route, id: &str) -> String {
    let parts = route.path.split('/').map(|part| match part {
        "{id}" | "{picture}" => id,
        "{kind}" => "objects",
        "{hash}" | "{secret}" => "0".repeat(64).leak(),
        "{handle}" => "@bobinette",
        "{host}" => "ailleurs.localhost:1",
        "{file}" => "style-0.css",
        other => {
            assert!(
                !other.contains('{'),
                "a place of a new kind: {}",
                route.path
            );
            other
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn the_document_of_the_table_is_up_to_date() {
    let kept = include_str!("../../../../docs/authorisation.md");

    assert!(
        kept == interkpa_server::http::authorisation::markdown(),
        "stale: cargo run -p interkpa-server --features testing --example authorisation > docs/authorisation.md"
    );
}
