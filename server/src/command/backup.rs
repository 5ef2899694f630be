//! `interkpa backup`: copies of a hub, made and checked while it runs.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::Ended;
use crate::backup::{self, Backup};
use crate::clock::{Clock, SystemClock};
use crate::command::out;
use crate::config::Config;

/// Copies the hub of the data folder while it runs, and checks the copy.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct BackupCommand {
    /// Keep this many backups; the oldest go.
    #[arg(long, default_value_t = 14)]
    keep: usize,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Shows the backups, oldest first.
    List {
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Reads a backup again from end to end: the last one unless a folder is given.
    Verify {
        /// Folder of the backup.
        path: Option<PathBuf>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

impl BackupCommand {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        match self.verb {
            None => {
                let config = Config::load(data)?;
                let made = backup::make(data, &config, SystemClock::new().now(), self.keep)?;
                show(&made, self.json);
                Ok(Ended::Well)
            }
            Some(Verb::List { json }) => {
                for found in backup::list(data)? {
                    show(&found, json);
                }
                Ok(Ended::Well)
            }
            Some(Verb::Verify { path, json }) => verify(data, path, json),
        }
    }
}

fn verify(data: &Path, path: Option<PathBuf>, json: bool) -> anyhow::Result<Ended> {
    let path = match path {
        Some(path) => path,
        None => backup::list(data)?
            .pop()
            .map(|last| last.path)
            .ok_or_else(|| anyhow::anyhow!("no backup yet: `interkpa backup` makes one"))?,
    };
    let problem = backup::verify(&path).err();
    if json {
        out::json(&json!({
            "path": path,
            "sound": problem.is_none(),
            "problem": problem.as_ref().map(|error| format!("{error:#}")),
        }));
    } else {
        match &problem {
            None => out::line(format!("{}: sound", path.display())),
            Some(error) => out::line(format!("{}: {error:#}", path.display())),
        }
    }
    Ok(if problem.is_some() {
        Ended::ProblemsFound
    } else {
        Ended::Well
    })
}

fn show(backup: &Backup, json: bool) {
    let manifest = &backup.manifest;
    let at = manifest.made_at().to_rfc3339();
    if json {
        out::json(&json!({
            "path": backup.path,
            "made_at": at,
            "base_url": manifest.base_url,
            "version": manifest.version,
            "files": manifest.files.len(),
            "bytes": manifest.bytes(),
        }));
    } else {
        out::line(format!(
            "{at}  {:>12} bytes  {:>6} files  {}",
            manifest.bytes(),
            manifest.files.len(),
            backup.path.display()
        ));
    }
}
