//! What other hubs say about proposals: their own ones, kept here as dated copies, and the end of
//! them. Remarks are in [`remarks`].
//!
//! The same activity twice, late or out of order leaves the same rows: an older version changes
//! nothing, and what was deleted stays so (invariant 5). Only the owner changes a copy; this hub may
//! only show it less (decision 5, D97).

pub mod remarks;

use interkpa_federation::permission::{self, Voice};
use interkpa_federation::vocabulary::note::AHEAD_MAX;
use interkpa_federation::vocabulary::proposal::{Intent, ProposalMessage, ProposalObject};
use interkpa_federation::vocabulary::quantity::Quantity;
use interkpa_federation::vocabulary::terms::Visibility;
use interkpa_federation::{Activity, Heard, Instant, Span, Uri};
use interkpa_web::markup::{self, SafeHtml};
use interkpa_web::words::Category;

use crate::app::App;
use crate::db::conn::{Conn, atomically};
use crate::db::error::StoreError;
use crate::db::search::{self, Stems};
use crate::features::agreements;
use crate::features::proposals::commands::{index, stems_of};
use crate::features::proposals::jobs;
use crate::features::proposals::model::category::guess;
use crate::features::proposals::model::new::{self, LINE_MAX, QUANTITY_MAX};
use crate::features::proposals::model::{
    Details, LIFETIME_DAYS_MAX, LIFETIME_DEFAULT, Proposal, State,
};
use crate::features::proposals::store::page::SEARCH_KIND;
use crate::features::proposals::store::{self, replies};
use crate::fediverse::receive::{Effect, Refusal};
use crate::fediverse::remote::KnownActor;
use crate::ids::ProposalId;

/// Most proposals of one actor that go when the actor does.
const OF_ACTOR_MAX: i64 = 1_000;

/// Receives the `Create` or `Update` of a proposal from a member or allowed peer.
///
/// # Errors
/// [`Refusal`] `not_owner` when somebody else than its author, or the author's hub, changes it.
pub fn receive(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    (heard, voice): (&Heard, Voice),
    (activity, content): (&Activity, &SafeHtml),
    message: &ProposalMessage,
) -> Result<Effect, Refusal> {
    let object = message.object();
    if object.visibility <= Visibility::Hub {
        // Such a thing never leaves its hub: it was not meant for us.
        return Ok(Effect::Ignored("not_for_us"));
    }
    let held = store::find_by_uri(tx, object.id.as_str())?;
    let copy = copy(now, heard, (activity, content), object);
    let Some((copy, stems)) = copy else {
        return Err(Refusal::invalid("title_empty"));
    };
    match held {
        None => {
            let copy = Proposal {
                id: ProposalId::known(app.new_id()),
                ..copy
            };
            store::insert(tx, &copy)?;
            keep(app, tx, now, &copy, &stems)?;
        }
        Some(held) => {
            if held.is_ours() {
                return Err(Refusal::forbidden("not_owner"));
            }
            may_change(&held.author_uri, &activity.actor, voice)?;
            if copy.updated_at <= held.updated_at && held.state != State::Withdrawn {
                return Ok(Effect::Ignored("older"));
            }
            let Some(held) = store::lock(tx, &held.id)? else {
                return Ok(Effect::Ignored("gone"));
            };
            // What the team keeps back stays so, whatever the owner changes.
            let state = if held.state == State::Suspended {
                State::Suspended
            } else {
                copy.state
            };
            let copy = Proposal {
                id: held.id,
                author_uri: held.author_uri,
                published_at: held.published_at,
                rev: held.rev,
                state,
                ..copy
            };
            store::update(tx, &copy)?;
            keep(app, tx, now, &copy, &stems)?;
            agreements::proposal_changed(app, tx, now, &copy, "")?;
        }
    }
    Ok(Effect::Applied)
}

fn keep(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    copy: &Proposal,
    stems: &Stems,
) -> Result<(), StoreError> {
    index(tx, copy, Some(stems))?;
    jobs::plan(app, tx, now, copy)?;
    app.caches.lists.raise();
    Ok(())
}

fn may_change(owner: &str, actor: &Uri, voice: Voice) -> Result<(), Refusal> {
    let owner = Uri::parse(owner).map_err(|source| Refusal::from(StoreError::broken(source)))?;
    Ok(permission::may_change(&owner, actor, voice)?)
}

