//! One hub: its data, its process, its proxy.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use diesel::prelude::*;
use interkpa_server::config::Config;
use interkpa_server::db::conn::Conn;
use interkpa_server::db::url::{DatabaseUrl, Engine};
use interkpa_server::features::people::accounts::NewAccount;
use interkpa_server::features::people::commands::{self, By, SampleAccount};
use interkpa_server::features::people::rights::Role;
use interkpa_server::hub::{Hub as Opened, World};
use interkpa_server::testing::database::{TestDatabase, test_folder};

use crate::proxy::Proxy;
use crate::rig::{eventually, free_port};

const PASSWORD: &str = "bonjour les voisins";

/// Whom a hub is made with: handle, name, telephone.
pub(crate) type Person = (String, String, String);

/// A hub that is killed and started again; its address is that of its proxy.
pub(crate) struct Hub {
    pub(crate) slug: &'static str,
    pub(crate) proxy: Proxy,
    database: TestDatabase,
    data: PathBuf,
    /// Where the process listens.
    port: u16,
    tokens: BTreeMap<String, String>,
    child: Mutex<Option<Child>>,
}

impl Hub {
    /// Makes a hub as an operator would, with its first people.
    pub(crate) async fn make(
        root: &Path,
        slug: &'static str,
        engine: Engine,
        people: &[Person],
    ) -> Self {
        let port = free_port();
        let proxy = Proxy::before(port).await;
        let database = TestDatabase::on(engine);
        let data = root.join(slug);
        let url = match database.url() {
            DatabaseUrl::Sqlite(file) => file.to_str().unwrap().to_owned(),
            DatabaseUrl::Postgres(address) => address.clone(),
        };
        let done = program(&data)
            .args([
                "init",
                "--loopback",
                "--slug",
                slug,
                "--name",
                slug,
                "--town",
                "Roubaix",
            ])
            .args([
                "--base-url",
                &format!("http://{slug}.localhost:{}", proxy.port),
            ])
            .args(["--listen", &format!("127.0.0.1:{port}"), "--database", &url])
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let tokens = settle(&data, people).await;
        Self {
            slug,
            proxy,
            database,
            data,
            port,
            tokens,
            child: Mutex::new(None),
        }
    }

    /// What others call it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}.localhost:{}", self.slug, self.proxy.port)
    }

    pub(crate) fn origin(&self) -> String {
        self.url()
    }

    pub(crate) fn token(&self, member: &str) -> &str {
        &self.tokens[member]
    }

    /// Starts the process, which nobody waits for.
    pub(crate) fn spawn(&self) {
        let log = File::options()
            .append(true)
            .create(true)
            .open(self.data.join("log"))
            .unwrap();
        let child = program(&self.data)
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let before = self.child.lock().unwrap().replace(child);
        assert!(before.is_none(), "{} runs already", self.slug);
    }

    /// Waits until it answers.
    pub(crate) async fn until_it_serves(&self) {
        eventually("the hub serves", async || {
            let ended = self.child.lock().unwrap().as_mut()?.try_wait().unwrap();
            assert!(
                ended.is_none(),
                "{} ended by itself: {}",
                self.slug,
                self.words()
            );
            let path = "/.well-known/nodeinfo";
            let answer = crate::proxy::ask(self.port, &self.url(), path).await?;
            answer.starts_with(b"HTTP/1.1 200").then_some(())
        })
        .await;
    }

    /// Ends the process as a power cut would: nothing is said to it.
    pub(crate) fn kill(&self) {
        let mut child = self
            .child
            .lock()
            .unwrap()
            .take()
            .expect("a process to kill");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Tells the process to end; its exit code.
    pub(crate) fn end(&self, signal: &str) -> Option<i32> {
        let mut child = self.child.lock().unwrap().take().expect("a process to end");
        let id = child.id().to_string();
        let told = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(told.success());
        child.wait().unwrap().code()
    }

    /// A command of the operator beside the process.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let done = program(&self.data).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{} {arguments:?}: {said}", self.slug);
        String::from_utf8(done.stdout).unwrap()
    }

    /// Its database, looked into from outside.
    pub(crate) fn look(&self) -> Conn {
        match self.database.url() {
            DatabaseUrl::Sqlite(file) => {
                Conn::Sqlite(SqliteConnection::establish(file.to_str().unwrap()).unwrap())
            }
            DatabaseUrl::Postgres(address) => Conn::Pg(PgConnection::establish(address).unwrap()),
        }
    }

    /// SQLite's own check of the whole file; PostgreSQL sees to its files itself.
    pub(crate) fn assert_whole(&self) {
        if let Conn::Sqlite(conn) = &mut self.look() {
            use diesel::connection::SimpleConnection as _;
            conn.batch_execute("PRAGMA busy_timeout=5000").unwrap();
            let verdict: String = diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>(
                "(SELECT group_concat(integrity_check) FROM pragma_integrity_check)",
            ))
            .get_result(conn)
            .unwrap();
            assert_eq!(verdict, "ok", "{}", self.slug);
        }
    }

    /// Its log says nothing of failures of its own.
    pub(crate) fn assert_never_failed(&self) {
        let words = self.words();
        let failures: Vec<&str> = words
            .lines()
            .filter(|line| line.contains(" ERROR ") || line.contains("panicked"))
            .take(5)
            .collect();
        assert!(failures.is_empty(), "{}: {failures:#?}", self.slug);
    }

    /// How often it has said that it serves.
    pub(crate) fn starts(&self) -> usize {
        self.words().matches(" serving ").count()
    }

    fn words(&self) -> String {
        std::fs::read_to_string(self.data.join("log")).unwrap_or_default()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The binary with a data folder.
fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_interkpa"));
    command
        .arg("--data")
        .arg(data)
        .env_remove("NOTIFY_SOCKET")
        .env("NO_COLOR", "1");
    command
}

/// A fresh folder for the data of a test.
pub(crate) fn fresh_folder(name: &str) -> PathBuf {
    let root = test_folder().join("kills").join(name);
    // What an earlier run left; there is nothing the first time.
    drop(std::fs::remove_dir_all(&root));
    root
}

/// Its first people, written beside a hub that does not run yet; their tokens.
async fn settle(data: &Path, people: &[Person]) -> BTreeMap<String, String> {
    let config = Config::load(data).unwrap();
    let world = World::real(&config).unwrap();
    let folder = data.to_owned();
    let opened = tokio::task::spawn_blocking(move || Opened::open_beside(&folder, config, world));
    let app = opened.await.unwrap().unwrap().app.clone();
    let hash = commands::hash_for_demo(PASSWORD).await.unwrap();
    let mut tokens = BTreeMap::new();
    for (handle, name, phone) in people {
        let sample = SampleAccount {
            account: NewAccount {
                handle: handle.clone(),
                name: name.clone(),
                password: PASSWORD.to_owned(),
            },
            hash: hash.clone(),
            roles: vec![Role::Cooperant],
            phone: phone.clone(),
            shares_contact: true,
            languages: "fr".to_owned(),
            town: "Roubaix".to_owned(),
            public_actor: false,
        };
        let member = commands::create_sample(&app, sample).await.unwrap();
        let label = "essai".to_owned();
        let token = commands::make_token(&app, By::Operator, member, label).await;
        tokens.insert(handle.clone(), token.unwrap());
    }
    app.store.close().await;
    tokens
}
