//! What a job is: a name, a payload, and what to do with it.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;

use interkpa_federation::{Instant, Span};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::db::error::StoreError;
use crate::random::Random;

/// Attempts before a job is left for somebody to look at, unless its kind says otherwise.
const ATTEMPTS_MAX: u16 = 8;

/// A job to be enqueued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) payload: Value,
    pub(super) run_at: Instant,
    pub(super) unique_key: Option<String>,
    pub(super) created_at: Instant,
}

impl NewJob {
    /// A job of that kind, to be run as soon as possible. The payload holds ids, not copies of
    /// rows, and nothing secret.
    pub fn new(random: &Random, now: Instant, kind: &'static str, payload: Value) -> Self {
        let id = random.uuid_v7(now);
        Self {
            id,
            kind,
            payload,
            run_at: now,
            unique_key: None,
            created_at: now,
        }
    }

    /// The same job, not before `run_at`.
    #[must_use]
    pub fn at(self, run_at: Instant) -> Self {
        Self { run_at, ..self }
    }

    /// The same job, unless one with that key is still waiting or running.
    #[must_use]
    pub fn once(self, key: impl Into<String>) -> Self {
        Self {
            unique_key: Some(key.into()),
            ..self
        }
    }
}

/// Why an attempt did not succeed. The text is kept with the job and shown to administrators: no
/// personal data, nothing fetched.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It may succeed later.
    #[error("to be tried again")]
    Retry(#[source] anyhow::Error),
    /// It never will.
    #[error("given up")]
    GiveUp(#[source] anyhow::Error),
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::Retry(error.into())
    }
}

impl From<anyhow::Error> for JobError {
    fn from(error: anyhow::Error) -> Self {
        Self::Retry(error)
    }
}

/// How long to wait after a failed attempt: twice as long each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// After the first attempt.
    pub first: Span,
    /// Never longer.
    pub longest: Span,
}

impl Backoff {
    /// The wait after that many attempts.
    pub fn after(self, attempts: u16) -> Span {
        let doublings = u32::from(attempts.saturating_sub(1)).min(62);
        let wait = self
            .first
            .as_milliseconds()
            .saturating_mul(1_i64 << doublings);
        Span::milliseconds(wait).min(self.longest)
    }
}

impl Default for Backoff {
    /// From 10 seconds to 1 hour.
    fn default() -> Self {
        Self {
            first: Span::seconds(10),
            longest: Span::hours(1),
        }
    }
}

/// What a handler is given besides the payload. `A` is the application.
#[derive(Debug, Clone)]
pub struct JobContext<A> {
    /// The application: store, clock, client.
    pub app: A,
    /// When this attempt began.
    pub now: Instant,
    /// 1 for the first one.
    pub attempt: u16,
}

type Attempt = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
type Handler<A> = Box<dyn Fn(JobContext<A>, Value) -> Attempt + Send + Sync>;

/// How jobs of one name are run.
pub struct JobKind<A> {
    pub(super) name: &'static str,
    pub(super) attempts_max: u16,
    pub(super) backoff: Backoff,
    pub(super) handler: Handler<A>,
}

impl<A: 'static> JobKind<A> {
    /// Jobs of that name are given to `handler`, which may run more than once for one job: it must
    /// change nothing the second time. The name is stored: never rename it, add another kind.
    pub fn new<P, F>(
        name: &'static str,
        handler: impl Fn(JobContext<A>, P) -> F + Send + Sync + 'static,
    ) -> Self
    where
        P: DeserializeOwned,
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let handler = move |context, payload| -> Attempt {
            match serde_json::from_value(payload) {
                Ok(payload) => Box::pin(handler(context, payload)),
                Err(error) => Box::pin(std::future::ready(Err(JobError::GiveUp(
                    anyhow::Error::new(error).context("the payload is not of this kind"),
                )))),
            }
        };
        let handler = Box::new(handler);
        Self {
            name,
            attempts_max: ATTEMPTS_MAX,
            backoff: Backoff::default(),
            handler,
        }
    }

    /// The same kind with another number of attempts.
    #[must_use]
    pub fn attempts_max(self, attempts_max: u16) -> Self {
        Self {
            attempts_max,
            ..self
        }
    }

    /// The same kind with other waits between attempts.
    #[must_use]
    pub fn backoff(self, backoff: Backoff) -> Self {
        Self { backoff, ..self }
    }
}

impl<A> fmt::Debug for JobKind<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobKind")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// All kinds of jobs of this program. Jobs of other names are left to other programs: a newer
/// version may be running on the same database.
#[derive(Debug)]
pub struct JobRegistry<A> {
    kinds: BTreeMap<&'static str, JobKind<A>>,
}

/// Two kinds of jobs have one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("two kinds of jobs are named {0}")]
pub struct SameName(pub &'static str);

impl<A> JobRegistry<A> {
    /// A registry of these kinds.
    ///
    /// # Errors
    /// [`SameName`] when two of them would be given the same jobs.
    pub fn new(kinds: impl IntoIterator<Item = JobKind<A>>) -> Result<Self, SameName> {
        let mut registry = BTreeMap::new();
        for kind in kinds {
            if let Some(other) = registry.insert(kind.name, kind) {
                return Err(SameName(other.name));
            }
        }
        Ok(Self { kinds: registry })
    }

    pub(super) fn names(&self) -> Vec<&'static str> {
        self.kinds.keys().copied().collect()
    }

    pub(super) fn find(&self, name: &str) -> Option<&JobKind<A>> {
        self.kinds.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let backoff = Backoff {
            first: Span::seconds(10),
            longest: Span::minutes(1),
        };

        let waits: Vec<i64> = (0..=5)
            .map(|n| backoff.after(n).as_milliseconds() / 1_000)
            .collect();

        assert_eq!(waits, [10, 10, 20, 40, 60, 60]);
        assert_eq!(backoff.after(u16::MAX), Span::minutes(1));
    }

    #[test]
    fn two_kinds_of_one_name_are_refused() {
        let kind = || JobKind::new("same", |_: JobContext<()>, _: Value| async { Ok(()) });

        assert_eq!(
            JobRegistry::new([kind(), kind()]).unwrap_err(),
            SameName("same")
        );
    }
}
