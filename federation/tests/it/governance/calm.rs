//! A vote on a calm day: everybody is there, everything arrives, and the result is certified.

use std::collections::VecDeque;
use std::sync::Arc;

use interkpa_federation::Span;
use interkpa_federation::governance::ballot::Ballot;
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::ledger::Verified;
use interkpa_federation::governance::machine::{Input, Machine, Opening, Output};
use interkpa_federation::governance::object::Object;

use super::network::{Network, at};

type Mail = VecDeque<(usize, Verified)>;

/// Everything a network says about one poll for which all vote, from the votes to the certificate.
pub(crate) fn closed(
    network: &Network,
    poll: &Arc<Object>,
    hubs: &[usize],
) -> (Vec<Arc<Object>>, ObjectHash) {
    closed_with(network, poll, hubs, &|_| vec![Choice::Word(Word::Approve)])
}

/// The same, with what each hub answers, one ballot after the other.
pub(crate) fn closed_with(
    network: &Network,
    poll: &Arc<Object>,
    hubs: &[usize],
    votes: &dyn Fn(usize) -> Vec<Choice>,
) -> (Vec<Arc<Object>>, ObjectHash) {
    let mut machines: Vec<(usize, Machine)> = hubs
        .iter()
        .map(|number| (*number, opened(network, poll, *number)))
        .collect();
    let closes_at = machines[0].1.poll().closes_at;
    let mut mail = Mail::new();
    let mut now = closes_at - Span::hours(1);
    for (number, machine) in &mut machines {
        for choice in votes(*number) {
            let place = machine.next_place().unwrap();
            let mut ballot = Ballot {
                place,
                ..network.ballot(*number, poll, choice)
            };
            if ballot.choice == Choice::Word(Word::Object) {
                ballot.reason = Some("Le texte oublie les absents.".to_owned());
            }
            let input = Input::Cast(Box::new(ballot));
            let outputs = machine.step(now, input, &network.keys[*number]);
            post(poll, &mut mail, *number, hubs, outputs);
        }
    }
    while machines
        .iter()
        .any(|(_, machine)| machine.certified().is_none())
    {
        while let Some((to, object)) = mail.pop_front() {
            let (number, machine) = machines
                .iter_mut()
                .find(|(number, _)| *number == to)
                .unwrap();
            let outputs = machine.step(now, Input::Received(object), &network.keys[*number]);
            post(poll, &mut mail, to, hubs, outputs);
        }
        now = now + Span::hours(1);
        assert!(now < closes_at + Span::days(1), "no certificate");
        for (number, machine) in &mut machines {
            let outputs = machine.step(now, Input::Tick, &network.keys[*number]);
            post(poll, &mut mail, *number, hubs, outputs);
        }
    }
    let machine = &machines[0].1;
    let mut all: Vec<Arc<Object>> = machine.ledger().objects().cloned().collect();
    all.push(Arc::clone(poll));
    (all, machine.certified().unwrap())
}

fn opened(network: &Network, poll: &Arc<Object>, number: usize) -> Machine {
    let opening = Opening {
        poll: Arc::clone(poll),
        me: network.hub(number),
        round: Span::minutes(30),
        poll_received_at: at(0),
        stale: None,
        restored_at: None,
    };
    Machine::open(opening, []).unwrap()
}

fn post(poll: &Object, mail: &mut Mail, from: usize, hubs: &[usize], outputs: Vec<Output>) {
    for output in outputs {
        match output {
            Output::Emit(object) => {
                let verified = Verified::in_poll(poll, object).unwrap();
                let others = hubs.iter().filter(|to| **to != from);
                mail.extend(others.map(|to| (*to, verified.clone())));
            }
            Output::Refused(refusal) => panic!("hub {from}: {refusal}"),
            _ => {}
        }
    }
}
