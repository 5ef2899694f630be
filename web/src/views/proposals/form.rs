//! Publier: one screen, under a minute on a phone; the same form edits.

use crate::form::{Choice, Form};
use crate::locale::Locale;
use crate::page::{Page, Sample, Section, body};
use crate::views::parts::Photo;
use crate::words::{Audience, Category, Kind, Purpose, Settlement};

/// The most bytes of a photo, said before it is chosen.
pub const PROPOSAL_PHOTO_BYTES_MAX: u64 = 10_000_000;

/// The most bytes of all photos sent together.
pub const PROPOSAL_PHOTOS_BYTES_MAX: u64 = 20_000_000;

/// The most photos of an announcement: what other sites of the fediverse show.
pub const PROPOSAL_PHOTOS_MAX: usize = 4;

/// The controls for one more photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoSlot {
    /// Name of the control of the file.
    pub file: &'static str,
    /// Name of the control of its description.
    pub alt: &'static str,
    label: &'static str,
    alt_label: &'static str,
}

impl PhotoSlot {
    /// Every slot of the form, in order.
    pub const ALL: [Self; PROPOSAL_PHOTOS_MAX] = [
        Self {
            file: "photo",
            alt: "photo_alt",
            label: "publish-photo",
            alt_label: "publish-photo-alt",
        },
        Self {
            file: "photo_2",
            alt: "photo_alt_2",
            label: "publish-photo-2",
            alt_label: "publish-photo-alt-2",
        },
        Self {
            file: "photo_3",
            alt: "photo_alt_3",
            label: "publish-photo-3",
            alt_label: "publish-photo-alt-3",
        },
        Self {
            file: "photo_4",
            alt: "photo_alt_4",
            label: "publish-photo-4",
            alt_label: "publish-photo-alt-4",
        },
    ];
}

/// A photo already there, with the controls that describe it anew or take it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoNow {
    /// The photo.
    pub photo: Photo,
    /// Name of the control of its description.
    pub alt: String,
    /// Name of the tick that takes it away.
    pub drop: String,
}

impl PhotoNow {
    /// The photo of that key.
    pub fn new(key: &str, photo: Photo) -> Self {
        Self {
            photo,
            alt: format!("photo_alt_of_{key}"),
            drop: format!("photo_drop_{key}"),
        }
    }
}

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
/// `first_hub` (tick: « d'abord mon KPA »), `expires_days` (`15`, `60`, `180`), the files and
/// descriptions of [`PhotoSlot::ALL`] and of each [`PhotoNow`], `lang`. On behalf: also `for_name`, `for_member` and `consent` (tick).
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
    pub photos: Vec<PhotoNow>,
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

    /// Room for further photos.
    fn slots(&self) -> &'static [PhotoSlot] {
        let free = PROPOSAL_PHOTOS_MAX.saturating_sub(self.photos.len());
        PhotoSlot::ALL.get(..free).unwrap_or_default()
    }

    /// The slots behind the first one are folded away until somebody needs them.
    fn further_slots(&self) -> &'static [PhotoSlot] {
        self.slots().get(1..).unwrap_or_default()
    }

    fn unfolds_photos(&self) -> bool {
        let is_bad = |name| self.form.error(name).is_some();
        let mut further = self.further_slots().iter();
        further.any(|slot| is_bad(slot.file) || is_bad(slot.alt))
    }

    fn photo_limit(l: impl Into<Locale>) -> String {
        let l = l.into();
        l.t1(
            "publish-photo-hint",
            "limit",
            l.size(PROPOSAL_PHOTO_BYTES_MAX),
        )
    }

    fn photos_limit(l: impl Into<Locale>) -> String {
        let l = l.into();
        l.t2(
            "publish-photo-more-hint",
            "max",
            PROPOSAL_PHOTOS_MAX,
            "limit",
            l.size(PROPOSAL_PHOTOS_BYTES_MAX),
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
