//! `interkpa delivery`: what waits to be sent, what was given up, and sending it again.

use std::path::Path;

use anyhow::bail;
use clap::{Args, Subcommand};
use interkpa_federation::{Instant, Origin};
use serde_json::json;

use super::{Ended, operator};
use crate::app::App;
use crate::command::out;
use crate::db::error::StoreError;
use crate::fediverse::deliver::{self, Letter, LetterState, Letters, PeerQueue};
use crate::fediverse::peers::Decider;

/// Rows read at a time.
const PAGE: i64 = 100;
/// In the words of the audit trail.
const BY: Decider = Decider::Operator("delivery");

/// Sending to other servers.
#[derive(Debug, Args)]
pub(super) struct Delivery {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Shows how sending goes, server by server.
    Status {
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Shows what still waits, oldest first; with --dead what was given up.
    List {
        /// What was given up.
        #[arg(long)]
        dead: bool,
        /// Of this server only: https://bobinette.example.
        #[arg(long)]
        server: Option<String>,
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Sends again what was given up: one delivery by its id, or all of a server.
    Retry {
        /// Id of a delivery, as `list --dead` shows it.
        id: Option<String>,
        /// Everything to this server.
        #[arg(long, conflicts_with = "id")]
        server: Option<String>,
    },
}

impl Delivery {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        operator::with_app(data, async |app| {
            match self.verb {
                Verb::Status { json } => status(&app, json).await?,
                Verb::List { dead, server, json } => list(&app, dead, server, json).await?,
                Verb::Retry { id, server } => retry(&app, id, server).await?,
            }
            Ok(Ended::Well)
        })
    }
}

async fn status(app: &App, json: bool) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = deliver::queues(app, after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.origin.clone());
        for queue in &page {
            show_queue(queue, json);
        }
    }
}

fn show_queue(queue: &PeerQueue, as_json: bool) {
    let circuit = format!("{:?}", queue.circuit).to_lowercase();
    let oldest = queue.oldest.map(Instant::to_rfc3339);
    let success = queue.last_success_at.map(Instant::to_rfc3339);
    if as_json {
        out::json(&json!({
            "origin": queue.origin,
            "circuit": circuit,
            "waiting": queue.waiting,
            "oldest": oldest,
            "dead": queue.dead,
            "next_try_at": queue.next_try_at.to_rfc3339(),
            "last_success_at": success,
            "last_status": queue.last_status,
            "last_error": queue.last_error,
        }));
    } else {
        out::line(format!(
            "{:<8} {}  waiting {} (since {})  given up {}  last success {}  {}",
            circuit,
            queue.origin,
            queue.waiting,
            oldest.as_deref().unwrap_or("-"),
            queue.dead,
            success.as_deref().unwrap_or("never"),
            queue.last_error.as_deref().unwrap_or(""),
        ));
    }
}

async fn list(app: &App, dead: bool, server: Option<String>, json: bool) -> anyhow::Result<()> {
    let server = server.map(|text| origin(&text)).transpose()?;
    let server = server.map(|origin| origin.as_str().to_owned());
    let mut after = None;
    loop {
        let state = if dead {
            LetterState::Dead
        } else {
            LetterState::Waiting
        };
        let which = Letters {
            origin: server.clone(),
            after,
            ..Letters::new(state, PAGE)
        };
        let page = deliver::letters(app, which).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.id.clone());
        for letter in &page {
            show_letter(letter, json);
        }
    }
}

fn show_letter(letter: &Letter, as_json: bool) {
    let at = letter.created_at.to_rfc3339();
    if as_json {
        out::json(&json!({
            "id": letter.id,
            "origin": letter.origin,
            "inbox": letter.inbox,
            "activity": letter.activity_uri,
            "kind": letter.kind,
            "last_status": letter.last_status,
            "last_error": letter.last_error,
            "created_at": at,
            "ended_at": letter.ended_at.map(Instant::to_rfc3339),
        }));
    } else {
        out::line(format!(
            "{at}  {}  {}  {}  {}",
            letter.id,
            letter.origin,
            letter.kind,
            letter.last_error.as_deref().unwrap_or(""),
        ));
    }
}

async fn retry(app: &App, id: Option<String>, server: Option<String>) -> anyhow::Result<()> {
    match (id, server) {
        (Some(id), _) => match deliver::retry(app, &id, BY).await {
            Err(StoreError::NotFound) => {
                bail!("no delivery {id} is left to send: `interkpa delivery list` shows them")
            }
            done => done?,
        },
        (None, Some(server)) => {
            let revived = deliver::retry_peer(app, &origin(&server)?, BY).await?;
            out::talk(format!("{revived} deliveries to {server} wait again."));
        }
        (None, None) => bail!("say which: an id, or --server"),
    }
    Ok(())
}

fn origin(text: &str) -> anyhow::Result<Origin> {
    Origin::parse(text)
        .map_err(|_unread| anyhow::anyhow!("{text}: write it as https://bobinette.example"))
}
