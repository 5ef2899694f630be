//! What is done with an agreement once it stands: saying it was done, contesting, calling off,
//! settling, writing to each other.

use interkpa_federation::Instant;
use interkpa_federation::vocabulary::agreement::PartyRef;
use interkpa_federation::vocabulary::fact::{Fact, FactKind};
use interkpa_federation::vocabulary::terms::{AgreementState, Settlement};

use crate::app::App;
use crate::db::audit::Actor;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::{
    AgreementError, Doer, Record, SAY, Whole, move_and_tell, one_side_only, record, tell,
    tell_entered, write_record,
};
use crate::features::agreements::jobs;
use crate::features::agreements::model::{Command, Outcome, Side};
use crate::features::agreements::publish::{self, Between, Said};
use crate::features::agreements::store::facts::{self, FactRow, HourFact, Speaker};
use crate::features::agreements::store::thread::{self, MessageRow};
use crate::features::agreements::wire::{self, uri};
use crate::features::notifications::Happening;
use crate::features::proposals;
use crate::ids::AgreementId;

/// What a party says happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// How long it took; the agreed duration when none is given.
    pub minutes: Option<i64>,
    /// When it happened.
    pub happened_at: Instant,
    /// A few words, plain.
    pub note: String,
}

fn side_of(whole: &Whole, doer: &Doer) -> Result<Side, AgreementError> {
    whole.side_of(doer.member()).ok_or(AgreementError::NotParty)
}

/// A party says it was done, or confirms that it was: the first word declares, the second one that
/// says the same confirms.
///
/// # Errors
/// Not a party; nothing to say now; a duration other than the other party's.
pub fn say(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    doer: &Doer,
    id: &AgreementId,
    word: Word,
) -> Result<AgreementState, AgreementError> {
    let mut whole = Whole::load(tx, id)?;
    let side = side_of(&whole, doer)?;
    one_side_only(tx, &whole, doer, side)?;
    let in_hours = whole.agreement.deal.settlement == Settlement::Hours;
    let standing = whole.standing();
    // Whoever confirms without a number says what the other said; else what was agreed.
    let said = standing.said.first().and_then(|(_, minutes)| *minutes);
    let minutes = word
        .minutes
        .or(said)
        .or(whole.agreement.deal.minutes)
        .filter(|_| in_hours);
    let Outcome::Moved(state) = standing.after(Command::Say { side, minutes })? else {
        return Ok(whole.agreement.state);
    };
    let fact = new_fact(app, &whole, side, minutes, &word, now)?;
    let signed = publish::prove(app, tx, &fact, now)?;
    let row = FactRow {
        id: app.new_id(),
        uri: fact.id.as_str().to_owned(),
        agreement: id.clone(),
        by: Speaker::Party(side),
        action: fact.action,
        provider: Side::provider_of(whole.proposal.purpose),
        minutes,
        quantity: whole.agreement.deal.quantity,
        happened_at: word.happened_at,
        note: word.note,
        corrects: None,
        document: signed.to_string(),
        created_at: now,
    };
    let old = whole.agreement.state;
    if !facts::insert_if_new(tx, &row)? {
        return Ok(old);
    }
    whole.facts.push(row);
    publish::fact(
        app,
        tx,
        now,
        Between::new(&whole.agreement, &whole.parties, side)?,
        signed,
    )?;
    record(
        app,
        tx,
        now,
        doer,
        &Record {
            command: SAY,
            kind: "agreement",
            id: id.as_str(),
            old: Some(old.as_str()),
            new: Some(state.as_str()),
            reason: None,
        },
    )?;
    if whole.is_ours(app) {
        said_done(app, tx, now, &mut whole, state)?;
    }
    let happening = if state == AgreementState::Confirmed {
        Happening::Confirmed
    } else {
        Happening::DoneDeclared
    };
    tell(app, tx, now, &whole, side.other(), happening)?;
    tell_entered(app, tx, now, doer, (&whole.proposal.title, &whole.href()))?;
    Ok(state)
}

/// What follows in the owner's hub once a party said it was done: the state, the other hub's
/// copy, and the one settled fact in minutes when both agree (I-05).
///
/// # Errors
/// Those of the store.
pub(in crate::features::agreements) fn said_done(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    whole: &mut Whole,
    state: AgreementState,
) -> Result<(), StoreError> {
    move_and_tell(app, tx, now, whole, state)?;
    jobs::plan_silence(app, tx, now, whole)?;
    settle_hours(app, tx, now, whole)
}

