//! What `cargo xtask simulate` asks for, and the figures that it shows.

use std::io::Write;

/// The number of a setting, if it is made.
pub(crate) fn asked(name: &str) -> Option<u64> {
    let text = std::env::var_os(name)?;
    let number = text.to_str().and_then(|text| text.parse().ok());
    Some(number.unwrap_or_else(|| panic!("{name} is no number")))
}

/// One line for whoever runs the tests with `--nocapture`.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").unwrap();
}
