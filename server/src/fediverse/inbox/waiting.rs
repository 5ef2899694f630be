//! Activities that came before what they need: stored, and run again by a job (house.md §8).
//!
//! What is missing is fetched from its owner, or arrives by itself; whatever arrives wakes what
//! waits for it. After about a week the wait ends (security.md D54).

use interkpa_federation::permission::Voice;
use interkpa_federation::{Activity, Instant, Span, Trust, Uri, origin};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::store;
use crate::app::App;
use crate::db::conn::{Conn, atomically};
use crate::db::error::StoreError;
use crate::fediverse::client::{NetError, Purpose};
use crate::fediverse::receive::{self, Cleaned, Effect, Needs, Refusal, Sender};
use crate::fediverse::{peers, remote};
use crate::jobs::job::{Backoff, JobContext, JobError, JobKind, NewJob};
use crate::jobs::queue::enqueue;

const RESUME: &str = "fediverse.resume";
/// With the backoff below, about a week.
const ATTEMPTS_MAX: u16 = 38;
const BACKOFF: Backoff = Backoff {
    first: Span::seconds(10),
    longest: Span::hours(6),
};

/// Payload: the stored activity, and what is fetched for it.
#[derive(Debug, Serialize, Deserialize)]
struct Resume {
    activity: String,
    fetch: Option<String>,
}

/// The kinds of jobs of this module.
pub fn kinds() -> Vec<JobKind<App>> {
    vec![
        JobKind::new(RESUME, resume)
            .attempts_max(ATTEMPTS_MAX)
            .backoff(BACKOFF),
    ]
}

/// What follows from the effect of an activity: a job for one that waits, and the waking of those
/// that waited for this one or for its object.
///
/// # Errors
/// See [`StoreError`].
pub(super) fn after(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    activity: &Activity,
    effect: &Effect,
) -> Result<(), StoreError> {
    match effect {
        Effect::Waiting(needs) => {
            // What is fetched is asked for at once; what must arrive by itself gets a moment.
            let at = if needs.fetch {
                now
            } else {
                now + BACKOFF.first
            };
            enqueue_resume(app, tx, at, activity.id.as_str(), Some(needs))
        }
        Effect::Applied => {
            let object = activity.object().and_then(|object| object.get("id"));
            let mut arrived = vec![activity.id.as_str()];
            arrived.extend(object.and_then(Value::as_str));
            wake(app, tx, now, &arrived)
        }
        Effect::Ignored(_) | Effect::Unknown => Ok(()),
    }
}

/// Runs again at once what waits for one of these addresses. Features call it when something
/// appears that did not come as an activity.
///
/// # Errors
/// See [`StoreError`].
pub fn wake(app: &App, tx: &mut Conn, now: Instant, uris: &[&str]) -> Result<(), StoreError> {
    for id in store::waiting_for(tx, uris)? {
        enqueue_resume(app, tx, now, &id, None)?;
    }
    Ok(())
}

fn enqueue_resume(
    app: &App,
    tx: &mut Conn,
    at: Instant,
    activity: &str,
    needs: Option<&Needs>,
) -> Result<(), StoreError> {
    let fetch = needs
        .filter(|needs| needs.fetch)
        .map(|needs| needs.uri.as_str());
    let payload = json!({"activity": activity, "fetch": fetch});
    // A waking beside the patient job: the first one that succeeds settles the activity.
    let key = if needs.is_some() { "wait" } else { "wake" };
    let job = NewJob::new(&app.random, at, RESUME, payload)
        .at(at)
        .once(format!("{RESUME}:{key}:{activity}"));
    enqueue(tx, &job)?;
    Ok(())
}

/// What one run made of it.
enum Run {
    Settled,
    Still(Needs),
}

async fn resume(context: JobContext<App>, work: Resume) -> Result<(), JobError> {
    let (app, now) = (context.app, context.now);
    if let Some(uri) = work.fetch.as_deref().and_then(|text| Uri::parse(text).ok())
        && !obtain(&app, now, &work.activity, &uri).await?
    {
        return Ok(());
    }
    let (app_in, id) = (app.clone(), work.activity.clone());
    let run = app
        .write(move |tx| run_again(&app_in, tx, now, &id))
        .await?;
    match run {
        Run::Settled => Ok(()),
        // Obtained, and still not enough.
        Run::Still(_) if work.fetch.is_some() => end(&app, &work.activity, "not_taken").await,
        Run::Still(_) if context.attempt >= ATTEMPTS_MAX => {
            end(&app, &work.activity, "expired").await
        }
        Run::Still(needs) => Err(JobError::Retry(anyhow::anyhow!(
            "still waits for {}",
            needs.uri
        ))),
    }
}

