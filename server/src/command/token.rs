//! `interkpa token`: keys for programs that act for a member.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Ended, operator};
use crate::command::out;
use crate::features::people::commands;

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
}

impl Token {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        let Verb::Make {
            handle,
            label,
            json,
        } = self.verb;
        operator::with_app(data, async |app| {
            let member = operator::member(&app, &handle).await?;
            let token = commands::make_token(&app, operator::BY, member, label.clone())
                .await
                .map_err(operator::refusal)?;
            if json {
                out::json(&json!({"handle": handle, "label": label, "token": token}));
            } else {
                out::line(&token);
                out::talk("Shown once: keep it where passwords are kept.");
            }
            Ok(Ended::Well)
        })
    }
}
