//! Rows of answers, agreements, their parties, facts, disagreements and threads.

pub mod facts;
pub mod leaving;
pub mod responses;
pub mod thread;

use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::{AgreementState, KindName, Settlement};

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{agreement_parties, agreements};
use crate::features::agreements::model::{Deal, Side};
use crate::ids::{AgreementId, MemberId, ProposalId, ResponseId};

/// Most agreements of one page of a list.
pub const PAGE_MAX: i64 = 20;

/// Cuts a page read with one row more than it shows; whether there was one more.
pub fn shorten<T>(page: &mut Vec<T>, rows_max: i64) -> bool {
    let rows_max = usize::try_from(rows_max).unwrap_or(usize::MAX);
    let more = page.len() > rows_max;
    page.truncate(rows_max);
    more
}

/// An agreement as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Local key.
    pub id: AgreementId,
    /// Its address at the hub that owns it.
    pub uri: String,
    /// Server that owns it: the proposer's.
    pub origin: String,
    /// The answer it came from.
    pub response: ResponseId,
    /// The proposal, ours or a copy.
    pub proposal: ProposalId,
    /// What was promised.
    pub deal: Deal,
    /// Where it stands, by the owner's word.
    pub state: AgreementState,
    /// « samedi 14 h »
    pub planned: String,
    /// When it was concluded.
    pub created_at: Instant,
    /// When the owner last changed it.
    pub updated_at: Instant,
    /// Age of the copy; the same as `updated_at` for our own.
    pub fetched_at: Instant,
    /// Version of the owner.
    pub rev: i64,
}

/// One of the two parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRow {
    /// Which one.
    pub side: Side,
    /// Person, or hub for a member without public actor.
    pub actor_uri: String,
    /// Opaque reference to the person within that hub.
    pub party: String,
    /// The member, when local.
    pub member: Option<MemberId>,
    /// Name as the other party may see it.
    pub name: String,
    /// Known only once both agreed, and only with consent.
    pub phone: Option<String>,
    /// Likewise.
    pub email: Option<String>,
}

type AgreementRow = (
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    i64,
    Option<i64>,
    Option<i64>,
    String,
    String,
    i64,
    i64,
    i64,
    i64,
);

fn from_row(row: AgreementRow) -> Result<Agreement, StoreError> {
    let wrong = |what: &str| StoreError::broken(format!("agreement {}: unknown {what}", row.0));
    Ok(Agreement {
        deal: Deal {
            kind: KindName::parse(&row.5).ok_or_else(|| wrong("kind"))?,
            settlement: Settlement::parse(&row.6).ok_or_else(|| wrong("settlement"))?,
            quantity: row.7,
            minutes: row.8,
            price_cents: row.9,
        },
        state: AgreementState::parse(&row.10).ok_or_else(|| wrong("state"))?,
        id: AgreementId::known(row.0),
        uri: row.1,
        origin: row.2,
        response: ResponseId::known(row.3),
        proposal: ProposalId::known(row.4),
        planned: row.11,
        created_at: Instant::from_milliseconds(row.12),
        updated_at: Instant::from_milliseconds(row.13),
        fetched_at: Instant::from_milliseconds(row.14),
        rev: row.15,
    })
}

