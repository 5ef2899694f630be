//! `interkpa audit`: every certified result of the database, recounted from its signed originals.

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::{Ended, operator};
use crate::command::out;
use crate::features::votes::recount;

/// Recounts every certified vote of this hub; exit 3 when one does not recount.
#[derive(Debug, Args)]
pub(super) struct Audit {
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

impl Audit {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        operator::with_app(data, async |app| {
            let found = recount::all(&app).await?;
            let mut ended = Ended::Well;
            for one in &found {
                if one.fault.is_some() {
                    ended = Ended::ProblemsFound;
                }
                if self.json {
                    out::json(&json!({
                        "poll": one.poll.to_string(),
                        "value": one.value.to_string(),
                        "fault": one.fault,
                    }));
                } else {
                    out::line(format!("{}  {}", one.poll, one.fault.unwrap_or("recounts")));
                }
            }
            out::talk(format!("{} certified votes recounted.", found.len()));
            Ok(ended)
        })
    }
}
