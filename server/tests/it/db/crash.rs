use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use interkpa_server::db::backup;
use interkpa_server::db::store::Store;
use interkpa_server::db::url::{DatabaseUrl, Engine};
use interkpa_server::testing::database::{TestDatabase, setting};
use tokio::task::JoinSet;

use super::{buckets, count_once};

const VICTIM: &str = "INTERKPA_TEST_VICTIM";

/// This test starts itself as a second process, which writes and says what was acknowledged, and
/// ends it without warning. It cannot show what a loss of power does; `synchronous=FULL` is for that.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    if let Some(path) = setting(VICTIM) {
        return write_until_killed(&DatabaseUrl::Sqlite(path.into())).await;
    }
    let database = TestDatabase::on(Engine::Sqlite);
    let DatabaseUrl::Sqlite(path) = database.url() else {
        panic!("not SQLite")
    };
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args([
            "db::crash::nothing_acknowledged_is_lost_when_the_process_is_killed",
            "--exact",
            "--nocapture",
        ])
        .env(VICTIM, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();

    let mut said = BufReader::new(victim.stdout.take().unwrap()).lines();
    let is_answer = |line: &String| line.starts_with("acknowledged ");
    let mut acknowledged: Vec<String> = said
        .by_ref()
        .map(Result::unwrap)
        .filter(is_answer)
        .take(300)
        .collect();
    victim.kill().unwrap();
    acknowledged.extend(said.map_while(Result::ok).filter(is_answer));
    victim.wait().unwrap();

    let store = database.store();
    let kept = store.read(buckets).await.unwrap();
    store.close().await;
    backup::verify(path).unwrap();
    assert!(acknowledged.len() >= 300);
    for line in acknowledged {
        let bucket = line.strip_prefix("acknowledged ").unwrap();
        // The last line may have been cut: every whole one has eight digits.
        assert!(
            bucket.len() < 8 || kept.iter().any(|kept| kept == bucket),
            "{bucket} is lost"
        );
    }
}

async fn write_until_killed(url: &DatabaseUrl) {
    let store = Store::open(url).unwrap();
    let mut writers = JoinSet::new();
    for first in 0..16_u32 {
        let store = store.clone();
        writers.spawn(async move {
            for n in (first..10_000_000).step_by(16) {
                let bucket = format!("{n:08}");
                let written = bucket.clone();
                store
                    .write(move |tx| count_once(tx, &written))
                    .await
                    .unwrap();
                writeln!(std::io::stdout().lock(), "acknowledged {bucket}").unwrap();
            }
        });
    }
    writers.join_all().await;
}
