//! `interkpa role`: who holds which role. No restart is needed.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Ended, invite, operator};
use crate::command::out;
use crate::features::people::commands::team;
use crate::features::people::rights::{Role, Roles};

/// Roles of members.
#[derive(Debug, Args)]
pub(super) struct RoleCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Shows the roles of a member.
    List {
        /// Handle of the member.
        handle: String,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Gives a role more.
    Give {
        /// Handle of the member.
        handle: String,
        /// user, cooperant, facilitator, spokesperson, technical_admin, …
        #[arg(value_parser = invite::role)]
        role: Role,
    },
    /// Takes a role away; the last technical_admin stays.
    Take {
        /// Handle of the member.
        handle: String,
        /// The role.
        #[arg(value_parser = invite::role)]
        role: Role,
    },
}

impl RoleCommand {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        operator::with_app(data, async |app| {
            let (handle, change, json) = match self.verb {
                Verb::List { handle, json } => (handle, None, json),
                Verb::Give { handle, role } => (handle, Some((role, true)), false),
                Verb::Take { handle, role } => (handle, Some((role, false)), false),
            };
            let row = operator::row(&app, &handle).await?;
            let mut roles = row.roles;
            if let Some((role, gives)) = change {
                let wanted: Roles = roles
                    .iter()
                    .filter(|held| *held != role)
                    .chain(gives.then_some(role))
                    .collect();
                team::set_roles(&app, operator::BY, row.id, wanted.clone())
                    .await
                    .map_err(operator::refusal)?;
                roles = wanted;
            }
            let words: Vec<&str> = roles.iter().map(Role::as_str).collect();
            if json {
                out::json(&json!({"handle": row.handle, "roles": words}));
            } else {
                out::line(words.join("\n"));
            }
            Ok(Ended::Well)
        })
    }
}
