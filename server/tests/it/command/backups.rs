//! Backups are sound or they are not backups; a restored hub says what is lost.

use std::fs;
use std::path::PathBuf;

use interkpa_server::db::error::StoreError;
use interkpa_server::db::facts;
use interkpa_server::features::people::rights::Role;

use super::{add_member, done, folder, init, inside, objects, run, talk};

fn back_up(data: &std::path::Path) -> PathBuf {
    let made = objects(data, &["backup", "--json"]);
    PathBuf::from(made[0]["path"].as_str().unwrap())
}

#[test]
fn a_backup_holds_database_keys_settings_and_pictures() {
    let data = folder("backup-whole");
    init(&data);
    add_member(&data, "leo", Role::Cooperant);
    fs::create_dir_all(data.join("media/01")).unwrap();
    fs::write(data.join("media/01/image.webp"), b"image").unwrap();

    let backup = back_up(&data);

    for file in [
        "hub.db",
        "interkpa.toml",
        "keys",
        "media/01/image.webp",
        "manifest.json",
    ] {
        assert!(backup.join(file).exists(), "{file}");
    }
    assert_eq!(objects(&data, &["backup", "list", "--json"]).len(), 1);
    done(&data, &["backup", "verify"]);
}

#[test]
fn a_damaged_backup_is_named_and_not_restored() {
    let data = folder("backup-damaged");
    init(&data);
    add_member(&data, "leo", Role::Cooperant);
    let backup = back_up(&data);
    let mut bytes = fs::read(backup.join("hub.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(backup.join("hub.db"), bytes).unwrap();

    assert_eq!(run(&data, &["backup", "verify"]).status.code(), Some(3));

    let elsewhere = folder("backup-damaged-elsewhere");
    let output = run(&elsewhere, &["restore", backup.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        talk(&output).contains("hub.db is damaged"),
        "{}",
        talk(&output)
    );
    assert!(!elsewhere.join("interkpa.toml").exists());
}

#[test]
fn a_restored_hub_begins_a_new_epoch_and_names_what_the_old_one_knew() {
    let data = folder("backup-restore");
    init(&data);
    add_member(&data, "leo", Role::Cooperant);
    done(&data, &["token", "make", "leo"]);
    done(&data, &["invite"]);
    let backup = back_up(&data);
    add_member(&data, "apres", Role::Cooperant);
    let elsewhere = folder("backup-restore-elsewhere");

    let told = objects(
        &elsewhere,
        &[
            "restore",
            backup.to_str().unwrap(),
            "--old",
            data.to_str().unwrap(),
            "--json",
        ],
    );

    let lost = told[0]["lost"].as_array().unwrap();
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert_eq!(lost[0]["title"], "apres");
    assert_eq!(told[0]["closed"]["tokens"], 1);
    assert_eq!(told[0]["closed"]["links"], 1);
    let epoch = inside(&elsewhere, async |app| {
        app.store
            .read(|conn| -> Result<_, StoreError> { facts::get(conn, facts::EPOCH) })
            .await
            .unwrap()
    });
    assert_eq!(epoch.as_deref(), told[0]["epoch"].as_str());
    let members = objects(&elsewhere, &["member", "list", "--json"]);
    assert_eq!(members.len(), 1);
    assert_eq!(members[0]["handle"], "leo");
}

#[test]
fn without_the_old_database_the_loss_is_bounded_by_two_instants() {
    let data = folder("backup-blind");
    init(&data);
    add_member(&data, "leo", Role::Cooperant);
    let backup = back_up(&data);
    let elsewhere = folder("backup-blind-elsewhere");

    let text = done(&elsewhere, &["restore", backup.to_str().unwrap()]);

    assert!(text.contains("Lost: everything done on this hub"), "{text}");
}

#[test]
fn nothing_is_restored_over_a_hub() {
    let data = folder("backup-over");
    init(&data);
    add_member(&data, "leo", Role::Cooperant);
    let backup = back_up(&data);

    let output = run(&data, &["restore", backup.to_str().unwrap()]);

    assert_eq!(output.status.code(), Some(1));
    assert!(talk(&output).contains("holds a hub"), "{}", talk(&output));
}
