//! KPAs: one of them, all of the network, following, and acting from another server.

mod directory;
mod follow;
mod samples;

pub use directory::{FollowState, HubLine, HubList, HubPage, HubStanding, Reached};
pub use follow::{Interact, InteractKind, RemoteFollow};
