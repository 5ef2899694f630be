//! Hashes, signatures and parts of governance objects.

use interkpa_federation::governance::ballot::{Ballot, DelegateProof, Place, SEQ_MAX};
use interkpa_federation::governance::body::{Body, Slot};
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::closing::{Cancel, Entry, Held, PollValue, Seal, SealList};
use interkpa_federation::governance::effect::contribution::{Contribution, ContributionBase};
use interkpa_federation::governance::effect::hubs::{Admission, NewKeys};
use interkpa_federation::governance::effect::{Amendments, Effect, Payload, Standing};
use interkpa_federation::governance::error::Fault;
use interkpa_federation::governance::object::{Kind, Object};
use interkpa_federation::governance::poll::voters::Certifiers;
use interkpa_federation::governance::poll::{Convocation, Poll, Shown};
use interkpa_federation::governance::question::{Question, Scale};
use interkpa_federation::governance::receipt::{Ack, Digest, Dispute, PollCancel};
use interkpa_federation::governance::register::{KeyRotation, Pause, Presence};
use interkpa_federation::governance::result::{Counts, Outcome, PollResult};
use interkpa_federation::governance::rounds::{Minutes, Reread, Sign, Valid};
use interkpa_federation::governance::rule::{Decision, Rule};
use interkpa_federation::multikey::SecretKey;

use super::network::{
    Network, at, no_quorum, nowhere, option, options, recovery, rules, signatory,
};

#[test]
fn the_empty_list_has_the_hash_that_the_protocol_gives() {
    let list = Object::unsigned(Body::SealList(SealList::default())).unwrap();

    assert_eq!(
        list.hash().to_string(),
        "ead84edc2ad4593556254dd8acd89d710da4bb02de233bedbbd879f38a1ebf3c"
    );
    let text = r#"{"type":"ikpa:SealList","ikpa:entries":[],"@context":["https://www.w3.org/ns/activitystreams","https://w3id.org/security/data-integrity/v1",{"ikpa":"urn:interkpa:ns:"}]}"#;
    assert_eq!(Object::parse(text.as_bytes()), Ok(list));
}

/// One object of each type, and of each form that a type has.
pub(crate) fn every_object(network: &Network) -> Vec<Object> {
    let poll = network.poll(network.draft());
    let mut all = polls(network);
    all.extend(ballots(network, &poll));
    all.extend(statements(network, &poll));
    all.extend(rounds(network, &poll));
    all.push(network.genesis.clone());
    all.push(rotation(network, &recovery(&network.keys[2])));
    all
}

fn polls(network: &Network) -> Vec<Object> {
    let asks = |question, decision| Poll {
        question,
        rule: Rule {
            quorum: no_quorum(),
            decision,
        },
        ..network.draft()
    };
    let with = |payload| Poll {
        effect: Some(Effect::Change {
            payload: Box::new(payload),
            base: network.genesis.hash(),
        }),
        ..network.draft()
    };
    let mut drafts = vec![
        network.draft(),
        asks(Question::Consent, Decision::ObjectionsMax(0)),
        asks(Question::Single(options(3)), Decision::Most),
        asks(
            Question::Multiple {
                options: options(3),
                choices_max: 2,
            },
            Decision::Most,
        ),
        asks(
            Question::Score {
                options: options(2),
                scale: Scale { min: -5, max: 5 },
            },
            Decision::Most,
        ),
        Poll {
            effect: Some(Effect::Change {
                payload: Box::new(Payload::CharterAmend(Amendments::Competing(
                    [(option(1), nowhere(1)), (option(3), nowhere(3))].into(),
                ))),
                base: nowhere(9),
            }),
            ..asks(Question::Ranked(options(3)), Decision::Schulze)
        },
        Poll {
            certifiers: Certifiers::Committee(vec![network.hub(1)]),
            effect: Some(Effect::Nothing),
            previous: Some(nowhere(4)),
            convocation: Convocation::new(2),
            shown: Shown::AfterClose,
            ..network.draft()
        },
    ];
    drafts.extend(effects(network).map(with));
    drafts
        .into_iter()
        .map(|draft| network.poll(draft))
        .collect()
}

