//! The library of cheaters: each runs the honest machine, and says other things beside.

use std::sync::Arc;

use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::closing::{Seal, SealList};
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::rounds::{Minutes, Reread, Sign};

use super::world::World;

/// Before the close: a second ballot of the first number, to some only.
pub(super) fn votes(world: &mut World) {
    for hub in 0..world.hubs.len() {
        if !world.is_cheater(hub) || !world.dice.percent(60) {
            continue;
        }
        let other = world
            .network
            .ballot(hub, &world.poll, Choice::Word(Word::Oppose));
        let mut other = other;
        other.reason = Some("Une autre voix.".to_owned());
        let second = Arc::new(world.network.signed(hub, Body::Ballot(Box::new(other))));
        for to in 0..world.hubs.len() {
            if to != hub && world.dice.percent(50) {
                world.post(to, &second);
            }
        }
    }
}

/// Beside something honest: another seal, other minutes, another reread or signature for its slot.
pub(super) fn beside(world: &mut World, hub: usize, object: &Object) -> Vec<Arc<Object>> {
    if !world.dice.percent(70) {
        return vec![];
    }
    let values: Vec<_> = world.hubs[hub]
        .machine
        .ledger()
        .objects()
        .filter(|object| matches!(object.body(), Body::Value(_)))
        .map(|object| object.hash())
        .collect();
    let value = (!values.is_empty() && world.dice.percent(70)).then(|| *world.dice.pick(&values));
    let body = match object.body() {
        Body::Seal(seal) => {
            let empty = Object::unsigned(Body::SealList(SealList::default())).unwrap();
            let other = Seal {
                list: empty.hash(),
                ..seal.clone()
            };
            let other = world.network.signed(hub, Body::Seal(other));
            return vec![Arc::new(other), Arc::new(empty)];
        }
        Body::Minutes(minutes) => {
            let Some(value) = value else { return vec![] };
            Body::Minutes(Minutes {
                value,
                valid: None,
                ..minutes.clone()
            })
        }
        Body::Reread(reread) => Body::Reread(Reread {
            value,
            pol_round: None,
            ..reread.clone()
        }),
        Body::Sign(sign) => Body::Sign(Sign {
            value,
            ..sign.clone()
        }),
        _ => return vec![],
    };
    let other = Arc::new(world.network.signed(hub, body));
    if other.hash() == object.hash() {
        vec![]
    } else {
        vec![other]
    }
}
