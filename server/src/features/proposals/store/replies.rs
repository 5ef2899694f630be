//! Rows of questions and remarks under a proposal.

use diesel::prelude::*;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::replies;
use crate::ids::{MemberId, ProposalId};

/// Most remarks shown under one proposal.
pub const REPLIES_MAX: i64 = 100;

/// Whether a remark is read by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReplyState {
    /// From a stranger whose first words nobody looked at yet.
    Held,
    /// Read by whoever sees the proposal.
    Shown,
    /// Put away by the team.
    Hidden,
}

impl ReplyState {
    /// The word stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Shown => "shown",
            Self::Hidden => "hidden",
        }
    }

    /// The state a stored word means.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Held, Self::Shown, Self::Hidden]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// A question or remark under a proposal, from here or from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = replies)]
pub struct Reply {
    /// UUIDv7.
    pub id: String,
    /// Address at its owner's.
    pub uri: String,
    /// Under which proposal.
    pub proposal_id: String,
    /// Who says it, on the wire.
    pub author_uri: String,
    /// Their name as known when it came.
    pub author_name: String,
    /// Who says it, when a member of this hub.
    pub member_id: Option<String>,
    /// Cleaned HTML.
    pub content: String,
    /// From a server outside the network: shown as « réponse extérieure ».
    pub guest: bool,
    /// `held`, `shown` or `hidden`.
    pub state: String,
    /// Ms UTC.
    pub created_at: i64,
}

/// Writes a remark; answers whether it was new: the same address twice changes nothing.
///
/// # Errors
/// Those of the store.
pub fn insert(tx: &mut Conn, reply: &Reply) -> Result<bool, StoreError> {
    let insert = diesel::insert_into(replies::table)
        .values(reply)
        .on_conflict_do_nothing();
    Ok(Both(insert).execute(tx)? == 1)
}

/// The remarks shown under a proposal, the oldest first; the author also reads those held.
///
/// # Errors
/// Those of the store.
pub fn under(
    conn: &mut Conn,
    proposal: &ProposalId,
    with_held: bool,
) -> Result<Vec<Reply>, StoreError> {
    let states: &[&str] = if with_held {
        &["shown", "held"]
    } else {
        &["shown"]
    };
    Ok(replies::table
        .filter(replies::proposal_id.eq(proposal.as_str()))
        .filter(replies::state.eq_any(states))
        .order((replies::created_at, replies::id))
        .limit(REPLIES_MAX)
        .select(Reply::as_select())
        .load(conn)?)
}

/// A remark by its address.
///
/// # Errors
/// Those of the store.
pub fn find_by_uri(conn: &mut Conn, uri: &str) -> Result<Option<Reply>, StoreError> {
    Ok(replies::table
        .filter(replies::uri.eq(uri))
        .select(Reply::as_select())
        .first(conn)
        .optional()?)
}

/// A remark by its key.
///
/// # Errors
/// Those of the store.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<Reply>, StoreError> {
    Ok(replies::table
        .find(id)
        .select(Reply::as_select())
        .first(conn)
        .optional()?)
}

/// Whether a remark of this author was ever shown here: then the author is known.
///
/// # Errors
/// Those of the store.
pub fn is_known(conn: &mut Conn, author_uri: &str) -> Result<bool, StoreError> {
    let shown = replies::table
        .filter(replies::author_uri.eq(author_uri))
        .filter(replies::state.eq(ReplyState::Shown.as_str()));
    Ok(diesel::select(diesel::dsl::exists(shown)).get_result(conn)?)
}

/// Remarks that wait for somebody to look at them, the oldest first, after a key.
///
/// # Errors
/// Those of the store.
pub fn held(
    conn: &mut Conn,
    after: Option<(i64, &str)>,
    limit: i64,
) -> Result<Vec<Reply>, StoreError> {
    let (at, id) = after.unwrap_or((i64::MIN, ""));
    Ok(replies::table
        .filter(replies::state.eq(ReplyState::Held.as_str()))
        .filter(replies::created_at.ge(at))
        .filter(replies::created_at.gt(at).or(replies::id.gt(id)))
        .order((replies::created_at, replies::id))
        .limit(limit)
        .select(Reply::as_select())
        .load(conn)?)
}

/// Shows or puts away a remark; answers the state it had.
///
/// # Errors
/// Those of the store; [`StoreError::NotFound`].
pub fn set_state(tx: &mut Conn, id: &str, state: ReplyState) -> Result<String, StoreError> {
    let before: String = replies::table.find(id).select(replies::state).first(tx)?;
    diesel::update(replies::table.find(id))
        .set(replies::state.eq(state.as_str()))
        .execute(tx)?;
    Ok(before)
}

/// New words in place of the old ones.
///
/// # Errors
/// Those of the store.
pub fn change(
    tx: &mut Conn,
    held: &Reply,
    content: &str,
    state: ReplyState,
) -> Result<(), StoreError> {
    diesel::update(replies::table.find(&held.id))
        .set((
            replies::content.eq(content),
            replies::state.eq(state.as_str()),
        ))
        .execute(tx)?;
    Ok(())
}

/// Takes a remark away; answers whether there was one of this origin.
///
/// # Errors
/// Those of the store.
pub fn delete(tx: &mut Conn, uri: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(replies::table.filter(replies::uri.eq(uri))).execute(tx)? > 0)
}

/// Takes away all remarks of an author who is no more.
///
/// # Errors
/// Those of the store.
pub fn delete_of(tx: &mut Conn, author_uri: &str) -> Result<(), StoreError> {
    diesel::delete(replies::table.filter(replies::author_uri.eq(author_uri))).execute(tx)?;
    Ok(())
}

/// Remarks of a member that still say something, the oldest first.
///
/// # Errors
/// Those of the store.
pub fn of_member(conn: &mut Conn, member: &MemberId, limit: i64) -> Result<Vec<Reply>, StoreError> {
    Ok(replies::table
        .filter(replies::member_id.eq(member.as_str()))
        .filter(replies::content.ne(""))
        .order(replies::id)
        .limit(limit)
        .select(Reply::as_select())
        .load(conn)?)
}

/// Takes the name of a member who is no more from their remarks, and their words.
///
/// # Errors
/// Those of the store.
pub fn forget_member(tx: &mut Conn, member: &MemberId, name: &str) -> Result<(), StoreError> {
    diesel::update(replies::table.filter(replies::member_id.eq(member.as_str())))
        .set((
            replies::author_name.eq(name),
            replies::content.eq(""),
            replies::state.eq(ReplyState::Hidden.as_str()),
        ))
        .execute(tx)?;
    Ok(())
}
