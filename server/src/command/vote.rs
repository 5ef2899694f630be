//! `interkpa vote`: the votes of the network from a terminal. Who runs the machine does not vote: what
//! changes something asks for the token of a mandated member.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use interkpa_federation::governance::hash::ObjectHash;
use serde_json::{Value, json};

use super::{Ended, operator};
use crate::app::App;
use crate::command::out;
use crate::db::error::StoreError;
use crate::features::people::secret_hash;
use crate::features::people::store as people;
use crate::features::votes::api::{OpenBody, VoteLine, VoteView};
use crate::features::votes::commands::{self, Hand, NewBallot, NewPoll, Prepared};
use crate::features::votes::model::Mandated;
use crate::features::votes::view;
use crate::http::AppError;

/// Votes read at a time.
const PAGE: i64 = 100;

/// Votes of the network: one KPA, one voice.
#[derive(Debug, Args)]
pub(super) struct Vote {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Opens a vote from a JSON file, written as for `POST /api/v1/votes`.
    Open {
        /// The file.
        file: PathBuf,
        /// Token of a spokesperson.
        #[arg(long)]
        token: String,
    },
    /// Prepares the ballot of this KPA; without a second person to confirm it, it is cast.
    Cast {
        /// Hash of the vote.
        hash: String,
        /// A word (approve, oppose, consent, object, abstain), or JSON as in the JSON twin: a list of
        /// options, groups of options by rank, or a score for each option.
        choice: String,
        /// Why, for everyone to read.
        #[arg(long)]
        reason: Option<String>,
        /// How the members decided: consent, majority, delegate, assembly.
        #[arg(long)]
        mode: String,
        /// When they decided, such as 2026-11-20T18:00:00Z.
        #[arg(long)]
        decided_at: String,
        /// How many took part.
        #[arg(long)]
        participants: Option<u64>,
        /// Token of a spokesperson.
        #[arg(long)]
        token: String,
    },
    /// Confirms a prepared ballot as a second person: it is signed and sent.
    Confirm {
        /// Hash of the vote.
        hash: String,
        /// Key of the prepared ballot.
        id: String,
        /// Token of the second person.
        #[arg(long)]
        token: String,
    },
    /// Shows the votes, or one of them.
    Show {
        /// Hash of a vote.
        hash: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Writes the file with which anybody recounts a certified vote.
    Export {
        /// Hash of the vote.
        hash: String,
        /// Where to.
        #[arg(short, long)]
        output: PathBuf,
    },
}

impl Vote {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        operator::with_app(data, async |app| {
            match self.verb {
                Verb::Open { file, token } => open(&app, &file, &token).await?,
                Verb::Cast {
                    hash,
                    choice,
                    reason,
                    mode,
                    decided_at,
                    participants,
                    token,
                } => {
                    let mandate = Mandated {
                        mode,
                        decided_at,
                        participants,
                        in_favour: None,
                        against: None,
                        abstained: None,
                        minutes_sha256: None,
                        local_ref: None,
                    };
                    // A word needs no quotes on a command line.
                    let choice = serde_json::from_str(&choice).unwrap_or(Value::from(choice));
                    let new = NewBallot {
                        choice,
                        reason,
                        mandate,
                    };
                    let by = hand(&app, &token).await?;
                    let done =
                        commands::prepare(&app, &by, parsed(&hash)?, new, String::new()).await;
                    tell(&done.map_err(operator::refusal)?);
                }
                Verb::Confirm { hash, id, token } => {
                    let by = hand(&app, &token).await?;
                    let done = commands::confirm(&app, &by, parsed(&hash)?, &id).await;
                    tell(&done.map_err(operator::refusal)?);
                }
                Verb::Show { hash: None, json } => list(&app, json).await?,
                Verb::Show {
                    hash: Some(hash),
                    json,
                } => show(&app, parsed(&hash)?, json).await?,
                Verb::Export { hash, output } => export(&app, parsed(&hash)?, &output).await?,
            }
            Ok(Ended::Well)
        })
    }
}

fn parsed(text: &str) -> anyhow::Result<ObjectHash> {
    ObjectHash::parse(text).context("a vote is named by 64 digits from 0 to 9 and a to f")
}

