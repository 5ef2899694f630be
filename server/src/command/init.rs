//! `interkpa init`: a new hub in an empty folder.

use std::path::Path;

use anyhow::{Context, bail};
use clap::Args;

use super::Ended;
use crate::command::out;
use crate::config::{
    Config, DatabaseSection, FILE_NAME, FederationMode, FederationSection, HubSection,
    LegalSection, ListenSection, LogSection, MediaSection, Profile, ProxySection, VotesSection,
};
use crate::fediverse::keys::HubKeys;
use crate::random::Random;

/// Where `/healthz`, `/readyz` and `/metrics` are (decision 30).
const INTERNAL: std::net::SocketAddr =
    std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9464);

/// Makes a new hub in the data folder.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// Full address of the hub, such as https://bobinette.example: fixed for ever.
    #[arg(long)]
    base_url: String,
    /// Name people read: « La Bobinette ».
    #[arg(long)]
    name: String,
    /// Name in the handle @slug@domain: a–z, 0–9, _.
    #[arg(long)]
    slug: String,
    /// Commune.
    #[arg(long, default_value = "")]
    town: String,
    /// Telephone of the place.
    #[arg(long, default_value = "")]
    phone: String,
    /// Address to listen on, behind the proxy.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: std::net::SocketAddr,
    /// SQLite file in the data folder, or postgres://…
    #[arg(long, default_value = "hub.db")]
    database: String,
    /// Hear guests too: any ActivityPub server may follow public things, reply and ask.
    #[arg(long)]
    open: bool,
    /// A hub for demo or tests: http on a *.localhost name of this machine.
    #[arg(long)]
    loopback: bool,
}

impl Init {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        let config = self.config();
        create(data, &config, &Random::system()?)?;
        out::talk(format!(
            "Hub {} made in {}.\nNext: `interkpa invite --role technical_admin` for its first \
             administrator, then `interkpa serve`.",
            config.hub.name,
            data.display()
        ));
        Ok(Ended::Well)
    }

    fn config(&self) -> Config {
        Config {
            profile: if self.loopback {
                Profile::Loopback
            } else {
                Profile::Production
            },
            hub: HubSection {
                base_url: self.base_url.clone(),
                name: self.name.clone(),
                slug: self.slug.clone(),
                summary: String::new(),
                town: self.town.clone(),
                phone: self.phone.clone(),
                accent: 1,
            },
            listen: ListenSection {
                public: self.listen,
                // The demo and tests run several hubs on one machine.
                internal: (!self.loopback).then_some(INTERNAL),
            },
            database: DatabaseSection {
                url: self.database.clone(),
            },
            federation: FederationSection {
                mode: if self.open {
                    FederationMode::Open
                } else {
                    FederationMode::Network
                },
                ..FederationSection::default()
            },
            media: MediaSection::default(),
            log: LogSection::default(),
            legal: LegalSection::default(),
            votes: VotesSection::default(),
            proxy: ProxySection::default(),
        }
    }
}

/// Writes settings and keys of a new hub. Also the first step of the demo and of tests.
///
/// # Errors
/// The folder holds a hub already, a setting breaks a rule, or the disk refuses.
pub fn create(data: &Path, config: &Config, random: &Random) -> anyhow::Result<()> {
    config.check()?;
    let file = data.join(FILE_NAME);
    if file.exists() {
        bail!(
            "{} holds a hub already: choose an empty folder with --data",
            data.display()
        );
    }
    std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
    HubKeys::create(data, random)?;
    std::fs::write(&file, config.to_toml())
        .with_context(|| format!("writing {}", file.display()))?;
    Ok(())
}
