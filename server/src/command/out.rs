//! The only file that prints.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is its purpose"
)]

use std::io::Write as _;

use serde::Serialize;

/// A line of data for people, on standard output.
pub fn line(text: impl std::fmt::Display) {
    println!("{text}");
}

/// One JSON object on a line of its own, on standard output, at once.
pub fn json(value: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        println!("{text}");
        // A reader on the other side of a pipe waits for whole lines.
        let _ = std::io::stdout().flush();
    }
}

/// What goes on, for the person at the terminal, on standard error.
pub fn talk(text: impl std::fmt::Display) {
    eprintln!("{text}");
}

/// Why a command failed: what, and what lies behind it.
pub fn failure(error: &anyhow::Error) {
    eprintln!("interkpa: {error:#}");
}
