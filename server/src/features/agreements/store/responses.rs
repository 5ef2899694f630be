//! Rows of answers.

use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::Settlement;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::responses;
use crate::features::agreements::model::ResponseState;
use crate::ids::{MemberId, ProposalId, ResponseId};

/// Most answers shown under one proposal.
pub const ANSWERS_MAX: i64 = 100;
/// Answers of one page of a member's list.
pub const PAGE_MAX: i64 = 20;

/// An answer as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Local key.
    pub id: ResponseId,
    /// Address of the `Offer` activity.
    pub uri: String,
    /// The proposal, ours or a copy.
    pub proposal: ProposalId,
    /// Person, or hub for a member without public actor.
    pub responder_uri: String,
    /// Opaque reference to the person within that hub.
    pub party: String,
    /// The member, when local.
    pub member: Option<MemberId>,
    /// Name as the proposer may see it.
    pub name: String,
    /// Plain text.
    pub message: String,
    /// Units.
    pub quantity: i64,
    /// How it would be settled.
    pub settlement: Settlement,
    /// « samedi 14 h »
    pub planned: String,
    /// Where it stands.
    pub state: ResponseState,
    /// Reason of a refusal, plain.
    pub reason: Option<String>,
    /// Name typed at the desk; never leaves this hub.
    pub on_behalf_of: Option<String>,
    /// When it was given.
    pub created_at: Instant,
    /// When it was decided.
    pub decided_at: Option<Instant>,
}

type Row = (
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    String,
    String,
    i64,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    i64,
    Option<i64>,
);

fn from_row(row: Row) -> Result<Response, StoreError> {
    let wrong = |what: &str| StoreError::broken(format!("answer {}: unknown {what}", row.0));
    Ok(Response {
        settlement: Settlement::parse(&row.9).ok_or_else(|| wrong("settlement"))?,
        state: ResponseState::parse(&row.11).ok_or_else(|| wrong("state"))?,
        id: ResponseId::known(row.0),
        uri: row.1,
        proposal: ProposalId::known(row.2),
        responder_uri: row.3,
        party: row.4,
        member: row.5.map(MemberId::known),
        name: row.6,
        message: row.7,
        quantity: row.8,
        planned: row.10,
        reason: row.12,
        on_behalf_of: row.13,
        created_at: Instant::from_milliseconds(row.14),
        decided_at: row.15.map(Instant::from_milliseconds),
    })
}

