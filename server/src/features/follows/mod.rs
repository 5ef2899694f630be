//! Who follows whom: members and the hub follow hubs and people here or on other servers, and are
//! followed from there.
//!
//! A member without a public actor follows by the hub: the wire knows one `Follow` of the hub, the
//! members behind it are rows here and no name leaves (decision 21). When the last of them leaves,
//! the hub undoes it. Everybody who is heard may follow public actors (federation.md 3.2); the list
//! of followers is nobody's business (security.md D101).

#![expect(
    clippy::similar_names,
    reason = "follower and followed are the two words of this feature"
)]

pub mod api;
mod asking;
mod inbox;
pub mod model;
mod pages;
mod store;

use interkpa_federation::{Instant, Origin, Uri};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::Feature;
use crate::fediverse::ours::OurActor;
use crate::http::Route;
use crate::ids::MemberId;
use crate::jobs::job::JobKind;

pub use asking::{FollowError, follow, unfollow};
pub use inbox::{receive, receive_answer, receive_undo};
pub use model::{Follow, FollowState, Follower};
pub use pages::own_page;

/// This feature, for the list of all.
pub const FEATURE: Feature = Feature {
    name: "follows",
    routes,
    jobs,
    describe: <api::Description as utoipa::OpenApi>::openapi,
};

fn routes() -> Vec<Route> {
    api::routes().into_iter().chain(pages::routes()).collect()
}

fn jobs() -> Vec<JobKind<App>> {
    Vec::new()
}

/// Most actors of one member's feed.
pub const FOLLOWED_MAX: i64 = 1_000;

/// Addresses of the actors whose public things a member wants to see: those the member follows and
/// those the hub follows by its own decision. At most [`FOLLOWED_MAX`].
///
/// # Errors
/// See [`StoreError`].
pub fn feed_of(app: &App, conn: &mut Conn, member: &MemberId) -> Result<Vec<String>, StoreError> {
    let member = Follower::Member(member.clone()).address(app);
    let hub = OurActor::Hub.address(app);
    store::followed_by(conn, &[member, hub], FOLLOWED_MAX)
}

/// Whether somebody follows an actor of ours and was accepted.
///
/// # Errors
/// See [`StoreError`].
pub fn is_follower(conn: &mut Conn, follower: &Uri, followed: &str) -> Result<bool, StoreError> {
    let found = store::find(conn, follower.as_str(), followed)?;
    Ok(found.is_some_and(|follow| follow.state == FollowState::Accepted))
}

/// How many follow an actor of ours from elsewhere.
///
/// # Errors
/// See [`StoreError`].
pub fn follower_count(conn: &mut Conn, followed: &str) -> Result<u64, StoreError> {
    store::follower_count(conn, followed)
}

/// An actor of another server is no more: nobody follows it, it follows nobody.
///
/// # Errors
/// See [`StoreError`].
pub fn actor_gone(tx: &mut Conn, actor: &Uri) -> Result<(), StoreError> {
    store::delete_all_of(tx, actor.as_str())
}

/// A member of this hub is no more: they follow nobody, nobody follows them, and the servers of those
/// they followed are told.
///
/// # Errors
/// See [`StoreError`].
pub fn member_leaves(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    member: &MemberId,
) -> Result<(), StoreError> {
    asking::leave_all(app, tx, now, member)?;
    store::delete_all_of(tx, &Follower::Member(member.clone()).address(app))
}

/// A server is blocked: nobody there follows us, nobody here follows anybody there.
///
/// # Errors
/// See [`StoreError`].
pub fn server_blocked(tx: &mut Conn, origin: &Origin) -> Result<(), StoreError> {
    store::delete_all_at(tx, origin.as_str())
}

#[cfg(test)]
mod tests;
