//! The audit trail: one row for each state change, in the transaction of the change.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::audit_events;
use crate::ids::MemberId;

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
