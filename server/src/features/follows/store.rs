//! Rows of followings.

use std::collections::HashMap;

use diesel::prelude::*;
use interkpa_federation::Instant;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::follows;
use crate::features::follows::model::{Follow, FollowState};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = follows)]
struct Row {
    follower_uri: String,
    followed_uri: String,
    follower_local: bool,
    followed_local: bool,
    state: String,
    own: bool,
    activity_uri: String,
    created_at: i64,
    decided_at: Option<i64>,
}

impl TryFrom<Row> for Follow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            follower: row.follower_uri,
            followed: row.followed_uri,
            follower_local: row.follower_local,
            followed_local: row.followed_local,
            state: FollowState::parse(&row.state)
                .ok_or_else(|| StoreError::broken("a stored following has no known state"))?,
            own: row.own,
            activity: row.activity_uri,
            created_at: Instant::from_milliseconds(row.created_at),
            decided_at: row.decided_at.map(Instant::from_milliseconds),
        })
    }
}

/// One following.
pub(super) fn find(
    conn: &mut Conn,
    follower: &str,
    followed: &str,
) -> Result<Option<Follow>, StoreError> {
    let row: Option<Row> = follows::table
        .find((follower, followed))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Follow::try_from).transpose()
}

/// The followings that one `Follow` on the wire stands for: one, or the hub's and its members'.
pub(super) fn of_activity(conn: &mut Conn, activity: &str) -> Result<Vec<Follow>, StoreError> {
    let rows: Vec<Row> = follows::table
        .filter(follows::activity_uri.eq(activity))
        .order((follows::follower_uri, follows::followed_uri))
        .limit(500)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Follow::try_from).collect()
}

/// Writes a following, new or asked again.
pub(super) fn upsert(tx: &mut Conn, follow: &Follow) -> Result<(), StoreError> {
    let values = (
        follows::follower_local.eq(follow.follower_local),
        follows::followed_local.eq(follow.followed_local),
        follows::state.eq(follow.state.as_str()),
        follows::own.eq(follow.own),
        follows::activity_uri.eq(&follow.activity),
        follows::created_at.eq(follow.created_at.as_milliseconds()),
        follows::decided_at.eq(follow.decided_at.map(Instant::as_milliseconds)),
    );
    let insert = diesel::insert_into(follows::table)
        .values((
            follows::follower_uri.eq(&follow.follower),
            follows::followed_uri.eq(&follow.followed),
            values,
        ))
        .on_conflict((follows::follower_uri, follows::followed_uri))
        .do_update()
        .set(values);
    Both(insert).execute(tx)?;
    Ok(())
}

/// Writes the answer to every following that one `Follow` stands for.
pub(super) fn answer(
    tx: &mut Conn,
    activity: &str,
    state: FollowState,
    now: Instant,
) -> Result<(), StoreError> {
    diesel::update(follows::table.filter(follows::activity_uri.eq(activity)))
        .set((
            follows::state.eq(state.as_str()),
            follows::decided_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// Ends a following; true if there was one.
pub(super) fn delete(tx: &mut Conn, follower: &str, followed: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(follows::table.find((follower, followed))).execute(tx)? == 1)
}

/// Ends every following by or of an actor.
pub(super) fn delete_all_of(tx: &mut Conn, actor: &str) -> Result<(), StoreError> {
    let of = follows::follower_uri
        .eq(actor)
        .or(follows::followed_uri.eq(actor));
    diesel::delete(follows::table.filter(of)).execute(tx)?;
    Ok(())
}

/// Ends every following by or of the actors of a server.
pub(super) fn delete_all_at(tx: &mut Conn, origin: &str) -> Result<(), StoreError> {
    // `/` ends an origin, and `0` is the next character after it: a range of addresses.
    let (from, to) = (format!("{origin}/"), format!("{origin}0"));
    let followers = follows::follower_uri
        .ge(&from)
        .and(follows::follower_uri.lt(&to));
    let others = follows::followed_uri
        .ge(&from)
        .and(follows::followed_uri.lt(&to));
    diesel::delete(follows::table.filter(followers.or(others))).execute(tx)?;
    Ok(())
}

/// Addresses followed and accepted, by any of several followers, in order.
pub(super) fn followed_by(
    conn: &mut Conn,
    followers: &[String],
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    Ok(follows::table
        .filter(follows::follower_uri.eq_any(followers))
        .filter(follows::state.eq(FollowState::Accepted.as_str()))
        .filter(follows::own.eq(true))
        // Distinct addresses: the address alone is their key.
        .order(follows::followed_uri)
        .limit(limit)
        .select(follows::followed_uri)
        .distinct()
        .load(conn)?)
}

/// Followings of one follower in the order of the followed address, after one of them.
pub(super) fn page(
    conn: &mut Conn,
    follower: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Follow>, StoreError> {
    let mut query = follows::table
        .filter(follows::follower_uri.eq(follower))
        .filter(follows::own.eq(true))
        .order((follows::followed_uri, follows::follower_uri))
        .limit(limit.clamp(1, 500))
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(follows::followed_uri.gt(after));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Follow::try_from).collect()
}

/// How far one follower got with some actors.
pub(super) fn states(
    conn: &mut Conn,
    follower: &str,
    followed: &[&str],
) -> Result<HashMap<String, FollowState>, StoreError> {
    let rows: Vec<(String, String)> = follows::table
        .filter(follows::follower_uri.eq(follower))
        .filter(follows::followed_uri.eq_any(followed))
        .filter(follows::own.eq(true))
        .order(follows::followed_uri)
        .limit(500)
        .select((follows::followed_uri, follows::state))
        .load(conn)?;
    let state = |(uri, word): (String, String)| Some((uri, FollowState::parse(&word)?));
    Ok(rows.into_iter().filter_map(state).collect())
}

/// How many follow an actor of ours from elsewhere, accepted.
pub(super) fn follower_count(conn: &mut Conn, followed: &str) -> Result<u64, StoreError> {
    let count: i64 = follows::table
        .filter(follows::followed_uri.eq(followed))
        .filter(follows::state.eq(FollowState::Accepted.as_str()))
        .filter(follows::follower_local.eq(false))
        .count()
        .get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}
