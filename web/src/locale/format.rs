//! Dates, times, amounts and durations as people read them in French and English.
//!
//! Everything is integers: cents, minutes, milliseconds. The caller gives the civil date of the place
//! (this crate knows no time zone) and `now` (this crate reads no clock).

use super::Locale;

/// Thin space between thousands and before `; ! ?` in French.
const NARROW: char = '\u{202f}';
/// Space that does not break: before `€`, `:`, between figures and units.
const FIXED: char = '\u{a0}';

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A date and an hour on the wall of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// Year, such as 2026.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
}

/// One instant, both as a number and as the clock of the place shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970, UTC.
    pub utc_ms: i64,
    /// The same instant in the reader's time zone.
    pub civil: Civil,
}

/// A finished date for a page: `<time datetime="{iso}" title="{full}">{text}</time>`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stamp {
    /// What is read: « il y a 2 jours » or « mardi 24 novembre 2026 ».
    pub text: String,
    /// The full date and hour, shown on pointing.
    pub full: String,
    /// The machine's form, RFC 3339 in UTC.
    pub iso: String,
}

impl Civil {
    /// Days since 1970-01-01 of this date (proleptic Gregorian; H. Hinnant's `days_from_civil`).
    pub fn day_number(self) -> i64 {
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
            - 719_468
    }

    /// The inverse of [`Civil::day_number`], at midnight.
    pub fn from_day_number(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self {
            year: i32::try_from(year).unwrap_or(i32::MAX),
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
            hour: 0,
            minute: 0,
        }
    }

    /// 0 = Monday … 6 = Sunday.
    pub fn weekday(self) -> u8 {
        u8::try_from((self.day_number() + 3).rem_euclid(7)).unwrap_or(0)
    }
}

impl Moment {
    /// The instant as it reads on a clock set to UTC: for tests and samples.
    pub fn utc(utc_ms: i64) -> Self {
        let mut civil = Civil::from_day_number(utc_ms.div_euclid(DAY));
        let in_day = utc_ms.rem_euclid(DAY);
        civil.hour = u8::try_from(in_day / HOUR).unwrap_or(0);
        civil.minute = u8::try_from(in_day % HOUR / MINUTE).unwrap_or(0);
        Self { utc_ms, civil }
    }

    /// RFC 3339 in UTC, to the second.
    pub fn iso(self) -> String {
        let utc = Self::utc(self.utc_ms).civil;
        let second = self.utc_ms.rem_euclid(MINUTE) / 1000;
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{second:02}Z",
            utc.year, utc.month, utc.day, utc.hour, utc.minute
        )
    }
}

impl Locale {
    /// `mardi 24 novembre 2026`, `dimanche 1er mars 2026`; `Tuesday 24 November 2026`.
    pub fn date(self, date: Civil) -> String {
        format!("{} {}", self.weekday(date), self.date_without_weekday(date))
    }

    /// `24 novembre 2026`, `1er mars 2026`; `24 November 2026`.
    pub fn date_without_weekday(self, date: Civil) -> String {
        format!(
            "{}{FIXED}{} {}",
            self.day(date),
            self.month(date),
            date.year
        )
    }

    /// `mardi 24 novembre`; `Tuesday 24 November`.
    pub fn date_without_year(self, date: Civil) -> String {
        format!(
            "{} {}{FIXED}{}",
            self.weekday(date),
            self.day(date),
            self.month(date)
        )
    }

    /// `14 h 30`; `14:30`.
    pub fn time(self, time: Civil) -> String {
        match self {
            Self::Fr => format!("{}{FIXED}h{FIXED}{:02}", time.hour, time.minute),
            Self::En => format!("{}:{:02}", time.hour, time.minute),
        }
    }

    /// `mardi 24 novembre 2026 à 14 h 30`; `Tuesday 24 November 2026 at 14:30`.
    pub fn date_time(self, moment: Civil) -> String {
        let joint = match self {
            Self::Fr => "à",
            Self::En => "at",
        };
        format!("{} {joint} {}", self.date(moment), self.time(moment))
    }

