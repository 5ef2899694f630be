//! The loop that runs jobs: woken in-process, and looking every few seconds for what another
//! process enqueued.

use std::sync::Arc;
use std::time::Duration;

use interkpa_federation::Instant;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::clock::Clock;
use crate::db::error::{StoreError, with_causes};
use crate::db::store::Store;
use crate::jobs::job::{JobContext, JobError, JobKind, JobRegistry};
use crate::jobs::queue::{self, Claimed};

/// Jobs running at once in one process.
const RUNNING_MAX: usize = 4;
/// Longest time between two looks at the table.
const POLL: Duration = Duration::from_secs(5);
/// Shortest time between two looks that a wake-up causes: every write of the hub may ring.
const LOOK_GAP: Duration = Duration::from_millis(20);
/// Longest run of one attempt: half of [`queue::LEASE`].
const ATTEMPT_MAX: Duration = Duration::from_mins(5);
/// Rounds of [`Runner::run_due`]; a job that enqueues itself for the same instant would never end.
const ROUNDS_MAX: usize = 1_000;

/// Tells the runner that a job was enqueued. Call it after `Store::write` has returned.
#[derive(Debug, Clone, Default)]
pub struct Waker(Arc<Notify>);

impl Waker {
    /// Makes the runner look at once. Remembered when it is busy.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// What happened to the jobs of a [`Runner::run_due`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Succeeded.
    pub done: usize,
    /// To be tried again later.
    pub retried: usize,
    /// Left for somebody to look at.
    pub dead: usize,
}

enum Outcome {
    Done,
    Retried,
    Dead,
}

/// Runs the jobs of one process. Cheap to clone. `A` is the application its handlers are given.
pub struct Runner<A> {
    inner: Arc<Inner<A>>,
}

struct Inner<A> {
    app: A,
    store: Store,
    clock: Arc<dyn Clock>,
    registry: JobRegistry<A>,
    waker: Waker,
    /// Names this process in the leases.
    owner: String,
}

impl<A> Clone for Runner<A> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<A> std::fmt::Debug for Runner<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").finish_non_exhaustive()
    }
}

