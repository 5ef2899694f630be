//! Windows around our clock. Only the server knows the time; it is passed in.

use super::SignatureError;
use crate::{Instant, Span};

/// How far `Date`, and `created` of RFC 9421, may be from our clock, both ways.
/// Source: security.md 3.3 rule 6, federation.md 2.2.
pub const DATE_WINDOW: Span = Span::hours(1);

/// How far draft-cavage's `created`, and any `expires`, may be from our clock.
/// Source: security.md 3.3 rule 7; Mastodon keeps the same.
pub const CREATED_WINDOW: Span = Span::hours(12);

/// More digits than any honest number of seconds has; the rest cannot overflow anything.
const SECONDS_DIGITS_MAX: usize = 12;

/// Checks a `Date` header.
pub(super) fn check_date(text: &str, now: Instant) -> Result<(), SignatureError> {
    let date = Instant::parse_http_date(text).map_err(|_unreadable| unreadable("date"))?;
    within(date, "date", DATE_WINDOW, now)
}

/// Checks `created`, in seconds, against a window.
pub(super) fn check_created(text: &str, window: Span, now: Instant) -> Result<(), SignatureError> {
    within(seconds(text, "created")?, "created", window, now)
}

/// Checks `expires`, in seconds: not past by more than the skew of an honest clock, and not further
/// ahead than anybody needs.
pub(super) fn check_expires(text: &str, now: Instant) -> Result<(), SignatureError> {
    let expires = seconds(text, "expires")?;
    within(expires, "expires", CREATED_WINDOW, now)?;
    if expires + DATE_WINDOW < now {
        return Err(SignatureError::Time {
            part: "expires",
            skew: Some(expires - now),
        });
    }
    Ok(())
}

/// Reads a whole number of seconds. Signs, fractions, exponents and wide numbers are refused as times,
/// not as syntax: they are what attackers overflow clocks with (security.md D10).
fn seconds(text: &str, part: &'static str) -> Result<Instant, SignatureError> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if text.is_empty() || text.len() > SECONDS_DIGITS_MAX || !digits {
        return Err(unreadable(part));
    }
    text.parse()
        .map(Instant::from_seconds)
        .map_err(|_too_wide: std::num::ParseIntError| unreadable(part))
}

fn within(
    instant: Instant,
    part: &'static str,
    window: Span,
    now: Instant,
) -> Result<(), SignatureError> {
    let skew = instant - now;
    if skew.abs() > window {
        return Err(SignatureError::Time {
            part,
            skew: Some(skew),
        });
    }
    Ok(())
}

fn unreadable(part: &'static str) -> SignatureError {
    SignatureError::Time { part, skew: None }
}
