//! What people type into a line: amounts, durations, numbers and dates, in the usual French forms.
//!
//! Pure: the present is an argument. Source: web.md §11, form rule (« accepted in any usual form »).

use interkpa_federation::{Instant, Span};
use interkpa_web::form::Problem;

use crate::moments::zone;

/// Largest amount taken in, in cents: 1 000 000,00 €.
pub const CENTS_MAX: i64 = 100_000_000;
/// Longest duration taken in, in minutes: 1 000 h.
pub const MINUTES_MAX: i64 = 60_000;
/// The time bank counts in quarters of an hour.
pub const MINUTES_STEP: u32 = 15;

/// Euros as typed, in cents: `12`, `12,50`, `12.5 €`, `1 234,56`.
///
/// # Errors
/// [`Problem::NotAnAmount`] for anything else, [`Problem::OutOfRange`] above [`CENTS_MAX`].
pub fn cents(text: &str) -> Result<i64, Problem> {
    let text = squeezed(text);
    let text = text
        .trim_end_matches('€')
        .trim_end_matches("euros")
        .trim_end_matches("eur");
    let (whole, fraction) = text.split_once([',', '.']).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || fraction.len() > 2 || text.ends_with([',', '.']) {
        return Err(Problem::NotAnAmount);
    }
    if !digits(whole) || !digits(fraction) {
        return Err(Problem::NotAnAmount);
    }
    let cents = format!("{whole}{fraction:0<2}")
        .parse()
        .map_err(|_too_long| Problem::NotAnAmount)?;
    if cents > CENTS_MAX {
        return Err(Problem::OutOfRange {
            min: 0,
            max: CENTS_MAX / 100,
        });
    }
    Ok(cents)
}

/// A duration as typed, in minutes: `90`, `90 min`, `1 h 30`, `1h30`, `2h`, `1:30`, `1,5 h`.
///
/// # Errors
/// [`Problem::NotADuration`] for anything else, [`Problem::DurationStep`] when it is no multiple of
/// [`MINUTES_STEP`], [`Problem::OutOfRange`] for zero and above [`MINUTES_MAX`].
pub fn minutes(text: &str) -> Result<i64, Problem> {
    let text = squeezed(text);
    let text = text
        .trim_end_matches("minutes")
        .trim_end_matches("min")
        .trim_end_matches("mn");
    let minutes = match text.split_once(['h', ':']) {
        None => number(text).ok_or(Problem::NotADuration)?,
        Some((hours, rest)) => {
            let rest = rest.trim_start_matches("eures").trim_start_matches("eure");
            hours_and_minutes(hours, rest).ok_or(Problem::NotADuration)?
        }
    };
    if !(1..=MINUTES_MAX).contains(&minutes) {
        return Err(Problem::OutOfRange {
            min: i64::from(MINUTES_STEP),
            max: MINUTES_MAX,
        });
    }
    if minutes % i64::from(MINUTES_STEP) != 0 {
        return Err(Problem::DurationStep { step: MINUTES_STEP });
    }
    Ok(minutes)
}

fn hours_and_minutes(hours: &str, rest: &str) -> Option<i64> {
    let rest_minutes = if rest.is_empty() {
        0
    } else {
        number(rest).filter(|n| *n < 60)?
    };
    let Some((whole, fraction)) = hours.split_once([',', '.']) else {
        return number(hours)?.checked_mul(60)?.checked_add(rest_minutes);
    };
    // « 1,5 h » is 90 minutes; « 1,5 h 30 » says two things at once.
    if !rest.is_empty() || fraction.is_empty() || fraction.len() > 2 {
        return None;
    }
    let hundredths = number(&format!("{fraction:0<2}"))?;
    let part = hundredths.checked_mul(60)?;
    (part % 100 == 0).then(|| number(whole)?.checked_mul(60)?.checked_add(part / 100))?
}

