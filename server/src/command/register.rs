//! `interkpa register`: how a network begins, who has a voice in it, and what this KPA says of itself.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Args, Subcommand};
use interkpa_federation::Instant;
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::genesis::{Founder, Genesis};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::register::Presence;
use interkpa_federation::governance::rules::Rules;
use interkpa_federation::multikey::{PublicKey, SecretKey};
use serde_json::{Value, json};

use super::{Ended, operator};
use crate::app::App;
use crate::command::out;
use crate::db::error::StoreError;
use crate::features::votes::fingerprint::fingerprint;
use crate::features::votes::register::Network;
use crate::features::votes::{founding, statements, view};

/// The register of the network: which KPA have a voice, by certified decisions.
#[derive(Debug, Args)]
pub(super) struct Register {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Founds a network, step by step: card, draft, sign, join, import.
    #[command(subcommand)]
    Found(Found),
    /// Shows who has a voice.
    Show {
        /// At that instant, or as the vote of that hash sees it; now without it.
        #[arg(long, value_name = "DATE|HASH")]
        at: Option<String>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Says that this KPA is away: votes opened from then on do not wait for it.
    Pause,
    /// Says that this KPA is back.
    Back,
}

#[derive(Debug, Subcommand)]
enum Found {
    /// Writes what this KPA brings to the meeting; read its fingerprint aloud there.
    Card {
        /// Public key kept on paper by the chair (`z6Mk…`); without it one is made and shown once.
        #[arg(long)]
        recovery_key: Option<String>,
        /// Where to.
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Writes the founding act from the cards of all founders, signed by this one.
    Draft {
        /// Name of the network.
        #[arg(long)]
        network: String,
        /// When the founders met, RFC 3339; now without it.
        #[arg(long)]
        held_at: Option<String>,
        /// First rules, JSON; the defaults of the protocol without it.
        #[arg(long)]
        rules: Option<PathBuf>,
        /// The cards.
        #[arg(required = true)]
        cards: Vec<PathBuf>,
        /// Where to.
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Signs a founding act after its fingerprint was compared aloud.
    Sign {
        /// The draft.
        file: PathBuf,
        /// Where to.
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Puts the signatures of several copies on one founding act.
    Join {
        /// The signed copies.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Where to.
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Takes the founding act in: this KPA belongs to its network from now on.
    Import {
        /// The act, signed by all.
        file: PathBuf,
        /// Its fingerprint, from the paper minutes: `sha256:` and 64 hex digits.
        #[arg(long)]
        genesis: String,
    },
}

impl Register {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        operator::with_app(data, async |app| {
            match self.verb {
                Verb::Found(step) => found(&app, step).await?,
                Verb::Show { at, json } => show(&app, at.as_deref(), json).await?,
                Verb::Pause => say(&app, Presence::Away).await?,
                Verb::Back => say(&app, Presence::Back).await?,
            }
            Ok(Ended::Well)
        })
    }
}

async fn say(app: &App, presence: Presence) -> anyhow::Result<()> {
    let hash = statements::presence(app, presence)
        .await
        .map_err(operator::refusal)?;
    out::line(hash);
    Ok(())
}

async fn found(app: &App, step: Found) -> anyhow::Result<()> {
    match step {
        Found::Card {
            recovery_key,
            output,
        } => {
            let card = founding::card(app, recovery(app, recovery_key.as_deref())?);
            write(&output, &card.to_json())?;
            out::line(format!("{}  {}", card.name, card.hub()));
            out::talk(format!(
                "Fingerprint to read aloud: {}",
                fingerprint(&card.key)
            ));
        }
        Found::Draft {
            network,
            held_at,
            rules,
            cards,
            output,
        } => {
            let held_at = match held_at {
                Some(text) => Instant::parse_rfc3339(&text).context("--held-at is no date")?,
                None => app.now(),
            };
            let rules = match rules {
                Some(file) => Rules::read(&read(&file)?).context("the rules cannot be read")?,
                None => founding::default_rules(),
            };
            let founders = cards
                .iter()
                .map(|file| Founder::read(&read(file)?).with_context(|| file.display().to_string()))
                .collect::<anyhow::Result<Vec<Founder>>>()?;
            let genesis = founding::genesis(&network, held_at, founders, rules);
            let signed = founding::sign(app, &genesis, app.now())?;
            write(&output, signed.original())?;
            told(&signed);
        }
        Found::Sign { file, output } => {
            let draft = object(&file)?;
            let signed = founding::sign(app, genesis_of(&draft)?, app.now())?;
            write(&output, signed.original())?;
            told(&signed);
        }
        Found::Join { files, output } => join(&files, &output)?,
        Found::Import { file, genesis } => {
            let digits = genesis.strip_prefix("sha256:").unwrap_or(&genesis);
            let fingerprint = ObjectHash::parse(&digits.to_ascii_lowercase())
                .context("a fingerprint is sha256: and 64 hex digits")?;
            let taken = founding::import(app, object(&file)?, fingerprint).await?;
            let founders = taken.founders.len();
            out::talk(format!("{}: {founders} founders.", taken.network));
        }
    }
    Ok(())
}

/// Puts the signatures of several copies together, and says whether all are there.
fn join(files: &[PathBuf], output: &Path) -> anyhow::Result<()> {
    let copies = files
        .iter()
        .map(|file| object(file))
        .collect::<anyhow::Result<Vec<Object>>>()?;
    let joined = founding::join(&copies)?;
    write(output, joined.original())?;
    let genesis = genesis_of(&joined)?;
    match joined.verify_genesis() {
        Ok(_) => out::talk("Signed by all founders."),
        Err(_) => out::talk(format!(
            "Not signed by all {} founders yet.",
            genesis.founders.len()
        )),
    }
    told(&joined);
    Ok(())
}

/// The fingerprint, as it is printed in the minutes and typed at the import.
fn told(genesis: &Object) {
    out::line(format!("sha256:{}", genesis.hash()));
}

fn recovery(app: &App, given: Option<&str>) -> anyhow::Result<PublicKey> {
    if let Some(text) = given {
        return PublicKey::from_multibase(text).context("--recovery-key is no Ed25519 key (z6Mk…)");
    }
    let seed = app.random.bytes::<32>();
    out::talk(format!(
        "Recovery key, shown once, to be kept on paper by the chair: {}",
        URL_SAFE_NO_PAD.encode(seed)
    ));
    Ok(SecretKey::from_seed(&seed).public())
}

fn read(file: &Path) -> anyhow::Result<Value> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))
}

fn write(file: &Path, value: &Value) -> anyhow::Result<()> {
    fs::write(file, format!("{value}\n")).with_context(|| file.display().to_string())
}

fn object(file: &Path) -> anyhow::Result<Object> {
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    Object::parse(&bytes).with_context(|| file.display().to_string())
}

fn genesis_of(object: &Object) -> anyhow::Result<&Genesis> {
    match object.body() {
        Body::Genesis(genesis) => Ok(genesis),
        _ => bail!("this is no founding act"),
    }
}

async fn show(app: &App, at: Option<&str>, as_json: bool) -> anyhow::Result<()> {
    if let Some(hash) = at.and_then(ObjectHash::parse) {
        return show_of_poll(app, hash, as_json).await;
    }
    let instant = match at {
        Some(text) => Instant::parse_rfc3339(text).context("--at takes a date or a hash")?,
        None => app.now(),
    };
    let network = app
        .store
        .read(move |conn| -> Result<_, StoreError> { view::network(conn, instant) })
        .await?
        .context("this KPA belongs to no network yet: `interkpa register found import`")?;
    if as_json {
        out::json(&described(&network));
        return Ok(());
    }
    out::line(format!("{}  sha256:{}", network.name, network.genesis));
    for entry in network.register.entries() {
        let name = network.homes.get(&entry.hub).map(|home| home.name.as_str());
        let voice = if entry.has_a_voice { "voice" } else { "-" };
        out::line(format!(
            "  {:<24} {:<6} {:<6} {}",
            name.unwrap_or("?"),
            entry.standing,
            voice,
            entry.hub
        ));
        out::line(format!("    {}", fingerprint(&entry.key)));
    }
    Ok(())
}

fn described(network: &Network) -> Value {
    let hubs: Vec<Value> = network
        .register
        .entries()
        .iter()
        .map(|entry| {
            let home = network.homes.get(&entry.hub);
            json!({
                "hub": entry.hub.to_string(),
                "name": home.map(|home| home.name.as_str()),
                "actor": home.map(|home| home.actor.as_str()),
                "key": entry.key.to_multibase(),
                "fingerprint": fingerprint(&entry.key),
                "standing": entry.standing.as_str(),
                "voice": entry.has_a_voice,
                "away": entry.presence == Presence::Away,
            })
        })
        .collect();
    let decisions = network.decisions.iter().map(ToString::to_string);
    json!({
        "network": network.name,
        "genesis": network.genesis.to_string(),
        "decisions": decisions.collect::<Vec<String>>(),
        "hubs": hubs,
        "rules": network.register.rules().to_json(),
    })
}

/// The electorate that a vote froze.
async fn show_of_poll(app: &App, hash: ObjectHash, as_json: bool) -> anyhow::Result<()> {
    let app_in = app.clone();
    let whole = app
        .store
        .read(move |conn| -> Result<_, StoreError> { view::one(&app_in, conn, hash) })
        .await?
        .context("this KPA knows no such vote")?;
    for elector in &whole.electors {
        let (hub, name) = (elector.hub.to_string(), &elector.name);
        if as_json {
            out::json(&json!({"hub": hub, "name": name}));
        } else {
            out::line(format!("  {name:<24} {hub}"));
        }
    }
    Ok(())
}
