//! Offers and needs: what members propose and look for, and the dated copies of other hubs' ones.
//!
//! A proposal is published by its author (or by a facilitator for somebody), shown to an audience
//! that only its owner widens, answered, found, taken back, or it ends by itself. Only the hub that
//! owns it changes it (decision 5); what other hubs own is a copy that nothing here counts.
//!
//! Not here: answers, agreements and what follows them (`features/agreements`), who reads which
//! actor (`fediverse`), what people may do in general (`people::rights`).
//!
//! Source: product.md §4.1, web.md §8 and §10, federation.md §6.2.

pub mod api;
pub mod commands;
pub mod inbox;
pub mod jobs;
pub mod latest;
pub mod model;
pub mod pages;
pub mod pictures;
pub mod publish;
pub mod questions;
pub mod store;
pub mod view;

use interkpa_federation::{Instant, Origin, Trust};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::Feature;
use crate::features::people;
use crate::features::people::rights::Roles;
use crate::fediverse::audience;
use crate::http::identity::SignedIn;
use crate::http::route::Route;
use crate::ids::{MediaId, MemberId, ProposalId};
use crate::jobs::job::JobKind;

use commands::By;
use model::visibility::{PeerStanding, may_see};

pub use commands::ProposalError;
pub use model::{Proposal, Refusal, State};

/// This feature, for the list of all.
pub const FEATURE: Feature = Feature {
    name: "proposals",
    routes,
    jobs: kinds,
    describe: <api::Description as utoipa::OpenApi>::openapi,
};

fn routes() -> Vec<Route> {
    let mut all = pages::routes();
    all.extend(api::routes());
    all
}

fn kinds() -> Vec<JobKind<App>> {
    jobs::kinds()
}

/// Plans the making of the search entries anew, if another version of the hub made them.
///
/// # Errors
/// Those of the store.
pub async fn keep_findable(app: &App) -> Result<(), StoreError> {
    jobs::indexing::plan(app).await
}

/// The proposal of a local key, ours or a copy.
///
/// # Errors
/// Those of the store.
pub fn find(conn: &mut Conn, id: &ProposalId) -> Result<Option<Proposal>, StoreError> {
    store::find(conn, id)
}

/// The proposal of a local key, if this member may see it: what may not be seen does not exist for
/// them (D100).
///
/// # Errors
/// Those of the store.
pub fn find_for(
    conn: &mut Conn,
    id: &ProposalId,
    member: &SignedIn,
) -> Result<Option<Proposal>, StoreError> {
    let found = store::find(conn, id)?;
    Ok(found.filter(|proposal| may_see(proposal, pages::reader(member))))
}

/// The proposal of a local key, under its lock until the transaction ends. Whoever changes several
/// answers to one proposal takes this lock first, so that two of them never wait for each other.
/// It counts as a change: a form shown before is refused.
///
/// # Errors
/// Those of the store.
pub fn lock(tx: &mut Conn, id: &ProposalId) -> Result<Option<Proposal>, StoreError> {
    store::lock(tx, id)
}

/// Keys of the open proposals of a member of this hub, the newest first, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn open_of_member(
    conn: &mut Conn,
    member: &MemberId,
    limit: i64,
) -> Result<Vec<ProposalId>, StoreError> {
    store::page::open_of_member(conn, member, limit)
}

/// The proposal of an address, ours or a copy.
///
/// # Errors
/// Those of the store.
pub fn find_by_uri(conn: &mut Conn, uri: &str) -> Result<Option<Proposal>, StoreError> {
    store::find_by_uri(conn, uri)
}

/// Agrees upon `units` of a proposal of this hub, in the transaction of the agreement: whether it
/// is open is checked under its lock, the last unit fulfils it, and other hubs are told (I-01,
/// I-06).
///
/// # Errors
/// [`Refusal::Closed`], [`Refusal::NoLongerAvailable`] or [`Refusal::NotOurs`]; those of the store.
pub fn take(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &ProposalId,
    units: i64,
) -> Result<Proposal, ProposalError> {
    commands::take(app, tx, now, id, units)
}

/// Gives the units of a cancelled agreement back, in the transaction of the cancellation. What its
/// last unit had fulfilled is open again, unless its end has come.
///
/// # Errors
/// [`Refusal::NoLongerAvailable`] when more would be left than was offered; those of the store.
pub fn give_back(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &ProposalId,
    units: i64,
) -> Result<Proposal, ProposalError> {
    commands::give_back(app, tx, now, id, units)
}

/// A member of this hub is no more: what they published is taken back everywhere. Answers the keys of
/// the pictures whose files go once the transaction is durable.
///
/// # Errors
/// Those of the store.
pub fn member_leaves(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    member: &MemberId,
) -> Result<Vec<MediaId>, ProposalError> {
    let mut pictures_gone = Vec::new();
    let by = By::Member(member, &Roles::default());
    for id in store::of_member(tx, member, OF_MEMBER_MAX)? {
        let done = commands::withdraw(app, tx, now, by, &id, None)?;
        pictures_gone.extend(done.pictures_gone);
    }
    questions::take_back_all(app, tx, now, member, OF_MEMBER_MAX)?;
    store::replies::forget_member(tx, member, people::FORMER_MEMBER)?;
    store::marks::unhide_all(tx, member)?;
    app.caches.lists.raise();
    Ok(pictures_gone)
}

/// Most publications of one member that go when the member does.
const OF_MEMBER_MAX: i64 = 1_000;

/// The name of whoever published a proposal, as members of this hub read it: a member's, an actor's
/// of another server, or nothing when none is known.
///
/// # Errors
/// Those of the store.
pub fn author_name(conn: &mut Conn, proposal: &Proposal) -> Result<String, StoreError> {
    let name = match &proposal.member_id {
        Some(member) => people::cards(conn, &[member])?.pop().map(|card| card.name),
        None => audience::names(conn, &[&proposal.author_uri])?
            .pop()
            .map(|(_, name)| name),
    };
    Ok(name.unwrap_or_default())
}

/// The team keeps a publication back, ours or a copy, in the transaction of its decision.
///
/// # Errors
/// Those of the store.
pub fn keep_back(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: &MemberId,
    uri: &str,
    reason: &str,
) -> Result<(), ProposalError> {
    commands::keep_back(app, tx, now, By::Member(by, &Roles::default()), uri, reason)
}

/// The team shows again what it kept back. Call it before the decision is written.
///
/// # Errors
/// Those of the store.
pub fn show_again(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: &MemberId,
    uri: &str,
) -> Result<(), ProposalError> {
    commands::show_again(app, tx, now, By::Member(by, &Roles::default()), uri)
}

/// What another server is to this hub, as far as reading proposals goes.
///
/// # Errors
/// Those of the store.
pub fn standing_of(
    app: &App,
    conn: &mut Conn,
    origin: &Origin,
    trust: Trust,
) -> Result<PeerStanding, StoreError> {
    let of_network = trust >= Trust::Allowed;
    let followed = of_network
        && audience::followed_hubs(conn, &app.address("/hub"))?
            .iter()
            .any(|hub| Origin::parse(hub).is_ok_and(|followed| followed == *origin));
    Ok(PeerStanding {
        of_network,
        followed,
    })
}
