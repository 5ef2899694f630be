//! Facts, contests, cancellations, resolutions, copies, messages and contacts.

use interkpa_federation::jcs::Content;
use interkpa_federation::multikey::PublicKey;
use interkpa_federation::proof::{self, Expected};
use interkpa_federation::vocabulary::agreement::{AgreementMessage, AgreementObject};
use interkpa_federation::vocabulary::fact::{Fact, FactKind};
use interkpa_federation::vocabulary::quantity::Quantity;
use interkpa_federation::vocabulary::statement::{Contact, Resolution, Statement};
use interkpa_federation::vocabulary::terms::Settlement;
use interkpa_federation::{Activity, Heard, Instant, Uri};
use interkpa_web::markup;
use serde_json::Value;

use super::waits_for;
use crate::app::App;
use crate::db::conn::Conn;
use crate::features::agreements::commands::{
    AgreementError, Whole, deeds, move_and_tell, settling, tell,
};
use crate::features::agreements::model::{
    Command, MESSAGE_CHARACTERS_MAX, Outcome, REASON_CHARACTERS_MAX, Side,
};
use crate::features::agreements::store::facts::{self, FactRow, Speaker};
use crate::features::agreements::store::thread::{self, MessageRow};
use crate::features::agreements::{store, wire};
use crate::features::notifications::Happening;
use crate::fediverse::keys::PROOF_KEY;
use crate::fediverse::receive::{Effect, Refusal};
use crate::fediverse::remote;

/// Receives something about an agreement.
///
/// # Errors
/// [`Refusal`]: whoever speaks is no party of it, or not its owner; a fact without a good proof.
pub fn receive(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    _heard: &Heard,
    activity: &Activity,
    message: &AgreementMessage,
) -> Result<Effect, Refusal> {
    let Some(held) = store::find_by_uri(tx, message.agreement().as_str())? else {
        return Ok(waits_for(message.agreement()));
    };
    let whole = Whole::around(tx, held)?;
    let side = sender_side(&whole, activity)?;
    match message {
        AgreementMessage::Fact(fact) => said(app, tx, now, whole, side, activity, fact),
        AgreementMessage::Contested(statement) => contested(app, tx, now, whole, side, statement),
        AgreementMessage::Cancelled(statement) => cancelled(app, tx, now, whole, side, statement),
        AgreementMessage::Resolved(resolution) => {
            resolved(app, tx, now, whole, side, activity, resolution)
        }
        AgreementMessage::Copy(object) => copied(app, tx, now, whole, side, object),
        AgreementMessage::Said(statement) => wrote(app, tx, now, &whole, side, statement),
        AgreementMessage::Contact(contact) => reachable(tx, &whole, side, contact),
    }
}

/// The remote side that speaks: a party, or the hub of a party, that is not of this hub.
fn sender_side(whole: &Whole, activity: &Activity) -> Result<Side, Refusal> {
    for party in &whole.parties {
        let hub = wire::hub_of(&party.actor_uri)?;
        let speaks = activity.actor.as_str() == party.actor_uri || activity.actor == hub;
        if speaks && party.member.is_none() {
            return Ok(party.side);
        }
    }
    Err(Refusal::forbidden("not_owner"))
}

/// Only the owner's side may say this.
fn owner_only(app: &App, whole: &Whole, side: Side) -> Result<(), Refusal> {
    if side == Side::Proposer && !whole.is_ours(app) {
        Ok(())
    } else {
        Err(Refusal::forbidden("not_owner"))
    }
}

