//! Parts shown on several pages: a person, a KPA, a photo, the card of an announcement.

use crate::locale::Stamp;
use crate::words::{Category, Kind, ProposalState, Purpose, Settlement};

/// A link with its finished label.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What is read.
    pub label: String,
}

impl Link {
    /// A link.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
        }
    }
}

/// A person as shown everywhere: a photo or initials, a name, the KPA if it is another one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The name shown, cleaned.
    pub name: String,
    /// The page of the person; nothing if there is none for this reader.
    pub href: Option<String>,
    /// The KPA, without the word, if it is not this one.
    pub hub: Option<String>,
    /// A photo under `/media/`; never a foreign address.
    pub photo: Option<String>,
    /// One or two letters, when there is no photo.
    pub initials: String,
    /// The tint behind the initials, 0 to 7: the same person has the same one everywhere.
    pub tint: u8,
}

impl Person {
    /// A person of this KPA. The name is cleaned, initials and tint are made from it.
    pub fn new(name: &str) -> Self {
        let name = crate::markup::clean_name(name);
        let tint = name
            .bytes()
            .fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte))
            % 8;
        Self {
            initials: initials(&name),
            tint,
            name,
            ..Self::default()
        }
    }

    /// With a page.
    #[must_use]
    pub fn at(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// Of another KPA.
    #[must_use]
    pub fn from_hub(mut self, hub: impl Into<String>) -> Self {
        self.hub = Some(hub.into());
        self
    }
}

fn initials(name: &str) -> String {
    let mut words = name
        .split([' ', '-'])
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let letters: String = words.next().into_iter().chain(words.next_back()).collect();
    if letters.is_empty() {
        "?".to_owned()
    } else {
        letters.to_uppercase()
    }
}

/// Another KPA beside something that comes from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HubTag {
    /// The name, without the word.
    pub name: String,
    /// Its page here.
    pub href: String,
    /// How far, finished: `45 km`; nothing when unknown.
    pub distance: Option<String>,
}

/// A photo of ours, under `/media/`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Photo {
    /// The picture to show in the page.
    pub src: String,
    /// The picture at full size.
    pub full: String,
    /// Its description; empty for a decoration.
    pub alt: String,
    /// Width in pixels of `src`, so that nothing moves while it loads.
    pub width: u32,
    /// Height in pixels of `src`.
    pub height: u32,
}

/// The card of an announcement in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The page of the announcement.
    pub href: String,
    /// Offer or need.
    pub purpose: Purpose,
    /// What is exchanged.
    pub kind: Kind,
    /// Theme, when known.
    pub category: Option<Category>,
    /// The title, cleaned.
    pub title: String,
    /// The beginning of the text, plain; see [`crate::markup::excerpt`].
    pub summary: String,
    /// The language of title and text, such as `fr` or `ar`.
    pub lang: String,
    /// Who published it.
    pub author: Person,
    /// The KPA it comes from, if another one.
    pub hub: Option<HubTag>,
    /// Place in words, never an address: `Roubaix`.
    pub place: Option<String>,
    /// When, in words: `samedis`.
    pub when: Option<String>,
    /// Ways of settling.
    pub settlements: Vec<Settlement>,
    /// Finished price: `12,00 €`.
    pub price: Option<String>,
    /// Places left, for things in number.
    pub places_left: Option<u32>,
    /// When it was published.
    pub published: Stamp,
    /// A photo of ours.
    pub photo: Option<Photo>,
    /// State, shown if it is not simply published.
    pub state: ProposalState,
    /// Answers waiting for the reader, who is the author.
    pub answers_waiting: u32,
}

/// The icon of a finished price: a coin for money, a clock for hours.
pub fn price_icon(price: &str) -> &'static str {
    if price.contains('€') {
        "coin"
    } else {
        "clock"
    }
}

#[cfg(test)]
mod tests {
    use crate::locale::Locale;

    /// Hours carried a euro coin: a browser showed it.
    #[test]
    fn hours_are_not_shown_as_money() {
        for l in Locale::ALL {
            assert_eq!(super::price_icon(&l.money(1_200)), "coin");
            assert_eq!(super::price_icon(&l.duration(90)), "clock");
        }
    }
}
