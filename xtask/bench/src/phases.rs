//! The parts of a run, in their order, and what they share.

mod crash;
mod deliver;
mod floors;
mod growth;
mod inbox;
mod memory;
mod pages;
mod start;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::hub::{Hub, RAISED};
use crate::keys::Keys;
use crate::network::Network;
use crate::report::{Aim, Bound, Report};
use crate::{Options, out, seed, usage};

/// Peers that a hub knows in the phases that deliver.
pub(crate) const PEERS: usize = 64;
/// Connections of the load client (performance.md §9, G12).
pub(crate) const CONNECTIONS: usize = 16;

/// Names of the phases, for `--only`.
const PHASES: [&str; 7] = [
    "start", "inbox", "deliver", "pages", "growth", "memory", "crash",
];

/// How much is done.
#[derive(Debug, Clone)]
pub(crate) struct Sizes {
    /// Repetitions.
    pub(crate) runs: usize,
    /// Activities of one inbox run.
    pub(crate) activities: usize,
    /// Seconds of one load on a page.
    pub(crate) seconds: u64,
    /// Publications queued for [`PEERS`] peers.
    pub(crate) queued: u64,
    /// Times the process is killed.
    pub(crate) kills: usize,
    /// Publications in the databases, smallest first.
    pub(crate) publications: Vec<u64>,
}

/// What the phases share.
pub(crate) struct Bench {
    pub(crate) sizes: Sizes,
    pub(crate) keys: Keys,
    pub(crate) network: Network,
    pub(crate) report: Report,
    folder: PathBuf,
    binary: PathBuf,
    /// Seeded hubs by their publications, and their author.
    seeded: BTreeMap<u64, (Hub, seed::Author)>,
    copies: usize,
}

impl Bench {
    /// A folder of its own.
    pub(crate) fn fresh(&mut self, name: &str) -> PathBuf {
        self.copies += 1;
        self.folder.join(format!("{name}-{}", self.copies))
    }

    /// Removes what the phases before left, but for the seeded databases: a large one is more than a
    /// gigabyte.
    pub(crate) fn clear(&self) -> Result<()> {
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            if !entry.file_name().to_string_lossy().starts_with("seed-") {
                std::fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    /// A hub with so many publications, its own copy of it. Seeded once a run.
    pub(crate) async fn hub(&mut self, publications: u64) -> Result<(Hub, seed::Author)> {
        if !self.seeded.contains_key(&publications) {
            let made = self.seed(publications).await?;
            self.seeded.insert(publications, made);
        }
        let (hub, author) = self
            .seeded
            .get(&publications)
            .cloned()
            .context("a hub just seeded")?;
        let folder = self.fresh("hub");
        Ok((hub.copied(&folder)?, author))
    }

    async fn seed(&mut self, publications: u64) -> Result<(Hub, seed::Author)> {
        let folder = self.folder.join(format!("seed-{publications}"));
        let began = std::time::Instant::now();
        let smaller = self.seeded.range(..publications).next_back();
        let (from, hub, author) = if let Some((count, (hub, author))) = smaller {
            (*count, hub.copied(&folder)?, author.clone())
        } else {
            let hub = Hub::make(&folder, &self.binary)?;
            let author = seed::author(&hub).await?;
            (0, hub, author)
        };
        seed::publications(&hub, &author, from, publications).await?;
        out::talk(&format!(
            "{publications} publications stored in {:.1} s, {} MiB",
            began.elapsed().as_secs_f64(),
            hub.database_bytes() >> 20
        ));
        Ok((hub, author))
    }

    /// The largest database.
    pub(crate) fn most(&self) -> u64 {
        self.sizes.publications.last().copied().unwrap_or(1_000)
    }

    /// The smallest database.
    pub(crate) fn fewest(&self) -> u64 {
        self.sizes.publications.first().copied().unwrap_or(1_000)
    }

    /// Notes an aim that the run may miss.
    pub(crate) fn aim(
        &mut self,
        name: &'static str,
        value: f64,
        bound: Bound,
        wanted: f64,
        unit: &'static str,
    ) {
        self.report.aim(Aim {
            name,
            value,
            wanted,
            bound,
            unit,
            must: false,
        });
    }

    /// Notes a limit that must hold.
    pub(crate) fn must(&mut self, name: &'static str, value: f64, wanted: f64, unit: &'static str) {
        self.report.aim(Aim {
            name,
            value,
            wanted,
            bound: Bound::AtMost,
            unit,
            must: true,
        });
    }
}

/// Runs what was asked for; false when something that must hold does not.
pub(crate) async fn all(options: &Options) -> Result<bool> {
    for name in &options.only {
        if !PHASES.contains(&name.as_str()) {
            bail!("no phase {name}: there are {}", PHASES.join(", "));
        }
    }
    let wanted = |name: &str| options.only.is_empty() || options.only.iter().any(|n| n == name);
    let folder = std::path::absolute(&options.folder)?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let about = about(options)?;
    let keys = Keys::make()?;
    let mut bench = Bench {
        sizes: sizes(options),
        network: Network::start(keys.clone()).await?,
        keys,
        report: Report::default(),
        folder: folder.clone(),
        binary: std::path::absolute(&options.binary)?,
        seeded: BTreeMap::new(),
        copies: 0,
    };
    floors::measure(&mut bench)?;
    if wanted("start") {
        start::measure(&mut bench).await?;
        bench.clear()?;
    }
    if wanted("inbox") {
        inbox::measure(&mut bench).await?;
        bench.clear()?;
    }
    if wanted("deliver") {
        deliver::measure(&mut bench).await?;
        bench.clear()?;
    }
    if wanted("pages") {
        pages::measure(&mut bench).await?;
        bench.clear()?;
    }
    if wanted("growth") {
        growth::measure(&mut bench).await?;
        bench.clear()?;
    }
    if wanted("memory") {
        memory::measure(&mut bench).await?;
        bench.clear()?;
    }
    if wanted("crash") {
        crash::measure(&mut bench).await?;
        bench.clear()?;
    }
    let good = bench.report.conclude();
    if let Some(file) = &options.json {
        let text = serde_json::to_string_pretty(&bench.report.json(&about))?;
        std::fs::write(file, text)?;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(good)
}

fn sizes(options: &Options) -> Sizes {
    let most = options
        .publications
        .unwrap_or(if options.quick { 10_000 } else { 100_000 });
    let mut publications: Vec<u64> = [1_000, 10_000, 100_000]
        .into_iter()
        .filter(|size| *size < most)
        .collect();
    publications.push(most);
    let usual = |quick, full| if options.quick { quick } else { full };
    Sizes {
        runs: options.runs.unwrap_or(usual(1, 3)),
        activities: usual(2_000, 10_000),
        seconds: if options.quick { 1 } else { 4 },
        queued: if options.quick { 20 } else { 100 },
        kills: usual(3, 10),
        publications,
    }
}

/// What a reader must know of the run: the machine, the binary, what was switched off.
fn about(options: &Options) -> Result<serde_json::Value> {
    let size = std::fs::metadata(&options.binary)
        .with_context(|| format!("{}: build it first", options.binary.display()))?
        .len();
    let machine = usage::machine();
    out::line(&machine);
    out::line(&format!(
        "SQLite, synchronous FULL, loopback, no TLS; raised for the load: {}",
        RAISED.join(", ")
    ));
    Ok(json!({"machine": machine, "binary_bytes": size, "raised": RAISED, "quick": options.quick}))
}
