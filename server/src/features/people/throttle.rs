//! How often somebody may try to sign in (D85): counted per handle and per address.
//!
//! Only failures count, so that a busy desk behind one address is not shut out by successes.

use std::net::IpAddr;

use interkpa_federation::{Instant, Span};

use crate::db::conn::Conn;
use crate::db::counters;
use crate::db::error::StoreError;

/// Length of the window in which failures are counted.
pub const WINDOW: Span = Span::minutes(15);
/// Failures of one handle in a window.
pub const PER_HANDLE_MAX: i64 = 10;
/// Failures from one address in a window: a whole reception may be behind it.
pub const PER_ADDRESS_MAX: i64 = 50;

/// The buckets of one attempt. An IPv6 address counts as its /64: a household has that many.
pub fn buckets(handle: &str, client: Option<IpAddr>) -> Vec<(String, i64)> {
    let handle: String = handle.chars().take(64).collect();
    let mut all = vec![(format!("sign-in:{handle}"), PER_HANDLE_MAX)];
    match client {
        Some(IpAddr::V4(v4)) => all.push((format!("sign-in-from:{v4}"), PER_ADDRESS_MAX)),
        Some(IpAddr::V6(v6)) => {
            let net: Vec<String> = v6
                .segments()
                .iter()
                .take(4)
                .map(|s| format!("{s:x}"))
                .collect();
            all.push((format!("sign-in-from:{}", net.join(":")), PER_ADDRESS_MAX));
        }
        None => {}
    }
    all
}

fn window(now: Instant) -> Instant {
    let length = WINDOW.as_milliseconds();
    Instant::from_milliseconds(now.as_milliseconds().div_euclid(length) * length)
}

/// Seconds until another try makes sense, if one of the buckets is full.
///
/// # Errors
/// Those of the store.
pub fn full(
    conn: &mut Conn,
    buckets: &[(String, i64)],
    now: Instant,
) -> Result<Option<u32>, StoreError> {
    let start = window(now);
    for (bucket, max) in buckets {
        let count = counters::get(conn, bucket, start)?;
        if count >= *max {
            let rest = (start + WINDOW - now).as_milliseconds();
            return Ok(Some(u32::try_from(rest / 1_000 + 1).unwrap_or(u32::MAX)));
        }
    }
    Ok(None)
}

/// Counts a failure.
///
/// # Errors
/// Those of the store.
pub fn count(tx: &mut Conn, buckets: &[(String, i64)], now: Instant) -> Result<(), StoreError> {
    let start = window(now);
    for (bucket, _) in buckets {
        counters::add(tx, bucket, start, 1)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_ipv6_network_share_a_bucket() {
        let from = |text: &str| buckets("karima", text.parse().ok());

        assert_eq!(from("2001:db8:1:2::1"), from("2001:db8:1:2:ffff::9"));
        assert_ne!(from("2001:db8:1:2::1"), from("2001:db8:1:3::1"));
        assert_ne!(from("192.0.2.1"), from("192.0.2.2"));
        assert_eq!(buckets("karima", None).len(), 1);
    }
}
