//! Rows of pictures. The bytes are files named by the key; see
//! [`pictures`](crate::features::proposals::pictures).

use diesel::prelude::*;

use crate::db::among::among;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::media;
use crate::db::types::{ROWS_MAX, total};
use crate::ids::{MediaId, MemberId, ProposalId};

/// A picture that belongs to a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = media)]
pub struct Picture {
    /// UUIDv7, name of its files.
    pub id: String,
    /// Whose quota it counts in.
    pub member_id: String,
    /// What it shows.
    pub proposal_id: Option<String>,
    /// `image/jpeg`.
    pub media_type: String,
    /// Both files together.
    pub bytes: i64,
    /// Pixels of the large one.
    pub width: i32,
    /// Pixels of the large one.
    pub height: i32,
    /// Description in words.
    pub alt: String,
    /// SHA-256 of the large one, hex.
    pub sha256: String,
    /// Ms UTC.
    pub created_at: i64,
}

/// Writes a picture.
///
/// # Errors
/// Those of the store.
pub fn insert(tx: &mut Conn, picture: &Picture) -> Result<(), StoreError> {
    diesel::insert_into(media::table)
        .values(picture)
        .execute(tx)?;
    Ok(())
}

/// A picture by its key.
///
/// # Errors
/// Those of the store.
pub fn find(conn: &mut Conn, id: &MediaId) -> Result<Option<Picture>, StoreError> {
    Ok(media::table
        .find(id.as_str())
        .select(Picture::as_select())
        .first(conn)
        .optional()?)
}

/// The pictures of some proposals, in one query, by proposal and order of arrival.
///
/// # Errors
/// Those of the store.
pub fn of(conn: &mut Conn, proposals: &[&ProposalId]) -> Result<Vec<Picture>, StoreError> {
    let ids: Vec<&str> = proposals.iter().map(|id| id.as_str()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(media::table
        .filter(among(conn, media::proposal_id.assume_not_null(), &ids))
        .order((media::proposal_id, media::id))
        .limit(ROWS_MAX)
        .select(Picture::as_select())
        .load(conn)?)
}

/// Bytes a member's pictures take up.
///
/// # Errors
/// Those of the store.
pub fn bytes_of(conn: &mut Conn, member: &MemberId) -> Result<i64, StoreError> {
    Ok(media::table
        .filter(media::member_id.eq(member.as_str()))
        .select(total(media::bytes))
        .first(conn)?)
}

/// Gives a picture of a proposal another description; whether there is such a picture.
///
/// # Errors
/// Those of the store.
pub fn describe(
    tx: &mut Conn,
    proposal: &ProposalId,
    id: &MediaId,
    alt: &str,
) -> Result<bool, StoreError> {
    let one = media::table
        .find(id.as_str())
        .filter(media::proposal_id.eq(proposal.as_str()));
    let changed = diesel::update(one).set(media::alt.eq(alt)).execute(tx)?;
    Ok(changed == 1)
}

/// Takes away the rows of some pictures of a proposal; answers the keys of those that were there.
///
/// # Errors
/// Those of the store.
pub fn delete(
    tx: &mut Conn,
    proposal: &ProposalId,
    ids: &[MediaId],
) -> Result<Vec<MediaId>, StoreError> {
    let mut gone = Vec::new();
    for id in ids {
        let one = media::table
            .find(id.as_str())
            .filter(media::proposal_id.eq(proposal.as_str()));
        if diesel::delete(one).execute(tx)? == 1 {
            gone.push(id.clone());
        }
    }
    Ok(gone)
}

/// Those of the keys that have a row.
///
/// # Errors
/// Those of the store.
pub fn known(conn: &mut Conn, ids: &[String]) -> Result<Vec<String>, StoreError> {
    Ok(media::table
        .filter(media::id.eq_any(ids))
        .order(media::id)
        .limit(ROWS_MAX)
        .select(media::id)
        .load(conn)?)
}

/// Takes away the rows of a proposal's pictures; answers their keys, whose files go next.
///
/// # Errors
/// Those of the store.
pub fn delete_of(tx: &mut Conn, proposal: &ProposalId) -> Result<Vec<MediaId>, StoreError> {
    let ids: Vec<String> = media::table
        .filter(media::proposal_id.eq(proposal.as_str()))
        .order(media::id)
        .limit(ROWS_MAX)
        .select(media::id)
        .load(tx)?;
    diesel::delete(media::table.filter(media::id.eq_any(&ids))).execute(tx)?;
    Ok(ids.into_iter().map(MediaId::known).collect())
}
