//! The sample network, built through the same commands as members use.
//!
//! Several hubs in one process, each an [`App`] of its own on its own port: only
//! the demo and tests do that (decision 31). They reach each other over loopback like any peers.

pub mod samples;
mod votes;

use std::path::{Path, PathBuf};

use anyhow::Context;
use interkpa_federation::vocabulary::terms::{KindName, Purpose, Settlement, Visibility};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::command::init;
use crate::config::{
    Config, DatabaseSection, FederationMode, FederationSection, HubSection, LegalSection,
    ListenSection, LogSection, MediaSection, Profile, ProxySection, VotesSection,
};
use crate::demo::samples::{SampleHub, SamplePerson, SampleProposal};
use crate::features::people::accounts::NewAccount;
use crate::features::people::commands::{self as people, By};
use crate::features::proposals::commands::write;
use crate::features::proposals::model;
use crate::features::proposals::model::category;
use crate::features::proposals::model::new::NewProposal;
use crate::fediverse::peers::{self, Decider};
use crate::hub::{Hub, World};
use crate::random::Random;

/// The one password of every sample account: said aloud on the terminal and on the sign-in page.
pub const PASSWORD: &str = "bonjour les voisins";

/// What to start.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Which hubs of the sample network.
    pub hubs: Vec<&'static SampleHub>,
    /// Port of the first one; the others follow.
    pub base_port: u16,
    /// Folder that holds one folder a hub.
    pub data: PathBuf,
    /// Hubs that keep their data elsewhere than in a SQLite file: (slug, address).
    pub databases: Vec<(String, String)>,
    /// In how long the open vote closes.
    pub vote_closes: interkpa_federation::Span,
}

/// A sample account and how to get into it.
#[derive(Debug, Clone)]
pub struct Account {
    /// Handle.
    pub handle: String,
    /// The role named first.
    pub role: String,
    /// Password.
    pub password: String,
    /// Bearer token of the JSON twin; empty when the folder held the hub already.
    pub token: String,
}

/// A sample hub that answers.
#[derive(Debug, Clone)]
pub struct Running {
    /// Slug.
    pub slug: &'static str,
    /// Name people read.
    pub name: &'static str,
    /// Its address.
    pub url: String,
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    /// Its accounts.
    pub accounts: Vec<Account>,
}

/// A demo that runs until `stop` is cancelled.
pub struct Demo {
    /// The hubs, in the order of their ports.
    pub hubs: Vec<Running>,
    /// The hubs themselves.
    pub apps: Vec<App>,
    serving: JoinSet<anyhow::Result<()>>,
}

impl Demo {
    /// Makes or opens the hubs, serves them, lets them know each other, fills new ones.
    ///
    /// # Errors
    /// A port in use, a folder that cannot be written.
    pub async fn start(plan: &Plan, stop: &CancellationToken) -> anyhow::Result<Self> {
        let mut opened = Vec::new();
        for (hub, port) in plan.hubs.iter().copied().zip(plan.base_port..) {
            opened.push(Opened::open(plan, hub, port).await?);
        }
        let (mut serving, mut apps) = (JoinSet::new(), Vec::new());
        for one in &mut opened {
            apps.push(one.app.clone());
            if let Some((hub, listener)) = one.parts.take() {
                serving.spawn(hub.serve(listener, stop.clone()));
            }
        }
        let mut hubs = Vec::new();
        for one in &opened {
            let accounts = if one.is_new {
                fill_people(one).await?
            } else {
                known(one)
            };
            let postgres = one.app.config.database.url.starts_with("postgres");
            hubs.push(Running {
                slug: one.sample.slug,
                name: one.sample.name,
                url: one.app.origin.as_str().to_owned(),
                database: if postgres { "postgres" } else { "sqlite" },
                accounts,
            });
        }
        acquaint(&apps).await?;
        for one in opened.iter().filter(|one| one.is_new) {
            publish(one).await?;
        }
        if opened.iter().all(|one| one.is_new) {
            let delegations: Vec<votes::Delegation<'_>> = opened
                .iter()
                .map(|one| votes::Delegation {
                    app: &one.app,
                    sample: one.sample,
                })
                .collect();
            votes::begin(&delegations, plan.vote_closes).await?;
        }
        Ok(Self {
            hubs,
            apps,
            serving,
        })
    }

    /// Waits until every hub has ended.
    ///
    /// # Errors
    /// The first one that failed.
    pub async fn ended(mut self) -> anyhow::Result<()> {
        while let Some(one) = self.serving.join_next().await {
            one.context("a hub of the demo")??;
        }
        Ok(())
    }
}

struct Opened {
    sample: &'static SampleHub,
    app: App,
    parts: Option<(Hub, TcpListener)>,
    is_new: bool,
}

impl Opened {
    async fn open(plan: &Plan, sample: &'static SampleHub, port: u16) -> anyhow::Result<Self> {
        let data = plan.data.join(sample.slug);
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("port {port} is in use: end what uses it, or choose another --base-port")
        })?;
        let is_new = !data.join(crate::config::FILE_NAME).exists();
        let database = plan.databases.iter().find(|(slug, _)| slug == sample.slug);
        let config = if is_new {
            let config = config(sample, port, database.map(|(_, url)| url.as_str()));
            make(&data, &config).await?;
            config
        } else {
            Config::load(&data)?
        };
        let world = World::real(&config)?;
        let hub = tokio::task::spawn_blocking(move || Hub::open(&data, config, world)).await??;
        Ok(Self {
            sample,
            app: hub.app.clone(),
            parts: Some((hub, listener)),
            is_new,
        })
    }
}

