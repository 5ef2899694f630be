//! The library of cheaters (votes.md 7.1): each runs the honest machine, and says other things instead
//! of what it says, or beside.

use std::collections::BTreeMap;
use std::sync::Arc;

use interkpa_federation::governance::ballot::{Ballot, Place};
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::closing::{Cancel, Entry, Held, PollValue, Seal, SealList};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::ledger::{State, Verified};
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::result::{Counts, PollResult};
use interkpa_federation::governance::rounds::{Minutes, Reread, Sign, Valid};
use interkpa_federation::governance::value::{NamedSeal, result_of};

use super::world::World;
use crate::governance::network::{at, nowhere};

/// What a cheater does; each has some of these.
#[derive(Clone, Copy)]
enum Trick {
    DoubleBallot,
    BallotToFew,
    LateBallot,
    DoubleSeal,
    OmitOpponents,
    FalseReports,
    TwoMinutes,
    StaleMinutes,
    DoubleSign,
    SilentClerk,
    WrongTally,
    Replay,
    IllFormed,
    Junk,
    Silent,
}

impl Trick {
    const fn bit(self) -> u64 {
        match self {
            Self::DoubleBallot => 1,
            Self::BallotToFew => 1 << 1,
            Self::LateBallot => 1 << 2,
            Self::DoubleSeal => 1 << 3,
            Self::OmitOpponents => 1 << 4,
            Self::FalseReports => 1 << 5,
            Self::TwoMinutes => 1 << 6,
            Self::StaleMinutes => 1 << 7,
            Self::DoubleSign => 1 << 8,
            Self::SilentClerk => 1 << 9,
            Self::WrongTally => 1 << 10,
            Self::Replay => 1 << 11,
            Self::IllFormed => 1 << 12,
            Self::Junk => 1 << 13,
            // Rare: a hub that says nothing is only an absent one.
            Self::Silent => 0b111 << 14,
        }
    }
}

fn does(world: &World, hub: usize, trick: Trick) -> bool {
    world.hubs[hub].tricks() & trick.bit() == trick.bit()
}

/// What a cheater sends in the place of something honest; false when it sends that as anybody would.
pub(super) fn instead(world: &mut World, hub: usize, object: &Arc<Object>) -> bool {
    match object.body() {
        Body::Ballot(ballot) => instead_of_ballot(world, hub, object, ballot),
        Body::Seal(seal) => instead_of_seal(world, hub, object, seal),
        Body::Minutes(minutes) => instead_of_minutes(world, hub, object, minutes),
        Body::Reread(reread) => instead_of_reread(world, hub, object, reread),
        Body::Sign(sign) => instead_of_sign(world, hub, object, sign),
        _ => does(world, hub, Trick::Silent),
    }
}

fn instead_of_ballot(world: &mut World, hub: usize, object: &Arc<Object>, ballot: &Ballot) -> bool {
    if does(world, hub, Trick::DoubleBallot) {
        let other = Ballot {
            reason: Some("Une autre voix.".to_owned()),
            ..ballot.clone()
        };
        let other = signed(world, hub, Body::Ballot(Box::new(other)));
        split(world, hub, &[vec![Arc::clone(object)], vec![other]]);
        return true;
    }
    if does(world, hub, Trick::BallotToFew) {
        let to = world.dice.index(world.hubs.len());
        world.post(hub, to, object);
        return true;
    }
    false
}

