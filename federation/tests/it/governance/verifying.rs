//! The offline verifier: what it accepts, what it finds wrong, what it misses.

use std::sync::Arc;

use interkpa_federation::Span;
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::closing::PollValue;
use interkpa_federation::governance::effect::{Effect, EffectKind, Payload, Standing};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::object::{Kind, Object};
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::governance::question::QuestionKind;
use interkpa_federation::governance::result::Outcome;
use interkpa_federation::governance::rounds::Sign;
use interkpa_federation::governance::rules::{Decide, Rules};
use interkpa_federation::governance::verify::{Check, Report, Verdict, verify};
use serde_json::Value;

use super::calm::closed;
use super::network::{Network, nowhere, rules, simple_majority};
use crate::mutations::Mutations;

/// A certified poll of four hubs, and its bundle.
fn example() -> (Network, Arc<Object>, Vec<Arc<Object>>) {
    let network = Network::of(4);
    let poll = Arc::new(network.poll(network.draft()));
    let (mut objects, _) = closed(&network, &poll, &[0, 1, 2, 3]);
    objects.push(Arc::new(network.genesis.clone()));
    (network, poll, objects)
}

/// The certified value of the example.
fn value_of(objects: &[Arc<Object>]) -> Box<PollValue> {
    let value = objects.iter().find_map(|object| match object.body() {
        Body::Value(value) => Some(value.clone()),
        _ => None,
    });
    value.unwrap()
}

/// A value with the signatures of three hubs of one round: enough of four.
fn signed_by_three(
    network: &Network,
    (poll, round): (ObjectHash, u64),
    value: Object,
) -> Vec<Arc<Object>> {
    let hash = Some(value.hash());
    let signs = (0..3).map(|number| {
        let sign = Sign {
            hub: network.hub(number),
            poll,
            round,
            value: hash,
        };
        network.signed(number, Body::Sign(sign))
    });
    signs.chain([value]).map(Arc::new).collect()
}

fn bundle(poll: ObjectHash, objects: &[Arc<Object>]) -> Vec<u8> {
    serde_json::to_vec(&Bundle::write(poll, objects.iter().map(Arc::as_ref))).unwrap()
}

fn judged(bytes: &[u8]) -> Report {
    verify(&Bundle::parse(bytes).unwrap(), None)
}

#[test]
fn a_certified_poll_is_valid_and_tells_its_result() {
    let (network, poll, objects) = example();

    let report = verify(
        &Bundle::parse(&bundle(poll.hash(), &objects)).unwrap(),
        Some(network.genesis.hash()),
    );

    assert_eq!(
        (report.verdict(), &report.findings),
        (Verdict::Valid, &vec![])
    );
    let (value, result) = report.certified.clone().unwrap();
    assert_eq!(result.outcome, Outcome::Adopted);
    let json = report.to_json();
    assert_eq!(json["exit"], 0);
    assert_eq!(json["valueHash"], value.to_string());
    assert_eq!(json["result"]["ikpa:counts"]["approve"], 4);
}

#[test]
fn order_and_copies_change_nothing() {
    let (_, poll, objects) = example();
    let expected = judged(&bundle(poll.hash(), &objects));
    let mut value: Value = serde_json::from_slice(&bundle(poll.hash(), &objects)).unwrap();
    let items = value["objects"].as_array_mut().unwrap();
    items.reverse();
    let again = items.clone();
    items.extend(again);

    assert_eq!(judged(&serde_json::to_vec(&value).unwrap()), expected);
}

#[test]
fn another_genesis_than_the_one_on_paper_is_invalid() {
    let (_, poll, objects) = example();

    let report = verify(
        &Bundle::parse(&bundle(poll.hash(), &objects)).unwrap(),
        Some(nowhere(1)),
    );

    assert_eq!(report.verdict(), Verdict::Invalid);
    assert_eq!(
        report.of(Check::Genesis).next().unwrap().code,
        "genesis_other"
    );
}