/// One payload of each kind of effect.
fn effects(network: &Network) -> [Payload; 6] {
    [
        Payload::CharterAmend(Amendments::One(nowhere(1))),
        Payload::Suspend {
            hub: network.hub(1),
            standing: Standing::Paused,
        },
        Payload::Keys(Box::new(NewKeys {
            hub: network.hub(1),
            key: recovery(&network.keys[0]).public(),
            recovery_key: None,
            delegate_key: Some(recovery(&network.keys[1]).public()),
        })),
        Payload::Contribution(Contribution {
            base: ContributionBase::PerCooperant,
            amount_cents: 500,
            floor_cents: 0,
            cap_cents: 100_000,
            period: "2027".to_owned(),
        }),
        Payload::Rules(Box::new(rules())),
        Payload::Admit(Box::new(Admission {
            key: SecretKey::from_seed(&[200; 32]).public(),
            actor: "https://lavedouce.example/hub".to_owned(),
            name: "La Lave Douce".to_owned(),
            recovery_key: SecretKey::from_seed(&[201; 32]).public(),
            legal_ref: "W631000000".to_owned(),
            sponsors: vec![network.hub(0), network.hub(1)],
            delegate_key: None,
            hosted_by: Some("Le Labo".to_owned()),
            assessment: Some(nowhere(2)),
        })),
    ]
}

fn ballots(network: &Network, poll: &Object) -> Vec<Object> {
    let first = network.voice(1, poll, Word::Approve);
    let choices = [
        Choice::Word(Word::Abstain),
        Choice::Options(vec![option(1), option(10), option(2)]),
        Choice::Ranking(vec![vec![option(2)], vec![option(1), option(3)]]),
        Choice::Scores([(option(1), -5), (option(2), 5)].into()),
    ];
    let chosen = choices.map(|choice| {
        let ballot = network.ballot(1, poll, choice);
        network.signed(1, Body::Ballot(Box::new(ballot)))
    });
    let explained = Ballot {
        resolves: Some([nowhere(1), nowhere(2)]),
        reason: Some("Nous avons relu l’article 4.".to_owned()),
        ..network.ballot(1, poll, Choice::Word(Word::Object))
    };
    let mut all = vec![
        network.next(1, &first, Word::Oppose),
        first,
        network.signed(1, Body::Ballot(Box::new(explained))),
    ];
    all.extend(chosen);
    all
}

fn statements(network: &Network, poll: &Object) -> Vec<Object> {
    let (hub, poll) = (network.hub(0), poll.hash());
    let bodies = [
        Body::Ack(Ack {
            hub,
            poll,
            received: vec![nowhere(1), nowhere(2)],
            at: at(100),
        }),
        Body::Digest(Digest {
            hub,
            poll,
            count: 3,
            digest: nowhere(3),
        }),
        Body::PollCancel(PollCancel { hub, poll }),
        Body::Dispute(Dispute {
            hub,
            value: nowhere(4),
            ground: "Convocation".to_owned(),
            evidence: "Courrier du 3 janvier".to_owned(),
        }),
        Body::Pause(Pause {
            hub,
            seq: 1,
            presence: Presence::Away,
        }),
        Body::Seal(Seal {
            hub,
            poll,
            poll_received_at: at(5),
            list: nowhere(5),
            cancel: Cancel::NotSeen,
            stale: None,
        }),
        Body::Seal(Seal {
            hub,
            poll,
            poll_received_at: at(5),
            list: nowhere(5),
            cancel: Cancel::Seen,
            stale: Some(nowhere(6)),
        }),
    ];
    bodies.map(|body| network.signed(0, body)).into()
}

fn rounds(network: &Network, poll: &Object) -> Vec<Object> {
    let (hub, poll) = (network.hub(0), poll.hash());
    let minutes = |valid| {
        Body::Minutes(Minutes {
            hub,
            poll,
            round: 2,
            value: nowhere(1),
            valid,
        })
    };
    let reread = |value, pol_round| {
        Body::Reread(Reread {
            hub,
            poll,
            round: 2,
            value,
            pol_round,
        })
    };
    let sign = |value| {
        Body::Sign(Sign {
            hub,
            poll,
            round: 2,
            value,
        })
    };
    let bodies = [
        minutes(None),
        minutes(Some(Valid {
            round: 1,
            rereads: vec![nowhere(1), nowhere(2), nowhere(3)],
        })),
        reread(None, None),
        reread(Some(nowhere(1)), Some(1)),
        sign(None),
        sign(Some(nowhere(1))),
    ];
    let entry = |number, held| Entry {
        hub: network.hub(number),
        held,
    };
    let list = SealList {
        entries: vec![
            entry(0, Held::Ballot(nowhere(1))),
            entry(1, Held::Conflict([nowhere(2), nowhere(3)])),
        ],
    };
    let value = PollValue {
        poll,
        seals: vec![nowhere(1), nowhere(2), nowhere(3)],
        result: PollResult {
            outcome: Outcome::Tie,
            electorate: 4,
            void: 0,
            late: 1,
            cancel: 0,
            stale: 0,
            counts: Counts::Options {
                abstain: 1,
                participants: 3,
                options: [(option(1), -2), (option(2), -2)].into(),
            },
            winners: Some(vec![option(1), option(2)]),
        },
    };
    let mut all: Vec<Object> = bodies.map(|body| network.signed(0, body)).into();
    all.push(Object::unsigned(Body::SealList(list)).unwrap());
    all.push(Object::unsigned(Body::Value(Box::new(value))).unwrap());
    all
}

