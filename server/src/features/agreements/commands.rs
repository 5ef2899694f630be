//! Every change of an answer or an agreement by somebody of this hub, as a named command inside
//! the caller's transaction: rows, notices, audit and outgoing activities together or not at all.

pub mod answers;
pub mod deeds;
pub mod leaving;
pub mod settling;

pub use answers::{NewResponse, accept, end_answers, has_ended, refuse, respond, take_back};
pub use deeds::{cancel, contest, message, say, silence};
pub use settling::{Settling, settle};

use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::AgreementState;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::model::{Refusal, Side, Standing};
use crate::features::agreements::store::facts::{self, FactRow, Speaker};
use crate::features::agreements::store::{self, Agreement, PartyRow};
use crate::features::agreements::{publish, wire};
use crate::features::notifications::{self, Happening, Notice};
use crate::features::people::rights::Right;
use crate::features::proposals::{self, Proposal, ProposalError};
use crate::http::error::{AppError, Kind};
use crate::http::identity::SignedIn;
use crate::ids::{AgreementId, MemberId};

/// Why a command changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum AgreementError {
    /// A rule of agreements refuses it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A rule of proposals refuses it: closed, nothing left, another hub's.
    #[error(transparent)]
    Proposal(#[from] ProposalError),
    /// Whoever asks is no party of it, or may not decide.
    #[error("the member is no party of this agreement")]
    NotParty,
    /// An answer of this person waits already, or one was decided before.
    #[error("this was answered before")]
    Decided,
    /// One cannot answer the own proposal.
    #[error("one cannot answer the own proposal")]
    OwnProposal,
    /// Somebody who acts for a party is the other one, or has spoken for it: nobody confirms both
    /// sides of one agreement.
    #[error("nobody speaks for both sides of one agreement")]
    BothSides,
    /// The way of settling is not one the proposer offers.
    #[error("the proposer does not offer this way of settling")]
    Settlement,
    /// The store does not answer, or there is no such thing.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AgreementError {
    /// The stable code of the answer.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Proposal(ProposalError::Refused(refusal)) => refusal.code(),
            Self::Proposal(ProposalError::Store(_)) | Self::Store(_) => "store",
            Self::NotParty => "not_found",
            Self::Decided => "decided_before",
            Self::OwnProposal => "own_proposal",
            Self::BothSides => "both_sides",
            Self::Settlement => "settlement_not_offered",
        }
    }
}

impl From<AgreementError> for AppError {
    fn from(error: AgreementError) -> Self {
        let code = error.code();
        match error {
            AgreementError::Store(error) => error.into(),
            AgreementError::Proposal(error) => error.into(),
            // What is not for this reader does not exist for this reader (D91).
            AgreementError::NotParty => Self::not_found(),
            AgreementError::Settlement => Self::new(Kind::Invalid, code),
            AgreementError::BothSides => Self::new(Kind::Forbidden, code),
            AgreementError::Refused(_) | AgreementError::Decided | AgreementError::OwnProposal => {
                Self::new(Kind::Conflict, code)
            }
        }
    }
}

/// A member acting, for oneself or for somebody (« saisi pour le compte de »).
#[derive(Debug, Clone)]
pub struct Doer {
    /// Who acts.
    pub by: SignedIn,
    /// The member for whom; the doer's own self when none.
    pub for_member: Option<MemberId>,
}

impl Doer {
    /// A member acting for oneself.
    pub fn own(by: SignedIn) -> Self {
        Self {
            by,
            for_member: None,
        }
    }

    /// A member acting for somebody, or for oneself when nobody else is named.
    ///
    /// # Errors
    /// [`AgreementError::NotParty`] without the right to act for others.
    pub fn acting(by: SignedIn, for_member: Option<MemberId>) -> Result<Self, AgreementError> {
        let for_member = for_member.filter(|member| *member != by.id);
        if for_member.is_some() && !by.may(Right::ActOnBehalf) {
            return Err(AgreementError::NotParty);
        }
        Ok(Self { by, for_member })
    }

    /// Whose answer or agreement it is.
    pub fn member(&self) -> &MemberId {
        self.for_member.as_ref().unwrap_or(&self.by.id)
    }

    fn on_behalf_of(&self) -> Option<&str> {
        self.for_member.as_ref().map(MemberId::as_str)
    }
}

/// An agreement with everything a command or a page about it needs.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The agreement.
    pub agreement: Agreement,
    /// Both parties.
    pub parties: Vec<PartyRow>,
    /// The proposal, ours or a copy.
    pub proposal: Proposal,
    /// Address of the answer it came from.
    pub offer: String,
    /// What was said, oldest first.
    pub facts: Vec<FactRow>,
}

