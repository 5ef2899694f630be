//! Prints `docs/authorisation.md`.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

fn main() {
    print!("{}", interkpa_server::http::authorisation::markdown());
}
