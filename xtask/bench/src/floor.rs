//! What this machine can do at most, measured in the same run: the denominators of the report.
//!
//! The programs that answer run as processes of their own, so that their CPU is counted as a hub's
//! is, and the same client drives them with the same requests.

mod page;
mod receiver;
mod rsa;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use clap::Subcommand;

pub(crate) use rsa::rates;

/// A program that is a floor.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Floor {
    /// Answers GETs with bytes that are always the same.
    Page {
        /// How many bytes.
        #[arg(long)]
        bytes: usize,
    },
    /// Takes activities in: digest, RSA signature with parsed keys, JSON, one durable batched
    /// insert; no rules.
    Receiver {
        /// Folder of its database and of `keys.json`: public keys by key id.
        #[arg(long)]
        folder: PathBuf,
    },
}

impl Floor {
    /// Serves until it is ended; says its address on standard output first.
    pub(crate) fn serve(self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            match self {
                Self::Page { bytes } => page::serve(bytes).await,
                Self::Receiver { folder } => receiver::serve(&folder).await,
            }
        })
    }
}

/// A floor that runs; it is killed when dropped.
pub(crate) struct Running {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Running {
    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// Starts the page floor.
pub(crate) fn page(bytes: usize) -> Result<Running> {
    start(&["page", "--bytes", &bytes.to_string()])
}

/// Starts the floor receiver on an empty folder.
pub(crate) fn receiver(folder: &Path, keys: &serde_json::Value) -> Result<Running> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("keys.json"), keys.to_string())?;
    start(&["receiver", "--folder", &folder.display().to_string()])
}

/// The number of rows of the floor receiver.
pub(crate) fn received(folder: &Path) -> Result<i64> {
    receiver::count(folder)
}

fn start(arguments: &[&str]) -> Result<Running> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("floor")
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting a floor")?;
    let mut line = String::new();
    let output = child.stdout.take().context("a floor without output")?;
    BufReader::new(output).read_line(&mut line)?;
    let address = line.trim().parse();
    let running = Running {
        child,
        address: address.with_context(|| format!("a floor said {line:?}"))?,
    };
    Ok(running)
}
