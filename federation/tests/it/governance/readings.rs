//! The readings of UKV-1 that decision 0009 lists, by their numbers there. Points 6 and 8 are in
//! `electorate`; point 9 is not built.

use std::sync::Arc;

use interkpa_federation::governance::body::{Body, Slot};
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::clerks::Clerks;
use interkpa_federation::governance::closing::{PollValue, SealList};
use interkpa_federation::governance::effect::hubs::NewKeys;
use interkpa_federation::governance::effect::{Amendments, Effect, EffectKind, Payload};
use interkpa_federation::governance::electorate::{Certified, Decision, replay};
use interkpa_federation::governance::genesis::Genesis;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::ledger::Verified;
use interkpa_federation::governance::machine::{Arrival, Input, Machine, Opening, Output, Stored};
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::governance::poll::text::{PollText, TextFormat, TextSource};
use interkpa_federation::governance::prove::Signatory;
use interkpa_federation::governance::question::{Question, QuestionKind};
use interkpa_federation::governance::register::KeyRotation;
use interkpa_federation::governance::result::Outcome;
use interkpa_federation::governance::rounds::{Minutes, Reread, Sign};
use interkpa_federation::governance::rule::{Decision as Ruling, Rule};
use interkpa_federation::governance::rules::{Decide, Rules};
use interkpa_federation::governance::value::{NamedSeal, result_of};
use interkpa_federation::multikey::SecretKey;
use interkpa_federation::{Instant, Span};

use super::network::{
    Network, at, closes_at, no_quorum, nowhere, option, options, recovery, rules, signatory,
    simple_majority,
};

fn founded(network: &Network, rules: Rules) -> Result<Object, impl std::error::Error> {
    let genesis = Genesis {
        rules,
        ..network.genesis.verify_genesis().unwrap().clone()
    };
    let signatories: Vec<Signatory<'_>> = network.keys.iter().map(signatory).collect();
    Object::sign(Body::Genesis(Box::new(genesis)), &signatories)
}

fn asked(network: &Network, draft: Poll) -> Result<Object, impl std::error::Error> {
    Object::sign(Body::Poll(Box::new(draft)), &[signatory(&network.keys[0])])
}

#[test]
fn point_1_no_signed_text_holds_nul() {
    let network = Network::of(1);
    let poll = network.poll(network.draft());
    let mut ballot = network.ballot(0, &poll, Choice::Word(Word::Approve));
    ballot.reason = Some("Oui.".to_owned());
    let good = network.signed(0, Body::Ballot(Box::new(ballot)));
    let text = good.original().to_string();

    assert!(Object::parse(text.as_bytes()).is_ok());
    let with_nul = text.replace("Oui.", "Oui\\u0000.");
    assert_eq!(
        Object::parse(with_nul.as_bytes()).unwrap_err().code(),
        "bad_json"
    );
}

#[test]
fn point_2_an_address_is_any_text() {
    let network = Network::of(2);
    let mut draft = network.draft();
    draft.electorate.members[1].actor = "pas une adresse".to_owned();
    draft.text = PollText {
        format: TextFormat::Plain,
        sha256: nowhere(1),
        source: TextSource::Link("dans le classeur bleu".to_owned()),
    };

    assert!(asked(&network, draft).is_ok());
}

#[test]
fn point_3_rules_decide_on_effects_and_never_on_none() {
    let network = Network::of(1);
    let decide = |effect| Rules {
        decide: vec![Decide {
            effect,
            kind: QuestionKind::Approval,
            rule: simple_majority(),
            convocation: None,
        }],
        ..rules()
    };

    assert!(founded(&network, decide(EffectKind::RegisterKey)).is_ok());
    assert!(founded(&network, decide(EffectKind::Nothing)).is_err());
}

