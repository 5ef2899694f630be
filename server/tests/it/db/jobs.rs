use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use interkpa_federation::{Instant, Span};
use interkpa_server::clock::{Clock, FixedClock};
use interkpa_server::db::error::StoreError;
use interkpa_server::db::store::Store;
use interkpa_server::jobs::job::{Backoff, JobContext, JobError, JobKind, JobRegistry, NewJob};
use interkpa_server::jobs::queue;
use interkpa_server::jobs::runner::{Report, Runner, Waker};
use interkpa_server::random::Random;
use interkpa_server::testing::database::TestDatabase;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const START: Instant = Instant::from_seconds(1_800_000_000);

/// What the handlers of these tests share: what was run, and whether they fail.
#[derive(Clone, Default)]
struct Bench {
    ran: Arc<Mutex<Vec<String>>>,
    failing: Arc<AtomicBool>,
    woken: Arc<tokio::sync::Notify>,
}

async fn note(context: JobContext<Bench>, payload: String) -> Result<(), JobError> {
    context.app.ran.lock().unwrap().push(payload);
    context.app.woken.notify_one();
    if context.app.failing.load(Ordering::SeqCst) {
        return Err(JobError::Retry(anyhow::anyhow!(
            "attempt {} failed",
            context.attempt
        )));
    }
    Ok(())
}

async fn refuse(_: JobContext<Bench>, _: Value) -> Result<(), JobError> {
    Err(JobError::GiveUp(anyhow::anyhow!("never possible")))
}

async fn panics(_: JobContext<Bench>, _: Value) -> Result<(), JobError> {
    panic!("panic of the test")
}

fn registry() -> JobRegistry<Bench> {
    let backoff = Backoff {
        first: Span::seconds(10),
        longest: Span::minutes(5),
    };
    JobRegistry::new([
        JobKind::new("note", note).attempts_max(3).backoff(backoff),
        JobKind::new("refuse", refuse),
        JobKind::new("panics", panics)
            .attempts_max(2)
            .backoff(backoff),
    ])
    .unwrap()
}

struct Ground {
    database: TestDatabase,
    store: Store,
    bench: Bench,
    runner: Runner<Bench>,
    clock: FixedClock,
    waker: Waker,
    random: Random,
}

fn ground() -> Ground {
    let database = TestDatabase::fresh();
    let (store, bench, waker) = (database.store(), Bench::default(), Waker::default());
    let clock = FixedClock::new(START);
    let runner = Runner::new(
        bench.clone(),
        store.clone(),
        Arc::new(clock.clone()),
        registry(),
        waker.clone(),
        "this process".to_owned(),
    );
    Ground {
        database,
        store,
        bench,
        runner,
        clock,
        waker,
        random: Random::seeded(1),
    }
}

impl Ground {
    fn job(&self, kind: &'static str, payload: &str) -> NewJob {
        NewJob::new(&self.random, self.clock.now(), kind, json!(payload))
    }
    async fn enqueue(&self, job: NewJob) -> bool {
        self.store
            .write(move |tx| queue::enqueue(tx, &job))
            .await
            .unwrap()
    }
    async fn run_due(&self) -> Report {
        self.runner.run_due(self.clock.now()).await.unwrap()
    }
    async fn dead(&self) -> Vec<queue::DeadJob> {
        self.store
            .read(|conn| queue::dead(conn, None, 10))
            .await
            .unwrap()
    }
    fn ran(&self) -> Vec<String> {
        std::mem::take(&mut *self.bench.ran.lock().unwrap())
    }
}

