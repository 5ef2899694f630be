//! Bundles drawn from a seed: every kind of question, chains, double voters, liars’ seals, decisions of
//! the register; then most of them broken in one way.

use std::collections::BTreeMap;
use std::sync::Arc;

use interkpa_federation::Span;
use interkpa_federation::governance::ballot::{Ballot, Place};
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::closing::{Cancel, Entry, Held, PollValue, Seal, SealList};
use interkpa_federation::governance::effect::{Effect, EffectKind, Payload, Standing};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::object::{Kind, Object};
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::governance::question::{Question, QuestionKind, Scale};
use interkpa_federation::governance::result::Outcome;
use interkpa_federation::governance::rounds::Sign;
use interkpa_federation::governance::rule::{
    Abstentions, Base, Bound, Decision, Quorum, Rule, Threshold,
};
use interkpa_federation::governance::rules::{Decide, Rules};
use interkpa_federation::governance::value::{NamedSeal, result_of};
use serde_json::Value;

use crate::dice::Dice;
use crate::network::{
    Network, fraction, no_quorum, nowhere, option, options, rules, simple_majority,
};

/// One bundle.
pub(crate) struct Drawn {
    pub(crate) bytes: Vec<u8>,
    pub(crate) genesis: ObjectHash,
}

/// The bundle of a seed.
pub(crate) fn draw(seed: u64) -> Drawn {
    let mut dice = Dice::of(seed);
    let network = network(1 + u16::try_from(seed % 7).unwrap());
    let mut vote = Vote::new(&network, &mut dice, seed);
    vote.close(&mut dice);
    let broken = seed / 6 % 8;
    vote.break_objects(broken, &mut dice);
    let mut json = Bundle::write(vote.poll.hash(), vote.objects.iter().map(Arc::as_ref));
    break_json(&mut json, broken, &mut dice);
    Drawn {
        bytes: json.to_string().into_bytes(),
        genesis: network.genesis.hash(),
    }
}

/// A network whose rules let a majority put a hub to sleep.
fn network(hubs: u16) -> Network {
    let decide = Decide {
        effect: EffectKind::RegisterSuspend,
        kind: QuestionKind::Approval,
        rule: simple_majority(),
        convocation: None,
    };
    let rules = Rules {
        decide: vec![decide],
        ..rules()
    };
    Network::with_rules(hubs, rules)
}

/// A vote as its hubs hold it.
struct Vote<'n> {
    network: &'n Network,
    /// Who has a voice, by the numbers of the network.
    voters: Vec<usize>,
    poll: Arc<Object>,
    asked: Poll,
    objects: Vec<Arc<Object>>,
}

impl<'n> Vote<'n> {
    fn new(network: &'n Network, dice: &mut Dice, seed: u64) -> Self {
        let mut draft = Poll {
            question: question(seed % 6),
            rule: rule(seed % 6, dice),
            ..network.draft()
        };
        let mut voters: Vec<usize> = (0..network.keys.len()).collect();
        let mut objects = vec![Arc::new(network.genesis.clone())];
        // A hub was put to sleep before.
        if voters.len() > 1 && dice.percent(30) {
            let asleep = voters.pop().unwrap();
            let (value, more) = put_to_sleep(network, asleep, dice);
            objects.extend(more);
            draft.closes_at = draft.closes_at + Span::days(30);
            draft.electorate.decisions = vec![value];
            draft.electorate.members.pop();
        }
        let poll = Arc::new(network.poll(draft.clone()));
        objects.push(Arc::clone(&poll));
        Self {
            network,
            voters,
            poll,
            asked: draft,
            objects,
        }
    }

    fn add(&mut self, object: Object) -> ObjectHash {
        let hash = object.hash();
        self.objects.push(Arc::new(object));
        hash
    }

    /// Ballots, seals, the value and its signatures.
    fn close(&mut self, dice: &mut Dice) {
        let ballots = self.ballots(dice);
        let sealed = self.voters.len() - usize::from(self.voters.len() > 3 && dice.percent(30));
        let mut seals: Vec<Arc<Object>> = vec![];
        let sealing: Vec<usize> = self.voters.iter().take(sealed).copied().collect();
        for number in sealing {
            seals.push(self.seal(number, &ballots, dice));
        }
        let mut named: Vec<ObjectHash> = seals.iter().map(|seal| seal.hash()).collect();
        named.sort();
        let value = self.value(&named);
        let value = self.add(value);
        self.sign(value, dice.below(3), 0);
    }

