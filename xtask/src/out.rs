//! The only file of the workshop that prints.

use std::time::Duration;

/// One line for the developer.
#[expect(
    clippy::print_stdout,
    reason = "the one place of this crate that prints"
)]
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// A title before the lines that belong together.
pub(crate) fn title(text: &str) {
    line(&format!("\n── {text}"));
}

/// Why the command stops.
pub(crate) fn error(text: &str) {
    eprintln!("error: {text}");
}

/// A duration as people read it: `0.4 s`, `3 min 12 s`.
pub(crate) fn duration(spent: Duration) -> String {
    let seconds = spent.as_secs();
    if seconds < 60 {
        format!("{}.{} s", seconds, spent.subsec_millis() / 100)
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_durations_keep_a_decimal_and_long_ones_count_minutes() {
        assert_eq!(duration(Duration::from_millis(432)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(192)), "3 min 12 s");
    }
}