/// A whole number as typed, from `min` to `max`.
///
/// # Errors
/// [`Problem::NotANumber`] or [`Problem::OutOfRange`].
pub fn whole(text: &str, min: i64, max: i64) -> Result<i64, Problem> {
    let number = number(&squeezed(text)).ok_or(Problem::NotANumber)?;
    if (min..=max).contains(&number) {
        Ok(number)
    } else {
        Err(Problem::OutOfRange { min, max })
    }
}

/// The last moment of a day as typed: `2026-12-03` (what browsers send), `3/12/2026`, `03.12.26`,
/// and `3/12`, which is the next such day from `now`. The day ends at midnight here.
///
/// # Errors
/// [`Problem::NotADate`], [`Problem::InThePast`], or [`Problem::TooFar`] beyond `days_max`.
pub fn end_of_day(text: &str, now: Instant, days_max: u32) -> Result<Instant, Problem> {
    let text = text.trim();
    let today = jiff::Timestamp::from_millisecond(now.as_milliseconds())
        .map_err(|_out_of_range| Problem::NotADate)?
        .to_zoned(zone())
        .date();
    let date = match *text.split(['-', '/', '.']).collect::<Vec<_>>().as_slice() {
        [year, month, day] if year.len() == 4 => civil(year, month, day)?,
        [day, month, year] if year.len() == 2 => civil(&format!("20{year}"), month, day)?,
        [day, month, year] => civil(year, month, day)?,
        [day, month] => {
            let this_year = civil(&today.year().to_string(), month, day);
            match this_year {
                Ok(date) if date >= today => date,
                _ => civil(&(today.year() + 1).to_string(), month, day)?,
            }
        }
        _ => return Err(Problem::NotADate),
    };
    let midnight = date
        .tomorrow()
        .and_then(|next| next.to_zoned(zone()))
        .map_err(|_out_of_range| Problem::NotADate)?;
    let end = Instant::from_milliseconds(midnight.timestamp().as_millisecond());
    if end <= now {
        return Err(Problem::InThePast);
    }
    if end > now + Span::days(i64::from(days_max) + 1) {
        return Err(Problem::TooFar { days: days_max });
    }
    Ok(end)
}

/// An hour of a day as typed: `2026-12-03` (what browsers send) or `3/12/2026`, with `18:00`, `18h` or
/// `18 h 30`, by the clock of the place.
///
/// # Errors
/// [`Problem::NotADate`] for any other day or hour.
pub fn at_hour(day: &str, hour: &str) -> Result<Instant, Problem> {
    let date = match *day
        .trim()
        .split(['-', '/', '.'])
        .collect::<Vec<_>>()
        .as_slice()
    {
        [year, month, day] if year.len() == 4 => civil(year, month, day)?,
        [day, month, year] if year.len() == 4 => civil(year, month, day)?,
        _ => return Err(Problem::NotADate),
    };
    let hour = squeezed(hour);
    let (hours, minutes) = hour.split_once(['h', ':']).unwrap_or((&hour, ""));
    let minutes = if minutes.is_empty() { "0" } else { minutes };
    let part = |text: &str, below: i64| {
        let read = number(text)
            .filter(|n| *n < below)
            .ok_or(Problem::NotADate)?;
        i8::try_from(read).map_err(|_too_large| Problem::NotADate)
    };
    let at = date
        .at(part(hours, 24)?, part(minutes, 60)?, 0, 0)
        .to_zoned(zone())
        .map_err(|_out_of_range| Problem::NotADate)?;
    Ok(Instant::from_milliseconds(at.timestamp().as_millisecond()))
}

fn civil(year: &str, month: &str, day: &str) -> Result<jiff::civil::Date, Problem> {
    let part = |text: &str| number(text.trim()).ok_or(Problem::NotADate);
    let small = |n: i64| i8::try_from(n).map_err(|_too_large| Problem::NotADate);
    let year = i16::try_from(part(year)?).map_err(|_too_large| Problem::NotADate)?;
    jiff::civil::Date::new(year, small(part(month)?)?, small(part(day)?)?)
        .map_err(|_no_such_day| Problem::NotADate)
}

