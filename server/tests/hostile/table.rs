//! What was sent, what must come back, what came back.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::catalogue::{self, GROUPS, NOT_YET};

/// One line of the table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Number of the catalogue.
    pub(crate) number: u8,
    /// `network`, `open`, or nothing where the mode plays no part.
    pub(crate) mode: &'static str,
    /// What is sent.
    pub(crate) sent: String,
    /// What must come back.
    pub(crate) must: String,
    /// How many requests were made.
    pub(crate) tries: usize,
    /// What came back.
    pub(crate) came: String,
    /// What was not as it must be.
    pub(crate) wrong: Vec<String>,
    /// Answers of 500 or above.
    pub(crate) failures: usize,
}

/// The lines of one group.
pub(crate) type Table = Vec<Row>;

/// Every line of a group is as it must be.
pub(crate) fn assert_refused(table: &[Row]) {
    let wrong: Vec<String> = table
        .iter()
        .filter(|row| !row.wrong.is_empty())
        .map(|row| {
            format!(
                "D{} {} {}\n  must: {}\n  came: {}\n  {}",
                row.number,
                row.mode,
                row.sent,
                row.must,
                row.came,
                row.wrong.join("\n  ")
            )
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} lines:\n{}",
        wrong.len(),
        table.len(),
        wrong.join("\n")
    );
}

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts the panics of the hub from now on. A failed assertion of the peer itself is none.
pub(crate) fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let ours = info
                .location()
                .is_some_and(|place| place.file().contains("tests/hostile"));
            if !ours {
                PANICS.fetch_add(1, Ordering::SeqCst);
            }
            before(info);
        }));
    });
}

/// How many there were.
pub(crate) fn panics() -> usize {
    PANICS.load(Ordering::SeqCst)
}

/// The whole table as text, and its counts below.
pub(crate) fn text(rows: &[Row]) -> String {
    let mut text = String::new();
    for (letter, about, first, last) in GROUPS {
        let of_group: Vec<&Row> = rows
            .iter()
            .filter(|row| (*first..=*last).contains(&row.number))
            .collect();
        let _ = writeln!(text, "\n{letter}: {about}");
        for row in of_group {
            let verdict = if row.wrong.is_empty() {
                "as stated"
            } else {
                "NOT"
            };
            let _ = writeln!(
                text,
                "D{:<4}{:<8}{:<10}{:>5}  {:<64}  {:<50}  {}",
                row.number,
                row.mode,
                verdict,
                row.tries,
                cut(&row.sent, 64),
                cut(&row.must, 50),
                cut(&row.came, 90)
            );
        }
        for (number, why) in NOT_YET {
            if (*first..=*last).contains(number) {
                let _ = writeln!(text, "D{number:<4}{:<8}not yet: {why}", "");
            }
        }
    }
    let _ = writeln!(text, "\n{}", counts(rows));
    text
}

/// The figures of the table.
pub(crate) fn counts(rows: &[Row]) -> String {
    let run: BTreeSet<u8> = rows.iter().map(|row| row.number).collect();
    let wrong: BTreeSet<u8> = rows
        .iter()
        .filter(|row| !row.wrong.is_empty())
        .map(|row| row.number)
        .collect();
    let failures: usize = rows.iter().map(|row| row.failures).sum();
    let tries: usize = rows.iter().map(|row| row.tries).sum();
    format!(
        "cases of the catalogue: 121; run: {}; as stated: {}; not as stated: {}; not yet: {}; \
         lines: {}; requests: {tries}; answers of 500 or above: {failures}; panics: {}",
        run.len(),
        run.len() - wrong.len(),
        wrong.len(),
        NOT_YET.len(),
        rows.len(),
        panics()
    )
}

/// Every case was run, or is said not to be, and never both.
pub(crate) fn assert_complete(rows: &[Row]) {
    let run: BTreeSet<u8> = rows.iter().map(|row| row.number).collect();
    let not_yet: BTreeSet<u8> = NOT_YET.iter().map(|(number, _)| *number).collect();
    let forgotten: Vec<String> = (1..=121)
        .filter(|number| !run.contains(number) && !not_yet.contains(number))
        .map(|number| format!("{}D{number}", catalogue::letter(number)))
        .collect();
    assert!(
        forgotten.is_empty(),
        "neither run nor listed: {forgotten:?}"
    );
    let both: Vec<&u8> = run.intersection(&not_yet).collect();
    assert!(both.is_empty(), "run and listed as not yet: {both:?}");
}

fn cut(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(characters - 1).collect();
    cut.push('…');
    cut
}
