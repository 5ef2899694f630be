//! When deliveries are tried again (performance.md §10 items 5 and 6; security.md P4–P6).

use interkpa_federation::delivery::{
    self, Allowance, Attempt, CIRCUIT_FAILURES, Circuit, Decision, IN_FLIGHT_MAX, Inbox, Item,
    Jitter, MEMBER_PATIENCE, NOT_HEARD_PATIENCE, NoAnswer, OTHER_PATIENCE, Outcome, PeerState,
    Refusals, SELF_CHECK_WAIT, WAIT_MAX,
};
use interkpa_federation::signature::SignatureScheme;
use interkpa_federation::trust::{NotHeard, Trust};
use interkpa_federation::{Instant, Span};
use proptest::prelude::*;

const TIMEOUT: Outcome = Outcome::NoAnswer(NoAnswer::Timeout);
const MIDDLE: Jitter = Jitter(u32::MAX / 2);

fn start() -> Instant {
    Instant::parse_rfc3339("2026-11-25T08:00:00Z").unwrap()
}

fn status(status: u16) -> Outcome {
    Outcome::Answered {
        status,
        retry_after: None,
        not_heard: None,
    }
}

fn status_after(status: u16, seconds: i64) -> Outcome {
    Outcome::Answered {
        status,
        retry_after: Some(Span::seconds(seconds)),
        not_heard: None,
    }
}

fn not_heard(why: NotHeard) -> Outcome {
    Outcome::Answered {
        status: 403,
        retry_after: None,
        not_heard: Some(why),
    }
}

fn attempt(peer: &PeerState, refusals: Refusals, started_at: Instant) -> Attempt {
    Attempt {
        started_at,
        scheme: refusals.scheme(peer),
        refusals,
        inbox: Inbox::Shared,
        patience: MEMBER_PATIENCE,
    }
}

/// One attempt at `now` that ends at once.
fn one(peer: &PeerState, refusals: Refusals, outcome: Outcome, now: Instant) -> Decision {
    delivery::on_result(peer, &attempt(peer, refusals, now), outcome, now, MIDDLE)
}

fn first(outcome: Outcome) -> Decision {
    one(
        &PeerState::new(start()),
        Refusals::default(),
        outcome,
        start(),
    )
}

/// A peer that failed so many times in a row, each time at the earliest moment; and that moment.
fn failing(times: u32) -> (PeerState, Instant) {
    let mut peer = PeerState::new(start());
    for _ in 0..times {
        let now = peer.next_try_at;
        peer = one(&peer, Refusals::default(), TIMEOUT, now).peer;
    }
    (peer, peer.next_try_at)
}

#[test]
fn an_accepted_item_is_done_and_the_peer_is_well() {
    for code in [200, 202, 204] {
        let decision = first(status(code));

        assert_eq!(decision.item, Item::Done);
        assert_eq!(decision.code, "delivered");
        assert_eq!(decision.peer.last_success_at, Some(start()));
        assert_eq!(delivery::circuit(&decision.peer), Circuit::Closed);
    }
}

#[test]
fn failures_of_the_peer_make_the_item_wait_first_in_its_queue() {
    for outcome in [
        TIMEOUT,
        Outcome::NoAnswer(NoAnswer::Connect),
        Outcome::NoAnswer(NoAnswer::Tls),
        Outcome::NoAnswer(NoAnswer::Broken),
        status(408),
        status(500),
        status(502),
        status(504),
        status(507),
        status(302),
        status(101),
        status(999),
        status(0),
    ] {
        let decision = first(outcome);

        assert_eq!(decision.item, Item::Wait, "{outcome:?}");
        assert_eq!(decision.peer.failures, 1);
        assert_eq!(decision.peer.first_failure_at, Some(start()));
        assert!(decision.peer.next_try_at > start());
    }
}

#[test]
fn other_refusals_are_final_for_the_item_and_the_peer_goes_on() {
    for code in [402, 404, 405, 406, 409, 411, 413, 415, 421, 422, 451, 499] {
        let decision = first(status(code));

        assert_eq!(decision.item, Item::Dead, "{code}");
        assert_eq!(decision.code, "refused");
        assert_eq!(decision.peer.failures, 0);
        let allowance = delivery::allowance(&decision.peer, start());
        assert_eq!(
            allowance,
            Allowance::Send {
                in_flight_max: IN_FLIGHT_MAX
            }
        );
    }
}

