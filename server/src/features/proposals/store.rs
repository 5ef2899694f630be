//! Rows of proposals. Lists are in [`page`], remarks in [`replies`], pictures in [`media`], what
//! members hide and report in [`marks`].

pub mod marks;
pub mod media;
pub mod page;
pub mod replies;

use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::{KindName, Purpose, Settlement, Visibility};
use interkpa_web::words::Category;

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::schema::{proposal_details, proposals};
use crate::features::proposals::model::{Details, Proposal, State};
use crate::ids::{MemberId, ProposalId};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = proposals, treat_none_as_null = true)]
struct Row {
    id: String,
    uri: String,
    origin: String,
    author_uri: String,
    member_id: Option<String>,
    purpose: String,
    kind: String,
    title: String,
    category: String,
    town: String,
    state: String,
    visibility: String,
    expires_at: i64,
    published_at: i64,
    updated_at: i64,
    rev: i64,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = proposal_details, primary_key(proposal_id), treat_none_as_null = true)]
struct DetailRow {
    proposal_id: String,
    description: String,
    content: String,
    summary: String,
    lang: String,
    settlements: String,
    quantity: i64,
    available: i64,
    minutes: Option<i64>,
    price_cents: Option<i64>,
    when_text: String,
    widen_to: Option<String>,
    widen_at: Option<i64>,
    url: String,
    document: String,
    fetched_at: i64,
}

/// The proposal of a local key.
///
/// # Errors
/// Those of the store; a row that breaks the rules of the model is [`StoreError::Broken`].
pub fn find(conn: &mut Conn, id: &ProposalId) -> Result<Option<Proposal>, StoreError> {
    proposals::table
        .inner_join(proposal_details::table)
        .filter(proposals::id.eq(id.as_str()))
        .select((Row::as_select(), DetailRow::as_select()))
        .first(conn)
        .optional()?
        .map(from_rows)
        .transpose()
}

/// The proposal of an address, ours or a copy.
///
/// # Errors
/// Those of the store.
pub fn find_by_uri(conn: &mut Conn, uri: &str) -> Result<Option<Proposal>, StoreError> {
    proposals::table
        .inner_join(proposal_details::table)
        .filter(proposals::uri.eq(uri))
        .select((Row::as_select(), DetailRow::as_select()))
        .first(conn)
        .optional()?
        .map(from_rows)
        .transpose()
}

/// The proposal, kept from every other change until the end of the transaction: its `rev` is
/// raised first, which takes the row's lock on PostgreSQL, so what is read here stays true.
///
/// # Errors
/// Those of the store.
pub fn lock(tx: &mut Conn, id: &ProposalId) -> Result<Option<Proposal>, StoreError> {
    let locked = diesel::update(proposals::table.filter(proposals::id.eq(id.as_str())))
        .set(proposals::rev.eq(proposals::rev + 1))
        .execute(tx)?;
    if locked == 0 { Ok(None) } else { find(tx, id) }
}

/// Writes a new one.
///
/// # Errors
/// Those of the store; the same address twice is a conflict of `proposals(uri)`.
pub fn insert(tx: &mut Conn, proposal: &Proposal) -> Result<(), StoreError> {
    let (row, details) = to_rows(proposal);
    diesel::insert_into(proposals::table)
        .values(&row)
        .execute(tx)?;
    diesel::insert_into(proposal_details::table)
        .values(&details)
        .execute(tx)?;
    Ok(())
}

/// Writes one that was read under [`lock`] and changed since.
///
/// # Errors
/// Those of the store.
pub fn update(tx: &mut Conn, proposal: &Proposal) -> Result<(), StoreError> {
    let (row, details) = to_rows(proposal);
    diesel::update(proposals::table.filter(proposals::id.eq(&row.id)))
        .set(&row)
        .execute(tx)?;
    diesel::update(
        proposal_details::table.filter(proposal_details::proposal_id.eq(&details.proposal_id)),
    )
    .set(&details)
    .execute(tx)?;
    Ok(())
}

/// The copies of an actor of another server, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn copies_of(
    conn: &mut Conn,
    author_uri: &str,
    limit: i64,
) -> Result<Vec<Proposal>, StoreError> {
    let rows: Vec<(Row, DetailRow)> = proposals::table
        .inner_join(proposal_details::table)
        .filter(proposals::author_uri.eq(author_uri))
        .filter(proposals::member_id.is_null())
        .order((proposals::published_at.desc(), proposals::id.desc()))
        .limit(limit)
        .select((Row::as_select(), DetailRow::as_select()))
        .load(conn)?;
    rows.into_iter().map(from_rows).collect()
}

