//! Answers to offers and needs, what two people agree, what they say was done.
//!
//! The proposer's hub decides on answers and holds the agreement (I-03, single writer); the other
//! hub asks by activity and shows a dated copy. Phone and e-mail are shown to the two parties, and
//! only once both agreed. What was said is never edited: a facilitator corrects by a counter-entry.
//!
//! Not here: proposals and their quantities (`features/proposals`), the time bank (it will post
//! from `hour_facts`). Source: product.md §4.1, decisions 5, 18, 21.

pub mod api;
pub mod commands;
pub mod inbox;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod publish;
pub mod store;
mod waiting;
pub mod wire;

use interkpa_federation::Instant;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::Feature;
use crate::features::proposals::{self, Proposal};
use crate::fediverse::remote::KnownActor;
use crate::http::route::Route;
use crate::ids::{MemberId, ProposalId};
use crate::jobs::job::JobKind;

use commands::AgreementError;
use store::leaving::Leaver;

/// This feature, for the list of all.
pub const FEATURE: Feature = Feature {
    name: "agreements",
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

/// Ends the waiting answers to a proposal of this hub, or to a copy, if it has ended: in the
/// transaction that ends it (I-06). `words` are its author's, for whoever answered.
///
/// # Errors
/// Those of the store.
pub fn proposal_changed(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &Proposal,
    words: &str,
) -> Result<(), StoreError> {
    if commands::has_ended(proposal, now) {
        commands::end_answers(app, tx, now, proposal, words)?;
    }
    Ok(())
}

/// A member of this hub is no more: waiting answers are taken back, open agreements are cancelled,
/// confirmed ones stay under a pseudonym, here and at the other party's hub (I-07).
///
/// # Errors
/// Those of the store and of proposals.
pub fn member_leaves(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    member: &MemberId,
) -> Result<(), AgreementError> {
    commands::leaving::leave(app, tx, now, Leaver::Member(member))
}

/// An actor of another server is no more, or a whole hub with everybody there (I-07).
///
/// # Errors
/// Those of the store and of proposals.
pub fn actor_gone(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    actor: &KnownActor,
) -> Result<(), AgreementError> {
    let origin = actor.uri.origin();
    let who = if actor.is_hub {
        Leaver::Server(origin.as_str())
    } else {
        Leaver::Actor(actor.uri.as_str())
    };
    commands::leaving::leave(app, tx, now, who)
}

/// Addresses of those of other servers with whom a member of this hub has an agreement.
///
/// # Errors
/// Those of the store.
pub fn others_of(conn: &mut Conn, member: &MemberId) -> Result<Vec<String>, StoreError> {
    let mut others = Vec::new();
    for (id, side) in store::leaving::sides(conn, Leaver::Member(member))? {
        let parties = store::parties(conn, &id)?;
        let other = parties.into_iter().find(|party| party.side != side);
        others.extend(
            other
                .filter(|party| party.member.is_none())
                .map(|party| party.actor_uri),
        );
    }
    others.sort_unstable();
    others.dedup();
    Ok(others)
}

/// What of a member's own things waits, in numbers, for the page « Moi ».
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mine {
    /// Answers to decide.
    pub answers_waiting: u32,
    /// Own answers that wait for a decision.
    pub responses_open: u32,
    /// Agreements to do or to confirm.
    pub agreements_waiting: u32,
    /// Hours given less hours received, in minutes.
    pub balance_minutes: i64,
}

/// What waits for a member, in numbers; each is counted up to a page.
///
/// # Errors
/// Those of the store.
pub fn mine(conn: &mut Conn, member: &MemberId) -> Result<Mine, StoreError> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let open = proposals::open_of_member(conn, member, COUNTED_MAX)?;
    let answers = store::responses::open_among(conn, &open, ANSWERS_COUNTED_MAX)?;
    let mut waiting = 0;
    for agreement in store::unfinished_of_member(conn, member)? {
        let whole = commands::Whole::around(conn, agreement)?;
        let said = whole
            .side_of(member)
            .is_some_and(|side| whole.standing().has_said(side));
        waiting += usize::from(!said);
    }
    let (given, received) = store::facts::totals_of_member(conn, member)?;
    Ok(Mine {
        answers_waiting: count(answers.len()),
        responses_open: store::responses::count_open_of_member(conn, member)?,
        agreements_waiting: count(waiting),
        balance_minutes: given - received,
    })
}

/// Most proposals that the numbers look at, and most answers they count.
const COUNTED_MAX: i64 = 100;
const ANSWERS_COUNTED_MAX: usize = 100;

/// How many answers wait for a decision, for each of some proposals of this hub, in their order.
///
/// # Errors
/// Those of the store.
pub fn answers_waiting(conn: &mut Conn, among: &[ProposalId]) -> Result<Vec<u32>, StoreError> {
    let open = store::responses::open_among(conn, among, ANSWERS_COUNTED_MAX)?;
    let of = |id: &ProposalId| open.iter().filter(|answer| answer.proposal == *id).count();
    Ok(among
        .iter()
        .map(|id| u32::try_from(of(id)).unwrap_or(u32::MAX))
        .collect())
}