    /// For each voter its ballots: none, a chain, or two of one number.
    fn ballots(&mut self, dice: &mut Dice) -> BTreeMap<usize, Vec<Arc<Object>>> {
        let mut all = BTreeMap::new();
        for number in self.voters.clone() {
            let mut own: Vec<Arc<Object>> = vec![];
            let mut place = Place::FIRST;
            for _ in 0..dice.below(4) {
                let ballot = self.ballot(number, place, dice);
                place = Place::after(ballot_of(&ballot).place.seq(), ballot.hash()).unwrap();
                own.push(ballot);
            }
            if dice.percent(20) {
                own.push(self.ballot(number, Place::FIRST, dice));
            }
            self.objects.extend(own.iter().cloned());
            all.insert(number, own);
        }
        all
    }

    fn ballot(&self, number: usize, place: Place, dice: &mut Dice) -> Arc<Object> {
        let choice = choice(&self.asked.question, dice);
        let reason = format!("Parce que… {}", dice.below(1_000));
        let ballot = Ballot {
            place,
            reason: Some(reason),
            ..self.network.ballot(number, &self.poll, choice)
        };
        Arc::new(self.network.signed(number, Body::Ballot(Box::new(ballot))))
    }

    /// What one hub lists: anything of what there is.
    fn seal(
        &mut self,
        number: usize,
        ballots: &BTreeMap<usize, Vec<Arc<Object>>>,
        dice: &mut Dice,
    ) -> Arc<Object> {
        let mut entries = vec![];
        for (voter, own) in ballots {
            if own.is_empty() || dice.percent(15) {
                continue;
            }
            let one = dice.pick(own).clone();
            let twin = own.iter().find(|other| {
                other.hash() != one.hash()
                    && ballot_of(other).place.seq() == ballot_of(&one).place.seq()
            });
            let held = match twin {
                Some(twin) if dice.percent(70) => {
                    let mut pair = [one.hash(), twin.hash()];
                    pair.sort();
                    Held::Conflict(pair)
                }
                _ => Held::Ballot(one.hash()),
            };
            let hub = self.network.hub(*voter);
            entries.push(Entry { hub, held });
        }
        let list = self.add(Object::unsigned(Body::SealList(SealList { entries })).unwrap());
        let reports = dice.percent(25);
        let notice_at = self.asked.notice_at();
        let seal = Seal {
            hub: self.network.hub(number),
            poll: self.poll.hash(),
            poll_received_at: if reports && dice.percent(60) {
                notice_at + Span::seconds(1)
            } else {
                notice_at
            },
            list,
            cancel: if reports && dice.percent(40) {
                Cancel::Seen
            } else {
                Cancel::NotSeen
            },
            stale: (reports && dice.percent(40)).then(|| nowhere(5)),
        };
        let seal = Arc::new(self.network.signed(number, Body::Seal(seal)));
        self.objects.push(Arc::clone(&seal));
        seal
    }

    /// The value of those seals, counted as a clerk counts.
    fn value(&self, seals: &[ObjectHash]) -> Object {
        let named: Vec<NamedSeal<'_>> = seals.iter().map(|seal| self.named(*seal)).collect();
        let ballot = |hash| Some(ballot_of(self.get(hash)));
        let value = PollValue {
            poll: self.poll.hash(),
            seals: seals.to_vec(),
            result: result_of(&self.asked, &named, ballot),
        };
        Object::unsigned(Body::Value(Box::new(value))).unwrap()
    }

