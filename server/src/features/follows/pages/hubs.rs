//! `/kpa`, the page of one KPA, and the buttons on them.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::Trust;
use interkpa_web::chrome::Notice;
use interkpa_web::views::hubs::{
    FollowState as Shown, HubLine, HubList, HubPage, HubStanding, Reached,
};
use interkpa_web::views::parts::{Link, Person};
use interkpa_web::{Form as WebForm, Locale, markup, routes, words};
use serde::Deserialize;

use super::{follower_of, problem_of};
use crate::app::App;
use crate::db::error::StoreError;
use crate::features::follows::asking::{follow, unfollow};
use crate::features::follows::model::FollowState;
use crate::features::follows::store;
use crate::features::people;
use crate::features::proposals::latest::{Of, latest};
use crate::fediverse::hubs::{self, Contact, KnownHub};
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::render;
use crate::moments;

/// KPAs on one page.
const PAGE: i64 = 50;

/// Where a page goes on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Part {
    apres: Option<String>,
}

/// `GET /kpa`.
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(part): Query<Part>,
) -> Result<Response, AppError> {
    let form = visitor.member.is_some().then(WebForm::new);
    Ok(render::page(
        &app,
        &visitor,
        &list_view(&app, &visitor, part, form).await?,
    ))
}

async fn list_view(
    app: &App,
    identity: &Identity,
    part: Part,
    follow_form: Option<WebForm>,
) -> Result<HubList, AppError> {
    let is_first = part.apres.is_none();
    let follower = identity
        .member
        .as_ref()
        .map(|member| follower_of(member).address(app));
    let (mut known, states) = app
        .store
        .read(move |conn| -> Result<_, StoreError> {
            let known = hubs::page(conn, part.apres.as_deref(), PAGE + 1)?;
            let uris: Vec<&str> = known.iter().map(|hub| hub.actor.uri.as_str()).collect();
            let states = match &follower {
                Some(follower) => store::states(conn, follower, &uris)?,
                None => HashMap::new(),
            };
            Ok((known, states))
        })
        .await?;
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = known.len() > shown;
    known.truncate(shown);
    let next = known.last().filter(|_| more).map(|last| {
        let cursor = routes::percent_encode(last.peer.origin.as_str());
        Link::new(format!("{}?apres={cursor}", routes::HUBS), "")
    });
    let own = HubLine {
        href: routes::HUB.to_owned(),
        name: markup::clean_name(&app.config.hub.name),
        town: app.config.hub.town.clone(),
        distance: None,
        is_own: true,
        standing: HubStanding::Active,
        trust: None,
        reached: Reached::Yes,
        follow: None,
    };
    let signed_in = identity.member.is_some();
    known.sort_by(|a, b| a.actor.name.cmp(&b.actor.name));
    let others = known.iter().map(|hub| {
        let state = signed_in.then(|| shown_state(states.get(hub.actor.uri.as_str())));
        line(app, identity.locale, hub, state)
    });
    Ok(HubList {
        network: "KPA-Cité".to_owned(),
        hubs: is_first.then_some(own).into_iter().chain(others).collect(),
        next,
        follow_form,
    })
}

fn line(app: &App, l: Locale, hub: &KnownHub, follow: Option<Shown>) -> HubLine {
    HubLine {
        href: href(hub),
        name: hub.actor.name.clone(),
        town: hub.town.clone(),
        distance: None,
        is_own: false,
        standing: HubStanding::Active,
        trust: Some(trust(hub.peer.trust)),
        reached: reached(app, l, hub),
        follow,
    }
}

/// `GET /kpa/<host>`.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(host): Path<String>,
    Query(part): Query<Part>,
) -> Result<Response, AppError> {
    let hub = known(&app, host).await?;
    let (now, l) = (app.now(), visitor.locale);
    let follow = match &visitor.member {
        Some(member) => {
            let (follower, uri) = (follower_of(member).address(&app), hub.actor.uri.to_string());
            let states = app
                .store
                .read(move |conn| store::states(conn, &follower, &[&uri]))
                .await?;
            Some((shown_state(states.get(hub.actor.uri.as_str())), true))
        }
        None => None,
    };
    let of = Of::Server(hub.peer.origin.as_str().to_owned());
    let (cards, next) = latest(&app, &visitor, of, part.apres.as_deref()).await?;
    let href = href(&hub);
    let view = HubPage {
        name: hub.actor.name.clone(),
        handle: hub.actor.handle(),
        slug: hub.actor.username.clone(),
        is_own: false,
        about: markup::remote_html(&hub.actor.summary_html),
        town: hub.town.clone(),
        address: String::new(),
        hours: String::new(),
        phone: String::new(),
        activities: Vec::new(),
        standing: HubStanding::Active,
        trust: Some(trust(hub.peer.trust)),
        reached: reached(&app, l, &hub),
        follow,
        site: Some(hub.actor.uri.to_string()),
        copied: Some(moments::ago(l, hub.actor.fetched_at, now)),
        members: Vec::new(),
        cards,
        next: next.map(|cursor| Link::new(format!("{href}?apres={cursor}"), "")),
        href,
    };
    Ok(render::page(&app, &visitor, &view))
}