/// The other party says what happened.
fn said(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    mut whole: Whole,
    side: Side,
    activity: &Activity,
    fact: &Fact,
) -> Result<Effect, Refusal> {
    if fact.kind == FactKind::CounterEntry {
        return Ok(Effect::Ignored("counter_entry_outside_a_resolution"));
    }
    fits(&whole, side, fact)?;
    let document = proved(tx, activity.object(), fact)?;
    let minutes = match fact.quantity {
        Quantity::Time { minutes } if whole.agreement.deal.settlement == Settlement::Hours => {
            Some(minutes)
        }
        _ => None,
    };
    let outcome = whole.standing().after(Command::Say { side, minutes });
    let row = FactRow {
        id: app.new_id(),
        uri: fact.id.as_str().to_owned(),
        agreement: whole.agreement.id.clone(),
        by: Speaker::Party(side),
        action: fact.action,
        provider: Side::provider_of(whole.proposal.purpose),
        minutes,
        quantity: whole.agreement.deal.quantity,
        happened_at: fact.happened_at,
        note: String::new(),
        corrects: None,
        document,
        created_at: now,
    };
    if whole.is_ours(app) {
        // Here the rules decide; a word that breaks them is refused and told (conflict).
        let state = match outcome.map_err(AgreementError::from)? {
            Outcome::SaidAlready => return Ok(Effect::Ignored("said_before")),
            Outcome::Moved(state) => state,
        };
        if !facts::insert_if_new(tx, &row)? {
            return Ok(Effect::Ignored("said_before"));
        }
        whole.facts.push(row);
        deeds::said_done(app, tx, now, &mut whole, state)?;
    } else {
        if !facts::insert_if_new(tx, &row)? {
            return Ok(Effect::Ignored("said_before"));
        }
        // The owner's copy may have come before the word it rests on.
        whole.facts.push(row);
        deeds::settle_hours(app, tx, now, &whole)?;
    }
    let first = whole.facts.len() <= 1 && !whole.standing().has_said(side.other());
    let happening = if first {
        Happening::DoneDeclared
    } else {
        Happening::Confirmed
    };
    tell(app, tx, now, &whole, side.other(), happening)?;
    Ok(Effect::Applied)
}

/// Whether the fact speaks of this agreement as it was agreed.
fn fits(whole: &Whole, side: Side, fact: &Fact) -> Result<(), Refusal> {
    let provider = Side::provider_of(whole.proposal.purpose);
    let deal = &whole.agreement.deal;
    let is_of_its_unit = match deal.settlement {
        Settlement::Hours => matches!(fact.quantity, Quantity::Time { .. }),
        _ => fact.quantity.same_unit(wire::primary_quantity(deal)),
    };
    let good = fact.attributed_to.as_str() == whole.party(side)?.actor_uri
        && fact.provider.as_str() == whole.party(provider)?.actor_uri
        && fact.receiver.as_str() == whole.party(provider.other())?.actor_uri
        && fact.fulfills == wire::part(&whole.agreement.uri, "primary")?
        && is_of_its_unit;
    if good {
        Ok(())
    } else {
        Err(Refusal::invalid("fact_does_not_fit"))
    }
}

/// The document of a fact, once its proof holds against the key its speaker publishes.
fn proved(tx: &mut Conn, document: Option<&Value>, fact: &Fact) -> Result<String, Refusal> {
    let refused = || Refusal::forbidden("proof_invalid");
    let document = document.ok_or_else(refused)?;
    let speaker = remote::held(tx, &fact.attributed_to)?.ok_or_else(refused)?;
    let key = speaker.proof_key.as_deref().ok_or_else(refused)?;
    let key = PublicKey::from_multibase(key).map_err(|_unusable| refused())?;
    let method = format!("{}#{PROOF_KEY}", fact.attributed_to);
    let expected = Expected {
        verification_method: &method,
        content: Content::Provable,
    };
    proof::verify(document, &key, expected).map_err(|_broken| refused())?;
    Ok(document.to_string())
}

fn contested(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    mut whole: Whole,
    side: Side,
    statement: &Statement,
) -> Result<Effect, Refusal> {
    let reason = wire::plain(statement.text_html.as_deref(), REASON_CHARACTERS_MAX);
    let outcome = whole.standing().after(Command::Contest { side });
    if whole.is_ours(app) {
        let state = match outcome.map_err(AgreementError::from)? {
            Outcome::SaidAlready => return Ok(Effect::Ignored("contested_before")),
            Outcome::Moved(state) => state,
        };
        facts::open_dispute(tx, &whole.agreement.id, side, &reason, now)?;
        move_and_tell(app, tx, now, &mut whole, state)?;
    } else {
        facts::open_dispute(tx, &whole.agreement.id, side, &reason, now)?;
    }
    tell(app, tx, now, &whole, side.other(), Happening::Contested)?;
    Ok(Effect::Applied)
}

fn cancelled(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    mut whole: Whole,
    side: Side,
    _statement: &Statement,
) -> Result<Effect, Refusal> {
    if whole.is_ours(app) {
        let outcome = whole.standing().after(Command::Cancel);
        match outcome.map_err(AgreementError::from)? {
            Outcome::SaidAlready => return Ok(Effect::Ignored("cancelled_before")),
            Outcome::Moved(_) => deeds::called_off(app, tx, now, &mut whole)?,
        }
    }
    tell(app, tx, now, &whole, side.other(), Happening::Cancelled)?;
    Ok(Effect::Applied)
}

