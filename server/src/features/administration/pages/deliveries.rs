//! `/administration/envois`: what did not arrive, and what waits.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use interkpa_federation::{Instant, Origin, Span};
use interkpa_web::chrome::Notice;
use interkpa_web::views::administration::{Deliveries, Delivery};
use interkpa_web::views::parts::Link;
use interkpa_web::words::Travel;
use interkpa_web::{Locale, routes};
use serde::Deserialize;

use super::count;
use crate::app::App;
use crate::features::administration::{trouble, words};
use crate::fediverse::deliver::{self, Letter, LetterState, Letters};
use crate::fediverse::peers::{self, Decider};
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::json::List;
use crate::http::{done, json, render};
use crate::moments;

/// Deliveries of each kind on one page.
const PAGE: i64 = 50;
/// A cursor that says that a list ended on a page before.
const ENDED: &str = "fin";

/// Where both lists go on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Cursor of those that did not arrive.
    perdus: Option<String>,
    /// Cursor of those that wait.
    attente: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let failed = part(&app, LetterState::Dead, asked.perdus).await?;
    let waiting = part(&app, LetterState::Waiting, asked.attente).await?;
    let (l, now) = (visitor.locale, app.now());
    let mut origins: Vec<String> = failed
        .items
        .iter()
        .chain(&waiting.items)
        .map(|letter| letter.origin.clone())
        .collect();
    origins.sort();
    origins.dedup();
    let (names, received) = json::read(&app, move |conn| {
        let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
        let received = deliver::count_done_since(conn, now - Span::hours(24))?;
        Ok((peers::names(conn, &origins)?, received))
    })
    .await?;
    let next = (failed.next.is_some() || waiting.next.is_some()).then(|| {
        let cursor = |next: &Option<String>| next.clone().unwrap_or_else(|| ENDED.to_owned());
        let href = format!(
            "{}?perdus={}&attente={}",
            routes::ADMIN_DELIVERIES,
            cursor(&failed.next),
            cursor(&waiting.next)
        );
        Link::new(href, "")
    });
    let shown = |letters: Vec<Letter>| {
        let lines = letters
            .into_iter()
            .map(|letter| line(l, now, &names, letter));
        lines.collect()
    };
    let view = Deliveries {
        failed: shown(failed.items),
        waiting: shown(waiting.items),
        received_today: count(received),
        next,
    };
    Ok(render::page(&app, &visitor, &view))
}

async fn part(
    app: &App,
    state: LetterState,
    after: Option<String>,
) -> Result<List<Letter>, AppError> {
    if after.as_deref() == Some(ENDED) {
        return Ok(List {
            items: Vec::new(),
            next: None,
        });
    }
    let which = Letters {
        after,
        newest_first: state == LetterState::Dead,
        ..Letters::new(state, PAGE + 1)
    };
    let letters = deliver::letters(app, which).await?;
    Ok(json::cut(letters, PAGE, |letter: &Letter| {
        letter.id.clone()
    }))
}

fn line(l: Locale, now: Instant, names: &[(String, String)], letter: Letter) -> Delivery {
    let known = names.iter().find(|(origin, _)| *origin == letter.origin);
    let hub = match known {
        Some((_, name)) => l.t1("hub-named", "hub", name.as_str()),
        None => Origin::parse(&letter.origin)
            .map_or(letter.origin, |origin| origin.authority().to_owned()),
    };
    Delivery {
        href: format!("{}/{}", routes::ADMIN_DELIVERIES, letter.id),
        hub,
        what: words::of_letter(l, &letter.kind),
        state: match letter.state {
            LetterState::Waiting => Travel::Waiting,
            LetterState::Dead => Travel::Failed,
            LetterState::Done => Travel::Received,
        },
        attempts: letter.attempts,
        created: moments::ago(l, letter.created_at, now),
        next_try: letter
            .next_try_at
            .filter(|_| letter.last_error.is_some())
            .map(|at| moments::ago(l, at, now)),
        last_error: letter
            .last_error
            .as_deref()
            .map(|code| trouble::sentence(l, code, letter.last_status)),
    }
}

/// Sends one again at once.
pub(super) async fn retry(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let scope = format!("delivery_retry:{}:{id}", member.id);
    let (notice, by) = (Notice::RetryPlanned, Decider::Member(member.id));
    done::once(&app, scope, form.once(), notice, move |app, tx, now| {
        deliver::retry_in(app, tx, now, &id, &by)?;
        Ok(routes::ADMIN_DELIVERIES.to_owned())
    })
    .await
}

/// Gives one up that waits.
pub(super) async fn give_up(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    let scope = format!("delivery_give_up:{}:{id}", member.id);
    let (notice, by) = (Notice::GivenUp, Decider::Member(member.id));
    done::once(&app, scope, form.once(), notice, move |app, tx, now| {
        deliver::give_up_in(app, tx, now, &id, &by)?;
        Ok(routes::ADMIN_DELIVERIES.to_owned())
    })
    .await
}
