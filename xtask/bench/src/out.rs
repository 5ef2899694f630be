//! The only file of the benchmark that prints.

/// One line of the report.
#[expect(
    clippy::print_stdout,
    reason = "the one place of this crate that prints"
)]
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// What is being done now, beside the report.
pub(crate) fn talk(text: &str) {
    eprintln!("… {text}");
}

/// Why the run stops.
pub(crate) fn error(text: &str) {
    eprintln!("error: {text}");
}
