//! Accueil: who we are for a visitor; what is new for a member.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use interkpa_federation::Origin;
use interkpa_web::markup;
use interkpa_web::views::home::Home;

use crate::app::App;
use crate::db::conn::Conn;
use crate::features::follows;
use crate::features::notifications;
use crate::features::proposals::pages::{cached, list};
use crate::features::proposals::store::page::{self, Filter, ListReader};
use crate::features::proposals::view::Cards;
use crate::fediverse::audience;
use crate::http::error::AppError;
use crate::http::identity::{Identity, Visitor};
use crate::http::render;

/// Announcements on the home page.
const LATEST: i64 = 12;
/// Notices not read yet, under « Ce qui vous attend ».
const WAITING: i64 = 5;

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
    let app_in = app.clone();
    let (l, now) = (identity.locale, app.now());
    let (cards, hubs, waiting) = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let items = latest(&app_in, conn, &reader)?;
            let hubs = audience::network_hubs(conn)?.len();
            let waiting = match &reader {
                ListReader::Member(member) => {
                    notifications::waiting(conn, member, (l, now), WAITING)?
                }
                _ => Vec::new(),
            };
            Ok((Cards::read(conn, items)?, hubs, waiting))
        })
        .await?;
    let has_more = i64::try_from(cards.listed().len()).unwrap_or(0) >= LATEST;
    let hub = &app.config.hub;
    Ok(Home {
        welcome: markup::member_text(&hub.summary),
        town: hub.town.clone(),
        address: String::new(),
        hours: String::new(),
        waiting,
        latest: cards.shown(app, identity.locale, app.now(), identity.member.is_some()),
        news: Vec::new(),
        // This hub is one of them.
        hubs_in_network: u32::try_from(hubs)
            .unwrap_or(0)
            .saturating_add(u32::from(hubs > 0)),
        has_more,
    })
}

/// For a member: this hub and the servers of those the member or the hub follows; while those are silent, and for visitors, all
/// that may be seen.
fn latest(app: &App, conn: &mut Conn, reader: &ListReader) -> Result<Vec<page::Listed>, AppError> {
    if let ListReader::Member(member) = reader {
        let mut origins = vec![app.origin.as_str().to_owned()];
        for actor in follows::feed_of(app, conn, member)? {
            if let Ok(origin) = Origin::parse(&actor)
                && !origins.iter().any(|known| known == origin.as_str())
            {
                origins.push(origin.as_str().to_owned());
            }
        }
        let found = page::home(conn, &origins, reader, LATEST)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(page::page(conn, &Filter::default(), reader, None, LATEST)?.items)
}
