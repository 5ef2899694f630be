//! « À prévenir »: members with something unread who do not look at the site.
//!
//! Somebody without any signed-in device is told at once; somebody with one is given a day.

use std::collections::{HashMap, HashSet};

use interkpa_federation::{Instant, Span};

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::notifications::store::{self, Row};
use crate::features::people::{self, Reach};
use crate::ids::MemberId;

/// How long somebody with a device has to look for themselves.
const PATIENCE: Span = Span::days(1);

/// One person to tell, and what.
#[derive(Debug, Clone)]
pub struct Due {
    /// The notice.
    pub row: Row,
    /// How to reach the person.
    pub reach: Reach,
}

/// Whom to tell, longest waiting first.
///
/// # Errors
/// Those of the store.
pub fn due(conn: &mut Conn, now: Instant) -> Result<Vec<Due>, StoreError> {
    let rows = store::untold(conn)?;
    let ids: HashSet<&MemberId> = rows.iter().map(|row| &row.member).collect();
    let ids: Vec<&MemberId> = ids.into_iter().collect();
    let reaches: HashMap<MemberId, Reach> = people::reach(conn, &ids, now)?
        .into_iter()
        .map(|reach| (reach.id.clone(), reach))
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let reach = reaches.get(&row.member)?.clone();
            let waits = !reach.has_device || now >= row.created_at + PATIENCE;
            waits.then_some(Due { row, reach })
        })
        .collect())
}
