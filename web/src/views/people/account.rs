//! The account: devices, password, keys for programs.

use crate::form::{Choice, Form};
use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, Section, body};

/// One signed-in device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its path, `/moi/appareils/<id>`; the form posts to `<href>/deconnecter`.
    pub href: String,
    /// Family of browser and system: `Chrome, Android`.
    pub label: String,
    /// First sign-in.
    pub created: Stamp,
    /// Last use.
    pub last_seen: Stamp,
    /// The device of this page.
    pub is_this: bool,
}

/// Mes appareils (`/moi/appareils`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Devices {
    /// Devices, this one first; at most 50.
    pub devices: Vec<Device>,
}

impl Page for Devices {
    fn title(&self, l: Locale) -> String {
        l.t("devices-title")
    }

    body!(Devices, "people/devices.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::devices(l)
    }
}

/// Changer de mot de passe (`/moi/mot-de-passe`). Fields: `current`, `password`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PasswordForm {
    /// Values and errors; passwords are never sent back.
    pub form: Form,
}

impl Page for PasswordForm {
    fn title(&self, l: Locale) -> String {
        let title = l.t("password-title");
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(PasswordForm, "people/password.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        super::samples::password()
    }
}

/// Quitter le KPA (`/moi/quitter`). Field: `current`, the password.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeaveForm {
    /// Values and errors; passwords are never sent back.
    pub form: Form,
}

impl Page for LeaveForm {
    fn title(&self, l: Locale) -> String {
        let title = l.t("leave-title");
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(LeaveForm, "people/leave.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        super::samples::leave()
    }
}

/// One key for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its path, `/moi/cles/<id>`; the form posts to `<href>/supprimer`.
    pub href: String,
    /// The name its owner gave.
    pub name: String,
    /// Codes of what it may do; see [`Tokens::SCOPES`].
    pub scopes: Vec<String>,
    /// When it was made.
    pub created: Stamp,
    /// Last use, if any.
    pub last_used: Option<Stamp>,
    /// Until when it works.
    pub expires: Option<Stamp>,
}

/// Clés pour les programmes (`/moi/cles`). Fields of the form: `name`, `scopes` (several), `days` (30, 90, 365).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tokens {
    /// The keys, newest first.
    pub tokens: Vec<Token>,
    /// A key just made: shown this once, never again.
    pub secret: Option<String>,
    /// The form for a new one.
    pub form: Form,
}

impl Tokens {
    /// What a key may be allowed: (code, key of its label).
    pub const SCOPES: [(&'static str, &'static str); 3] = [
        ("read", "scope-read"),
        ("write", "scope-write"),
        ("admin", "scope-admin"),
    ];

    fn scopes(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        Self::SCOPES
            .iter()
            .map(|(code, key)| Choice::new(*code, l.t(key)))
            .collect()
    }

    fn lifetimes(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        [30_u32, 90, 365]
            .into_iter()
            .map(|days| Choice::new(days.to_string(), l.t1("publish-days", "n", days)))
            .collect()
    }
}

impl Page for Tokens {
    fn title(&self, l: Locale) -> String {
        l.t("tokens-title")
    }

    body!(Tokens, "people/tokens.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn scripts(&self) -> &'static [&'static str] {
        &["share.js"]
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::tokens(l)
    }
}
