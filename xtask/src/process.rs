//! Running other programs: their words kept in a log, their end never waited for without a limit.

use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long a program may be silent before we look whether it still runs.
const LOOK_AT: Duration = Duration::from_secs(1);

/// How a program ended, with all that it printed on both outputs.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Whether it ended by itself with exit code 0.
    pub(crate) success: bool,
    /// What it printed, in order.
    pub(crate) output: String,
}

/// The program and its arguments as typed in a shell, for messages.
pub(crate) fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

/// Runs the program, keeps what it prints in `log`, and ends it when `limit` has passed.
///
/// # Errors
/// When it cannot be started, or the log cannot be written.
pub(crate) fn logged(mut command: Command, log: &Path, limit: Duration) -> Result<Finished> {
    let words = words(&command);
    let (reader, writer) = std::io::pipe()?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start `{words}`"))?;
    // The command holds the writing ends: without this the reader would never see the end.
    drop(command);

    let (sender, lines) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut bytes = Vec::new();
        while let Ok(1..) = reader.read_until(b'\n', &mut bytes) {
            if sender
                .send(String::from_utf8_lossy(&bytes).into_owned())
                .is_err()
            {
                break;
            }
            bytes.clear();
        }
    });

    let end = Instant::now() + limit;
    let mut output = String::new();
    let status = loop {
        match lines.recv_timeout(LOOK_AT) {
            Ok(line) => output.push_str(&line),
            Err(RecvTimeoutError::Disconnected) => break Some(child.wait()?),
            // Silent: it works, or has ended and left a program behind that holds its output.
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = child.try_wait()? {
                    writeln!(output, "\nit left a program running that holds its output")?;
                    break Some(status);
                }
            }
        }
        if Instant::now() > end {
            child
                .kill()
                .with_context(|| format!("cannot end `{words}`"))?;
            child.wait()?;
            writeln!(output, "\nended after {} s: too long", limit.as_secs())?;
            break None;
        }
    };
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(log, format!("$ {words}\n{output}"))
        .with_context(|| format!("cannot write {}", log.display()))?;
    Ok(Finished {
        success: status.is_some_and(|status| status.success()),
        output,
    })
}

/// What the program prints on its first output.
///
/// # Errors
/// When it cannot be started or fails; the message carries its last words.
pub(crate) fn captured(mut command: Command) -> Result<String> {
    let words = words(&command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{words}`"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{words}` failed: {}", tail(said.trim(), 12));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Cargo, in the repository.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(crate::root::folder());
    command
}

/// The last lines of a text.
pub(crate) fn tail(text: &str, lines_max: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(lines_max);
    lines.get(from..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn log(name: &str) -> std::path::PathBuf {
        crate::root::ground()
            .join("logs")
            .join(format!("process-{name}.log"))
    }

    #[test]
    fn both_outputs_are_kept_in_order_and_the_exit_code_counts() {
        let finished = logged(
            shell("echo one; echo two >&2; exit 3"),
            &log("both"),
            Duration::from_secs(20),
        )
        .unwrap();

        assert_eq!(finished.output, "one\ntwo\n");
        assert!(!finished.success);
    }

    #[test]
    fn a_program_that_never_ends_is_ended_and_has_failed() {
        let finished = logged(
            shell("echo begun; exec cat /dev/zero > /dev/null"),
            &log("never"),
            Duration::from_millis(300),
        )
        .unwrap();

        assert!(!finished.success);
        assert!(finished.output.contains("too long"), "{}", finished.output);
    }

    #[test]
    fn a_program_left_behind_does_not_hold_the_run_up() {
        let finished = logged(
            shell("sleep 5 & echo done"),
            &log("left"),
            Duration::from_secs(50),
        )
        .unwrap();

        assert!(finished.success);
        assert!(
            finished.output.contains("left a program running"),
            "{}",
            finished.output
        );
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = captured(Command::new("interkpa-no-such-program")).unwrap_err();

        assert!(format!("{error:#}").contains("interkpa-no-such-program"));
    }

    #[test]
    fn a_failure_carries_the_last_words() {
        let error = captured(shell("echo the disk is full >&2; exit 1")).unwrap_err();

        assert!(format!("{error:#}").contains("the disk is full"));
    }
}