#[test]
fn gone_stops_the_server_for_its_shared_inbox_and_only_the_inbox_otherwise() {
    let shared = first(status(410));
    assert_eq!(shared.item, Item::InboxGone);
    assert_eq!(delivery::circuit(&shared.peer), Circuit::Gone);
    let much_later = start() + Span::days(400);
    assert_eq!(
        delivery::allowance(&shared.peer, much_later),
        Allowance::Stopped
    );

    let peer = PeerState::new(start());
    let personal = Attempt {
        inbox: Inbox::Personal,
        ..attempt(&peer, Refusals::default(), start())
    };
    let personal = delivery::on_result(&peer, &personal, status(410), start(), MIDDLE);
    assert_eq!(personal.item, Item::InboxGone);
    assert_eq!(delivery::circuit(&personal.peer), Circuit::Closed);
}

#[test]
fn a_refused_signature_is_tried_in_the_other_scheme_at_once_and_what_worked_is_remembered() {
    for code in [400, 401] {
        let decision = first(status(code));

        let Item::OtherScheme { refusals } = decision.item else {
            panic!("{code}: {:?}", decision.item);
        };
        assert_eq!(refusals.scheme(&decision.peer), SignatureScheme::Rfc9421);
        assert!(decision.peer.next_try_at <= start());
        let accepted = one(&decision.peer, refusals, status(202), start());
        assert_eq!(accepted.item, Item::Done);
        assert_eq!(accepted.peer.scheme, SignatureScheme::Rfc9421);
        assert_eq!(
            Refusals::default().scheme(&accepted.peer),
            SignatureScheme::Rfc9421
        );
    }
}

/// Every scheme and item of one item that the peer always answers so.
fn always(code: u16) -> (Vec<SignatureScheme>, Vec<Item>) {
    let (mut peer, mut now) = (PeerState::new(start()), start());
    let (mut refusals, mut schemes, mut items) = (Refusals::default(), Vec::new(), Vec::new());
    loop {
        schemes.push(refusals.scheme(&peer));
        let decision = one(&peer, refusals, status(code), now);
        items.push(decision.item);
        match decision.item {
            Item::OtherScheme { refusals: next } | Item::CheckSelf { refusals: next } => {
                refusals = next;
            }
            _ => return (schemes, items),
        }
        peer = decision.peer;
        now = now.max(peer.next_try_at);
    }
}

#[test]
fn after_401_in_both_schemes_the_hub_checks_itself_once_and_then_gives_a_dead_letter() {
    let (schemes, items) = always(401);

    let both = [SignatureScheme::Cavage, SignatureScheme::Rfc9421];
    assert_eq!(schemes, [both, both].concat());
    assert!(matches!(
        items[..],
        [
            Item::OtherScheme { .. },
            Item::CheckSelf { .. },
            Item::OtherScheme { .. },
            Item::Dead
        ]
    ));
}

#[test]
fn after_403_the_hub_checks_itself_once_without_another_scheme() {
    let (schemes, items) = always(403);

    assert_eq!(schemes, [SignatureScheme::Cavage; 2]);
    assert!(matches!(items[..], [Item::CheckSelf { .. }, Item::Dead]));
}

/// When an item is tried that the peer always answers so, and what ends it.
fn tries_of(outcome: Outcome) -> (Vec<Instant>, Decision) {
    let (mut peer, mut now, mut tries) = (PeerState::new(start()), start(), Vec::new());
    loop {
        tries.push(now);
        let decision = one(&peer, Refusals::default(), outcome, now);
        if decision.item != Item::Wait {
            return (tries, decision);
        }
        peer = decision.peer;
        now = peer.next_try_at;
    }
}

#[test]
fn a_hub_that_has_not_allowed_us_yet_is_tried_after_seconds_then_less_and_less() {
    let (tries, end) = tries_of(not_heard(NotHeard::PeerNotAllowed));

    let waits: Vec<Span> = tries.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(waits[0] <= Span::seconds(12), "{:?}", waits[0]);
    assert!(waits[..10].windows(2).all(|two| two[1] > two[0]));
    assert!(waits.iter().all(|wait| *wait <= WAIT_MAX));
    assert_eq!(end.item, Item::GiveUp);
    assert!(end.peer.next_try_at - start() >= MEMBER_PATIENCE);
}