/// What is kept of another hub's proposal, and the words it is found by; `None` when nothing is left
/// of its title. Its key is not set yet.
fn copy(
    now: Instant,
    heard: &Heard,
    (activity, content): (&Activity, &SafeHtml),
    object: &ProposalObject,
) -> Option<(Proposal, Stems)> {
    let title = markup::clean_name(&object.title);
    if title.is_empty() {
        return None;
    }
    // Dates of a stranger's clock: never far ahead of ours.
    let bounded = |at: Instant| if at > now + AHEAD_MAX { now } else { at };
    let published_at = bounded(object.published);
    let latest = now + Span::days(i64::from(LIFETIME_DAYS_MAX));
    let expires_at = object
        .expires_at
        .unwrap_or(published_at + LIFETIME_DEFAULT)
        .min(latest);
    let plain = markup::plain_text(content);
    let summary = new::summary(&plain);
    let place = object.place.as_ref();
    let town = place.map(|place| town(&place.name)).unwrap_or_default();
    let stems = stems_of(&title, &town, "", &plain);
    let available = units_left(&object.primary);
    let category = object.category.as_deref().and_then(Category::from_code);
    let document = activity
        .object()
        .map(ToString::to_string)
        .unwrap_or_default();
    let copy = Proposal {
        id: ProposalId::known(String::new()),
        uri: object.id.as_str().to_owned(),
        origin: heard.origin().as_str().to_owned(),
        author_uri: object.attributed_to.as_str().to_owned(),
        member_id: None,
        purpose: object.purpose,
        kind: object.kind,
        category: category.unwrap_or_else(|| guess(&title, &summary)),
        title,
        town,
        // An end that is not after the beginning: its owner has closed it.
        state: if expires_at > now && expires_at > published_at {
            State::Published
        } else {
            State::Expired
        },
        visibility: object.visibility,
        expires_at,
        published_at,
        updated_at: bounded(object.updated.unwrap_or(object.published)),
        rev: 0,
        details: Details {
            description: String::new(),
            content: content.as_str().to_owned(),
            summary,
            lang: String::new(),
            settlements: object.settlements.clone(),
            quantity: available,
            available,
            minutes: minutes(object),
            price_cents: cents(object),
            when_text: String::new(),
            widen_to: None,
            widen_at: None,
            url: object.url.as_str().to_owned(),
            document: document.replace('\0', ""),
            fetched_at: now,
        },
    };
    Some((copy, stems))
}

/// A commune, never finer: one short line without figures that could be a house number.
fn town(name: &str) -> String {
    let name = markup::clean_name(name);
    // « 12 rue du Port, Boulogne » would be an address: what follows the last comma is the town.
    let town = if name.chars().any(|c| c.is_ascii_digit()) {
        name.rsplit(',')
            .find(|part| !part.chars().any(|c| c.is_ascii_digit()))
            .unwrap_or_default()
    } else {
        &name
    };
    town.trim()
        .chars()
        .take(usize::try_from(LINE_MAX).unwrap_or(120))
        .collect()
}

/// How many units are left, when the owner says so in the unit of one; 1 otherwise.
fn units_left(primary: &Intent) -> i64 {
    let Some(left) = primary
        .available
        .filter(|left| left.same_unit(primary.quantity))
    else {
        return 1;
    };
    let of = |quantity| match quantity {
        Quantity::Time { minutes } => minutes,
        Quantity::Money { cents } => cents,
        Quantity::Count { milli, .. } => milli,
    };
    (of(left) / of(primary.quantity).max(1)).clamp(1, QUANTITY_MAX)
}

fn cents(object: &ProposalObject) -> Option<i64> {
    let mut flows = object.reciprocal.iter();
    flows.find_map(|flow| match flow.quantity {
        Quantity::Money { cents } => Some(cents),
        _ => None,
    })
}

fn minutes(object: &ProposalObject) -> Option<i64> {
    std::iter::once(&object.primary)
        .chain(&object.reciprocal)
        .find_map(|flow| match flow.quantity {
            Quantity::Time { minutes } => Some(minutes),
            _ => None,
        })
}