#[test]
fn what_is_needed_and_absent_makes_it_incomplete_never_invalid() {
    let (_, poll, objects) = example();
    let mut incomplete = 0;
    for left_out in &objects {
        let rest: Vec<Arc<Object>> = objects
            .iter()
            .filter(|o| o.hash() != left_out.hash())
            .cloned()
            .collect();
        let verdict = judged(&bundle(poll.hash(), &rest)).verdict();
        let is_needed = matches!(
            left_out.kind(),
            Kind::Poll | Kind::Genesis | Kind::Value | Kind::SealList | Kind::Ballot
        );
        if is_needed {
            assert_eq!(verdict, Verdict::Incomplete, "{}", left_out.kind());
            incomplete += 1;
        }
        assert_ne!(verdict, Verdict::Invalid, "{}", left_out.kind());
    }
    assert!(incomplete >= 4 + 4);
    let unsigned: Vec<Arc<Object>> = objects
        .iter()
        .filter(|o| o.kind() != Kind::Sign)
        .cloned()
        .collect();
    let report = judged(&bundle(poll.hash(), &unsigned));
    assert_eq!(report.findings[0].code, "signatures_absent");
}

#[test]
fn a_forged_object_is_invalid_even_when_nobody_needs_it() {
    let (network, poll, mut objects) = example();
    let mut forged = network.ballot(1, &poll, Choice::Word(Word::Oppose));
    forged.hub = network.hub(2);
    objects.push(Arc::new(network.signed(1, Body::Ballot(Box::new(forged)))));

    let report = judged(&bundle(poll.hash(), &objects));

    assert_eq!(report.verdict(), Verdict::Invalid);
    assert_eq!(
        report.of(Check::Objects).next().unwrap().code,
        "proof_invalid"
    );
}

#[test]
fn a_wrong_result_is_invalid_though_all_signed_it() {
    let (network, poll, mut objects) = example();
    let mut wrong = value_of(&objects);
    wrong.result.outcome = Outcome::Rejected;
    let wrong = Object::unsigned(Body::Value(wrong)).unwrap();
    objects.retain(|object| object.kind() != Kind::Sign);
    objects.extend(signed_by_three(&network, (poll.hash(), 0), wrong));

    let report = judged(&bundle(poll.hash(), &objects));

    assert_eq!(report.verdict(), Verdict::Invalid);
    assert_eq!(
        report.of(Check::Recount).next().unwrap().code,
        "value_invalid"
    );
}

#[test]
fn a_value_that_names_no_seal_is_invalid_whatever_else_of_it_is_absent() {
    let (network, poll, objects) = example();
    let value = value_of(&objects);
    let ballot = objects.iter().find(|o| o.kind() == Kind::Ballot).unwrap();
    // In one of the two the absent seal comes first.
    for absent in [value.seals[0], *value.seals.last().unwrap()] {
        let mut wrong = value.clone();
        wrong
            .seals
            .retain(|seal| *seal == absent || *seal == value.seals[1]);
        wrong.seals.push(ballot.hash());
        wrong.seals.sort();
        let wrong = Object::unsigned(Body::Value(wrong)).unwrap();
        let mut rest: Vec<Arc<Object>> = objects
            .iter()
            .filter(|o| o.kind() != Kind::Sign && o.hash() != absent)
            .cloned()
            .collect();
        rest.extend(signed_by_three(&network, (poll.hash(), 0), wrong));

        assert_eq!(
            judged(&bundle(poll.hash(), &rest)).verdict(),
            Verdict::Invalid
        );
    }
}

#[test]
fn two_certified_values_conflict() {
    let (network, poll, mut objects) = example();
    let mut other = value_of(&objects);
    other.seals.pop();
    let other = Object::unsigned(Body::Value(other)).unwrap();
    objects.extend(signed_by_three(&network, (poll.hash(), 1), other));

    assert_eq!(
        judged(&bundle(poll.hash(), &objects)).verdict(),
        Verdict::Conflicting
    );
}

