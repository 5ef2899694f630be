//! The two verifiers side by side, on bundles whole and broken.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::verify::{Verdict, verify};
use serde_json::{Value, json};

use crate::bundles::draw;
use crate::dice::Dice;
use crate::figures::{asked, say};

/// Set by `cargo xtask simulate --bundles`.
const BUNDLES: &str = "INTERKPA_RECOUNT_BUNDLES";
/// Bundles of the test command: each kind of question in each way of being broken.
const BUNDLES_DEFAULT: u64 = 96;
/// Changed bytes, the first verifier alone; and those that the second judges too.
const CHANGES: u64 = 10_000;
const CHANGES_FOR_BOTH: u64 = 200;

fn folder(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/test/second-verifier");
    let folder = root.join(name);
    // What a run before left; there is nothing the first time.
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[expect(
    clippy::disallowed_methods,
    reason = "what a test writes for a program need not survive a crash"
)]
fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

/// The Python that xtask prepared.
fn python() -> PathBuf {
    let given = std::env::var_os("INTERKPA_PYTHON").map(PathBuf::from);
    let prepared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/test/python/bin/python");
    let python = given.unwrap_or(prepared);
    assert!(
        python.is_file(),
        "no Python at {}: run `cargo xtask prepare`",
        python.display()
    );
    python
}

/// What the first verifier says, in the words of `interkpa verify --json`.
fn first(bytes: &[u8]) -> Value {
    match Bundle::parse(bytes) {
        Ok(bundle) => verify(&bundle, None).to_json(),
        Err(_) => json!({ "exit": Verdict::Invalid.exit() }),
    }
}

/// What the second says of each file of a folder.
fn second(folder: &Path) -> BTreeMap<String, Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second-verifier/verify.py");
    let output = Command::new(python())
        .arg("-B")
        .arg(script)
        .arg(folder)
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{talk}");
    let words = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| {
        let (name, json) = line.split_once('\t').unwrap();
        (name.to_owned(), serde_json::from_str(json).unwrap())
    };
    words.lines().map(line).collect()
}

/// Both judge each of these; what they say, by name. A difference stops the test.
fn both(name: &str, files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Value> {
    let folder = folder(name);
    for (name, bytes) in files {
        write(&folder.join(name), bytes);
    }
    let found = second(&folder);
    assert_eq!(found.len(), files.len());
    let differ = found
        .iter()
        .filter(|(name, said)| first(&files[*name]) != **said);
    let differ: Vec<String> = differ
        .map(|(name, said)| format!("{name}: {} and {said}", first(&files[name])))
        .collect();
    assert!(
        differ.is_empty(),
        "{} of {} differ in {}:\n{}",
        differ.len(),
        files.len(),
        folder.display(),
        differ.join("\n")
    );
    found
}

#[test]
fn two_verifiers_agree_on_every_bundle() {
    let number = asked(BUNDLES).unwrap_or(BUNDLES_DEFAULT);
    let files: BTreeMap<String, Vec<u8>> = (0..number)
        .map(|seed| (format!("{seed:05}.json"), draw(seed).bytes))
        .collect();

    let found = both("bundles", &files);

    let mut verdicts: BTreeMap<i64, usize> = BTreeMap::new();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for said in found.values() {
        *verdicts.entry(said["exit"].as_i64().unwrap()).or_default() += 1;
        if let Some(outcome) = said["result"]["ikpa:outcome"].as_str() {
            *outcomes.entry(outcome.to_owned()).or_default() += 1;
        }
    }
    say(&format!(
        "recount: {number} bundles, 0 differences, by exit code {verdicts:?}, outcomes {outcomes:?}"
    ));
    for exit in [0, 2, 3, 4] {
        assert!(verdicts.contains_key(&exit), "no bundle of exit {exit}");
    }
}

/// A seed whose bundle is not broken.
const WHOLE: u64 = 6 * 8 * 7;

#[test]
fn a_changed_byte_is_never_accepted_with_another_meaning() {
    let bytes = draw(WHOLE).bytes;
    let expected = first(&bytes);
    assert_eq!(expected["exit"], 0);
    let mut dice = Dice::of(1);
    let mut accepted = 0;
    let mut files = BTreeMap::new();
    for number in 0..CHANGES {
        let mut changed = bytes.clone();
        let at = dice.index(changed.len());
        changed[at] ^= u8::try_from(1 + dice.below(255)).unwrap();
        let said = first(&changed);
        if said["exit"] == 0 {
            assert_eq!(said, expected, "byte {at}");
            accepted += 1;
        }
        if number < CHANGES_FOR_BOTH {
            files.insert(format!("{number:05}.json"), changed);
        }
    }
    say(&format!(
        "recount: {CHANGES} changed bytes, {accepted} accepted with the same meaning"
    ));
    both("changed", &files);
}

#[test]
fn the_genesis_of_a_bundle_is_the_one_on_paper() {
    let drawn = draw(WHOLE);
    let bundle = Bundle::parse(&drawn.bytes).unwrap();

    assert_eq!(
        verify(&bundle, Some(drawn.genesis)).verdict(),
        Verdict::Valid
    );
    let other = ObjectHash::from_bytes([0; 32]);
    assert_eq!(verify(&bundle, Some(other)).verdict(), Verdict::Invalid);
}
