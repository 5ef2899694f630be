//! Points in time and lengths of time, as numbers. Nothing here reads a clock: `now` is always an
//! argument (decision 9).

use std::fmt;
use std::ops::{Add, Sub};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
///
/// It is what storage keeps and what rules compare; text forms exist at the edges only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(i64);

/// A length of time in milliseconds; may be negative when it is a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(i64);

/// A text that does not name a point in time in the form asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date and time of the expected form")]
pub struct InstantError;

const DAY_SECONDS: i64 = 86_400;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

impl Span {
    /// A span of whole milliseconds.
    pub const fn milliseconds(n: i64) -> Self {
        Self(n)
    }
    /// A span of whole seconds; saturates.
    pub const fn seconds(n: i64) -> Self {
        Self(n.saturating_mul(1_000))
    }
    /// A span of whole minutes; saturates.
    pub const fn minutes(n: i64) -> Self {
        Self::seconds(n.saturating_mul(60))
    }
    /// A span of whole hours; saturates.
    pub const fn hours(n: i64) -> Self {
        Self::minutes(n.saturating_mul(60))
    }
    /// A span of days of 24 hours; saturates.
    pub const fn days(n: i64) -> Self {
        Self::hours(n.saturating_mul(24))
    }
    /// The length in milliseconds.
    pub const fn as_milliseconds(self) -> i64 {
        self.0
    }
    /// The length without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }
}

