//! The page of a member, with the parts this reader may see.

use crate::locale::Locale;
use crate::markup::SafeHtml;
use crate::page::{Page, Sample, Width, body};
use crate::views::parts::{Card, HubTag, Link, Person};

/// A member (`/members/<uuid>`). Every field holds only what the member consented to show this reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberPage {
    /// The person.
    pub person: Person,
    /// Its own path.
    pub href: String,
    /// The full handle, for a member with a public account.
    pub handle: Option<String>,
    /// The KPA, if another one.
    pub hub: Option<HubTag>,
    /// About, safe.
    pub about: SafeHtml,
    /// « Je sais faire ».
    pub skills: Vec<String>,
    /// Languages, finished: `français, arabe`.
    pub languages: Option<String>,
    /// Town or district.
    pub place: Option<String>,
    /// Ways to reach them that this reader may see.
    pub contacts: Vec<crate::views::agreements::Contact>,
    /// Their open announcements this reader may see.
    pub cards: Vec<Card>,
    /// The next page of them.
    pub next: Option<Link>,
    /// True for the reader's own page.
    pub is_me: bool,
    /// True if two letters of the handle could be taken for others: a warning is shown.
    pub looks_like_another: bool,
}

impl MemberPage {
    fn shows_nothing(&self) -> bool {
        self.about.is_empty() && self.skills.is_empty() && self.languages.is_none()
    }
}

impl Page for MemberPage {
    fn title(&self, l: Locale) -> String {
        l.t1("member-title", "name", &self.person.name)
    }

    body!(MemberPage, "people/member.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn twin(&self) -> Option<&str> {
        self.handle.as_ref().map(|_| self.href.as_str())
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::member(l)
    }
}
