//! The command line: one file per command, each with what it prints as text and as JSON.
//!
//! Data goes to standard output, talk to standard error. Exit codes: 0 done, 1 failed, 2 wrong
//! usage, 3 a check found problems (web.md §17.2). `verify` and `tally` have 1 for wrong usage too,
//! because 2 to 4 are verdicts there (votes.md 4.15).

mod audit;
mod backup;
mod delivery;
mod demo;
mod doctor;
pub mod init;
mod invite;
mod member;
mod operator;
pub mod out;
mod peer;
mod register;
mod restore;
mod role;
mod serve;
mod tally;
mod token;
mod verify;
mod vote;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::arguments;

/// Where a hub keeps its data unless told otherwise.
const DATA: &str = "interkpa-data";

/// Inter-KPA: a hub of the network of cooperative collectives.
#[derive(Debug, Parser)]
#[command(name = "interkpa", version, about, long_about = None)]
struct Cli {
    /// Data folder of the hub: settings, keys, database, pictures, backups.
    /// `demo` makes a fresh one unless this is given.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a new hub in the data folder.
    Init(init::Init),
    /// Starts the sample network on this machine.
    Demo(demo::DemoCommand),
    /// Serves the hub of the data folder.
    Serve(serve::Serve),
    /// Makes an invitation: a link and its QR code.
    Invite(invite::Invite),
    /// Allows and blocks other hubs.
    Peer(peer::Peer),
    /// Shows what is sent, and sends again.
    Delivery(delivery::Delivery),
    /// Checks the hub from inside and outside.
    Doctor(doctor::Doctor),
    /// Shows members, gives accounts back, closes them.
    Member(member::Member),
    /// Gives and takes roles.
    Role(role::RoleCommand),
    /// Makes tokens for programs.
    Token(token::Token),
    /// Copies the hub while it runs.
    Backup(backup::BackupCommand),
    /// Puts a backup into an empty folder.
    Restore(restore::Restore),
    /// Founds a network, shows who has a voice in it.
    Register(register::Register),
    /// Opens, casts, shows and exports votes of the network.
    Vote(vote::Vote),
    /// Recounts every certified vote of this hub.
    Audit(audit::Audit),
    /// Recounts a certified vote from one file, offline.
    Verify(verify::Verify),
    /// Counts a list of ballots.
    Tally(tally::Tally),
}

/// How a command ended, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// 0
    Well,
    /// 2: a bundle that is wrong.
    Invalid,
    /// 3: problems, or a bundle that lacks something.
    ProblemsFound,
    /// 4: two results of one poll.
    Conflicting,
}

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(arguments()) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let folder = cli.data.clone().unwrap_or_else(|| PathBuf::from(DATA));
    let done = match cli.command {
        Command::Init(command) => command.run(&folder),
        Command::Serve(command) => command.run(&folder),
        Command::Invite(command) => command.run(&folder),
        Command::Peer(command) => command.run(&folder),
        Command::Delivery(command) => command.run(&folder),
        Command::Doctor(command) => command.run(&folder),
        Command::Member(command) => command.run(&folder),
        Command::Role(command) => command.run(&folder),
        Command::Token(command) => command.run(&folder),
        Command::Backup(command) => command.run(&folder),
        Command::Restore(command) => command.run(&folder),
        Command::Register(command) => command.run(&folder),
        Command::Vote(command) => command.run(&folder),
        Command::Audit(command) => command.run(&folder),
        Command::Verify(command) => command.run(),
        Command::Tally(command) => command.run(),
        Command::Demo(command) => command.run(cli.data.as_deref()),
    };
    match done {
        Ok(Ended::Well) => ExitCode::SUCCESS,
        Ok(Ended::Invalid) => ExitCode::from(2),
        Ok(Ended::ProblemsFound) => ExitCode::from(3),
        Ok(Ended::Conflicting) => ExitCode::from(4),
        Err(error) => {
            out::failure(&error);
            ExitCode::FAILURE
        }
    }
}

/// Help, or what is wrong with the arguments. The commands whose other exit codes are verdicts on a
/// file answer 1.
fn usage(error: &clap::Error) -> ExitCode {
    // Nobody is left to be told when the terminal is gone.
    let _ = error.print();
    let has_verdicts = |argument: std::ffi::OsString| argument == "verify" || argument == "tally";
    if !error.use_stderr() {
        ExitCode::SUCCESS
    } else if arguments().any(has_verdicts) {
        ExitCode::FAILURE
    } else {
        ExitCode::from(2)
    }
}

/// Blocking threads beside those that sign: readers, hashing, pictures (performance.md §10, sizes).
const BLOCKING_THREADS: usize = 8;

/// The runtime of commands that wait for something: as many workers as cores, few blocking
/// threads, because each of them costs memory, its share of the allocator's arenas included.
pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS + cores)
        .thread_name("hub")
        .build()?)
}
