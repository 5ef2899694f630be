use interkpa_federation::{Instant, Span};
use serde_json::json;

use super::model::{Mandated, bare, needs_second_person, next_gossip, prefixed};
use crate::features::people::rights::{Role, Roles};

fn at(seconds: i64) -> Instant {
    Instant::from_seconds(1_800_000_000 + seconds)
}

fn mandate() -> Mandated {
    Mandated {
        mode: "assembly".to_owned(),
        decided_at: at(0).to_rfc3339(),
        participants: Some(12),
        in_favour: Some(9),
        against: Some(2),
        abstained: Some(1),
        minutes_sha256: None,
        local_ref: None,
    }
}

#[test]
fn hubs_compare_every_ten_minutes_and_every_minute_from_the_last_hour_on() {
    let round_ms = 30 * 60 * 1_000;
    let closes_at = at(86_400);
    let wait = |now: Instant| next_gossip(now, closes_at, round_ms) - now;

    assert_eq!(wait(at(0)), Span::minutes(10));
    assert_eq!(wait(closes_at - Span::minutes(59)), Span::minutes(1));
    assert_eq!(wait(closes_at + Span::hours(3)), Span::minutes(1));
    assert_eq!(
        wait(closes_at - Span::minutes(65)),
        Span::minutes(5),
        "the last hour is not slept through"
    );
}

#[test]
fn short_rounds_make_comparisons_quicker_but_never_hot() {
    let closes_at = at(60);

    assert_eq!(next_gossip(at(61), closes_at, 3_000), at(62));
}

#[test]
fn keys_get_the_prefix_and_lose_it_but_ids_of_options_are_data() {
    let written = json!({
        "kind": "charter.amend",
        "payload": {"amendments": {"o1": "aa"}},
        "list": [{"id": "o1"}],
    });

    let signed = prefixed(&written);

    assert_eq!(
        signed,
        json!({
            "ikpa:kind": "charter.amend",
            "ikpa:payload": {"ikpa:amendments": {"o1": "aa"}},
            "ikpa:list": [{"ikpa:id": "o1"}],
        })
    );
    assert_eq!(bare(&signed), written);
}

#[test]
fn who_runs_the_machine_never_votes_alone() {
    let spokesperson = Roles::from_iter([Role::Spokesperson]);
    let both = Roles::from_iter([Role::Spokesperson, Role::TechnicalAdmin]);

    assert!(needs_second_person(true, &spokesperson));
    assert!(!needs_second_person(false, &spokesperson));
    assert!(needs_second_person(false, &both));
}

#[test]
fn a_mandate_counts_no_more_voices_than_people() {
    let good = mandate();
    let more = Mandated {
        in_favour: Some(10),
        ..mandate()
    };
    let future = Mandated {
        decided_at: at(10).to_rfc3339(),
        ..mandate()
    };
    let unknown = Mandated {
        mode: "king".to_owned(),
        ..mandate()
    };

    assert!(good.read(at(0)).is_ok());
    assert_eq!(
        more.read(at(0)).unwrap_err(),
        ("mandate.participants", "mandate_counts_differ")
    );
    assert_eq!(
        future.read(at(0)).unwrap_err(),
        ("mandate.decided_at", "date_in_the_future")
    );
    assert_eq!(
        unknown.read(at(0)).unwrap_err(),
        ("mandate.mode", "mandate_mode_unknown")
    );
}
