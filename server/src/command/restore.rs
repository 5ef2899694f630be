//! `interkpa restore`: a hub put back from a backup, and what is lost said plainly.

use std::path::{Path, PathBuf};

use clap::Args;
use interkpa_federation::Instant;

use super::Ended;
use crate::backup::{self, Restored};
use crate::clock::SystemClock;
use crate::command::out;
use crate::random::Random;

/// Puts a backup into the (empty) data folder.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// Folder of the backup.
    from: PathBuf,
    /// Data folder of the hub that broke, if its database can still be read: names what is lost.
    #[arg(long, value_name = "DIR")]
    old: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Restore {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        let random = Random::system()?;
        let clock = SystemClock::new();
        let old = self.old.as_deref();
        let done =
            super::runtime()?.block_on(backup::restore(&self.from, data, old, &clock, &random))?;
        if self.json {
            out::json(&done);
        } else {
            tell(&done, data);
        }
        Ok(Ended::Well)
    }
}

fn tell(done: &Restored, data: &Path) {
    let made_at = Instant::from_milliseconds(done.made_at).to_rfc3339();
    let restored_at = Instant::from_milliseconds(done.restored_at).to_rfc3339();
    out::line(format!(
        "{} is as it was on {made_at}, in {}.",
        done.base_url,
        data.display()
    ));
    match &done.lost {
        Some(lost) if lost.is_empty() => {
            out::line("Nothing that the old database knew is missing.");
        }
        Some(lost) => {
            out::line(format!("{} things are lost:", lost.len()));
            for thing in lost {
                let at = Instant::from_milliseconds(thing.at).to_rfc3339();
                out::line(format!(
                    "  {at}  {:<9}  {}  {}",
                    thing.kind, thing.title, thing.id
                ));
            }
        }
        None => out::line(format!(
            "Lost: everything done on this hub and everything other KPA sent it between {made_at} \
             and {restored_at}. They still show what they received from it then: ask them, and have \
             people enter again what matters."
        )),
    }
    let closed = done.closed;
    out::line(format!(
        "Closed, because the backup cannot know what was ended since: {} sessions, {} tokens, {} \
         open links. People sign in again; make tokens and invitations anew.",
        closed.sessions, closed.tokens, closed.links
    ));
    out::talk("Next: never start the old folder again, then `interkpa serve`.");
}