/// Writes an agreement and its two parties.
///
/// # Errors
/// A conflict when the answer has an agreement already (I-02).
pub fn insert(
    tx: &mut Conn,
    agreement: &Agreement,
    parties: &[PartyRow],
) -> Result<(), StoreError> {
    diesel::insert_into(agreements::table)
        .values((
            agreements::id.eq(agreement.id.as_str()),
            agreements::uri.eq(&agreement.uri),
            agreements::origin.eq(&agreement.origin),
            agreements::response_id.eq(agreement.response.as_str()),
            agreements::proposal_id.eq(agreement.proposal.as_str()),
            agreements::kind.eq(agreement.deal.kind.as_str()),
            agreements::settlement.eq(agreement.deal.settlement.as_str()),
            agreements::quantity.eq(agreement.deal.quantity),
            agreements::minutes.eq(agreement.deal.minutes),
            agreements::price_cents.eq(agreement.deal.price_cents),
            agreements::state.eq(agreement.state.as_str()),
            agreements::planned.eq(&agreement.planned),
            agreements::created_at.eq(agreement.created_at.as_milliseconds()),
            agreements::updated_at.eq(agreement.updated_at.as_milliseconds()),
            agreements::fetched_at.eq(agreement.fetched_at.as_milliseconds()),
            agreements::rev.eq(agreement.rev),
        ))
        .execute(tx)?;
    for party in parties {
        diesel::insert_into(agreement_parties::table)
            .values((
                agreement_parties::agreement_id.eq(agreement.id.as_str()),
                agreement_parties::side.eq(party.side.as_str()),
                agreement_parties::actor_uri.eq(&party.actor_uri),
                agreement_parties::party.eq(&party.party),
                agreement_parties::member_id.eq(party.member.as_ref().map(MemberId::as_str)),
                agreement_parties::name.eq(&party.name),
                agreement_parties::phone.eq(party.phone.as_deref()),
                agreement_parties::email.eq(party.email.as_deref()),
            ))
            .execute(tx)?;
    }
    Ok(())
}

/// The agreement of a local key.
pub fn find(conn: &mut Conn, id: &AgreementId) -> Result<Option<Agreement>, StoreError> {
    let row: Option<AgreementRow> = agreements::table
        .find(id.as_str())
        .select(agreements::all_columns)
        .first(conn)
        .optional()?;
    row.map(from_row).transpose()
}

/// The agreement of an address.
pub fn find_by_uri(conn: &mut Conn, uri: &str) -> Result<Option<Agreement>, StoreError> {
    let row: Option<AgreementRow> = agreements::table
        .filter(agreements::uri.eq(uri))
        .select(agreements::all_columns)
        .first(conn)
        .optional()?;
    row.map(from_row).transpose()
}

/// The agreement that came from an answer.
pub fn of_response(
    conn: &mut Conn,
    response: &ResponseId,
) -> Result<Option<Agreement>, StoreError> {
    let row: Option<AgreementRow> = agreements::table
        .filter(agreements::response_id.eq(response.as_str()))
        .select(agreements::all_columns)
        .first(conn)
        .optional()?;
    row.map(from_row).transpose()
}

/// Moves an agreement of ours, if nobody changed it since it was read.
///
/// # Errors
/// [`StoreError::Conflict`] named `rev` when somebody did.
pub fn move_to(
    tx: &mut Conn,
    agreement: &Agreement,
    state: AgreementState,
    now: Instant,
) -> Result<Agreement, StoreError> {
    // Two changes in one millisecond must still be told apart by their date.
    let updated_at = now.max(agreement.updated_at + interkpa_federation::Span::milliseconds(1));
    let changed = diesel::update(
        agreements::table
            .filter(agreements::id.eq(agreement.id.as_str()))
            .filter(agreements::rev.eq(agreement.rev)),
    )
    .set((
        agreements::state.eq(state.as_str()),
        agreements::updated_at.eq(updated_at.as_milliseconds()),
        agreements::fetched_at.eq(now.as_milliseconds()),
        agreements::rev.eq(agreement.rev + 1),
    ))
    .execute(tx)?;
    if changed != 1 {
        return Err(StoreError::Conflict("rev".to_owned()));
    }
    Ok(Agreement {
        state,
        updated_at,
        fetched_at: now,
        rev: agreement.rev + 1,
        ..agreement.clone()
    })
}

/// Takes the owner's word for a copy, unless what we hold is as new. Answers whether it changed.
pub fn refresh_copy(
    tx: &mut Conn,
    id: &AgreementId,
    state: AgreementState,
    updated_at: Instant,
    now: Instant,
) -> Result<bool, StoreError> {
    let changed = diesel::update(
        agreements::table
            .filter(agreements::id.eq(id.as_str()))
            .filter(agreements::updated_at.lt(updated_at.as_milliseconds())),
    )
    .set((
        agreements::state.eq(state.as_str()),
        agreements::updated_at.eq(updated_at.as_milliseconds()),
        agreements::fetched_at.eq(now.as_milliseconds()),
        agreements::rev.eq(agreements::rev + 1),
    ))
    .execute(tx)?;
    Ok(changed == 1)
}

