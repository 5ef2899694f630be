//! One peer served: its deliveries one after the other, until there is none or it has to wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use interkpa_federation::delivery::{
    Attempt, Decision, Inbox, Item, Jitter, Outcome, on_result, patience,
};
use interkpa_federation::{Span, Trust, Uri};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::outcome::{Came, came};
use super::store::{self, ClaimedPeer, Due, Mark};
use super::{LEASE, Sender, chain};
use crate::bounded::Bounded;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::follows;
use crate::fediverse::client::{Payload, Signer};
use crate::fediverse::{member_keys, peers, remote};

/// Deliveries read, and marked, at a time.
const BATCH: i64 = 50;
/// Longest time between two writings of what was done: well below the lease.
const BATCH_TIME_MAX: Duration = Duration::from_secs(15);
/// How long nothing is sent after a failure that is our own.
const OWN_FAILURE_WAIT: Span = Span::minutes(1);
/// Activities held ready for several destinations.
const PREPARED_MAX: usize = 64;

/// What was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Deliveries that ended well.
    pub done: usize,
    /// Requests that did not end a delivery.
    pub failed: usize,
    /// Dead letters.
    pub dead: usize,
}

impl Report {
    pub(super) fn add(&mut self, other: Self) {
        self.done += other.done;
        self.failed += other.failed;
        self.dead += other.dead;
    }
}

/// An activity ready for every destination: its bytes, their hash, and who signs.
#[derive(Debug)]
struct Ready {
    payload: Payload,
    signer: Signer,
}

/// Activities prepared once, however many hubs they go to.
#[derive(Debug)]
pub(super) struct Prepared(Mutex<Bounded<String, Arc<Ready>>>);

impl Prepared {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Bounded::new(PREPARED_MAX)))
    }

    fn get(&self, id: &str) -> Option<Arc<Ready>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id.to_owned())
            .cloned()
    }

    fn keep(&self, id: &str, ready: &Arc<Ready>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(id.to_owned(), Arc::clone(ready));
    }
}

/// What one delivery leads to.
enum Next {
    /// The following one.
    GoOn,
    /// Nothing more for now.
    Stop,
}

/// What happened in one batch.
#[derive(Default)]
struct Batch {
    marks: Vec<Mark>,
    code: Option<&'static str>,
    report: Report,
    /// Which inboxes several actors share.
    shared: HashMap<String, bool>,
}

impl Sender {
    /// Serves a claimed peer and gives it back.
    pub(super) async fn serve(&self, mut peer: ClaimedPeer, stop: &CancellationToken) -> Report {
        let mut total = Report::default();
        loop {
            match self.serve_batch(&mut peer, stop).await {
                Ok((report, true)) => total.add(report),
                Ok((report, false)) => {
                    total.add(report);
                    break;
                }
                Err(error) => {
                    let origin = &peer.origin;
                    warn!(hub = %origin, error = chain(&error), "queue stopped");
                    break;
                }
            }
        }
        let (owner, origin) = (self.inner.owner.clone(), peer.origin.clone());
        let app = &self.inner.app;
        let released = app
            .store
            .write(move |tx| store::release(tx, &owner, &origin))
            .await;
        if let Err(error) = released {
            // The lease ends by itself.
            warn!(hub = %peer.origin, error = chain(&error), "lease not ended");
        }
        total
    }

