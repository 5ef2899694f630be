//! What must be true of a database that comes back from a backup (docs/decisions/0006).
//!
//! The copy remembers a state that the world has left: links that were used since would work
//! again, and waiting times towards peers are those of another day.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::facts;
use crate::db::schema::{
    agreements, api_tokens, delivery_peers, inbox_activities, invitations, members,
    outbox_activities, proposals, sessions,
};
use crate::db::types::ROWS_MAX;

/// What was closed because the backup could not know whether it still held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Closed {
    /// Sessions: everybody signs in again.
    pub sessions: usize,
    /// Tokens of programs: one revoked since the backup must not live again.
    pub tokens: usize,
    /// Links of invitations and recoveries: one used since must not work twice.
    pub links: usize,
}

/// Begins a new epoch in a database that was just put back. `event_id` and `epoch` are fresh
/// UUIDv7.
///
/// # Errors
/// See [`StoreError`].
pub fn begin_epoch(
    tx: &mut Conn,
    now: Instant,
    made_at: Instant,
    epoch: &str,
    event_id: &str,
) -> Result<Closed, StoreError> {
    let before = facts::get(tx, facts::EPOCH)?;
    facts::put(tx, facts::EPOCH, epoch, now)?;
    let at = |at: Instant| at.as_milliseconds().to_string();
    facts::put(tx, facts::RESTORED_FROM, &at(made_at), now)?;
    facts::put(tx, facts::RESTORED_AT, &at(now), now)?;
    // The failures of another day say nothing about today: every peer is tried at once.
    diesel::update(delivery_peers::table)
        .set((
            delivery_peers::failures.eq(0_i64),
            delivery_peers::next_try_at.eq(now.as_milliseconds()),
            delivery_peers::lease_until.eq(0_i64),
        ))
        .execute(tx)?;
    let closed = Closed {
        sessions: diesel::delete(sessions::table).execute(tx)?,
        tokens: diesel::update(api_tokens::table.filter(api_tokens::revoked_at.is_null()))
            .set(api_tokens::revoked_at.eq(now.as_milliseconds()))
            .execute(tx)?,
        links: diesel::update(invitations::table.filter(invitations::state.eq("open")))
            .set(invitations::state.eq("revoked"))
            .execute(tx)?,
    };
    let event = Event {
        actor: Actor::Operator("restore"),
        on_behalf_of: None,
        command: "hub_restore",
        subject_kind: "hub",
        subject_id: epoch,
        old_state: before.as_deref(),
        new_state: Some(epoch),
        reason: None,
    };
    audit::record(tx, event_id, now, &event)?;
    Ok(closed)
}

/// Something that happened after an instant, named so that people can find each other again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Happened {
    /// `member`, `proposal`, `agreement`, `sent` or `received`.
    pub kind: &'static str,
    /// Address, or local key of a member.
    pub id: String,
    /// Title, handle or kind of activity: no private text.
    pub title: String,
    /// When, in milliseconds UTC.
    pub at: i64,
}

/// What a database knows that happened after `since`: at most [`ROWS_MAX`] of each kind, oldest
/// first.
///
/// # Errors
/// See [`StoreError`].
pub fn since(conn: &mut Conn, since: Instant) -> Result<Vec<Happened>, StoreError> {
    let since = since.as_milliseconds();
    let mut found = Vec::new();
    let mut add = |kind, rows: Vec<(String, String, i64)>| {
        found.extend(rows.into_iter().map(|(id, title, at)| Happened {
            kind,
            id,
            title,
            at,
        }));
    };
    let rows = members::table
        .filter(members::created_at.gt(since))
        .order((members::created_at, members::id))
        .select((members::id, members::handle, members::created_at))
        .limit(ROWS_MAX)
        .load(conn)?;
    add("member", rows);
    let rows = proposals::table
        .filter(proposals::updated_at.gt(since))
        .order((proposals::updated_at, proposals::id))
        .select((proposals::uri, proposals::title, proposals::updated_at))
        .limit(ROWS_MAX)
        .load(conn)?;
    add("proposal", rows);
    let rows = agreements::table
        .filter(agreements::updated_at.gt(since))
        .order((agreements::updated_at, agreements::id))
        .select((agreements::uri, agreements::state, agreements::updated_at))
        .limit(ROWS_MAX)
        .load(conn)?;
    add("agreement", rows);
    let rows = outbox_activities::table
        .filter(outbox_activities::created_at.gt(since))
        .order((outbox_activities::created_at, outbox_activities::id))
        .select((
            outbox_activities::uri,
            outbox_activities::kind,
            outbox_activities::created_at,
        ))
        .limit(ROWS_MAX)
        .load(conn)?;
    add("sent", rows);
    let rows = inbox_activities::table
        .filter(inbox_activities::received_at.gt(since))
        .filter(inbox_activities::state.ne("unknown"))
        .order((inbox_activities::received_at, inbox_activities::id))
        .select((
            inbox_activities::id,
            inbox_activities::kind,
            inbox_activities::received_at,
        ))
        .limit(ROWS_MAX)
        .load(conn)?;
    add("received", rows);
    Ok(found)
}