#[test]
fn what_a_peer_takes_of_others_only_is_tried_for_minutes_and_the_next_item_goes_on() {
    for why in [NotHeard::GuestNotAllowed, NotHeard::MemberNeeded] {
        let (tries, end) = tries_of(not_heard(why));

        let lasted = *tries.last().unwrap() - start();
        assert!(tries[1] - tries[0] <= Span::seconds(12));
        assert!(lasted >= NOT_HEARD_PATIENCE && lasted < Span::minutes(16));
        assert!(tries.len() <= 10, "{} tries", tries.len());
        assert_eq!((end.item, end.code), (Item::Dead, "not_heard"));
        assert_eq!(delivery::circuit(&end.peer), Circuit::Closed);
    }
}

#[test]
fn a_hub_that_does_not_hear_us_is_tried_at_once_when_it_speaks() {
    let decision = first(not_heard(NotHeard::PeerNotAllowed));

    let heard = delivery::heard(&decision.peer, start() + Span::seconds(1));

    assert!(decision.peer.next_try_at > start() + Span::seconds(1));
    assert!(heard.next_try_at <= start() + Span::seconds(1));
}

#[test]
fn a_hub_that_was_down_for_weeks_and_does_not_hear_us_is_not_given_up_for_it() {
    let (mut peer, _) = failing(3);
    let now = start() + MEMBER_PATIENCE;
    peer.first_failure_at = Some(start());

    let decision = one(
        &peer,
        Refusals::default(),
        not_heard(NotHeard::PeerNotAllowed),
        now,
    );

    assert_eq!(decision.item, Item::Wait);
    assert_eq!(decision.peer.first_failure_at, Some(now));
    assert_eq!(decision.peer.failures, 1);
}

#[test]
fn after_400_in_both_schemes_the_item_is_a_dead_letter() {
    let (schemes, items) = always(400);

    assert_eq!(schemes.len(), 2);
    assert!(matches!(items[..], [Item::OtherScheme { .. }, Item::Dead]));
}

#[test]
fn the_last_try_waits_until_peers_forget_that_they_could_not_read_our_key() {
    let other = first(status(401)).peer;
    let decision = one(&other, Refusals::from_stored(1), status(401), start());

    assert!(matches!(decision.item, Item::CheckSelf { .. }));
    assert_eq!(decision.peer.next_try_at, start() + SELF_CHECK_WAIT);
    assert_eq!(decision.peer.failures, 0);
}

#[test]
fn stored_refusals_are_read_back_whatever_the_number() {
    for (stored, count) in [(-1, 0), (0, 0), (1, 1), (3, 3), (4, 3), (i64::MAX, 3)] {
        assert_eq!(Refusals::from_stored(stored).count(), count);
    }
}

#[test]
fn waits_grow_by_one_and_a_half_to_two_and_never_exceed_six_hours() {
    let mut before = Span::seconds(10);
    for failures in 2..=40 {
        let middle = delivery::wait_after(failures, MIDDLE);
        let least = delivery::wait_after(failures, Jitter(0));
        let most = delivery::wait_after(failures, Jitter(u32::MAX));
        assert!(least <= middle && middle <= most && most <= WAIT_MAX);
        assert!(most.as_milliseconds() * 100 <= before.as_milliseconds() * 201);
        assert!(
            least.as_milliseconds() * 100 >= before.as_milliseconds() * 149
                || most.as_milliseconds() > WAIT_MAX.as_milliseconds() * 9 / 10,
            "{failures}"
        );
        before = middle;
    }
    assert!(delivery::wait_after(1, Jitter(0)) >= Span::seconds(8));
    assert!(delivery::wait_after(1, Jitter(u32::MAX)) <= Span::seconds(12));
    assert!(delivery::wait_after(u32::MAX, Jitter(u32::MAX)) <= WAIT_MAX);
    let [least, most] = [0, u32::MAX].map(|jitter| delivery::wait_after(40, Jitter(jitter)));
    let spread = most.as_milliseconds() - least.as_milliseconds();
    assert!(
        spread > Span::hours(1).as_milliseconds(),
        "hubs do not try all at once"
    );
}

