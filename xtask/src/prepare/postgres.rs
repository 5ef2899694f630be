//! A PostgreSQL of our own for one run: own folder, free port, loopback only, removed at the end.
//!
//! It keeps nothing: `fsync` is off unless `INTERKPA_TEST_POSTGRES_FSYNC=on` (tests that kill it need it).

pub(super) mod find;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use super::machine::Machine;
use crate::{process, root};

/// Another program may take the free port before PostgreSQL does.
const STARTS_MAX: u32 = 3;
/// Database tests run side by side, each with pools of its own.
const CONNECTIONS_MAX: u32 = 300;
/// The folder of a run is called by this and the number of its process.
const PREFIX: &str = "postgres-";
/// The words of PostgreSQL, in English under `LC_MESSAGES=C`.
const READY: &str = "database system is ready to accept connections";

/// The user that PostgreSQL runs as when we are root, which it refuses.
#[derive(Debug, Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

impl User {
    /// The first of these users that exists.
    fn unprivileged() -> Result<Self> {
        let named = |name: &str| {
            Some(Self {
                uid: id("-u", name)?,
                gid: id("-g", name)?,
            })
        };
        ["postgres", "nobody"]
            .into_iter()
            .find_map(named)
            .ok_or_else(|| {
                anyhow!(
                    "root may not run PostgreSQL, and there is neither a user postgres nor nobody"
                )
            })
    }
}

fn id(what: &str, name: &str) -> Option<u32> {
    let mut command = Command::new("id");
    command.args([what, name]);
    process::captured(command).ok()?.trim().parse().ok()
}

/// A running PostgreSQL; dropping it stops it and removes its folder.
#[derive(Debug)]
pub(crate) struct Postgres {
    server: Child,
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    /// Makes a new cluster and starts it.
    ///
    /// # Errors
    /// When no user or folder can hold it, or it does not start; the message carries its last words.
    pub(super) fn start(programs: &Path, machine: &Machine) -> Result<Self> {
        let user = if machine.root {
            Some(User::unprivileged()?)
        } else {
            None
        };
        let folder = folder_for(user)?;
        let cluster = folder.join("cluster");
        let begun = initialise(programs, &cluster, user).and_then(|()| {
            let mut last = Err(anyhow!("never tried"));
            for _ in 0..STARTS_MAX {
                last = serve(programs, &cluster, user, machine);
                if last.is_ok() {
                    break;
                }
            }
            last
        });
        match begun {
            Ok((server, port)) => Ok(Self {
                server,
                folder,
                port,
            }),
            Err(error) => {
                let _ = fs::remove_dir_all(&folder);
                Err(error)
            }
        }
    }

    /// The address for administrators: databases are made from here.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it at once: nothing in it is worth a checkpoint. Its other processes notice and end too.
    fn stop(&mut self) -> Result<()> {
        let mut quit = Command::new("kill");
        quit.args(["-QUIT", &self.server.id().to_string()]);
        process::captured(quit)?;
        self.server.wait()?;
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.stop().is_err() {
            let _ = self.server.kill();
            let _ = self.server.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A folder of our own that the user can write in: under `target/`, else in the temporary folder, since
/// the repository may stand in a folder closed to others.
fn folder_for(user: Option<User>) -> Result<PathBuf> {
    let places = [root::ground(), std::env::temp_dir().join("interkpa-test")];
    for place in &places {
        remove_left_over(place);
        let folder = place.join(format!("{PREFIX}{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        if let Some(user) = user {
            std::os::unix::fs::chown(&folder, Some(user.uid), Some(user.gid))?;
        }
        let mut test = under(user, Path::new("test"));
        test.arg("-w").arg(&folder);
        if process::captured(test).is_ok() {
            return Ok(folder);
        }
        fs::remove_dir_all(&folder)?;
    }
    bail!("its user can write in none of {places:?}")
}

/// Removes the folders of runs that were killed before they could.
fn remove_left_over(place: &Path) {
    let entries = fs::read_dir(place)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    for entry in entries {
        let name = entry.file_name();
        let run = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        if run.is_some_and(has_ended) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether no program runs under this number; one that has ended but was not waited for has no file.
fn has_ended(process: &str) -> bool {
    let file = fs::read_link(Path::new("/proc").join(process).join("exe"));
    file.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

/// A program under the name of the user, in a folder that everybody may enter.
fn under(user: Option<User>, program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").env("LC_ALL", "C");
    if let Some(user) = user {
        command.gid(user.gid).uid(user.uid);
    }
    command
}

fn initialise(programs: &Path, cluster: &Path, user: Option<User>) -> Result<()> {
    let mut initdb = under(user, &programs.join("initdb"));
    initdb.arg("--pgdata").arg(cluster).args([
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
        "--no-instructions",
    ]);
    process::captured(initdb).map(drop)
}

/// Starts the server and returns once it says that it is ready.
fn serve(
    programs: &Path,
    cluster: &Path,
    user: Option<User>,
    machine: &Machine,
) -> Result<(Child, u16)> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let durable = machine
        .settings
        .get("INTERKPA_TEST_POSTGRES_FSYNC")
        .is_some_and(|on| on == "on");
    let durable = if durable { "on" } else { "off" };
    let settings = [
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
        "unix_socket_directories=".to_owned(),
        format!("max_connections={CONNECTIONS_MAX}"),
        "timezone=UTC".to_owned(),
        format!("fsync={durable}"),
        format!("synchronous_commit={durable}"),
        format!("full_page_writes={durable}"),
    ];
    let program = programs.join("postgres");
    // It must end with us even if we are killed: the kernel sees to it where `setpriv` can ask for that.
    let mut command = match machine.find("setpriv") {
        Some(setpriv) => {
            let mut command = under(user, &setpriv);
            command.args(["--pdeathsig", "QUIT"]).arg(program);
            command
        }
        None => under(user, &program),
    };
    command.arg("-D").arg(cluster);
    for setting in settings {
        command.arg("-c").arg(setting);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut server = command.spawn().context("cannot start postgres")?;
    let errors = server
        .stderr
        .take()
        .ok_or_else(|| anyhow!("postgres has no error output"))?;
    match wait_until_ready(errors) {
        Ok(()) => Ok((server, port)),
        Err(error) => {
            let _ = server.kill();
            server.wait()?;
            Err(error)
        }
    }
}

/// Reads its log until it is ready; the rest goes to a file from a thread of its own.
fn wait_until_ready(errors: impl Read + Send + 'static) -> Result<()> {
    let logs = root::ground().join("logs");
    fs::create_dir_all(&logs)?;
    let mut log = fs::File::create(logs.join("postgres.log"))?;
    let mut errors = BufReader::new(errors);
    let mut said = String::new();
    loop {
        let mut line = String::new();
        if errors.read_line(&mut line)? == 0 {
            bail!("postgres did not start: {}", process::tail(said.trim(), 5));
        }
        log.write_all(line.as_bytes())?;
        if line.contains(READY) {
            break;
        }
        said.push_str(&line);
    }
    thread::spawn(move || std::io::copy(&mut errors, &mut log));
    Ok(())
}

#[cfg(test)]
mod tests;