/// Beside its own seal: another, which lists less, or lists what came late, or reports what is not.
fn instead_of_seal(world: &mut World, hub: usize, object: &Arc<Object>, seal: &Seal) -> bool {
    if does(world, hub, Trick::Silent) {
        return true;
    }
    let mut versions = vec![];
    if does(world, hub, Trick::DoubleSeal) {
        versions.push(vec![Arc::clone(object)]);
    }
    let mut entries: BTreeMap<_, Entry> = world.hubs[hub]
        .machine()
        .ledger()
        .list(seal.list)
        .map(|list| {
            list.entries
                .iter()
                .map(|entry| (entry.hub, *entry))
                .collect()
        })
        .unwrap_or_default();
    let mut sent = vec![];
    if does(world, hub, Trick::OmitOpponents) {
        let dice = &mut world.dice;
        entries.retain(|_, _| dice.percent(50));
    }
    if does(world, hub, Trick::LateBallot) {
        for late in late_ballots(world) {
            let voter = late.body().hub().unwrap();
            let held = Held::Ballot(late.hash());
            entries.insert(voter, Entry { hub: voter, held });
            sent.push(late);
        }
    }
    let lies = does(world, hub, Trick::FalseReports);
    if sent.is_empty() && !lies && !does(world, hub, Trick::OmitOpponents) {
        if versions.is_empty() {
            return false;
        }
        entries.clear();
    }
    let list = SealList {
        entries: entries.into_values().collect(),
    };
    let list = Arc::new(Object::unsigned(Body::SealList(list)).unwrap());
    let other = Seal {
        list: list.hash(),
        cancel: if lies { Cancel::Seen } else { seal.cancel },
        stale: if lies { Some(nowhere(9)) } else { seal.stale },
        poll_received_at: if lies {
            world.now
        } else {
            seal.poll_received_at
        },
        ..seal.clone()
    };
    sent.push(signed(world, hub, Body::Seal(other)));
    sent.push(list);
    versions.push(sent);
    split(world, hub, &versions);
    true
}

/// Ballots of all who vote late, signed after the close or given to nobody before.
fn late_ballots(world: &mut World) -> Vec<Arc<Object>> {
    let late: Vec<usize> = (0..world.hubs.len())
        .filter(|hub| does(world, *hub, Trick::LateBallot))
        .collect();
    late.into_iter()
        .map(|hub| {
            let choice = Choice::Word(Word::Oppose);
            let ballot = world.network.ballot(hub, &world.poll, choice);
            let ballot = Ballot {
                place: Place::FIRST,
                reason: Some("En retard.".to_owned()),
                ..ballot
            };
            signed(world, hub, Body::Ballot(Box::new(ballot)))
        })
        .collect()
}

fn instead_of_minutes(
    world: &mut World,
    hub: usize,
    object: &Arc<Object>,
    minutes: &Minutes,
) -> bool {
    if does(world, hub, Trick::SilentClerk) || does(world, hub, Trick::Silent) {
        return true;
    }
    let mut versions = vec![];
    if does(world, hub, Trick::TwoMinutes) {
        versions.push(vec![Arc::clone(object)]);
        versions.extend(other_value(world, hub, false).map(|value| {
            let other = Minutes {
                value: value.hash(),
                valid: None,
                ..minutes.clone()
            };
            vec![signed(world, hub, Body::Minutes(other)), value]
        }));
    }
    if does(world, hub, Trick::WrongTally) {
        versions.extend(other_value(world, hub, true).map(|value| {
            let other = Minutes {
                value: value.hash(),
                valid: None,
                ..minutes.clone()
            };
            vec![signed(world, hub, Body::Minutes(other)), value]
        }));
    }
    if does(world, hub, Trick::StaleMinutes) && minutes.round > 0 {
        versions.push(vec![stale_minutes(world, hub, minutes)]);
    }
    if versions.is_empty() {
        return false;
    }
    split(world, hub, &versions);
    true
}

/// Minutes that rest on rereads of an earlier round which do not carry them.
fn stale_minutes(world: &mut World, hub: usize, minutes: &Minutes) -> Arc<Object> {
    let round = world.dice.below(minutes.round);
    let ledger = world.hubs[hub].machine().ledger();
    let mut rereads = vec![];
    let mut value = minutes.value;
    for object in ledger.objects() {
        if let Body::Reread(reread) = object.body()
            && reread.round == round
        {
            rereads.push(object.hash());
            value = reread.value.unwrap_or(value);
        }
    }
    if rereads.is_empty() {
        rereads.push(nowhere(3));
    }
    let stale = Minutes {
        value,
        valid: Some(Valid { round, rereads }),
        ..minutes.clone()
    };
    signed(world, hub, Body::Minutes(stale))
}