/// The member of a token, who acts.
async fn hand(app: &App, token: &str) -> anyhow::Result<Hand> {
    let (hash, now) = (secret_hash(token.trim()), app.now());
    let found = app
        .store
        .read(move |conn| -> Result<_, StoreError> { people::token(conn, &hash, now) })
        .await?;
    match found {
        Some((member, _)) => Ok(Hand {
            member: member.id,
            roles: member.roles,
        }),
        None => bail!("no such token: `interkpa token make` makes one for a member"),
    }
}

async fn open(app: &App, file: &Path, token: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let body: OpenBody =
        serde_json::from_str(&text).context("the file does not describe a vote")?;
    let by = hand(app, token).await?;
    let new = NewPoll::try_from(body).map_err(operator::refusal)?;
    let hash = commands::open(app, &by, new)
        .await
        .map_err(operator::refusal)?;
    out::line(hash);
    Ok(())
}

fn tell(done: &Prepared) {
    if let Some(ballot) = done.ballot {
        out::line(ballot);
        let number = ballot.tracking_number();
        out::talk(format!("Cast. Tracking number: {number}"));
    } else {
        out::line(&done.id);
        out::talk("Prepared: a second mandated person confirms it with `interkpa vote confirm`.");
    }
}

async fn list(app: &App, as_json: bool) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let app_in = app.clone();
        let page = app
            .store
            .read(move |conn| -> Result<_, StoreError> { view::list(&app_in, conn, after, PAGE) })
            .await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some((last.closes_at, last.hash));
        for summary in &page {
            if as_json {
                out::json(&VoteLine::of(summary));
            } else {
                let outcome = summary.outcome.as_deref().filter(|_| summary.certified);
                out::line(format!(
                    "{}  {}  {}  {}",
                    summary.hash,
                    summary.closes_at.to_rfc3339(),
                    outcome.unwrap_or(summary.state.as_str()),
                    summary.title,
                ));
            }
        }
    }
}

async fn show(app: &App, hash: ObjectHash, as_json: bool) -> anyhow::Result<()> {
    let app_in = app.clone();
    let found = app
        .store
        .read(move |conn| -> Result<_, StoreError> { view::one(&app_in, conn, hash) })
        .await?;
    let whole = found.context("this KPA knows no such vote")?;
    if as_json {
        out::json(&VoteView::of(&whole));
        return Ok(());
    }
    out::line(format!(
        "{}\ncloses {}",
        whole.summary.title,
        whole.summary.closes_at.to_rfc3339()
    ));
    for elector in &whole.electors {
        let voices: Vec<String> = elector
            .voices
            .iter()
            .map(|voice| {
                let choice = voice
                    .choice
                    .as_ref()
                    .map_or_else(|| "hidden".to_owned(), Value::to_string);
                let of = whole.electors.len();
                format!("{choice} ({} of {of} hold it)", voice.received_by)
            })
            .collect();
        let voice = if voices.is_empty() {
            "has not voted".to_owned()
        } else {
            voices.join(" and ")
        };
        out::line(format!("  {:<24} {voice}", elector.name));
    }
    match whole.certified.filter(|one| !one.refuted) {
        Some(one) => out::line(format!(
            "certified: {}\n{}",
            one.result.outcome,
            one.result.to_json()
        )),
        None => out::line(format!(
            "{}: {} of {} signatures",
            whole.summary.state.as_str(),
            whole.signatures,
            whole.numbers.to_sign()
        )),
    }
    Ok(())
}

async fn export(app: &App, hash: ObjectHash, output: &Path) -> anyhow::Result<()> {
    let found: Result<_, AppError> = app
        .store
        .read(move |conn| -> Result<_, AppError> { Ok(view::bundle(conn, hash)?) })
        .await;
    let bundle = found
        .map_err(operator::refusal)?
        .context("this vote has no certified result here")?;
    fs::write(output, bundle.to_string()).with_context(|| output.display().to_string())?;
    out::json(&json!({"poll": hash.to_string(), "file": output.display().to_string()}));
    Ok(())
}
