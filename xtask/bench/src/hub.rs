//! The measured hub: its data folder, and the release binary run on it as a process.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use interkpa_server::command::init;
use interkpa_server::config::{
    Config, DatabaseSection, FILE_NAME, FederationSection, HubSection, LegalSection, ListenSection,
    LogSection, MediaSection, Profile, ProxySection, VotesSection,
};
use interkpa_server::random::Random;

use crate::client;

/// Settings that would refuse the load of one machine, as lines of the last section of the settings
/// file; printed with the report.
pub(crate) const RAISED: [&str; 2] = [
    "peer_requests_per_minute = 1000000000",
    "stranger_requests_per_minute = 1000000000",
];
/// How long a hub may take to answer for the first time.
const START_MAX: Duration = Duration::from_mins(1);
/// How long it may take to end.
const STOP_MAX: Duration = Duration::from_secs(30);
/// Between two tries to reach it.
const TRY_AGAIN: Duration = Duration::from_millis(1);

/// A hub that is not running.
#[derive(Debug, Clone)]
pub(crate) struct Hub {
    /// Its data folder.
    pub(crate) data: PathBuf,
    /// Its settings.
    pub(crate) config: Config,
    binary: PathBuf,
}

/// A hub that runs; it is killed when dropped.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Its host, as requests name it.
    pub(crate) host: String,
    /// Its origin.
    pub(crate) origin: String,
    /// From the start of the process to the first answer.
    pub(crate) started_in: Duration,
}

impl Hub {
    /// Makes a new hub in a folder, with the settings of any new hub.
    pub(crate) fn make(data: &Path, binary: &Path) -> Result<Self> {
        let (public, internal) = (free_port()?, free_port()?);
        let config = Config {
            profile: Profile::Loopback,
            hub: HubSection {
                base_url: format!("http://bench.localhost:{}", public.port()),
                name: "La Mesure".to_owned(),
                slug: "mesure".to_owned(),
                summary: "Une KPA pour mesurer.".to_owned(),
                town: "Roubaix".to_owned(),
                phone: String::new(),
                accent: 1,
            },
            listen: ListenSection {
                public,
                internal: Some(internal),
            },
            database: DatabaseSection::default(),
            federation: FederationSection::default(),
            media: MediaSection::default(),
            log: LogSection::default(),
            proxy: ProxySection::default(),
            legal: LegalSection::default(),
            votes: VotesSection::default(),
        };
        init::create(data, &config, &Random::system()?)?;
        let mut settings = OpenOptions::new().append(true).open(data.join(FILE_NAME))?;
        writeln!(settings, "{}", RAISED.join("\n"))?;
        Ok(Self {
            data: data.to_owned(),
            config,
            binary: binary.to_owned(),
        })
    }

    /// The same hub with a copy of its data, in another folder. Only one of them may run at a time.
    pub(crate) fn copied(&self, data: &Path) -> Result<Self> {
        copy(&self.data, data).with_context(|| format!("copying to {}", data.display()))?;
        Ok(Self {
            data: data.to_owned(),
            ..self.clone()
        })
    }

    /// Starts the binary and waits for its first page.
    pub(crate) fn start(&self) -> Result<Running> {
        let log = File::create(self.data.join("bench.log"))?;
        let began = Instant::now();
        let child = Command::new(&self.binary)
            .arg("--data")
            .arg(&self.data)
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("starting {}", self.binary.display()))?;
        let origin = self.config.hub.base_url.clone();
        let host = origin.trim_start_matches("http://").to_owned();
        let mut running = Running {
            child,
            address: self.config.listen.public,
            host,
            origin,
            started_in: Duration::ZERO,
        };
        let request = client::get(&running.host, "/", "text/html");
        loop {
            if answers(running.address, &request) {
                running.started_in = began.elapsed();
                return Ok(running);
            }
            if let Some(status) = running.child.try_wait()? {
                let log = fs::read_to_string(self.data.join("bench.log"))?;
                bail!("the hub ended with {status}: {log}");
            }
            if began.elapsed() > START_MAX {
                bail!("the hub does not answer");
            }
            std::thread::sleep(TRY_AGAIN);
        }
    }

    /// Bytes of its database, the log of changes included.
    pub(crate) fn database_bytes(&self) -> u64 {
        ["hub.db", "hub.db-wal"]
            .iter()
            .filter_map(|name| fs::metadata(self.data.join(name)).ok())
            .map(|file| file.len())
            .sum()
    }
}

impl Running {
    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end and waits.
    pub(crate) fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.pid().to_string()])
            .status()?;
        let end = Instant::now() + STOP_MAX;
        while asked.success() && Instant::now() < end {
            if let Some(status) = self.child.try_wait()? {
                if status.success() {
                    return Ok(());
                }
                bail!("the hub ended with {status}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("the hub did not end in time");
    }

    /// Ends it as a power cut of the process would: SIGKILL.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// Whether a request is answered 200.
fn answers(address: SocketAddr, request: &[u8]) -> bool {
    use std::io::Read as _;
    let Ok(mut stream) = std::net::TcpStream::connect(address) else {
        return false;
    };
    let mut begin = [0_u8; 12];
    stream.write_all(request).is_ok()
        && stream.read_exact(&mut begin).is_ok()
        && begin.ends_with(b" 200")
}

fn free_port() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
