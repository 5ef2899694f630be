//! Counts as numbers to divide, without silent truncation.

use std::time::Duration;

/// A count as a number to compute with. Counts of one run are far below 2^32; a larger one is cut
/// to it.
pub(crate) fn number(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// The length of something as a number to compute with.
pub(crate) fn size(count: usize) -> f64 {
    number(u64::try_from(count).unwrap_or(u64::MAX))
}

/// How often in a second.
pub(crate) fn rate(count: usize, time: Duration) -> f64 {
    size(count) / time.as_secs_f64().max(1e-9)
}

/// `part` of `whole`; 0 when there is no whole.
pub(crate) fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The middle one; the mean of the two middle ones of an even number.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let at = |index: usize| sorted.get(index).copied().unwrap_or(0.0);
    if sorted.len() % 2 == 1 {
        at(middle)
    } else {
        f64::midpoint(at(middle.saturating_sub(1)), at(middle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_both() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;

        assert!(close(median(&[3.0, 1.0, 2.0]), 2.0));
        assert!(close(median(&[4.0, 1.0, 2.0, 3.0]), 2.5));
        assert!(close(median(&[]), 0.0));
        assert!(close(ratio(1.0, 0.0), 0.0));
    }
}
