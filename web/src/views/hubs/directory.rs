//! The page of a KPA and the page of all KPAs.

use crate::form::Form;
use crate::locale::{Locale, Stamp};
use crate::markup::SafeHtml;
use crate::page::{Page, Sample, Section, Width, body};
use crate::views::parts::{Card, Link, Person};
use crate::words::Trust;

crate::words::coded! {
    /// Where a KPA stands in its own life.
    HubStanding {
        /// Being created: no voice yet.
        Creating = "creating", "hub-creating", "leaf";
        /// Active.
        Active = "active", "hub-active", "check";
        /// Paused.
        Paused = "paused", "hub-paused", "pause";
    }
}

crate::words::coded! {
    /// Whether this KPA follows another one.
    FollowState {
        /// It does.
        Followed = "followed", "follow-followed", "check";
        /// Asked, not accepted yet.
        Asked = "asked", "follow-asked", "clock";
        /// It does not.
        Not = "not", "follow-not", "plus";
    }
}

/// When a KPA was last heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// It answers.
    Yes,
    /// Nothing since then.
    SilentSince(Stamp),
    /// Never tried.
    Unknown,
}

impl Reached {
    fn sentence(&self, l: impl Into<Locale>) -> String {
        let l = l.into();
        match self {
            Self::Yes => l.t("reached-yes"),
            Self::SilentSince(stamp) => l.t1("reached-silent", "since", &stamp.text),
            Self::Unknown => l.t("reached-unknown"),
        }
    }

    fn tone(&self) -> &'static str {
        match self {
            Self::Yes => "good",
            Self::SilentSince(_) => "warn",
            Self::Unknown => "quiet",
        }
    }
}

/// The page of a KPA: this one (`/hub`) or another (`/kpa/<host>`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubPage {
    /// Its path here; following posts to `<href>/suivre`, `<href>/ne-plus-suivre`.
    pub href: String,
    /// Its name, without the word.
    pub name: String,
    /// The full handle: `@bobinette@bobinette.example`.
    pub handle: String,
    /// The slug, for `/@slug/suivre`; only for this KPA.
    pub slug: String,
    /// True for this KPA.
    pub is_own: bool,
    /// What it says of itself, safe.
    pub about: SafeHtml,
    /// Town, finished.
    pub town: String,
    /// Street address of the reception; empty if none.
    pub address: String,
    /// Opening hours; empty if none.
    pub hours: String,
    /// Telephone of the reception; empty if none.
    pub phone: String,
    /// What people do there, in words.
    pub activities: Vec<String>,
    /// Its own life.
    pub standing: HubStanding,
    /// What it is for this KPA; nothing for this KPA itself.
    pub trust: Option<Trust>,
    /// When it was last heard.
    pub reached: Reached,
    /// Whether this KPA follows it, and if the reader may change that.
    pub follow: Option<(FollowState, bool)>,
    /// Its address elsewhere, for another KPA.
    pub site: Option<String>,
    /// When this copy was made, for another KPA.
    pub copied: Option<Stamp>,
    /// Members who agreed to be shown; at most 24.
    pub members: Vec<Person>,
    /// Its newest announcements this reader may see.
    pub cards: Vec<Card>,
    /// The next page of them.
    pub next: Option<Link>,
}

impl HubPage {
    fn follow_state(&self) -> Option<FollowState> {
        self.follow.map(|(state, _)| state)
    }

    /// The state to show in a word: followed or asked.
    fn following(&self) -> Option<FollowState> {
        self.follow_state()
            .filter(|state| *state != FollowState::Not)
    }

    fn may_follow(&self) -> bool {
        self.follow == Some((FollowState::Not, true))
    }

    fn may_unfollow(&self) -> bool {
        matches!(
            self.follow,
            Some((FollowState::Followed | FollowState::Asked, true))
        )
    }
}

impl Page for HubPage {
    fn title(&self, l: Locale) -> String {
        l.t1("hub-named", "hub", &self.name)
    }

    body!(HubPage, "hubs/page.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn scripts(&self) -> &'static [&'static str] {
        &["share.js"]
    }

    fn may_be_indexed(&self) -> bool {
        self.is_own
    }

    fn twin(&self) -> Option<&str> {
        self.is_own.then_some(self.href.as_str())
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::hub_pages(l)
    }
}

/// One KPA of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubLine {
    /// Its page here.
    pub href: String,
    /// Its name, without the word.
    pub name: String,
    /// Town.
    pub town: String,
    /// How far, finished.
    pub distance: Option<String>,
    /// True for this KPA.
    pub is_own: bool,
    /// Its own life.
    pub standing: HubStanding,
    /// What it is for this KPA.
    pub trust: Option<Trust>,
    /// When it was last heard.
    pub reached: Reached,
    /// Whether this KPA follows it.
    pub follow: Option<FollowState>,
}

/// Les KPA du réseau (`/kpa`). The form posts `address` to [`crate::routes::HUBS_FOLLOW`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubList {
    /// Network's name; empty for none.
    pub network: String,
    /// KPAs: this one first, then by distance or name.
    pub hubs: Vec<HubLine>,
    /// The next page.
    pub next: Option<Link>,
    /// The form to follow an address, for those who may.
    pub follow_form: Option<Form>,
}

impl Page for HubList {
    fn title(&self, l: Locale) -> String {
        let title = l.t("hubs-title");
        match &self.follow_form {
            Some(form) if !form.is_fine() => l.t1("title-error", "title", title),
            _ => title,
        }
    }

    body!(HubList, "hubs/list.html");

    fn section(&self) -> Section {
        Section::Hubs
    }

    fn width(&self) -> Width {
        Width::Wide
    }

    fn may_be_indexed(&self) -> bool {
        true
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::hub_lists(l)
    }
}