/// A value of other seals than all, right or wrong.
fn other_value(world: &mut World, hub: usize, wrong: bool) -> Option<Arc<Object>> {
    let ledger = world.hubs[hub].machine().ledger();
    let enough = ledger.poll().numbers().to_sign();
    let mut seals: BTreeMap<_, ObjectHash> = BTreeMap::new();
    for object in ledger.objects() {
        if let Body::Seal(seal) = object.body()
            && ledger.state(object.hash()) == State::Good
        {
            // The last of each hub; an honest clerk takes the first that came.
            seals.insert(seal.hub, object.hash());
        }
    }
    let all: Vec<ObjectHash> = seals.into_values().collect();
    if all.len() < enough {
        return None;
    }
    let kept = world.dice.some(enough, all.len());
    let mut seals: Vec<ObjectHash> = kept.into_iter().map(|at| all[at]).collect();
    seals.sort();
    let ledger = world.hubs[hub].machine().ledger();
    let named: Vec<NamedSeal<'_>> = seals
        .iter()
        .map(|hash| {
            let seal = ledger.seal(*hash).unwrap();
            let list = ledger.list(seal.list).unwrap();
            NamedSeal { seal, list }
        })
        .collect();
    let mut result = result_of(ledger.poll(), &named, |hash| ledger.ballot(hash));
    if wrong {
        result = falsified(result);
    }
    let value = PollValue {
        poll: world.poll.hash(),
        seals,
        result,
    };
    Some(Arc::new(
        Object::unsigned(Body::Value(Box::new(value))).unwrap(),
    ))
}

fn falsified(mut result: PollResult) -> PollResult {
    if let Counts::Approval { approve, .. } = &mut result.counts {
        *approve += 1;
    }
    result
}

fn instead_of_reread(world: &mut World, hub: usize, object: &Arc<Object>, reread: &Reread) -> bool {
    if does(world, hub, Trick::Silent) {
        return true;
    }
    if !does(world, hub, Trick::DoubleSign) {
        return false;
    }
    let value = any_value(world, hub);
    let other = Reread {
        value,
        pol_round: None,
        ..reread.clone()
    };
    let other = signed(world, hub, Body::Reread(other));
    split(world, hub, &[vec![Arc::clone(object)], vec![other]]);
    true
}

fn instead_of_sign(world: &mut World, hub: usize, object: &Arc<Object>, sign: &Sign) -> bool {
    if does(world, hub, Trick::Silent) {
        return true;
    }
    if !does(world, hub, Trick::DoubleSign) {
        return false;
    }
    let value = any_value(world, hub);
    let other = Sign {
        value,
        ..sign.clone()
    };
    let other = signed(world, hub, Body::Sign(other));
    split(world, hub, &[vec![Arc::clone(object)], vec![other]]);
    true
}

/// Any value that the cheater holds, or nil.
fn any_value(world: &mut World, hub: usize) -> Option<ObjectHash> {
    let ledger = world.hubs[hub].machine().ledger();
    let values = ledger
        .objects()
        .filter(|object| matches!(object.body(), Body::Value(_)));
    let values: Vec<ObjectHash> = values.map(|object| object.hash()).collect();
    let is_some = !values.is_empty() && world.dice.percent(70);
    is_some.then(|| *world.dice.pick(&values))
}