#[test]
fn the_circuit_opens_after_five_failures_and_then_lets_one_trial_through() {
    for times in 0..CIRCUIT_FAILURES + 3 {
        let (peer, now) = failing(times);
        let expected = match times {
            0 => Circuit::Closed,
            1..5 => Circuit::Failing,
            _ => Circuit::Open,
        };
        assert_eq!(delivery::circuit(&peer), expected);
        let in_flight_max = if times == 0 { IN_FLIGHT_MAX } else { 1 };
        assert_eq!(
            delivery::allowance(&peer, now),
            Allowance::Send { in_flight_max }
        );
        if times > 0 {
            let early = now - Span::milliseconds(1);
            assert_eq!(
                delivery::allowance(&peer, early),
                Allowance::Wait { until: now }
            );
        }
    }
}

#[test]
fn one_success_closes_the_circuit() {
    let (peer, now) = failing(9);
    let decision = one(&peer, Refusals::default(), status(202), now);

    assert_eq!(decision.peer.failures, 0);
    assert_eq!(decision.peer.first_failure_at, None);
    let allowance = delivery::allowance(&decision.peer, now);
    assert_eq!(
        allowance,
        Allowance::Send {
            in_flight_max: IN_FLIGHT_MAX
        }
    );
}

#[test]
fn a_refusal_shows_that_the_peer_lives_and_closes_the_circuit() {
    for code in [400, 401, 403, 404, 422] {
        let (peer, now) = failing(9);
        assert_eq!(
            one(&peer, Refusals::default(), status(code), now)
                .peer
                .failures,
            0,
            "{code}"
        );
    }
}

#[test]
fn a_signed_request_from_the_peer_closes_the_circuit_at_once() {
    let (peer, _) = failing(30);
    let now = peer.next_try_at - Span::hours(3);

    let heard = delivery::heard(&peer, now);

    assert_eq!(delivery::circuit(&heard), Circuit::Closed);
    assert_eq!(
        delivery::allowance(&heard, now),
        Allowance::Send {
            in_flight_max: IN_FLIGHT_MAX
        }
    );
}

#[test]
fn a_server_that_was_gone_is_reopened_by_its_own_voice() {
    let gone = first(status(410)).peer;

    let heard = delivery::heard(&gone, start() + Span::days(3));

    assert!(matches!(
        delivery::allowance(&heard, start() + Span::days(3)),
        Allowance::Send { .. }
    ));
}

#[test]
fn a_pause_that_the_peer_asked_for_with_429_outlasts_its_voice_and_503_does_not() {
    let now = start() + Span::minutes(1);
    let paused = first(status_after(429, 3_600)).peer;
    let until = start() + Span::hours(1);
    let away = first(status_after(503, 3_600)).peer;

    assert_eq!(paused.next_try_at, until);
    assert_eq!(
        delivery::allowance(&delivery::heard(&paused, now), now),
        Allowance::Wait { until }
    );
    assert_eq!(away.next_try_at, until);
    assert!(matches!(
        delivery::allowance(&delivery::heard(&away, now), now),
        Allowance::Send { .. }
    ));
}

#[test]
fn a_request_in_flight_beside_a_429_does_not_lift_the_pause() {
    let paused = first(status_after(429, 3_600)).peer;
    let late = attempt(&paused, Refusals::default(), start());
    let now = start() + Span::seconds(2);

    let decision = delivery::on_result(&paused, &late, status(202), now, MIDDLE);

    assert_eq!(decision.item, Item::Done);
    assert_eq!(decision.peer.next_try_at, start() + Span::hours(1));
    let heard = delivery::heard(&decision.peer, now);
    assert_eq!(heard.next_try_at, start() + Span::hours(1));
}

#[test]
fn a_timeout_after_a_429_is_the_peers_failure_and_its_voice_ends_it() {
    let paused = first(status_after(429, 60)).peer;
    let failed = one(&paused, Refusals::default(), TIMEOUT, paused.next_try_at).peer;

    let heard = delivery::heard(&failed, paused.next_try_at);

    assert_eq!(heard.next_try_at, paused.next_try_at);
    assert_eq!(heard.failures, 0);
}

