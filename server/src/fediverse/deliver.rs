//! The sending side: what waits for each peer, in the order of publication, one peer at a time.
//!
//! A row of `deliveries` is undone, done or dead: nothing else says what has to be sent, so that
//! nothing is stepped over (decision 22, 27). One process at a time serves a peer, by a lease on its
//! row of `delivery_peers`; several peers are served side by side. What an answer means is decided
//! by `interkpa_federation::delivery`; here are the loop, the requests and the rows.

mod letters;
mod outcome;
mod peer;
mod store;

use std::sync::Arc;
use std::time::Duration;

use interkpa_federation::{Instant, Span};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::app::App;
use crate::db::error::StoreError;
use crate::fediverse::{peers, refusals, remote};

pub use letters::{
    Letter, LetterState, Letters, PeerQueue, count_done_since, give_up_in, letters, queues,
    queues_of, retry, retry_in, retry_peer, retry_peer_in, troubles,
};
pub use peer::Report;
pub(in crate::fediverse) use store::reopen;
pub use store::{Silence, free_of, holders, silent_since};

/// Peers served at once by one process (performance.md §10, sizes).
pub const PEERS_MAX: usize = 64;
/// Longest time between two looks at the queue: another process may have filled it.
const POLL: Duration = Duration::from_secs(5);
/// How long a peer is left to the process that claimed it; renewed at each batch.
const LEASE: Span = Span::minutes(2);
/// Over which time a starting hub makes itself heard.
const HELLO_SPREAD: Duration = Duration::from_mins(1);

/// Sends what waits. Cheap to clone.
#[derive(Clone)]
pub struct Sender {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    /// Names this process in the leases.
    owner: String,
    prepared: peer::Prepared,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender")
            .field("owner", &self.inner.owner)
            .finish_non_exhaustive()
    }
}

impl Sender {
    /// The sender of the process `owner`.
    pub fn new(app: App, owner: String) -> Self {
        Self {
            inner: Arc::new(Inner {
                app,
                owner,
                prepared: peer::Prepared::new(),
            }),
        }
    }

    /// Sends as long as the hub runs; then finishes the requests under way and writes their ends.
    pub async fn run(&self, stop: CancellationToken) {
        let app = &self.inner.app;
        let mut greeting = JoinSet::new();
        let (sender, ending) = (self.clone(), stop.clone());
        greeting.spawn(async move { sender.make_itself_heard(&ending).await });
        let mut serving: JoinSet<Report> = JoinSet::new();
        while !stop.is_cancelled() {
            // Registered before looking: what is written meanwhile wakes this round.
            let mut woken = std::pin::pin!(app.deliveries_wake.notified());
            woken.as_mut().enable();
            let free = PEERS_MAX.saturating_sub(serving.len());
            let pause = self
                .start_due(&mut serving, free, &stop)
                .await
                .unwrap_or_else(|error| {
                    warn!(error = chain(&error), "cannot look for deliveries");
                    POLL
                });
            tokio::select! {
                () = stop.cancelled() => {}
                () = woken, if free > 0 => {}
                () = tokio::time::sleep(pause), if free > 0 => self.count_refusals().await,
                Some(_ended) = serving.join_next() => {}
            }
        }
        while serving.join_next().await.is_some() {}
        while greeting.join_next().await.is_some() {}
        self.count_refusals().await;
    }

    /// Sends everything that is due now, and what that causes for the same instant. For tests under
    /// a clock they set, and for commands.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn deliver_due(&self) -> Result<Report, StoreError> {
        let stop = CancellationToken::new();
        let mut total = Report::default();
        loop {
            let mut serving = JoinSet::new();
            self.start_due(&mut serving, PEERS_MAX, &stop).await?;
            if serving.is_empty() {
                return Ok(total);
            }
            while let Some(ended) = serving.join_next().await {
                total.add(ended.map_err(StoreError::broken)?);
            }
        }
    }

    /// Serves the peers that have something due, and says how long nobody else will.
    async fn start_due(
        &self,
        serving: &mut JoinSet<Report>,
        free: usize,
        stop: &CancellationToken,
    ) -> Result<Duration, StoreError> {
        let app = &self.inner.app;
        let now = app.now();
        let next = app
            .store
            .read(move |conn| store::next_due(conn, now))
            .await?;
        match next {
            Some(due) if due <= now && free > 0 => {
                let owner = self.inner.owner.clone();
                let limit = i64::try_from(free).unwrap_or(1);
                let claimed = app
                    .store
                    .write(move |tx| store::claim(tx, &owner, now, now + LEASE, limit))
                    .await?;
                for peer in claimed {
                    let (sender, stop) = (self.clone(), stop.clone());
                    serving.spawn(async move { sender.serve(peer, &stop).await });
                }
                Ok(Duration::ZERO)
            }
            Some(due) => Ok(duration_until(due, now).min(POLL)),
            None => Ok(POLL),
        }
    }

    /// One signed request to each hub of the network, so that those who gave us up for a while send
    /// again at once (performance.md §10 item 6). It renews our copies of them, too.
    async fn make_itself_heard(&self, stop: &CancellationToken) {
        let app = &self.inner.app;
        let hubs = app
            .store
            .read(peers::hub_addresses)
            .await
            .unwrap_or_else(|error| {
                warn!(error = chain(&error), "cannot read whom to greet");
                Vec::new()
            });
        let count = u32::try_from(hubs.len()).unwrap_or(u32::MAX).max(1);
        let pause = if app.origin.as_str().starts_with("https://") {
            HELLO_SPREAD / count
        } else {
            Duration::ZERO
        };
        for hub in hubs {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                // A hub that is down is not our concern now.
                _heard_or_not = remote::refresh(app, &hub) => {}
            }
        }
    }

    async fn count_refusals(&self) {
        if let Err(error) = refusals::flush(&self.inner.app).await {
            warn!(error = chain(&error), "refusals are not counted yet");
        }
    }
}

fn duration_until(due: Instant, now: Instant) -> Duration {
    Duration::from_millis(u64::try_from((due - now).as_milliseconds()).unwrap_or(0))
}

/// An error with its causes, for the log.
fn chain(error: &StoreError) -> &(dyn std::error::Error + 'static) {
    error
}