#[test]
fn point_4_a_committee_has_three_k_and_one_hubs_from_13_to_31() {
    let network = Network::of(1);
    let all = Network::of(40);
    let with = |size: usize| Rules {
        committee: Some((0..size).map(|number| all.hub(number)).collect()),
        ..rules()
    };
    let is_let_in = |size: &usize| founded(&network, with(*size)).is_ok();

    let let_in: Vec<usize> = (0..=40).filter(is_let_in).collect();

    assert_eq!(let_in, [13, 16, 19, 22, 25, 28, 31]);
}

#[test]
fn point_5_texts_compete_in_a_ranking_and_one_option_is_the_present_text() {
    let network = Network::of(1);
    let amending = |question: Question, amendments: Amendments| {
        let decision = match question {
            Question::Ranked(_) => Ruling::Schulze,
            _ => simple_majority().decision,
        };
        let draft = Poll {
            question,
            rule: Rule {
                quorum: no_quorum(),
                decision,
            },
            effect: Some(Effect::Change {
                payload: Box::new(Payload::CharterAmend(amendments)),
                base: nowhere(9),
            }),
            ..network.draft()
        };
        asked(&network, draft).is_ok()
    };
    let ranked = || Question::Ranked(options(3));
    let texts = |names: &[u16]| {
        Amendments::Competing(
            names
                .iter()
                .map(|name| (option(*name), nowhere(1)))
                .collect(),
        )
    };
    let one = || Amendments::One(nowhere(1));

    assert!(amending(Question::Approval, one()));
    assert!(amending(ranked(), texts(&[1, 3])));
    assert!(!amending(Question::Approval, texts(&[1])));
    assert!(!amending(ranked(), one()));
    assert!(!amending(ranked(), texts(&[1, 2, 3])));
    assert!(!amending(ranked(), texts(&[1])));
    assert!(!amending(ranked(), texts(&[1, 4])));
}

#[test]
fn point_7_keys_given_by_vote_leave_alone_what_they_do_not_name() {
    let network = Network::of(3);
    let [delegate, given, later] = [90, 91, 92].map(|seed| SecretKey::from_seed(&[seed; 32]));
    let mut genesis = network.genesis.verify_genesis().unwrap().clone();
    genesis.founders[1].delegate_key = Some(delegate.public());
    let hub = network.hub(1);
    let draft = network.draft();
    let poll = Poll {
        closes_at: draft.notice_at() - Span::days(8),
        effect: Some(Effect::Change {
            payload: Box::new(Payload::Keys(Box::new(NewKeys {
                hub,
                key: given.public(),
                recovery_key: None,
                delegate_key: None,
            }))),
            base: network.genesis.hash(),
        }),
        ..network.draft()
    };
    let certified = Decision::Certified(Certified {
        poll_hash: nowhere(1),
        poll: &poll,
        outcome: Outcome::Adopted,
        rules: &rules(),
    });
    let rotation = KeyRotation {
        hub,
        old: given.public(),
        new: later.public(),
    };
    // The recovery key of the genesis still proves a rotation.
    let paper = recovery(&network.keys[1]);
    let by = [&later, &paper].map(|key| Signatory {
        hub,
        key,
        created: at(60),
    });
    let rotation = Object::sign(Body::KeyRotation(Box::new(rotation)), &by).unwrap();

    let decisions = [certified, Decision::Statement(&rotation)];
    let register = replay(&draft, &genesis, &decisions).unwrap();

    let elector = register.electors()[1];
    assert_eq!(elector.key, later.public());
    assert_eq!(elector.delegate_key, Some(delegate.public()));
}

/// A poll that closes, and one hub of it.
struct Closing {
    network: Network,
    poll: Arc<Object>,
}

impl Closing {
    fn of_four() -> Self {
        let network = Network::of(4);
        let poll = Arc::new(network.poll(network.draft()));
        Self { network, poll }
    }

    fn opened(&self, number: usize, stored: Vec<Stored>) -> Machine {
        let opening = Opening {
            poll: Arc::clone(&self.poll),
            me: self.network.hub(number),
            round: Span::minutes(30),
            poll_received_at: at(0),
            stale: None,
            restored_at: None,
        };
        Machine::open(opening, stored).unwrap()
    }

