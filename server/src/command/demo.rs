//! `interkpa demo`: the sample network on this machine, to look at and to try.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;
use interkpa_federation::Span;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::Ended;
use crate::command::{out, serve};
use crate::config::LogSection;
use crate::demo::samples::{HUBS, SampleHub};
use crate::demo::{Demo, Plan};
use crate::random::Random;

/// Starts sample hubs that federate for real on this machine.
#[derive(Debug, Args)]
pub(super) struct DemoCommand {
    /// How many hubs to start, 1 to 5.
    #[arg(long, default_value_t = HUBS.len())]
    hubs: usize,
    /// Start this sample hub alone, on the base port: for trials with several processes.
    #[arg(long, value_name = "NAME", conflicts_with = "hubs")]
    only: Option<String>,
    /// Port of the first hub; the others follow.
    #[arg(long, default_value_t = 8401)]
    base_port: u16,
    /// In how long the open vote of the sample network closes: 90s, 5m, 2h, 1d.
    #[arg(long, value_name = "SPAN", default_value = "30m", value_parser = span)]
    vote_closes: Span,
    /// One hub on another database: NAME=postgres://…
    #[arg(long = "database", value_name = "NAME=URL")]
    databases: Vec<String>,
    /// One JSON object a line, the last of the start being `{"event":"ready",…}`.
    #[arg(long)]
    json: bool,
    /// What the log holds, as in the settings.
    #[arg(long, default_value = "warn")]
    log: String,
}

impl DemoCommand {
    /// `data` is the folder asked for; without one a fresh folder is made and removed at the end.
    pub(super) fn run(self, data: Option<&Path>) -> anyhow::Result<Ended> {
        serve::logging(&LogSection {
            filter: self.log.clone(),
            ..LogSection::default()
        })?;
        let folder = match data {
            Some(folder) => Folder {
                path: folder.to_owned(),
                is_ours: false,
            },
            None => Folder::fresh()?,
        };
        let plan = Plan {
            hubs: self.chosen()?,
            base_port: self.base_port,
            data: folder.path.clone(),
            databases: databases(&self.databases)?,
            vote_closes: self.vote_closes,
        };
        if !crate::config::is_on_path("node") {
            out::talk(
                "Node is not installed. The demo runs without it; `cargo xtask test` needs it.",
            );
        }
        super::runtime()?.block_on(async {
            let stop = serve::stop_on_signal()?;
            if self.json {
                out::json(&json!({"event": "starting", "hubs": self.hubs}));
            } else {
                out::talk("Starting the sample network…");
            }
            self.serve(&plan, stop).await
        })?;
        Ok(Ended::Well)
    }

    fn chosen(&self) -> anyhow::Result<Vec<&'static SampleHub>> {
        if let Some(name) = &self.only {
            let Some(hub) = HUBS.iter().find(|hub| hub.slug == name) else {
                bail!("--only takes the name of a sample hub, such as bobinette");
            };
            return Ok(vec![hub]);
        }
        if !(1..=HUBS.len()).contains(&self.hubs) {
            bail!("--hubs takes a number from 1 to {}", HUBS.len());
        }
        Ok(HUBS.iter().take(self.hubs).collect())
    }

    async fn serve(&self, plan: &Plan, stop: CancellationToken) -> anyhow::Result<()> {
        let demo = Demo::start(plan, &stop).await?;
        if self.json {
            out::json(&ready(&demo));
        } else {
            tell(&demo);
        }
        demo.ended().await
    }
}

/// The folder of the demo; one that nobody asked for is removed at the end.
struct Folder {
    path: PathBuf,
    is_ours: bool,
}

impl Folder {
    fn fresh() -> anyhow::Result<Self> {
        let name: [u8; 8] = Random::system()?.bytes();
        let name = name
            .iter()
            .fold("interkpa-demo-".to_owned(), |t, b| format!("{t}{b:02x}"));
        let path = crate::config::scratch_folder().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Self {
            path,
            is_ours: true,
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.is_ours {
            // A folder that cannot be removed is left to the system's own cleaning.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// A number and a unit; a vote lives longer than the notice of the sample network.
fn span(text: &str) -> Result<Span, String> {
    let wrong = || "a span is a number and s, m, h or d, from 20s to 30d".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number: i64 = text
        .strip_suffix(unit)
        .and_then(|number| number.parse().ok())
        .filter(|number| (1..=2_592_000).contains(number))
        .ok_or_else(wrong)?;
    let span = match unit {
        's' => Span::seconds(number),
        'm' => Span::seconds(number.saturating_mul(60)),
        'h' => Span::seconds(number.saturating_mul(3_600)),
        'd' => Span::seconds(number.saturating_mul(86_400)),
        _ => return Err(wrong()),
    };
    if span < Span::seconds(20) || span > Span::days(30) {
        return Err(wrong());
    }
    Ok(span)
}

fn databases(texts: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    texts
        .iter()
        .map(|text| match text.split_once('=') {
            Some((name, url)) if HUBS.iter().any(|hub| hub.slug == name) => {
                Ok((name.to_owned(), url.to_owned()))
            }
            _ => bail!("--database takes NAME=URL with the name of a sample hub, not {text}"),
        })
        .collect()
}

fn ready(demo: &Demo) -> serde_json::Value {
    let hubs: Vec<_> = demo
        .hubs
        .iter()
        .map(|hub| {
            let members: Vec<_> = hub
                .accounts
                .iter()
                .map(|account| {
                    json!({
                        "handle": account.handle,
                        "role": account.role,
                        "password": account.password,
                        "token": account.token,
                    })
                })
                .collect();
            json!({"name": hub.slug, "url": hub.url, "database": hub.database, "members": members})
        })
        .collect();
    json!({"event": "ready", "hubs": hubs})
}

fn tell(demo: &Demo) {
    out::line("Le réseau d'exemple est prêt. Les personnes et les lieux sont inventés.\n");
    for hub in &demo.hubs {
        let handles: Vec<&str> = hub
            .accounts
            .iter()
            .map(|account| account.handle.as_str())
            .collect();
        out::line(format!(
            "  {:<20} {}\n      {}",
            hub.name,
            hub.url,
            handles.join(", ")
        ));
    }
    out::line(format!(
        "\nMot de passe de chaque compte : {}\nPour arrêter : Ctrl+C",
        crate::demo::PASSWORD
    ));
}