/// Writes the settled fact in minutes of a confirmed agreement in hours, once, and what corrects it:
/// a linked entry, never an edit (I-05).
///
/// # Errors
/// Those of the store.
pub(in crate::features::agreements) fn settle_hours(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    whole: &Whole,
) -> Result<(), StoreError> {
    let confirmed = whole.agreement.state == AgreementState::Confirmed
        && whole.agreement.deal.settlement == Settlement::Hours;
    let entry = whole.facts.iter().find(|fact| fact.corrects.is_some());
    let corrected = entry.and_then(|entry| entry.corrects.as_ref());
    let word = whole.facts.iter().find(|fact| match corrected {
        Some(corrected) => fact.id == *corrected,
        None => fact.corrects.is_none(),
    });
    let Some((word, minutes)) = word.and_then(|word| Some((word, word.minutes?))) else {
        return Ok(());
    };
    if !confirmed {
        return Ok(());
    }
    let settled = hours(app, whole, minutes, word.happened_at, None, now)?;
    facts::settle_hours(tx, &settled)?;
    let Some((entry, difference)) = entry.and_then(|entry| Some((entry, entry.minutes?))) else {
        return Ok(());
    };
    let kept = facts::hours_of_agreement(tx, &whole.agreement.id)?;
    let Some(first) = kept.into_iter().find(|fact| fact.corrects.is_none()) else {
        return Ok(());
    };
    let entry = hours(
        app,
        whole,
        difference,
        entry.happened_at,
        Some(first.id),
        now,
    )?;
    facts::settle_hours(tx, &entry).map(drop)
}

fn hours(
    app: &App,
    whole: &Whole,
    minutes: i64,
    happened_at: Instant,
    corrects: Option<String>,
    now: Instant,
) -> Result<HourFact, StoreError> {
    let provider = Side::provider_of(whole.proposal.purpose);
    let (giver, receiver) = (whole.party(provider)?, whole.party(provider.other())?);
    Ok(HourFact {
        id: app.new_id(),
        agreement: whole.agreement.id.clone(),
        giver: giver.member.clone(),
        receiver: receiver.member.clone(),
        giver_uri: giver.actor_uri.clone(),
        receiver_uri: receiver.actor_uri.clone(),
        minutes,
        happened_at,
        corrects,
        created_at: now,
    })
}

fn new_fact(
    app: &App,
    whole: &Whole,
    side: Side,
    minutes: Option<i64>,
    word: &Word,
    now: Instant,
) -> Result<Fact, StoreError> {
    let provider = Side::provider_of(whole.proposal.purpose);
    let me = whole.party(side)?;
    let mut deal = whole.agreement.deal;
    if minutes.is_some() {
        deal.minutes = minutes;
    }
    let first = whole.facts.iter().find(|fact| fact.corrects.is_none());
    let id = uri(&publish::new_object(app))?;
    Ok(Fact {
        kind: if first.is_some() {
            FactKind::Confirmed
        } else {
            FactKind::Done
        },
        attributed_to: uri(&me.actor_uri)?,
        party: PartyRef::parse(&me.party),
        agreement: uri(&whole.agreement.uri)?,
        fulfills: wire::part(&whole.agreement.uri, "primary")?,
        action: deal.kind.action(),
        provider: uri(&whole.party(provider)?.actor_uri)?,
        receiver: uri(&whole.party(provider.other())?.actor_uri)?,
        quantity: wire::done_quantity(&deal),
        happened_at: word.happened_at,
        published: now,
        url: uri(&whole.agreement.uri)?,
        confirms: first.map(|fact| uri(&fact.uri)).transpose()?,
        corrects: None,
        id,
    })
}

