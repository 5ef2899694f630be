//! Who has a voice: the register replayed from the decisions that a poll lists.

use interkpa_federation::Span;
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::effect::hubs::{Admission, NewKeys};
use interkpa_federation::governance::effect::{Effect, EffectKind, Payload, Standing};
use interkpa_federation::governance::electorate::{
    Certified, Decision, ElectorateError, Register, replay, replay_at,
};
use interkpa_federation::governance::genesis::Genesis;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::poll::Poll;
use interkpa_federation::governance::poll::voters::Certifiers;
use interkpa_federation::governance::prove::Signatory;
use interkpa_federation::governance::question::QuestionKind;
use interkpa_federation::governance::register::{KeyRotation, Pause, Presence};
use interkpa_federation::governance::result::Outcome;
use interkpa_federation::governance::rule::Abstentions;
use interkpa_federation::governance::rules::{Decide, Rules};
use interkpa_federation::multikey::SecretKey;

use super::network::{Network, at, nowhere, recovery, rules, signatory, simple_majority};

fn genesis(network: &Network) -> &Genesis {
    network.genesis.verify_genesis().unwrap()
}

fn newcomer() -> SecretKey {
    SecretKey::from_seed(&[150; 32])
}

fn admit(network: &Network) -> Payload {
    let key = newcomer();
    Payload::Admit(Box::new(Admission {
        key: key.public(),
        actor: "https://lavedouce.example/hub".to_owned(),
        name: "La Lave Douce".to_owned(),
        recovery_key: recovery(&key).public(),
        legal_ref: "W631000000".to_owned(),
        sponsors: vec![network.hub(0), network.hub(1)],
        delegate_key: None,
        hosted_by: None,
        assessment: None,
    }))
}

/// A poll that decides so, and closes so many days before the notice instant of the others.
fn deciding(network: &Network, payload: Payload, days: i64) -> Poll {
    let draft = network.draft();
    Poll {
        closes_at: draft.notice_at() - Span::days(days),
        effect: Some(Effect::Change {
            payload: Box::new(payload),
            base: network.genesis.hash(),
        }),
        ..draft
    }
}

fn certified<'a>(poll: &'a Poll, rules: &'a Rules) -> Certified<'a> {
    Certified {
        poll_hash: nowhere(1),
        poll,
        outcome: Outcome::Adopted,
        rules,
    }
}

