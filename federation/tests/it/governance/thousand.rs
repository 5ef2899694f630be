//! A bundle of a thousand electors: read and recounted, with the time it takes.

use std::collections::BTreeMap;

use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::closing::{Cancel, Entry, Held, PollValue, Seal, SealList};
use interkpa_federation::governance::genesis::{Founder, Genesis};
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::prove::Signatory;
use interkpa_federation::governance::rounds::Sign;
use interkpa_federation::governance::value::{NamedSeal, result_of};
use interkpa_federation::governance::verify::{Verdict, verify};

use super::figures::say;
use super::network::{Network, at, recovery, rules, signatory};

const HUBS: u16 = 1_000;

/// A genesis of a thousand founders fits when their addresses are short.
fn genesis(network: &Network) -> Object {
    let founders = network.keys.iter().map(|key| Founder {
        key: key.public(),
        actor: "a".to_owned(),
        name: "K".to_owned(),
        recovery_key: recovery(key).public(),
        delegate_key: None,
        hosted_by: None,
    });
    let body = Body::Genesis(Box::new(Genesis {
        network: "Mille".to_owned(),
        held_at: at(0),
        founders: founders.collect(),
        rules: rules(),
    }));
    let signatories: Vec<Signatory<'_>> = network.keys.iter().map(signatory).collect();
    Object::sign(body, &signatories).unwrap()
}

/// The list of all these ballots, one of each hub.
fn list_of(network: &Network, ballots: &[Object]) -> SealList {
    let entries = ballots.iter().enumerate().map(|(number, ballot)| Entry {
        hub: network.hub(number),
        held: Held::Ballot(ballot.hash()),
    });
    SealList {
        entries: entries.collect(),
    }
}

fn bundle() -> (Vec<u8>, usize) {
    let network = Network::large(HUBS);
    let genesis = genesis(&network);
    let mut draft = network.draft();
    draft.electorate.genesis = genesis.hash();
    for member in &mut draft.electorate.members {
        member.actor = "a".to_owned();
    }
    let poll = network.poll(draft.clone());
    let all = 0..network.keys.len();
    let ballots: Vec<Object> = all
        .clone()
        .map(|number| {
            let ballot = network.ballot(number, &poll, Choice::Word(Word::Approve));
            network.signed(number, Body::Ballot(Box::new(ballot)))
        })
        .collect();
    let list = list_of(&network, &ballots);
    let list_object = Object::unsigned(Body::SealList(list.clone())).unwrap();
    let seal = |number: usize| Seal {
        hub: network.hub(number),
        poll: poll.hash(),
        poll_received_at: draft.notice_at(),
        list: list_object.hash(),
        cancel: Cancel::NotSeen,
        stale: None,
    };
    let seals: Vec<Seal> = all.clone().map(seal).collect();
    let signed_seals: Vec<Object> = all
        .clone()
        .map(|number| network.signed(number, Body::Seal(seals[number].clone())))
        .collect();
    let counted: Vec<NamedSeal<'_>> = seals
        .iter()
        .map(|seal| NamedSeal { seal, list: &list })
        .collect();
    let by_hash: BTreeMap<_, _> = ballots
        .iter()
        .map(|ballot| (ballot.hash(), ballot))
        .collect();
    let result = result_of(&draft, &counted, |hash| match by_hash.get(&hash)?.body() {
        Body::Ballot(ballot) => Some(&**ballot),
        _ => None,
    });
    let mut names: Vec<_> = signed_seals.iter().map(Object::hash).collect();
    names.sort();
    let value = PollValue {
        poll: poll.hash(),
        seals: names,
        result,
    };
    let value = Object::unsigned(Body::Value(Box::new(value))).unwrap();
    let signs = all.take(667).map(|number| {
        let sign = Sign {
            hub: network.hub(number),
            poll: poll.hash(),
            round: 0,
            value: Some(value.hash()),
        };
        network.signed(number, Body::Sign(sign))
    });
    let signs: Vec<Object> = signs.collect();
    let mut objects: Vec<&Object> = vec![&genesis, &poll, &list_object, &value];
    objects.extend(ballots.iter().chain(&signed_seals).chain(&signs));
    let number = objects.len();
    let json = Bundle::write(poll.hash(), objects);
    (json.to_string().into_bytes(), number)
}

#[test]
#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a figure, which no rule depends on"
)]
fn a_thousand_electors_are_recounted() {
    let (bytes, objects) = bundle();
    let begun = std::time::Instant::now();

    let bundle = Bundle::parse(&bytes).unwrap();
    let read = begun.elapsed();
    let begun = std::time::Instant::now();
    let report = verify(&bundle, None);

    say(&format!(
        "recount: 1000 electors, {} kB, {objects} objects: read in {} ms, judged in {} ms",
        bytes.len() / 1_000,
        read.as_millis(),
        begun.elapsed().as_millis()
    ));
    assert_eq!(
        (report.verdict(), &report.findings),
        (Verdict::Valid, &vec![])
    );
}