    /// One batch of deliveries and the writing of their ends; whether there may be more.
    async fn serve_batch(
        &self,
        peer: &mut ClaimedPeer,
        stop: &CancellationToken,
    ) -> Result<(Report, bool), StoreError> {
        let app = &self.inner.app;
        let trust = peers::peer(app, &peer.origin).await?.trust;
        let origin = peer.origin.clone();
        let due = app
            .store
            .read(move |conn| store::batch(conn, &origin, BATCH))
            .await?;
        let before = peer.state;
        let mut batch = Batch::default();
        let mut more = !due.is_empty();
        if trust == Trust::Blocked {
            batch.marks.push(Mark::AllDead {
                status: None,
                code: "blocked",
            });
            more = false;
        } else {
            let began = tokio::time::Instant::now();
            for item in due {
                if stop.is_cancelled() || began.elapsed() > BATCH_TIME_MAX {
                    more = !stop.is_cancelled();
                    break;
                }
                match self.send_one(peer, item, trust, &mut batch).await? {
                    Next::GoOn => {}
                    Next::Stop => {
                        more = false;
                        break;
                    }
                }
            }
        }
        let report = batch.report;
        peer.state = self.write(peer, before, batch).await?;
        Ok((report, more))
    }

    /// Sends one delivery, in the other scheme too if the rules say so.
    async fn send_one(
        &self,
        peer: &mut ClaimedPeer,
        mut item: Due,
        trust: Trust,
        batch: &mut Batch,
    ) -> Result<Next, StoreError> {
        let app = &self.inner.app;
        let (Some(ready), Ok(inbox)) = (self.ready(&item).await?, Uri::parse(&item.inbox)) else {
            batch.marks.push(Mark::Dead {
                id: item.id,
                status: None,
                code: "not_sendable",
            });
            batch.report.dead += 1;
            return Ok(Next::GoOn);
        };
        let shared = if let Some(shared) = batch.shared.get(&item.inbox) {
            *shared
        } else {
            let address = item.inbox.clone();
            let found = app
                .store
                .read(move |conn| store::is_shared(conn, &address))
                .await?;
            batch.shared.insert(item.inbox.clone(), found);
            found
        };
        loop {
            let attempt = Attempt {
                started_at: app.now(),
                scheme: item.refusals.scheme(&peer.state),
                refusals: item.refusals,
                inbox: if shared {
                    Inbox::Shared
                } else {
                    Inbox::Personal
                },
                patience: patience(trust),
            };
            let sent = app
                .client
                .deliver(&inbox, &ready.payload, &ready.signer, attempt.scheme)
                .await;
            let outcome = match came(sent) {
                Came::Of(outcome) => outcome,
                Came::Ours(code) => return Ok(self.own_failure(peer, batch, code)),
            };
            let jitter = Jitter(u32::from_be_bytes(app.random.bytes()));
            let decision = on_result(&peer.state, &attempt, outcome, app.now(), jitter);
            if let Item::OtherScheme { refusals } = decision.item {
                peer.state = decision.peer;
                item.refusals = refusals;
                batch.report.failed += 1;
                continue;
            }
            return Ok(self.decided(peer, &item, outcome, &decision, batch));
        }
    }

    /// Notes what the rules decided about one delivery.
    fn decided(
        &self,
        peer: &mut ClaimedPeer,
        item: &Due,
        outcome: Outcome,
        decision: &Decision,
        batch: &mut Batch,
    ) -> Next {
        let app = &self.inner.app;
        let (status, code) = (outcome.status(), decision.code);
        let (id, hub) = (item.id.clone(), &peer.origin);
        let activity = &item.activity_id;
        peer.state = decision.peer;
        batch.code = (decision.item != Item::Done).then_some(code);
        let next = match decision.item {
            Item::Done => {
                batch.marks.push(Mark::Done { id });
                batch.report.done += 1;
                Next::GoOn
            }
            Item::CheckSelf { refusals } | Item::OtherScheme { refusals } => {
                warn!(%hub, activity.id = %activity, status, "{hub} does not believe our signature");
                batch.marks.push(Mark::Refused {
                    id,
                    refusals,
                    status,
                    code,
                });
                batch.report.failed += 1;
                Next::Stop
            }
            Item::Wait => {
                info!(%hub, activity.id = %activity, status, code, "{hub} is not reached, waiting");
                batch.report.failed += 1;
                Next::Stop
            }
            Item::Dead => {
                warn!(%hub, activity.id = %activity, status, "refused by {hub} for good");
                batch.marks.push(Mark::Dead { id, status, code });
                batch.report.dead += 1;
                Next::GoOn
            }
            Item::InboxGone => {
                warn!(%hub, activity.id = %activity, "an inbox of {hub} is gone");
                let inbox = item.inbox.clone();
                batch.marks.push(Mark::InboxDead {
                    inbox,
                    status,
                    code,
                });
                batch.report.dead += 1;
                // What else waits for that inbox is in this batch, too: read it anew.
                Next::Stop
            }
            Item::GiveUp => {
                warn!(%hub, "{hub} is not reached for weeks, giving up what waits for it");
                batch.marks.push(Mark::AllDead { status, code });
                batch.report.dead += 1;
                Next::Stop
            }
        };
        if peer.state.failures > 0 {
            // The next word of that peer reopens the way at once.
            app.fediverse.heard.forget(&peer.origin);
        }
        next
    }

