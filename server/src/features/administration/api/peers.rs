//! `/api/v1/peers`: which other servers are heard, and how sending to them goes.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use interkpa_federation::delivery::Circuit;
use interkpa_federation::{Instant, Origin, Trust};
use interkpa_web::{Locale, markup};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::administration::trouble;
use crate::features::people::rights::Right;
use crate::fediverse::deliver::{self, PeerQueue};
use crate::fediverse::peers::{self, Decider, Met, PeerError, PeerRecord};
use crate::fediverse::remote::{DiscoverError, RemoteError};
use crate::http::error::{AppError, FieldError, Kind};
use crate::http::identity::{SignedIn, Visitor};
use crate::http::json::{self, Body, Done, IdempotencyKey, List};
use crate::http::route::{Access, Method, Route};

/// Peers in one answer.
const PAGE: i64 = 50;

pub(super) fn routes() -> Vec<Route> {
    let access = Access::Right(Right::ManagePeers);
    let read = |path, handler| Route::api(Method::Get, path, access, handler);
    let change = |path, handler| Route::api(Method::Post, path, access, handler);
    vec![
        read("/api/v1/peers", get(list)),
        change("/api/v1/peers", post(decide)),
        read("/api/v1/peers/{host}", get(find)),
        change("/api/v1/peers/{host}/allow", post(allow)),
        change("/api/v1/peers/{host}/block", post(block)),
        change("/api/v1/peers/{host}/forget", post(forget)),
        change("/api/v1/peers/{host}/retry", post(retry)),
    ]
}

/// What may be decided about a server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// It takes part in economic life and recognitions.
    #[default]
    Allowed,
    /// Neither it nor its subdomains are heard.
    Blocked,
}

/// A decision about a server.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewPeer {
    /// The address of its KPA, `@hub@host`, or the name of the server.
    pub address: String,
    /// What is decided; `allowed` when absent. Its KPA is asked who it is before it is allowed.
    #[serde(default)]
    pub tier: Tier,
    /// Why, for those who read the journal later; at most 200 characters.
    #[serde(default)]
    pub reason: String,
}

/// Why something is decided.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct Why {
    /// For those who read the journal later; at most 200 characters.
    #[serde(default)]
    pub reason: String,
}

/// How sending to a server goes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SendingJson {
    /// `closed` when all is well; `failing`, then `open` while it does not answer; `gone`.
    pub circuit: String,
    /// Deliveries that wait.
    pub waiting: i64,
    /// Since when the oldest of them waits, RFC 3339.
    pub oldest_waiting_at: Option<String>,
    /// Deliveries given up.
    pub dead: i64,
    /// The last time it accepted something, RFC 3339.
    pub last_success_at: Option<String>,
    /// Stable code of the last failure.
    pub last_error: Option<String>,
    /// The same in plain words.
    pub detail: Option<String>,
    /// Not before this instant, while something failed, RFC 3339.
    pub next_attempt_at: Option<String>,
}

/// A server and what was decided about it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PeerJson {
    /// Scheme, host and port.
    pub origin: String,
    /// Host and port: its name in these addresses.
    pub host: String,
    /// `member`, `allowed`, `guest` or `blocked`.
    pub tier: &'static str,
    /// Address of its KPA's actor, when it is one.
    pub hub: Option<String>,
    /// Name of its KPA.
    pub name: Option<String>,
    /// Software and version it says it runs.
    pub software: Option<String>,
    /// Fingerprint of its proof key, to compare by telephone.
    pub fingerprint: Option<String>,
    /// Why it was allowed or blocked.
    pub reason: Option<String>,
    /// Id of the member who decided, or `operator`.
    pub decided_by: Option<String>,
    /// Since when it is known, RFC 3339.
    pub known_since: String,
    /// Its last verified request, to the minute, RFC 3339.
    pub heard_at: Option<String>,
    /// How sending to it goes; nothing when nothing was ever sent.
    pub sending: Option<SendingJson>,
}

/// What a retry set going.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RetriedJson {
    /// Host and port.
    pub host: String,
    /// Deliveries given up before that wait again.
    pub revived: usize,
}

/// Which servers.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Asked {
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl From<PeerError> for AppError {
    fn from(error: PeerError) -> Self {
        let code = error.code();
        match error {
            PeerError::Store(error)
            | PeerError::Discover(DiscoverError::Remote(RemoteError::Store(error))) => error.into(),
            PeerError::Discover(_) | PeerError::NotAHub => Self {
                fields: vec![FieldError::new("address", code)],
                ..Self::new(Kind::Invalid, code)
            },
        }
    }
}