/// Whether this hub holds something under that address: then an announcement of it is no news.
///
/// # Errors
/// Those of the store.
pub fn holds(conn: &mut Conn, uri: &str) -> Result<bool, StoreError> {
    Ok(store::find_by_uri(conn, uri)?.is_some_and(|held| held.state != State::Withdrawn))
}

/// Receives the `Delete` of an object: a copy, or a remark, goes; `false` when it is neither.
///
/// # Errors
/// [`Refusal`] `not_owner` when somebody else than its author, or the author's hub, deletes it.
pub fn deleted(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    voice: Voice,
    (actor, object): (&Uri, &Uri),
) -> Result<bool, Refusal> {
    if let Some(held) = store::find_by_uri(tx, object.as_str())? {
        if held.is_ours() {
            return Err(Refusal::forbidden("not_owner"));
        }
        may_change(&held.author_uri, actor, voice)?;
        erase(app, tx, now, &held)?;
        return Ok(true);
    }
    if let Some(reply) = replies::find_by_uri(tx, object.as_str())? {
        may_change(&reply.author_uri, actor, voice)?;
        replies::delete(tx, object.as_str())?;
        app.caches.lists.raise();
        return Ok(true);
    }
    Ok(false)
}

/// An actor of another server is no more: nothing of what it said stays. A hub takes everything of
/// its server with it.
///
/// # Errors
/// Those of the store.
pub fn actor_gone(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    actor: &KnownActor,
) -> Result<(), StoreError> {
    let (address, origin) = (actor.uri.as_str(), actor.uri.origin());
    let copies = if actor.is_hub {
        store::copies_at(tx, origin.as_str(), OF_ACTOR_MAX)?
    } else {
        store::copies_of(tx, address, OF_ACTOR_MAX)?
    };
    for held in copies {
        erase(app, tx, now, &held)?;
    }
    replies::delete_of(tx, address)
}

/// Takes a copy away. One that somebody answered keeps its title, for the answer's sake, and loses
/// everything else.
fn erase(app: &App, tx: &mut Conn, now: Instant, held: &Proposal) -> Result<(), StoreError> {
    search::remove(tx, SEARCH_KIND, held.id.as_str())?;
    app.caches.lists.raise();
    let removed = atomically(tx, |tx| store::delete(tx, &held.id));
    match removed {
        Err(StoreError::Conflict(_)) => {}
        other => return other,
    }
    let Some(mut kept) = store::lock(tx, &held.id)? else {
        return Ok(());
    };
    kept.state = State::Withdrawn;
    kept.town.clear();
    kept.details.content.clear();
    kept.details.summary.clear();
    kept.details.document.clear();
    store::update(tx, &kept)?;
    agreements::proposal_changed(app, tx, now, &kept, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use interkpa_federation::vocabulary::quantity::Unit;
    use interkpa_federation::vocabulary::terms::Action;

    fn intent(quantity: Quantity, available: Option<Quantity>) -> Intent {
        Intent {
            id: Uri::parse("https://hub.example/objets/1#primary").unwrap(),
            action: Action::DeliverService,
            conforms_to: None,
            quantity,
            available,
            minimum: None,
            starts_at: None,
            ends_at: None,
        }
    }

    #[test]
    fn units_are_counted_in_the_unit_of_one() {
        let hours = |n: i64| Quantity::Time { minutes: n * 60 };
        let pieces = |n: i64| Quantity::Count {
            milli: n * 1_000,
            unit: Unit::One,
        };

        assert_eq!(units_left(&intent(hours(2), Some(hours(6)))), 3);
        assert_eq!(units_left(&intent(pieces(1), Some(pieces(25)))), 25);
        assert_eq!(units_left(&intent(pieces(1), None)), 1);
        assert_eq!(
            units_left(&intent(hours(2), Some(pieces(9)))),
            1,
            "another unit says nothing"
        );
    }

    #[test]
    fn a_place_is_never_finer_than_a_commune() {
        assert_eq!(town("Boulogne-sur-Mer"), "Boulogne-sur-Mer");
        assert_eq!(town("12 rue du Port, Boulogne-sur-Mer"), "Boulogne-sur-Mer");
        assert_eq!(town("12 rue du Port"), "");
        assert_eq!(town("<b>Roubaix</b>\n"), "<b>Roubaix</b>");
    }
}
