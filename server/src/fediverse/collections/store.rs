//! The activities of this hub as others read them.

use diesel::prelude::*;
use interkpa_federation::Origin;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{deliveries, outbox_activities};

/// An activity of ours as it was sent.
pub(super) struct Stored {
    /// Local key.
    pub(super) id: String,
    /// Its type.
    pub(super) kind: String,
    /// Whether anybody may read it, or might before its object was deleted.
    pub(super) public: bool,
    /// What it is about.
    pub(super) object: Option<String>,
    /// The document; empty once its object was deleted.
    pub(super) body: String,
}

/// The activity of an id.
pub(super) fn activity(conn: &mut Conn, id: &str) -> Result<Option<Stored>, StoreError> {
    let row: Option<(String, String, bool, Option<String>, String)> = outbox_activities::table
        .find(id)
        .select((
            outbox_activities::id,
            outbox_activities::kind,
            outbox_activities::public,
            outbox_activities::object_uri,
            outbox_activities::body,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, kind, public, object, body)| Stored {
        id,
        kind,
        public,
        object,
        body,
    }))
}

/// Whether a server was sent the activity.
pub(super) fn was_sent_to(conn: &mut Conn, id: &str, origin: &Origin) -> Result<bool, StoreError> {
    let sent = deliveries::table
        .filter(deliveries::activity_id.eq(id))
        .filter(deliveries::origin.eq(origin.as_str()));
    Ok(diesel::select(diesel::dsl::exists(sent)).get_result(conn)?)
}

/// Ids and addresses of the public activities of an actor that still say something, the latest
/// first.
pub(super) fn public_page(
    conn: &mut Conn,
    actor: &str,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<(String, String)>, StoreError> {
    let mut query = outbox_activities::table
        .filter(outbox_activities::actor_uri.eq(actor.to_owned()))
        .filter(outbox_activities::public.eq(true))
        .filter(outbox_activities::body.ne(""))
        .order(outbox_activities::id.desc())
        .limit(limit)
        .select((outbox_activities::id, outbox_activities::uri))
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(outbox_activities::id.lt(before.to_owned()));
    }
    Ok(query.load(conn)?)
}