/// A rotation of the third hub, proved by its new key and by another.
fn rotation(network: &Network, by: &SecretKey) -> Object {
    let new = SecretKey::from_seed(&[99; 32]);
    let hub = network.hub(2);
    let body = Body::KeyRotation(Box::new(KeyRotation {
        hub,
        old: network.keys[2].public(),
        new: new.public(),
    }));
    let mut signatories = [signatory(&new), signatory(by)];
    for signatory in &mut signatories {
        signatory.hub = hub;
    }
    Object::sign(body, &signatories).unwrap()
}

#[test]
fn every_object_is_read_as_it_was_written() {
    let network = Network::of(4);
    let all = every_object(&network);

    for object in &all {
        let bytes = serde_json::to_vec(object.original()).unwrap();
        assert_eq!(Object::parse(&bytes).as_ref(), Ok(object));
    }

    for kind in Kind::ALL {
        assert!(all.iter().any(|object| object.kind() == *kind), "{kind}");
    }
}

#[test]
fn the_proof_is_no_part_of_the_name() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());
    let mut later = signatory(&network.keys[0]);
    later.created = at(3_600);

    let again = Object::sign(poll.body().clone(), &[later]).unwrap();

    assert_ne!(again.original(), poll.original());
    assert_eq!(again.hash(), poll.hash());
    assert_eq!(again.verify_in(&poll), Ok(()));
}

#[test]
fn an_elector_signs_with_the_key_of_the_poll_and_no_other() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());
    let body = network.voice(1, &poll, Word::Approve).body().clone();
    let mut other = signatory(&network.keys[2]);
    other.hub = network.hub(1);

    let forged = Object::sign(body, &[other]).unwrap();

    let refused = forged.verify_in(&poll).unwrap_err();
    assert_eq!(
        (refused.fault, refused.kind),
        (Fault::Proof, Some(Kind::Ballot))
    );
}

#[test]
fn who_is_not_in_the_electorate_has_no_part() {
    let (network, larger) = (Network::of(4), Network::of(6));
    let poll = network.poll(network.draft());
    let stranger = (0..6)
        .find(|number| {
            !network
                .members()
                .iter()
                .any(|m| m.hub == larger.hub(*number))
        })
        .unwrap();

    let refused = larger
        .voice(stranger, &poll, Word::Approve)
        .verify_in(&poll)
        .unwrap_err();

    assert_eq!(refused.code(), "not_elector");
}

#[test]
fn a_ballot_belongs_to_one_poll() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());
    let other = network.poll(Poll {
        title: "Un autre".to_owned(),
        ..network.draft()
    });
    let ballot = network.voice(1, &poll, Word::Approve);

    assert_eq!(ballot.verify_in(&poll), Ok(()));
    assert_eq!(
        ballot.verify_in(&other).unwrap_err().fault,
        Fault::OtherPoll
    );
}

#[test]
fn only_the_author_cancels_and_only_certifiers_seal_and_sign() {
    let network = Network::of(4);
    let committee = network.poll(Poll {
        certifiers: Certifiers::Committee(vec![network.hub(1)]),
        ..network.draft()
    });
    let poll = committee.hash();
    let sign = |number: usize| {
        let hub = network.hub(number);
        network.signed(
            number,
            Body::Sign(Sign {
                hub,
                poll,
                round: 0,
                value: None,
            }),
        )
    };
    let cancel = |number: usize| {
        let hub = network.hub(number);
        network.signed(number, Body::PollCancel(PollCancel { hub, poll }))
    };

    assert_eq!(sign(1).verify_in(&committee), Ok(()));
    assert_eq!(
        sign(2).verify_in(&committee).unwrap_err().fault,
        Fault::NotElector
    );
    assert_eq!(cancel(0).verify_in(&committee), Ok(()));
    assert_eq!(
        cancel(1).verify_in(&committee).unwrap_err().fault,
        Fault::NotElector
    );
}

