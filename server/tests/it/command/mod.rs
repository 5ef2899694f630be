//! The real binary, run as an operator would.
#![expect(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

mod backups;
mod founding;
mod life;
mod people;
mod restored;
mod usage;
mod votes;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use interkpa_server::app::App;
use interkpa_server::config::Config;
use interkpa_server::features::people::accounts::NewAccount;
use interkpa_server::features::people::commands::create_member;
use interkpa_server::features::people::rights::Role;
use interkpa_server::hub::{Hub, World};
use interkpa_server::testing::database::test_folder;

/// The binary with its data folder, ready for arguments.
fn interkpa(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_interkpa"));
    command.arg("--data").arg(data).env_remove("NOTIFY_SOCKET");
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    interkpa(data).args(arguments).output().unwrap()
}

/// Standard output of a command that must succeed.
fn done(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", talk(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// The JSON objects a command prints, one a line.
fn objects(data: &Path, arguments: &[&str]) -> Vec<serde_json::Value> {
    done(data, arguments)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = test_folder().join("command").join(name);
    // What a run before left; there is nothing the first time.
    drop(std::fs::remove_dir_all(&folder));
    folder.join("hub")
}

/// A hub of this machine made by `interkpa init`; answers its port.
fn init(data: &Path) -> u16 {
    let port = free_port();
    let address = format!("http://bobinette.localhost:{port}");
    let listen = format!("127.0.0.1:{port}");
    done(
        data,
        &[
            "init",
            "--loopback",
            "--base-url",
            &address,
            "--name",
            "La Bobinette",
            "--slug",
            "bobinette",
            "--listen",
            &listen,
        ],
    );
    port
}

/// Does something with the hub of a folder, as the hub itself would.
fn inside<T, F: Future<Output = T>>(data: &Path, work: impl FnOnce(App) -> F) -> T {
    let config = Config::load(data).unwrap();
    let world = World::real(&config).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let hub = Hub::open_beside(data, config, world).unwrap();
        let done = work(hub.app.clone()).await;
        hub.app.store.close().await;
        done
    })
}

/// An account that exists.
fn add_member(data: &Path, handle: &str, role: Role) {
    let account = NewAccount::parse(handle, "Une personne", "un mot de passe long").unwrap();
    inside(data, async |app| {
        create_member(&app, account, vec![role]).await.unwrap();
    });
}