/// Writes an answer; `false` when the same person has one waiting already, or it came before.
pub fn insert_if_new(tx: &mut Conn, new: &Response) -> Result<bool, StoreError> {
    let inserted = Both(
        diesel::insert_into(responses::table)
            .values((
                responses::id.eq(new.id.as_str()),
                responses::uri.eq(&new.uri),
                responses::proposal_id.eq(new.proposal.as_str()),
                responses::responder_uri.eq(&new.responder_uri),
                responses::party.eq(&new.party),
                responses::member_id.eq(new.member.as_ref().map(MemberId::as_str)),
                responses::name.eq(&new.name),
                responses::message.eq(&new.message),
                responses::quantity.eq(new.quantity),
                responses::settlement.eq(new.settlement.as_str()),
                responses::planned.eq(&new.planned),
                responses::state.eq(new.state.as_str()),
                responses::reason.eq(new.reason.as_deref()),
                responses::on_behalf_of.eq(new.on_behalf_of.as_deref()),
                responses::created_at.eq(new.created_at.as_milliseconds()),
                responses::decided_at.eq(new.decided_at.map(Instant::as_milliseconds)),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(tx)?;
    Ok(inserted == 1)
}

/// The answer of a local key.
pub fn find(conn: &mut Conn, id: &ResponseId) -> Result<Option<Response>, StoreError> {
    let row: Option<Row> = responses::table
        .find(id.as_str())
        .select(responses::all_columns)
        .first(conn)
        .optional()?;
    row.map(from_row).transpose()
}

/// The answer whose `Offer` has this address.
pub fn find_by_uri(conn: &mut Conn, uri: &str) -> Result<Option<Response>, StoreError> {
    let row: Option<Row> = responses::table
        .filter(responses::uri.eq(uri))
        .select(responses::all_columns)
        .first(conn)
        .optional()?;
    row.map(from_row).transpose()
}

/// Decides an open answer; `false` when it was decided before.
pub fn decide(
    tx: &mut Conn,
    id: &ResponseId,
    state: ResponseState,
    reason: Option<&str>,
    now: Instant,
) -> Result<bool, StoreError> {
    let changed = diesel::update(
        responses::table
            .filter(responses::id.eq(id.as_str()))
            .filter(responses::state.eq(ResponseState::Sent.as_str())),
    )
    .set((
        responses::state.eq(state.as_str()),
        responses::reason.eq(reason),
        responses::decided_at.eq(now.as_milliseconds()),
    ))
    .execute(tx)?;
    Ok(changed == 1)
}

/// Keeps why an answer ended with its proposal, told after it ended here; `false` when it did not end
/// so, or nothing new is said.
pub fn explain(tx: &mut Conn, id: &ResponseId, reason: &str) -> Result<bool, StoreError> {
    let ended = responses::table
        .filter(responses::id.eq(id.as_str()))
        .filter(responses::state.eq(ResponseState::Expired.as_str()))
        .filter(responses::reason.is_null().or(responses::reason.ne(reason)));
    let changed = diesel::update(ended)
        .set(responses::reason.eq(reason))
        .execute(tx)?;
    Ok(changed == 1)
}

/// Keeps that the proposer's hub accepted an answer, whatever was thought of it here.
pub fn accepted_by_owner(tx: &mut Conn, id: &ResponseId, now: Instant) -> Result<(), StoreError> {
    diesel::update(responses::table.find(id.as_str()))
        .set((
            responses::state.eq(ResponseState::Accepted.as_str()),
            responses::reason.eq(None::<String>),
            responses::decided_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// Answers to a proposal, oldest first.
pub fn of_proposal(conn: &mut Conn, proposal: &ProposalId) -> Result<Vec<Response>, StoreError> {
    let rows: Vec<Row> = responses::table
        .filter(responses::proposal_id.eq(proposal.as_str()))
        .order((responses::created_at, responses::id))
        .limit(ANSWERS_MAX)
        .select(responses::all_columns)
        .load(conn)?;
    rows.into_iter().map(from_row).collect()
}

/// Answers that a proposal still owes a decision, oldest first.
pub fn open_of_proposal(
    conn: &mut Conn,
    proposal: &ProposalId,
) -> Result<Vec<Response>, StoreError> {
    let rows: Vec<Row> = responses::table
        .filter(responses::proposal_id.eq(proposal.as_str()))
        .filter(responses::state.eq(ResponseState::Sent.as_str()))
        .order((responses::created_at, responses::id))
        .limit(ANSWERS_MAX)
        .select(responses::all_columns)
        .load(conn)?;
    rows.into_iter().map(from_row).collect()
}

/// Answers that some proposals still owe a decision, oldest first.
pub fn open_among(
    conn: &mut Conn,
    among: &[ProposalId],
    limit: usize,
) -> Result<Vec<Response>, StoreError> {
    let keys: Vec<&str> = among.iter().map(ProposalId::as_str).collect();
    let rows: Vec<Row> = responses::table
        .filter(responses::proposal_id.eq_any(keys))
        .filter(responses::state.eq(ResponseState::Sent.as_str()))
        .order((responses::created_at, responses::id))
        .limit(i64::try_from(limit).unwrap_or(ANSWERS_MAX))
        .select(responses::all_columns)
        .load(conn)?;
    rows.into_iter().map(from_row).collect()
}

/// Whether a member's answer to this proposal waits for a decision.
pub fn has_open(
    conn: &mut Conn,
    proposal: &ProposalId,
    member: &MemberId,
) -> Result<bool, StoreError> {
    let open = responses::table
        .filter(responses::proposal_id.eq(proposal.as_str()))
        .filter(responses::member_id.eq(member.as_str()))
        .filter(responses::state.eq(ResponseState::Sent.as_str()));
    Ok(diesel::select(diesel::dsl::exists(open)).get_result(conn)?)
}

/// How many answers of a member wait for a decision.
pub fn count_open_of_member(conn: &mut Conn, member: &MemberId) -> Result<u32, StoreError> {
    let count: i64 = responses::table
        .filter(responses::member_id.eq(member.as_str()))
        .filter(responses::state.eq(ResponseState::Sent.as_str()))
        .count()
        .get_result(conn)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Answers a member gave, newest first, after a cursor of (created_at, id).
pub fn page_of_member(
    conn: &mut Conn,
    member: &MemberId,
    after: Option<&(Instant, String)>,
) -> Result<Vec<Response>, StoreError> {
    let mut query = responses::table
        .filter(responses::member_id.eq(member.as_str()))
        .select(responses::all_columns)
        .into_boxed();
    if let Some((at, id)) = after {
        let at = at.as_milliseconds();
        query = query.filter(
            responses::created_at
                .lt(at)
                .or(responses::created_at.eq(at).and(responses::id.lt(id))),
        );
    }
    let rows: Vec<Row> = query
        .order((responses::created_at.desc(), responses::id.desc()))
        .limit(PAGE_MAX + 1)
        .load(conn)?;
    rows.into_iter().map(from_row).collect()
}
