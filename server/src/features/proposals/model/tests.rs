use super::*;
use crate::features::proposals::model::new::{Fixed, NewProposal};
use interkpa_web::form::{Form, Problem};

const NOW: Instant = Instant::from_milliseconds(1_795_530_600_000);

fn typed(pairs: &[(&str, &str)]) -> Form {
    let mut all = vec![
        ("purpose", "offer"),
        ("kind", "service"),
        ("settlement", "hours"),
    ];
    all.push(("title", "Cours de couture débutant"));
    let mut form = Form::from_pairs(all);
    for (name, value) in pairs {
        form.set(name, *value);
    }
    form
}

fn problem(pairs: &[(&str, &str)], field: &str) -> Option<Problem> {
    let mut form = typed(pairs);
    assert_eq!(NewProposal::parse(&mut form, NOW, None), None, "{pairs:?}");
    form.error(field).cloned()
}

#[test]
fn the_least_that_is_needed_is_a_title_and_three_choices() {
    let new = NewProposal::parse(&mut typed(&[]), NOW, None).unwrap();

    assert_eq!(new.title, "Cours de couture débutant");
    assert_eq!(
        new.audience,
        Visibility::Public,
        "offers are public unless said otherwise"
    );
    assert_eq!(new.expires_at, NOW + Span::days(60));
    assert_eq!(new.quantity, 1);
    assert_eq!(new.category, Category::Textile, "guessed");
    assert!(!new.first_hub);
}

#[test]
fn a_need_goes_to_the_network_unless_said_otherwise() {
    let new = NewProposal::parse(&mut typed(&[("purpose", "request")]), NOW, None).unwrap();

    assert_eq!(new.audience, Visibility::Network);
}

#[test]
fn amounts_durations_and_days_are_read_as_people_write_them() {
    let mut form = typed(&[
        ("price", "12,50 €"),
        ("minutes", "1 h 30"),
        ("quantity", " 4 "),
        ("expires", "3/12"),
    ]);
    let new = NewProposal::parse(&mut form, NOW, None).unwrap();

    assert_eq!(new.price_cents, Some(1_250));
    assert_eq!(new.minutes, Some(90));
    assert_eq!(new.quantity, 4);
    assert_eq!(new.expires_at.to_rfc3339(), "2026-12-03T23:00:00Z");
}

#[test]
fn each_rule_has_its_own_problem() {
    assert_eq!(
        problem(&[("title", " \u{200b} ")], "title"),
        Some(Problem::Required)
    );
    assert_eq!(
        problem(&[("title", "ab")], "title"),
        Some(Problem::TooShort { min: 3 })
    );
    let long = "x".repeat(121);
    assert_eq!(
        problem(&[("title", &long)], "title"),
        Some(Problem::TooLong { max: 120 })
    );
    let long = "x".repeat(5_001);
    assert_eq!(
        problem(&[("text", &long)], "text"),
        Some(Problem::TooLong { max: 5_000 })
    );
    assert_eq!(
        problem(&[("settlement", "bitcoin")], "settlement"),
        Some(Problem::UnknownChoice)
    );
    assert_eq!(
        problem(&[("purpose", "")], "purpose"),
        Some(Problem::ChoiceRequired)
    );
    assert_eq!(
        problem(&[("kind", "vote")], "kind"),
        Some(Problem::UnknownChoice)
    );
    assert_eq!(
        problem(&[("price", "12,5o")], "price"),
        Some(Problem::NotAnAmount)
    );
    assert_eq!(
        problem(&[("minutes", "20")], "minutes"),
        Some(Problem::DurationStep { step: 15 })
    );
    assert_eq!(
        problem(&[("audience", "world")], "audience"),
        Some(Problem::UnknownChoice)
    );
    assert_eq!(
        problem(&[("category", "magic")], "category"),
        Some(Problem::UnknownChoice)
    );
    assert_eq!(
        problem(&[("lang", "f<r")], "lang"),
        Some(Problem::UnknownChoice)
    );
    assert!(problem(&[("quantity", "0")], "quantity").is_some());
    assert!(problem(&[("expires_days", "366")], "expires_days").is_some());
}

