//! Pages about KPAs and following: all KPAs, one of them, following from elsewhere, acting from
//! elsewhere. A GET never acts; a form never leads to another server, it shows a link (web.md §13).

mod hubs;
mod interact;
mod remote;

use axum::routing::{get, post};
use interkpa_web::form::Problem;
use interkpa_web::routes as paths;

use crate::features::follows::asking::FollowError;
use crate::features::follows::model::Follower;
use crate::features::people::rights::Right;
use crate::fediverse::remote::{DiscoverError, RemoteError};
use crate::http::error::AppError;
use crate::http::identity::SignedIn;
use crate::http::{Access, Route};

pub use hubs::own_page;

/// The entries of the authorisation table.
pub(super) fn routes() -> Vec<Route> {
    let (anyone, member) = (Access::Anyone, Access::Member);
    vec![
        Route::page(paths::HUBS, anyone, get(hubs::list)),
        Route::form(paths::HUBS_FOLLOW, member, post(hubs::follow_address)),
        Route::page("/kpa/{host}", anyone, get(hubs::show)),
        Route::form("/kpa/{host}/suivre", member, post(hubs::follow_hub)),
        Route::form(
            "/kpa/{host}/ne-plus-suivre",
            member,
            post(hubs::unfollow_hub),
        ),
        // `/@<slug>/suivre`: the whole first part, because the `@` belongs to the handle.
        Route::page("/{handle}/suivre", anyone, get(remote::show)),
        Route::form("/{handle}/suivre", anyone, post(remote::find)),
        Route::page(paths::INTERACT, member, get(interact::show)),
        Route::form(paths::INTERACT, member, post(interact::follow_it)),
    ]
}

/// Who follows when this member presses the button: the KPA by those who steer it, else the member.
fn follower_of(member: &SignedIn) -> Follower {
    if member.may(Right::SteerHub) {
        Follower::Hub
    } else {
        Follower::Member(member.id.clone())
    }
}

/// What is wrong with an address that was typed; failures of ours go on as errors.
fn problem_of(error: FollowError) -> Result<Problem, AppError> {
    match error {
        FollowError::Store(error)
        | FollowError::Discover(DiscoverError::Remote(RemoteError::Store(error))) => {
            Err(error.into())
        }
        FollowError::Discover(DiscoverError::NotAnAddress) | FollowError::Oneself => {
            Ok(Problem::NotAnAddress)
        }
        _ => Ok(Problem::AddressUnreachable),
    }
}