impl Instant {
    /// The instant so many milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_milliseconds(ms: i64) -> Self {
        Self(ms)
    }
    /// The instant so many seconds after 1970-01-01T00:00:00Z; saturates.
    pub const fn from_seconds(s: i64) -> Self {
        Self(s.saturating_mul(1_000))
    }
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn as_milliseconds(self) -> i64 {
        self.0
    }
    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Reads RFC 3339 (`2026-11-25T08:00:00Z`, optional fraction, `Z` or a numeric offset).
    ///
    /// A leap second is read as the second after it. Years outside 1970–9999 are refused: no
    /// honest document carries them, and they break pages and ordering (security.md D56).
    ///
    /// # Errors
    /// [`InstantError`] for any other text.
    pub fn parse_rfc3339(text: &str) -> Result<Self, InstantError> {
        let bytes = text.as_bytes();
        if !text.is_ascii() || bytes.len() < 20 || bytes.len() > 40 {
            return Err(InstantError);
        }
        let separators = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
        if separators.iter().any(|(at, c)| bytes.get(*at) != Some(c))
            || !matches!(bytes.get(10), Some(b'T' | b't' | b' '))
        {
            return Err(InstantError);
        }
        let (year, month, day) = (
            digits(text, 0, 4)?,
            digits(text, 5, 2)?,
            digits(text, 8, 2)?,
        );
        let (hour, minute, second) = (
            digits(text, 11, 2)?,
            digits(text, 14, 2)?,
            digits(text, 17, 2)?,
        );
        let (milliseconds, offset_seconds) = fraction_and_offset(text.get(19..).unwrap_or(""))?;
        let whole = seconds_of(Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        })? - offset_seconds;
        if whole < 0 {
            return Err(InstantError);
        }
        Ok(Self(whole * 1_000 + milliseconds))
    }

    /// Reads the HTTP date form `Wed, 25 Nov 2026 08:00:00 GMT` (RFC 9110 §5.6.7, IMF-fixdate only).
    ///
    /// # Errors
    /// [`InstantError`] for any other text, the two obsolete forms included.
    pub fn parse_http_date(text: &str) -> Result<Self, InstantError> {
        if !text.is_ascii() || text.len() != 29 || text.get(3..5) != Some(", ") {
            return Err(InstantError);
        }
        if text.get(7..8) != Some(" ")
            || text.get(11..12) != Some(" ")
            || text.get(16..17) != Some(" ")
            || text.get(19..20) != Some(":")
            || text.get(22..23) != Some(":")
            || text.get(25..) != Some(" GMT")
        {
            return Err(InstantError);
        }
        let name = text.get(8..11).ok_or(InstantError)?;
        let month = MONTHS.iter().position(|m| *m == name).ok_or(InstantError)?;
        let month = i64::try_from(month).map_err(|_too_large| InstantError)? + 1;
        let civil = Civil {
            year: digits(text, 12, 4)?,
            month,
            day: digits(text, 5, 2)?,
            hour: digits(text, 17, 2)?,
            minute: digits(text, 20, 2)?,
            second: digits(text, 23, 2)?,
        };
        let instant = Self(seconds_of(civil)? * 1_000);
        // The weekday must be the right one: two parsers must never read two different days.
        if instant.to_http_date().get(..3) != text.get(..3) {
            return Err(InstantError);
        }
        Ok(instant)
    }

    /// The HTTP date form, `Wed, 25 Nov 2026 08:00:00 GMT`; milliseconds are dropped.
    pub fn to_http_date(self) -> String {
        let (civil, days) = self.civil();
        let weekday = usize::try_from(days.rem_euclid(7))
            .ok()
            .and_then(|i| WEEKDAYS.get(i));
        let month = usize::try_from(civil.month - 1)
            .ok()
            .and_then(|i| MONTHS.get(i));
        format!(
            "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
            weekday.unwrap_or(&"Thu"),
            civil.day,
            month.unwrap_or(&"Jan"),
            civil.year,
            civil.hour,
            civil.minute,
            civil.second
        )
    }

    /// RFC 3339 in UTC; milliseconds are written only when they are not zero.
    pub fn to_rfc3339(self) -> String {
        let (c, _) = self.civil();
        let ms = self.0.rem_euclid(1_000);
        let fraction = if ms == 0 {
            String::new()
        } else {
            format!(".{ms:03}")
        };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{fraction}Z",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        )
    }

    fn civil(self) -> (Civil, i64) {
        let seconds = self.as_seconds();
        let (days, rest) = (
            seconds.div_euclid(DAY_SECONDS),
            seconds.rem_euclid(DAY_SECONDS),
        );
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
        (
            Civil {
                year,
                month,
                day,
                hour,
                minute,
                second,
            },
            days,
        )
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl Add<Span> for Instant {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Instant {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Sub<Instant> for Instant {
    type Output = Span;
    fn sub(self, earlier: Instant) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

#[derive(Clone, Copy)]
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

fn digits(text: &str, at: usize, len: usize) -> Result<i64, InstantError> {
    let part = text.get(at..at + len).ok_or(InstantError)?;
    if !part.bytes().all(|b| b.is_ascii_digit()) {
        return Err(InstantError);
    }
    part.parse().map_err(|_not_a_number| InstantError)
}

/// What follows the seconds: an optional fraction, then `Z` or `±hh:mm`, as (ms, seconds).
fn fraction_and_offset(rest: &str) -> Result<(i64, i64), InstantError> {
    let (fraction, zone) = match rest.strip_prefix('.') {
        None => ("", rest),
        Some(after) => {
            let end = after
                .find(|c: char| !c.is_ascii_digit())
                .ok_or(InstantError)?;
            (
                after.get(..end).ok_or(InstantError)?,
                after.get(end..).ok_or(InstantError)?,
            )
        }
    };
    if rest.starts_with('.') && fraction.is_empty() {
        return Err(InstantError);
    }
    let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
    let milliseconds = digits(&padded, 0, 3)?;
    if zone == "Z" || zone == "z" {
        return Ok((milliseconds, 0));
    }
    let sign = match zone.bytes().next() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Err(InstantError),
    };
    if zone.len() != 6 || zone.as_bytes().get(3) != Some(&b':') {
        return Err(InstantError);
    }
    let (hours, minutes) = (digits(zone, 1, 2)?, digits(zone, 4, 2)?);
    if hours > 23 || minutes > 59 {
        return Err(InstantError);
    }
    Ok((milliseconds, sign * (hours * 3_600 + minutes * 60)))
}

fn seconds_of(c: Civil) -> Result<i64, InstantError> {
    let in_range = (1970..=9999).contains(&c.year)
        && (1..=12).contains(&c.month)
        && (1..=days_in_month(c.year, c.month)).contains(&c.day)
        && c.hour < 24
        && c.minute < 60
        && c.second <= 60;
    if !in_range {
        return Err(InstantError);
    }
    let days = days_from_civil(c.year, c.month, c.day);
    Ok(days * DAY_SECONDS + c.hour * 3_600 + c.minute * 60 + c.second)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in eras of 400 years that
/// start on a 1 March, so that the leap day is the last of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_survives_reading_and_writing() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2024-02-29T23:59:59Z",
            "2026-11-25T08:00:00.250Z",
        ] {
            assert_eq!(Instant::parse_rfc3339(text).unwrap().to_rfc3339(), text);
        }
    }

    #[test]
    fn an_offset_is_taken_away() {
        let instant = Instant::parse_rfc3339("2026-11-25T09:30:00+01:30").unwrap();

        assert_eq!(instant.to_rfc3339(), "2026-11-25T08:00:00Z");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "2026-11-25",
            "2026-11-25T08:00:00",
            "0001-01-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-25T24:00:00Z",
            "2026-11-25T08:00:00.Z",
            "é026-11-25T08:00:00Z",
        ] {
            assert!(Instant::parse_rfc3339(text).is_err(), "{text}");
        }
    }

    #[test]
    fn http_dates_survive_and_the_weekday_must_be_right() {
        let text = "Wed, 25 Nov 2026 08:00:00 GMT";

        assert_eq!(Instant::parse_http_date(text).unwrap().to_http_date(), text);
        assert!(Instant::parse_http_date("Thu, 25 Nov 2026 08:00:00 GMT").is_err());
    }

    #[test]
    fn every_day_of_400_years_survives() {
        for day in 0..146_097 {
            let (y, m, d) = civil_from_days(day);
            assert_eq!(days_from_civil(y, m, d), day);
        }
    }
}