/// Fetches what is missing from its owner and hands it to its feature, as if its owner had sent
/// it. `false` when the wait is over.
async fn obtain(app: &App, now: Instant, waiting: &str, uri: &Uri) -> Result<bool, JobError> {
    let peer = peers::peer(app, &uri.origin()).await?;
    if peer.heard_as(Trust::Allowed).is_err() {
        return end(app, waiting, "owner_not_heard").await.map(|()| false);
    }
    let document = match app.client.document(uri, Purpose::Object).await {
        Ok(document) => document,
        Err(error) if error.may_pass() => return Err(JobError::Retry(anyhow::Error::new(error))),
        Err(NetError::Gone) => return end(app, waiting, "object_gone").await.map(|()| false),
        Err(error) => return end(app, waiting, error.code()).await.map(|()| false),
    };
    let Some(activity) = as_if_sent(&document.id, &document.value) else {
        return end(app, waiting, "object_unusable").await.map(|()| false);
    };
    if let Err(error) = remote::fetch(app, &activity.actor).await {
        return end(app, waiting, error.code()).await.map(|()| false);
    }
    let (app_in, sender) = (
        app.clone(),
        Sender {
            peer,
            voice: Voice::Single,
        },
    );
    let cleaned = Cleaned::of(&activity);
    let taken = app
        .write(move |tx| -> Result<(), Refusal> {
            receive::dispatch(&app_in, tx, now, &sender, (&activity, &cleaned))?;
            wake(&app_in, tx, now, &[activity.id.as_str()])?;
            Ok(())
        })
        .await;
    match taken {
        Ok(()) => Ok(true),
        Err(Refusal {
            source: Some(error),
            ..
        }) => Err(error.into()),
        Err(refusal) => end(app, waiting, refusal.code).await.map(|()| false),
    }
}

/// An object fetched from its own address, as the `Create` its owner would have sent: serving it
/// there says as much as sending it.
fn as_if_sent(id: &Uri, object: &Value) -> Option<Activity> {
    let owner = origin::owner(object, &id.origin()).ok()?;
    Activity::parse(json!({
        "id": id.as_str(), "type": "Create", "actor": owner.as_str(), "object": object,
    }))
    .ok()
}

/// Runs a waiting activity again, with the tier its server has now.
fn run_again(app: &App, tx: &mut Conn, now: Instant, id: &str) -> Result<Run, StoreError> {
    let Some(row) = store::find(tx, id)?.filter(|row| row.state == "waiting") else {
        return Ok(Run::Settled);
    };
    let parsed = serde_json::from_str(&row.body)
        .ok()
        .and_then(|raw| Activity::parse(raw).ok());
    let Some(activity) = parsed else {
        store::note_state(tx, id, "ignored", Some("bad_json"))?;
        return Ok(Run::Settled);
    };
    let peer = peers::peer_in(app, tx, &activity.actor.origin())?;
    let actor = remote::held(tx, &activity.actor)?;
    let voice = actor.map_or(Voice::Single, |actor| actor.voice());
    let sender = Sender { peer, voice };
    let said = (&activity, &Cleaned::of(&activity));
    match atomically(tx, |tx| receive::dispatch(app, tx, now, &sender, said)) {
        Ok(Effect::Waiting(needs)) => Ok(Run::Still(needs)),
        Ok(effect) => {
            match &effect {
                Effect::Applied => store::note_state(tx, id, "applied", None)?,
                other => store::settle(tx, &activity.id, other)?,
            }
            after(app, tx, now, &activity, &effect)?;
            Ok(Run::Settled)
        }
        Err(Refusal {
            source: Some(error),
            ..
        }) => Err(error),
        Err(refusal) => {
            store::note_state(tx, id, "ignored", Some(refusal.code))?;
            Ok(Run::Settled)
        }
    }
}

/// Ends a wait without effect.
async fn end(app: &App, id: &str, reason: &'static str) -> Result<(), JobError> {
    let id = id.to_owned();
    app.write(move |tx| -> Result<(), StoreError> {
        let waits = store::find(tx, &id)?.is_some_and(|row| row.state == "waiting");
        if waits {
            store::note_state(tx, &id, "ignored", Some(reason))
        } else {
            Ok(())
        }
    })
    .await?;
    Ok(())
}