#[test]
fn an_electorate_stands_on_the_certified_decisions_that_it_lists() {
    let entry = Decide {
        effect: EffectKind::RegisterSuspend,
        kind: QuestionKind::Approval,
        rule: simple_majority(),
        convocation: None,
    };
    let network = Network::with_rules(
        4,
        Rules {
            decide: vec![entry],
            ..rules()
        },
    );
    let suspending = Arc::new(network.poll(Poll {
        effect: Some(Effect::Change {
            payload: Box::new(Payload::Suspend {
                hub: network.hub(3),
                standing: Standing::Left,
            }),
            base: network.genesis.hash(),
        }),
        ..network.draft()
    }));
    let (mut objects, value) = closed(&network, &suspending, &[0, 1, 2, 3]);
    let mut draft = network.draft();
    draft.closes_at = draft.closes_at + Span::days(30);
    draft.electorate.decisions = vec![value];
    draft.electorate.members.pop();
    let later = Arc::new(network.poll(draft.clone()));
    let (more, _) = closed(&network, &later, &[0, 1, 2]);
    objects.extend(more);
    objects.push(Arc::new(network.genesis.clone()));

    let report = judged(&bundle(later.hash(), &objects));
    assert_eq!(
        (report.verdict(), report.findings),
        (Verdict::Valid, vec![])
    );

    let without: Vec<Arc<Object>> = objects
        .iter()
        .filter(|o| o.hash() != value)
        .cloned()
        .collect();
    let report = judged(&bundle(later.hash(), &without));
    assert_eq!(report.verdict(), Verdict::Incomplete);
    assert_eq!(
        report.of(Check::Decisions).next().unwrap().code,
        "decision_absent"
    );

    draft.electorate.decisions = vec![];
    let alone = Arc::new(network.poll(draft));
    let (mut objects, _) = closed(&network, &alone, &[0, 1, 2]);
    objects.push(Arc::new(network.genesis.clone()));
    let report = judged(&bundle(alone.hash(), &objects));
    assert_eq!(report.verdict(), Verdict::Invalid);
    assert_eq!(
        report.of(Check::Electorate).next().unwrap().code,
        "members_not_of_the_register"
    );
}

#[test]
fn a_file_that_is_no_bundle_is_refused() {
    let (_, poll, objects) = example();
    let good: Value = serde_json::from_slice(&bundle(poll.hash(), &objects)).unwrap();
    let change = |change: fn(&mut Value)| {
        let mut changed = good.clone();
        change(&mut changed);
        Bundle::parse(&serde_json::to_vec(&changed).unwrap())
            .unwrap_err()
            .code()
    };

    assert_eq!(change(|b| b["more"] = Value::from(1)), "bundle_invalid");
    assert_eq!(change(|b| b["ukv"] = Value::from(2)), "bundle_invalid");
    assert_eq!(
        change(|b| b["objects"][0] = Value::from(2)),
        "bundle_invalid"
    );
    // The code names the kind of the object: which one comes first is decided by its hash.
    let more = change(|b| b["objects"][0]["ikpa:more"] = Value::from(1));
    assert!(
        more.ends_with("_invalid") && more != "bundle_invalid",
        "{more}"
    );
    assert_eq!(Bundle::parse(b"{").unwrap_err().code(), "bad_json");
}

/// No changed byte is accepted unless the bundle still means the same.
#[test]
fn a_changed_byte_is_never_accepted_with_another_meaning() {
    let (_, poll, objects) = example();
    let bytes = bundle(poll.hash(), &objects);
    let expected = judged(&bytes);
    let mut mutations = Mutations::new(&[b"null", b"-0", b" "]);
    for _ in 0..400 {
        let changed = mutations.of(&bytes);
        if let Ok(bundle) = Bundle::parse(&changed) {
            let report = verify(&bundle, None);
            if report.verdict() == Verdict::Valid {
                assert_eq!(report, expected);
            }
        }
    }
}
