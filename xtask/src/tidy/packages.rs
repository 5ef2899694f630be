//! The crates of the workspace and those below them, as cargo knows them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::pure;
use crate::process::{captured, cargo};
use crate::root;

/// The processors that hubs run on: a dependency may exist on one of them only.
const TARGETS: [&str; 2] = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"];

/// All crates.
#[derive(Debug, Default)]
pub(super) struct Packages {
    /// Every crate of the lock file, ours too.
    pub(super) all: Vec<Package>,
    /// What is linked into each pure crate: names of crates by the name of the pure one.
    pub(super) trees: BTreeMap<String, BTreeSet<String>>,
    /// The features that are on, by the name of the crate.
    pub(super) features: BTreeMap<String, BTreeSet<String>>,
}

/// One crate.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Package {
    #[serde(default)]
    id: String,
    pub(super) name: String,
    pub(super) version: String,
    /// The SPDX expression.
    pub(super) license: Option<String>,
    /// Where it was found; none for ours.
    source: Option<String>,
    manifest_path: String,
    #[serde(default)]
    pub(super) dependencies: Vec<Dependency>,
}

/// What a crate asks for in its own `Cargo.toml`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) rename: Option<String>,
    /// `dev`, `build`, or none for the ordinary kind.
    pub(super) kind: Option<String>,
}

impl Package {
    /// Whether it belongs to the workspace.
    pub(super) fn is_ours(&self) -> bool {
        self.source.is_none()
    }

    /// Its folder from the root of the repository.
    pub(super) fn folder(&self) -> &str {
        let manifest = Path::new(&self.manifest_path);
        let folder = manifest.parent().unwrap_or(manifest);
        folder
            .strip_prefix(root::folder())
            .unwrap_or(folder)
            .to_str()
            .unwrap_or_default()
    }

    /// A crate for the test of a rule.
    #[cfg(test)]
    pub(super) fn example(name: &str, license: Option<&str>) -> Self {
        Self {
            id: String::new(),
            name: name.into(),
            version: "1.0.0".into(),
            license: license.map(str::to_owned),
            source: Some("registry".into()),
            manifest_path: String::new(),
            dependencies: Vec::new(),
        }
    }

    /// A crate of ours in this folder, for the test of a rule.
    #[cfg(test)]
    pub(super) fn example_of_ours(name: &str, folder: &str, dependencies: Vec<Dependency>) -> Self {
        let manifest_path = root::path(folder).join("Cargo.toml").display().to_string();
        Self {
            source: None,
            manifest_path,
            dependencies,
            ..Self::example(name, None)
        }
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    features: BTreeSet<String>,
}

impl Packages {
    /// Asks cargo.
    pub(super) fn read() -> Result<Self> {
        let metadata = captured(cargo(&["metadata", "--format-version", "1", "--locked"]))?;
        let metadata: Metadata = serde_json::from_str(&metadata).context("cargo metadata")?;
        let mut trees = BTreeMap::new();
        for (name, _) in [pure::FEDERATION, pure::WEB] {
            trees.insert(name.to_owned(), linked(name)?);
        }
        let mut features: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in metadata.resolve.nodes {
            let package = metadata
                .packages
                .iter()
                .find(|package| package.id == node.id);
            if let Some(package) = package {
                features
                    .entry(package.name.clone())
                    .or_default()
                    .extend(node.features);
            }
        }
        Ok(Self {
            all: metadata.packages,
            trees,
            features,
        })
    }
}

/// What is linked into a crate built by itself: features that other crates of the workspace switch on, and
/// macros, which run on the builder's machine only, are left out.
fn linked(name: &str) -> Result<BTreeSet<String>> {
    let mut tree = cargo(&["tree", "--locked", "--package", name]);
    tree.args([
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    for target in TARGETS {
        tree.args(["--target", target]);
    }
    let lines = captured(tree)?;
    let names = lines.lines().filter_map(|line| line.split(' ').next());
    Ok(names
        .filter(|found| *found != name && !found.is_empty())
        .map(str::to_owned)
        .collect())
}
