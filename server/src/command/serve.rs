//! `interkpa serve`: the hub of a data folder, until it is told to stop.

use std::path::Path;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::Ended;
use crate::config::{Config, LogFormat, LogSection, notify_socket};
use crate::hub::{Hub, World};

/// Serves the hub of the data folder.
#[derive(Debug, Args)]
pub(super) struct Serve {}

impl Serve {
    #[expect(clippy::unused_self, reason = "every command has the same shape")]
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        let config = Config::load(data)?;
        logging(&config.log)?;
        let world = World::real(&config)?;
        let address = config.listen.public;
        super::runtime()?.block_on(async {
            // First of all: a hub told to stop while it opens ends in order too.
            let stop = stop_on_signal()?;
            let hub = Hub::open(data, config, world)?;
            let listener = TcpListener::bind(address)
                .await
                .with_context(|| format!("listening on {address}"))?;
            info!(hub = hub.app.origin.as_str(), %address, "serving");
            notify_ready();
            hub.serve(listener, stop).await
        })?;
        Ok(Ended::Well)
    }
}

/// Tells systemd that connections are taken (`sd_notify(3)`): one datagram, no library.
fn notify_ready() {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    let Some(path) = notify_socket() else {
        return;
    };
    let address = match path.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(&path),
    };
    let told = address.and_then(|address| {
        let socket = UnixDatagram::unbound()?;
        socket.send_to_addr(b"READY=1\nSTATUS=serving", &address)
    });
    if let Err(error) = told {
        warn!(%error, "systemd could not be told");
    }
}

/// Starts the log on standard error.
pub(super) fn logging(section: &LogSection) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&section.filter)
        .with_context(|| format!("setting `log.filter`: {}", section.filter))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match section.format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}

/// A token cancelled by SIGINT or SIGTERM.
pub(super) fn stop_on_signal() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    let token = stop.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "lives as long as the process, like the signal handlers"
    )]
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        token.cancel();
    });
    Ok(stop)
}
