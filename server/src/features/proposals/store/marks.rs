//! Rows beside a proposal: who entered it for whom, who hid it, who reported it.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::among::among;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::{hidden_objects, proposal_entries, reports};
use crate::db::types::ROWS_MAX;
use crate::ids::{MemberId, ProposalId};

/// « Saisi pour le compte de »: nothing of it leaves the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The facilitator.
    pub entered_by: MemberId,
    /// Name typed at the desk, for somebody without an account.
    pub for_name: Option<String>,
    /// Code of the printed slip.
    pub slip_code: Option<String>,
}

/// Keeps who entered a proposal.
///
/// # Errors
/// Those of the store; a slip code used before is a conflict.
pub fn insert_entry(
    tx: &mut Conn,
    proposal: &ProposalId,
    entry: &Entry,
    now: Instant,
) -> Result<(), StoreError> {
    diesel::insert_into(proposal_entries::table)
        .values((
            proposal_entries::proposal_id.eq(proposal.as_str()),
            proposal_entries::entered_by.eq(entry.entered_by.as_str()),
            proposal_entries::for_name.eq(entry.for_name.as_deref()),
            proposal_entries::slip_code.eq(entry.slip_code.as_deref()),
            proposal_entries::created_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// Who entered a proposal, if it was entered for somebody.
///
/// # Errors
/// Those of the store.
pub fn entry(conn: &mut Conn, proposal: &ProposalId) -> Result<Option<Entry>, StoreError> {
    let row: Option<(String, Option<String>, Option<String>)> = proposal_entries::table
        .find(proposal.as_str())
        .select((
            proposal_entries::entered_by,
            proposal_entries::for_name,
            proposal_entries::slip_code,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(entered_by, for_name, slip_code)| Entry {
        entered_by: MemberId::known(entered_by),
        for_name,
        slip_code,
    }))
}

/// Those of some proposals that were entered for somebody without an account.
///
/// # Errors
/// Those of the store.
pub fn named_among(
    conn: &mut Conn,
    proposals: &[&ProposalId],
) -> Result<Vec<ProposalId>, StoreError> {
    if proposals.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<&str> = proposals.iter().map(|id| id.as_str()).collect();
    let ids: Vec<String> = proposal_entries::table
        .filter(among(conn, proposal_entries::proposal_id, &keys))
        .filter(proposal_entries::for_name.is_not_null())
        .order(proposal_entries::proposal_id)
        .limit(ROWS_MAX)
        .select(proposal_entries::proposal_id)
        .load(conn)?;
    Ok(ids.into_iter().map(ProposalId::known).collect())
}

/// Whether a slip of this code exists.
///
/// # Errors
/// Those of the store.
pub fn slip_exists(conn: &mut Conn, code: &str) -> Result<bool, StoreError> {
    let slip = proposal_entries::table.filter(proposal_entries::slip_code.eq(code));
    Ok(diesel::select(diesel::dsl::exists(slip)).get_result(conn)?)
}

/// Hides an object from one member's lists. Hidden already, nothing changes.
///
/// # Errors
/// Those of the store.
pub fn hide(tx: &mut Conn, member: &MemberId, uri: &str, now: Instant) -> Result<(), StoreError> {
    let insert = diesel::insert_into(hidden_objects::table)
        .values((
            hidden_objects::member_id.eq(member.as_str()),
            hidden_objects::uri.eq(uri),
            hidden_objects::created_at.eq(now.as_milliseconds()),
        ))
        .on_conflict_do_nothing();
    Both(insert).execute(tx)?;
    Ok(())
}

/// Shows it to that member again.
///
/// # Errors
/// Those of the store.
pub fn unhide(tx: &mut Conn, member: &MemberId, uri: &str) -> Result<(), StoreError> {
    diesel::delete(hidden_objects::table.find((member.as_str(), uri))).execute(tx)?;
    Ok(())
}

/// Forgets everything that a member hid.
///
/// # Errors
/// Those of the store.
pub fn unhide_all(tx: &mut Conn, member: &MemberId) -> Result<(), StoreError> {
    diesel::delete(hidden_objects::table.filter(hidden_objects::member_id.eq(member.as_str())))
        .execute(tx)?;
    Ok(())
}

/// A report, ready to be written.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = reports)]
pub struct NewReport {
    /// UUIDv7.
    pub id: String,
    /// What is reported.
    pub uri: String,
    /// Its title as it read then.
    pub title: String,
    /// Its text as it read then.
    pub evidence: String,
    /// The member who reports; never told to the author (D99).
    pub reporter_member: Option<String>,
    /// The server a `Flag` came from.
    pub reporter_origin: Option<String>,
    /// Code of the reason, then the reporter's words.
    pub reason: String,
    /// `open`.
    pub state: &'static str,
    /// Ms UTC.
    pub created_at: i64,
}

/// Keeps a report.
///
/// # Errors
/// Those of the store.
pub fn insert_report(tx: &mut Conn, report: &NewReport) -> Result<(), StoreError> {
    diesel::insert_into(reports::table)
        .values(report)
        .execute(tx)?;
    Ok(())
}

/// Whether this member's report of that object is still open: a second tap adds nothing.
///
/// # Errors
/// Those of the store.
pub fn is_reported(conn: &mut Conn, uri: &str, member: &MemberId) -> Result<bool, StoreError> {
    let open = reports::table
        .filter(reports::uri.eq(uri))
        .filter(reports::reporter_member.eq(member.as_str()))
        .filter(reports::state.eq("open"));
    Ok(diesel::select(diesel::dsl::exists(open)).get_result(conn)?)
}

/// Whether a report of that object by that server is still open.
///
/// # Errors
/// Those of the store.
pub fn is_reported_by(conn: &mut Conn, uri: &str, origin: &str) -> Result<bool, StoreError> {
    let open = reports::table
        .filter(reports::uri.eq(uri))
        .filter(reports::reporter_origin.eq(origin))
        .filter(reports::state.eq("open"));
    Ok(diesel::select(diesel::dsl::exists(open)).get_result(conn)?)
}

/// Whether the team decided to keep an object back: then its author cannot show it again.
///
/// # Errors
/// Those of the store.
pub fn is_kept_back(conn: &mut Conn, uri: &str) -> Result<bool, StoreError> {
    let last: Option<String> = reports::table
        .filter(reports::uri.eq(uri))
        .filter(reports::state.ne("open"))
        .order((reports::decided_at.desc(), reports::id.desc()))
        .limit(1)
        .select(reports::state)
        .first(conn)
        .optional()?;
    Ok(last.is_some_and(|state| state == "hidden"))
}
