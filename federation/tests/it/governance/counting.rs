//! Which ballots count: the rule of UKV-1 4.9 (3), by example. Every small case is in `enumeration`.

use std::collections::BTreeMap;

use interkpa_federation::governance::ballot::{Ballot, Place};
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::closing::{Cancel, Entry, Held, Seal, SealList};
use interkpa_federation::governance::counted::{Counted, NamedList, counted, reports};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::numbers::Numbers;
use interkpa_federation::governance::result::Outcome;
use interkpa_federation::governance::tally::{Reports, Voice, tally};
use interkpa_federation::{Instant, Span};

use super::network::{Network, nowhere};

/// Ballots by hash, made up: counting looks at hub, number and chain alone.
struct Ballots(BTreeMap<ObjectHash, Ballot>);

impl Ballots {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// One more ballot, named by one byte, after the one of that byte.
    fn add(&mut self, network: &Network, name: u8, hub: usize, after: Option<u8>) {
        let poll = network.poll(network.draft());
        let place = after.map_or(Place::FIRST, |before| {
            let seq = self.0[&nowhere(before)].place.seq();
            Place::after(seq, nowhere(before)).unwrap()
        });
        let ballot = Ballot {
            place,
            ..network.ballot(hub, &poll, Choice::Word(Word::Approve))
        };
        self.0.insert(nowhere(name), ballot);
    }

    fn list(&self, held: &[&[u8]]) -> SealList {
        let mut entries: Vec<Entry> = held
            .iter()
            .map(|names| Entry {
                hub: self.0[&nowhere(names[0])].hub,
                held: match names {
                    [one] => Held::Ballot(nowhere(*one)),
                    [one, other] => Held::Conflict([nowhere(*one), nowhere(*other)]),
                    _ => panic!("one ballot or two"),
                },
            })
            .collect();
        entries.sort_by_key(|entry| entry.hub);
        SealList { entries }
    }

    fn counted(&self, lists: &[SealList], enough: usize) -> BTreeMap<HubId, Counted> {
        let named: Vec<NamedList<'_>> = lists
            .iter()
            .map(|list| NamedList { seals: 1, list })
            .collect();
        counted(&named, enough, |hash| self.0.get(&hash))
    }
}

/// The example of the protocol: A, B, C and E; C votes twice, E late; C’s seal is not named.
#[test]
fn the_example_of_four_hubs() {
    let network = Network::of(4);
    let (a, b, c, e) = (0, 1, 2, 3);
    let mut ballots = Ballots::new();
    ballots.add(&network, 1, a, None);
    ballots.add(&network, 2, b, None);
    ballots.add(&network, 3, c, None);
    ballots.add(&network, 4, c, Some(3));
    ballots.add(&network, 5, e, None);
    let lists = [
        ballots.list(&[&[1], &[2], &[4]]),
        ballots.list(&[&[1], &[2], &[3]]),
        ballots.list(&[&[1], &[3], &[5]]),
    ];

    let found = ballots.counted(&lists, Numbers::of(4).to_count());

    let expected = [
        (network.hub(a), Counted::Ballot(nowhere(1))),
        (network.hub(b), Counted::Ballot(nowhere(2))),
        (network.hub(c), Counted::Ballot(nowhere(3))),
    ];
    assert_eq!(found, expected.into());
    let poll = network.draft();
    let (yes, no) = (Choice::Word(Word::Approve), Choice::Word(Word::Oppose));
    let voices = [&yes, &yes, &no].map(|choice| Voice { count: 1, choice });
    let result = tally(&poll, &voices, 0, Reports::default());
    assert_eq!(result.outcome, Outcome::Adopted);
}

#[test]
fn equal_lists_weigh_as_many_seals_as_have_them() {
    let network = Network::of(4);
    let mut ballots = Ballots::new();
    ballots.add(&network, 1, 0, None);
    ballots.add(&network, 2, 0, Some(1));
    let list = ballots.list(&[&[2]]);

    let grouped = [NamedList {
        seals: 3,
        list: &list,
    }];
    let found = counted(&grouped, 3, |hash| ballots.0.get(&hash));

    assert_eq!(
        found,
        ballots.counted(&[list.clone(), list.clone(), list], 3)
    );
    assert_eq!(found[&network.hub(0)], Counted::Ballot(nowhere(2)));
}