#[test]
fn a_delegate_signs_exactly_when_the_poll_lists_a_key() {
    let network = Network::of(4);
    let delegate = SecretKey::from_seed(&[77; 32]);
    let mut draft = network.draft();
    draft.electorate.members[1].delegate_key = Some(delegate.public());
    let poll = network.poll(draft);
    let ballot = |number: usize, key: Option<&SecretKey>| {
        let mut ballot = network.ballot(number, &poll, Choice::Word(Word::Approve));
        ballot.delegate_proof = key.map(|key| DelegateProof::sign(&ballot, key).unwrap());
        network.signed(number, Body::Ballot(Box::new(ballot)))
    };

    assert_eq!(ballot(1, Some(&delegate)).verify_in(&poll), Ok(()));
    assert_eq!(ballot(2, None).verify_in(&poll), Ok(()));
    for refused in [
        ballot(1, None),
        ballot(1, Some(&network.keys[1])),
        ballot(2, Some(&delegate)),
    ] {
        assert_eq!(
            refused.verify_in(&poll).unwrap_err().code(),
            "proof_invalid"
        );
    }
}

#[test]
fn a_ballot_answers_the_question_that_is_asked() {
    let network = Network::of(4);
    let asks = |question, decision| {
        network.poll(Poll {
            question,
            rule: Rule {
                quorum: no_quorum(),
                decision,
            },
            ..network.draft()
        })
    };
    let (one, two, nine) = (option(1), option(2), option(9));
    let single = asks(Question::Single(options(3)), Decision::Most);
    let multiple = asks(
        Question::Multiple {
            options: options(3),
            choices_max: 1,
        },
        Decision::Most,
    );
    let ranked = asks(Question::Ranked(options(3)), Decision::Schulze);
    let score = asks(
        Question::Score {
            options: options(2),
            scale: Scale { min: 0, max: 5 },
        },
        Decision::Most,
    );
    let approval = network.poll(network.draft());
    let consent = asks(Question::Consent, Decision::ObjectionsMax(0));
    let scores = |first, second| Choice::Scores([(one, first), (two, second)].into());
    let cases = [
        (&approval, Choice::Word(Word::Oppose), true),
        (&approval, Choice::Word(Word::Consent), false),
        (&approval, Choice::Options(vec![one]), false),
        (&consent, Choice::Word(Word::Consent), true),
        (&consent, Choice::Word(Word::Approve), false),
        (&single, Choice::Word(Word::Abstain), true),
        (&single, Choice::Options(vec![one]), true),
        (&single, Choice::Options(vec![one, two]), false),
        (&single, Choice::Options(vec![nine]), false),
        (&multiple, Choice::Options(vec![two]), true),
        (&multiple, Choice::Options(vec![one, two]), false),
        (&ranked, Choice::Ranking(vec![vec![two]]), true),
        (&ranked, Choice::Ranking(vec![vec![two], vec![nine]]), false),
        (&score, scores(0, 5), true),
        (&score, scores(0, 6), false),
        (&score, Choice::Scores([(one, 1)].into()), false),
    ];

    for (poll, choice, good) in cases {
        let ballot = network.ballot(1, poll, choice.clone());
        let verified = network
            .signed(1, Body::Ballot(Box::new(ballot)))
            .verify_in(poll);
        assert_eq!(verified.is_ok(), good, "{choice:?}: {verified:?}");
        if let Err(refused) = verified {
            assert_eq!(refused.code(), "ballot_invalid");
        }
    }
}

#[test]
fn a_genesis_carries_the_proof_of_every_founder() {
    let network = Network::of(4);
    let three: Vec<_> = network.keys[..3].iter().map(signatory).collect();

    let signed_by_three = Object::sign(network.genesis.body().clone(), &three).unwrap();

    assert!(network.genesis.verify_genesis().is_ok());
    assert!(signed_by_three.verify_genesis().is_err());
}

#[test]
fn a_rotation_is_proved_by_the_new_key_and_the_old_or_the_recovery_key() {
    let network = Network::of(4);
    let (old, paper) = (&network.keys[2], recovery(&network.keys[2]));

    for by in [old, &paper] {
        assert_eq!(
            rotation(&network, by).verify_rotation(&paper.public()),
            Ok(())
        );
    }
    let stolen = rotation(&network, &network.keys[1]);
    assert!(stolen.verify_rotation(&paper.public()).is_err());
}

#[test]
fn ballots_are_numbered_from_one_to_sixteen() {
    assert_eq!(Place::FIRST.seq(), 1);
    assert_eq!(Place::after(15, nowhere(1)).unwrap().seq(), SEQ_MAX);
    assert_eq!(Place::after(SEQ_MAX, nowhere(1)), None);
    assert_eq!(Place::after(0, nowhere(1)), None);
}

#[test]
fn a_hub_fills_each_place_once() {
    let network = Network::of(4);
    let poll = network.poll(network.draft());
    let first = network.voice(1, &poll, Word::Approve);
    let next = network.next(1, &first, Word::Oppose);

    assert_eq!(first.body().slot(), Some(Slot::Ballot(1)));
    assert_eq!(next.body().slot(), Some(Slot::Ballot(2)));
    assert_eq!(poll.body().slot(), None);
}