fn after(network: &Network, decisions: &[Decision<'_>]) -> Result<Register, ElectorateError> {
    replay(&network.draft(), genesis(network), decisions)
}

/// The register after one decision that was adopted so many days before the notice instant.
fn decided(network: &Network, payload: Payload, days: i64) -> Result<Register, ElectorateError> {
    let (poll, rules) = (deciding(network, payload, days), rules());
    after(network, &[Decision::Certified(certified(&poll, &rules))])
}

fn voices(register: &Register) -> usize {
    register.electors().len()
}

fn rotation(network: &Network, number: usize, new: &SecretKey, by: &SecretKey) -> Object {
    let hub = network.hub(number);
    let body = Body::KeyRotation(Box::new(KeyRotation {
        hub,
        old: network.keys[number].public(),
        new: new.public(),
    }));
    Object::sign(
        body,
        &[new, by].map(|key| Signatory {
            hub,
            key,
            created: at(0),
        }),
    )
    .unwrap()
}

fn pause(network: &Network, number: usize, seq: u64, presence: Presence) -> Object {
    let hub = network.hub(number);
    network.signed(number, Body::Pause(Pause { hub, seq, presence }))
}

#[test]
fn founders_have_a_voice_at_once() {
    let network = Network::of(4);

    let register = after(&network, &[]).unwrap();

    assert_eq!(voices(&register), 4);
    assert_eq!(register.check(&network.draft()), Ok(()));
}

#[test]
fn an_admitted_hub_has_a_voice_once_the_decision_binds_and_its_observation_is_over() {
    let network = Network::of(4);
    let days = |days| decided(&network, admit(&network), days).map(|register| voices(&register));

    assert_eq!(days(6), Err(ElectorateError::NotEffective));
    assert_eq!(days(7), Ok(4));
    assert_eq!(days(96), Ok(4));
    assert_eq!(days(97), Ok(5));
}

#[test]
fn a_hub_put_to_sleep_by_vote_has_no_voice() {
    let network = Network::of(4);
    let suspend = Payload::Suspend {
        hub: network.hub(1),
        standing: Standing::Paused,
    };

    let register = decided(&network, suspend, 8).unwrap();

    assert!(
        register
            .electors()
            .iter()
            .all(|elector| elector.hub != network.hub(1))
    );
    assert_eq!(
        register.check(&network.draft()),
        Err(ElectorateError::Members)
    );
}

#[test]
fn decisions_apply_in_the_order_of_their_closes_whatever_the_order_listed() {
    let network = Network::of(4);
    let standing = |standing| Payload::Suspend {
        hub: network.hub(1),
        standing,
    };
    let (left, back) = (
        deciding(&network, standing(Standing::Left), 20),
        deciding(&network, standing(Standing::Member), 10),
    );
    let rules = rules();
    let [left, back] = [&left, &back].map(|poll| Decision::Certified(certified(poll, &rules)));

    for listed in [[left, back], [back, left]] {
        assert_eq!(voices(&after(&network, &listed).unwrap()), 4);
    }
}

#[test]
fn what_was_not_adopted_or_changes_no_register_or_is_of_another_network_is_refused() {
    let network = Network::of(4);
    let suspend = || Payload::Suspend {
        hub: network.hub(1),
        standing: Standing::Left,
    };
    let rules = rules();
    let refused = |poll: &Poll, outcome| {
        let decision = Certified {
            outcome,
            ..certified(poll, &rules)
        };
        after(&network, &[Decision::Certified(decision)]).unwrap_err()
    };
    let good = deciding(&network, suspend(), 8);
    let mut foreign = deciding(&network, suspend(), 8);
    foreign.electorate.genesis = nowhere(9);
    let plain = Poll {
        effect: None,
        ..deciding(&network, suspend(), 8)
    };

    assert_eq!(refused(&good, Outcome::Tie), ElectorateError::NotAdopted);
    assert_eq!(
        refused(&foreign, Outcome::Adopted),
        ElectorateError::OtherNetwork
    );
    assert_eq!(
        refused(&plain, Outcome::Adopted),
        ElectorateError::NotOfTheRegister
    );
}

#[test]
fn a_listed_rotation_brings_the_new_key() {
    let network = Network::of(4);
    let new = newcomer();
    for by in [network.keys[2].clone(), recovery(&network.keys[2])] {
        let object = rotation(&network, 2, &new, &by);
        let register = after(&network, &[Decision::Statement(&object)]).unwrap();
        let elector = register
            .electors()
            .into_iter()
            .find(|e| e.hub == network.hub(2))
            .unwrap();
        assert_eq!(elector.key, new.public());
    }
}

#[test]
fn a_rotation_by_a_stranger_and_two_of_one_key_are_refused() {
    let network = Network::of(4);
    let forged = rotation(&network, 2, &newcomer(), &network.keys[1]);
    let first = rotation(&network, 2, &newcomer(), &network.keys[2]);
    let second = rotation(
        &network,
        2,
        &SecretKey::from_seed(&[151; 32]),
        &network.keys[2],
    );
    let both = [Decision::Statement(&first), Decision::Statement(&second)];

    assert!(matches!(
        after(&network, &[Decision::Statement(&forged)]),
        Err(ElectorateError::Unproved(_))
    ));
    let hub = network.hub(2);
    assert_eq!(
        after(&network, &both).unwrap_err(),
        ElectorateError::Twice { hub }
    );
}

#[test]
fn a_key_never_comes_back() {
    let network = Network::of(4);
    let (old, new) = (network.keys[2].clone(), newcomer());
    let there = rotation(&network, 2, &new, &old);
    let hub = network.hub(2);
    let body = Body::KeyRotation(Box::new(KeyRotation {
        hub,
        old: new.public(),
        new: old.public(),
    }));
    let back = Object::sign(
        body,
        &[&old, &new].map(|key| Signatory {
            hub,
            key,
            created: at(0),
        }),
    )
    .unwrap();

    let register = after(
        &network,
        &[Decision::Statement(&back), Decision::Statement(&there)],
    )
    .unwrap();

    let elector = register
        .electors()
        .into_iter()
        .find(|e| e.hub == hub)
        .unwrap();
    assert_eq!(elector.key, new.public());
}

#[test]
fn the_network_gives_a_key_to_a_hub_that_lost_both() {
    let network = Network::of(4);
    let keys = Payload::Keys(Box::new(NewKeys {
        hub: network.hub(2),
        key: newcomer().public(),
        recovery_key: None,
        delegate_key: None,
    }));

    let register = decided(&network, keys, 8).unwrap();

    let elector = register
        .electors()
        .into_iter()
        .find(|e| e.hub == network.hub(2))
        .unwrap();
    assert_eq!(elector.key, newcomer().public());
}

#[test]
fn the_highest_listed_pause_holds() {
    let network = Network::of(4);
    let away = pause(&network, 1, 1, Presence::Away);
    let back = pause(&network, 1, 2, Presence::Back);
    let again = pause(&network, 1, 2, Presence::Away);
    let listed = |objects: &[&Object]| {
        let decisions: Vec<Decision<'_>> = objects.iter().map(|o| Decision::Statement(o)).collect();
        after(&network, &decisions).map(|register| voices(&register))
    };

    assert_eq!(listed(&[&away]), Ok(3));
    assert_eq!(listed(&[&back, &away]), Ok(4));
    let hub = network.hub(1);
    assert_eq!(
        listed(&[&back, &again]),
        Err(ElectorateError::Twice { hub })
    );
}

#[test]
fn a_pause_of_a_hub_that_is_not_in_the_register_is_refused() {
    let (network, key) = (Network::of(4), newcomer());
    let hub = signatory(&key).hub;
    let body = Body::Pause(Pause {
        hub,
        seq: 1,
        presence: Presence::Away,
    });
    let stranger = Object::sign(body, &[signatory(&key)]).unwrap();

    let refused = after(&network, &[Decision::Statement(&stranger)]).unwrap_err();

    assert_eq!(refused, ElectorateError::Unknown { hub });
}

#[test]
fn a_listed_object_is_a_rotation_or_a_pause() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());

    let refused = after(&network, &[Decision::Statement(&poll)]).unwrap_err();

    assert_eq!(refused, ElectorateError::NotADecision);
}

