//! Getting in: sign-in, and the invitation that creates an account.

use crate::form::Form;
use crate::locale::Locale;
use crate::page::{Page, Sample, Section, body};
use crate::views::errors::Kept;

/// The fewest characters of a password (NIST SP 800-63B: length counts, composition does not).
pub const PASSWORD_MIN: u32 = 12;

/// Se connecter (`/connexion`). Fields: `handle`, `password`, `keep` (tick: this phone is mine), `next`
/// (hidden; the server accepts a local path only).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignIn {
    /// Values and errors; the error of a refused sign-in stands on `handle`.
    pub form: Form,
    /// Where to go afterwards: a local path.
    pub next: String,
    /// What was written and waits for signing in.
    pub kept: Option<Kept>,
    /// Sign-ins of the demonstration: (handle, password). Empty elsewhere.
    pub demo_accounts: Vec<(String, String)>,
}

impl Page for SignIn {
    fn title(&self, l: Locale) -> String {
        let title = l.t("sign-in-title");
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(SignIn, "people/sign_in.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        super::samples::sign_in()
    }
}

/// Accepting an invitation (`/invitation/<secret>`), GET then POST. Fields: `name`, `handle`, `password`,
/// `fifteen` (tick), `rules` (tick).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptInvitation {
    /// The path of the invitation, with its secret.
    pub href: String,
    /// Who invites, by name.
    pub inviter: String,
    /// True when it gives access back to an account that exists: only the password is asked.
    pub recovers: Option<String>,
    /// The domain shown after the handle: `bobinette.example`.
    pub domain: String,
    /// Values and errors.
    pub form: Form,
}

impl AcceptInvitation {
    fn is_recovery(&self) -> bool {
        self.recovers.is_some()
    }
}

impl Page for AcceptInvitation {
    fn title(&self, l: Locale) -> String {
        let title = l.t(if self.is_recovery() {
            "recover-title"
        } else {
            "invitation-title"
        });
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(AcceptInvitation, "people/invitation.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        super::samples::invitation()
    }
}
