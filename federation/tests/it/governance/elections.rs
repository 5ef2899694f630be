//! Winners against two independent packages, pref_voting and votelib: the elections and their answers are
//! in `fixtures/votes/elections.jsonl`, made by `tests/second-verifier/elections.py`.
//!
//! For more, name a longer file made in the same way in `INTERKPA_ELECTIONS`.

use std::collections::BTreeMap;

use interkpa_federation::governance::recount::Recount;
use serde_json::{Value, json};

use super::figures::say;

fn winners(election: &Value) -> Value {
    let mut list = election.clone();
    list.as_object_mut().unwrap().remove("winners");
    if list["method"] == "score" {
        list["scale"] = json!({"min": -2, "max": 3});
    }
    let recount = Recount::from_json(&list).unwrap_or_else(|error| panic!("{error}: {list}"));
    recount.result()["winners"].clone()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a file that a person names")]
fn winners_are_those_that_two_other_packages_find() {
    let committed = include_str!("../fixtures/votes/elections.jsonl");
    let longer = std::env::var_os("INTERKPA_ELECTIONS");
    let text = longer.map_or_else(
        || committed.to_owned(),
        |path| std::fs::read_to_string(path).unwrap(),
    );
    let mut by_method: BTreeMap<String, usize> = BTreeMap::new();
    let mut ties = 0;
    for line in text.lines() {
        let election: Value = serde_json::from_str(line).unwrap();
        assert_eq!(winners(&election), election["winners"], "{line}");
        ties += usize::from(election["winners"].as_array().unwrap().len() > 1);
        let method = election["method"].as_str().unwrap().to_owned();
        *by_method.entry(method).or_default() += 1;
    }
    say(&format!(
        "recount: elections {by_method:?}, {ties} of them ties, 0 differences"
    ));
    assert!(by_method.len() == 4 && by_method.values().all(|number| *number >= 300));
    assert!(ties >= 100);
}
