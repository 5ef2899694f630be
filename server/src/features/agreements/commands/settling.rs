//! A disagreement ends: by a facilitator of the owner's hub, with a counter-entry where the duration
//! was not as said. What was said stays said (D111).

use interkpa_federation::Instant;
use interkpa_federation::vocabulary::fact::{Fact, FactKind};
use interkpa_federation::vocabulary::quantity::Quantity;
use interkpa_federation::vocabulary::terms::{AgreementState, Settlement};
use serde_json::Value;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::deeds::{called_off, said_done};
use crate::features::agreements::commands::{AgreementError, Doer, Record, Whole, record, tell};
use crate::features::agreements::model::{Command, Outcome, Refusal, Side};
use crate::features::agreements::publish::{self, Between};
use crate::features::agreements::store::PartyRow;
use crate::features::agreements::store::facts::{self, FactRow, Speaker};
use crate::features::agreements::wire::{self, uri};
use crate::features::notifications::Happening;
use crate::features::people::rights::Right;
use crate::ids::AgreementId;

/// How a facilitator ends a disagreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settling {
    /// `Confirmed` or `Cancelled`.
    pub outcome: AgreementState,
    /// The right duration of an agreement in hours, when it was not as said.
    pub minutes: Option<i64>,
    /// In words, for both.
    pub words: String,
}

/// A facilitator of the owner's hub settles a disagreement.
///
/// # Errors
/// Without the right it is not found; nothing is contested.
pub fn settle(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    doer: &Doer,
    id: &AgreementId,
    settling: &Settling,
) -> Result<(), AgreementError> {
    let mut whole = Whole::load(tx, id)?;
    if !doer.by.may(Right::SettleDispute) || !whole.is_ours(app) {
        return Err(AgreementError::NotParty);
    }
    let old = whole.agreement.state;
    let command = Command::Settle {
        outcome: settling.outcome,
    };
    let Outcome::Moved(state) = whole.standing().after(command)? else {
        return Err(Refusal::NotNow.into());
    };
    let by = Some(&doer.by.id);
    facts::resolve_dispute(tx, id, state, &settling.words, by, now)?;
    record(
        app,
        tx,
        now,
        doer,
        &Record {
            command: "agreement_settle",
            kind: "agreement",
            id: id.as_str(),
            old: Some(old.as_str()),
            new: Some(state.as_str()),
            reason: None,
        },
    )?;
    // The hub speaks here, not the proposer.
    let hub = PartyRow {
        actor_uri: app.address("/hub"),
        party: String::new(),
        ..whole.party(Side::Proposer)?.clone()
    };
    let entry = if state == AgreementState::Cancelled {
        called_off(app, tx, now, &mut whole)?;
        None
    } else {
        let entry = counter_entry(app, tx, now, &mut whole, settling, &hub)?;
        said_done(app, tx, now, &mut whole, state)?;
        entry
    };
    let between = Between {
        me: &hub,
        other: whole.party(Side::Responder)?,
        agreement: &whole.agreement.uri,
    };
    publish::resolution(app, tx, now, between, state, &settling.words, entry)?;
    for side in [Side::Proposer, Side::Responder] {
        tell(app, tx, now, &whole, side, Happening::Settled)?;
    }
    Ok(())
}

/// Says by how much the settled duration differs from what was said: backwards when it took less.
fn counter_entry(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    whole: &mut Whole,
    settling: &Settling,
    hub: &PartyRow,
) -> Result<Option<Value>, StoreError> {
    let in_hours = whole.agreement.deal.settlement == Settlement::Hours;
    let word = whole
        .facts
        .iter()
        .find(|fact| fact.corrects.is_none())
        .filter(|_| in_hours);
    let Some((word, right)) = word.zip(settling.minutes) else {
        return Ok(None);
    };
    let difference = right - word.minutes.unwrap_or(0);
    if difference == 0 {
        return Ok(None);
    }
    let provider = Side::provider_of(whole.proposal.purpose);
    let gives = if difference < 0 {
        provider.other()
    } else {
        provider
    };
    let fact = Fact {
        id: uri(&publish::new_object(app))?,
        kind: FactKind::CounterEntry,
        attributed_to: uri(&hub.actor_uri)?,
        party: None,
        agreement: uri(&whole.agreement.uri)?,
        fulfills: wire::part(&whole.agreement.uri, "primary")?,
        action: whole.agreement.deal.kind.action(),
        provider: uri(&whole.party(gives)?.actor_uri)?,
        receiver: uri(&whole.party(gives.other())?.actor_uri)?,
        quantity: Quantity::Time {
            minutes: difference.abs(),
        },
        happened_at: word.happened_at,
        published: now,
        url: uri(&whole.agreement.uri)?,
        confirms: None,
        corrects: Some(uri(&word.uri)?),
    };
    let signed = publish::prove(app, tx, &fact, now)?;
    let row = entry_row(
        app,
        whole,
        &fact,
        (word.id.clone(), difference),
        signed.to_string(),
        now,
    );
    facts::insert_if_new(tx, &row)?;
    whole.facts.push(row);
    Ok(Some(signed))
}

/// The row of a counter-entry of `difference` minutes that corrects the fact of a local key.
pub(in crate::features::agreements) fn entry_row(
    app: &App,
    whole: &Whole,
    fact: &Fact,
    (corrects, difference): (String, i64),
    document: String,
    now: Instant,
) -> FactRow {
    FactRow {
        id: app.new_id(),
        uri: fact.id.as_str().to_owned(),
        agreement: whole.agreement.id.clone(),
        by: Speaker::Facilitator,
        action: fact.action,
        provider: Side::provider_of(whole.proposal.purpose),
        minutes: Some(difference),
        quantity: whole.agreement.deal.quantity,
        happened_at: fact.happened_at,
        note: String::new(),
        corrects: Some(corrects),
        document,
        created_at: now,
    }
}
