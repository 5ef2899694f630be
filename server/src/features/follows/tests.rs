use super::model::*;
use FollowState::{Accepted, Pending, Refused};

#[test]
fn only_what_was_asked_is_answered() {
    assert_eq!(Pending.answered(true), Some(Accepted));
    assert_eq!(Pending.answered(false), Some(Refused));
    assert_eq!(Accepted.answered(true), None);
    assert_eq!(Refused.answered(true), None);
}

#[test]
fn a_refusal_ends_what_was_accepted() {
    assert_eq!(Accepted.answered(false), Some(Refused));
    assert_eq!(Refused.answered(false), None);
}

#[test]
fn a_state_is_read_as_it_is_written() {
    for state in [Pending, Accepted, Refused] {
        assert_eq!(FollowState::parse(state.as_str()), Some(state));
    }
}