    fn named(&self, seal: ObjectHash) -> NamedSeal<'_> {
        let Body::Seal(seal) = self.get(seal).body() else {
            panic!("a seal")
        };
        let Body::SealList(list) = self.get(seal.list).body() else {
            panic!("a list")
        };
        NamedSeal { seal, list }
    }

    fn get(&self, hash: ObjectHash) -> &Object {
        self.objects
            .iter()
            .find(|object| object.hash() == hash)
            .unwrap()
    }

    /// So many signatures as certify, less `too_few`.
    fn sign(&mut self, value: ObjectHash, round: u64, too_few: usize) {
        let enough = self.asked.numbers().to_sign();
        let signing = self.voters.iter().take(enough - too_few).copied();
        for number in signing.collect::<Vec<usize>>() {
            let sign = Sign {
                hub: self.network.hub(number),
                poll: self.poll.hash(),
                round,
                value: Some(value),
            };
            let signed = self.network.signed(number, Body::Sign(sign));
            self.add(signed);
        }
    }

    fn break_objects(&mut self, how: u64, dice: &mut Dice) {
        match how {
            // Something is missing.
            1 => drop(self.objects.remove(dice.index(self.objects.len()))),
            // A result that all signed, and that is wrong.
            3 => {
                let mut value = self.value_object();
                let outcomes = [Outcome::Adopted, Outcome::Rejected, Outcome::Tie];
                value.result.outcome = *dice.pick(&outcomes);
                self.sign_instead(value);
            }
            // Other seals: too few of them, or another result beside the first.
            4 => {
                let value = self.value_object();
                let kept = dice.index(value.seals.len() + 1);
                let other = self.value(&value.seals[..kept.max(1)]);
                let other = self.add(other);
                self.sign(other, 4, usize::from(dice.percent(30)));
            }
            // Something that belongs to nobody here.
            5 => {
                let stranger = Network::of(9);
                let number = self.voters[0];
                let ballot = self
                    .network
                    .ballot(number, &self.poll, Choice::Word(Word::Abstain));
                self.add(stranger.signed(8, Body::Ballot(Box::new(ballot))));
            }
            _ => {}
        }
    }

    fn value_object(&self) -> PollValue {
        let values = self.objects.iter().rev();
        let own = values.filter_map(|object| match object.body() {
            Body::Value(value) if value.poll == self.poll.hash() => Some((**value).clone()),
            _ => None,
        });
        own.into_iter().next().unwrap()
    }

    fn sign_instead(&mut self, value: PollValue) {
        let poll = self.poll.hash();
        self.objects
            .retain(|object| object.kind() != Kind::Sign || object.body().poll() != Some(poll));
        let value = Object::unsigned(Body::Value(Box::new(value))).unwrap();
        let value = self.add(value);
        self.sign(value, 0, 0);
    }
}

fn ballot_of(object: &Object) -> &Ballot {
    match object.body() {
        Body::Ballot(ballot) => ballot,
        _ => panic!("a ballot"),
    }
}

/// An earlier vote of the same network, with its own bundle.
fn put_to_sleep(network: &Network, hub: usize, dice: &mut Dice) -> (ObjectHash, Vec<Arc<Object>>) {
    let payload = Payload::Suspend {
        hub: network.hub(hub),
        standing: Standing::Paused,
    };
    let draft = Poll {
        effect: Some(Effect::Change {
            payload: Box::new(payload),
            base: network.genesis.hash(),
        }),
        ..network.draft()
    };
    let poll = Arc::new(network.poll(draft.clone()));
    let mut vote = Vote {
        network,
        voters: (0..network.keys.len()).collect(),
        poll: Arc::clone(&poll),
        asked: draft,
        objects: vec![poll],
    };
    let ballots: BTreeMap<usize, Vec<Arc<Object>>> = vote
        .voters
        .iter()
        .map(|number| {
            let word = if dice.percent(85) {
                Word::Approve
            } else {
                Word::Oppose
            };
            let ballot = network.voice(*number, &vote.poll, word);
            (*number, vec![Arc::new(ballot)])
        })
        .collect();
    vote.objects.extend(ballots.values().flatten().cloned());
    let entries = ballots.iter().map(|(number, own)| Entry {
        hub: network.hub(*number),
        held: Held::Ballot(own[0].hash()),
    });
    let list = SealList {
        entries: entries.collect(),
    };
    let list = vote.add(Object::unsigned(Body::SealList(list)).unwrap());
    let mut seals = vec![];
    for number in vote.voters.clone() {
        let seal = Seal {
            hub: network.hub(number),
            poll: vote.poll.hash(),
            poll_received_at: vote.asked.notice_at(),
            list,
            cancel: Cancel::NotSeen,
            stale: None,
        };
        seals.push(vote.add(network.signed(number, Body::Seal(seal))));
    }
    seals.sort();
    let value = vote.value(&seals);
    let value = vote.add(value);
    vote.sign(value, 0, 0);
    (value, vote.objects)
}