#[test]
fn no_author_chooses_delays_certifiers_or_the_majority() {
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
    let register = after(&network, &[]).unwrap();
    let suspend = || {
        Some(Effect::Change {
            payload: Box::new(Payload::Suspend {
                hub: network.hub(1),
                standing: Standing::Left,
            }),
            base: network.genesis.hash(),
        })
    };
    let contribution_free = Poll {
        effect: Some(Effect::Nothing),
        ..network.draft()
    };
    let mut lenient = Poll {
        effect: suspend(),
        ..network.draft()
    };
    lenient.rule.quorum.abstentions = Abstentions::LeftOut;
    let cases = [
        (contribution_free, Ok(())),
        (
            Poll {
                effect: suspend(),
                ..network.draft()
            },
            Ok(()),
        ),
        (lenient, Err(ElectorateError::Rule)),
        (
            Poll {
                grace: Span::hours(2),
                ..network.draft()
            },
            Err(ElectorateError::Delays),
        ),
        (
            Poll {
                min_notice: Span::days(1),
                ..network.draft()
            },
            Err(ElectorateError::Delays),
        ),
        (
            Poll {
                certifiers: Certifiers::Committee(vec![network.hub(0)]),
                ..network.draft()
            },
            Err(ElectorateError::Certifiers),
        ),
    ];

    for (poll, expected) in cases {
        assert_eq!(register.check(&poll), expected);
    }
}

#[test]
fn new_rules_hold_once_their_decision_binds() {
    let network = Network::of(4);
    let shorter = Payload::Rules(Box::new(Rules {
        min_notice: Span::days(7),
        ..rules()
    }));

    let register = decided(&network, shorter, 7).unwrap();

    assert_eq!(register.rules().min_notice, Span::days(7));
    assert_eq!(
        register.check(&network.draft()),
        Err(ElectorateError::Delays)
    );
}

#[test]
fn the_register_between_two_polls_knows_how_each_hub_stands() {
    let network = Network::of(4);
    let Body::Genesis(genesis) = network.genesis.body() else {
        panic!("no genesis");
    };
    let away = Pause {
        hub: network.hub(1),
        seq: 1,
        presence: Presence::Away,
    };
    let away = network.signed(1, Body::Pause(away));

    let decisions = [Decision::Statement(&away)];
    let register = replay_at(at(0), network.genesis.hash(), genesis, &decisions).unwrap();

    let voices: Vec<bool> = register
        .entries()
        .iter()
        .map(|entry| entry.has_a_voice)
        .collect();
    assert_eq!(voices, [true, false, true, true]);
    assert_eq!(register.electors().len(), 3);
    assert_eq!(register.entries()[1].presence, Presence::Away);
    assert_eq!(register.entries()[1].standing, Standing::Member);
}
