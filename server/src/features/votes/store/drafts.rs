//! Ballots that our own people prepare: one writes, another one confirms.

use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_federation::governance::hash::ObjectHash;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::gov_ballot_drafts;
use crate::features::votes::model::DraftState;
use crate::ids::MemberId;

/// A ballot that somebody of ours prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotDraft {
    /// UUIDv7.
    pub id: String,
    /// In which poll.
    pub poll: ObjectHash,
    /// JSON as in a ballot.
    pub choice: String,
    /// Why, for everyone to read.
    pub reason: Option<String>,
    /// JSON of [`crate::features::votes::model::Mandated`].
    pub mandate: String,
    /// How far it is.
    pub state: DraftState,
    /// Who wrote it.
    pub proposed_by: MemberId,
    /// When.
    pub proposed_at: Instant,
    /// Who confirmed it.
    pub confirmed_by: Option<MemberId>,
    /// The ballot it became.
    pub ballot: Option<ObjectHash>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = gov_ballot_drafts)]
struct Row {
    id: String,
    poll_hash: String,
    choice: String,
    reason: Option<String>,
    mandate: String,
    state: String,
    proposed_by: String,
    proposed_at: i64,
    confirmed_by: Option<String>,
    ballot_hash: Option<String>,
}

impl TryFrom<Row> for BallotDraft {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let broken = || StoreError::broken("a stored draft has a hash or a state that is none");
        let hash = |text: &str| ObjectHash::parse(text).ok_or_else(broken);
        Ok(Self {
            id: row.id,
            poll: hash(&row.poll_hash)?,
            choice: row.choice,
            reason: row.reason,
            mandate: row.mandate,
            state: DraftState::parse(&row.state).ok_or_else(broken)?,
            proposed_by: MemberId::known(row.proposed_by),
            proposed_at: Instant::from_milliseconds(row.proposed_at),
            confirmed_by: row.confirmed_by.map(MemberId::known),
            ballot: row.ballot_hash.as_deref().map(hash).transpose()?,
        })
    }
}

/// Adds a draft; an older one of the poll that still waits is dropped.
pub(in super::super) fn insert(tx: &mut Conn, draft: &BallotDraft) -> Result<(), StoreError> {
    let older = gov_ballot_drafts::table
        .filter(gov_ballot_drafts::poll_hash.eq(draft.poll.to_string()))
        .filter(gov_ballot_drafts::state.eq(DraftState::Waiting.as_str()));
    diesel::update(older)
        .set(gov_ballot_drafts::state.eq(DraftState::Dropped.as_str()))
        .execute(tx)?;
    diesel::insert_into(gov_ballot_drafts::table)
        .values((
            gov_ballot_drafts::id.eq(&draft.id),
            gov_ballot_drafts::poll_hash.eq(draft.poll.to_string()),
            gov_ballot_drafts::choice.eq(&draft.choice),
            gov_ballot_drafts::reason.eq(&draft.reason),
            gov_ballot_drafts::mandate.eq(&draft.mandate),
            gov_ballot_drafts::state.eq(draft.state.as_str()),
            gov_ballot_drafts::proposed_by.eq(draft.proposed_by.as_str()),
            gov_ballot_drafts::proposed_at.eq(draft.proposed_at.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// One draft.
pub(in super::super) fn find(conn: &mut Conn, id: &str) -> Result<Option<BallotDraft>, StoreError> {
    let row: Option<Row> = gov_ballot_drafts::table
        .find(id)
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(BallotDraft::try_from).transpose()
}

/// The latest drafts of a poll, the newest first; at most 20.
pub(in super::super) fn of_poll(
    conn: &mut Conn,
    poll: ObjectHash,
) -> Result<Vec<BallotDraft>, StoreError> {
    let rows: Vec<Row> = gov_ballot_drafts::table
        .filter(gov_ballot_drafts::poll_hash.eq(poll.to_string()))
        .order(gov_ballot_drafts::id.desc())
        .limit(20)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(BallotDraft::try_from).collect()
}

/// Notes that a draft became a ballot; false when it waits no more.
pub(in super::super) fn cast(
    tx: &mut Conn,
    id: &str,
    by: Option<&MemberId>,
    now: Instant,
    ballot: ObjectHash,
) -> Result<bool, StoreError> {
    let waiting = gov_ballot_drafts::table
        .filter(gov_ballot_drafts::id.eq(id))
        .filter(gov_ballot_drafts::state.eq(DraftState::Waiting.as_str()));
    let done = diesel::update(waiting)
        .set((
            gov_ballot_drafts::state.eq(DraftState::Cast.as_str()),
            gov_ballot_drafts::confirmed_by.eq(by.map(MemberId::as_str)),
            gov_ballot_drafts::confirmed_at.eq(now.as_milliseconds()),
            gov_ballot_drafts::ballot_hash.eq(ballot.to_string()),
        ))
        .execute(tx)?;
    Ok(done == 1)
}
