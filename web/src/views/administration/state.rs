//! The state of the KPA in a few sentences, and the journal of who did what.

use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, Width, body};
use crate::routes;
use crate::views::parts::Link;

/// How a check stands: a word and an icon, never the colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Fine.
    Good,
    /// To be looked at.
    Warn,
    /// To be repaired.
    Bad,
}

impl Health {
    fn tone(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Good => "check",
            Self::Warn => "clock",
            Self::Bad => "warn",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Good => "health-good",
            Self::Warn => "health-warn",
            Self::Bad => "health-bad",
        }
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// How it stands.
    pub health: Health,
    /// One finished sentence.
    pub sentence: String,
    /// Where to act.
    pub link: Option<Link>,
}

/// Réglages du KPA (`/administration`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminHome {
    /// Checks, worst first.
    pub checks: Vec<Check>,
    /// Dead letters.
    pub failed_deliveries: u32,
    /// KPAs that do not answer.
    pub silent_peers: u32,
    /// Invitations that work.
    pub open_invitations: u32,
    /// Reports to handle.
    pub open_reports: u32,
    /// Members, finished.
    pub members: String,
}

impl Page for AdminHome {
    fn title(&self, l: Locale) -> String {
        l.t("admin-title")
    }

    body!(AdminHome, "administration/home.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::home(l)
    }
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: Stamp,
    /// Who.
    pub actor: String,
    /// For whom, when on behalf.
    pub on_behalf: Option<String>,
    /// What, finished: « accepte une réponse ».
    pub action: String,
    /// The thing concerned.
    pub subject: Option<Link>,
    /// From one state to another, finished: `conclu → confirmé`.
    pub change: Option<String>,
    /// The reason given, plain.
    pub reason: Option<String>,
}

/// The filters of the journal, as in the address: `qui`, `quoi`, `apres`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// A handle.
    pub actor: String,
    /// A code of action.
    pub action: String,
}

/// Journal (`/administration/journal`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// The filters in force.
    pub filter: AuditFilter,
    /// Actions to choose from: (code, finished label).
    pub actions: Vec<(String, String)>,
    /// Newest first.
    pub lines: Vec<AuditLine>,
    /// The opaque cursor of the next page.
    pub next: Option<String>,
}

impl Audit {
    fn next_href(&self) -> Option<String> {
        let encode = routes::percent_encode;
        self.next.as_deref().map(|cursor| {
            format!(
                "{}?qui={}&quoi={}&apres={}",
                routes::ADMIN_AUDIT,
                encode(&self.filter.actor),
                encode(&self.filter.action),
                encode(cursor)
            )
        })
    }
}

impl Page for Audit {
    fn title(&self, l: Locale) -> String {
        l.t("admin-audit-title")
    }

    body!(Audit, "administration/audit.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::audit(l)
    }
}
