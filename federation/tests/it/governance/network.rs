//! A small network for tests: hubs with keys from seeds, a genesis, polls and ballots.

use interkpa_federation::governance::ballot::{Ballot, Mandate, MandateMode, Place};
use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::genesis::{Founder, Genesis};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::poll::text::{PollText, TextFormat};
use interkpa_federation::governance::poll::voters::{Certifiers, Electorate, Member};
use interkpa_federation::governance::poll::{Poll, Shown};
use interkpa_federation::governance::prove::Signatory;
use interkpa_federation::governance::question::{OptionId, PollOption, Question};
use interkpa_federation::governance::rule::{
    Abstentions, Base, Bound, Decision, Fraction, Quorum, Rule, Threshold,
};
use interkpa_federation::governance::rules::Rules;
use interkpa_federation::multikey::SecretKey;
use interkpa_federation::{Instant, Span};

/// Hubs that founded a network together, in the order of their ids.
pub(crate) struct Network {
    /// Their keys, in the order of their ids.
    pub(crate) keys: Vec<SecretKey>,
    /// The genesis that all signed.
    pub(crate) genesis: Object,
}

/// The instant so many seconds after the start of the tests' year.
pub(crate) fn at(seconds: i64) -> Instant {
    Instant::parse_rfc3339("2027-01-01T00:00:00Z").unwrap() + Span::seconds(seconds)
}

/// When the polls of these tests close.
pub(crate) fn closes_at() -> Instant {
    at(30 * 86_400)
}

/// The key that a hub keeps on paper.
pub(crate) fn recovery(key: &SecretKey) -> SecretKey {
    let mut seed = *key.public().as_bytes();
    seed[0] ^= 1;
    SecretKey::from_seed(&seed)
}

/// The rules the tests' networks begin with.
pub(crate) fn rules() -> Rules {
    Rules {
        min_notice: Span::days(14),
        grace: Span::hours(1),
        round_ms: 1_800_000,
        effect_delay: Span::days(7),
        observation: Span::days(90),
        decide: vec![],
        committee: None,
    }
}

impl Network {
    /// A network of so many hubs.
    pub(crate) fn of(hubs: u16) -> Self {
        Self::with_rules(hubs, rules())
    }

    /// A network of so many hubs that begins with these rules.
    pub(crate) fn with_rules(hubs: u16, rules: Rules) -> Self {
        Self::founded_by(usize::from(hubs), hubs, rules)
    }

    /// A network where only the first three founded: a genesis has no room for a thousand.
    pub(crate) fn large(hubs: u16) -> Self {
        Self::founded_by(3, hubs, rules())
    }

    fn founded_by(founders: usize, hubs: u16, rules: Rules) -> Self {
        let key = |number: u16| {
            let [high, low] = number.to_be_bytes();
            let mut seed = [low; 32];
            seed[31] ^= high;
            SecretKey::from_seed(&seed)
        };
        let mut keys: Vec<SecretKey> = (1..=hubs).map(key).collect();
        keys.sort_by_key(|key| HubId::of(&key.public()));
        let founding = &keys[..founders];
        let founders = founding.iter().map(|key| Founder {
            key: key.public(),
            actor: format!("https://{}.example/hub", key.public().to_multibase()),
            name: "KPA d’essai".to_owned(),
            recovery_key: recovery(key).public(),
            delegate_key: None,
            hosted_by: None,
        });
        let body = Body::Genesis(Box::new(Genesis {
            network: "KPA-Cité".to_owned(),
            held_at: at(0),
            founders: founders.collect(),
            rules,
        }));
        let signatories: Vec<Signatory<'_>> = founding.iter().map(signatory).collect();
        let genesis = Object::sign(body, &signatories).unwrap();
        Self { keys, genesis }
    }

    /// The id of a hub.
    pub(crate) fn hub(&self, number: usize) -> HubId {
        HubId::of(&self.keys[number].public())
    }

    /// Something signed by one hub.
    pub(crate) fn signed(&self, number: usize, body: Body) -> Object {
        Object::sign(body, &[signatory(&self.keys[number])]).unwrap()
    }