    fn own_failure(&self, peer: &mut ClaimedPeer, batch: &mut Batch, code: &'static str) -> Next {
        warn!(hub = %peer.origin, code, "nothing can be sent, for a reason of our own");
        peer.state.next_try_at = self.inner.app.now() + OWN_FAILURE_WAIT;
        batch.code = Some(code);
        batch.report.failed += 1;
        Next::Stop
    }

    /// Writes the ends of a batch and the state of its peer; returns the state its row has now.
    async fn write(
        &self,
        peer: &ClaimedPeer,
        before: interkpa_federation::delivery::PeerState,
        batch: Batch,
    ) -> Result<interkpa_federation::delivery::PeerState, StoreError> {
        if batch.marks.is_empty() && batch.code.is_none() {
            return Ok(peer.state);
        }
        let app = &self.inner.app;
        let (now, owner, peer) = (app.now(), self.inner.owner.clone(), peer.clone());
        app.store
            .write(move |tx| {
                store::mark(tx, &peer.origin, now, &batch.marks)?;
                for mark in &batch.marks {
                    if let Mark::InboxDead { inbox, .. } = mark {
                        inbox_gone(tx, now, inbox)?;
                    }
                }
                store::save(tx, &owner, &before, &peer, batch.code, now + LEASE)?;
                store::peer_state(tx, &peer.origin)
            })
            .await
    }

    /// The activity of a delivery, ready to send; nothing when it or its key is gone.
    async fn ready(&self, item: &Due) -> Result<Option<Arc<Ready>>, StoreError> {
        if let Some(ready) = self.inner.prepared.get(&item.activity_id) {
            return Ok(Some(ready));
        }
        let (app, id) = (self.inner.app.clone(), item.activity_id.clone());
        let found = self
            .inner
            .app
            .store
            .read(move |conn| -> Result<_, StoreError> {
                let Some((actor, body)) = store::activity(conn, &id)? else {
                    return Ok(None);
                };
                let Ok(actor) = Uri::parse(&actor) else {
                    return Ok(None);
                };
                match member_keys::of_actor(&app, conn, &actor) {
                    Ok(keys) => Ok(Some((keys.signer(&actor), body))),
                    Err(StoreError::NotFound) => Ok(None),
                    Err(error) => Err(error),
                }
            })
            .await?;
        let Some((signer, body)) = found.filter(|(_, body)| !body.is_empty()) else {
            return Ok(None);
        };
        let ready = Arc::new(Ready {
            payload: Payload::new(body),
            signer,
        });
        self.inner.prepared.keep(&item.activity_id, &ready);
        Ok(Some(ready))
    }
}

/// An inbox of one actor answered 410: the actor is no more. The inbox of a whole server says
/// nothing about anybody in particular.
fn inbox_gone(
    tx: &mut Conn,
    now: interkpa_federation::Instant,
    inbox: &str,
) -> Result<(), StoreError> {
    for actor in remote::gone_with_inbox(tx, inbox, now)? {
        follows::actor_gone(tx, &actor)?;
    }
    Ok(())
}