/// The page of this KPA, at the address of its actor.
///
/// # Errors
/// Those of the store.
pub async fn own_page(
    app: &App,
    visitor: &Identity,
    after: Option<&str>,
) -> Result<Response, AppError> {
    let of = Of::Server(app.origin.as_str().to_owned());
    let (cards, next) = latest(app, visitor, of, after).await?;
    let members = app.store.read(people::public_members).await?;
    let hub = &app.config.hub;
    let view = HubPage {
        href: routes::HUB.to_owned(),
        name: markup::clean_name(&hub.name),
        handle: format!("@{}@{}", hub.slug, app.origin.authority()),
        slug: hub.slug.clone(),
        is_own: true,
        about: markup::member_text(&hub.summary),
        town: hub.town.clone(),
        address: String::new(),
        hours: String::new(),
        phone: hub.phone.clone(),
        activities: Vec::new(),
        standing: HubStanding::Active,
        trust: None,
        reached: Reached::Yes,
        follow: None,
        site: None,
        copied: None,
        members: members
            .iter()
            .map(|card| Person::new(&card.name).at(format!("/members/{}", card.id)))
            .collect(),
        cards,
        next: next.map(|cursor| Link::new(format!("{}?apres={cursor}", routes::HUB), "")),
    };
    Ok(render::page(app, visitor, &view))
}

/// `POST /kpa/suivre`: follows whoever the address names.
pub(super) async fn follow_address(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    form: Form,
) -> Result<Response, AppError> {
    let address = form.text("address");
    match follow(&app, &follower_of(&member), &member.id, address).await {
        Ok(_) => Ok(render::done(routes::HUBS, Notice::Followed)),
        Err(error) => {
            let mut again = WebForm::from_pairs([("address", address)]);
            again.refuse("address", problem_of(error)?);
            let view = list_view(&app, &visitor, Part::default(), Some(again)).await?;
            Ok(render::page_with(
                &app,
                &visitor,
                StatusCode::UNPROCESSABLE_ENTITY,
                &view,
            ))
        }
    }
}

/// `POST /kpa/<host>/suivre`.
pub(super) async fn follow_hub(
    State(app): State<App>,
    member: SignedIn,
    Path(host): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    let hub = known(&app, host).await?;
    follow(
        &app,
        &follower_of(&member),
        &member.id,
        hub.actor.uri.as_str(),
    )
    .await?;
    Ok(render::done(&href(&hub), Notice::Followed))
}

/// `POST /kpa/<host>/ne-plus-suivre`.
pub(super) async fn unfollow_hub(
    State(app): State<App>,
    member: SignedIn,
    Path(host): Path<String>,
    _form: Form,
) -> Result<Response, AppError> {
    let hub = known(&app, host).await?;
    unfollow(
        &app,
        &follower_of(&member),
        &member.id,
        hub.actor.uri.as_str(),
    )
    .await?;
    Ok(render::done(&href(&hub), Notice::Unfollowed))
}

async fn known(app: &App, host: String) -> Result<KnownHub, AppError> {
    let app_in = app.clone();
    let found = app
        .store
        .read(move |conn| hubs::find(&app_in, conn, &host))
        .await?;
    found.ok_or_else(AppError::not_found)
}

fn href(hub: &KnownHub) -> String {
    format!("{}/{}", routes::HUBS, hub.peer.origin.authority())
}

fn reached(app: &App, l: Locale, hub: &KnownHub) -> Reached {
    match hub.contact {
        Contact::Answers => Reached::Yes,
        Contact::SilentSince(at) => Reached::SilentSince(moments::ago(l, at, app.now())),
        Contact::NeverTried => Reached::Unknown,
    }
}

fn shown_state(state: Option<&FollowState>) -> Shown {
    match state {
        Some(FollowState::Accepted) => Shown::Followed,
        Some(FollowState::Pending) => Shown::Asked,
        Some(FollowState::Refused) | None => Shown::Not,
    }
}

fn trust(trust: Trust) -> words::Trust {
    words::Trust::from_code(trust.as_str()).unwrap_or(words::Trust::Guest)
}