/// A party says it was not as the other says; a facilitator of the owner's hub will settle it.
///
/// # Errors
/// Not a party; nothing was said; the own word.
pub fn contest(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    doer: &Doer,
    id: &AgreementId,
    reason: &str,
) -> Result<(), AgreementError> {
    let mut whole = Whole::load(tx, id)?;
    let side = side_of(&whole, doer)?;
    one_side_only(tx, &whole, doer, side)?;
    let old = whole.agreement.state;
    let Outcome::Moved(state) = whole.standing().after(Command::Contest { side })? else {
        return Ok(());
    };
    facts::open_dispute(tx, id, side, reason, now)?;
    let fact = whole
        .facts
        .first()
        .map(|fact| fact.uri.clone())
        .unwrap_or_default();
    let between = Between::new(&whole.agreement, &whole.parties, side)?;
    publish::say(app, tx, now, between, Said::Contest(&fact), reason)?;
    record(
        app,
        tx,
        now,
        doer,
        &Record {
            command: "agreement_contest",
            kind: "agreement",
            id: id.as_str(),
            old: Some(old.as_str()),
            new: Some(state.as_str()),
            reason: None,
        },
    )?;
    if whole.is_ours(app) {
        move_and_tell(app, tx, now, &mut whole, state)?;
    }
    tell(app, tx, now, &whole, side.other(), Happening::Contested)?;
    Ok(tell_entered(
        app,
        tx,
        now,
        doer,
        (&whole.proposal.title, &whole.href()),
    )?)
}

/// A party calls the agreement off before anything was done; the units come back.
///
/// # Errors
/// Not a party; something was done already.
pub fn cancel(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    doer: &Doer,
    id: &AgreementId,
    reason: &str,
) -> Result<(), AgreementError> {
    let mut whole = Whole::load(tx, id)?;
    let side = side_of(&whole, doer)?;
    one_side_only(tx, &whole, doer, side)?;
    let old = whole.agreement.state;
    let Outcome::Moved(state) = whole.standing().after(Command::Cancel)? else {
        return Ok(());
    };
    let between = Between::new(&whole.agreement, &whole.parties, side)?;
    publish::say(app, tx, now, between, Said::Cancel, reason)?;
    record(
        app,
        tx,
        now,
        doer,
        &Record {
            command: "agreement_cancel",
            kind: "agreement",
            id: id.as_str(),
            old: Some(old.as_str()),
            new: Some(state.as_str()),
            reason: None,
        },
    )?;
    if whole.is_ours(app) {
        called_off(app, tx, now, &mut whole)?;
    }
    tell(app, tx, now, &whole, side.other(), Happening::Cancelled)?;
    Ok(tell_entered(
        app,
        tx,
        now,
        doer,
        (&whole.proposal.title, &whole.href()),
    )?)
}

/// What follows in the owner's hub once an agreement is called off.
///
/// # Errors
/// Those of the store and of the proposal.
pub(in crate::features::agreements) fn called_off(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    whole: &mut Whole,
) -> Result<(), AgreementError> {
    move_and_tell(app, tx, now, whole, AgreementState::Cancelled)?;
    proposals::give_back(
        app,
        tx,
        now,
        &whole.proposal.id,
        whole.agreement.deal.quantity,
    )?;
    Ok(())
}

/// A gift that somebody said was done and nobody contested for seven days counts as confirmed.
///
/// # Errors
/// Those of the store; `Refusal::NotNow` when it is not time.
pub fn silence(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    id: &AgreementId,
) -> Result<(), AgreementError> {
    let mut whole = Whole::load(tx, id)?;
    let Outcome::Moved(state) = whole.standing().after(Command::Silence { now })? else {
        return Ok(());
    };
    said_done(app, tx, now, &mut whole, state)?;
    write_record(
        app,
        tx,
        now,
        (Actor::System("silent_confirmation"), None),
        &Record {
            command: "agreement_silence",
            kind: "agreement",
            id: id.as_str(),
            old: Some(AgreementState::DeclaredDone.as_str()),
            new: Some(state.as_str()),
            reason: None,
        },
    )?;
    for side in [Side::Proposer, Side::Responder] {
        tell(app, tx, now, &whole, side, Happening::Confirmed)?;
    }
    Ok(())
}

/// A party writes to the other one.
///
/// # Errors
/// Not a party.
pub fn message(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    doer: &Doer,
    id: &AgreementId,
    text: &str,
) -> Result<(), AgreementError> {
    let whole = Whole::load(tx, id)?;
    let side = side_of(&whole, doer)?;
    let row = MessageRow {
        id: app.new_id(),
        uri: publish::new_object(app),
        side,
        text: text.to_owned(),
        created_at: now,
    };
    thread::insert_if_new(tx, id, &row)?;
    let between = Between::new(&whole.agreement, &whole.parties, side)?;
    publish::say(app, tx, now, between, Said::Message(&row.uri), text)?;
    tell(
        app,
        tx,
        now,
        &whole,
        side.other(),
        Happening::MessageReceived,
    )?;
    Ok(())
}