impl Whole {
    /// Reads an agreement whole.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    pub fn load(conn: &mut Conn, id: &AgreementId) -> Result<Self, StoreError> {
        let agreement = store::find(conn, id)?.ok_or(StoreError::NotFound)?;
        Self::around(conn, agreement)
    }

    /// Reads what belongs to an agreement.
    ///
    /// # Errors
    /// Those of the store.
    pub fn around(conn: &mut Conn, agreement: Agreement) -> Result<Self, StoreError> {
        let proposal = proposals::find(conn, &agreement.proposal)?.ok_or(StoreError::NotFound)?;
        let response =
            store::responses::find(conn, &agreement.response)?.ok_or(StoreError::NotFound)?;
        Ok(Self {
            parties: store::parties(conn, &agreement.id)?,
            facts: facts::of_agreement(conn, &agreement.id)?,
            offer: response.uri,
            agreement,
            proposal,
        })
    }

    /// Whether this hub owns it and decides alone.
    pub fn is_ours(&self, app: &App) -> bool {
        self.agreement.origin == app.origin.as_str()
    }

    /// The side a member of this hub stands on.
    pub fn side_of(&self, member: &MemberId) -> Option<Side> {
        self.parties
            .iter()
            .find(|party| party.member.as_ref() == Some(member))
            .map(|party| party.side)
    }

    /// One of the parties.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when it is missing.
    pub fn party(&self, side: Side) -> Result<&PartyRow, StoreError> {
        let (proposer, responder) = wire::both(&self.parties)?;
        Ok(match side {
            Side::Proposer => proposer,
            Side::Responder => responder,
        })
    }

    /// What the rules need to know of it.
    pub fn standing(&self) -> Standing {
        let own_words: Vec<&FactRow> = self
            .facts
            .iter()
            .filter(|fact| fact.corrects.is_none())
            .collect();
        Standing {
            state: self.agreement.state,
            settlement: self.agreement.deal.settlement,
            said: own_words
                .iter()
                .filter_map(|fact| match fact.by {
                    Speaker::Party(side) => Some((side, fact.minutes)),
                    Speaker::Facilitator => None,
                })
                .collect(),
            first_said_at: own_words.first().map(|fact| fact.created_at),
        }
    }

    /// Where it stands as its own people read it: what was said here counts at once, though the copy
    /// of the hub that owns it comes back later.
    pub fn shown_state(&self) -> AgreementState {
        match self.agreement.state {
            AgreementState::Concluded if !self.standing().said.is_empty() => {
                AgreementState::DeclaredDone
            }
            state => state,
        }
    }

    /// Path of its page.
    pub fn href(&self) -> String {
        format!("/accords/{}", self.agreement.id)
    }
}

/// Refuses whoever acts for a party while being one, or after speaking for the other one.
///
/// # Errors
/// [`AgreementError::BothSides`]; those of the store.
pub(super) fn one_side_only(
    conn: &mut Conn,
    whole: &Whole,
    doer: &Doer,
    side: Side,
) -> Result<(), AgreementError> {
    if doer.for_member.is_some() && whole.side_of(&doer.by.id).is_some() {
        return Err(AgreementError::BothSides);
    }
    for done in audit::done_by_members(conn, "agreement", whole.agreement.id.as_str())? {
        let spoke = done.command == SAY && done.by == doer.by.id;
        let for_whom = done.on_behalf_of.map_or(done.by, MemberId::known);
        if spoke && whole.side_of(&for_whom) == Some(side.other()) {
            return Err(AgreementError::BothSides);
        }
    }
    Ok(())
}

/// Name in the journal of saying that something was done, by either party.
pub(super) const SAY: &str = "agreement_say";

/// Tells a member that somebody entered something for them, so that a screen or a telephone call
/// brings it to them.
///
/// # Errors
/// Those of the store.
pub(super) fn tell_entered(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    doer: &Doer,
    (what, href): (&str, &str),
) -> Result<(), StoreError> {
    let Some(member) = &doer.for_member else {
        return Ok(());
    };
    let notice = Notice {
        member,
        happening: Happening::EnteredForYou,
        who: &doer.by.name,
        what,
        href,
    };
    notifications::notify(tx, &app.new_id(), now, &notice)
}

/// Moves an agreement of ours and tells the other hub: the one place where its state changes.
///
/// # Errors
/// Those of the store.
pub(super) fn move_and_tell(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    whole: &mut Whole,
    state: AgreementState,
) -> Result<(), StoreError> {
    whole.agreement = store::move_to(tx, &whole.agreement, state, now)?;
    let facts: Vec<String> = whole.facts.iter().map(|fact| fact.uri.clone()).collect();
    publish::copy(
        app,
        tx,
        now,
        &whole.agreement,
        &whole.parties,
        &whole.proposal,
        &whole.offer,
        &facts,
    )
}

/// Tells a local party that something happened.
///
/// # Errors
/// Those of the store.
pub(super) fn tell(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    whole: &Whole,
    side: Side,
    happening: Happening,
) -> Result<(), StoreError> {
    let other = &whole.party(side.other())?.name;
    let Some(member) = &whole.party(side)?.member else {
        return Ok(());
    };
    notifications::notify(
        tx,
        &app.new_id(),
        now,
        &Notice {
            member,
            happening,
            who: other,
            what: &whole.proposal.title,
            href: &whole.href(),
        },
    )
}

/// One row of the audit trail.
pub(super) struct Record<'a> {
    pub command: &'static str,
    pub kind: &'static str,
    pub id: &'a str,
    pub old: Option<&'a str>,
    pub new: Option<&'a str>,
    pub reason: Option<&'a str>,
}

/// Writes a row of the audit trail for a member's command.
///
/// # Errors
/// Those of the store.
pub(super) fn record(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    doer: &Doer,
    record: &Record<'_>,
) -> Result<(), StoreError> {
    write_record(
        app,
        tx,
        now,
        (Actor::Member(&doer.by.id), doer.on_behalf_of()),
        record,
    )
}

/// Writes a row of the audit trail for what another server or a job caused.
///
/// # Errors
/// Those of the store.
pub(super) fn write_record(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    (actor, on_behalf_of): (Actor<'_>, Option<&str>),
    record: &Record<'_>,
) -> Result<(), StoreError> {
    audit::record(
        tx,
        &app.new_id(),
        now,
        &Event {
            actor,
            on_behalf_of,
            command: record.command,
            subject_kind: record.kind,
            subject_id: record.id,
            old_state: record.old,
            new_state: record.new,
            reason: record.reason,
        },
    )
}
