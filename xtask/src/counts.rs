//! How many tests passed and failed, read from what the suites print.

use std::ops::AddAssign;

/// Tests that passed and tests that failed. A skipped test is a failed one: nothing here may be skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Counts {
    /// One thing checked.
    pub(crate) fn one(passed: bool) -> Self {
        Self {
            passed: u64::from(passed),
            failed: u64::from(!passed),
        }
    }

    /// Whether nothing was run at all.
    pub(crate) fn nothing(self) -> bool {
        self == Self::default()
    }

    /// For the line of one suite, in other words than the closing line of the run.
    pub(crate) fn sentence(self) -> String {
        if self.failed == 0 {
            format!("{} tests", self.passed)
        } else {
            format!(
                "{} tests, {} of them failed",
                self.passed + self.failed,
                self.failed
            )
        }
    }

    /// The line that closes a complete run.
    pub(crate) fn plain_line(self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The sum of the `test result:` lines of Rust's test programs; ignored and filtered tests count as failed.
pub(crate) fn of_rust(output: &str) -> Counts {
    let mut sum = Counts::default();
    for line in output.lines() {
        let Some((_, result)) = line.split_once("test result: ") else {
            continue;
        };
        sum += Counts {
            passed: before(result, "passed"),
            failed: before(result, "failed")
                + before(result, "ignored")
                + before(result, "filtered"),
        };
    }
    sum
}

/// The last line `N passed, N failed[, N skipped]` that stands alone; skipped tests count as failed.
pub(crate) fn of_plain(output: &str) -> Counts {
    output.lines().rev().find_map(plain).unwrap_or_default()
}

fn plain(line: &str) -> Option<Counts> {
    let mut parts = line.trim().split(", ");
    let mut counts = Counts {
        passed: parts.next()?.strip_suffix(" passed")?.parse().ok()?,
        failed: parts.next()?.strip_suffix(" failed")?.parse().ok()?,
    };
    if let Some(skipped) = parts.next() {
        counts.failed += skipped.strip_suffix(" skipped")?.parse::<u64>().ok()?;
    }
    parts.next().is_none().then_some(counts)
}

/// The number that stands before `word` in `3 passed; 0 failed; …`.
fn before(result: &str, word: &str) -> u64 {
    let mut last = "";
    for next in result.split([' ', ';']).filter(|word| !word.is_empty()) {
        if next == word {
            return last.parse().unwrap_or(0);
        }
        last = next;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_program_of_a_crate_is_summed() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 5 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s\n";

        assert_eq!(
            of_rust(output),
            Counts {
                passed: 7,
                failed: 1
            }
        );
    }

    #[test]
    fn an_ignored_or_filtered_test_is_a_failed_one() {
        let output = "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0s";

        assert_eq!(
            of_rust(output),
            Counts {
                passed: 2,
                failed: 4
            }
        );
    }

    #[test]
    fn the_last_plain_line_of_another_suite_counts() {
        assert_eq!(
            of_plain("journey 1\n1 passed, 0 failed\nmore\n12 passed, 1 failed\n"),
            Counts {
                passed: 12,
                failed: 1
            }
        );
    }

    #[test]
    fn a_skipped_test_of_another_suite_is_a_failed_one() {
        assert_eq!(
            of_plain("3 passed, 0 failed, 2 skipped"),
            Counts {
                passed: 3,
                failed: 2
            }
        );
    }

    #[test]
    fn a_sentence_about_tests_is_not_a_count() {
        assert!(of_plain("all 3 passed, 0 failed today\n3 passed, 0 failed, fine").nothing());
        assert!(of_rust("the words test result: were seen").nothing());
    }
}
