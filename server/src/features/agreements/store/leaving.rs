//! Rows of somebody who is no more.

use diesel::prelude::*;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{agreement_parties, messages, responses};
use crate::features::agreements::model::Side;
use crate::features::agreements::store::responses::{self as answers_store, Response};
use crate::ids::{AgreementId, MemberId, ResponseId};

/// Most answers, and most agreements, of one who leaves.
const OF_LEAVER_MAX: i64 = 1_000;

/// Who is no more.
#[derive(Debug, Clone, Copy)]
pub enum Leaver<'a> {
    /// A member of this hub.
    Member(&'a MemberId),
    /// An actor of another server, by address.
    Actor(&'a str),
    /// Another hub with everybody there, by origin.
    Server(&'a str),
}

impl Leaver<'_> {
    /// Whether an address is theirs. The pattern of a query may find more: `_` stands in host names.
    fn is(self, address: &str) -> bool {
        match self {
            Self::Member(_) => true,
            Self::Actor(actor) => actor == address,
            Self::Server(origin) => address
                .strip_prefix(origin)
                .is_some_and(|path| path.starts_with('/')),
        }
    }
}

/// Their answers, oldest first; at most 1 000.
pub fn answers(conn: &mut Conn, who: Leaver<'_>) -> Result<Vec<Response>, StoreError> {
    let mut query = responses::table
        .order((responses::created_at, responses::id))
        .limit(OF_LEAVER_MAX)
        .select((responses::id, responses::responder_uri))
        .into_boxed();
    query = match who {
        Leaver::Member(member) => query.filter(responses::member_id.eq(member.as_str())),
        Leaver::Actor(actor) => query
            .filter(responses::responder_uri.eq(actor))
            .filter(responses::member_id.is_null()),
        Leaver::Server(origin) => query
            .filter(responses::responder_uri.like(format!("{origin}/%")))
            .filter(responses::member_id.is_null()),
    };
    let rows: Vec<(String, String)> = query.load(conn)?;
    let mut found = Vec::new();
    for (id, address) in rows {
        if who.is(&address) {
            found.extend(answers_store::find(conn, &ResponseId::known(id))?);
        }
    }
    Ok(found)
}

/// Their sides of agreements; at most 1 000.
pub fn sides(conn: &mut Conn, who: Leaver<'_>) -> Result<Vec<(AgreementId, Side)>, StoreError> {
    let mut query = agreement_parties::table
        .order((agreement_parties::agreement_id, agreement_parties::side))
        .limit(OF_LEAVER_MAX)
        .select((
            agreement_parties::agreement_id,
            agreement_parties::side,
            agreement_parties::actor_uri,
        ))
        .into_boxed();
    query = match who {
        Leaver::Member(member) => query.filter(agreement_parties::member_id.eq(member.as_str())),
        Leaver::Actor(actor) => query
            .filter(agreement_parties::actor_uri.eq(actor))
            .filter(agreement_parties::member_id.is_null()),
        Leaver::Server(origin) => query
            .filter(agreement_parties::actor_uri.like(format!("{origin}/%")))
            .filter(agreement_parties::member_id.is_null()),
    };
    let rows: Vec<(String, String, String)> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .filter(|(_, _, address)| who.is(address))
        .filter_map(|(id, side, _)| Some((AgreementId::known(id), Side::parse(&side)?)))
        .collect())
}

/// Takes name and words of an answer away.
pub fn forget_answer(tx: &mut Conn, id: &ResponseId, name: &str) -> Result<(), StoreError> {
    diesel::update(responses::table.find(id.as_str()))
        .set((
            responses::name.eq(name),
            responses::message.eq(""),
            responses::on_behalf_of.eq(None::<String>),
        ))
        .execute(tx)?;
    Ok(())
}

/// Takes away what one side wrote in a thread.
pub fn forget_messages(tx: &mut Conn, id: &AgreementId, side: Side) -> Result<(), StoreError> {
    let of_side = messages::table
        .filter(messages::agreement_id.eq(id.as_str()))
        .filter(messages::side.eq(side.as_str()));
    diesel::delete(of_side).execute(tx)?;
    Ok(())
}
