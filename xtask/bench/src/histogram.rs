//! How long requests took: counted in buckets of at most 1.6 % width, in a bounded space.

use std::time::Duration;

/// Buckets of each power of two; the width of one is 1/64 of its value.
const PARTS: u64 = 64;
/// log2 of [`PARTS`].
const PART_BITS: u32 = 6;

/// Counts by duration in microseconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Histogram {
    counts: Vec<u64>,
    total: u64,
    longest: u64,
}

impl Histogram {
    /// Counts one.
    pub(crate) fn add(&mut self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let index = bucket(micros);
        if self.counts.len() <= index {
            self.counts.resize(index + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(index) {
            *count += 1;
        }
        self.total += 1;
        self.longest = self.longest.max(micros);
    }

    /// Adds what another one counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        self.total += other.total;
        self.longest = self.longest.max(other.longest);
    }

    /// The duration that `share` per thousand do not exceed, in milliseconds.
    pub(crate) fn per_mille(&self, share: u64) -> f64 {
        let wanted = (self.total * share).div_ceil(1_000).max(1);
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return milliseconds(upper(index).min(self.longest));
            }
        }
        0.0
    }
}

fn milliseconds(micros: u64) -> f64 {
    crate::numbers::number(micros) / 1_000.0
}

/// Values below 128 have a bucket each; above, each power of two has 64.
fn bucket(value: u64) -> usize {
    let place = if value < 2 * PARTS {
        value
    } else {
        let shift = value.ilog2() - PART_BITS;
        u64::from(shift) * PARTS + (value >> shift)
    };
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The largest value of a bucket.
fn upper(index: usize) -> u64 {
    let index = u64::try_from(index).unwrap_or(u64::MAX);
    if index < 2 * PARTS {
        return index;
    }
    let shift = index / PARTS - 1;
    let first = (index - shift * PARTS) << shift;
    first + (1 << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_in_its_bucket_and_close_to_its_end() {
        for value in (0..2_000).chain([65_535, 65_536, 1_000_000, 9_999_999]) {
            let end = upper(bucket(value));

            assert!(end >= value, "{value}: {end}");
            assert!(end - value <= value / 64 + 1, "{value}: {end}");
        }
    }

    #[test]
    fn percentiles_are_those_of_the_values_added() {
        let mut half = Histogram::default();
        let mut rest = Histogram::default();
        for ms in 1..=50 {
            half.add(Duration::from_millis(ms));
            rest.add(Duration::from_millis(ms + 50));
        }

        half.merge(&rest);

        assert!((half.per_mille(500) - 50.0).abs() < 1.0);
        assert!((half.per_mille(990) - 99.0).abs() < 2.0);
        assert!((half.per_mille(1_000) - 100.0).abs() < 1e-9);
    }
}
