//! Rules of dates, amounts and languages.

use super::{Civil, Locale, Moment};

fn civil(year: i32, month: u8, day: u8) -> Civil {
    Civil {
        year,
        month,
        day,
        hour: 14,
        minute: 30,
    }
}

#[test]
fn a_french_date_has_its_weekday_and_no_zero() {
    assert_eq!(
        Locale::Fr.date(civil(2026, 11, 24)),
        "mardi 24\u{a0}novembre 2026"
    );
    assert_eq!(
        Locale::Fr.date(civil(2026, 3, 1)),
        "dimanche 1er\u{a0}mars 2026"
    );
    assert_eq!(
        Locale::En.date(civil(2026, 11, 24)),
        "Tuesday 24\u{a0}November 2026"
    );
}

#[test]
fn an_hour_is_written_with_h_in_french() {
    assert_eq!(Locale::Fr.time(civil(2026, 1, 1)), "14\u{a0}h\u{a0}30");
    assert_eq!(Locale::En.time(civil(2026, 1, 1)), "14:30");
}

#[test]
fn money_has_narrow_spaces_between_thousands_and_a_fixed_one_before_the_sign() {
    assert_eq!(Locale::Fr.money(123_450), "1\u{202f}234,50\u{a0}€");
    assert_eq!(Locale::Fr.money(5), "0,05\u{a0}€");
    assert_eq!(Locale::Fr.money(-1200), "−12,00\u{a0}€");
    assert_eq!(
        Locale::Fr.money(i64::MIN),
        "−92\u{202f}233\u{202f}720\u{202f}368\u{202f}547\u{202f}758,08\u{a0}€"
    );
    assert_eq!(Locale::En.money(123_450), "€1,234.50");
}

#[test]
fn a_duration_is_in_hours_and_minutes_never_decimals() {
    assert_eq!(Locale::Fr.duration(150), "2\u{a0}h\u{a0}30");
    assert_eq!(Locale::Fr.duration(60), "1\u{a0}h");
    assert_eq!(Locale::Fr.duration(45), "45\u{a0}min");
    assert_eq!(Locale::Fr.duration(-605), "−10\u{a0}h\u{a0}05");
    assert_eq!(Locale::Fr.duration(0), "0\u{a0}min");
}

#[test]
fn days_and_dates_convert_both_ways_over_five_thousand_years() {
    for days in (-1_000_000..1_000_000).step_by(97) {
        assert_eq!(Civil::from_day_number(days).day_number(), days);
    }
    assert_eq!(civil(1970, 1, 1).day_number(), 0);
    assert_eq!(civil(2000, 3, 1).day_number(), 11_017);
}

#[test]
fn relative_times_change_unit_at_the_minute_the_hour_and_the_day() {
    let l = Locale::Fr;
    let now = 1_000_000_000_000;
    assert_eq!(l.relative(now, now - 59_999), "à l’instant");
    assert_eq!(l.relative(now, now - 60_000), "il y a 1 minute");
    assert_eq!(l.relative(now, now - 7_200_000), "il y a 2 heures");
    assert_eq!(l.relative(now, now + 86_400_000), "dans 1 jour");
    assert_eq!(l.relative(i64::MAX, i64::MIN), l.relative(i64::MAX, 0));
}

#[test]
fn a_stamp_older_than_a_week_is_a_date() {
    let now = Moment::utc(1_795_000_000_000);
    let old = Moment::utc(now.utc_ms - 8 * 86_400_000);
    assert_eq!(
        Locale::Fr.stamp(old, now.utc_ms).text,
        Locale::Fr.date_without_weekday(old.civil)
    );
    assert!(Locale::Fr.stamp(old, now.utc_ms).iso.ends_with('Z'));
}

#[test]
fn the_language_follows_the_weights_of_the_browser() {
    assert_eq!(
        Locale::from_accept_language("de, en;q=0.7, fr;q=0.8"),
        Some(Locale::Fr)
    );
    assert_eq!(
        Locale::from_accept_language("en-GB,fr;q=0.9"),
        Some(Locale::En)
    );
    assert_eq!(Locale::from_accept_language("de,ar;q=0.5"), None);
    assert_eq!(
        Locale::from_accept_language("fr;q=0, en;q=0.1"),
        Some(Locale::En)
    );
    assert_eq!(Locale::from_accept_language(""), None);
}

#[test]
fn plurals_follow_the_language() {
    assert_eq!(Locale::Fr.t1("time-in-days", "n", 0), "dans 0 jour");
    assert_eq!(Locale::En.t1("time-in-days", "n", 0), "in 0 days");
}

#[test]
fn the_files_have_no_syntax_error_and_no_key_twice() {
    for locale in Locale::ALL {
        assert!(
            locale.faults().is_empty(),
            "{}: {:?}",
            locale.code(),
            locale.faults()
        );
    }
}

#[test]
fn a_missing_key_is_visible() {
    assert!(
        Locale::Fr
            .t("there-is-no-such-key")
            .starts_with(super::MISSING)
    );
}
