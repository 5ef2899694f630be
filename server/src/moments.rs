//! Instants as the clock of the place shows them. Stored and sent times are UTC; people read and
//! type the time of metropolitan France.

use std::sync::LazyLock;

use interkpa_federation::Instant;
use interkpa_web::Locale;
use interkpa_web::locale::{Civil, Moment, Stamp};
use jiff::tz::TimeZone;

/// Central European time with its summer time, by rule: no zone files are needed.
static ZONE: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC));

/// The time zone of the place.
pub fn zone() -> TimeZone {
    ZONE.clone()
}

/// An instant and what the clock on the wall shows then.
pub fn moment(at: Instant) -> Moment {
    let utc_ms = at.as_milliseconds();
    let Ok(timestamp) = jiff::Timestamp::from_millisecond(utc_ms) else {
        return Moment::utc(utc_ms); // before the year -9999 or after 9999
    };
    let local = timestamp.to_zoned(zone()).datetime();
    let part = |value: i8| u8::try_from(value).unwrap_or(0);
    Moment {
        utc_ms,
        civil: Civil {
            year: i32::from(local.year()),
            month: part(local.month()),
            day: part(local.day()),
            hour: part(local.hour()),
            minute: part(local.minute()),
        },
    }
}

/// « il y a 2 jours », with the full date on pointing.
pub fn ago(l: Locale, at: Instant, now: Instant) -> Stamp {
    l.stamp(moment(at), now.as_milliseconds())
}

/// « mardi 24 novembre 2026 à 15 h 30 ».
pub fn in_full(l: Locale, at: Instant) -> Stamp {
    l.full_stamp(moment(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_on_the_wall_follows_summer_time() {
        let shown = |text| {
            let civil = moment(Instant::parse_rfc3339(text).unwrap()).civil;
            (civil.day, civil.hour, civil.minute)
        };

        assert_eq!(shown("2026-11-24T14:30:00Z"), (24, 15, 30));
        assert_eq!(shown("2026-07-14T23:00:00Z"), (15, 1, 0));
        assert_eq!(shown("2026-03-29T00:59:00Z"), (29, 1, 59));
        assert_eq!(shown("2026-03-29T01:00:00Z"), (29, 3, 0));
    }
}
