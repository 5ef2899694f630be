//! The audit trail: one row for each state change, in the transaction of the change.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::audit_events;
use crate::db::types::ROWS_MAX;
use crate::ids::MemberId;

/// Most events of one subject that a page shows or a rule reads.
const OF_SUBJECT_MAX: i64 = 200;

/// What a member of this hub did, for oneself or for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// When.
    pub at: Instant,
    /// Who did it.
    pub by: MemberId,
    /// For whom: a member id, or a name typed at the desk.
    pub on_behalf_of: Option<String>,
    /// Named command.
    pub command: String,
}

/// What members of this hub did to one thing, oldest first; at most 200.
///
/// # Errors
/// Those of the store.
pub fn done_by_members(
    conn: &mut Conn,
    subject_kind: &str,
    subject_id: &str,
) -> Result<Vec<Done>, StoreError> {
    let rows: Vec<(i64, String, Option<String>, String)> = audit_events::table
        .filter(audit_events::subject_kind.eq(subject_kind))
        .filter(audit_events::subject_id.eq(subject_id))
        .filter(audit_events::actor_kind.eq("member"))
        .order((audit_events::at, audit_events::id))
        .limit(OF_SUBJECT_MAX)
        .select((
            audit_events::at,
            audit_events::actor,
            audit_events::on_behalf_of,
            audit_events::command,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(at, by, on_behalf_of, command)| Done {
            at: Instant::from_milliseconds(at),
            by: MemberId::known(by),
            on_behalf_of,
            command,
        })
        .collect())
}

/// Who caused a change.
#[derive(Debug, Clone, Copy)]
pub enum Actor<'a> {
    /// A member of this hub.
    Member(&'a MemberId),
    /// Another server's actor, by address.
    Peer(&'a str),
    /// A job, by name.
    System(&'a str),
    /// A command typed on the machine, by name.
    Operator(&'a str),
}

/// A change of state. Texts are words of the domain, never personal data (invariant 12).
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// Who did it.
    pub actor: Actor<'a>,
    /// For whom, when a facilitator acts for somebody: a member id, or the name typed at the desk.
    pub on_behalf_of: Option<&'a str>,
    /// Named command: `proposal_withdraw`.
    pub command: &'static str,
    /// What kind of thing changed: `proposal`.
    pub subject_kind: &'static str,
    /// Its key.
    pub subject_id: &'a str,
    /// State before.
    pub old_state: Option<&'a str>,
    /// State after.
    pub new_state: Option<&'a str>,
    /// Reason given by the person.
    pub reason: Option<&'a str>,
}

impl<'a> Event<'a> {
    /// An event without states, reason or anybody it was done for.
    pub fn new(
        actor: Actor<'a>,
        command: &'static str,
        subject_kind: &'static str,
        subject_id: &'a str,
    ) -> Self {
        Self {
            actor,
            on_behalf_of: None,
            command,
            subject_kind,
            subject_id,
            old_state: None,
            new_state: None,
            reason: None,
        }
    }
}

/// Writes the event. `id` is a fresh UUIDv7.
///
/// # Errors
/// Those of the store.
pub fn record(tx: &mut Conn, id: &str, now: Instant, event: &Event<'_>) -> Result<(), StoreError> {
    let (kind, actor) = match event.actor {
        Actor::Member(id) => ("member", id.as_str()),
        Actor::Peer(uri) => ("peer", uri),
        Actor::System(name) => ("system", name),
        Actor::Operator(name) => ("operator", name),
    };
    diesel::insert_into(audit_events::table)
        .values((
            audit_events::id.eq(id),
            audit_events::at.eq(now.as_milliseconds()),
            audit_events::actor_kind.eq(kind),
            audit_events::actor.eq(actor),
            audit_events::on_behalf_of.eq(event.on_behalf_of),
            audit_events::command.eq(event.command),
            audit_events::subject_kind.eq(event.subject_kind),
            audit_events::subject_id.eq(event.subject_id),
            audit_events::old_state.eq(event.old_state),
            audit_events::new_state.eq(event.new_state),
            audit_events::reason.eq(event.reason),
        ))
        .execute(tx)?;
    Ok(())
}

/// A change of state, as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// UUIDv7.
    pub id: String,
    /// When.
    pub at: Instant,
    /// `member`, `peer`, `system` or `operator`.
    pub actor_kind: String,
    /// Member id, address of an actor, name of a job or of a command.
    pub actor: String,
    /// For whom, when a facilitator acted for somebody.
    pub on_behalf_of: Option<String>,
    /// Named command.
    pub command: String,
    /// What kind of thing changed.
    pub subject_kind: String,
    /// Its key.
    pub subject_id: String,
    /// State before.
    pub old_state: Option<String>,
    /// State after.
    pub new_state: Option<String>,
    /// Reason given by the person.
    pub reason: Option<String>,
}

/// Which changes to read.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Of this actor: member id, address or name.
    pub actor: Option<String>,
    /// By this command.
    pub command: Option<String>,
    /// Behind this place of the list.
    pub after: Option<(Instant, String)>,
}

type Row = (
    String,
    i64,
    String,
    String,
    Option<String>,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// Changes, the newest first.
///
/// # Errors
/// Those of the store.
pub fn page(conn: &mut Conn, search: &Search, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let mut query = audit_events::table
        .order((audit_events::at.desc(), audit_events::id.desc()))
        .limit(limit.clamp(1, ROWS_MAX))
        .select((
            audit_events::id,
            audit_events::at,
            audit_events::actor_kind,
            audit_events::actor,
            audit_events::on_behalf_of,
            audit_events::command,
            audit_events::subject_kind,
            audit_events::subject_id,
            audit_events::old_state,
            audit_events::new_state,
            audit_events::reason,
        ))
        .into_boxed();
    if let Some(actor) = search.actor.clone() {
        query = query.filter(audit_events::actor.eq(actor));
    }
    if let Some(command) = search.command.clone() {
        query = query.filter(audit_events::command.eq(command));
    }
    if let Some((at, id)) = search.after.clone() {
        let at = at.as_milliseconds();
        let same = audit_events::at.eq(at).and(audit_events::id.lt(id));
        query = query.filter(audit_events::at.lt(at).or(same));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(entry).collect())
}

fn entry(row: Row) -> Entry {
    let (id, at, actor_kind, actor, on_behalf_of, command, subject_kind, subject_id, old, new, why) =
        row;
    Entry {
        id,
        at: Instant::from_milliseconds(at),
        actor_kind,
        actor,
        on_behalf_of,
        command,
        subject_kind,
        subject_id,
        old_state: old,
        new_state: new,
        reason: why,
    }
}