/// What a cheater does on its own, around the close.
pub(super) fn act(world: &mut World, hub: usize) {
    if world.hubs[hub].machine.is_none() {
        return;
    }
    if does(world, hub, Trick::LateBallot) {
        for late in late_ballots(world) {
            let to = world.dice.index(world.hubs.len());
            world.post(hub, to, &late);
        }
    }
    if does(world, hub, Trick::Replay) {
        replay(world, hub);
    }
    if does(world, hub, Trick::IllFormed) {
        ill_formed(world);
    }
    if does(world, hub, Trick::Junk) {
        junk(world, hub);
    }
}

/// What is signed for another poll is refused here, before any machine sees it.
fn replay(world: &mut World, hub: usize) {
    let victim = world.dice.index(world.hubs.len());
    let ballot = world.network.voice(victim, &world.other_poll, Word::Oppose);
    let refused = Verified::in_poll(&world.poll, Arc::new(ballot));
    assert!(refused.is_err(), "T8: a ballot of another poll was taken");
    // In the name of another, with its own key.
    let other = world
        .network
        .ballot(victim, &world.poll, Choice::Word(Word::Oppose));
    if victim != hub {
        let forged = world.network.signed(hub, Body::Ballot(Box::new(other)));
        let refused = Verified::in_poll(&world.poll, Arc::new(forged));
        assert!(refused.is_err(), "a ballot signed by another was taken");
    }
}

/// A changed byte of something that travels never gives something good of another name.
fn ill_formed(world: &mut World) {
    let hub = world.dice.index(world.hubs.len());
    let Some(machine) = &world.hubs[hub].machine else {
        return;
    };
    let objects: Vec<Arc<Object>> = machine.ledger().objects().cloned().collect();
    if objects.is_empty() {
        return;
    }
    let object = world.dice.pick(&objects).clone();
    let mut bytes = object.original().to_string().into_bytes();
    let at = world.dice.index(bytes.len());
    let bit = world.dice.below(7);
    bytes[at] ^= 1 << bit;
    let Ok(read) = Object::parse(&bytes) else {
        return;
    };
    let read = Arc::new(read);
    let is_signed = read.body().hub().is_some();
    let taken = Verified::in_poll(&world.poll, Arc::clone(&read)).is_ok();
    assert!(
        !is_signed || !taken || read.hash() == object.hash(),
        "a changed byte was taken"
    );
}

/// Signed nonsense: far rounds, values and rereads that are nowhere, lists that nobody names.
fn junk(world: &mut World, hub: usize) {
    for _ in 0..world.dice.below(20) {
        let poll = world.poll.hash();
        let id = world.hubs[hub].id;
        let far = [0, 1, 2, 7, 12, 1_000_000];
        let round = *world.dice.pick(&far) + world.dice.below(3);
        let value = nowhere(u8::try_from(world.dice.below(250)).unwrap());
        let body = match world.dice.below(4) {
            0 => Body::Reread(Reread {
                hub: id,
                poll,
                round,
                value: Some(value),
                pol_round: None,
            }),
            1 => Body::Sign(Sign {
                hub: id,
                poll,
                round,
                value: Some(value),
            }),
            2 => Body::Minutes(Minutes {
                hub: id,
                poll,
                round,
                value,
                valid: None,
            }),
            _ => Body::Seal(Seal {
                hub: id,
                poll,
                poll_received_at: at(0),
                list: value,
                cancel: Cancel::NotSeen,
                stale: None,
            }),
        };
        let junk = signed(world, hub, body);
        for to in 0..world.hubs.len() {
            if world.dice.percent(50) {
                world.post(hub, to, &junk);
            }
        }
    }
}

fn signed(world: &World, hub: usize, body: Body) -> Arc<Object> {
    Arc::new(world.network.signed(hub, body))
}

/// Each hub gets one of these versions, some get several.
fn split(world: &mut World, from: usize, versions: &[Vec<Arc<Object>>]) {
    for to in 0..world.hubs.len() {
        let own = world.dice.index(versions.len());
        for (number, version) in versions.iter().enumerate() {
            if number == own || world.dice.percent(20) {
                for object in version {
                    world.post(from, to, object);
                }
            }
        }
    }
}