impl<A: Clone + Send + Sync + 'static> Runner<A> {
    /// A runner of the registered kinds, woken by `waker`, in the process `owner`.
    pub fn new(
        app: A,
        store: Store,
        clock: Arc<dyn Clock>,
        registry: JobRegistry<A>,
        waker: Waker,
        owner: String,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                app,
                store,
                clock,
                registry,
                waker,
                owner,
            }),
        }
    }

    /// Runs jobs as they become due until `stop`; then takes no more and waits for those running.
    pub async fn run(&self, stop: CancellationToken) {
        let mut running = JoinSet::new();
        while !stop.is_cancelled() {
            // Registered before looking: what is enqueued meanwhile wakes this round.
            let mut woken = std::pin::pin!(self.inner.waker.0.notified());
            woken.as_mut().enable();
            let next_look = tokio::time::Instant::now() + LOOK_GAP;
            let free = RUNNING_MAX - running.len().min(RUNNING_MAX);
            let pause = self
                .start_due(&mut running, free)
                .await
                .unwrap_or_else(|error| {
                    warn!("cannot look for jobs: {}", with_causes(&error));
                    POLL
                });
            tokio::select! {
                () = stop.cancelled() => {}
                () = woken, if free > 0 => tokio::time::sleep_until(next_look).await,
                () = tokio::time::sleep(pause), if free > 0 => {}
                Some(_ended) = running.join_next() => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// Runs everything due at `now`, and what that causes for the same instant. For tests under a
    /// clock they set, and for commands.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn run_due(&self, now: Instant) -> Result<Report, StoreError> {
        let mut report = Report::default();
        for _ in 0..ROUNDS_MAX {
            let claimed = self.claim(now, RUNNING_MAX).await?;
            if claimed.is_empty() {
                break;
            }
            let mut running = JoinSet::new();
            for job in claimed {
                let runner = self.clone();
                running.spawn(async move { runner.attempt(job, now).await });
            }
            for outcome in running.join_all().await {
                match outcome? {
                    Outcome::Done => report.done += 1,
                    Outcome::Retried => report.retried += 1,
                    Outcome::Dead => report.dead += 1,
                }
            }
        }
        Ok(report)
    }

    /// Starts what is due, and says how long nothing else will be.
    async fn start_due(
        &self,
        running: &mut JoinSet<()>,
        free: usize,
    ) -> Result<Duration, StoreError> {
        let now = self.inner.clock.now();
        let names = self.inner.registry.names();
        let next = self
            .inner
            .store
            .read(move |conn| queue::next_due(conn, &names, now))
            .await?;
        match next {
            Some(due) if due <= now && free > 0 => {
                for job in self.claim(now, free).await? {
                    let runner = self.clone();
                    running.spawn(async move {
                        if let Err(error) = runner.attempt(job, now).await {
                            // Its lease ends, then it is run again.
                            warn!("a job's end was not written: {}", with_causes(&error));
                        }
                    });
                }
                Ok(Duration::ZERO)
            }
            Some(due) => {
                let wait = u64::try_from((due - now).as_milliseconds()).unwrap_or(0);
                Ok(Duration::from_millis(wait).min(POLL))
            }
            None => Ok(POLL),
        }
    }

    async fn claim(&self, now: Instant, limit: usize) -> Result<Vec<Claimed>, StoreError> {
        let names = self.inner.registry.names();
        let limit = i64::try_from(limit).unwrap_or(1);
        let owner = self.inner.owner.clone();
        self.inner
            .store
            .write(move |conn| queue::claim(conn, &owner, &names, now, limit))
            .await
    }

    /// One attempt at a claimed job, and the note of its end.
    async fn attempt(&self, job: Claimed, now: Instant) -> Result<Outcome, StoreError> {
        let Some(kind) = self.inner.registry.find(&job.kind) else {
            return Ok(Outcome::Retried);
        };
        let result = if job.attempt > kind.attempts_max {
            Err(JobError::GiveUp(anyhow::anyhow!(
                "the process ended during each attempt"
            )))
        } else {
            self.handle(kind, &job, now).await
        };
        let (name, attempt, store) = (kind.name, job.attempt, &self.inner.store);
        match result {
            Ok(()) => {
                store.write(move |conn| queue::finish(conn, &job)).await?;
                Ok(Outcome::Done)
            }
            Err(JobError::Retry(error)) if attempt < kind.attempts_max => {
                let (run_at, text) = (now + kind.backoff.after(attempt), format!("{error:#}"));
                info!(
                    job.name = name,
                    attempt, "a job is to be tried again: {text}"
                );
                store
                    .write(move |conn| queue::retry_at(conn, &job, run_at, &text))
                    .await?;
                Ok(Outcome::Retried)
            }
            Err(JobError::Retry(error) | JobError::GiveUp(error)) => {
                let text = format!("{error:#}");
                error!(job.name = name, job.id = %job.id, attempt, "a job is given up: {text}");
                store
                    .write(move |conn| queue::bury(conn, &job, &text))
                    .await?;
                Ok(Outcome::Dead)
            }
        }
    }

    /// Runs the handler in a task of its own: a panic or an endless wait costs one attempt.
    async fn handle(&self, kind: &JobKind<A>, job: &Claimed, now: Instant) -> Result<(), JobError> {
        let context = JobContext {
            app: self.inner.app.clone(),
            now,
            attempt: job.attempt,
        };
        let mut task = JoinSet::new();
        task.spawn((kind.handler)(context, job.payload.clone()));
        match tokio::time::timeout(ATTEMPT_MAX, task.join_next()).await {
            Ok(Some(Ok(result))) => result,
            Ok(Some(Err(_)) | None) => Err(JobError::Retry(anyhow::anyhow!("it panicked"))),
            Err(_) => Err(JobError::Retry(anyhow::anyhow!(
                "it took longer than {ATTEMPT_MAX:?}"
            ))),
        }
    }
}
