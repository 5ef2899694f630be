//! The numbers of an electorate of certifiers. Source: votes.md 4.1.

/// How many hubs certify, and what follows from it.
///
/// They hold for every `n`: two sets of `Q` share `2Q − n > f` hubs, so an honest one is in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    n: usize,
}

impl Numbers {
    /// The numbers of `n` certifiers.
    pub const fn of(n: usize) -> Self {
        Self { n }
    }

    /// How many certify.
    pub const fn n(self) -> usize {
        self.n
    }

    /// `Q = ⌊2n/3⌋ + 1`: how many signatures certify, « plus des deux tiers des inscrits ».
    pub const fn to_sign(self) -> usize {
        2 * self.n / 3 + 1
    }

    /// `f = n − Q`: how many may be absent or cheat while the vote still ends. 0 for `n` ≤ 3.
    pub const fn may_fail(self) -> usize {
        self.n.saturating_sub(self.to_sign())
    }

    /// `s = f + 1`: how many seals must list a ballot, or carry a report, for it to count.
    pub const fn to_count(self) -> usize {
        self.may_fail() + 1
    }

    /// `2f + 1`: how many honest holders guarantee that a ballot counts.
    pub const fn to_guarantee(self) -> usize {
        2 * self.may_fail() + 1
    }

    /// `2Q − n − 1`: up to so many cheaters, no second result can be certified.
    pub const fn cheaters_held(self) -> usize {
        (2 * self.to_sign()).saturating_sub(self.n + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_protocol() {
        let rows = [
            [3, 3, 0, 1, 2, 1],
            [4, 3, 1, 2, 1, 3],
            [5, 4, 1, 2, 2, 3],
            [7, 5, 2, 3, 2, 5],
            [10, 7, 3, 4, 3, 7],
            [15, 11, 4, 5, 6, 9],
            [20, 14, 6, 7, 7, 13],
            [50, 34, 16, 17, 17, 33],
            [100, 67, 33, 34, 33, 67],
            [1000, 667, 333, 334, 333, 667],
        ];

        for row in rows {
            let numbers = Numbers::of(row[0]);
            let computed = [
                numbers.n(),
                numbers.to_sign(),
                numbers.may_fail(),
                numbers.to_count(),
                numbers.cheaters_held(),
                numbers.to_guarantee(),
            ];
            assert_eq!(computed, row);
        }
    }

    #[test]
    fn two_sets_that_sign_share_more_than_may_cheat() {
        for n in 1..=1_000 {
            let numbers = Numbers::of(n);
            assert!(2 * numbers.to_sign() > n + numbers.may_fail(), "n = {n}");
            assert!(numbers.to_sign() <= n, "n = {n}");
        }
    }
}
