//! Accueil: who we are for a visitor, what waits for me for a member.

use crate::locale::{Locale, Stamp};
use crate::markup::SafeHtml;
use crate::page::{Page, Sample, Section, Width, body};
use crate::views::parts::{Card, Person};
use crate::views::votes::VoteLine;

mod samples;

/// Something that waits for the reader: an answer to decide, an exchange to confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Where to act.
    pub href: String,
    /// The icon: a name of the sprite.
    pub icon: &'static str,
    /// A finished sentence: « Lucien répond à « Réparer le vélo-cargo » ».
    pub sentence: String,
    /// Since when.
    pub since: Stamp,
}

/// A line of news of a followed KPA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The page of the news.
    pub href: String,
    /// Who or which KPA.
    pub from: Person,
    /// Finished text, plain.
    pub text: String,
    /// When.
    pub at: Stamp,
}

/// Accueil (`/`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// A sentence about the KPA, written by its team; shown to visitors.
    pub welcome: SafeHtml,
    /// Town, finished: `Roubaix`.
    pub town: String,
    /// Street address of the reception, lines joined by `, `; empty if not given.
    pub address: String,
    /// Opening hours in words; empty if not given.
    pub hours: String,
    /// What waits for the reader, most urgent first; at most 10. Empty for a visitor.
    pub waiting: Vec<Waiting>,
    /// The open votes with the voice of the own KPA, those that close first before the others; at most 3.
    /// Empty for a visitor.
    pub votes: Vec<VoteLine>,
    /// Newest announcements, own KPA and network; at most 12.
    pub latest: Vec<Card>,
    /// News of the followed KPAs; at most 10.
    pub news: Vec<News>,
    /// KPAs in the network, from the register; zero hides the line.
    pub hubs_in_network: u32,
    /// The link to the next announcements, if there are more.
    pub has_more: bool,
}

impl Page for Home {
    fn title(&self, l: Locale) -> String {
        l.t("home-title")
    }

    body!(Home, "home/home.html");

    fn section(&self) -> Section {
        Section::Home
    }

    fn width(&self) -> Width {
        Width::Wide
    }

    fn may_be_indexed(&self) -> bool {
        true
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::home(l)
    }
}