/// Making keys computes for a while.
async fn make(data: &Path, config: &Config) -> anyhow::Result<()> {
    let (data, config) = (data.to_owned(), config.clone());
    tokio::task::spawn_blocking(move || init::create(&data, &config, &Random::system()?)).await?
}

fn config(sample: &SampleHub, port: u16, database: Option<&str>) -> Config {
    Config {
        profile: Profile::Loopback,
        hub: HubSection {
            base_url: format!("http://{}.localhost:{port}", sample.slug),
            name: sample.name.to_owned(),
            slug: sample.slug.to_owned(),
            summary: sample.summary.to_owned(),
            town: sample.town.to_owned(),
            phone: sample.phone.to_owned(),
            accent: sample.accent,
        },
        listen: ListenSection {
            public: std::net::SocketAddr::from(([127, 0, 0, 1], port)),
            internal: None,
        },
        database: DatabaseSection {
            url: database.unwrap_or("hub.db").to_owned(),
        },
        federation: FederationSection {
            mode: FederationMode::Open,
            ..FederationSection::default()
        },
        media: MediaSection::default(),
        log: LogSection {
            filter: "warn".to_owned(),
            ..LogSection::default()
        },
        legal: LegalSection::default(),
        votes: VotesSection::default(),
        proxy: ProxySection::default(),
    }
}

fn account(person: &SamplePerson, token: String) -> Account {
    Account {
        handle: person.handle.to_owned(),
        role: person
            .roles
            .first()
            .map_or("user", |role| role.as_str())
            .to_owned(),
        password: PASSWORD.to_owned(),
        token,
    }
}

fn known(one: &Opened) -> Vec<Account> {
    one.sample
        .people
        .iter()
        .map(|person| account(person, String::new()))
        .collect()
}

async fn fill_people(one: &Opened) -> anyhow::Result<Vec<Account>> {
    let mut accounts = Vec::new();
    // One hash serves all: hashing costs as much as it must, and the password is no secret.
    let hash = people::hash_for_demo(PASSWORD).await.map_err(told)?;
    for person in one.sample.people {
        let new = NewAccount {
            handle: person.handle.to_owned(),
            name: person.name.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let sample = people::SampleAccount {
            account: new,
            hash: hash.clone(),
            roles: person.roles.to_vec(),
            phone: person.phone.to_owned(),
            shares_contact: person.shares_contact,
            languages: person.languages.to_owned(),
            town: one.sample.town.to_owned(),
            public_actor: person.public_actor,
        };
        let member = people::create_sample(&one.app, sample)
            .await
            .map_err(told)?;
        let label = "démonstration".to_owned();
        let token = people::make_token(&one.app, By::Operator, member, label)
            .await
            .map_err(told)?;
        accounts.push(account(person, token));
    }
    Ok(accounts)
}

/// Every hub allows every other one.
async fn acquaint(apps: &[App]) -> anyhow::Result<()> {
    for app in apps {
        for other in apps.iter().filter(|other| other.origin != app.origin) {
            let address = other.address("/hub");
            peers::allow(app, &address, "démonstration", Decider::Operator("demo"))
                .await
                .with_context(|| format!("{} allows {}", app.origin, other.origin))?;
        }
    }
    Ok(())
}

async fn publish(one: &Opened) -> anyhow::Result<()> {
    for sample in one.sample.proposals {
        let app = one.app.clone();
        let prepared = write::Prepared::of(proposal(one_town(&app), sample, app.now()));
        one.app
            .write(move |tx| -> Result<(), crate::http::AppError> {
                let now = app.now();
                let author = people::find_member(tx, sample.author)?
                    .ok_or_else(crate::http::AppError::not_found)?;
                write::publish(&app, tx, now, (&author, None), prepared, Vec::new())?;
                Ok(())
            })
            .await
            .map_err(told)?;
    }
    Ok(())
}

fn one_town(app: &App) -> &str {
    &app.config.hub.town
}

fn proposal(town: &str, sample: &SampleProposal, now: interkpa_federation::Instant) -> NewProposal {
    let settlements = sample
        .settlements
        .split(',')
        .filter_map(Settlement::parse)
        .collect::<Vec<_>>();
    NewProposal {
        purpose: Purpose::parse(sample.purpose).unwrap_or(Purpose::Offer),
        kind: KindName::parse(sample.kind).unwrap_or(KindName::Service),
        title: sample.title.to_owned(),
        description: sample.description.to_owned(),
        settlements,
        price_cents: (sample.price_cents > 0).then_some(sample.price_cents),
        minutes: (sample.minutes > 0).then_some(sample.minutes),
        quantity: sample.quantity,
        when_text: sample.when.to_owned(),
        town: town.to_owned(),
        category: category::guess(sample.title, sample.description),
        audience: Visibility::parse(sample.visibility).unwrap_or(Visibility::Public),
        first_hub: false,
        expires_at: now + model::LIFETIME_DEFAULT,
        lang: "fr".to_owned(),
    }
}

/// A refusal of a command in the words of the log.
fn told(error: crate::http::AppError) -> anyhow::Error {
    match error.source {
        Some(source) => source.context(error.code),
        None => anyhow::anyhow!("{} ({:?})", error.code, error.fields),
    }
}
