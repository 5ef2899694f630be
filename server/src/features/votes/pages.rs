//! The pages of votes. Everybody reads what is public; a spokesperson votes for the KPA, on at most four
//! screens: the choice, the summary, the word of a second mandated person, the receipt.
//! Source: web.md §10, journeys 4 and 5; votes.md 6.6, 7.6.

mod ballot;
mod cast;
mod list;
mod minutes;
mod open;
mod page;
mod receipt;
mod register;
mod words;

use axum::routing::{get, post};
use interkpa_federation::Instant;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_web::routes as paths;
use interkpa_web::views::votes::{Stage, VoteHead};
use interkpa_web::{Locale, markup};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::people;
use crate::features::people::rights::{Right, Role};
use crate::features::votes::commands::Hand;
use crate::features::votes::model::{DraftState, PollState};
use crate::features::votes::register::own_id;
use crate::features::votes::view::{self, Elector, Summary, Voice, Whole};
use crate::http::{Access, AppError, Route, SignedIn};
use crate::ids::MemberId;
use crate::moments;

pub use list::open_votes;

/// The routes of this folder.
pub(super) fn routes() -> Vec<Route> {
    let (vote, confirm) = (
        Access::Right(Right::Vote),
        Access::Right(Right::ConfirmVote),
    );
    vec![
        Route::page(paths::VOTES, Access::Anyone, get(list::show)),
        Route::page(paths::REGISTER, Access::Anyone, get(register::show)),
        Route::page(paths::REGISTER_SHEET, Access::Anyone, get(register::sheet)),
        Route::page(paths::VOTE_OPEN, Access::Member, get(open::form)),
        Route::form(paths::VOTE_OPEN, vote, post(open::preview)),
        Route::form(paths::VOTE_PUBLISH, vote, post(open::publish)),
        Route::page(
            "/decisions/{hash}/proces-verbal",
            Access::Anyone,
            get(minutes::show),
        ),
        Route::page(
            "/decisions/{hash}/verifier",
            Access::Anyone,
            get(minutes::recount),
        ),
        Route::page("/decisions/{hash}", Access::Anyone, get(page::show)),
        // Who may not vote reads whom to ask: the handler says it kindly.
        Route::page("/decisions/{hash}/voter", Access::Member, get(cast::form)),
        Route::form("/decisions/{hash}/voter", vote, post(cast::summary)),
        Route::form("/decisions/{hash}/deposer", vote, post(cast::cast)),
        Route::page(
            "/decisions/{hash}/confirmer/{id}",
            Access::Member,
            get(receipt::ask),
        ),
        Route::form(
            "/decisions/{hash}/confirmer/{id}",
            confirm,
            post(receipt::confirm),
        ),
        Route::page("/decisions/{hash}/recu", Access::Anyone, get(receipt::show)),
    ]
}

fn hash_of(text: &str) -> Result<ObjectHash, AppError> {
    ObjectHash::parse(text).ok_or_else(AppError::not_found)
}

fn href(hash: ObjectHash) -> String {
    format!("{}/{hash}", paths::VOTES)
}

fn hand(member: &SignedIn) -> Hand {
    Hand {
        member: member.id.clone(),
        roles: member.roles.clone(),
    }
}

/// One poll, or 404.
async fn whole(app: &App, hash: ObjectHash) -> Result<Whole, AppError> {
    let app_in = app.clone();
    app.store
        .read(move |conn| -> Result<_, AppError> { Ok(view::one(&app_in, conn, hash)?) })
        .await?
        .ok_or_else(AppError::not_found)
}

fn head(l: Locale, whole: &Whole) -> VoteHead {
    VoteHead {
        href: href(whole.summary.hash),
        title: markup::clean_name(&whole.poll.title),
        closes: moments::in_full(l, whole.poll.closes_at),
    }
}

