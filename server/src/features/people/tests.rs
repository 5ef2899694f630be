use std::collections::BTreeSet;

use crate::http::router;
use crate::http::{Access, Method, Surface};

#[test]
fn no_route_is_listed_twice() {
    let mut seen = BTreeSet::new();

    for route in router::routes() {
        let name = format!("{:?} {}", route.method, route.path);
        assert!(seen.insert(name.clone()), "{name}");
    }
}

#[test]
fn administration_is_open_to_nobody_without_a_right() {
    let guarded = ["/administration", "/moderation", "/accompagner"];

    for route in router::routes()
        .iter()
        .filter(|r| guarded.iter().any(|g| r.path.starts_with(g)))
    {
        assert!(matches!(route.access, Access::Right(_)), "{}", route.path);
    }
}

#[test]
fn nobody_changes_anything_through_the_json_twin_without_a_token() {
    for route in router::routes() {
        if route.surface == Surface::Api && route.method != Method::Get {
            assert_ne!(route.access, Access::Anyone, "{}", route.path);
        }
    }
}
