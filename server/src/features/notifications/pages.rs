//! `/notifications` and `/a-prevenir`.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use interkpa_federation::Span;
use interkpa_web::Locale;
use interkpa_web::chrome::Notice as Done;
use interkpa_web::routes as paths;
use interkpa_web::views::notifications::{Notification, Notifications};
use interkpa_web::views::parts::Link;
use interkpa_web::views::tell::{Tell, TellList};
use serde::Deserialize;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::features::notifications::store::{self, Row};
use crate::features::notifications::{Happening, tell};
use crate::features::people;
use crate::features::people::rights::Right;
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::{Access, Route, json, render};
use crate::moments;

/// Notices on one page.
const PAGE: usize = 30;
/// How long people told stay on the page.
const TOLD_SHOWN: Span = Span::days(3);

/// The routes of this feature's pages.
pub fn routes() -> Vec<Route> {
    let tells = Access::Right(Right::TellPeople);
    vec![
        Route::page(paths::NOTIFICATIONS, Access::Member, get(list)),
        Route::form(paths::NOTIFICATIONS_READ, Access::Member, post(read_all)),
        Route::page(paths::TELL, tells, get(to_tell)),
        Route::form("/a-prevenir/{id}/fait", tells, post(told)),
    ]
}

/// Where the list begins.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Cursor.
    apres: Option<String>,
}

/// The sentence and the icon of a notice.
pub fn sentence(l: Locale, row: &Row) -> (String, &'static str) {
    let Some(happening) = Happening::from_word(&row.kind) else {
        return (row.what.clone(), "bell");
    };
    let (key, icon) = happening.shown();
    (
        l.t2(key, "who", row.who.as_str(), "what", row.what.as_str()),
        icon,
    )
}

/// The reader's notices.
async fn list(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let after = json::read_cursor(asked.apres.as_deref())?;
    let mut rows = json::read(&app, move |conn| {
        store::page(
            conn,
            &member.id,
            after,
            i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
        )
    })
    .await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| {
        let cursor = json::cursor(row.created_at, &row.id);
        Link::new(format!("{}?apres={cursor}", paths::NOTIFICATIONS), "")
    });
    let (l, now) = (visitor.locale, app.now());
    let items = rows.into_iter().map(|row| {
        let (sentence, icon) = sentence(l, &row);
        Notification {
            sentence,
            icon,
            at: moments::ago(l, row.created_at, now),
            is_new: row.read_at.is_none(),
            href: row.href,
        }
    });
    let view = Notifications {
        items: items.collect(),
        next,
    };
    Ok(render::page(&app, &visitor, &view))
}

/// Marks all as read.
async fn read_all(
    State(app): State<App>,
    member: SignedIn,
    _form: Form,
) -> Result<Response, AppError> {
    let now = app.now();
    app.write(move |tx| -> Result<(), AppError> {
        store::read_all(tx, &member.id, now)?;
        Ok(())
    })
    .await?;
    Ok(render::done(paths::NOTIFICATIONS, Done::AllRead))
}

/// Whom to tell by telephone or face to face.
async fn to_tell(State(app): State<App>, visitor: Visitor) -> Result<Response, AppError> {
    let (now, l) = (app.now(), visitor.locale);
    let (due, told) = json::read(&app, move |conn| {
        let due = tell::due(conn, now)?;
        let mut told = Vec::new();
        for row in store::told(conn, now - TOLD_SHOWN, 20)? {
            let ids: Vec<_> = row.told_by.iter().chain([&row.member]).collect();
            let cards = people::cards(conn, &ids)?;
            let name = |id: &crate::ids::MemberId| {
                let card = cards.iter().find(|card| &card.id == id);
                card.map(|card| card.name.clone()).unwrap_or_default()
            };
            let by = row.told_by.as_ref().map(name).unwrap_or_default();
            told.push((name(&row.member), by, row));
        }
        Ok((due, told))
    })
    .await?;
    let line = |row: &Row, name: String, phone: Option<String>, done: Option<String>| Tell {
        href: format!("{}/{}", paths::TELL, row.id),
        name,
        phone,
        sentence: sentence(l, row).0,
        about: Link::new(row.href.clone(), l.t("see-proposals")),
        since: moments::ago(l, row.created_at, now),
        done,
    };
    let view = TellList {
        waiting: due
            .into_iter()
            .map(|due| line(&due.row, due.reach.name, due.reach.phone, None))
            .collect(),
        told: told
            .into_iter()
            .map(|(name, by, row)| {
                let at = moments::ago(l, row.told_at.unwrap_or(now), now).text;
                let done = l.t2("tell-done-by", "name", by, "when", at);
                line(&row, name, None, Some(done))
            })
            .collect(),
        next: None,
    };
    Ok(render::page(&app, &visitor, &view))
}

/// Marks one person as told.
async fn told(
    State(app): State<App>,
    member: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    let app_in = app.clone();
    app.write(move |tx| {
        let now = app_in.now();
        if !store::mark_told(tx, &id, &member.id, now)? {
            return Err(AppError::not_found());
        }
        let event = Event::new(
            Actor::Member(&member.id),
            "notification_tell",
            "notification",
            &id,
        );
        Ok(audit::record(tx, &app_in.new_id(), now, &event)?)
    })
    .await?;
    Ok(render::done(paths::TELL, Done::Told))
}
