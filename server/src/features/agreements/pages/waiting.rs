//! What waits for a member on the home page: answers to decide, exchanges to confirm or to do, and
//! messages not read.

use axum::extract::{Query, State};
use axum::response::Response;
use interkpa_federation::Instant;
use interkpa_web::Locale;
use interkpa_web::views::facilitation::{ActFor, ActForPage, PersonWaiting};
use interkpa_web::views::home::Waiting;
use serde::Deserialize;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::waiting::{Step, What, steps};
use crate::features::{notifications, people};
use crate::http::error::AppError;
use crate::http::identity::{SignedIn, Visitor};
use crate::http::render;
use crate::ids::MemberId;
use crate::moments;

/// Most lines shown (the page shows no more).
const SHOWN_MAX: usize = 10;

/// What waits for a member, most urgent first: whoever answered waits for a yes or no, then whoever
/// says it was done, then messages, then what is still to be done.
///
/// # Errors
/// Those of the store.
pub fn waiting(
    app: &App,
    conn: &mut Conn,
    l: Locale,
    now: Instant,
    member: &MemberId,
) -> Result<Vec<Waiting>, StoreError> {
    let (urgent, to_do): (Vec<Step>, Vec<Step>) = steps(app, conn, member)?
        .into_iter()
        .partition(|step| !matches!(step.what, What::Do(_)));
    let mut all: Vec<Waiting> = urgent.iter().map(|step| line(l, now, step)).collect();
    all.extend(messages(conn, l, now, member)?);
    all.extend(to_do.iter().map(|step| line(l, now, step)));
    all.truncate(SHOWN_MAX);
    Ok(all)
}

/// `GET /accompagner/agir-pour`: what waits for a member, for somebody of the team who acts for them.
///
/// # Errors
/// Those of the store.
pub(super) async fn act_for(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let (app_in, l, now) = (app.clone(), visitor.locale, app.now());
    let view = app
        .store
        .read(move |conn| -> Result<ActForPage, StoreError> {
            let mut cards = people::active_cards(conn)?;
            cards.retain(|card| card.id != member.id);
            let chosen = asked.membre.as_deref().unwrap_or_default();
            let chosen = match cards.iter().find(|card| card.id.as_str() == chosen) {
                Some(card) => Some(ActFor {
                    id: card.id.as_str().to_owned(),
                    name: card.name.clone(),
                    waiting: for_team(&app_in, conn, l, now, &card.id)?,
                }),
                None => None,
            };
            let members = cards
                .into_iter()
                .map(|card| (card.id.as_str().to_owned(), card.name));
            Ok(ActForPage {
                members: members.collect(),
                chosen,
            })
        })
        .await?;
    Ok(render::page(&app, &visitor, &view))
}

/// Who is chosen.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    membre: Option<String>,
}

/// The same lines, leading to the pages on which somebody acts for the member.
fn for_team(
    app: &App,
    conn: &mut Conn,
    l: Locale,
    now: Instant,
    member: &MemberId,
) -> Result<Vec<PersonWaiting>, StoreError> {
    let all = steps(app, conn, member)?;
    Ok(all
        .iter()
        .map(|step| {
            let line = line(l, now, step);
            PersonWaiting {
                href: match step.what {
                    What::Answer(_) => line.href,
                    What::Confirm(_) | What::Do(_) => format!("{}?pour={member}", line.href),
                },
                icon: line.icon,
                sentence: line.sentence,
                since: line.since,
            }
        })
        .collect())
}

/// A step as a line of the page.
fn line(l: Locale, now: Instant, step: &Step) -> Waiting {
    let (key, icon) = match step.what {
        What::Answer(_) => ("notification-response-received", "hand"),
        What::Confirm(_) => ("waiting-confirm", "clock"),
        What::Do(_) => ("waiting-do", "check"),
    };
    Waiting {
        href: step.href.clone(),
        icon,
        sentence: sentence(l, key, &step.who, &step.title),
        since: moments::ago(l, step.since, now),
    }
}

fn messages(
    conn: &mut Conn,
    l: Locale,
    now: Instant,
    member: &MemberId,
) -> Result<Vec<Waiting>, StoreError> {
    let unread = notifications::unread_messages(conn, member)?;
    Ok(unread
        .into_iter()
        .map(|(notice, at)| Waiting {
            href: notice.href,
            icon: "send",
            sentence: sentence(
                l,
                "notification-message-received",
                &notice.who,
                &notice.what,
            ),
            since: moments::ago(l, at, now),
        })
        .collect())
}

fn sentence(l: Locale, key: &str, who: &str, what: &str) -> String {
    l.t2(key, "who", who, "what", what)
}