    /// The members as the polls of these tests list them.
    pub(crate) fn members(&self) -> Vec<Member> {
        self.keys
            .iter()
            .map(|key| Member {
                hub: HubId::of(&key.public()),
                key: key.public(),
                actor: format!("https://{}.example/hub", key.public().to_multibase()),
                delegate_key: None,
            })
            .collect()
    }

    /// A poll for approval by simple majority, not yet signed.
    pub(crate) fn draft(&self) -> Poll {
        Poll {
            author: self.hub(0),
            title: "Le cadre, version 2".to_owned(),
            language: "fr".to_owned(),
            text: PollText::body(TextFormat::Plain, "Nous adoptons la version 2."),
            opens_at: at(86_400),
            closes_at: closes_at(),
            grace: Span::hours(1),
            min_notice: Span::days(14),
            electorate: Electorate {
                genesis: self.genesis.hash(),
                decisions: vec![],
                members: self.members(),
            },
            certifiers: Certifiers::All,
            question: Question::Approval,
            rule: simple_majority(),
            effect: None,
            previous: None,
            convocation: None,
            shown: Shown::AtOnce,
        }
    }

    /// A poll signed by its author, the first hub.
    pub(crate) fn poll(&self, draft: Poll) -> Object {
        self.signed(0, Body::Poll(Box::new(draft)))
    }

    /// A ballot not yet signed.
    pub(crate) fn ballot(&self, number: usize, poll: &Object, choice: Choice) -> Ballot {
        Ballot {
            hub: self.hub(number),
            poll: poll.hash(),
            place: Place::FIRST,
            resolves: None,
            choice,
            reason: None,
            mandate: Mandate {
                mode: MandateMode::Consent,
                decided_at: at(86_400),
                participants: Some(12),
                in_favour: None,
                against: None,
                abstained: None,
                minutes_sha256: None,
                local_ref: None,
            },
            delegate_proof: None,
        }
    }

    /// A signed ballot of one word.
    pub(crate) fn voice(&self, number: usize, poll: &Object, word: Word) -> Object {
        let ballot = self.ballot(number, poll, Choice::Word(word));
        self.signed(number, Body::Ballot(Box::new(ballot)))
    }

    /// The same hub's next ballot.
    pub(crate) fn next(&self, number: usize, before: &Object, word: Word) -> Object {
        let Body::Ballot(first) = before.body() else {
            panic!("not a ballot");
        };
        let ballot = Ballot {
            place: Place::after(first.place.seq(), before.hash()).unwrap(),
            choice: Choice::Word(word),
            ..(**first).clone()
        };
        self.signed(number, Body::Ballot(Box::new(ballot)))
    }
}

/// The hub of a key that was never rotated.
pub(crate) fn signatory(key: &SecretKey) -> Signatory<'_> {
    Signatory {
        hub: HubId::of(&key.public()),
        key,
        created: at(60),
    }
}

/// A fraction.
pub(crate) fn fraction(numerator: u64, denominator: u64, bound: Bound) -> Fraction {
    Fraction::new(numerator, denominator, bound).unwrap()
}

/// No quorum at all.
pub(crate) fn no_quorum() -> Quorum {
    Quorum {
        fraction: fraction(0, 1, Bound::Reached),
        abstentions: Abstentions::Counted,
    }
}

/// More than half of those who approve or oppose.
pub(crate) fn simple_majority() -> Rule {
    Rule {
        quorum: no_quorum(),
        decision: Decision::Threshold(Threshold {
            fraction: fraction(1, 2, Bound::Strict),
            base: Base::Expressed,
        }),
    }
}

/// Options `o1` to `oN`.
pub(crate) fn options(number: u16) -> Vec<PollOption> {
    (1..=number)
        .map(|n| PollOption {
            id: option(n),
            label: format!("Option {n}"),
        })
        .collect()
}

/// One option's id.
pub(crate) fn option(number: u16) -> OptionId {
    OptionId::parse(&format!("o{number}")).unwrap()
}

/// A hash that names nothing.
pub(crate) fn nowhere(byte: u8) -> ObjectHash {
    ObjectHash::from_bytes([byte; 32])
}
