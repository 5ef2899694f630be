//! Following, for programs: `/api/v1/follows`.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::db::error::StoreError;
use crate::features::follows::asking::{FollowError, follow, unfollow};
use crate::features::follows::model::{Follow, Follower};
use crate::features::follows::store;
use crate::features::people::rights::Right;
use crate::fediverse::hubs::{self as known_hubs, Contact, KnownHub};
use crate::fediverse::remote::{self, DiscoverError, RemoteError};
use crate::http::json::Body;
use crate::http::{Access, AppError, Kind, Method, Route, SignedIn};

const PATH: &str = "/api/v1/follows";
const HUBS: &str = "/api/v1/hubs";
/// Followings, or KPAs, in one answer.
const PAGE: i64 = 50;

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::Get, PATH, Access::Member, get(list)),
        Route::api(Method::Post, PATH, Access::Member, post(create)),
        Route::api(Method::Delete, PATH, Access::Member, delete(remove)),
        Route::api(Method::Get, HUBS, Access::Member, get(hubs)),
    ]
}

/// This part of the description of the interface.
#[derive(utoipa::OpenApi)]
#[openapi(paths(create, list, remove, hubs))]
pub(super) struct Description;

/// Who follows: oneself, or the hub for those who steer it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The member who asks.
    #[default]
    Me,
    /// The KPA.
    Hub,
}

/// What to follow.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewFollow {
    /// `@name@host`, the address of an actor, or the name of a server, whose KPA is meant.
    pub address: String,
    /// Who follows.
    #[serde(default)]
    pub who: Who,
}

/// Which followings.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ListQuery {
    /// Whose.
    #[serde(default)]
    pub who: Who,
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// Which following ends.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct RemoveQuery {
    /// Address of the followed actor, as the list gives it.
    pub actor: String,
    /// Who leaves.
    #[serde(default)]
    pub who: Who,
}

/// One following.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FollowView {
    /// Address of the followed actor.
    pub actor: String,
    /// `@name@host`, when we know it.
    pub handle: Option<String>,
    /// Its name, when we know it.
    pub name: Option<String>,
    /// `pending`, `accepted` or `refused`.
    pub state: &'static str,
    /// RFC 3339.
    pub since: String,
}

/// A page of followings.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FollowList {
    /// In the order of their address.
    pub items: Vec<FollowView>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

impl From<FollowError> for AppError {
    fn from(error: FollowError) -> Self {
        let code = error.code();
        match error {
            FollowError::Store(error)
            | FollowError::Discover(DiscoverError::Remote(RemoteError::Store(error))) => {
                error.into()
            }
            FollowError::NotFollowed | FollowError::NotHere => Self::new(Kind::NotFound, code),
            FollowError::Discover(DiscoverError::NotHeard) => Self::new(Kind::Forbidden, code),
            FollowError::Oneself | FollowError::Discover(_) => Self::new(Kind::Invalid, code),
        }
    }
}

/// Follows somebody.
#[utoipa::path(post, path = PATH, request_body = NewFollow,
    responses((status = 201, body = FollowView), (status = 403), (status = 404), (status = 422)))]
async fn create(
    State(app): State<App>,
    member: SignedIn,
    Body(asked): Body<NewFollow>,
) -> Result<(StatusCode, Json<FollowView>), AppError> {
    let follower = follower(&member, asked.who)?;
    let done = follow(&app, &follower, &member.id, &asked.address).await?;
    let view = views(&app, vec![done])
        .await?
        .pop()
        .ok_or_else(AppError::not_found)?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Whom one follows.
#[utoipa::path(get, path = PATH, params(ListQuery), responses((status = 200, body = FollowList)))]
async fn list(
    State(app): State<App>,
    member: SignedIn,
    Query(query): Query<ListQuery>,
) -> Result<Json<FollowList>, AppError> {
    let address = follower(&member, query.who)?.address(&app);
    let found = app
        .store
        .read(move |conn| store::page(conn, &address, query.after.as_deref(), PAGE + 1))
        .await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > page;
    let shown: Vec<Follow> = found.into_iter().take(page).collect();
    let next = shown
        .last()
        .filter(|_| more)
        .map(|last| last.followed.clone());
    Ok(Json(FollowList {
        items: views(&app, shown).await?,
        next,
    }))
}

/// Stops following.
#[utoipa::path(delete, path = PATH, params(RemoveQuery),
    responses((status = 204), (status = 404)))]
async fn remove(
    State(app): State<App>,
    member: SignedIn,
    Query(query): Query<RemoveQuery>,
) -> Result<StatusCode, AppError> {
    let follower = follower(&member, query.who)?;
    unfollow(&app, &follower, &member.id, &query.actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which KPAs.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct HubsQuery {
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// One KPA of the network.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HubView {
    /// Address of its actor: what one follows.
    pub actor: String,
    /// `@name@host`.
    pub handle: String,
    /// Its name.
    pub name: String,
    /// Its commune; empty when it says none.
    pub town: String,
    /// `member` or `allowed`.
    pub trust: &'static str,
    /// `answers`, `silent` or `unknown`.
    pub contact: &'static str,
    /// Since when it is silent, RFC 3339.
    pub silent_since: Option<String>,
}

/// A page of KPAs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HubList {
    /// In the order of their address.
    pub items: Vec<HubView>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// The other KPAs of the network.
#[utoipa::path(get, path = HUBS, params(HubsQuery), responses((status = 200, body = HubList)))]
async fn hubs(
    State(app): State<App>,
    _member: SignedIn,
    Query(query): Query<HubsQuery>,
) -> Result<Json<HubList>, AppError> {
    let mut known = app
        .store
        .read(move |conn| known_hubs::page(conn, query.after.as_deref(), PAGE + 1))
        .await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = known.len() > page;
    known.truncate(page);
    let next = known
        .last()
        .filter(|_| more)
        .map(|hub| hub.peer.origin.as_str().to_owned());
    Ok(Json(HubList {
        items: known.into_iter().map(HubView::from).collect(),
        next,
    }))
}

impl From<KnownHub> for HubView {
    fn from(hub: KnownHub) -> Self {
        let (contact, since) = match hub.contact {
            Contact::Answers => ("answers", None),
            Contact::SilentSince(at) => ("silent", Some(at.to_rfc3339())),
            Contact::NeverTried => ("unknown", None),
        };
        Self {
            handle: hub.actor.handle(),
            actor: hub.actor.uri.to_string(),
            name: hub.actor.name,
            town: hub.town,
            trust: hub.peer.trust.as_str(),
            contact,
            silent_since: since,
        }
    }
}

fn follower(member: &SignedIn, who: Who) -> Result<Follower, AppError> {
    match who {
        Who::Me => Ok(Follower::Member(member.id.clone())),
        Who::Hub => member.require(Right::SteerHub).map(|()| Follower::Hub),
    }
}

async fn views(app: &App, follows: Vec<Follow>) -> Result<Vec<FollowView>, StoreError> {
    let uris: Vec<String> = follows
        .iter()
        .map(|follow| follow.followed.clone())
        .collect();
    let actors = app
        .store
        .read(move |conn| remote::held_all(conn, &uris))
        .await?;
    let view = |follow: Follow| {
        let actor = actors
            .iter()
            .find(|actor| actor.uri.as_str() == follow.followed);
        FollowView {
            handle: actor.map(remote::KnownActor::handle),
            name: actor.map(|actor| actor.name.clone()),
            actor: follow.followed,
            state: follow.state.as_str(),
            since: follow.created_at.to_rfc3339(),
        }
    };
    Ok(follows.into_iter().map(view).collect())
}