#[test]
fn retry_after_is_honoured_within_six_hours_and_never_shortens_the_wait() {
    assert_eq!(
        first(status_after(503, 120)).peer.next_try_at,
        start() + Span::seconds(120)
    );
    assert_eq!(
        first(status_after(429, 1_000_000)).peer.next_try_at,
        start() + WAIT_MAX
    );
    let (peer, now) = failing(20);
    let impatient = one(&peer, Refusals::default(), status_after(503, 1), now).peer;
    assert!(impatient.next_try_at >= now + Span::hours(4));
}

#[test]
fn retry_after_is_read_as_seconds_or_as_a_date() {
    let read = |text: &str| delivery::retry_after(text, start());

    assert_eq!(read("120"), Some(Span::seconds(120)));
    assert_eq!(read(" 120 "), Some(Span::seconds(120)));
    assert_eq!(
        read("Wed, 25 Nov 2026 08:05:00 GMT"),
        Some(Span::minutes(5))
    );
    assert_eq!(read("99999999999999999999999"), Some(WAIT_MAX));
    assert_eq!(read("Thu, 25 Nov 2027 08:05:00 GMT"), Some(WAIT_MAX));
    for nothing in [
        "",
        "0",
        "-5",
        "1.5",
        "soon",
        "Wed, 25 Nov 2026 07:00:00 GMT",
        "٣",
    ] {
        assert_eq!(read(nothing), None, "{nothing}");
    }
}

#[test]
fn requests_that_fail_together_count_once() {
    let peer = PeerState::new(start());
    let together = attempt(&peer, Refusals::default(), start());
    let mut state = peer;
    for second in 10..14 {
        let now = start() + Span::seconds(second);
        state = delivery::on_result(&state, &together, TIMEOUT, now, MIDDLE).peer;
    }

    assert_eq!(state.failures, 1);
}

#[test]
fn members_are_not_given_up_before_thirty_days_and_are_afterwards() {
    let mut peer = PeerState::new(start());
    loop {
        let now = peer.next_try_at;
        let decision = one(&peer, Refusals::default(), TIMEOUT, now);
        peer = decision.peer;
        let age = now - start();
        if decision.item == Item::GiveUp {
            assert!(age >= Span::days(30) && age < Span::days(31));
            assert_eq!(decision.code, "given_up");
            break;
        }
        assert_eq!(decision.item, Item::Wait);
        assert!(age < Span::days(31));
    }
    // A later item is tried again, and one answer makes everything well.
    let answered = one(&peer, Refusals::default(), status(202), peer.next_try_at);
    assert_eq!(answered.item, Item::Done);
    assert_eq!(delivery::circuit(&answered.peer), Circuit::Closed);
}

#[test]
fn patience_depends_on_the_standing_of_the_peer() {
    for (trust, patience) in [
        (Trust::Member, MEMBER_PATIENCE),
        (Trust::Allowed, MEMBER_PATIENCE),
        (Trust::Guest, OTHER_PATIENCE),
        (Trust::Blocked, OTHER_PATIENCE),
    ] {
        assert_eq!(delivery::patience(trust), patience);
    }
    assert!(OTHER_PATIENCE >= Span::days(7));
}

/// What the rules did with a queue while its peer followed a script of outcomes.
struct Run {
    peer: PeerState,
    now: Instant,
    attempts: Vec<Instant>,
    finished: Vec<(usize, Item)>,
}

/// Sends `items` in order, one in flight, as the sender of a hub does.
fn run(
    items: usize,
    until: Instant,
    mut answer: impl FnMut(Instant, SignatureScheme) -> (Outcome, u32),
) -> Run {
    let mut run = Run {
        peer: PeerState::new(start()),
        now: start(),
        attempts: Vec::new(),
        finished: Vec::new(),
    };
    let (mut item, mut refusals) = (0, Refusals::default());
    while item < items {
        match delivery::allowance(&run.peer, run.now) {
            Allowance::Stopped => break,
            Allowance::Wait { until: next } => {
                assert!(next > run.now);
                run.now = next;
            }
            Allowance::Send { .. } => {
                let attempt = attempt(&run.peer, refusals, run.now);
                let (outcome, jitter) = answer(run.now, attempt.scheme);
                run.attempts.push(run.now);
                run.now = run.now + Span::milliseconds(50);
                let decision =
                    delivery::on_result(&run.peer, &attempt, outcome, run.now, Jitter(jitter));
                run.peer = decision.peer;
                match decision.item {
                    Item::Wait => {}
                    Item::OtherScheme { refusals: next } | Item::CheckSelf { refusals: next } => {
                        refusals = next;
                    }
                    finished => {
                        run.finished.push((item, finished));
                        (item, refusals) = (item + 1, Refusals::default());
                    }
                }
            }
        }
        if run.now > until {
            break;
        }
    }
    run
}