    fn signed(&self, number: usize, body: Body) -> Verified {
        self.verified(self.network.signed(number, body))
    }

    fn verified(&self, object: Object) -> Verified {
        Verified::in_poll(&self.poll, Arc::new(object)).unwrap()
    }

    fn give(&self, machine: &mut Machine, number: usize, now: Instant, input: Input) -> Vec<Body> {
        let outputs = machine.step(now, input, &self.network.keys[number]);
        let said = outputs.into_iter().filter_map(|output| match output {
            Output::Emit(object) => Some(object.body().clone()),
            _ => None,
        });
        said.collect()
    }

    /// The number of the clerk of a round.
    fn clerk(&self, round: u64) -> usize {
        let Body::Poll(poll) = self.poll.body() else {
            panic!("a poll")
        };
        let clerk = Clerks::of(poll, self.poll.hash()).of_round(round);
        (0..4)
            .find(|number| Some(self.network.hub(*number)) == clerk)
            .unwrap()
    }

    /// The empty list, and what each hub seals that held nothing.
    fn seals(&self) -> (Verified, Vec<Verified>) {
        let seal = |number| {
            let mut machine = self.opened(number, vec![]);
            let said = self.give(&mut machine, number, closes_at(), Input::Tick);
            self.signed(number, said[0].clone())
        };
        let list = Object::unsigned(Body::SealList(SealList::default())).unwrap();
        (self.verified(list), (0..4).map(seal).collect())
    }

    /// The minutes of a clerk that names those seals, and their value.
    fn minutes(&self, clerk: usize, seals: &[&Verified]) -> [Verified; 2] {
        let mut named: Vec<ObjectHash> = seals.iter().map(|seal| seal.object().hash()).collect();
        named.sort();
        let Body::Poll(poll) = self.poll.body() else {
            panic!("a poll")
        };
        let empty = SealList::default();
        let counted: Vec<NamedSeal<'_>> = seals
            .iter()
            .filter_map(|seal| match seal.object().body() {
                Body::Seal(seal) => Some(NamedSeal { seal, list: &empty }),
                _ => None,
            })
            .collect();
        let value = PollValue {
            poll: self.poll.hash(),
            seals: named,
            result: result_of(poll, &counted, |_| None),
        };
        let value = Object::unsigned(Body::Value(Box::new(value))).unwrap();
        let minutes = Minutes {
            hub: self.network.hub(clerk),
            poll: self.poll.hash(),
            round: 0,
            value: value.hash(),
            valid: None,
        };
        [
            self.signed(clerk, Body::Minutes(minutes)),
            self.verified(value),
        ]
    }
}

#[test]
fn point_10_a_clerk_with_too_few_seals_stays_silent() {
    let closing = Closing::of_four();
    let me = closing.clerk(1);
    let mut machine = closing.opened(me, vec![]);
    closing.give(&mut machine, me, closes_at(), Input::Tick);
    let others = (0..4).filter(|number| *number != me).take(2);
    let mut said = vec![];
    for other in others {
        let reread = Reread {
            hub: closing.network.hub(other),
            poll: closing.poll.hash(),
            round: 1,
            value: None,
            pol_round: None,
        };
        let input = Input::Received(closing.signed(other, Body::Reread(reread)));
        said.extend(closing.give(&mut machine, me, closes_at(), input));
    }

    assert_eq!(machine.round(), Some(1), "it skipped");
    assert!(!said.iter().any(|body| matches!(body, Body::Minutes(_))));
}

/// What a hub says of minutes.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Silence,
    Nil,
    Value,
}

