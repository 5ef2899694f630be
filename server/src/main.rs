//! Binary `interkpa`: reads the command line and hands over.

use std::process::ExitCode;

fn main() -> ExitCode {
    interkpa_server::command::main()
}