/// The owner's facilitator settled the disagreement, perhaps with a counter-entry.
fn resolved(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    mut whole: Whole,
    side: Side,
    activity: &Activity,
    resolution: &Resolution,
) -> Result<Effect, Refusal> {
    owner_only(app, &whole, side)?;
    if let Some(entry) = &resolution.counter_entry {
        let corrects = entry
            .corrects
            .as_ref()
            .ok_or(Refusal::invalid("fact_does_not_fit"))?;
        let word = whole
            .facts
            .iter()
            .find(|fact| fact.uri == corrects.as_str());
        let Some(word) = word.map(|word| word.id.clone()) else {
            return Ok(waits_for(corrects));
        };
        let difference = difference(&whole, entry)?;
        let object = activity
            .object()
            .and_then(|object| object.get("ikpa:counterEntry"));
        let document = proved(tx, object, entry)?;
        let row = settling::entry_row(app, &whole, entry, (word, difference), document, now);
        if facts::insert_if_new(tx, &row)? {
            whole.facts.push(row);
        }
    }
    let words = wire::plain(
        resolution.statement.text_html.as_deref(),
        REASON_CHARACTERS_MAX,
    );
    let id = &whole.agreement.id;
    facts::resolve_dispute(tx, id, resolution.outcome, &words, None, now)?;
    deeds::settle_hours(app, tx, now, &whole)?;
    tell(app, tx, now, &whole, Side::Responder, Happening::Settled)?;
    Ok(Effect::Applied)
}

/// By how many minutes a counter-entry of the owner's hub changes what was said.
fn difference(whole: &Whole, entry: &Fact) -> Result<i64, Refusal> {
    let provider = Side::provider_of(whole.proposal.purpose);
    let (gives, takes) = (
        &whole.party(provider)?.actor_uri,
        &whole.party(provider.other())?.actor_uri,
    );
    let hub = wire::hub_of(&whole.party(Side::Proposer)?.actor_uri)?;
    let named = |uri: &Uri, actor: &String| uri.as_str() == actor;
    let by_owner = entry.attributed_to == hub
        || named(
            &entry.attributed_to,
            &whole.party(Side::Proposer)?.actor_uri,
        );
    let Quantity::Time { minutes } = entry.quantity else {
        return Err(Refusal::invalid("fact_does_not_fit"));
    };
    if by_owner && named(&entry.provider, takes) && named(&entry.receiver, gives) {
        Ok(-minutes)
    } else if by_owner && named(&entry.provider, gives) && named(&entry.receiver, takes) {
        Ok(minutes)
    } else {
        Err(Refusal::invalid("fact_does_not_fit"))
    }
}

/// The owner's dated copy: an older one changes nothing.
fn copied(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    mut whole: Whole,
    side: Side,
    object: &AgreementObject,
) -> Result<Effect, Refusal> {
    owner_only(app, &whole, side)?;
    let updated = object.updated.unwrap_or(object.published);
    if !store::refresh_copy(tx, &whole.agreement.id, object.state, updated, now)? {
        return Ok(Effect::Ignored("older_copy"));
    }
    whole.agreement.state = object.state;
    // A word that the owner did not take counts for nothing.
    whole.facts.retain(|word| {
        word.corrects.is_some() || object.facts.iter().any(|taken| taken.as_str() == word.uri)
    });
    deeds::settle_hours(app, tx, now, &whole)?;
    Ok(Effect::Applied)
}

fn wrote(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    whole: &Whole,
    side: Side,
    statement: &Statement,
) -> Result<Effect, Refusal> {
    let row = MessageRow {
        id: app.new_id(),
        uri: statement.id.as_str().to_owned(),
        side,
        text: wire::plain(statement.text_html.as_deref(), MESSAGE_CHARACTERS_MAX),
        created_at: statement.published.min(now),
    };
    if !thread::insert_if_new(tx, &whole.agreement.id, &row)? {
        return Ok(Effect::Ignored("written_before"));
    }
    tell(
        app,
        tx,
        now,
        whole,
        side.other(),
        Happening::MessageReceived,
    )?;
    Ok(Effect::Applied)
}

/// How to reach the other party, who shared it after the agreement.
fn reachable(
    tx: &mut Conn,
    whole: &Whole,
    side: Side,
    contact: &Contact,
) -> Result<Effect, Refusal> {
    let name = markup::clean_name(&contact.name);
    let phone = contact.phone.as_deref().map(markup::clean_name);
    let phone = phone.as_deref().filter(|phone| !phone.is_empty());
    let name = if name.is_empty() {
        whole.party(side)?.name.clone()
    } else {
        name
    };
    store::set_contact(tx, &whole.agreement.id, side, &name, phone, None)?;
    Ok(Effect::Applied)
}
