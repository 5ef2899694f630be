//! Governance objects on their way: inside `Create`, signed or not, readable by every other server.

use interkpa_federation::governance::body::Body as Said;
use interkpa_federation::governance::choice::Word;
use interkpa_federation::governance::closing::{Entry, Held, PollValue, SealList};
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::result::{Counts, Outcome, PollResult};
use interkpa_federation::linter::{lint, unaccepted};
use interkpa_federation::multikey::PublicKey;
use interkpa_federation::vocabulary::unknown::carry;
use interkpa_federation::{Activity, Body, Envelope, Recipients, Uri};

use super::network::{Network, at, nowhere};

fn envelope() -> Envelope {
    let uri = |text: &str| Uri::parse(text).unwrap();
    Envelope {
        id: uri("https://bobinette.example/activites/0193a4f0-0002-7000-8000-000000000002"),
        actor: uri("https://bobinette.example/hub"),
        to: Recipients::only([uri("https://chevalement.example/hub")]),
        cc: Recipients::NOBODY,
        published: at(0),
    }
}

#[test]
fn signed_and_unsigned_objects_travel_inside_create_and_pass_the_linter() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());
    let voice = network.voice(1, &poll, Word::Approve);
    let entry = Entry {
        hub: network.hub(1),
        held: Held::Ballot(voice.hash()),
    };
    let list = SealList {
        entries: vec![entry],
    };
    let value = PollValue {
        poll: poll.hash(),
        seals: vec![nowhere(1), nowhere(2), nowhere(3)],
        result: PollResult {
            outcome: Outcome::Adopted,
            electorate: 4,
            void: 0,
            late: 0,
            cancel: 0,
            stale: 0,
            counts: Counts::Approval {
                approve: 1,
                oppose: 0,
                abstain: 0,
            },
            winners: None,
        },
    };
    let unsigned = |body| Object::unsigned(body).unwrap();
    let objects = [
        poll,
        voice,
        unsigned(Said::SealList(list)),
        unsigned(Said::Value(Box::new(value))),
    ];

    for object in objects {
        let carried = carry(&envelope(), object.original());

        let nobody = |_: &str| None::<PublicKey>;
        assert_eq!(unaccepted(lint(&carried, &nobody)), [], "{}", object.kind());
        let read = Activity::parse(carried).unwrap();
        assert!(matches!(read.body, Body::Governance(_)));
        let inside = Object::from_json(read.object().unwrap().clone()).unwrap();
        assert_eq!(inside, object);
    }
}
