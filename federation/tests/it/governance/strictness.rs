//! What is refused before anybody asks who signed: unknown, missing, oversized, ambiguous.

use interkpa_federation::governance::choice::Word;
use interkpa_federation::governance::error::Fault;
use interkpa_federation::governance::object::Object;
use serde_json::{Value, json};

use super::network::Network;
use super::objects::every_object;
use crate::mutations::Mutations;

fn refused(value: &Value) -> Fault {
    let bytes = serde_json::to_vec(value).unwrap();
    Object::parse(&bytes).unwrap_err().fault
}

/// Every object inside a document, as JSON pointers, the document itself included.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(at.to_owned());
            for (name, member) in members {
                places(member, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn an_unknown_member_at_any_depth_of_any_object_is_refused() {
    for object in every_object(&Network::of(4)) {
        let mut found = vec![];
        places(object.original(), "", &mut found);
        for place in found {
            let mut longer = object.original().clone();
            longer.pointer_mut(&place).unwrap()["ikpa:more"] = json!(1);
            let bytes = serde_json::to_vec(&longer).unwrap();
            assert!(Object::parse(&bytes).is_err(), "{} {place}", object.kind());
        }
    }
}

#[test]
fn a_missing_member_changes_the_object_or_is_refused() {
    for object in every_object(&Network::of(4)) {
        let mut found = vec![];
        places(object.original(), "", &mut found);
        for place in found {
            let names: Vec<String> = object
                .original()
                .pointer(&place)
                .unwrap()
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            for name in names {
                let mut shorter = object.original().clone();
                shorter
                    .pointer_mut(&place)
                    .unwrap()
                    .as_object_mut()
                    .unwrap()
                    .remove(&name);
                let bytes = serde_json::to_vec(&shorter).unwrap();
                if let Ok(read) = Object::parse(&bytes) {
                    assert_ne!(
                        read.hash(),
                        object.hash(),
                        "{} {place}/{name}",
                        object.kind()
                    );
                    assert_ne!(
                        read.body(),
                        object.body(),
                        "{} {place}/{name}",
                        object.kind()
                    );
                }
            }
        }
    }
}

#[test]
fn null_false_and_empty_are_no_way_to_leave_something_out() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());
    let ballot = network.voice(1, &poll, Word::Approve);
    for empty in [json!(null), json!(""), json!([]), json!({}), json!(false)] {
        for name in [
            "ikpa:reason",
            "ikpa:prev",
            "ikpa:resolves",
            "ikpa:delegateProof",
        ] {
            let mut changed = ballot.original().clone();
            changed[name] = empty.clone();
            let bytes = serde_json::to_vec(&changed).unwrap();
            assert!(Object::parse(&bytes).is_err(), "{name}: {empty}");
        }
    }
}

#[test]
fn a_number_is_an_integer_that_every_reader_keeps() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());
    let text = serde_json::to_string(network.voice(1, &poll, Word::Approve).original()).unwrap();
    for number in ["1.0", "1e0", "-0", "0.5", "9007199254740992", "1e400"] {
        let changed = text.replace(
            "\"ikpa:participants\":12",
            &format!("\"ikpa:participants\":{number}"),
        );
        assert_ne!(changed, text);
        assert!(Object::parse(changed.as_bytes()).is_err(), "{number}");
    }
}

#[test]
fn a_text_is_in_nfc() {
    let network = Network::of(4);
    let mut poll = network.poll(network.draft()).original().clone();
    poll["ikpa:title"] = json!("Le cade\u{301}");

    let fault = refused(&poll);

    assert_eq!(
        fault,
        Fault::Text {
            at: "ikpa:title".to_owned()
        }
    );
}

#[test]
fn a_time_is_written_in_one_way() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());
    for time in [
        "2027-01-31T00:00:00.000Z",
        "2027-01-31T00:00:00+00:00",
        "2027-01-31t00:00:00Z",
        "2027-01-31 00:00:00Z",
        "2027-01-30T23:59:60Z",
        "2027-02-30T00:00:00Z",
    ] {
        let mut changed = poll.original().clone();
        changed["ikpa:closesAt"] = json!(time);
        assert_eq!(
            refused(&changed),
            Fault::Wrong {
                field: "ikpa:closesAt"
            },
            "{time}"
        );
    }
}