type PartyTuple = (
    String,
    String,
    String,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
);

/// Both parties, proposer first.
pub fn parties(conn: &mut Conn, id: &AgreementId) -> Result<Vec<PartyRow>, StoreError> {
    let rows: Vec<PartyTuple> = agreement_parties::table
        .filter(agreement_parties::agreement_id.eq(id.as_str()))
        .order(agreement_parties::side)
        .limit(2)
        .select((
            agreement_parties::side,
            agreement_parties::actor_uri,
            agreement_parties::party,
            agreement_parties::member_id,
            agreement_parties::name,
            agreement_parties::phone,
            agreement_parties::email,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(side, actor_uri, party, member, name, phone, email)| {
            let side = Side::parse(&side)
                .ok_or_else(|| StoreError::broken(format!("agreement {id}: unknown side")))?;
            let member = member.map(MemberId::known);
            Ok(PartyRow {
                side,
                actor_uri,
                party,
                member,
                name,
                phone,
                email,
            })
        })
        .collect()
}

/// Keeps how to reach the other party, told after the agreement.
pub fn set_contact(
    tx: &mut Conn,
    id: &AgreementId,
    side: Side,
    name: &str,
    phone: Option<&str>,
    email: Option<&str>,
) -> Result<(), StoreError> {
    diesel::update(agreement_parties::table.find((id.as_str(), side.as_str())))
        .set((
            agreement_parties::name.eq(name),
            agreement_parties::phone.eq(phone),
            agreement_parties::email.eq(email),
        ))
        .execute(tx)?;
    Ok(())
}

/// Agreements of a member, newest first, after a cursor of (created_at, id).
pub fn page_of_member(
    conn: &mut Conn,
    member: &MemberId,
    after: Option<&(Instant, String)>,
) -> Result<Vec<Agreement>, StoreError> {
    let mut query = agreements::table
        .inner_join(agreement_parties::table)
        .filter(agreement_parties::member_id.eq(member.as_str()))
        .select(agreements::all_columns)
        .into_boxed();
    if let Some((at, id)) = after {
        let at = at.as_milliseconds();
        query = query.filter(
            agreements::created_at
                .lt(at)
                .or(agreements::created_at.eq(at).and(agreements::id.lt(id))),
        );
    }
    let rows: Vec<AgreementRow> = query
        .order((agreements::created_at.desc(), agreements::id.desc()))
        .limit(PAGE_MAX + 1)
        .load(conn)?;
    rows.into_iter().map(from_row).collect()
}

/// Agreements of a member where somebody has something left to do or to confirm, oldest first; at most
/// [`PAGE_MAX`].
pub fn unfinished_of_member(
    conn: &mut Conn,
    member: &MemberId,
) -> Result<Vec<Agreement>, StoreError> {
    let open =
        [AgreementState::Concluded, AgreementState::DeclaredDone].map(AgreementState::as_str);
    let rows: Vec<AgreementRow> = agreements::table
        .inner_join(agreement_parties::table)
        .filter(agreement_parties::member_id.eq(member.as_str()))
        .filter(agreements::state.eq_any(open))
        .order((agreements::updated_at, agreements::id))
        .limit(PAGE_MAX)
        .select(agreements::all_columns)
        .load(conn)?;
    rows.into_iter().map(from_row).collect()
}

/// Our own agreements that somebody said were done by then and nobody confirmed: for silence.
pub fn declared_by(
    conn: &mut Conn,
    origin: &str,
    settlement: Settlement,
    until: Instant,
    limit: i64,
) -> Result<Vec<Agreement>, StoreError> {
    let rows: Vec<AgreementRow> = agreements::table
        .filter(agreements::state.eq(AgreementState::DeclaredDone.as_str()))
        .filter(agreements::updated_at.le(until.as_milliseconds()))
        .filter(agreements::origin.eq(origin))
        .filter(agreements::settlement.eq(settlement.as_str()))
        .order((agreements::updated_at, agreements::id))
        .limit(limit)
        .select(agreements::all_columns)
        .load(conn)?;
    rows.into_iter().map(from_row).collect()
}
