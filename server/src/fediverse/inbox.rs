//! What arrives: one POST, checked in the order of federation.md 2.8, stored once by its id in the
//! transaction of its effect, answered after the commit.
//!
//! The answers are those of federation.md 2.4. A repetition is answered like the first time and
//! changes nothing (security.md D11, D12).

mod store;
pub mod waiting;

use std::net::IpAddr;

use axum::extract::{OriginalUri, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use interkpa_federation::json::{JsonLimits, strict_json};
use interkpa_federation::origin::OriginError;
use interkpa_federation::signature::{Claim, Method, key_may_speak_for};
use interkpa_federation::trust::NotHeard;
use interkpa_federation::{Activity, Instant, Origin, ParseError, Peer, Trust, Uri};
use serde_json::Value;
use tracing::{info, warn};

use crate::app::App;
use crate::features::people;
use crate::fediverse::client::is_activity_document;
use crate::fediverse::receive::{self, Cleaned, Effect, Refusal, Sender};
use crate::fediverse::verify::{self, Verified};
use crate::fediverse::{peers, remote};
use crate::http::route::Method as RouteMethod;
use crate::http::{AppError, Identity, Kind, Route, body};
use crate::ids::MemberId;

pub use store::{InboxActivity, empty_before, find as find_activity, forget, page};

/// Largest activity taken in, in bytes (federation.md 2.1 rule 8).
pub const BODY_BYTES_MAX: usize = 1 << 20;

/// A server that is not heard at all: refused before its signature is looked at.
const NOT_HEARD: &str = NotHeard::PeerNotAllowed.code();

/// The inboxes: one for all, and one for each actor.
pub(super) fn routes() -> Vec<Route> {
    let inbox = |path, handler| {
        Route::fediverse(RouteMethod::Post, path, handler).body_bytes_max(BODY_BYTES_MAX)
    };
    vec![
        inbox("/inbox", post(to_all)),
        inbox("/hub/inbox", post(to_all)),
        inbox("/actor/inbox", post(to_all)),
        inbox("/members/{id}/inbox", post(to_member)),
    ]
}

async fn to_all(State(app): State<App>, request: Request) -> Result<StatusCode, AppError> {
    Arrival::new(request).receive(&app).await
}

async fn to_member(
    State(app): State<App>,
    Path(id): Path<String>,
    request: Request,
) -> Result<StatusCode, AppError> {
    let arrival = Arrival::new(request);
    let id = MemberId::parse(&id).ok_or_else(AppError::not_found)?;
    let member = app
        .store
        .read(move |conn| people::public_member(conn, &id))
        .await?;
    if member.is_none() {
        return Err(AppError::not_found());
    }
    arrival.receive(&app).await
}

/// A request before anything was looked at.
struct Arrival {
    request: Request,
    client: Option<IpAddr>,
    target: String,
}

/// What the outside of an activity says, before its signature is verified.
struct Outside {
    id: Uri,
    actor: Uri,
    /// It says that its actor is no more.
    ends_actor: bool,
    raw: Value,
    body: String,
}

impl Arrival {
    fn new(request: Request) -> Self {
        let client = request
            .extensions()
            .get::<Identity>()
            .and_then(|identity| identity.client);
        let original = request.extensions().get::<OriginalUri>();
        let uri = original.map_or_else(|| request.uri(), |original| &original.0);
        let target = uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned();
        Self {
            request,
            client,
            target,
        }
    }

    /// The whole order of federation.md 2.8; every refusal is counted.
    async fn receive(self, app: &App) -> Result<StatusCode, AppError> {
        let named = named_origin(self.request.headers());
        let client = self.client;
        let taken = self.take(app).await;
        if let Err(refusal) = &taken {
            app.fediverse.refusals.count(named.as_ref(), refusal.code);
            if refusal.kind == Kind::Unauthenticated || refusal.code == NOT_HEARD {
                // Nothing is proved: an address that goes on with such requests is asked to wait,
                // whatever servers it names, each of which costs a look at the rows of peers.
                verify::charge_stranger(app, client)?;
            }
        }
        taken
    }

    async fn take(self, app: &App) -> Result<StatusCode, AppError> {
        let now = app.now();
        let (claim, outside, client) = self.look_at(app, now).await?;
        let peer = verify::heard_peer(app, &outside.actor.origin()).await?;
        if outside.ends_actor
            && peer.trust < Trust::Allowed
            && !is_held(app, &outside.actor).await?
        {
            // Servers tell everybody; its key is gone with it, and we hold nothing (D120).
            return Ok(StatusCode::ACCEPTED);
        }
        outside.refuse_guest(&peer)?;
        let verified = verify::verify(app, &claim, &outside.actor, peer, client).await?;
        let origin = verified.peer.origin.clone();
        let taken = apply(app, now, verified, outside).await;
        if taken.is_err() {
            peers::heard_reading(app, &origin).await?;
        }
        taken
    }

    /// Everything that needs neither a key nor the database.
    async fn look_at(
        self,
        app: &App,
        now: Instant,
    ) -> Result<(Claim, Outside, Option<IpAddr>), AppError> {
        let Self {
            request,
            client,
            target,
        } = self;
        let headers = request.headers().clone();
        check_content_type(&headers)?;
        early_budget(app, client, &headers).await?;
        let body = body::whole(request, app).await?;
        let claim = verify::read_claim(&app.origin, Method::Post, &target, &headers, &body, now)
            .map_err(|error| verify::unsigned(&error))?;
        let outside = Outside::read(&body)?;
        outside.check_origins(&app.origin)?;
        key_may_speak_for(&claim.key_id, &outside.actor)
            .map_err(|error| verify::unsigned(&error))?;
        Ok((claim, outside, client))
    }
}

impl Outside {
    fn read(body: &[u8]) -> Result<Self, AppError> {
        let malformed = || AppError::new(Kind::Malformed, "bad_json");
        let raw = strict_json(body, JsonLimits::DOCUMENT)
            .map_err(|error| AppError::new(Kind::Malformed, error.code()))?;
        let address = |value: Option<&Value>| {
            let text = match value {
                Some(Value::String(text)) => Some(text.as_str()),
                Some(Value::Object(object)) => object.get("id").and_then(Value::as_str),
                _ => None,
            };
            text.and_then(|text| Uri::parse(text).ok())
        };
        let id = address(raw.get("id")).ok_or_else(malformed)?;
        let actor = address(raw.get("actor")).ok_or_else(malformed)?;
        let is_delete = raw.get("type").and_then(Value::as_str) == Some("Delete");
        let ends_actor = is_delete && address(raw.get("object")).as_ref() == Some(&actor);
        let body = String::from_utf8(body.to_vec()).map_err(|_not_utf8| malformed())?;
        Ok(Self {
            id,
            actor,
            ends_actor,
            raw,
            body,
        })
    }

    /// What guests may not say is refused before anything is fetched for them (security.md D21).
    fn refuse_guest(&self, peer: &Peer) -> Result<(), AppError> {
        if peer.trust >= Trust::Allowed {
            return Ok(());
        }
        let activity = Activity::parse(self.raw.clone()).map_err(|error| parse_refusal(&error))?;
        match peer.heard_as(activity.body.trust_min()) {
            Ok(_heard) => Ok(()),
            Err(refused) => Err(AppError::new(Kind::Forbidden, refused.code())),
        }
    }

    /// The activity and its actor are of one server, and not of ours (rule 1 of federation.md 3.3).
    fn check_origins(&self, ours: &Origin) -> Result<(), AppError> {
        let refuse = |error: OriginError| Err(AppError::new(Kind::Forbidden, error.code()));
        if self.actor.origin() == *ours {
            return refuse(OriginError::Ours { field: "actor" });
        }
        if self.id.origin() != self.actor.origin() {
            return refuse(OriginError::Mismatch { field: "id" });
        }
        Ok(())
    }
}

fn check_content_type(headers: &HeaderMap) -> Result<(), AppError> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if given.is_some_and(is_activity_document) {
        Ok(())
    } else {
        Err(AppError::new(Kind::UnsupportedType, "content_type"))
    }
}