/// Servers this hub knows, in the order of their address.
#[utoipa::path(get, path = "/api/v1/peers", params(Asked),
    responses((status = 200, body = List<PeerJson>)))]
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let records = peers::page(&app, asked.after, PAGE + 1).await?;
    let List { items, next } = json::cut(records, PAGE, |peer: &PeerRecord| {
        peer.origin.as_str().to_owned()
    });
    let locale = visitor.locale;
    let items = json::read(&app, move |conn| with_sending(conn, locale, items)).await?;
    Ok(json::ok(&List { items, next }))
}

/// One server.
#[utoipa::path(get, path = "/api/v1/peers/{host}", params(("host" = String, Path)),
    responses((status = 200, body = PeerJson), (status = 404)))]
pub(super) async fn find(
    State(app): State<App>,
    visitor: Visitor,
    Path(host): Path<String>,
) -> Result<Response, AppError> {
    let origin = named(&app, &host)?;
    let locale = visitor.locale;
    let found = json::read(&app, move |conn| {
        let record = peers::find_in(conn, &origin)?.ok_or(StoreError::NotFound)?;
        one(conn, locale, record)
    });
    Ok(json::ok(&found.await?))
}

/// Allows or blocks a server; 201 when it was not known before.
#[utoipa::path(post, path = "/api/v1/peers", request_body = NewPeer,
    responses((status = 201, body = PeerJson), (status = 200, body = PeerJson), (status = 422)))]
pub(super) async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    key: IdempotencyKey,
    Body(new): Body<NewPeer>,
) -> Result<Response, AppError> {
    let call = Call {
        scope: format!("{}:peers", member.id),
        locale: visitor.locale,
        member,
        key,
    };
    match new.tier {
        Tier::Allowed => call.allow(app, &new.address, &new.reason).await,
        Tier::Blocked => {
            let origin = peers::named(&app, &new.address)?;
            call.settle(app, origin, Trust::Blocked, &new.reason).await
        }
    }
}

/// Lets a server take part: its KPA is asked who it is first.
#[utoipa::path(post, path = "/api/v1/peers/{host}/allow", params(("host" = String, Path)),
    request_body = Why, responses((status = 200, body = PeerJson), (status = 422)))]
pub(super) async fn allow(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    key: IdempotencyKey,
    Path(host): Path<String>,
    why: Option<Body<Why>>,
) -> Result<Response, AppError> {
    named(&app, &host)?;
    let call = Call::of(visitor, member, key, &host, "allow");
    call.allow(app, &host, &reason_of(why)).await
}

/// Refuses a server and its subdomains; what waits for it is given up.
#[utoipa::path(post, path = "/api/v1/peers/{host}/block", params(("host" = String, Path)),
    request_body = Why, responses((status = 200, body = PeerJson)))]
pub(super) async fn block(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    key: IdempotencyKey,
    Path(host): Path<String>,
    why: Option<Body<Why>>,
) -> Result<Response, AppError> {
    let origin = named(&app, &host)?;
    let call = Call::of(visitor, member, key, &host, "block");
    call.settle(app, origin, Trust::Blocked, &reason_of(why))
        .await
}

/// Takes a decision back: the server is a guest again.
#[utoipa::path(post, path = "/api/v1/peers/{host}/forget", params(("host" = String, Path)),
    request_body = Why, responses((status = 200, body = PeerJson)))]
pub(super) async fn forget(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    key: IdempotencyKey,
    Path(host): Path<String>,
    why: Option<Body<Why>>,
) -> Result<Response, AppError> {
    let origin = named(&app, &host)?;
    let call = Call::of(visitor, member, key, &host, "forget");
    call.settle(app, origin, Trust::Guest, &reason_of(why))
        .await
}

/// Sends everything to a server again that was given up, without waiting for its next turn.
#[utoipa::path(post, path = "/api/v1/peers/{host}/retry", params(("host" = String, Path)),
    responses((status = 200, body = RetriedJson), (status = 404)))]
pub(super) async fn retry(
    State(app): State<App>,
    visitor: Visitor,
    member: SignedIn,
    key: IdempotencyKey,
    Path(host): Path<String>,
) -> Result<Response, AppError> {
    let origin = named(&app, &host)?;
    let call = Call::of(visitor, member, key, &host, "retry");
    let by = call.by();
    let app_in = app.clone();
    json::once(&app, call.scope, call.key, move |tx, now| {
        if deliver::queues_of(tx, &[origin.as_str()])?.is_empty() {
            return Err(StoreError::NotFound);
        }
        let revived = deliver::retry_peer_in(&app_in, tx, now, &origin, &by)?;
        Ok(Done {
            status: StatusCode::OK,
            value: RetriedJson { host, revived },
            location: None,
        })
    })
    .await
}

/// What every changing call needs.
struct Call {
    scope: String,
    locale: Locale,
    member: SignedIn,
    key: IdempotencyKey,
}

