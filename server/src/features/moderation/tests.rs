use super::pages;
use crate::features::people::rights::Right;
use crate::http::Access;

#[test]
fn only_those_who_moderate_reach_the_queue() {
    let routes = pages::routes();

    assert!(!routes.is_empty());
    for route in routes {
        assert_eq!(
            route.access,
            Access::Right(Right::Moderate),
            "{}",
            route.path
        );
    }
}
