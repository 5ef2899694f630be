//! `interkpa verify`: whoever holds a bundle recounts it, without a network and without a hub.
//!
//! The verdict is [`interkpa_federation::governance::verify`]; here it is read, told check by check in
//! the order of the protocol, and turned into an exit code: 0 valid, 2 invalid, 3 incomplete,
//! 4 conflicting, 1 for usage or a file that cannot be read. Source: votes.md 4.15.

mod checks;
mod compare;
mod recount;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use interkpa_federation::governance::bundle::{self, Bundle, BundleError};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::verify::{Report, Verdict, verify};
use interkpa_web::locale::Locale;
use serde_json::json;

use super::Ended;
use crate::command::out;

/// Recounts a certified vote from one file, trusting the genesis fingerprint on paper alone.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The bundle, or `-` for standard input.
    #[arg(required_unless_present = "compare")]
    bundle: Option<PathBuf>,
    /// Fingerprint of the genesis, from the paper minutes: `sha256:` and 64 hex digits.
    #[arg(long, value_name = "HASH", value_parser = fingerprint)]
    genesis: Option<ObjectHash>,
    /// Tell which ballot counts for each KPA.
    #[arg(long)]
    recount: bool,
    /// Say in words what each check means.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    explain: Option<Locale>,
    /// Print one JSON line.
    #[arg(long, conflicts_with_all = ["recount", "explain"])]
    json: bool,
    /// Compare two bundles: the same poll, the same result, and if not, who signed both.
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["bundle", "recount", "json"])]
    compare: Option<Vec<PathBuf>>,
}

/// A fingerprint as it stands on paper.
fn fingerprint(text: &str) -> Result<ObjectHash, String> {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    ObjectHash::parse(&digits.to_ascii_lowercase())
        .ok_or_else(|| "a fingerprint is sha256: and 64 hex digits".to_owned())
}

fn language(text: &str) -> Result<Locale, String> {
    Locale::from_code(text).ok_or_else(|| "the languages are fr and en".to_owned())
}

/// A file that was read: a bundle, or why it is none.
type Opened = Result<Bundle, BundleError>;

impl Verify {
    pub(super) fn run(self) -> anyhow::Result<Ended> {
        if let Some([one, other]) = self.compare.as_deref() {
            return compare::run([one, other], self.genesis, self.explain);
        }
        let path = self.bundle.context("which bundle?")?;
        let opened = open(&path)?;
        let report = opened
            .as_ref()
            .ok()
            .map(|bundle| verify(bundle, self.genesis));
        if self.json {
            out::line(machine_line(report.as_ref()));
        } else {
            checks::tell(&opened, report.as_ref(), self.genesis, self.explain);
            if self.recount
                && let (Ok(bundle), Some(report)) = (&opened, &report)
            {
                recount::tell(bundle, report, self.explain);
            }
        }
        Ok(ended(verdict(report.as_ref())))
    }
}

/// A file that is no bundle is invalid: a changed letter must not pass for something absent.
fn verdict(report: Option<&Report>) -> Verdict {
    report.map_or(Verdict::Invalid, Report::verdict)
}

const fn ended(verdict: Verdict) -> Ended {
    match verdict {
        Verdict::Valid => Ended::Well,
        Verdict::Invalid => Ended::Invalid,
        Verdict::Incomplete => Ended::ProblemsFound,
        Verdict::Conflicting => Ended::Conflicting,
    }
}

/// One line in canonical form.
fn machine_line(report: Option<&Report>) -> serde_json::Value {
    report.map_or_else(
        || json!({ "exit": Verdict::Invalid.exit() }),
        Report::to_json,
    )
}

/// Reads a bundle from a file, or from standard input.
///
/// # Errors
/// When the file cannot be read, or is longer than a bundle may be.
fn open(path: &Path) -> anyhow::Result<Opened> {
    Ok(Bundle::parse(&read(path, bundle::LIMITS.bytes_max)?))
}

/// The bytes of a file, or of standard input, up to a limit.
///
/// # Errors
/// When it cannot be read or is longer.
pub(super) fn read(path: &Path, bytes_max: usize) -> anyhow::Result<Vec<u8>> {
    let limit = u64::try_from(bytes_max)?.saturating_add(1);
    let mut bytes = vec![];
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("cannot read {}", path.display()))?;
    anyhow::ensure!(
        bytes.len() <= bytes_max,
        "{} is longer than {bytes_max} bytes",
        path.display()
    );
    Ok(bytes)
}
