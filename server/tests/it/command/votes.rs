//! `interkpa verify` and `interkpa tally`: files in, words and exit codes out; no hub, no network.

#[path = "../../../../federation/tests/it/governance/calm.rs"]
mod calm;
#[expect(
    dead_code,
    reason = "shared with the tests of the rules, which use all of it"
)]
#[path = "../../../../federation/tests/it/governance/network.rs"]
mod network;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;

use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::object::{Kind, Object};
use interkpa_federation::governance::rounds::Sign;
use serde_json::Value;

use super::{done, folder, interkpa, run, talk};
use calm::closed;
use network::Network;

/// A certified poll of four hubs.
struct Vote {
    network: Network,
    poll: Arc<Object>,
    objects: Vec<Arc<Object>>,
    /// Where files go.
    data: PathBuf,
}

impl Vote {
    fn new(name: &str) -> Self {
        let network = Network::of(4);
        let poll = Arc::new(network.poll(network.draft()));
        let (mut objects, _) = closed(&network, &poll, &[0, 1, 2, 3]);
        objects.push(Arc::new(network.genesis.clone()));
        let data = folder(name);
        std::fs::create_dir_all(&data).unwrap();
        Self {
            network,
            poll,
            objects,
            data,
        }
    }

    fn file(&self, name: &str, json: &Value) -> String {
        let path = self.data.join(name);
        std::fs::write(&path, json.to_string()).unwrap();
        path.display().to_string()
    }

    fn json(&self, objects: &[Arc<Object>]) -> Value {
        Bundle::write(self.poll.hash(), objects.iter().map(Arc::as_ref))
    }

    /// The bundle as any hub gives it.
    fn good(&self) -> String {
        self.file("good.json", &self.json(&self.objects))
    }

    /// Another value of the same poll, signed by three hubs in a round.
    fn other(&self, round: u64) -> Vec<Arc<Object>> {
        let value = self.objects.iter().find_map(|object| match object.body() {
            Body::Value(value) => Some(value.clone()),
            _ => None,
        });
        let mut value = value.unwrap();
        value.seals.pop();
        let value = Object::unsigned(Body::Value(value)).unwrap();
        let mut objects = self.objects.clone();
        objects.retain(|object| object.kind() != Kind::Sign);
        for number in 1..4 {
            let sign = Sign {
                hub: self.network.hub(number),
                poll: self.poll.hash(),
                round,
                value: Some(value.hash()),
            };
            objects.push(Arc::new(self.network.signed(number, Body::Sign(sign))));
        }
        objects.push(Arc::new(value));
        objects
    }

