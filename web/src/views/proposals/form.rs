//! Publier: one screen, under a minute on a phone; the same form edits.

use crate::form::{Choice, Form};
use crate::locale::Locale;
use crate::page::{Page, Sample, Section, body};
use crate::views::parts::Photo;
use crate::words::{Audience, Category, Kind, Purpose, Settlement};

/// The most bytes of a photo, said before it is chosen.
pub const PROPOSAL_PHOTO_BYTES_MAX: u64 = 10_000_000;

/// Languages an announcement is often written in, each by its own name (BCP 47).
const LANGUAGES: [(&str, &str); 8] = [
    ("fr", "Français"),
    ("en", "English"),
    ("ar", "العربية"),
    ("pt", "Português"),
    ("es", "Español"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("prs", "دری"),
];

/// What the form does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Publishes a new announcement.
    New,
    /// Changes the announcement at this path; posts to `<path>/modifier`.
    Edit(String),
    /// A facilitator publishes for somebody: who, by name; posts to [`crate::routes::ON_BEHALF`].
    OnBehalf,
}

/// Publier (`/publier`), Modifier (`<href>/modifier`), Publier pour quelqu'un.
///
/// Fields: `purpose`, `kind`, `title`, `text`, `settlement` (several), `price` (euros, `12,50`), `minutes`
/// (`1 h 30`), `quantity`, `when`, `place`, `category` (may be empty: guessed from the words), `audience`,
/// `first_hub` (tick: « d'abord mon KPA »), `expires_days` (`15`, `60`, `180`), `photo` (file),
/// `photo_alt`, `lang`. On behalf: also `for_name`, `for_member` and `consent` (tick).
/// The form is sent as `multipart/form-data`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalForm {
    /// What it does.
    pub mode: Mode,
    /// Values and errors. A new form is filled by [`ProposalForm::blank`].
    pub form: Form,
    /// The kinds this KPA offers; see [`Kind`].
    pub kinds: Vec<Kind>,
    /// True in mode `open`: the widest choice says that other sites see it.
    pub is_open_mode: bool,
    /// Photos already there, when editing.
    pub photos: Vec<Photo>,
    /// True if not signed in: « écrivez d'abord, connectez-vous ensuite ».
    pub is_visitor: bool,
    /// Members a facilitator may publish for: (id, finished name). Empty otherwise.
    pub members: Vec<(String, String)>,
}

impl ProposalForm {
    /// The values of an untouched form: offer, a helping hand, in hours, 60 days, at the KPA's town.
    pub fn blank(purpose: Purpose, town: &str) -> Form {
        let audience = match purpose {
            Purpose::Offer => Audience::Public,
            Purpose::Request => Audience::Network,
        };
        Form::from_pairs([
            ("purpose", purpose.code()),
            ("kind", Kind::Service.code()),
            ("settlement", Settlement::Hours.code()),
            ("audience", audience.code()),
            ("expires_days", "60"),
            ("place", town),
        ])
    }

    fn action(&self) -> String {
        match &self.mode {
            Mode::New => crate::routes::PUBLISH.to_owned(),
            Mode::Edit(href) => format!("{href}/modifier"),
            Mode::OnBehalf => crate::routes::ON_BEHALF.to_owned(),
        }
    }

    fn edits(&self) -> Option<&str> {
        match &self.mode {
            Mode::Edit(href) => Some(href),
            _ => None,
        }
    }

    fn is_on_behalf(&self) -> bool {
        self.mode == Mode::OnBehalf
    }

    fn purposes(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        let choice = |p: &Purpose| Choice::new(p.code(), l.t(p.key())).icon(p.icon());
        Purpose::ALL.iter().map(choice).collect()
    }

    fn kind_choices(&self, l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        self.kinds
            .iter()
            .map(|k| Choice::new(k.code(), l.t(k.key())).icon(k.icon()))
            .collect()
    }

    fn settlements(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        let choice = |s: &Settlement| Choice::new(s.code(), l.t(s.key())).icon(s.icon());
        Settlement::ALL.iter().map(choice).collect()
    }

    fn categories(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        let guess = Choice::new("", l.t("publish-category-guess"));
        let rest = Category::ALL
            .iter()
            .map(|c| Choice::new(c.code(), l.t(c.key())).icon(c.icon()));
        std::iter::once(guess).chain(rest).collect()
    }

    fn audiences(&self, l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        let public = if self.is_open_mode {
            "audience-public-open"
        } else {
            "audience-public-here"
        };
        [
            (Audience::Public, public),
            (Audience::Network, "audience-network-hint"),
            (Audience::Followed, "audience-followed-hint"),
            (Audience::Hub, "audience-hub-hint"),
        ]
        .into_iter()
        .map(|(a, hint)| {
            Choice::new(a.code(), l.t(a.key()))
                .icon(a.icon())
                .hint(l.t(hint))
        })
        .collect()
    }

    /// How long it stays; an edit may leave it as it is.
    fn lifetimes(&self, l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        let same = self
            .edits()
            .map(|_| Choice::new("", l.t("publish-expires-same")));
        let days = [15_u32, 60, 180]
            .into_iter()
            .map(|days| Choice::new(days.to_string(), l.t1("publish-days", "n", days)));
        same.into_iter().chain(days).collect()
    }

    fn languages(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        let none = Choice::new("", l.t("publish-lang-none"));
        let named = LANGUAGES
            .into_iter()
            .map(|(code, name)| Choice::new(code, name));
        std::iter::once(none).chain(named).collect()
    }

    fn member_choices(&self, l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        let none = Choice::new("", l.t("on-behalf-no-account"));
        let named = self.members.iter().map(|(id, name)| Choice::new(id, name));
        std::iter::once(none).chain(named).collect()
    }

    fn photo_limit(l: impl Into<Locale>) -> String {
        let l = l.into();
        l.t1(
            "publish-photo-hint",
            "limit",
            l.size(PROPOSAL_PHOTO_BYTES_MAX),
        )
    }

    fn key(&self) -> &'static str {
        match &self.mode {
            Mode::New => "publish-title",
            Mode::Edit(_) => "edit-title",
            Mode::OnBehalf => "on-behalf-title",
        }
    }
}

impl Page for ProposalForm {
    fn title(&self, l: Locale) -> String {
        let title = l.t(self.key());
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(ProposalForm, "proposals/form.html");

    fn section(&self) -> Section {
        Section::Publish
    }

    fn scripts(&self) -> &'static [&'static str] {
        &["draft.js"]
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::forms(l)
    }
}