/// Copies of one server, newest first, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn copies_at(conn: &mut Conn, origin: &str, limit: i64) -> Result<Vec<Proposal>, StoreError> {
    let rows: Vec<(Row, DetailRow)> = proposals::table
        .inner_join(proposal_details::table)
        .filter(proposals::origin.eq(origin))
        .filter(proposals::member_id.is_null())
        .order((proposals::published_at.desc(), proposals::id.desc()))
        .limit(limit)
        .select((Row::as_select(), DetailRow::as_select()))
        .load(conn)?;
    rows.into_iter().map(from_rows).collect()
}

/// What is published, in the order of the local keys, those after `after`, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn published_after(
    conn: &mut Conn,
    after: &str,
    limit: i64,
) -> Result<Vec<Proposal>, StoreError> {
    let rows: Vec<(Row, DetailRow)> = proposals::table
        .inner_join(proposal_details::table)
        .filter(proposals::id.gt(after))
        .filter(proposals::state.eq(State::Published.as_str()))
        .order(proposals::id)
        .limit(limit)
        .select((Row::as_select(), DetailRow::as_select()))
        .load(conn)?;
    rows.into_iter().map(from_rows).collect()
}

/// Keys of everything a member of this hub published and did not take back, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn of_member(
    conn: &mut Conn,
    member: &MemberId,
    limit: i64,
) -> Result<Vec<ProposalId>, StoreError> {
    let ids: Vec<String> = proposals::table
        .filter(proposals::member_id.eq(member.as_str()))
        .filter(proposals::state.ne(State::Withdrawn.as_str()))
        .order((proposals::published_at, proposals::id))
        .limit(limit)
        .select(proposals::id)
        .load(conn)?;
    Ok(ids.into_iter().map(ProposalId::known).collect())
}

/// Takes a row away with everything that belongs to it alone.
///
/// # Errors
/// A conflict of `foreign key` when somebody answered it; those of the store.
pub fn delete(tx: &mut Conn, id: &ProposalId) -> Result<(), StoreError> {
    diesel::delete(proposals::table.filter(proposals::id.eq(id.as_str()))).execute(tx)?;
    Ok(())
}

/// Lowers what is left by `units`, unless fewer are left; answers whether it did (I-01).
///
/// # Errors
/// Those of the store.
pub fn take(tx: &mut Conn, id: &ProposalId, units: i64) -> Result<bool, StoreError> {
    let lowered = diesel::update(
        proposal_details::table
            .filter(proposal_details::proposal_id.eq(id.as_str()))
            .filter(proposal_details::available.ge(units)),
    )
    .set(proposal_details::available.eq(proposal_details::available - units))
    .execute(tx)?;
    Ok(lowered == 1)
}

/// Raises what is left by `units`, never above what was offered; answers whether it did.
///
/// # Errors
/// Those of the store.
pub fn give_back(tx: &mut Conn, id: &ProposalId, units: i64) -> Result<bool, StoreError> {
    let raised = diesel::update(
        proposal_details::table
            .filter(proposal_details::proposal_id.eq(id.as_str()))
            .filter((proposal_details::available + units).le(proposal_details::quantity)),
    )
    .set(proposal_details::available.eq(proposal_details::available + units))
    .execute(tx)?;
    Ok(raised == 1)
}

/// The last one that a member published with this title since an instant, if it still stands.
///
/// # Errors
/// Those of the store.
pub fn last_of_title(
    conn: &mut Conn,
    member: &MemberId,
    title: &str,
    since: Instant,
) -> Result<Option<Proposal>, StoreError> {
    proposals::table
        .inner_join(proposal_details::table)
        .filter(proposals::member_id.eq(member.as_str()))
        .filter(proposals::title.eq(title))
        .filter(proposals::state.eq(State::Published.as_str()))
        .filter(proposals::published_at.ge(since.as_milliseconds()))
        .order((proposals::published_at.desc(), proposals::id.desc()))
        .select((Row::as_select(), DetailRow::as_select()))
        .first(conn)
        .optional()?
        .map(from_rows)
        .transpose()
}

/// Keys of those whose end has come, the oldest first, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn ended(conn: &mut Conn, now: Instant, limit: i64) -> Result<Vec<ProposalId>, StoreError> {
    let ids: Vec<String> = proposals::table
        .filter(proposals::state.eq(State::Published.as_str()))
        .filter(proposals::expires_at.le(now.as_milliseconds()))
        .order((proposals::expires_at, proposals::id))
        .limit(limit)
        .select(proposals::id)
        .load(conn)?;
    Ok(ids.into_iter().map(ProposalId::known).collect())
}