/// What a hub answers to minutes that omit the last seal, when it held so many of four before; `late`
/// is after a restart beyond the grace.
fn answer_to_an_omission(held: usize, late: bool) -> Answer {
    let closing = Closing::of_four();
    let clerk = closing.clerk(0);
    let me = (0..4).find(|number| *number != clerk).unwrap();
    let (list, mut seals) = closing.seals();
    // The omitted one is not the own one, which the hub always holds.
    seals.swap(0, me);
    let named: Vec<&Verified> = seals[..3].iter().collect();
    let minutes = closing.minutes(clerk, &named);
    let stored = |object: &Verified| Stored {
        object: object.clone(),
        arrival: Arrival::Other,
    };
    let (now, mut machine, rest) = if late {
        let before: Vec<Stored> = seals[..held].iter().chain([&list]).map(stored).collect();
        let now = closes_at() + Span::hours(2);
        (now, closing.opened(me, before), &seals[held..])
    } else {
        (closes_at(), closing.opened(me, vec![]), &seals[..held])
    };
    let mut said = closing.give(&mut machine, me, now, Input::Tick);
    let coming = rest.iter().chain([&list]).chain(&minutes);
    for object in coming {
        let input = Input::Received(object.clone());
        said.extend(closing.give(&mut machine, me, now, input));
    }
    let mut rereads = said.iter().filter_map(|body| match body {
        Body::Reread(reread) if reread.value.is_some() => Some(Answer::Value),
        Body::Reread(_) => Some(Answer::Nil),
        _ => None,
    });
    rereads.next().unwrap_or(Answer::Silence)
}

#[test]
fn point_11_minutes_are_refused_for_a_seal_held_when_the_grace_ended_or_at_a_restart_after_it() {
    // Before the end of the grace: all that is held now.
    assert_eq!(answer_to_an_omission(4, false), Answer::Nil);
    // Restarted beyond it: what was held then.
    assert_eq!(answer_to_an_omission(4, true), Answer::Nil);
    // What came after the restart is not asked for.
    assert_eq!(answer_to_an_omission(3, true), Answer::Value);
}

#[test]
fn point_12_an_own_object_that_is_not_known_counts_as_a_restore_now() {
    let closing = Closing::of_four();
    let sign = Sign {
        hub: closing.network.hub(1),
        poll: closing.poll.hash(),
        round: 0,
        value: None,
    };
    let ballot = closing
        .network
        .ballot(1, &closing.poll, Choice::Word(Word::Approve));
    let key = &closing.network.keys[1];
    let mut closed = closing.opened(1, vec![]);
    let mut open = closing.opened(1, vec![]);

    let unknown = closing.signed(1, Body::Sign(sign));
    let at_close = closes_at() - Span::minutes(59);
    let outputs = closed.step(at_close, Input::Received(unknown), key);
    assert!(outputs.contains(&Output::Restored(at_close)));
    assert!(!closed.may_sign());
    assert_eq!(closed.step(closes_at(), Input::Tick, key), []);

    // In a poll that closes later it goes on, after its own ballot.
    let before = closes_at() - Span::hours(2);
    let unknown = closing.signed(1, Body::Ballot(Box::new(ballot)));
    let outputs = open.step(before, Input::Received(unknown), key);
    assert!(outputs.contains(&Output::Restored(before)));
    assert_eq!(open.next_place().unwrap().seq(), 2);
    assert!(open.may_sign());
    let sealed = open.step(closes_at(), Input::Tick, key);
    let is_seal = |output: &Output| matches!(output, Output::Emit(object) if object.body().slot() == Some(Slot::Seal));
    assert!(sealed.iter().any(is_seal));
}

#[test]
fn point_13_an_instant_is_of_the_years_1970_to_9999() {
    let network = Network::of(1);
    let poll = network.poll(network.draft());
    let ballot = network.voice(0, &poll, Word::Approve);
    let decided_on = |day: &str| {
        let mut json = ballot.original().clone();
        json["ikpa:mandate"]["ikpa:decidedAt"] = format!("{day}T00:00:00Z").into();
        Object::from_json(json).is_ok()
    };

    assert!(decided_on("1970-01-01") && decided_on("9999-12-31"));
    assert!(!decided_on("1969-12-31") && !decided_on("1027-01-02"));
}
