//! `interkpa invite`: a link that makes an account, on paper or on a screen.

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::{Ended, operator};
use crate::command::out;
use crate::features::people::accounts::check_name;
use crate::features::people::commands;
use crate::features::people::rights::Role;

/// Makes an invitation: a link and its QR code, good for seven days, for one person.
#[derive(Debug, Args)]
pub(super) struct Invite {
    /// First name of the person, as the page greets them.
    #[arg(long, default_value = "")]
    name: String,
    /// Role given at sign-up: user, cooperant, facilitator, spokesperson, technical_admin, …
    #[arg(long, default_value = "cooperant", value_parser = role)]
    role: Role,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// A role as typed.
pub(super) fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|_unknown| {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("the roles are {}", known.join(", "))
    })
}

impl Invite {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        let name = if self.name.is_empty() {
            String::new()
        } else {
            check_name(&self.name).map_err(|code| anyhow::anyhow!("--name: {code}"))?
        };
        let (role, as_json) = (self.role, self.json);
        operator::with_app(data, async |app| {
            let made = commands::invite(&app, operator::BY, name, role)
                .await
                .map_err(operator::refusal)?;
            let url = app.address(&made.path);
            let until = made.expires_at.to_rfc3339();
            if as_json {
                out::json(&json!({
                    "id": made.id.as_str(), "url": url, "role": role.as_str(), "expires_at": until,
                }));
            } else {
                if let Some(code) = interkpa_web::qr::terminal(&url) {
                    out::talk(code);
                }
                out::line(&url);
                out::talk(format!(
                    "For one person, as {}, until {until}.",
                    role.as_str()
                ));
            }
            Ok(Ended::Well)
        })
    }
}