const fn report(done: usize, retried: usize, dead: usize) -> Report {
    Report {
        done,
        retried,
        dead,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_workers_of_two_processes_claim_forty_jobs_once_each() {
    let ground = ground();
    for n in 0..40 {
        ground.enqueue(ground.job("note", &n.to_string())).await;
    }
    let other_process = ground.database.store();

    let mut workers = JoinSet::new();
    for n in 0..8 {
        let store = if n % 2 == 0 {
            ground.store.clone()
        } else {
            other_process.clone()
        };
        workers.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let claimed = store
                    .write(|tx| queue::claim(tx, "test", &["note", "refuse"], START, 3))
                    .await
                    .unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|job| job.id));
            }
        });
    }
    let all: Vec<String> = workers.join_all().await.into_iter().flatten().collect();

    assert_eq!(all.len(), 40);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 40);
    other_process.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_run_once_they_are_due_oldest_first_and_are_gone() {
    let ground = ground();
    ground
        .enqueue(ground.job("note", "later").at(START + Span::minutes(2)))
        .await;
    ground
        .enqueue(ground.job("note", "soon").at(START + Span::minutes(1)))
        .await;

    assert_eq!(ground.run_due().await, report(0, 0, 0));
    ground.clock.advance(Span::minutes(1));
    assert_eq!(ground.run_due().await, report(1, 0, 0));
    assert_eq!(ground.ran(), ["soon"]);
    ground.clock.advance(Span::minutes(5));
    assert_eq!(ground.run_due().await, report(1, 0, 0));
    assert_eq!(ground.run_due().await, report(0, 0, 0));
    assert_eq!(ground.ran(), ["later"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_enqueued_with_what_causes_it_or_not_at_all() {
    let ground = ground();
    let job = ground.job("note", "undone");

    let refused: Result<(), StoreError> = ground
        .store
        .write(move |tx| {
            queue::enqueue(tx, &job)?;
            Err(StoreError::NotFound)
        })
        .await;

    assert!(matches!(refused, Err(StoreError::NotFound)));
    assert_eq!(ground.run_due().await, report(0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unique_key_is_enqueued_once_until_it_was_run() {
    let ground = ground();

    assert!(
        ground
            .enqueue(ground.job("note", "first").once("nightly"))
            .await
    );
    assert!(
        !ground
            .enqueue(ground.job("note", "second").once("nightly"))
            .await
    );
    assert!(
        ground
            .enqueue(ground.job("note", "another").once("weekly"))
            .await
    );
    assert_eq!(ground.run_due().await, report(2, 0, 0));
    assert!(
        ground
            .enqueue(ground.job("note", "third").once("nightly"))
            .await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_job_is_tried_less_and_less_often_then_kept_as_dead() {
    let ground = ground();
    ground.enqueue(ground.job("note", "x").once("key")).await;
    ground.bench.failing.store(true, Ordering::SeqCst);

    assert_eq!(ground.run_due().await, report(0, 1, 0));
    ground.clock.advance(Span::milliseconds(9_999));
    assert_eq!(ground.run_due().await, report(0, 0, 0));
    ground.clock.advance(Span::milliseconds(1));
    assert_eq!(ground.run_due().await, report(0, 1, 0));
    ground.clock.advance(Span::milliseconds(19_999));
    assert_eq!(ground.run_due().await, report(0, 0, 0));
    ground.clock.advance(Span::milliseconds(1));
    assert_eq!(ground.run_due().await, report(0, 0, 1));
    ground.clock.advance(Span::days(30));
    assert_eq!(ground.run_due().await, report(0, 0, 0));

    let dead = ground.dead().await;
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].kind.as_str(), dead[0].attempts), ("note", 3));
    assert_eq!(dead[0].last_error.as_deref(), Some("attempt 3 failed"));
    assert!(
        ground.enqueue(ground.job("note", "y").once("key")).await,
        "its key is free again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_job_can_be_asked_for_again() {
    let ground = ground();
    ground.enqueue(ground.job("refuse", "")).await;
    assert_eq!(ground.run_due().await, report(0, 0, 1));
    let id = ground.dead().await.remove(0).id;

    let (again, now) = (id.clone(), ground.clock.now());
    ground
        .store
        .write(move |tx| queue::revive(tx, &again, now))
        .await
        .unwrap();
    let twice = ground
        .store
        .write(move |tx| queue::revive(tx, &id, now))
        .await;

    assert!(matches!(twice, Err(StoreError::NotFound)));
    assert_eq!(ground.run_due().await, report(0, 0, 1));
    let dead = ground.dead().await;
    assert_eq!(dead[0].last_error.as_deref(), Some("never possible"));
    let before = dead[0].id.clone();
    let next = ground
        .store
        .read(move |conn| queue::dead(conn, Some(&before), 10))
        .await
        .unwrap();
    assert!(next.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_costs_one_attempt_and_a_wrong_payload_all_of_them() {
    let ground = ground();
    ground.enqueue(ground.job("panics", "")).await;
    let wrong = NewJob::new(&ground.random, START, "note", json!({"not": "a text"}));
    ground.enqueue(wrong).await;

    assert_eq!(ground.run_due().await, report(0, 1, 1));
    ground.clock.advance(Span::minutes(1));
    assert_eq!(ground.run_due().await, report(0, 0, 1));

    let errors: Vec<String> = ground
        .dead()
        .await
        .into_iter()
        .filter_map(|job| job.last_error)
        .collect();
    assert!(errors.contains(&"it panicked".to_owned()), "{errors:?}");
    assert!(
        errors
            .iter()
            .any(|error| error.starts_with("the payload is not")),
        "{errors:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_a_process_that_died_is_run_by_another_after_its_lease() {
    let ground = ground();
    ground.enqueue(ground.job("note", "x")).await;
    let claim = |now| move |tx: &mut _| queue::claim(tx, "test", &["note"], now, 1);
    let lost = ground.store.write(claim(START)).await.unwrap().remove(0);

    ground
        .clock
        .advance(Span::milliseconds(queue::LEASE.as_milliseconds() - 1));
    assert_eq!(ground.run_due().await, report(0, 0, 0));
    ground.clock.advance(Span::milliseconds(1));
    let taken = ground
        .store
        .write(claim(ground.clock.now()))
        .await
        .unwrap()
        .remove(0);
    assert_eq!((taken.id.as_str(), taken.attempt), (lost.id.as_str(), 2));

    // The first process was only slow: what it says about the job counts no more.
    ground
        .store
        .write(move |tx| queue::finish(tx, &lost))
        .await
        .unwrap();
    ground.clock.advance(queue::LEASE);
    assert_eq!(ground.run_due().await, report(1, 0, 0));
    assert_eq!(ground.ran(), ["x"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_a_process_that_is_no_more_is_given_back_and_that_of_another_is_not() {
    let ground = ground();
    for job in ["x", "y"] {
        ground.enqueue(ground.job("note", job)).await;
    }
    for owner in ["killed", "alive"] {
        let claim = move |tx: &mut _| queue::claim(tx, owner, &["note"], START, 1);
        ground.store.write(claim).await.unwrap();
    }

    let holders = |conn: &mut _| queue::holders(conn, "this process");
    let mut before = ground.store.read(holders).await.unwrap();
    before.sort();
    let free = |tx: &mut _| queue::free_of(tx, "killed");
    let freed = ground.store.write(free).await.unwrap();

    assert_eq!((before, freed), (vec!["alive".into(), "killed".into()], 1));
    assert_eq!(ground.run_due().await, report(1, 0, 0));
    assert_eq!(ground.store.read(holders).await.unwrap(), ["alive"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_ends_the_process_each_time_is_given_up() {
    let ground = ground();
    ground.enqueue(ground.job("note", "x")).await;
    for _ in 0..3 {
        let now = ground.clock.now();
        ground
            .store
            .write(move |tx| queue::claim(tx, "test", &["note"], now, 1))
            .await
            .unwrap();
        ground.clock.advance(queue::LEASE);
    }

    assert_eq!(ground.run_due().await, report(0, 0, 1));
    assert!(ground.ran().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_kinds_this_program_does_not_know_are_left_alone() {
    let ground = ground();
    ground.enqueue(ground.job("of a newer version", "")).await;

    assert_eq!(ground.run_due().await, report(0, 0, 0));
    assert!(ground.dead().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loop_runs_what_it_is_woken_for_and_ends_after_what_is_running() {
    let ground = ground();
    let stop = CancellationToken::new();
    let (runner, token) = (ground.runner.clone(), stop.clone());
    let looping = tokio::spawn(async move { runner.run(token).await });

    for n in 0..20 {
        ground.enqueue(ground.job("note", &n.to_string())).await;
        ground.waker.wake();
        ground.bench.woken.notified().await;
    }
    stop.cancel();
    looping.await.unwrap();

    assert_eq!(
        ground.ran(),
        (0..20).map(|n| n.to_string()).collect::<Vec<_>>()
    );
    let left = ground
        .store
        .read(|conn| queue::next_due(conn, &["note"], START))
        .await
        .unwrap();
    assert_eq!(
        left, None,
        "the end of every job was written before the loop ended"
    );
}