/// A changed leaf, another order, or nothing.
fn break_json(json: &mut Value, how: u64, dice: &mut Dice) {
    let items = json["objects"].as_array_mut().unwrap();
    match how {
        2 => {
            let at = dice.index(items.len());
            change_a_leaf(&mut items[at], dice);
        }
        6 => {
            items.reverse();
            let again = items[..items.len() / 2].to_vec();
            items.extend(again);
        }
        7 => {
            let at = dice.index(items.len());
            let members = items[at].as_object_mut().unwrap();
            let names: Vec<String> = members.keys().cloned().collect();
            members.remove(dice.pick(&names));
        }
        _ => {}
    }
}

fn change_a_leaf(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let at = dice.index(members.len());
            change_a_leaf(members.values_mut().nth(at).unwrap(), dice);
        }
        Value::Array(items) if !items.is_empty() => {
            let at = dice.index(items.len());
            change_a_leaf(&mut items[at], dice);
        }
        Value::String(text) => {
            let at = dice.index(text.chars().count());
            let changed = text.chars().enumerate();
            let changed = changed.map(|(number, c)| match c {
                _ if number != at => c,
                '1' => '2',
                _ => '1',
            });
            *text = changed.collect();
        }
        Value::Bool(truth) => *truth = !*truth,
        Value::Number(number) => *value = Value::from(number.as_i64().unwrap_or(0) + 1),
        other => *other = Value::from("x"),
    }
}

fn question(kind: u64) -> Question {
    match kind {
        0 => Question::Approval,
        1 => Question::Consent,
        2 => Question::Single(options(3)),
        3 => Question::Multiple {
            options: options(4),
            choices_max: 2,
        },
        4 => Question::Ranked(options(4)),
        _ => Question::Score {
            options: options(3),
            scale: Scale { min: -2, max: 3 },
        },
    }
}

fn rule(kind: u64, dice: &mut Dice) -> Rule {
    let bound = *dice.pick(&[Bound::Strict, Bound::Reached]);
    let quorum = if dice.percent(50) {
        no_quorum()
    } else {
        Quorum {
            fraction: fraction(1 + dice.below(2), 3, bound),
            abstentions: *dice.pick(&[Abstentions::Counted, Abstentions::LeftOut]),
        }
    };
    let bases = [Base::Expressed, Base::Participants, Base::Electorate];
    let decision = match kind {
        0 => Decision::Threshold(Threshold {
            fraction: fraction(1, 2 + dice.below(2), bound),
            base: *dice.pick(&bases),
        }),
        1 => Decision::ObjectionsMax(dice.below(2)),
        4 => Decision::Schulze,
        _ => Decision::Most,
    };
    Rule { quorum, decision }
}

fn choice(question: &Question, dice: &mut Dice) -> Choice {
    if dice.percent(15) {
        return Choice::Word(Word::Abstain);
    }
    match question {
        Question::Approval => Choice::Word(*dice.pick(&[Word::Approve, Word::Oppose])),
        Question::Consent => {
            Choice::Word(*dice.pick(&[Word::Consent, Word::Consent, Word::Object]))
        }
        Question::Single(options) => Choice::Options(vec![dice.pick(options).id]),
        Question::Multiple { .. } => {
            let first = 1 + u16::try_from(dice.below(3)).unwrap();
            Choice::Options(vec![option(first), option(first + 1)])
        }
        Question::Ranked(options) => {
            let mut groups: Vec<Vec<_>> = vec![];
            let mut ids: Vec<_> = options.iter().map(|option| option.id).collect();
            while !ids.is_empty() && (groups.is_empty() || dice.percent(80)) {
                let mut group = vec![ids.remove(dice.index(ids.len()))];
                if !ids.is_empty() && dice.percent(25) {
                    group.push(ids.remove(dice.index(ids.len())));
                }
                group.sort();
                groups.push(group);
            }
            Choice::Ranking(groups)
        }
        Question::Score { options, .. } => {
            let score = |option: &interkpa_federation::governance::question::PollOption| {
                (option.id, i64::try_from(dice.below(6)).unwrap() - 2)
            };
            Choice::Scores(options.iter().map(score).collect())
        }
    }
}
