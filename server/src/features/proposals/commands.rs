//! Every change of a proposal of this hub, as a named command inside the caller's transaction:
//! rows, search index, audit, outgoing activities and jobs together or not at all.
//!
//! A command locks its proposal first, so two of them never work from the same reading. Publishing
//! and editing stand in [`mod@write`], what happens later in [`life`], pictures in [`pictures`], what agreements
//! do in [`units`].

pub mod life;
pub mod pictures;
pub mod units;
pub mod write;

use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::Visibility;
use interkpa_web::markup;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::search::{self, Stems};
use crate::features::agreements;
use crate::features::people::rights::Roles;
use crate::features::proposals::model::{Proposal, Refusal, State};
use crate::features::proposals::store;
use crate::features::proposals::store::page::SEARCH_KIND;
use crate::features::proposals::{jobs, publish};
use crate::http::error::{AppError, Kind};
use crate::ids::{MediaId, MemberId, ProposalId};

pub use life::{expire, fulfil, keep_back, prolong, resume, show_again, suspend, widen, withdraw};
pub use pictures::{Pictures, illustrate};
pub use units::{give_back, take};
pub use write::{OnBehalf, Prepared, edit, publish as publish_new};

/// Why a command changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// A rule refuses it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store does not answer, or there is no such proposal.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ProposalError> for AppError {
    fn from(error: ProposalError) -> Self {
        let refusal = match error {
            ProposalError::Store(error) => return error.into(),
            ProposalError::Refused(refusal) => refusal,
        };
        let kind = match refusal {
            Refusal::NotOurs | Refusal::NotAllowed | Refusal::KeptBack => Kind::Forbidden,
            Refusal::Closed
            | Refusal::NoLongerAvailable
            | Refusal::ChangedMeanwhile
            | Refusal::TooManyPictures => Kind::Conflict,
        };
        Self::new(kind, refusal.code())
    }
}

/// Who does it.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// A member, with the roles held now.
    Member(&'a MemberId, &'a Roles),
    /// A job, by name.
    Job(&'static str),
}

/// What a command did.
#[derive(Debug, Clone)]
pub struct Done {
    /// The proposal as it is now.
    pub proposal: Proposal,
    /// Pictures whose rows are gone: their files go once the transaction is durable.
    pub pictures_gone: Vec<MediaId>,
}

/// The proposal under its lock, if the doer may change it.
fn locked(tx: &mut Conn, by: By<'_>, id: &ProposalId) -> Result<Proposal, ProposalError> {
    let proposal = store::lock(tx, id)?.ok_or(StoreError::NotFound)?;
    if let By::Member(member, roles) = by {
        proposal.editable_by(member, roles)?;
    }
    Ok(proposal)
}

/// It goes no further by itself.
fn stay(proposal: &mut Proposal) {
    proposal.details.widen_to = None;
    proposal.details.widen_at = None;
}

/// A proposal as a command leaves it, with what it was before.
#[derive(Debug)]
struct Change<'a> {
    proposal: Proposal,
    old_state: State,
    old_visibility: Visibility,
    /// Name in the journal.
    command: &'static str,
    reason: Option<&'a str>,
    /// Its words, when they were made outside of the transaction.
    stems: Option<&'a Stems>,
}

impl Change<'_> {
    /// The change that has not happened yet.
    fn of(proposal: Proposal, command: &'static str) -> Self {
        Self {
            old_state: proposal.state,
            old_visibility: proposal.visibility,
            proposal,
            command,
            reason: None,
            stems: None,
        }
    }
}

/// Everything that follows from a change: version, document, activities, rows, search, jobs, journal.
fn finish(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    mut change: Change<'_>,
) -> Result<Proposal, ProposalError> {
    let proposal = &mut change.proposal;
    // A version is later than the one before even within one millisecond, or copies would keep
    // the older one.
    let next = Instant::from_milliseconds(proposal.updated_at.as_milliseconds() + 1);
    proposal.updated_at = now.max(next);
    // First, so that whoever answered reads why before the copy is gone.
    agreements::proposal_changed(app, tx, now, proposal, change.reason.unwrap_or_default())?;
    publish::send(app, tx, now, proposal, change.old_visibility)?;
    keep(app, tx, now, proposal, change.stems)?;
    note(app, tx, now, by, &change)?;
    Ok(change.proposal)
}

fn keep(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    proposal: &mut Proposal,
    stems: Option<&Stems>,
) -> Result<(), StoreError> {
    proposal.details.fetched_at = now;
    store::update(tx, proposal)?;
    index(tx, proposal, stems)?;
    jobs::plan(app, tx, now, proposal)?;
    app.caches.lists.raise();
    Ok(())
}

/// What is published is found by its words; nothing else is.
pub(super) fn index(
    tx: &mut Conn,
    proposal: &Proposal,
    stems: Option<&Stems>,
) -> Result<(), StoreError> {
    let id = proposal.id.as_str();
    if proposal.state != State::Published {
        return search::remove(tx, SEARCH_KIND, id);
    }
    let at = (id, proposal.published_at);
    if let Some(stems) = stems {
        return search::index(tx, SEARCH_KIND, at, stems);
    }
    let content = markup::remote_html(&proposal.details.content);
    let plain = markup::plain_text(&content);
    let (town, when) = (&proposal.town, &proposal.details.when_text);
    let stems = stems_of(&proposal.title, town, when, &plain);
    search::index(tx, SEARCH_KIND, at, &stems)
}

/// The words a proposal is found by; `plain` is its text without markup.
pub(super) fn stems_of(title: &str, town: &str, when: &str, plain: &str) -> Stems {
    Stems::of(&[title, town, when, plain])
}

fn note(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    by: By<'_>,
    change: &Change<'_>,
) -> Result<(), StoreError> {
    let proposal = &change.proposal;
    let (actor, on_behalf_of) = match by {
        By::Job(name) => (Actor::System(name), None),
        By::Member(member, _) => {
            let author = proposal
                .member_id
                .as_ref()
                .filter(|author| *author != member);
            (Actor::Member(member), author.map(MemberId::as_str))
        }
    };
    let event = Event {
        actor,
        on_behalf_of,
        command: change.command,
        subject_kind: "proposal",
        subject_id: proposal.id.as_str(),
        old_state: Some(change.old_state.as_str()),
        new_state: Some(proposal.state.as_str()),
        reason: change.reason,
    };
    audit::record(tx, &app.new_id(), now, &event)
}
