//! The one thread that writes to SQLite.
//!
//! It takes what has gathered since its last commit, at most [`BATCH_MAX`] jobs, runs each in a
//! savepoint of one transaction, commits once (one fsync for all), then answers. So nothing that
//! was acknowledged can be lost, and many writers cost one wait for the disk (storage.md 4.2).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tracing::{error, warn};

use crate::db::conn::{
    Conn, Purpose, atomically, begin_write, commit, connect, is_group_open, open_transactions,
    roll_back_to,
};
use crate::db::error::{StoreError, with_causes};
use crate::db::url::DatabaseUrl;

/// Jobs sharing one commit.
const BATCH_MAX: usize = 256;
/// Jobs waiting; beyond it `write` itself waits.
const QUEUE_MAX: usize = 1_024;
/// First and longest wait before the connection is opened again.
const REOPEN_FIRST: Duration = Duration::from_millis(250);
const REOPEN_MAX: Duration = Duration::from_secs(5);

/// Told whether the commit made the job's changes durable.
type Answer = Box<dyn FnOnce(bool) + Send>;
type Job = Box<dyn FnOnce(&mut Conn) -> Ran + Send>;

/// What a job leaves behind until the commit.
struct Ran {
    answer: Answer,
    kept: bool,
}

enum Message {
    Run(Job),
    Stop,
}

/// The door to the writing thread.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Writer {
    /// Starts the thread on an open connection; `url` is where to open it again.
    pub(super) fn start(conn: Conn, url: DatabaseUrl) -> std::io::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE_MAX);
        let desk = Desk {
            conn: Some(conn),
            url,
            reopen_after: REOPEN_FIRST,
        };
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || desk.write_until_closed(jobs))?;
        Ok(Self {
            queue,
            thread: Arc::new(Mutex::new(Some(thread))),
        })
    }

    /// Runs `f` inside the next group; `Ok` only once it is on the disk.
    pub(super) async fn write<T, E>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = in_savepoint(conn, f);
            let kept = result.is_ok();
            let answer: Answer = Box::new(move |committed| {
                let result = if committed || !kept {
                    result
                } else {
                    Err(lost().into())
                };
                drop(reply.send(result)); // nobody may be waiting any more
            });
            Ran { answer, kept }
        });
        // A job that is dropped unrun or uncommitted wrote nothing: its caller may try again.
        self.queue
            .send(Message::Run(job))
            .await
            .map_err(|_closed| StoreError::Busy)?;
        answer.await.map_err(|_dropped| StoreError::Busy)?
    }

    /// Writes and answers what is queued, refuses the rest, ends the thread.
    pub(super) async fn close(&self) {
        drop(self.queue.send(Message::Stop).await);
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(thread) = thread else { return };
        let ended = tokio::task::spawn_blocking(move || thread.join()).await;
        if !matches!(ended, Ok(Ok(()))) {
            error!("the writing thread ended in a panic");
        }
    }
}

fn lost() -> StoreError {
    StoreError::broken("the commit failed: nothing of this group was written")
}

/// A panic costs its own job only: its savepoint is undone and the group goes on. Should that fail
/// the transaction stays too deep, which [`Desk::write_group`] notices.
fn in_savepoint<T, E: From<StoreError>>(
    conn: &mut Conn,
    f: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    if let Ok(result) = catch_unwind(AssertUnwindSafe(|| atomically(conn, f))) {
        return result;
    }
    roll_back_to(conn, 1)?;
    Err(StoreError::broken("a write ended in a panic").into())
}

/// What the thread holds.
struct Desk {
    conn: Option<Conn>,
    url: DatabaseUrl,
    reopen_after: Duration,
}

impl Desk {
    fn write_until_closed(mut self, mut queue: mpsc::Receiver<Message>) {
        let mut inbox = Vec::with_capacity(BATCH_MAX);
        while queue.blocking_recv_many(&mut inbox, BATCH_MAX) > 0 {
            let mut jobs = Vec::with_capacity(inbox.len());
            for message in inbox.drain(..) {
                match message {
                    Message::Run(job) => jobs.push(job),
                    Message::Stop => queue.close(), // what is queued is still received and written
                }
            }
            if jobs.is_empty() {
                continue;
            }
            if let Err(error) = self.write_group(jobs) {
                error!("a group of writes failed: {}", with_causes(&error));
                self.conn = None;
            }
        }
    }

    /// Dropping a job or its answer tells its caller that nothing was written.
    fn write_group(&mut self, jobs: Vec<Job>) -> Result<(), StoreError> {
        let conn = self.reopened()?;
        begin_write(conn)?;
        let mut answers = Vec::with_capacity(jobs.len());
        for job in jobs {
            let ran = job(conn);
            answers.push(ran.answer);
            if !ran.kept && !is_group_open(conn) {
                return Err(StoreError::broken("the engine undid the whole group"));
            }
        }
        let committed = match open_transactions(conn)? {
            1 => commit(conn),
            _ => Err(StoreError::broken("a write left its transaction open")),
        };
        for answer in answers {
            answer(committed.is_ok());
        }
        committed
    }

    fn reopened(&mut self) -> Result<&mut Conn, StoreError> {
        if self.conn.is_none() {
            let opened = connect(&self.url, Purpose::Write);
            match opened {
                Ok((conn, _health)) => {
                    self.reopen_after = REOPEN_FIRST;
                    self.conn = Some(conn);
                }
                Err(error) => {
                    warn!(
                        "the database cannot be opened, next try in {:?}",
                        self.reopen_after
                    );
                    std::thread::sleep(self.reopen_after);
                    self.reopen_after = (self.reopen_after * 2).min(REOPEN_MAX);
                    return Err(error);
                }
            }
        }
        self.conn.as_mut().ok_or(StoreError::Busy)
    }
}
