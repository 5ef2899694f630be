use proptest::prelude::*;

use super::*;

fn standing(settlement: Settlement) -> Standing {
    Standing {
        state: AgreementState::Concluded,
        settlement,
        said: Vec::new(),
        first_said_at: None,
    }
}

/// Applies a command as the store would.
fn apply(standing: &mut Standing, command: Command, now: Instant) -> Result<Outcome, Refusal> {
    let outcome = standing.after(command)?;
    if let Outcome::Moved(state) = outcome {
        standing.state = state;
        if let Command::Say { side, minutes } = command {
            standing.said.push((side, minutes));
            standing.first_said_at.get_or_insert(now);
        }
    }
    Ok(outcome)
}

const START: Instant = Instant::from_milliseconds(1_800_000_000_000);

#[test]
fn it_is_confirmed_when_both_say_the_same() {
    let mut it = standing(Settlement::Hours);
    let say = |side| Command::Say {
        side,
        minutes: Some(150),
    };

    apply(&mut it, say(Side::Responder), START).unwrap();
    assert_eq!(it.state, AgreementState::DeclaredDone);
    apply(&mut it, say(Side::Proposer), START).unwrap();

    assert_eq!(it.state, AgreementState::Confirmed);
}

#[test]
fn saying_it_twice_changes_nothing() {
    let mut it = standing(Settlement::Hours);
    let say = Command::Say {
        side: Side::Responder,
        minutes: Some(60),
    };

    apply(&mut it, say, START).unwrap();

    assert_eq!(apply(&mut it, say, START), Ok(Outcome::SaidAlready));
    assert_eq!(it.state, AgreementState::DeclaredDone);
}

#[test]
fn two_durations_are_no_confirmation() {
    let mut it = standing(Settlement::Hours);
    apply(
        &mut it,
        Command::Say {
            side: Side::Responder,
            minutes: Some(60),
        },
        START,
    )
    .unwrap();

    let other = Command::Say {
        side: Side::Proposer,
        minutes: Some(90),
    };

    assert_eq!(apply(&mut it, other, START), Err(Refusal::MinutesDiffer));
}

#[test]
fn only_the_other_may_contest_and_only_what_was_said() {
    let mut it = standing(Settlement::Euros);
    assert_eq!(
        it.after(Command::Contest {
            side: Side::Proposer
        }),
        Err(Refusal::NotNow)
    );
    apply(
        &mut it,
        Command::Say {
            side: Side::Responder,
            minutes: None,
        },
        START,
    )
    .unwrap();

    assert_eq!(
        it.after(Command::Contest {
            side: Side::Responder
        }),
        Err(Refusal::OwnWord)
    );
    assert!(
        it.after(Command::Contest {
            side: Side::Proposer
        })
        .is_ok()
    );
}

#[test]
fn silence_confirms_gifts_after_seven_days_and_nothing_else() {
    let later = START + SILENT_CONFIRMATION;
    for (settlement, confirmed) in [
        (Settlement::Gift, true),
        (Settlement::Hours, false),
        (Settlement::Euros, false),
    ] {
        let mut it = standing(settlement);
        apply(
            &mut it,
            Command::Say {
                side: Side::Proposer,
                minutes: Some(60),
            },
            START,
        )
        .unwrap();

        let early = it.after(Command::Silence {
            now: later - Span::milliseconds(1),
        });
        assert_eq!(early, Err(Refusal::NotNow));
        assert_eq!(
            it.after(Command::Silence { now: later }).is_ok(),
            confirmed,
            "{settlement:?}"
        );
    }
}

#[test]
fn nothing_is_called_off_after_it_was_done() {
    let mut it = standing(Settlement::Gift);
    apply(
        &mut it,
        Command::Say {
            side: Side::Proposer,
            minutes: None,
        },
        START,
    )
    .unwrap();

    assert_eq!(it.after(Command::Cancel), Err(Refusal::NotNow));
}

fn command() -> impl Strategy<Value = Command> {
    let side = prop_oneof![Just(Side::Proposer), Just(Side::Responder)];
    prop_oneof![
        (
            side.clone(),
            prop_oneof![Just(None), Just(Some(60)), Just(Some(90))]
        )
            .prop_map(|(side, minutes)| Command::Say { side, minutes }),
        side.prop_map(|side| Command::Contest { side }),
        Just(Command::Cancel),
        prop_oneof![
            Just(AgreementState::Confirmed),
            Just(AgreementState::Cancelled)
        ]
        .prop_map(|outcome| Command::Settle { outcome }),
        (0..20_i64).prop_map(|days| Command::Silence {
            now: START + Span::days(days)
        }),
    ]
}

proptest! {
    /// I-04 and the ends: a confirmed agreement has a fact; what is over stays over; nobody speaks
    /// twice; hours are confirmed only by two equal words or by a facilitator.
    #[test]
    fn any_sequence_of_commands_keeps_the_rules(
        commands in proptest::collection::vec(command(), 0..40),
        settlement in prop_oneof![Just(Settlement::Gift), Just(Settlement::Hours), Just(Settlement::Euros)],
    ) {
        let mut it = standing(settlement);
        let mut settled = false;
        for command in commands {
            let before = it.clone();
            let done = apply(&mut it, command, START);
            settled |= matches!((command, done), (Command::Settle { .. }, Ok(Outcome::Moved(_))));
            let over = matches!(before.state, AgreementState::Confirmed | AgreementState::Cancelled);
            prop_assert!(!over || it.state == before.state);
            prop_assert!(it.said.len() <= 2);
            if it.state == AgreementState::Confirmed {
                prop_assert!(!it.said.is_empty());
                if settlement == Settlement::Hours && !settled {
                    prop_assert_eq!(it.said.len(), 2);
                    prop_assert_eq!(it.said[0].1, it.said[1].1);
                }
            }
        }
    }
}
