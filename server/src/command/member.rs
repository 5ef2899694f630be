//! `interkpa member`: accounts of this hub, as the operator sees them.

use std::path::Path;

use clap::{Args, Subcommand};
use interkpa_federation::Instant;
use serde_json::json;

use super::{Ended, operator};
use crate::app::App;
use crate::command::out;
use crate::features::people::commands::{leaving, recovery, team};
use crate::features::people::rights::Role;
use crate::features::people::store::roster::MemberRow;

/// Accounts: shown, given back, closed for a time. New people: `interkpa invite`.
#[derive(Debug, Args)]
pub(super) struct Member {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Shows the members, by handle.
    List {
        /// Part of a handle or a name.
        #[arg(default_value = "")]
        words: String,
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Makes a link that gives a lost account back; everything open before ends when it is used.
    Recover {
        /// Handle of the member.
        handle: String,
        /// Why, for the journal.
        #[arg(long, default_value = "")]
        reason: String,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Closes an account: its sessions and tokens end at once.
    Suspend {
        /// Handle of the member.
        handle: String,
    },
    /// Opens a suspended account again.
    Reopen {
        /// Handle of the member.
        handle: String,
    },
    /// Empties an account for good, for somebody who asked for it and cannot do it alone.
    Erase {
        /// Handle of the member.
        handle: String,
        /// The same handle again: nobody can undo it.
        #[arg(long)]
        yes: String,
    },
}

impl Member {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        operator::with_app(data, async |app| {
            match self.verb {
                Verb::List { words, json } => list(&app, &words, json).await?,
                Verb::Recover {
                    handle,
                    reason,
                    json,
                } => recover(&app, &handle, reason, json).await?,
                Verb::Suspend { handle } => {
                    let member = operator::member(&app, &handle).await?;
                    team::suspend(&app, operator::BY, member)
                        .await
                        .map_err(operator::refusal)?;
                    out::talk(format!("{handle} is suspended."));
                }
                Verb::Reopen { handle } => {
                    let member = operator::member(&app, &handle).await?;
                    team::reopen(&app, operator::BY, member)
                        .await
                        .map_err(operator::refusal)?;
                    out::talk(format!("{handle} may sign in again."));
                }
                Verb::Erase { handle, yes } => {
                    anyhow::ensure!(yes == handle, "say --yes {handle} to empty this account");
                    let member = operator::member(&app, &handle).await?;
                    leaving::remove(&app, operator::BY, member)
                        .await
                        .map_err(operator::refusal)?;
                    out::talk(format!("{handle} has left; the account is empty."));
                }
            }
            Ok(Ended::Well)
        })
    }
}

async fn list(app: &App, words: &str, json: bool) -> anyhow::Result<()> {
    let words = words.trim().to_lowercase();
    let mut after = None;
    loop {
        let page = operator::members(app, &words, after).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.handle.clone());
        for member in &page {
            show(member, json);
        }
    }
}

fn show(member: &MemberRow, as_json: bool) {
    let roles: Vec<&str> = member.roles.iter().map(Role::as_str).collect();
    let seen = member.seen_at.map(Instant::to_rfc3339);
    if as_json {
        out::json(&json!({
            "id": member.id.as_str(),
            "handle": member.handle,
            "name": member.name,
            "state": member.state,
            "roles": roles,
            "seen_at": seen,
        }));
    } else {
        out::line(format!(
            "{:<20} {:<10} {}  {}",
            member.handle,
            member.state,
            roles.join(", "),
            seen.as_deref().unwrap_or("-"),
        ));
    }
}

async fn recover(app: &App, handle: &str, reason: String, as_json: bool) -> anyhow::Result<()> {
    let member = operator::member(app, handle).await?;
    let made = recovery::start(app, operator::BY, member, reason)
        .await
        .map_err(operator::refusal)?;
    let url = app.address(&made.link.path);
    let until = made.link.expires_at.to_rfc3339();
    if as_json {
        out::json(&json!({"handle": handle, "url": url, "expires_at": until}));
    } else {
        if let Some(code) = interkpa_web::qr::terminal(&url) {
            out::talk(code);
        }
        out::line(&url);
        out::talk(format!("For {} alone, until {until}.", made.name));
    }
    Ok(())
}
