//! Who is behind a level of visibility, and whom an object was told to.

mod store;

use crate::db::conn::Conn;
use crate::db::error::StoreError;

pub use store::{followed_hubs, hub_names, names, network_hubs, reached};

/// Most hubs named one by one in a document (the reader's limit is 1 000 recipients).
pub const HUBS_MAX: i64 = 900;

/// How far something has come: one entry for each other hub it is meant for, and whether all of it
/// has arrived there.
///
/// # Errors
/// Those of the store.
pub fn spread(conn: &mut Conn, object_uri: &str) -> Result<Vec<(String, bool)>, StoreError> {
    let rows = store::deliveries_of(conn, object_uri)?;
    let mut hubs: Vec<(String, bool)> = Vec::new();
    for (origin, state) in rows {
        let arrived = state == "done";
        match hubs.last_mut() {
            Some((last, all)) if *last == origin => *all &= arrived,
            _ => hubs.push((origin, arrived)),
        }
    }
    Ok(hubs)
}
