//! Mes heures: hours given and received. Hours are recorded, never paid: one hour is worth one hour.

use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, Section, body};
use crate::views::parts::{Link, Person};
use crate::views::proposals::samples::ago;

/// One line of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursLine {
    /// The other side; the KPA itself for hours given to it.
    pub other: Person,
    /// For what, plain.
    pub what: String,
    /// The agreement.
    pub href: Option<String>,
    /// Finished, with its sign: `+2 h`, `−1 h 30`.
    pub amount: String,
    /// True for hours given (the account grows).
    pub is_given: bool,
    /// True until the other confirms: not in the balance yet.
    pub is_pending: bool,
    /// When.
    pub at: Stamp,
}

/// Mes heures (`/temps`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Finished balance with its sign.
    pub balance: String,
    /// True below zero.
    pub is_negative: bool,
    /// Finished, without sign: what was received beyond what was given, if below zero.
    pub owed: String,
    /// Finished limit below zero: `20 h`.
    pub limit: String,
    /// Finished total given.
    pub given: String,
    /// Finished total received.
    pub received: String,
    /// Lines of this page, newest first.
    pub lines: Vec<HoursLine>,
    /// The next page.
    pub next: Option<Link>,
}

impl Page for Hours {
    fn title(&self, l: Locale) -> String {
        l.t("hours-title")
    }

    body!(Hours, "time/hours.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        let line = |name: &str, what: &str, minutes: i64, is_pending| HoursLine {
            other: Person::new(name),
            what: what.into(),
            href: Some("/accords/0192f0a0-0000-7000-b000-000000000001".into()),
            amount: format!(
                "{}{}",
                if minutes > 0 { "+" } else { "" },
                l.duration(minutes)
            ),
            is_given: minutes > 0,
            is_pending,
            at: ago(l, 30),
        };
        let full = Self {
            balance: format!("+{}", l.duration(180)),
            is_negative: false,
            owed: String::new(),
            limit: l.duration(1200),
            given: l.duration(330),
            received: l.duration(150),
            lines: vec![
                line("Bruno", "Cours de couture débutant", 120, false),
                line("Estelle", "Patron de housse de remorque", 60, true),
                line("Lucien", "Réparer le vélo-cargo", -150, false),
            ],
            next: Some(Link::new("/temps?apres=x", "")),
        };
        let negative = Self {
            balance: l.duration(-120),
            is_negative: true,
            owed: l.duration(120),
            ..full.clone()
        };
        let empty = Self {
            balance: l.duration(0),
            lines: Vec::new(),
            next: None,
            ..full.clone()
        };
        vec![
            Sample::member("positive", full),
            Sample::member("negative", negative),
            Sample::member("empty", empty),
        ]
    }
}