#[test]
fn the_highest_number_counts_even_when_both_are_supported() {
    let network = Network::of(4);
    let mut ballots = Ballots::new();
    ballots.add(&network, 1, 0, None);
    ballots.add(&network, 2, 0, Some(1));
    let lists = [
        ballots.list(&[&[1]]),
        ballots.list(&[&[2]]),
        ballots.list(&[&[2]]),
    ];

    assert_eq!(
        ballots.counted(&lists, 2)[&network.hub(0)],
        Counted::Ballot(nowhere(2))
    );
}

#[test]
fn a_ballot_supports_the_ones_before_it() {
    let network = Network::of(4);
    let mut ballots = Ballots::new();
    ballots.add(&network, 1, 0, None);
    ballots.add(&network, 2, 0, Some(1));
    ballots.add(&network, 3, 0, Some(2));
    let lists = [ballots.list(&[&[1]]), ballots.list(&[&[3]])];

    // Without the chain each has one seal, and the voice would be lost.
    assert_eq!(
        ballots.counted(&lists, 2)[&network.hub(0)],
        Counted::Ballot(nowhere(1))
    );
}

#[test]
fn two_ballots_of_one_number_are_void_when_both_are_supported_and_else_the_supported_counts() {
    let network = Network::of(4);
    let mut ballots = Ballots::new();
    ballots.add(&network, 1, 0, None);
    ballots.add(&network, 2, 0, None);
    let conflict = ballots.list(&[&[1, 2]]);
    let one = ballots.list(&[&[1]]);
    let found = |lists: &[SealList]| ballots.counted(lists, 2).get(&network.hub(0)).copied();

    assert_eq!(
        found(&[conflict.clone(), conflict.clone()]),
        Some(Counted::VoidDouble)
    );
    assert_eq!(
        found(&[conflict.clone(), one.clone()]),
        Some(Counted::Ballot(nowhere(1)))
    );
    assert_eq!(found(&[conflict]), None);
}

#[test]
fn a_higher_ballot_repairs_two_of_one_number() {
    let network = Network::of(4);
    let mut ballots = Ballots::new();
    ballots.add(&network, 1, 0, None);
    ballots.add(&network, 2, 0, None);
    ballots.add(&network, 3, 0, Some(2));
    let lists = [
        ballots.list(&[&[1, 2]]),
        ballots.list(&[&[1, 2]]),
        ballots.list(&[&[3]]),
        ballots.list(&[&[3]]),
    ];

    assert_eq!(
        ballots.counted(&lists, 2)[&network.hub(0)],
        Counted::Ballot(nowhere(3))
    );
}

#[test]
fn a_void_voice_takes_no_part() {
    let network = Network::of(4);
    let yes = Choice::Word(Word::Approve);

    let result = tally(
        &network.draft(),
        &[Voice {
            count: 1,
            choice: &yes,
        }],
        2,
        Reports::default(),
    );

    assert_eq!((result.void, result.electorate), (2, 4));
    assert_eq!(result.outcome, Outcome::Adopted);
}

#[test]
fn a_poll_is_voided_by_s_reports_and_never_by_fewer() {
    let network = Network::of(4);
    let poll = network.draft();
    let yes = Choice::Word(Word::Approve);
    let outcome = |late, cancel, stale| {
        let voices = [Voice {
            count: 3,
            choice: &yes,
        }];
        tally(
            &poll,
            &voices,
            0,
            Reports {
                late,
                cancel,
                stale,
            },
        )
        .outcome
    };

    assert_eq!(outcome(1, 1, 1), Outcome::Adopted);
    assert_eq!(outcome(2, 1, 1), Outcome::VoidNotice);
    assert_eq!(outcome(2, 1, 2), Outcome::VoidElectorate);
    assert_eq!(outcome(2, 2, 2), Outcome::Cancelled);
}

#[test]
fn a_seal_reports_a_poll_that_came_after_the_notice_instant() {
    let network = Network::of(4);
    let poll = network.draft();
    let seal = |at: Instant, cancel, stale| Seal {
        hub: network.hub(0),
        poll: nowhere(1),
        poll_received_at: at,
        list: nowhere(2),
        cancel,
        stale,
    };
    let seals = [
        seal(poll.notice_at(), Cancel::NotSeen, None),
        seal(
            poll.notice_at() + Span::seconds(1),
            Cancel::Seen,
            Some(nowhere(3)),
        ),
    ];

    let found = reports(&poll, &seals);

    assert_eq!(
        found,
        Reports {
            late: 1,
            cancel: 1,
            stale: 1
        }
    );
}