/// How far a poll is for a reader, by the clock of this hub.
fn stage(summary: &Summary, now: Instant) -> Stage {
    match summary.state {
        PollState::Certified if summary.certified => Stage::Over,
        PollState::Certified => Stage::Refuted,
        PollState::Closing => Stage::Closing,
        PollState::Open if now >= summary.closes_at => Stage::Closing,
        PollState::Open if now < summary.opens_at => Stage::Planned,
        PollState::Open => Stage::Open,
    }
}

/// The line of this hub among those with a voice.
fn own<'w>(app: &App, whole: &'w Whole) -> Result<Option<&'w Elector>, StoreError> {
    let me = own_id(app)?;
    Ok(whole.electors.iter().find(|elector| elector.hub == me))
}

/// The one voice of a hub; none when it has none, or two that contradict each other.
fn one_voice(elector: &Elector) -> Option<&Voice> {
    match elector.voices.as_slice() {
        [voice] => Some(voice),
        _ => None,
    }
}

/// How many hold a ballot, of how many: « 13 / 15 ».
fn received(voice: &Voice, whole: &Whole) -> String {
    format!("{}\u{a0}/\u{a0}{}", voice.received_by, whole.electors.len())
}

/// The name of a hub by its stored id.
fn hub_name(whole: &Whole, id: &str) -> String {
    let found = HubId::parse(id)
        .ok()
        .and_then(|hub| whole.electors.iter().find(|elector| elector.hub == hub));
    found.map_or_else(|| id.to_owned(), |elector| elector.name.clone())
}

/// The name of a member, also of one who left.
fn name(conn: &mut Conn, id: &MemberId) -> Result<String, StoreError> {
    let card = people::cards(conn, &[id])?.pop();
    Ok(card.map_or_else(
        || people::FORMER_MEMBER.to_owned(),
        |card| markup::clean_name(&card.name),
    ))
}

/// Who cast a voice of this hub, in a sentence; nothing when it was not cast by a draft of this
/// database.
fn cast_by(
    conn: &mut Conn,
    l: Locale,
    whole: &Whole,
    voice: &Voice,
) -> Result<Option<String>, StoreError> {
    let mut drafts = whole.drafts.iter();
    let draft =
        drafts.find(|draft| draft.state == DraftState::Cast && draft.ballot == Some(voice.ballot));
    let Some(draft) = draft else {
        return Ok(None);
    };
    let first = name(conn, &draft.proposed_by)?;
    Ok(Some(match &draft.confirmed_by {
        None => l.t1("vote-own-by", "name", first),
        Some(second) => {
            let second = name(conn, second)?;
            l.t2("vote-own-by-two", "name", first, "second", second)
        }
    }))
}

/// What this hub did in a poll, for its members, and who did it.
fn own_words(app: &App, conn: &mut Conn, l: Locale, whole: &Whole) -> Result<String, StoreError> {
    let Some(elector) = own(app, whole)? else {
        return Ok(l.t("vote-own-not-elector"));
    };
    if elector.voices.len() > 1 {
        return Ok(l.t("vote-two-voices"));
    }
    let Some(voice) = one_voice(elector) else {
        let is_over = app.now() >= whole.poll.closes_at;
        let key = if is_over {
            "vote-own-missed"
        } else {
            "vote-own-none"
        };
        return Ok(l.t(key));
    };
    let choice = words::voice(l, &whole.poll.question, voice);
    let said = l.t1("vote-own-voted", "choice", choice);
    Ok(match cast_by(conn, l, whole, voice)? {
        Some(by) => format!("{said}. {by}"),
        None => said,
    })
}

/// Whether this hub may cast or change its voice now.
fn is_castable(app: &App, whole: &Whole) -> Result<bool, StoreError> {
    let is_open = stage(&whole.summary, app.now()) == Stage::Open;
    Ok(is_open && own(app, whole)?.is_some())
}

/// The people who vote for this hub, by name.
fn spokespeople(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let names = people::names_with(conn, Role::Spokesperson)?;
    Ok(names.iter().map(|name| markup::clean_name(name)).collect())
}
