//! The words of the administration.

use interkpa_web::Locale;

use super::{trouble, words};

#[test]
fn every_trouble_has_a_sentence_and_an_unknown_one_gets_a_general_one() {
    for locale in [Locale::Fr, Locale::En] {
        for (code, key) in trouble::SENTENCES {
            assert!(locale.has(key), "{key}");
            let sentence = trouble::sentence(locale, code, Some(503));
            assert!(sentence.ends_with(" (503)"), "{code}");
        }
        let other = trouble::sentence(locale, "new", None);
        assert_eq!(other, locale.t("trouble-other"));
    }
}

#[test]
fn every_command_and_activity_has_its_words_in_both_languages() {
    for l in [Locale::Fr, Locale::En] {
        for (_, key) in words::ACTIONS.iter().chain(&words::LETTERS) {
            assert!(l.has(key), "{key}");
        }
    }
}

#[test]
fn a_change_is_told_in_words_and_an_unknown_state_is_left_out() {
    let l = Locale::Fr;

    let suspended = words::of_change(l, "member", Some("active"), Some("suspended"));

    assert_eq!(suspended.as_deref(), Some("Actif → Suspendu"));
    assert_eq!(words::of_change(l, "hub", None, Some("7")), None);
    let given = words::of_change(l, "member", None, Some("facilitator"));
    assert_eq!(given.as_deref(), Some("→ équipe d’animation"));
}