/// Keys of the needs whose next step is due, the oldest first, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn to_widen(conn: &mut Conn, now: Instant, limit: i64) -> Result<Vec<ProposalId>, StoreError> {
    let ids: Vec<String> = proposal_details::table
        .filter(proposal_details::widen_at.le(now.as_milliseconds()))
        .order((proposal_details::widen_at, proposal_details::proposal_id))
        .limit(limit)
        .select(proposal_details::proposal_id)
        .load(conn)?;
    Ok(ids.into_iter().map(ProposalId::known).collect())
}

fn to_rows(p: &Proposal) -> (Row, DetailRow) {
    let d = &p.details;
    let row = Row {
        id: p.id.as_str().to_owned(),
        uri: p.uri.clone(),
        origin: p.origin.clone(),
        author_uri: p.author_uri.clone(),
        member_id: p.member_id.as_ref().map(|id| id.as_str().to_owned()),
        purpose: p.purpose.as_str().to_owned(),
        kind: p.kind.as_str().to_owned(),
        title: p.title.clone(),
        category: p.category.code().to_owned(),
        town: p.town.clone(),
        state: p.state.as_str().to_owned(),
        visibility: p.visibility.as_str().to_owned(),
        expires_at: p.expires_at.as_milliseconds(),
        published_at: p.published_at.as_milliseconds(),
        updated_at: p.updated_at.as_milliseconds(),
        rev: p.rev,
    };
    let details = DetailRow {
        proposal_id: p.id.as_str().to_owned(),
        description: d.description.clone(),
        content: d.content.clone(),
        summary: d.summary.clone(),
        lang: d.lang.clone(),
        settlements: words(&d.settlements),
        quantity: d.quantity,
        available: d.available,
        minutes: d.minutes,
        price_cents: d.price_cents,
        when_text: d.when_text.clone(),
        widen_to: d.widen_to.map(|level| level.as_str().to_owned()),
        widen_at: d.widen_at.map(Instant::as_milliseconds),
        url: d.url.clone(),
        document: d.document.clone(),
        fetched_at: d.fetched_at.as_milliseconds(),
    };
    (row, details)
}

fn from_rows((p, d): (Row, DetailRow)) -> Result<Proposal, StoreError> {
    Ok(Proposal {
        purpose: known("purpose", Purpose::parse(&p.purpose))?,
        kind: known("kind", KindName::parse(&p.kind))?,
        category: known("category", Category::from_code(&p.category))?,
        state: known("state", State::parse(&p.state))?,
        visibility: known("visibility", Visibility::parse(&p.visibility))?,
        details: Details {
            settlements: settlements(&d.settlements)?,
            widen_to: d
                .widen_to
                .map(|level| known("widen_to", Visibility::parse(&level)))
                .transpose()?,
            description: d.description,
            content: d.content,
            summary: d.summary,
            lang: d.lang,
            quantity: d.quantity,
            available: d.available,
            minutes: d.minutes,
            price_cents: d.price_cents,
            when_text: d.when_text,
            widen_at: d.widen_at.map(Instant::from_milliseconds),
            url: d.url,
            document: d.document,
            fetched_at: Instant::from_milliseconds(d.fetched_at),
        },
        id: ProposalId::known(p.id),
        uri: p.uri,
        origin: p.origin,
        author_uri: p.author_uri,
        member_id: p.member_id.map(MemberId::known),
        title: p.title,
        town: p.town,
        expires_at: Instant::from_milliseconds(p.expires_at),
        published_at: Instant::from_milliseconds(p.published_at),
        updated_at: Instant::from_milliseconds(p.updated_at),
        rev: p.rev,
    })
}

/// A stored word that names nothing is a damaged row, never a default.
fn known<T>(column: &str, value: Option<T>) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::broken(format!("proposals: unknown word in {column}")))
}

/// `,gift,hours,`: commas at both ends, so that one word is found as `%,hours,%`.
fn words(settlements: &[Settlement]) -> String {
    let mut text = String::from(",");
    for settlement in settlements {
        text.push_str(settlement.as_str());
        text.push(',');
    }
    text
}

fn settlements(text: &str) -> Result<Vec<Settlement>, StoreError> {
    text.split(',')
        .filter(|word| !word.is_empty())
        .map(|word| known("settlements", Settlement::parse(word)))
        .collect()
}
