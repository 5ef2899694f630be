//! Rows of remote actors.

use diesel::prelude::*;
use interkpa_federation::actor::ActorType;
use interkpa_federation::{Instant, Uri};

use super::KnownActor;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::remote_actors;

/// Stored in place of `Group` for one that says it is a KPA.
const HUB: &str = "Hub";

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = remote_actors)]
struct Row {
    uri: String,
    kind: String,
    username: String,
    name: String,
    summary: String,
    inbox: String,
    shared_inbox: Option<String>,
    key_id: Option<String>,
    key_pem: Option<String>,
    proof_key: Option<String>,
    hub_uri: Option<String>,
    document: String,
    version: i64,
    fetched_at: i64,
    gone_at: Option<i64>,
}

impl TryFrom<Row> for KnownActor {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let broken = |_source| StoreError::broken("a stored actor has an address that is none");
        let kind = if row.kind == HUB {
            Some(ActorType::Group)
        } else {
            ActorType::parse(&row.kind)
        };
        let kind =
            kind.ok_or_else(|| StoreError::broken("a stored actor has a type that is none"))?;
        let optional = |text: Option<String>| text.map(|text| Uri::parse(&text)).transpose();
        Ok(Self {
            uri: Uri::parse(&row.uri).map_err(broken)?,
            kind,
            is_hub: row.kind == HUB,
            username: row.username,
            name: row.name,
            summary_html: row.summary,
            inbox: Uri::parse(&row.inbox).map_err(broken)?,
            shared_inbox: optional(row.shared_inbox).map_err(broken)?,
            key_id: optional(row.key_id).map_err(broken)?,
            key_pem: row.key_pem,
            proof_key: row.proof_key,
            hub: optional(row.hub_uri).map_err(broken)?,
            document: row.document,
            version: row.version,
            fetched_at: Instant::from_milliseconds(row.fetched_at),
            gone_at: row.gone_at.map(Instant::from_milliseconds),
        })
    }
}

/// The copy of an actor, by its address.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn find(
    conn: &mut Conn,
    uri: &str,
) -> Result<Option<KnownActor>, StoreError> {
    let row: Option<Row> = remote_actors::table
        .find(uri)
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(KnownActor::try_from).transpose()
}

/// The actor whose key has this address; the one fetched last if several claim it.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn find_by_key(
    conn: &mut Conn,
    key_id: &str,
) -> Result<Option<KnownActor>, StoreError> {
    let row: Option<Row> = remote_actors::table
        .filter(remote_actors::key_id.eq(key_id))
        .order((remote_actors::fetched_at.desc(), remote_actors::uri))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(KnownActor::try_from).transpose()
}

/// Names and addresses of several actors, for lists; at most 500.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn find_all(
    conn: &mut Conn,
    uris: &[String],
) -> Result<Vec<KnownActor>, StoreError> {
    let rows: Vec<Row> = remote_actors::table
        .filter(remote_actors::uri.eq_any(uris.iter().take(500)))
        .order(remote_actors::uri)
        .limit(500)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(KnownActor::try_from).collect()
}

/// Keeps a copy, new or fresher. What was gone is there again.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn upsert(tx: &mut Conn, actor: &KnownActor) -> Result<(), StoreError> {
    let values = (
        remote_actors::origin.eq(actor.uri.origin().as_str().to_owned()),
        remote_actors::kind.eq(if actor.is_hub {
            HUB
        } else {
            actor.kind.as_str()
        }),
        remote_actors::username.eq(&actor.username),
        remote_actors::name.eq(&actor.name),
        remote_actors::summary.eq(&actor.summary_html),
        remote_actors::inbox.eq(actor.inbox.as_str()),
        remote_actors::shared_inbox.eq(actor.shared_inbox.as_ref().map(Uri::as_str)),
        remote_actors::key_id.eq(actor.key_id.as_ref().map(Uri::as_str)),
        remote_actors::key_pem.eq(actor.key_pem.as_deref()),
        remote_actors::proof_key.eq(actor.proof_key.as_deref()),
        remote_actors::hub_uri.eq(actor.hub.as_ref().map(Uri::as_str)),
        remote_actors::document.eq(&actor.document),
        remote_actors::version.eq(actor.version),
        remote_actors::fetched_at.eq(actor.fetched_at.as_milliseconds()),
        remote_actors::gone_at.eq(actor.gone_at.map(Instant::as_milliseconds)),
    );
    let insert = diesel::insert_into(remote_actors::table)
        .values((remote_actors::uri.eq(actor.uri.as_str()), values.clone()))
        .on_conflict(remote_actors::uri)
        .do_update()
        .set(values);
    Both(insert).execute(tx)?;
    Ok(())
}

/// Notes that an actor is no more: nothing is sent to it, its key is kept to verify its goodbye.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn mark_gone(
    tx: &mut Conn,
    uri: &str,
    now: Instant,
) -> Result<(), StoreError> {
    diesel::update(remote_actors::table.find(uri))
        .set(remote_actors::gone_at.eq(now.as_milliseconds()))
        .execute(tx)?;
    Ok(())
}

/// Notes that the actors with this inbox of their own are no more; their addresses.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::fediverse) fn gone_with_inbox(
    tx: &mut Conn,
    inbox: &str,
    now: Instant,
) -> Result<Vec<String>, StoreError> {
    let there = remote_actors::table
        .filter(remote_actors::inbox.eq(inbox))
        .filter(remote_actors::gone_at.is_null());
    let uris: Vec<String> = there
        .select(remote_actors::uri)
        .order(remote_actors::uri)
        .limit(500)
        .load(tx)?;
    diesel::update(there)
        .set(remote_actors::gone_at.eq(now.as_milliseconds()))
        .execute(tx)?;
    Ok(uris)
}
