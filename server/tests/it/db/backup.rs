use std::fs;
use std::path::{Path, PathBuf};

use interkpa_server::db::backup::{self, BackupError};
use interkpa_server::db::store::Store;
use interkpa_server::db::url::{DatabaseUrl, Engine};
use interkpa_server::testing::database::TestDatabase;

use super::{buckets, count_once};

fn path(database: &TestDatabase) -> PathBuf {
    let DatabaseUrl::Sqlite(path) = database.url() else {
        panic!("not SQLite")
    };
    path.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_during_writes_holds_a_moment_between_two_of_them() {
    let database = TestDatabase::on(Engine::Sqlite);
    let (store, source) = (database.store(), path(&database));
    let target = source.with_file_name("copy.db");
    let writes = tokio::spawn({
        let store = store.clone();
        async move {
            for n in 0..200 {
                // Both or none, in the copy too.
                let pair = move |tx: &mut _| {
                    count_once(tx, &format!("{n:03} a"))?;
                    count_once(tx, &format!("{n:03} b"))
                };
                store.write(pair).await.unwrap();
            }
        }
    });

    let copied = tokio::task::spawn_blocking({
        let target = target.clone();
        move || backup::back_up(&source, &target)
    });
    copied.await.unwrap().unwrap();
    writes.await.unwrap();
    store.close().await;

    let restored = Store::open(&DatabaseUrl::Sqlite(target.clone())).unwrap();
    let buckets = restored.read(buckets).await.unwrap();
    let first: Vec<String> = (0..buckets.len() / 2)
        .flat_map(|n| [format!("{n:03} a"), format!("{n:03} b")])
        .collect();
    assert_eq!(buckets, first);
    restored.close().await;
    assert!(!target.with_extension("part").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_copy_is_refused() {
    let database = TestDatabase::on(Engine::Sqlite);
    let (store, source) = (database.store(), path(&database));
    for n in 0..50 {
        store
            .write(move |tx| count_once(tx, &format!("{n:0200}")))
            .await
            .unwrap();
    }
    store.close().await;
    let target = source.with_file_name("copy.db");
    backup::back_up(&source, &target).unwrap();
    backup::verify(&target).unwrap();

    let sound = fs::read(&target).unwrap();
    let damaged = |at: usize, length: usize| {
        let mut bytes = sound.clone();
        bytes[at..at + length].fill(0xA5);
        fs::write(&target, bytes).unwrap();
        backup::verify(&target)
    };
    let last_page = sound.len() - 4096;

    assert!(matches!(damaged(0, 100), Err(BackupError::Damaged(_))));
    let pages = (1..sound.len() / 4096)
        .filter(|page| damaged(page * 4096, 200).is_err())
        .count();
    assert!(pages > 10, "only damage to {pages} pages was noticed");
    fs::write(&target, &sound[..last_page]).unwrap();
    assert!(matches!(
        backup::verify(&target),
        Err(BackupError::Damaged(_))
    ));
    fs::remove_file(&target).unwrap();
    assert!(matches!(
        backup::verify(&target),
        Err(BackupError::File { .. })
    ));
    assert!(!target.exists(), "looking for a copy makes none");
}

#[test]
fn a_failed_backup_leaves_the_older_one() {
    let database = TestDatabase::on(Engine::Sqlite);
    let source = path(&database);
    let target = source.with_file_name("copy.db");
    backup::back_up(&source, &target).unwrap();
    let older = fs::read(&target).unwrap();

    fs::write(&source, b"no database at all").unwrap();
    let refused = backup::back_up(&source, &target);

    assert!(refused.is_err());
    assert_eq!(fs::read(&target).unwrap(), older);
    assert!(!target.with_extension("part").exists());
}

#[cfg(unix)]
#[test]
fn a_copy_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let database = TestDatabase::on(Engine::Sqlite);
    let source = path(&database);
    let target = source.with_file_name("copy.db");

    backup::back_up(&source, &target).unwrap();

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&target), 0o600);
}