#[test]
fn a_set_is_sorted_and_has_nothing_twice() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());
    let mut turned = poll.original().clone();
    turned["ikpa:electorate"]["ikpa:members"]
        .as_array_mut()
        .unwrap()
        .reverse();
    let mut twice = poll.original().clone();
    let members = twice["ikpa:electorate"]["ikpa:members"]
        .as_array_mut()
        .unwrap();
    members.push(members[3].clone());

    for changed in [turned, twice] {
        assert_eq!(
            refused(&changed),
            Fault::Wrong {
                field: "ikpa:members"
            }
        );
    }
}

#[test]
fn an_object_longer_than_its_kind_is_refused() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());
    let ballot = network.voice(1, &poll, Word::Approve);
    let mut fits = ballot.original().clone();
    fits["ikpa:reason"] = json!("a".repeat(15_000));
    let mut longer = ballot.original().clone();
    longer["ikpa:reason"] = json!("a".repeat(16_384));

    assert!(Object::parse(&serde_json::to_vec(&fits).unwrap()).is_ok());
    assert!(matches!(
        refused(&longer),
        Fault::TooLong {
            bytes_max: 16_384,
            ..
        }
    ));
}

#[test]
fn options_are_two_or_more_each_id_once() {
    let network = Network::of(4);
    let mut poll = network.poll(network.draft()).original().clone();
    poll["ikpa:rule"]
        .as_object_mut()
        .unwrap()
        .remove("ikpa:threshold");
    let asks = |ids: &[&str]| {
        let options: Vec<Value> = ids
            .iter()
            .map(|id| json!({"ikpa:id": id, "ikpa:label": "x"}))
            .collect();
        json!({"ikpa:kind": "single", "ikpa:options": options})
    };
    for ids in [&[][..], &["o1"], &["o1", "o1"], &["o1", "o0"]] {
        poll["ikpa:question"] = asks(ids);
        let error = Object::parse(&serde_json::to_vec(&poll).unwrap()).unwrap_err();
        assert_eq!(error.code(), "poll_invalid", "{ids:?}");
    }
    poll["ikpa:question"] = asks(&["o2", "o1"]);
    assert!(Object::parse(&serde_json::to_vec(&poll).unwrap()).is_ok());
}

#[test]
fn a_poll_agrees_with_itself() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());
    let zeros = "0".repeat(64);
    let cases = [
        ("/ikpa:text/ikpa:sha256", json!(zeros)),
        ("/ikpa:electorate/ikpa:hash", json!(zeros)),
        ("/ikpa:opensAt", json!("2027-01-20T00:00:00Z")),
        ("/ikpa:protocol", json!("ukv-2")),
        ("/ikpa:certifiers", json!([])),
        ("/ikpa:certifiers", json!("some")),
        ("/ikpa:rule/ikpa:threshold/ikpa:num", json!(0)),
        ("/ikpa:rule/ikpa:quorum/ikpa:base", json!("expressed")),
        (
            "/ikpa:hub",
            json!("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"),
        ),
        ("/@context/0", json!("https://example.org/")),
        ("/type", json!("ikpa:Question")),
    ];
    for (place, value) in cases {
        let mut changed = poll.original().clone();
        *changed.pointer_mut(place).unwrap() = value;
        let bytes = serde_json::to_vec(&changed).unwrap();
        assert!(Object::parse(&bytes).is_err(), "{place}");
    }
}

#[test]
fn no_bytes_make_the_reader_panic_and_none_keep_a_name_with_another_meaning() {
    let network = Network::of(4);
    let mut mutations = Mutations::new(&[b"\"ikpa:seq\":2,", b"null", b"[]", b"{}", b"-0", b"e1"]);
    let mut still_read = 0;
    for object in every_object(&network) {
        let seed = serde_json::to_vec(object.original()).unwrap();
        for _ in 0..200 {
            let Ok(read) = Object::parse(&mutations.of(&seed)) else {
                continue;
            };
            still_read += 1;
            if read.hash() == object.hash() {
                assert_eq!(read.body(), object.body());
            }
        }
    }
    assert!(
        still_read > 100,
        "only {still_read} mutations were still objects"
    );
}
