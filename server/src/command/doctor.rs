//! `interkpa doctor`: what an operator would check by hand, from inside and from outside.

mod checks;

use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::{Ended, operator};
use crate::command::out;

/// Checks the hub from inside and from outside; exit code 3 when something is wrong.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Ask nobody outside this machine.
    #[arg(long)]
    offline: bool,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// As it should be.
    Good,
    /// Works, but somebody should look.
    Attention,
    /// Wrong: people or other hubs will notice.
    Wrong,
}

/// One sentence about one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    detail: String,
}

impl Finding {
    fn new(check: &'static str, state: State, detail: impl Into<String>) -> Self {
        Self {
            check,
            state,
            detail: detail.into(),
        }
    }
}

impl Doctor {
    pub(super) fn run(self, data: &Path) -> anyhow::Result<Ended> {
        let findings = operator::with_app(data, async |app| {
            let mut findings = checks::inside(&app).await;
            if !self.offline {
                findings.extend(checks::outside(&app).await);
            }
            Ok(findings)
        })?;
        for finding in &findings {
            if self.json {
                out::json(finding);
            } else {
                let mark = match finding.state {
                    State::Good => "good     ",
                    State::Attention => "attention",
                    State::Wrong => "WRONG    ",
                };
                out::line(format!("{mark}  {:<10}  {}", finding.check, finding.detail));
            }
        }
        let wrong = findings.iter().any(|finding| finding.state == State::Wrong);
        Ok(if wrong {
            Ended::ProblemsFound
        } else {
            Ended::Well
        })
    }
}