/// An address whose purse is empty is refused before its body is read, unless it names a key of a
/// server that we trust: that one is verified, at no cost but a signature (security.md D17, P10).
async fn early_budget(
    app: &App,
    client: Option<IpAddr>,
    headers: &HeaderMap,
) -> Result<(), AppError> {
    let Some(spent) = verify::is_spent(app, client) else {
        return Ok(());
    };
    if let Some(origin) = named_origin(headers)
        && peers::peer(app, &origin).await?.trust >= Trust::Allowed
    {
        return Ok(());
    }
    Err(verify::wait(spent))
}

/// The server whose key a request names, unproved: for budgets and counters only.
fn named_origin(headers: &HeaderMap) -> Option<Origin> {
    let text = headers
        .get("signature-input")
        .or_else(|| headers.get("signature"))
        .and_then(|value| value.to_str().ok())?;
    let after = text
        .split_once("keyid=\"")
        .or_else(|| text.split_once("keyId=\""))?
        .1;
    Origin::parse(after.split('"').next()?).ok()
}

async fn is_held(app: &App, actor: &Uri) -> Result<bool, AppError> {
    let actor = actor.clone();
    Ok(app
        .store
        .read(move |conn| remote::held(conn, &actor))
        .await?
        .is_some())
}

/// From a verified sender to the commit.
async fn apply(
    app: &App,
    now: Instant,
    verified: Verified,
    outside: Outside,
) -> Result<StatusCode, AppError> {
    let activity = Activity::parse(outside.raw).map_err(|error| parse_refusal(&error))?;
    let kind = receive::kind_of(&activity);
    let cleaned = Cleaned::of(&activity);
    let (id, hub) = (outside.id, verified.peer.origin.clone());
    let (app_in, body, kind_in) = (app.clone(), outside.body, kind.clone());
    let taken: Result<Option<Effect>, Refusal> = app
        .write(move |tx| {
            let row = store::New {
                activity: &activity,
                kind: &kind_in,
                body: &body,
                now,
            };
            if !store::insert(tx, &row)? {
                return Ok(None);
            }
            peers::heard(&app_in, tx, now, &verified.peer.origin)?;
            remote::jobs::refresh_if_old(&app_in, tx, now, &verified.actor)?;
            let sender = Sender {
                peer: verified.peer,
                voice: verified.actor.voice(),
            };
            let effect = receive::dispatch(&app_in, tx, now, &sender, (&activity, &cleaned))?;
            store::settle(tx, &activity.id, &effect)?;
            waiting::after(&app_in, tx, now, &activity, &effect)?;
            Ok(Some(effect))
        })
        .await;
    match taken {
        Ok(None) => info!(%hub, activity.id = %id, activity.kind = %kind, "repeated"),
        Ok(Some(effect)) => {
            info!(%hub, activity.id = %id, activity.kind = %kind, ?effect, "received");
        }
        Err(refusal) => {
            let code = refusal.code;
            warn!(%hub, activity.id = %id, activity.kind = %kind, code, "refused");
            return Err(refusal.into());
        }
    }
    Ok(StatusCode::ACCEPTED)
}

/// 400 for a wrong shape, 422 for values that break a documented limit (D58, D62).
fn parse_refusal(error: &ParseError) -> AppError {
    let kind = match error {
        ParseError::TooLong { .. } | ParseError::TooMany { .. } | ParseError::Quantity { .. } => {
            Kind::Invalid
        }
        _ => Kind::Malformed,
    };
    AppError::new(kind, error.code())
}