impl Call {
    fn of(visitor: Visitor, member: SignedIn, key: IdempotencyKey, host: &str, verb: &str) -> Self {
        Self {
            scope: format!("{}:peers:{host}:{verb}", member.id),
            locale: visitor.locale,
            member,
            key,
        }
    }

    fn by(&self) -> Decider {
        Decider::Member(self.member.id.clone())
    }

    async fn allow(self, app: App, address: &str, reason: &str) -> Result<Response, AppError> {
        // A repetition gets its first answer even when the other server is down by now.
        if let Some(before) = json::answered_before(&app, &self.scope, &self.key).await? {
            return Ok(before);
        }
        let met: Met = peers::meet(&app, address).await?;
        let (by, locale, reason) = (self.by(), self.locale, markup::clean_name(reason));
        let app_in = app.clone();
        let answer = json::once(&app, self.scope, self.key, move |tx, now| {
            let known = peers::find_in(tx, &met.origin())?.is_some();
            let record = peers::allow_in(&app_in, tx, now, &met, &reason, &by)?;
            done(tx, locale, record, known)
        })
        .await;
        peers::decided(&app);
        answer
    }

    async fn settle(
        self,
        app: App,
        origin: Origin,
        trust: Trust,
        reason: &str,
    ) -> Result<Response, AppError> {
        let (by, locale, reason) = (self.by(), self.locale, markup::clean_name(reason));
        let app_in = app.clone();
        let answer = json::once(&app, self.scope, self.key, move |tx, now| {
            let known = peers::find_in(tx, &origin)?.is_some();
            let record = peers::settle_in(&app_in, tx, now, &origin, trust, &reason, &by)?;
            done(tx, locale, record, known)
        })
        .await;
        peers::decided(&app);
        answer
    }
}

fn done(
    tx: &mut Conn,
    locale: Locale,
    record: PeerRecord,
    known: bool,
) -> Result<Done<PeerJson>, StoreError> {
    let value = one(tx, locale, record)?;
    Ok(Done {
        status: if known {
            StatusCode::OK
        } else {
            StatusCode::CREATED
        },
        location: (!known).then(|| format!("/api/v1/peers/{}", value.host)),
        value,
    })
}

fn reason_of(why: Option<Body<Why>>) -> String {
    why.map(|Body(why)| why.reason).unwrap_or_default()
}

/// The server of a path; what names none does not exist.
fn named(app: &App, host: &str) -> Result<Origin, AppError> {
    peers::named(app, host).map_err(|_no_server| AppError::not_found())
}

fn one(conn: &mut Conn, locale: Locale, record: PeerRecord) -> Result<PeerJson, StoreError> {
    let mut all = with_sending(conn, locale, vec![record])?;
    all.pop().ok_or(StoreError::NotFound)
}

fn with_sending(
    conn: &mut Conn,
    locale: Locale,
    records: Vec<PeerRecord>,
) -> Result<Vec<PeerJson>, StoreError> {
    let origins: Vec<&str> = records.iter().map(|peer| peer.origin.as_str()).collect();
    let queues = deliver::queues_of(conn, &origins)?;
    let json = |record: PeerRecord| {
        let queue = queues
            .iter()
            .find(|queue| queue.origin == record.origin.as_str());
        PeerJson::new(record, queue.map(|queue| SendingJson::new(queue, locale)))
    };
    Ok(records.into_iter().map(json).collect())
}

impl PeerJson {
    fn new(record: PeerRecord, sending: Option<SendingJson>) -> Self {
        Self {
            origin: record.origin.as_str().to_owned(),
            host: record.origin.authority().to_owned(),
            tier: record.trust.as_str(),
            hub: record.hub_actor,
            name: record.name,
            software: record.software,
            fingerprint: record.fingerprint,
            reason: record.reason.filter(|reason| !reason.is_empty()),
            decided_by: record.decided_by,
            known_since: record.created_at.to_rfc3339(),
            heard_at: record.heard_at.map(Instant::to_rfc3339),
            sending,
        }
    }
}

impl SendingJson {
    fn new(queue: &PeerQueue, locale: Locale) -> Self {
        let calm = matches!(queue.circuit, Circuit::Gone | Circuit::Closed);
        let status = queue.last_status.map(i32::from);
        Self {
            circuit: format!("{:?}", queue.circuit).to_lowercase(),
            waiting: queue.waiting,
            oldest_waiting_at: queue.oldest.map(Instant::to_rfc3339),
            dead: queue.dead,
            last_success_at: queue.last_success_at.map(Instant::to_rfc3339),
            detail: queue
                .last_error
                .as_deref()
                .map(|code| trouble::sentence(locale, code, status)),
            last_error: queue.last_error.clone(),
            next_attempt_at: (!calm).then(|| queue.next_try_at.to_rfc3339()),
        }
    }
}