    fn run(&self, arguments: &[&str]) -> Output {
        run(&self.data, arguments)
    }
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn given(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = interkpa(data);
    command.args(arguments).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_certified_vote_is_valid_line_by_line() {
    let vote = Vote::new("verify-valid");
    let genesis = format!("sha256:{}", vote.network.genesis.hash());

    let output = vote.run(&["verify", &vote.good(), "--genesis", &genesis, "--recount"]);

    let words = words(&output);
    assert_eq!(output.status.code(), Some(0), "{words}{}", talk(&output));
    let names: Vec<&str> = words
        .lines()
        .take(13)
        .map(|line| line.strip_prefix("ok").unwrap().trim())
        .collect();
    let order = "json objects genesis decisions electorate poll ballots seals value signatures \
                 counted tally effect";
    assert_eq!(names.join(" "), order);
    assert!(words.contains(&format!("genesis {genesis} (compared)")));
    assert!(words.contains("\nvalid\n"), "{words}");
    assert_eq!(words.matches("\"approve\"").count(), 1 + 4, "{words}");
}

#[test]
fn a_program_reads_one_line() {
    let vote = Vote::new("verify-json");

    let line = done(&vote.data, &["verify", &vote.good(), "--json"]);

    let line: Value = serde_json::from_str(line.trim_end()).unwrap();
    assert_eq!(line["exit"], 0);
    assert_eq!(line["poll"], vote.poll.hash().to_string());
    assert_eq!(line["result"]["ikpa:outcome"], "adopted");
}

#[test]
fn each_language_explains_every_line() {
    let vote = Vote::new("verify-explained");
    let file = vote.good();

    let french = done(
        &vote.data,
        &["verify", &file, "--explain", "fr", "--recount"],
    );
    let english = done(&vote.data, &["verify", &file, "--explain", "en"]);

    assert!(
        french.contains("Plus des deux tiers des inscrits ont signé"),
        "{french}"
    );
    assert!(
        french.contains("à comparer avec l’empreinte imprimée"),
        "{french}"
    );
    assert!(
        english.contains("Counting again gives the signed result."),
        "{english}"
    );
    assert!(!french.contains('⟦') && !english.contains('⟦'));
    let refused = vote.run(&["verify", &file, "--explain", "de"]);
    assert_eq!(refused.status.code(), Some(1));
}

#[test]
fn another_genesis_and_a_changed_letter_are_invalid() {
    let vote = Vote::new("verify-invalid");
    let wrong = format!("sha256:{}", "0".repeat(64));

    let other = vote.run(&["verify", &vote.good(), "--genesis", &wrong]);
    let text = vote.json(&vote.objects).to_string();
    let changed = text.replacen("consent", "majority", 1);
    assert_ne!(changed, text);
    let changed = given(&vote.data, &["verify", "-", "--explain", "fr"], &changed);
    let cut = given(
        &vote.data,
        &["verify", "-", "--json"],
        text.trim_end_matches("]}"),
    );

    assert_eq!(other.status.code(), Some(2));
    assert!(
        words(&other).contains("WRONG   genesis"),
        "{}",
        words(&other)
    );
    assert_eq!(changed.status.code(), Some(2));
    assert!(words(&changed).contains("La signature n’est pas bonne."));
    assert_eq!(
        (cut.status.code(), &*words(&cut)),
        (Some(2), "{\"exit\":2}\n")
    );
}

#[test]
fn what_is_absent_is_named_and_is_not_wrong() {
    let vote = Vote::new("verify-incomplete");
    let without = |kind: Kind| {
        let mut objects = vote.objects.clone();
        objects.retain(|object| object.kind() != kind);
        let file = vote.file("part.json", &vote.json(&objects));
        let output = vote.run(&["verify", &file]);
        (output.status.code(), words(&output))
    };

    let (code, signs) = without(Kind::Sign);
    assert_eq!(code, Some(3));
    assert!(signs.contains("ABSENT  signatures"), "{signs}");
    assert!(signs.contains("-       tally"), "{signs}");
    let (code, ballots) = without(Kind::Ballot);
    assert_eq!(code, Some(3));
    assert!(ballots.contains("ABSENT  seals"), "{ballots}");
}

#[test]
fn two_results_conflict_and_name_who_signed_both() {
    let vote = Vote::new("verify-conflict");
    let other = vote.other(0);
    let mut both = vote.objects.clone();
    both.extend(other.iter().cloned());
    let both = vote.file("both.json", &vote.json(&both));
    let (one, other) = (vote.good(), vote.file("other.json", &vote.json(&other)));

    let alone = vote.run(&["verify", &both]);
    let compared = vote.run(&["verify", "--compare", &one, &other, "--explain", "en"]);
    let same = vote.run(&["verify", "--compare", &one, &one]);

    assert_eq!(alone.status.code(), Some(4), "{}", words(&alone));
    assert_eq!(compared.status.code(), Some(4), "{}", words(&compared));
    let named = words(&compared);
    for number in 1..4 {
        let hub = vote.network.hub(number);
        assert!(named.contains(&format!("{hub} signed two")), "{named}");
    }
    assert!(!named.contains(&vote.network.hub(0).to_string()), "{named}");
    assert_eq!(same.status.code(), Some(0));
}

#[test]
fn wrong_usage_and_unreadable_files_are_no_verdict() {
    let vote = Vote::new("verify-usage");
    let good = vote.good();
    for arguments in [
        &["verify"][..],
        &["verify", "/no/such/file"],
        &["verify", &good, "--genesis", "abc"],
        &["verify", "--compare", &good],
        &["tally"],
        &["tally", "/no/such/file"],
    ] {
        let output = vote.run(arguments);

        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(!talk(&output).is_empty() && words(&output).is_empty());
    }
}

#[test]
fn a_list_of_ballots_is_counted() {
    let data = folder("tally");
    let list = r#"{"method": "ranked", "options": ["a", "b", "c"],
        "ballots": [{"count": 40, "choice": [["a"], ["b"], ["c"]]},
                    {"count": 35, "choice": [["b"], ["c"], ["a"]]},
                    {"count": 25, "choice": [["c"], ["a"], ["b"]]}]}"#;

    let counted = given(&data, &["tally", "-"], list);
    let refused = given(&data, &["tally", "-"], &list.replace("ranked", "borda"));
    let no_answer = given(&data, &["tally", "-"], &list.replace("[\"b\"]", "[\"d\"]"));

    let result: Value = serde_json::from_slice(&counted.stdout).unwrap();
    assert_eq!(counted.status.code(), Some(0));
    assert_eq!(result["winners"], serde_json::json!(["a"]));
    assert_eq!(refused.status.code(), Some(1));
    assert!(talk(&refused).contains("method"), "{}", talk(&refused));
    assert_eq!(no_answer.status.code(), Some(1));
    assert!(
        talk(&no_answer).contains("ballot 1"),
        "{}",
        talk(&no_answer)
    );
}
