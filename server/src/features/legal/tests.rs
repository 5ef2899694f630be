//! Whom the pages are for.

use super::FEATURE;
use crate::http::Access;

#[test]
fn the_pages_of_law_and_help_ask_nobody_to_sign_in() {
    let routes = (FEATURE.routes)();

    assert_eq!(routes.len(), 5);
    for route in routes {
        assert_eq!(route.access, Access::Anyone, "{}", route.path);
    }
}
