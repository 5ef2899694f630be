//! `interkpa token`: keys for programs that act for a member.

use std::path::Path;

use clap::{Args, Subcommand};
use interkpa_federation::Instant;
use serde_json::json;

use super::{Ended, operator};
use crate::app::App;
use crate::command::out;
use crate::features::people::commands::{self, account};
use crate::features::people::store::account::tokens;

/// Tokens for programs that act for a member (`Authorization: Bearer ikpa_…`).
#[derive(Debug, Args)]
pub(super) struct Token {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Makes a token; it is shown once.
    Make {
        /// Handle of the member.
        handle: String,
        /// What it is for, as the member reads it among their devices.
        #[arg(long, default_value = "interkpa token")]
        label: String,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Shows the tokens of a member that work; never their text.
    List {
        /// Handle of the member.
        handle: String,
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Takes a token away.
    Revoke {
        /// Handle of the member.
        handle: String,
        /// Id of the token, as `list` shows it.
        id: String,
    },
}

impl Token {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        operator::with_app(data, async |app| {
            match self.verb {
                Verb::Make {
                    handle,
                    label,
                    json,
                } => make(&app, &handle, label, json).await?,
                Verb::List { handle, json } => list(&app, &handle, json).await?,
                Verb::Revoke { handle, id } => {
                    let member = operator::member(&app, &handle).await?;
                    account::revoke_token(&app, member, id)
                        .await
                        .map_err(operator::refusal)?;
                    out::talk("The token works no more.");
                }
            }
            Ok(Ended::Well)
        })
    }
}

async fn make(app: &App, handle: &str, label: String, as_json: bool) -> anyhow::Result<()> {
    let member = operator::member(app, handle).await?;
    let token = commands::make_token(app, operator::BY, member, label.clone())
        .await
        .map_err(operator::refusal)?;
    if as_json {
        out::json(&json!({"handle": handle, "label": label, "token": token}));
    } else {
        out::line(&token);
        out::talk("Shown once: keep it where passwords are kept.");
    }
    Ok(())
}

async fn list(app: &App, handle: &str, as_json: bool) -> anyhow::Result<()> {
    let (member, now) = (operator::member(app, handle).await?, app.now());
    let tokens = app
        .store
        .read(move |conn| tokens(conn, &member, now))
        .await?;
    for token in tokens {
        let used = token.used_at.map(Instant::to_rfc3339);
        if as_json {
            out::json(&json!({
                "id": token.id,
                "label": token.label,
                "scopes": token.scopes,
                "created_at": token.created_at.to_rfc3339(),
                "used_at": used,
                "expires_at": token.expires_at.map(Instant::to_rfc3339),
            }));
        } else {
            let used = used.as_deref().unwrap_or("never used");
            out::line(format!(
                "{}  {}  {}  {used}",
                token.id, token.label, token.scopes
            ));
        }
    }
    Ok(())
}
