//! The files under `fixtures/`.

use serde_json::Value;

/// Fixtures of one folder, by file name without `.json`, sorted.
pub(crate) fn of(folder: &str) -> Vec<(String, Value)> {
    let mut names: Vec<String> = names(folder);
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let value = one(folder, &name);
            (name, value)
        })
        .collect()
}

/// One fixture.
pub(crate) fn one(folder: &str, name: &str) -> Value {
    read(&format!("{folder}/{name}.json"))
}

/// One fixture of ours.
pub(crate) fn ours(name: &str) -> Value {
    one("ours", name)
}

/// How to break a fixture, one rule a line.
pub(crate) fn broken() -> Vec<Value> {
    match read("broken.json") {
        Value::Array(cases) => cases,
        other => panic!("not a list: {other}"),
    }
}

/// A text file of the repository, by its path from the crate.
#[expect(
    clippy::disallowed_methods,
    reason = "tests read their fixtures; the crate itself reads no file"
)]
pub(crate) fn file(path: &str) -> String {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn read(name: &str) -> Value {
    let text = file(&format!("tests/it/fixtures/{name}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn names(folder: &str) -> Vec<String> {
    let path = format!("{}/tests/it/fixtures/{folder}", env!("CARGO_MANIFEST_DIR"));
    let entries = std::fs::read_dir(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect()
}
