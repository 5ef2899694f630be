//! Moi: what is mine, my profile and who may see each part of it.

use crate::form::{Choice, Form};
use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, Section, Width, body};
use crate::views::parts::{Card, Link, Person};
use crate::words::{Audience, ResponseState, Travel};

/// Moi (`/moi`): tiles to everything of the reader. Tiles of « Accompagner », « Signalements » and « Réglages »
/// follow the roles in the chrome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The reader.
    pub person: Person,
    /// The full handle: `@karima@bobinette.example`.
    pub handle: String,
    /// Finished balance of hours.
    pub hours: String,
    /// Answers waiting for a decision on my announcements.
    pub answers_waiting: u32,
    /// My answers under way.
    pub responses_open: u32,
    /// Agreements waiting for me.
    pub agreements_waiting: u32,
    /// People to tell, for facilitators.
    pub to_tell: u32,
    /// Reports to handle, for moderators.
    pub reports_open: u32,
}

impl Page for Me {
    fn title(&self, l: Locale) -> String {
        l.t("me-title")
    }

    body!(Me, "people/me.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        super::samples::me()
    }
}

/// Mes annonces (`/moi/annonces`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyProposals {
    /// Newest first, each with its state and the answers waiting.
    pub cards: Vec<Card>,
    /// The next page.
    pub next: Option<Link>,
}

impl Page for MyProposals {
    fn title(&self, l: Locale) -> String {
        l.t("my-proposals-title")
    }

    body!(MyProposals, "people/my_proposals.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::my_proposals(l)
    }
}

/// One of my answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyResponseLine {
    /// The announcement.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its author.
    pub author: Person,
    /// Where the answer stands.
    pub state: ResponseState,
    /// How far it has come, for another KPA.
    pub travel: Option<Travel>,
    /// When it was sent.
    pub sent: Stamp,
    /// The agreement, once accepted.
    pub agreement: Option<String>,
}

/// Mes réponses (`/moi/reponses`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyResponses {
    /// Newest first.
    pub lines: Vec<MyResponseLine>,
    /// The next page.
    pub next: Option<Link>,
}

impl Page for MyResponses {
    fn title(&self, l: Locale) -> String {
        l.t("my-responses-title")
    }

    body!(MyResponses, "people/my_responses.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::my_responses(l)
    }
}

/// Mon profil (`/moi/profil`). Fields: `name`, `about`, `skills` (one a line), `languages`, `place`, `phone`,
/// `email`, `contact_note`; for each of [`Profile::CONSENTED`] a field `consent_<field>` whose value is an
/// [`Audience`] code (`private`, `hub`, `network`, `public`); `contact_after_agreement` (tick);
/// `public_actor` (tick); `lang` (`fr`, `en`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Values and errors.
    pub form: Form,
    /// The full handle other sites would see: `@karima@bobinette.example`.
    pub handle: String,
    /// True in mode `open`: the opt-in to a public account is offered.
    pub is_open_mode: bool,
}

impl Profile {
    /// The fields shown to nobody without a consent of their own (I-11).
    pub const CONSENTED: [&'static str; 6] =
        ["about", "skills", "languages", "place", "phone", "email"];

    fn consents(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        [
            (Audience::Private, "consent-private"),
            (Audience::Hub, "consent-hub"),
            (Audience::Network, "consent-network"),
            (Audience::Public, "consent-public"),
        ]
        .into_iter()
        .map(|(audience, key)| Choice::new(audience.code(), l.t(key)))
        .collect()
    }

    /// Telephone and e-mail never go beyond the network.
    fn narrow_consents(l: impl Into<Locale>) -> Vec<Choice> {
        let mut choices = Self::consents(l);
        choices.truncate(3);
        choices
    }

    fn own_languages() -> Vec<Choice> {
        Locale::ALL
            .into_iter()
            .map(|l| Choice::new(l.code(), l.own_name()))
            .collect()
    }
}

impl Page for Profile {
    fn title(&self, l: Locale) -> String {
        let title = l.t("profile-title");
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(Profile, "people/profile.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        super::samples::profile()
    }
}
