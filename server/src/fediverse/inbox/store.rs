//! Rows of what was taken in.

use diesel::prelude::*;
use interkpa_federation::{Activity, Instant, Uri};

use crate::db::among::among;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::facts;
use crate::db::per_backend::Both;
use crate::db::schema::inbox_activities;
use crate::db::word::Word;
use crate::fediverse::receive::Effect;

/// An activity that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = inbox_activities)]
pub struct InboxActivity {
    /// Its address.
    pub id: String,
    /// Who said it.
    pub actor_uri: String,
    /// Activity type and kind of its object.
    pub kind: String,
    /// `applied`, `waiting`, `ignored` or `unknown`.
    pub state: String,
    /// Why it was ignored, or the address it waits for.
    pub note: Option<String>,
    /// JSON as received.
    pub body: String,
    /// When, milliseconds UTC.
    pub received_at: i64,
}

/// An activity about to be taken in.
#[derive(Debug)]
pub(super) struct New<'a> {
    pub(super) activity: &'a Activity,
    pub(super) kind: &'a str,
    pub(super) body: &'a str,
    pub(super) now: Instant,
}

/// Stores it; `false` when one with its id was taken in before.
pub(super) fn insert(tx: &mut Conn, new: &New<'_>) -> Result<bool, StoreError> {
    let insert = diesel::insert_into(inbox_activities::table)
        .values((
            inbox_activities::id.eq(new.activity.id.as_str()),
            inbox_activities::actor_uri.eq(new.activity.actor.as_str()),
            inbox_activities::kind.eq(new.kind),
            inbox_activities::state.eq("applied"),
            inbox_activities::body.eq(new.body),
            inbox_activities::received_at.eq(new.now.as_milliseconds()),
        ))
        .on_conflict(inbox_activities::id)
        .do_nothing();
    Ok(Both(insert).execute(tx)? == 1)
}

/// Notes what became of it; nothing to write for what was applied at once.
pub(super) fn settle(tx: &mut Conn, id: &Uri, effect: &Effect) -> Result<(), StoreError> {
    let (state, note) = match effect {
        Effect::Applied => return Ok(()),
        Effect::Ignored(why) => ("ignored", Some(*why)),
        Effect::Waiting(needs) => ("waiting", Some(needs.uri.as_str())),
        Effect::Unknown => ("unknown", None),
    };
    note_state(tx, id.as_str(), state, note)
}

/// Changes the state of a stored activity.
pub(super) fn note_state(
    tx: &mut Conn,
    id: &str,
    state: &str,
    note: Option<&str>,
) -> Result<(), StoreError> {
    diesel::update(inbox_activities::table.find(id))
        .set((
            inbox_activities::state.eq(state),
            inbox_activities::note.eq(note),
        ))
        .execute(tx)?;
    Ok(())
}

/// Ids of the activities that wait for one of these addresses, at most 100.
pub(super) fn waiting_for(conn: &mut Conn, uris: &[&str]) -> Result<Vec<String>, StoreError> {
    Ok(inbox_activities::table
        .filter(inbox_activities::state.eq(Word::new("waiting")))
        .filter(among(conn, inbox_activities::note.assume_not_null(), uris))
        .order((inbox_activities::note, inbox_activities::id))
        .limit(100)
        .select(inbox_activities::id)
        .load(conn)?)
}

/// One stored activity.
///
/// # Errors
/// See [`StoreError`].
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<InboxActivity>, StoreError> {
    Ok(inbox_activities::table
        .find(id)
        .select(InboxActivity::as_select())
        .first(conn)
        .optional()?)
}

/// What was taken in, the latest first; `before` is the time and id of the last one shown.
///
/// # Errors
/// See [`StoreError`].
pub fn page(
    conn: &mut Conn,
    before: Option<(Instant, &str)>,
    limit: i64,
) -> Result<Vec<InboxActivity>, StoreError> {
    let mut query = inbox_activities::table
        .order((
            inbox_activities::received_at.desc(),
            inbox_activities::id.desc(),
        ))
        .limit(limit.clamp(1, 500))
        .select(InboxActivity::as_select())
        .into_boxed();
    if let Some((at, id)) = before {
        let at = at.as_milliseconds();
        query = query.filter(
            inbox_activities::received_at
                .lt(at)
                .or(inbox_activities::received_at
                    .eq(at)
                    .and(inbox_activities::id.lt(id))),
        );
    }
    Ok(query.load(conn)?)
}

/// Empties the documents of activities taken in before `before`, at most `limit` more with each
/// call; how many it looked at. Their ids stay, so that none takes effect twice; one that still
/// waits keeps its document. How far it came is noted, so that the emptied are not looked at again.
///
/// # Errors
/// Those of the store.
pub fn empty_before(
    tx: &mut Conn,
    before: Instant,
    now: Instant,
    limit: i64,
) -> Result<usize, StoreError> {
    let done: i64 = facts::get(tx, facts::INBOX_EMPTIED)?
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let next: Vec<(String, i64)> = inbox_activities::table
        .filter(inbox_activities::received_at.gt(done))
        .filter(inbox_activities::received_at.lt(before.as_milliseconds()))
        .order((inbox_activities::received_at, inbox_activities::id))
        .limit(limit)
        .select((inbox_activities::id, inbox_activities::received_at))
        .load(tx)?;
    let Some((_, last)) = next.last() else {
        return Ok(0);
    };
    // Those of one millisecond are not cut apart.
    let served = inbox_activities::table
        .filter(inbox_activities::received_at.gt(done))
        .filter(inbox_activities::received_at.le(last))
        .filter(inbox_activities::state.ne("waiting"));
    diesel::update(served)
        .set(inbox_activities::body.eq(""))
        .execute(tx)?;
    facts::put(tx, facts::INBOX_EMPTIED, &last.to_string(), now)?;
    Ok(next.len())
}

/// Forgets the oldest activities taken in before `before`, at most `limit`; how many they were.
///
/// # Errors
/// Those of the store.
pub fn forget(tx: &mut Conn, before: Instant, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<String> = inbox_activities::table
        .filter(inbox_activities::received_at.lt(before.as_milliseconds()))
        .order((inbox_activities::received_at, inbox_activities::id))
        .limit(limit)
        .select(inbox_activities::id)
        .load(tx)?;
    let old = inbox_activities::table.filter(inbox_activities::id.eq_any(old));
    Ok(diesel::delete(old).execute(tx)?)
}