#[test]
fn a_refused_form_keeps_every_value_as_typed() {
    let mut form = typed(&[("title", "<b>ab"), ("price", "douze"), ("text", "bonjour")]);

    assert_eq!(NewProposal::parse(&mut form, NOW, None), None);
    assert_eq!(form.value("price"), "douze");
    assert_eq!(form.value("text"), "bonjour");
    assert_eq!(form.errors().len(), 1);
}

#[test]
fn text_of_any_script_is_kept() {
    let mut form = typed(&[
        ("title", "دروس في اللغة العربية"),
        ("text", "درس واحد كل أسبوع 👩🏽‍🏫"),
        ("lang", "ar"),
    ]);
    let new = NewProposal::parse(&mut form, NOW, None).unwrap();

    assert_eq!(new.title, "دروس في اللغة العربية");
    assert!(new.description.contains("👩🏽‍🏫"));
    assert_eq!(new.lang, "ar");
}

#[test]
fn first_my_kpa_means_nothing_for_what_stays_there() {
    let pairs = [
        ("purpose", "request"),
        ("audience", "hub"),
        ("first_hub", "1"),
    ];

    assert!(
        !NewProposal::parse(&mut typed(&pairs), NOW, None)
            .unwrap()
            .first_hub
    );
}

#[test]
fn an_edit_keeps_purpose_kind_and_what_is_agreed() {
    let fixed = Fixed {
        purpose: Purpose::Request,
        kind: KindName::Loan,
        taken: 2,
        expires_at: NOW + Span::days(5),
    };
    let new = NewProposal::parse(&mut typed(&[("quantity", "3")]), NOW, Some(&fixed)).unwrap();
    assert_eq!((new.purpose, new.kind), (Purpose::Request, KindName::Loan));
    assert_eq!(new.expires_at, NOW + Span::days(5));

    let mut fewer = typed(&[("quantity", "1")]);
    assert_eq!(
        NewProposal::parse(&mut fewer, NOW, Some(&fixed)),
        None,
        "two are agreed upon"
    );
}

#[test]
fn an_edit_of_an_expired_proposal_gives_it_a_new_end() {
    let fixed = Fixed {
        purpose: Purpose::Offer,
        kind: KindName::Gift,
        taken: 0,
        expires_at: NOW - Span::days(1),
    };
    let new = NewProposal::parse(&mut typed(&[]), NOW, Some(&fixed)).unwrap();

    assert_eq!(new.expires_at, NOW + Span::days(60));
}

#[test]
fn a_state_is_read_as_it_is_written() {
    for state in State::ALL {
        assert_eq!(State::parse(state.as_str()), Some(state));
    }
    assert_eq!(State::parse("open"), None);
}

#[test]
fn what_is_withdrawn_never_comes_back() {
    for command in [
        Command::Edit,
        Command::Suspend,
        Command::Resume,
        Command::Fulfil,
        Command::Withdraw,
        Command::Expire,
        Command::Widen,
        Command::Take,
    ] {
        assert_eq!(State::Withdrawn.after(command), None, "{command:?}");
    }
    assert_eq!(
        State::Withdrawn.after(Command::GiveBack),
        Some(State::Withdrawn)
    );
}

#[test]
fn only_what_is_published_is_taken() {
    for state in State::ALL {
        assert_eq!(
            state.after(Command::Take).is_some(),
            state == State::Published
        );
    }
}

#[test]
fn an_expired_proposal_lives_again_only_by_an_edit() {
    assert_eq!(State::Expired.after(Command::Edit), Some(State::Published));
    assert_eq!(State::Expired.after(Command::Resume), None);
    assert_eq!(State::Expired.after(Command::Fulfil), None);
}