/// Digits only: no sign, no exponent.
fn number(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// Lower case without any space: no-break and thin spaces are typed by phones.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_of_a_day_is_read_by_the_clock_of_the_place() {
        let at = |day, hour| at_hour(day, hour).map(Instant::to_rfc3339);

        assert_eq!(at("2026-12-03", "18:00").unwrap(), "2026-12-03T17:00:00Z");
        assert_eq!(at("3/7/2026", "18 h 30").unwrap(), "2026-07-03T16:30:00Z");
        assert_eq!(at("2026-12-03", "9h").unwrap(), "2026-12-03T08:00:00Z");
        for (day, hour) in [
            ("2026-12-03", "24:00"),
            ("2026-13-03", "18:00"),
            ("", "18:00"),
        ] {
            assert!(at_hour(day, hour).is_err(), "{day} {hour}");
        }
        assert!(at_hour("2026-12-03", "midi").is_err());
    }

    #[test]
    fn amounts_are_read_in_their_usual_forms() {
        for (text, expected) in [
            ("12", 1_200),
            ("12,5", 1_250),
            ("12,50 €", 1_250),
            ("12.50", 1_250),
            ("1 234,56", 123_456),
            ("1\u{202f}234,56\u{a0}€", 123_456),
            ("0", 0),
            ("3 euros", 300),
        ] {
            assert_eq!(cents(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "12,5o",
            "-3",
            "1,234",
            "12,",
            "1e3",
            "NaN",
            "douze",
            "9999999999999999",
        ] {
            assert_eq!(cents(text), Err(Problem::NotAnAmount), "{text}");
        }
        assert!(matches!(
            cents("1000000,01"),
            Err(Problem::OutOfRange { .. })
        ));
    }

    #[test]
    fn durations_are_read_in_their_usual_forms() {
        for (text, expected) in [
            ("90", 90),
            ("90 min", 90),
            ("1 h 30", 90),
            ("1h30", 90),
            ("1H30", 90),
            ("2h", 120),
            ("2 heures", 120),
            ("1:30", 90),
            ("1,5 h", 90),
            ("0,25 h", 15),
        ] {
            assert_eq!(minutes(text), Ok(expected), "{text}");
        }
        for text in ["", "h", "1 h 75", "une heure", "-15", "1,5 h 30", "1.333h"] {
            assert_eq!(minutes(text), Err(Problem::NotADuration), "{text}");
        }
        assert_eq!(minutes("20"), Err(Problem::DurationStep { step: 15 }));
        assert!(matches!(minutes("0"), Err(Problem::OutOfRange { .. })));
        assert!(matches!(
            minutes("99999 h"),
            Err(Problem::OutOfRange { .. })
        ));
    }

    #[test]
    fn days_are_read_in_their_usual_forms() {
        let now = Instant::parse_rfc3339("2026-11-24T14:30:00Z").unwrap();
        let end = |text: &str| end_of_day(text, now, 365).map(Instant::to_rfc3339);

        for text in ["3/12", "03/12/2026", "3.12.26", "2026-12-03"] {
            assert_eq!(end(text).as_deref(), Ok("2026-12-03T23:00:00Z"), "{text}");
        }
        assert_eq!(
            end("24/11").as_deref(),
            Ok("2026-11-24T23:00:00Z"),
            "today is not past"
        );
        assert_eq!(
            end("23/11").as_deref(),
            Ok("2027-11-23T23:00:00Z"),
            "next year's"
        );
        assert_eq!(end("23/11/2026"), Err(Problem::InThePast));
        assert_eq!(end("3/12/2028"), Err(Problem::TooFar { days: 365 }));
        for text in ["", "30/2", "hier", "1/2/3/4", "12"] {
            assert_eq!(end(text), Err(Problem::NotADate), "{text}");
        }
    }
}
