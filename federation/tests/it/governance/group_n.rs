//! The votes of the catalogue of attacks (group N, rows D104 to D110), as far as they are pure: the same
//! rows run through the inbox of a real hub elsewhere.

use std::sync::Arc;

use interkpa_federation::Span;
use interkpa_federation::governance::ballot::Ballot;
use interkpa_federation::governance::body::{Body, Slot};
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::closing::SealList;
use interkpa_federation::governance::ledger::{State, Verified};
use interkpa_federation::governance::machine::{Fault, Input, Machine, Opening, Output, Refusal};
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::governance::poll::text::{PollText, TextFormat};
use interkpa_federation::governance::question::{Question, Scale};
use interkpa_federation::governance::rule::{Decision, Rule};
use interkpa_federation::multikey::SecretKey;
use serde_json::{Value, json};

use super::network::{Network, at, closes_at, no_quorum, option, options, signatory};

fn code(value: &Value) -> &'static str {
    let bytes = serde_json::to_vec(value).unwrap();
    Object::parse(&bytes).map_or_else(|error| error.code(), |_object| "taken")
}

fn asking(network: &Network, question: Question) -> Object {
    let decision = match question {
        Question::Ranked(_) => Decision::Schulze,
        Question::Consent => Decision::ObjectionsMax(0),
        _ => Decision::Most,
    };
    let rule = Rule {
        quorum: no_quorum(),
        decision,
    };
    network.poll(Poll {
        question,
        rule,
        ..network.draft()
    })
}

