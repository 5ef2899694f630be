//! The files under `fixtures/`, read once per test.

use serde_json::Value;

/// Fixtures of one software, by file name without `.json`, sorted.
pub(crate) fn of(software: &str) -> Vec<(String, Value)> {
    let folder = format!(
        "{}/tests/it/fixtures/{software}",
        env!("CARGO_MANIFEST_DIR")
    );
    let mut all: Vec<_> = files(&folder)
        .into_iter()
        .map(|(name, text)| {
            let value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            (name, value)
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// One fixture of ours.
pub(crate) fn ours(name: &str) -> Value {
    let found = of("ours").into_iter().find(|(n, _)| n == name);
    found
        .unwrap_or_else(|| panic!("no fixture ours/{name}.json"))
        .1
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests read their fixtures; the crate itself reads no file"
)]
fn files(folder: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{folder}: {e}"));
    let json = entries.map(|entry| entry.unwrap().path());
    json.filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}
