//! Accueil: who we are for a visitor; for a member what waits, the news of those who are followed, and
//! the newest of everything else that may be seen (web.md §8).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use interkpa_federation::Origin;
use interkpa_web::markup;
use interkpa_web::views::home::{Home, News};
use interkpa_web::views::parts::Card;

use crate::app::App;
use crate::db::conn::Conn;
use crate::features::proposals::pages::{cached, list};
use crate::features::proposals::store::page::{self, Filter, ListReader};
use crate::features::proposals::view::Cards;
use crate::features::{agreements, follows, notifications, votes};
use crate::fediverse::audience;
use crate::http::error::AppError;
use crate::http::identity::{Identity, Visitor};
use crate::http::render;
use crate::ids::MemberId;

/// Announcements on the home page.
const LATEST: i64 = 12;
/// Lines of news on it.
const NEWS: i64 = 10;

/// `GET /`.
///
/// # Errors
/// Those of the store.
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    cached::answer(&app, &visitor, &headers, || async {
        Ok(render::html(&app, &visitor, &view(&app, &visitor).await?))
    })
    .await
}

async fn view(app: &App, identity: &Identity) -> Result<Home, AppError> {
    let reader = list::list_reader(identity);
    let (l, now, in_hub) = (identity.locale, app.now(), identity.member.is_some());
    let app_in = app.clone();
    let (waiting, open, news, latest, hubs) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let (mut waiting, mut open, mut news) = (Vec::new(), Vec::new(), Vec::new());
            if let ListReader::Member(member) = &reader {
                waiting = agreements::pages::waiting(&app_in, conn, l, now, member)?;
                waiting.extend(notifications::unread_questions(conn, member, (l, now))?);
                open = votes::open_votes(&app_in, conn, l)?;
                let lists = followed(&app_in, conn, member)?;
                news = page::merged(conn, &lists, &reader, NEWS)?;
            }
            let mut latest = page::page(conn, &Filter::default(), &reader, None, LATEST)?.items;
            // What is news already is not shown twice.
            latest.retain(|one| !news.iter().any(|new| new.id == one.id));
            let hubs = audience::network_hubs(conn)?.len();
            let (news, latest) = (Cards::read(conn, news)?, Cards::read(conn, latest)?);
            Ok((waiting, open, news, latest, hubs))
        })
        .await?;
    let shown = latest.listed().len().saturating_add(news.listed().len());
    let hub = &app.config.hub;
    Ok(Home {
        welcome: markup::member_text(&hub.summary),
        town: hub.town.clone(),
        address: String::new(),
        hours: String::new(),
        waiting,
        votes: open,
        latest: latest.shown(app, l, now, in_hub),
        news: news
            .shown(app, l, now, in_hub)
            .into_iter()
            .map(line)
            .collect(),
        // This hub is one of them.
        hubs_in_network: u32::try_from(hubs)
            .unwrap_or(0)
            .saturating_add(u32::from(hubs > 0)),
        has_more: i64::try_from(shown).unwrap_or(0) >= LATEST,
    })
}

/// What somebody who is followed announces, on one line.
fn line(card: Card) -> News {
    News {
        href: card.href,
        from: card.author,
        text: card.title,
        at: card.published,
    }
}

/// One list for each of those a member or the hub follows elsewhere: all of a KPA, and what a person
/// says in the own name.
fn followed(app: &App, conn: &mut Conn, member: &MemberId) -> Result<Vec<Filter>, AppError> {
    let mut lists = Vec::new();
    for actor in follows::feed_of(app, conn, member)? {
        let Ok(origin) = Origin::parse(&actor) else {
            continue;
        };
        if origin == app.origin {
            continue;
        }
        let is_hub = actor == format!("{}/hub", origin.as_str());
        let list = Filter {
            origin: is_hub.then(|| origin.as_str().to_owned()),
            actor: (!is_hub).then_some(actor),
            ..Filter::default()
        };
        lists.push(list);
    }
    Ok(lists)
}
