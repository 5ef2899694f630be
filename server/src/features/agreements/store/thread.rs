//! Rows of the private thread of an agreement.

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::messages;
use crate::features::agreements::model::Side;
use crate::ids::AgreementId;

/// Messages one page shows: the newest.
pub const MESSAGES_MAX: i64 = 200;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Local key.
    pub id: String,
    /// Its address.
    pub uri: String,
    /// Who wrote it.
    pub side: Side,
    /// Plain text.
    pub text: String,
    /// When.
    pub created_at: Instant,
}

/// Writes a message; `false` when it came before.
pub fn insert_if_new(
    tx: &mut Conn,
    agreement: &AgreementId,
    message: &MessageRow,
) -> Result<bool, StoreError> {
    let inserted = Both(
        diesel::insert_into(messages::table)
            .values((
                messages::id.eq(&message.id),
                messages::uri.eq(&message.uri),
                messages::agreement_id.eq(agreement.as_str()),
                messages::side.eq(message.side.as_str()),
                messages::text.eq(&message.text),
                messages::created_at.eq(message.created_at.as_milliseconds()),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(tx)?;
    Ok(inserted == 1)
}

/// The newest messages, oldest of them first.
pub fn of_agreement(conn: &mut Conn, id: &AgreementId) -> Result<Vec<MessageRow>, StoreError> {
    let rows: Vec<(String, String, String, String, i64)> = messages::table
        .filter(messages::agreement_id.eq(id.as_str()))
        .order((messages::created_at.desc(), messages::id.desc()))
        .limit(MESSAGES_MAX)
        .select((
            messages::id,
            messages::uri,
            messages::side,
            messages::text,
            messages::created_at,
        ))
        .load(conn)?;
    rows.into_iter()
        .rev()
        .map(|(id, uri, side, text, at)| {
            let side = Side::parse(&side)
                .ok_or_else(|| StoreError::broken(format!("message {id}: unknown side")))?;
            Ok(MessageRow {
                id,
                uri,
                side,
                text,
                created_at: Instant::from_milliseconds(at),
            })
        })
        .collect()
}