proptest! {
    #[test]
    fn p5_a_week_of_silence_costs_at_most_200_attempts_never_six_hours_apart(
        jitters in proptest::collection::vec(any::<u32>(), 1..64),
        outcomes in proptest::collection::vec(0_u8..4, 1..16),
    ) {
        let end = start() + Span::days(7);
        let mut turn = 0;
        let silent = run(1, end, |_, _| {
            turn += 1;
            let outcome = match outcomes[turn % outcomes.len()] {
                0 => TIMEOUT,
                1 => status(500),
                2 => status_after(503, 1),
                _ => status(429),
            };
            (outcome, jitters[turn % jitters.len()])
        });

        prop_assert!(silent.finished.is_empty());
        prop_assert!((30..=200).contains(&silent.attempts.len()), "{}", silent.attempts.len());
        for pair in silent.attempts.windows(2) {
            prop_assert!(pair[1] - pair[0] <= Span::seconds(6 * 3_600 + 1));
        }
    }

    #[test]
    fn p5_after_a_week_everything_goes_out_in_order_once_the_peer_speaks(jitter: u32) {
        let back = start() + Span::days(7);
        let silent = run(1, back, |_, _| (TIMEOUT, jitter));
        let peer = delivery::heard(&silent.peer, back);

        prop_assert_eq!(
            delivery::allowance(&peer, back),
            Allowance::Send { in_flight_max: IN_FLIGHT_MAX }
        );
        let after = run(500, back, |_, _| (status(202), jitter));
        let order: Vec<usize> = after.finished.iter().map(|(item, _)| *item).collect();
        prop_assert_eq!(order, (0..500).collect::<Vec<_>>());
        prop_assert!(after.now - start() < Span::minutes(10));
    }

    #[test]
    fn p6_whatever_a_peer_answers_every_item_ends_or_waits_and_no_loop_arises(
        codes in proptest::collection::vec(
            prop_oneof![
                Just(0_u16), Just(202), Just(400), Just(401), Just(403), Just(404), Just(422),
                Just(429), Just(500), Just(503), any::<u16>(),
            ],
            1..40,
        ),
        seconds in proptest::option::of(-10_i64..100_000),
        jitter: u32,
    ) {
        let mut turn = 0;
        let end = start() + Span::days(40);
        let result = run(20, end, |_, _| {
            turn += 1;
            let code = codes[turn % codes.len()];
            let outcome = match (code, seconds) {
                (0, _) => TIMEOUT,
                (code, Some(seconds)) => status_after(code, seconds),
                (code, None) => status(code),
            };
            (outcome, jitter)
        });

        let ended = result.finished.len();
        prop_assert!(ended == 20 || result.now > end || result.peer.gone);
        // At most four signature refusals for an item, and an attempt every few seconds while failing.
        let days_max = 41 * 24 / 4 + 60;
        prop_assert!(result.attempts.len() <= ended * (4 + days_max) + days_max);
        for (position, (item, _)) in result.finished.iter().enumerate() {
            prop_assert_eq!(position, *item);
        }
    }

    #[test]
    fn a_peer_that_reads_one_scheme_only_gets_everything_and_costs_one_refusal(
        cavage: bool,
        code in prop_oneof![Just(400_u16), Just(401)],
    ) {
        let reads = if cavage { SignatureScheme::Cavage } else { SignatureScheme::Rfc9421 };
        let result = run(50, start() + Span::days(1), |_, scheme| {
            (if scheme == reads { status(202) } else { status(code) }, 0)
        });

        prop_assert!(result.finished.iter().all(|(_, item)| *item == Item::Done));
        prop_assert_eq!(result.attempts.len(), if cavage { 50 } else { 51 });
        prop_assert_eq!(result.peer.scheme, reads);
    }
}