    /// How long before or after `now`: `à l'instant`, `il y a 3 h`, `dans 2 jours`. Beyond seven days the
    /// date is clearer: use [`Locale::stamp`].
    pub fn relative(self, now_ms: i64, then_ms: i64) -> String {
        let distance = now_ms.saturating_sub(then_ms);
        let (count, unit) = match distance.saturating_abs() {
            d if d < MINUTE => return self.t("time-now"),
            d if d < HOUR => (d / MINUTE, "minutes"),
            d if d < DAY => (d / HOUR, "hours"),
            d => (d / DAY, "days"),
        };
        let key = match (unit, distance >= 0) {
            ("minutes", true) => "time-minutes-ago",
            ("minutes", false) => "time-in-minutes",
            ("hours", true) => "time-hours-ago",
            ("hours", false) => "time-in-hours",
            (_, true) => "time-days-ago",
            (_, false) => "time-in-days",
        };
        self.t1(key, "n", count)
    }

    /// The date as a page shows it: relative within seven days of `now_ms`, the day beyond.
    pub fn stamp(self, moment: Moment, now_ms: i64) -> Stamp {
        let near = now_ms.saturating_sub(moment.utc_ms).saturating_abs() < 7 * DAY;
        Stamp {
            text: if near {
                self.relative(now_ms, moment.utc_ms)
            } else {
                self.date_without_weekday(moment.civil)
            },
            full: self.date_time(moment.civil),
            iso: moment.iso(),
        }
    }

    /// The date and hour in full, for agreements, votes and the journal.
    pub fn full_stamp(self, moment: Moment) -> Stamp {
        let text = self.date_time(moment.civil);
        Stamp {
            full: text.clone(),
            text,
            iso: moment.iso(),
        }
    }

    /// Cents as `1 234,50 €` (narrow space between thousands, fixed space before the sign);
    /// `€1,234.50` in English.
    pub fn money(self, cents: i64) -> String {
        let minus = if cents < 0 { "−" } else { "" };
        let cents = cents.unsigned_abs();
        let (units, rest) = (cents / 100, cents % 100);
        match self {
            Self::Fr => format!("{minus}{},{rest:02}{FIXED}€", grouped(units, NARROW)),
            Self::En => format!("{minus}€{}.{rest:02}", grouped(units, ',')),
        }
    }

    /// A whole number with its thousands apart: `12 345`; `12,345`.
    pub fn number(self, value: u64) -> String {
        match self {
            Self::Fr => grouped(value, NARROW),
            Self::En => grouped(value, ','),
        }
    }

    /// Minutes as `2 h 30`, `45 min`, `3 h`; never decimals. Below zero, with `−`.
    pub fn duration(self, minutes: i64) -> String {
        let minus = if minutes < 0 { "−" } else { "" };
        let minutes = minutes.unsigned_abs();
        let (hours, rest) = (minutes / 60, minutes % 60);
        match (hours, rest) {
            (0, _) => format!("{minus}{rest}{FIXED}min"),
            (_, 0) => format!("{minus}{}{FIXED}h", self.number(hours)),
            _ => format!("{minus}{}{FIXED}h{FIXED}{rest:02}", self.number(hours)),
        }
    }

    /// The size of a file: `850 ko`, `12 Mo`; `850 KB`, `12 MB`.
    pub fn size(self, bytes: u64) -> String {
        let (kilo, mega) = match self {
            Self::Fr => ("ko", "Mo"),
            Self::En => ("KB", "MB"),
        };
        if bytes < 1_000_000 {
            format!("{}{FIXED}{kilo}", bytes.div_ceil(1000))
        } else {
            format!("{}{FIXED}{mega}", self.number(bytes / 1_000_000))
        }
    }

    fn day(self, date: Civil) -> String {
        match (self, date.day) {
            (Self::Fr, 1) => "1er".to_owned(),
            (_, day) => day.to_string(),
        }
    }

    fn weekday(self, date: Civil) -> &'static str {
        const FR: [&str; 7] = [
            "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
        ];
        const EN: [&str; 7] = [
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
        ];
        let names = match self {
            Self::Fr => FR,
            Self::En => EN,
        };
        names
            .get(usize::from(date.weekday()))
            .copied()
            .unwrap_or("")
    }

    fn month(self, date: Civil) -> &'static str {
        const FR: [&str; 12] = [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ];
        const EN: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let names = match self {
            Self::Fr => FR,
            Self::En => EN,
        };
        names
            .get(usize::from(date.month.saturating_sub(1)))
            .copied()
            .unwrap_or("")
    }
}

/// Figures in groups of three from the right.
fn grouped(value: u64, separator: char) -> String {
    let figures = value.to_string();
    let mut text = String::with_capacity(figures.len() + figures.len() / 3 * 3);
    for (place, figure) in figures.chars().enumerate() {
        if place > 0 && (figures.len() - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(figure);
    }
    text
}
