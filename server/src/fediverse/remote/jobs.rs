//! Background work about copies of actors: renewing old ones, believing a 410 only when it lasts.

use interkpa_federation::{Instant, Span, Uri};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{KnownActor, RemoteError, read, refresh, store};
use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::fediverse::client::{NetError, Purpose};
use crate::fediverse::peers;
use crate::jobs::job::{JobContext, JobError, JobKind, NewJob};
use crate::jobs::queue::enqueue;

/// How long after a 410 the server is asked again before it is believed.
const CONFIRM_AFTER: Span = Span::hours(1);

const REFRESH: &str = "fediverse.refresh_actor";
const CONFIRM_GONE: &str = "fediverse.confirm_gone";

/// Payload of both: the address of the actor.
#[derive(Debug, Serialize, Deserialize)]
struct About {
    uri: String,
}

/// The kinds of jobs of this module.
pub fn kinds() -> Vec<JobKind<App>> {
    vec![
        JobKind::new(REFRESH, renew_copy).attempts_max(3),
        JobKind::new(CONFIRM_GONE, confirm_gone).attempts_max(5),
    ]
}

/// Renews a copy that is old, once, in the background.
///
/// # Errors
/// See [`StoreError`].
pub fn refresh_if_old(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    actor: &KnownActor,
) -> Result<(), StoreError> {
    if now - actor.fetched_at < super::FRESH_SPAN {
        return Ok(());
    }
    refresh_soon(app, tx, now, &actor.uri)
}

/// Renews a copy in the background.
///
/// # Errors
/// See [`StoreError`].
pub fn refresh_soon(app: &App, tx: &mut Conn, now: Instant, uri: &Uri) -> Result<(), StoreError> {
    let job = NewJob::new(&app.random, now, REFRESH, json!({"uri": uri.as_str()}))
        .once(format!("{REFRESH}:{uri}"));
    enqueue(tx, &job)?;
    Ok(())
}

/// Asks again in an hour whether an actor is really gone.
pub(super) async fn confirm_gone_later(app: &App, uri: &Uri) -> Result<(), StoreError> {
    let now = app.now();
    let job = NewJob::new(&app.random, now, CONFIRM_GONE, json!({"uri": uri.as_str()}))
        .at(now + CONFIRM_AFTER)
        .once(format!("{CONFIRM_GONE}:{uri}"));
    app.write(move |tx| enqueue(tx, &job)).await?;
    Ok(())
}

async fn renew_copy(context: JobContext<App>, about: About) -> Result<(), JobError> {
    let Some(uri) = still_heard(&context.app, &about).await? else {
        return Ok(());
    };
    match refresh(&context.app, &uri).await {
        Ok(_) | Err(RemoteError::Net(NetError::Gone)) => Ok(()),
        Err(RemoteError::Net(error)) if error.may_pass() => {
            Err(JobError::Retry(anyhow::Error::new(error)))
        }
        Err(RemoteError::Store(error)) => Err(error.into()),
        Err(other) => Err(JobError::GiveUp(anyhow::Error::new(other))),
    }
}

async fn confirm_gone(context: JobContext<App>, about: About) -> Result<(), JobError> {
    let (app, now) = (context.app, context.now);
    let Some(uri) = still_heard(&app, &about).await? else {
        return Ok(());
    };
    match read::from_network(&app, &uri, Purpose::Object).await {
        Err(RemoteError::Net(NetError::Gone)) => {
            app.write(move |tx| store::mark_gone(tx, uri.as_str(), now))
                .await?;
            Ok(())
        }
        Err(RemoteError::Net(error)) if error.may_pass() => {
            Err(JobError::Retry(anyhow::Error::new(error)))
        }
        // It is there, or it is something else: the copy we hold stays.
        _ => Ok(()),
    }
}

/// The address, unless its server was blocked meanwhile.
async fn still_heard(app: &App, about: &About) -> Result<Option<Uri>, JobError> {
    let Ok(uri) = Uri::parse(&about.uri) else {
        return Ok(None);
    };
    let peer = peers::peer(app, &uri.origin()).await?;
    Ok(peer.heard_at_all().is_ok().then_some(uri))
}