#[test]
fn d104_a_poll_that_nobody_could_answer_is_refused() {
    let network = Network::of(4);
    let poll = asking(&network, Question::Single(options(3)));
    let good = poll.original().clone();
    let asks = |labels: &[(&str, &str)]| {
        let options: Vec<Value> = labels
            .iter()
            .map(|(id, label)| json!({"ikpa:id": id, "ikpa:label": label}))
            .collect();
        let mut poll = good.clone();
        poll["ikpa:question"]["ikpa:options"] = options.into();
        code(&poll)
    };
    let long = "é".repeat(512 * 1024);
    let many: Vec<String> = (1..=10_000).map(|number| format!("o{number}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|id| (id.as_str(), "x")).collect();

    assert_eq!(asks(&[("o1", "Oui"), ("o2", "Non")]), "taken");
    for refused in [
        &[][..],
        &[("o1", "Oui")],
        &[("o1", "Oui"), ("o1", "Non")],
        &[("o1", "Oui"), ("o2", "")],
        &[("o1", "Oui"), ("o2", "e\u{301}")],
        &[("o1", "Oui"), ("oui", "Non")],
        &many,
    ] {
        assert_eq!(asks(refused), "poll_invalid", "{}", refused.len());
    }
    // More than one object may cost to read, before anything in it is looked at.
    assert_eq!(asks(&[("o1", "Oui"), ("o2", &long)]), "bad_json");
    for (place, value) in [
        ("ikpa:closesAt", Value::Null),
        ("ikpa:closesAt", json!("2027-02-30T00:00:00Z")),
        ("ikpa:graceSec", json!(3600.5)),
        ("ikpa:title", json!("x".repeat(300_000))),
    ] {
        let mut poll = good.clone();
        poll[place] = value;
        assert_eq!(code(&poll), "poll_invalid", "{place}");
    }
    let mut without = good.clone();
    without.as_object_mut().unwrap().remove("ikpa:closesAt");
    assert_eq!(code(&without), "poll_invalid");
    let twice = good.to_string().replacen('{', "{\"ikpa:title\":\"a\",", 1);
    assert_eq!(
        Object::parse(twice.as_bytes()).unwrap_err().code(),
        "bad_json"
    );
}

/// One hub of four, with the poll.
struct Room {
    network: Network,
    poll: Arc<Object>,
}

impl Room {
    fn new() -> Self {
        let network = Network::of(4);
        let poll = Arc::new(network.poll(network.draft()));
        Self { network, poll }
    }

    fn machine(&self, number: usize) -> Machine {
        let opening = Opening {
            poll: Arc::clone(&self.poll),
            me: self.network.hub(number),
            round: Span::minutes(30),
            poll_received_at: at(0),
            stale: None,
            restored_at: None,
        };
        Machine::open(opening, []).unwrap()
    }

    fn received(&self, object: &Object) -> Input {
        let object = Arc::new(object.clone());
        Input::Received(Verified::in_poll(&self.poll, object).unwrap())
    }

    /// What is listed at the close.
    fn sealed(&self, machine: &mut Machine, number: usize) -> SealList {
        let outputs = machine.step(closes_at(), Input::Tick, &self.network.keys[number]);
        let list = outputs.into_iter().find_map(|output| match output {
            Output::Emit(object) => match object.body() {
                Body::SealList(list) => Some(list.clone()),
                _ => None,
            },
            _ => None,
        });
        list.unwrap()
    }
}

#[test]
fn d105_a_hub_casts_one_ballot_of_a_number_and_repetitions_change_nothing() {
    let room = Room::new();
    let key = &room.network.keys[1];
    let mut machine = room.machine(1);
    let ballot = room
        .network
        .ballot(1, &room.poll, Choice::Word(Word::Approve));
    let before = closes_at() - Span::hours(1);
    // Two delegates at once: the second has to take the next number.
    let first = machine.step(before, Input::Cast(Box::new(ballot.clone())), key);
    let second = machine.step(before, Input::Cast(Box::new(ballot.clone())), key);
    assert!(first.iter().any(|output| matches!(output, Output::Emit(_))));
    assert_eq!(second, [Output::Refused(Refusal::NotNext)]);
    let place = machine.next_place().unwrap();
    let next = machine.step(
        before,
        Input::Cast(Box::new(Ballot { place, ..ballot })),
        key,
    );
    assert!(next.iter().any(|output| matches!(output, Output::Emit(_))));

    // The same ballot of another hub, fifty times.
    let theirs = room.network.voice(2, &room.poll, Word::Oppose);
    let outputs = machine.step(before, room.received(&theirs), key);
    assert_eq!(outputs.len(), 2, "kept, and on time");
    for _ in 0..50 {
        assert_eq!(machine.step(before, room.received(&theirs), key), []);
    }
    // Another of the same number: a proof, and both are listed.
    let twin = room.network.voice(2, &room.poll, Word::Approve);
    let outputs = machine.step(before, room.received(&twin), key);
    let mut objects = [theirs.hash(), twin.hash()];
    objects.sort();
    let proof = Output::Fault(Fault {
        hub: room.network.hub(2),
        slot: Slot::Ballot(1),
        objects,
    });
    assert!(outputs.contains(&proof));
    let list = room.sealed(&mut machine, 1);
    assert_eq!(list.entries.len(), 2);
    assert!(
        list.entries
            .iter()
            .any(|entry| entry.held.ballots() == objects)
    );
}

/// A poll of each kind of answer.
fn asked(network: &Network) -> [Object; 5] {
    let scale = Scale { min: 0, max: 5 };
    [
        Question::Single(options(3)),
        Question::Multiple {
            options: options(3),
            choices_max: 2,
        },
        Question::Ranked(options(3)),
        Question::Score {
            options: options(2),
            scale,
        },
        Question::Consent,
    ]
    .map(|question| asking(network, question))
}

#[test]
fn d106_a_ballot_that_does_not_answer_is_refused() {
    let network = Network::of(4);
    let polls = asked(&network);
    let cases = [
        (0, json!(["o9"])),
        (0, json!([])),
        (0, json!(["o1", "o2"])),
        (0, json!("approve")),
        (1, json!(["o1", "o2", "o3"])),
        (1, json!(["o2", "o1"])),
        (2, json!([["o1"], ["o1"]])),
        (2, json!([["o1"], []])),
        (3, json!({"o1": 6, "o2": 0})),
        (3, json!({"o1": 5})),
        (4, json!("object")),
        (4, json!(null)),
    ];
    for (asked, choice) in cases {
        let poll = &polls[asked];
        let voice = network.ballot(1, poll, Choice::Word(Word::Abstain));
        let mut json = network
            .signed(1, Body::Ballot(Box::new(voice)))
            .original()
            .clone();
        json["ikpa:choice"] = choice.clone();
        let read = Object::parse(&serde_json::to_vec(&json).unwrap());
        let refused = match read {
            Ok(read) => read.verify_in(poll).unwrap_err(),
            Err(error) => error,
        };
        // Where the form is good the signature of another answer is what fails first.
        let codes = ["ballot_invalid", "proof_invalid"];
        assert!(codes.contains(&refused.code()), "{choice}: {refused}");
    }
}

#[test]
fn d106_a_ballot_signed_with_a_wrong_answer_is_refused_and_so_is_one_of_another_poll() {
    let network = Network::of(4);
    let polls = asked(&network);
    // Signed as it is: only the answer is wrong.
    for (asked, choice) in [
        (0, Choice::Options(vec![option(9)])),
        (0, Choice::Options(vec![option(1), option(2)])),
        (1, Choice::Options(vec![option(1), option(2), option(3)])),
        (3, Choice::Scores([(option(1), 6), (option(2), 0)].into())),
    ] {
        let poll = &polls[asked];
        let ballot = Body::Ballot(Box::new(network.ballot(1, poll, choice)));
        let refused = network.signed(1, ballot).verify_in(poll).unwrap_err();
        assert_eq!(refused.code(), "ballot_invalid");
    }
    let mut long = network.ballot(1, &polls[0], Choice::Options(vec![option(1)]));
    long.reason = Some("x".repeat(17_000));
    let by = [signatory(&network.keys[1])];
    let refused = Object::sign(Body::Ballot(Box::new(long)), &by).unwrap_err();
    assert_eq!(refused.code(), "ballot_invalid");
    // Of another poll, with the hash swapped.
    let mut swapped = network
        .voice(1, &polls[4], Word::Abstain)
        .original()
        .clone();
    swapped["ikpa:poll"] = polls[0].hash().to_string().into();
    let swapped = Object::from_json(swapped).unwrap();
    assert_eq!(
        swapped.verify_in(&polls[0]).unwrap_err().code(),
        "proof_invalid"
    );
}

#[test]
fn d107_only_electors_vote_with_the_key_that_the_poll_froze() {
    let room = Room::new();
    let stranger = Network::of(9);
    let outside = stranger.voice(8, &room.poll, Word::Oppose);
    assert_eq!(
        outside.verify_in(&room.poll).unwrap_err().code(),
        "not_elector"
    );

    let rotated = SecretKey::from_seed(&[200; 32]);
    for key in [&room.network.keys[0], &rotated] {
        let ballot = room
            .network
            .ballot(1, &room.poll, Choice::Word(Word::Oppose));
        let by = interkpa_federation::governance::prove::Signatory {
            hub: room.network.hub(1),
            key,
            created: at(60),
        };
        let forged = Object::sign(Body::Ballot(Box::new(ballot)), &[by]).unwrap();
        assert_eq!(
            forged.verify_in(&room.poll).unwrap_err().code(),
            "proof_invalid"
        );
    }
    // S7: the poll alone says who votes; nothing published later is asked.
    let own = room.network.voice(1, &room.poll, Word::Oppose);
    assert_eq!(own.verify_in(&room.poll), Ok(()));
}

#[test]
fn d108_what_came_after_the_own_closing_is_never_listed_whatever_its_dates() {
    let room = Room::new();
    let key = &room.network.keys[1];
    let early = room.network.voice(2, &room.poll, Word::Approve);
    let late = room.network.voice(3, &room.poll, Word::Approve);
    let mut machine = room.machine(1);

    let before = closes_at() - Span::milliseconds(1);
    machine.step(before, room.received(&early), key);
    // Down over the closing, then everything at once: the seal comes first.
    let after = closes_at() + Span::hours(9);
    let outputs = machine.step(after, room.received(&late), key);

    let lists: Vec<&SealList> = outputs
        .iter()
        .filter_map(|output| match output {
            Output::Emit(object) => match object.body() {
                Body::SealList(list) => Some(list),
                _ => None,
            },
            _ => None,
        })
        .collect();
    assert_eq!(lists.len(), 1);
    assert_eq!(lists[0].entries.len(), 1);
    assert_eq!(lists[0].entries[0].held.ballots(), [early.hash()]);
    assert_eq!(machine.ledger().state(late.hash()), State::Good, "archived");
    let own = room
        .network
        .ballot(1, &room.poll, Choice::Word(Word::Approve));
    let refused = machine.step(after, Input::Cast(Box::new(own)), key);
    assert_eq!(refused, [Output::Refused(Refusal::Closed)]);
}

#[test]
fn d109_another_text_or_another_close_is_another_poll() {
    let room = Room::new();
    let mut extended = room.network.draft();
    extended.closes_at = extended.closes_at + Span::days(1);
    let mut reworded = room.network.draft();
    reworded.text = PollText::body(TextFormat::Plain, "Autre chose.");
    let ballot = room.network.voice(1, &room.poll, Word::Approve);

    for changed in [extended, reworded] {
        let changed = room.network.poll(changed);
        assert_ne!(changed.hash(), room.poll.hash());
        assert!(ballot.verify_in(&changed).is_err());
        // The machine of one poll takes nothing of the other.
        let other = room.network.voice(1, &changed, Word::Approve);
        assert!(Verified::in_poll(&room.poll, Arc::new(other)).is_err());
    }
}
