//! `interkpa peer`: which other KPA this hub hears.

use std::path::Path;

use clap::{Args, Subcommand};
use interkpa_federation::Instant;
use serde_json::json;

use super::{Ended, operator};
use crate::app::App;
use crate::command::out;
use crate::fediverse::peers::{self, Decider, PeerError, PeerRecord};

/// Peers read at a time.
const PAGE: i64 = 100;
/// In the words of the audit trail.
const BY: Decider = Decider::Operator("peer");

/// Other hubs: who is heard, who is refused. A running hub hears a KPA that was allowed within a
/// second, and refuses one that was blocked within ten.
#[derive(Debug, Args)]
pub(super) struct Peer {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Shows the servers this hub knows.
    List {
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Lets a KPA take part: it is asked who it is first; compare its fingerprint by telephone.
    Allow {
        /// bobinette.example, an address, or @bobinette@bobinette.example.
        address: String,
        /// Why, for those who read the journal later.
        #[arg(long, default_value = "")]
        reason: String,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Refuses a server and its subdomains.
    Block {
        /// The server.
        address: String,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Takes a decision back: the server is a guest again.
    Forget {
        /// The server.
        address: String,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

impl Peer {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        operator::with_app(data, async |app| {
            match self.verb {
                Verb::List { json } => list(&app, json).await?,
                Verb::Allow {
                    address,
                    reason,
                    json,
                } => {
                    let peer = peers::allow(&app, &address, &reason, BY)
                        .await
                        .map_err(|error| refused(&address, error))?;
                    show(&peer, json);
                }
                Verb::Block { address, reason } => {
                    peers::block(&app, &address, &reason, BY)
                        .await
                        .map_err(|error| refused(&address, error))?;
                    out::talk(format!("{address} is refused from now on."));
                }
                Verb::Forget { address, reason } => {
                    peers::forget(&app, &address, &reason, BY)
                        .await
                        .map_err(|error| refused(&address, error))?;
                    out::talk(format!("{address} is a guest again."));
                }
            }
            Ok(Ended::Well)
        })
    }
}

fn refused(address: &str, error: PeerError) -> anyhow::Error {
    let code = error.code();
    let what = match error {
        PeerError::NotAHub => format!(
            "{address}: {code}: only a KPA can be allowed; any other ActivityPub server is heard \
             without it when federation.mode is \"open\", and not otherwise"
        ),
        _ => format!("{address}: {code}"),
    };
    anyhow::Error::new(error).context(what)
}

async fn list(app: &App, json: bool) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = peers::page(app, after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.origin.as_str().to_owned());
        for peer in &page {
            show(peer, json);
        }
    }
}

fn show(peer: &PeerRecord, as_json: bool) {
    let heard = peer.heard_at.map(Instant::to_rfc3339);
    if as_json {
        out::json(&json!({
            "origin": peer.origin.as_str(),
            "trust": peer.trust.as_str(),
            "hub": peer.hub_actor,
            "name": peer.name,
            "software": peer.software,
            "fingerprint": peer.fingerprint,
            "reason": peer.reason,
            "decided_by": peer.decided_by,
            "known_since": peer.created_at.to_rfc3339(),
            "heard_at": heard,
        }));
    } else {
        out::line(format!(
            "{:<8} {}  {}  {}  {}",
            peer.trust.as_str(),
            peer.origin.as_str(),
            peer.name.as_deref().unwrap_or("-"),
            peer.fingerprint.as_deref().unwrap_or("-"),
            heard.as_deref().unwrap_or("never heard"),
        ));
    }
}
